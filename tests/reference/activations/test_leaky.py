"""Leaky ReLU keeps the laws that define it; what holds for every activation stands in `test_elementwise`."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from byhand.reference.activations import elementwise, leaky

numbers = arrays(np.float64, array_shapes(max_dims=3, max_side=5), elements=st.floats(-1e3, 1e3))


@pytest.mark.parametrize(
    "function", [leaky.leaky_relu, leaky.leaky_relu_derivative], ids=lambda f: f.__name__
)
def test_a_float64_alpha_does_not_widen_float32(function):
    assert function(np.ones(2, dtype=np.float32), alpha=np.float64(0.1)).dtype == np.float32


@given(numbers)
def test_leaky_relu_without_a_leak_is_relu_and_with_a_full_leak_is_a_line(x):
    np.testing.assert_array_equal(leaky.leaky_relu(x, alpha=0.0), elementwise.relu(x))
    np.testing.assert_array_equal(leaky.leaky_relu(x, alpha=1.0), x)


def test_the_corner_at_zero_follows_pytorch():
    assert leaky.leaky_relu_derivative(0.0, alpha=0.3) == 0.3


def test_the_examples_in_the_docstrings_run():
    result = doctest.testmod(leaky)
    assert result.attempted >= 2
    assert result.failed == 0
