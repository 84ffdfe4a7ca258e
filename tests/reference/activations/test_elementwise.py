"""The activation functions keep the laws that define them, at any size and in both precisions."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from byhand.reference.activations import elementwise as act
from byhand.reference.activations import leaky

PAIRS = {
    "sigmoid": (act.sigmoid, act.sigmoid_derivative),
    "tanh": (act.tanh, act.tanh_derivative),
    "relu": (act.relu, act.relu_derivative),
    "leaky_relu": (leaky.leaky_relu, leaky.leaky_relu_derivative),
}
FUNCTIONS = [function for pair in PAIRS.values() for function in pair]

every = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
numbers = arrays(np.float64, array_shapes(max_dims=3, max_side=5), elements=st.floats(-1e3, 1e3))


# What every function promises


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_is_finite_and_silent_at_plus_and_minus_1000(function, dtype):
    x = np.array([[-1000, -100, -1, 0, 1, 100, 1000]], dtype=dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.all(np.isfinite(function(x)))


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_shape_and_the_type(function, dtype):
    x = np.linspace(-3, 3, 24).reshape(2, 3, 4).astype(dtype)
    out = function(x)
    assert (out.shape, out.dtype) == (x.shape, dtype)


@every
def test_takes_integers_and_lists(function):
    expected = function(np.array([-2.0, 0.0, 3.0]))
    np.testing.assert_array_equal(function(np.array([-2, 0, 3])), expected)
    np.testing.assert_array_equal(function([-2, 0, 3]), expected)


@every
def test_a_number_gives_a_number(function):
    assert isinstance(function(0.5), np.float64)
    assert function(0.5) == function(np.array([0.5]))[0]


@every
def test_never_changes_its_input(function):
    x = np.linspace(-3, 3, 12).reshape(3, 4)
    before = x.copy()
    out = function(x)
    out += 1
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize(("function", "derivative"), PAIRS.values(), ids=PAIRS)
def test_the_derivative_is_the_slope_of_the_function(function, derivative):
    x = np.linspace(-6, 6, 40)  # an even count: 0, where ReLU has its corner, is not among them
    h = 1e-6
    np.testing.assert_allclose(derivative(x), (function(x + h) - function(x - h)) / (2 * h), atol=1e-8)


# The laws of each


@given(numbers)
def test_sigmoid_mirrors_itself(x):
    np.testing.assert_allclose(act.sigmoid(-x), 1 - act.sigmoid(x), atol=1e-15)


def test_sigmoid_rises_everywhere():
    assert np.all(np.diff(act.sigmoid(np.linspace(-30, 30, 1000))) > 0)


def test_sigmoid_keeps_its_digits_in_the_left_tail():
    np.testing.assert_allclose(act.sigmoid([-40.0, -700.0]), np.exp([-40.0, -700.0]), rtol=1e-12)


@pytest.mark.parametrize("x", [-300.0, -40.0, 40.0, 300.0])
def test_the_slopes_keep_their_digits_in_both_tails(x):
    np.testing.assert_allclose(act.sigmoid_derivative(x), np.exp(-abs(x)), rtol=1e-12)
    np.testing.assert_allclose(act.tanh_derivative(x), 4 * np.exp(-2 * abs(x)), rtol=1e-12)


@given(numbers)
def test_the_steepest_slope_is_a_quarter_for_sigmoid_and_one_for_tanh(x):
    assert act.sigmoid_derivative(0.0) == 0.25 >= act.sigmoid_derivative(x).max()
    assert act.tanh_derivative(0.0) == 1.0 >= act.tanh_derivative(x).max()


@given(numbers)
def test_tanh_is_a_stretched_sigmoid(x):
    np.testing.assert_allclose(act.tanh(x), 2 * act.sigmoid(2 * x) - 1, atol=1e-15)
    np.testing.assert_allclose(act.tanh_derivative(x), 1 - act.tanh(x) ** 2, atol=1e-15)


@given(numbers)
def test_relu_splits_a_number_into_its_positive_and_negative_part(x):
    np.testing.assert_array_equal(act.relu(x) - act.relu(-x), x)


def test_the_corner_at_zero_follows_pytorch():
    assert act.relu_derivative(0.0) == 0.0


def test_the_examples_in_the_docstrings_run():
    result = doctest.testmod(act)
    assert result.attempted >= 6
    assert result.failed == 0
