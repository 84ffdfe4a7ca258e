"""Parameters are counted as arrays and other networks hold them."""

from __future__ import annotations

import doctest
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neural_network import MLPClassifier

from byhand.reference.neuron import sizes as module
from byhand.reference.neuron.sizes import count_parameters

RNG = np.random.default_rng(1)
SIZES = st.lists(st.integers(1, 30), min_size=2, max_size=5)


@given(SIZES)
def test_parameters_are_counted_as_the_arrays_hold_them(sizes):
    weights = [np.zeros(shape) for shape in pairwise(sizes)]
    biases = [np.zeros(size) for size in sizes[1:]]
    assert count_parameters(sizes) == sum(array.size for array in weights + biases)


def test_parameters_are_counted_as_scikit_learn_holds_them():
    network = MLPClassifier((5, 4), max_iter=1, random_state=0)
    with pytest.warns(UserWarning, match="converged"):
        network.fit(RNG.normal(size=(12, 3)), np.arange(12) % 3)
    held = sum(array.size for array in network.coefs_ + network.intercepts_)
    assert count_parameters([3, 5, 4, 3]) == held


def test_parameters_come_as_a_plain_int_also_from_numpy_sizes():
    assert type(count_parameters(np.array([4, 3]))) is int


@pytest.mark.parametrize("sizes", [[5], [5, 0, 2]])
def test_what_does_not_fit_is_named(sizes):
    with pytest.raises(ValueError, match="layer_sizes is"):
        count_parameters(sizes)


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
