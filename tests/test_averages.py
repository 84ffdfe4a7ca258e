"""The average that forgets, and the correction of its start."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand import averages as module
from byhand.averages import bias_correction, moving_average


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.999])
def test_the_average_is_the_sum_with_weights_that_fade(beta):
    values = np.random.default_rng(0).normal(size=30)
    for t, average in enumerate(moving_average(values, beta), start=1):
        weights = (1 - beta) * beta ** np.arange(t)[::-1]
        assert average == pytest.approx(weights @ values[:t])
        assert weights.sum() == pytest.approx(1 - beta**t)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.999])
def test_corrected_the_average_of_a_constant_is_that_constant_from_the_first_number_on(beta):
    np.testing.assert_allclose(bias_correction(moving_average(np.full(50, 7.0), beta), beta), 7)


def test_without_memory_both_change_nothing():
    values = np.array([3.0, -1.0, 2.0])
    np.testing.assert_array_equal(bias_correction(moving_average(values, 0.0), 0.0), values)


@pytest.mark.parametrize("function", [moving_average, bias_correction])
def test_types_shapes_and_inputs(function):
    values = np.ones(4, np.float32)
    values.flags.writeable = False
    assert function(values, 0.9).dtype == np.float32
    assert function([1, 2], 0.5).dtype == np.float64
    with pytest.raises(ValueError, match=rf"{function.__name__}.*\(2, 2\)"):
        function(np.ones((2, 2)), 0.9)


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
