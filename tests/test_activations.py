"""The activation functions keep the laws that define them, at any size and in both precisions."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from byhand import activations as act
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

PAIRS = {
    "sigmoid": (act.sigmoid, act.sigmoid_derivative),
    "tanh": (act.tanh, act.tanh_derivative),
    "relu": (act.relu, act.relu_derivative),
    "leaky_relu": (act.leaky_relu, act.leaky_relu_derivative),
}
ELEMENTWISE = [function for pair in PAIRS.values() for function in pair]
ALONG_AXIS = [act.softmax, act.log_softmax]

names = pytest.mark.parametrize("function", [*ELEMENTWISE, *ALONG_AXIS], ids=lambda f: f.__name__)
elementwise = pytest.mark.parametrize("function", ELEMENTWISE, ids=lambda f: f.__name__)
numbers = arrays(np.float64, array_shapes(max_dims=3, max_side=5), elements=st.floats(-1e3, 1e3))


# What every function promises


@names
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_is_finite_and_silent_at_plus_and_minus_1000(function, dtype):
    x = np.array([[-1000, -100, -1, 0, 1, 100, 1000]], dtype=dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.all(np.isfinite(function(x)))


@names
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_shape_and_the_type(function, dtype):
    x = np.linspace(-3, 3, 24).reshape(2, 3, 4).astype(dtype)
    out = function(x)
    assert (out.shape, out.dtype) == (x.shape, dtype)


@pytest.mark.parametrize("function", [act.leaky_relu, act.leaky_relu_derivative], ids=lambda f: f.__name__)
def test_a_float64_alpha_does_not_widen_float32(function):
    assert function(np.ones(2, dtype=np.float32), alpha=np.float64(0.1)).dtype == np.float32


@names
def test_takes_integers_and_lists(function):
    expected = function(np.array([-2.0, 0.0, 3.0]))
    np.testing.assert_array_equal(function(np.array([-2, 0, 3])), expected)
    np.testing.assert_array_equal(function([-2, 0, 3]), expected)


@elementwise
def test_a_number_gives_a_number(function):
    assert isinstance(function(0.5), np.float64)
    assert function(0.5) == function(np.array([0.5]))[0]


@names
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
    assert act.leaky_relu_derivative(0.0, alpha=0.3) == 0.3


@given(numbers)
def test_leaky_relu_without_a_leak_is_relu_and_with_a_full_leak_is_a_line(x):
    np.testing.assert_array_equal(act.leaky_relu(x, alpha=0.0), act.relu(x))
    np.testing.assert_array_equal(act.leaky_relu(x, alpha=1.0), x)


@given(numbers)
def test_softmax_gives_a_distribution_along_every_axis(x):
    for axis in range(-x.ndim, x.ndim):
        p = act.softmax(x, axis=axis)
        assert np.all(p >= 0)
        np.testing.assert_allclose(p.sum(axis=axis), 1)


@given(numbers, st.floats(-1e3, 1e3))
def test_softmax_does_not_see_a_shift(x, shift):
    np.testing.assert_allclose(act.softmax(x + shift), act.softmax(x), rtol=1e-9, atol=1e-12)


def test_softmax_of_two_scores_is_the_sigmoid_of_their_difference():
    a, b = np.linspace(-5, 5, 11), np.linspace(3, -4, 11)
    np.testing.assert_allclose(act.softmax(np.stack([a, b]), axis=0)[0], act.sigmoid(a - b))


@given(numbers)
def test_log_softmax_is_the_logarithm_of_softmax_where_that_exists(x):
    p = act.softmax(x)
    there = p > 1e-300
    np.testing.assert_allclose(act.log_softmax(x)[there], np.log(p[there]), rtol=1e-9, atol=1e-12)


def test_log_softmax_is_exact_where_the_probability_is_too_small_for_a_float():
    np.testing.assert_array_equal(act.log_softmax([0.0, -1000.0, -2000.0]), [0, -1000, -2000])


def test_a_score_of_minus_infinity_is_a_choice_that_is_ruled_out():
    np.testing.assert_array_equal(act.softmax([-np.inf, 0.0, 0.0]), [0, 0.5, 0.5])


# What the bend costs


def test_saturated_fraction_counts_strictly_below_the_threshold_and_without_the_sign():
    z = np.array([-0.5, -0.1, 0.1, 0.2, 0.5])
    assert act.saturated_fraction(z, lambda z: z, threshold=0.2) == 2 / 5


def test_saturated_fraction_looks_at_every_entry_of_any_shape():
    z = np.full((2, 3, 4), 9.0)
    z[0, 0, :] = 0.0
    fraction = act.saturated_fraction(z, act.sigmoid_derivative, threshold=0.01)
    assert fraction == 20 / 24
    assert type(fraction) is float


@pytest.mark.parametrize("derivative", [pair[1] for pair in PAIRS.values()], ids=PAIRS)
def test_gradient_after_is_one_factor_a_layer(derivative):
    z = np.linspace(-2, 2, 6)
    assert np.all(act.gradient_after(0, derivative, z) == 1)
    np.testing.assert_allclose(act.gradient_after(1, derivative, z), derivative(z))
    np.testing.assert_allclose(
        act.gradient_after(7, derivative, z),
        act.gradient_after(3, derivative, z) * act.gradient_after(4, derivative, z),
    )


def test_dead_units_are_zero_for_every_sample():
    activations = act.relu(np.array([[-1.0, 2.0, -3.0, 0.0], [-1.0, -2.0, 3.0, 0.0], [-5.0, 2.0, 3.0, 0.0]]))
    dead = act.dead_units(activations)
    assert dead.dtype == bool
    assert dead.tolist() == [True, False, False, True]


# Errors name what was wrong


@pytest.mark.parametrize("function", ALONG_AXIS, ids=lambda f: f.__name__)
@pytest.mark.parametrize(
    ("x", "axis", "message"),
    [
        (np.zeros((2, 3)), 2, r"no axis 2 in an array of shape \(2, 3\)"),
        (np.zeros((2, 3)), -3, r"no axis -3 in an array of shape \(2, 3\)"),
        (1.0, -1, r"no axis -1 in an array of shape \(\)"),
        (np.zeros((2, 0)), -1, r"no scores along axis -1 of an array of shape \(2, 0\)"),
    ],
)
def test_an_axis_that_is_not_there_is_named(function, x, axis, message):
    with pytest.raises(ValueError, match=message):
        function(x, axis=axis)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: act.saturated_fraction(np.zeros((0, 3)), act.relu_derivative, 0.1), r"shape \(0, 3\)"),
        (lambda: act.gradient_after(-1, act.relu_derivative, 0.0), "-1"),
        (lambda: act.dead_units(np.zeros(3)), r"shape \(3,\)"),
        (lambda: act.dead_units(np.zeros((0, 3))), r"shape \(0, 3\)"),
    ],
    ids=["empty z", "negative depth", "one axis", "no samples"],
)
def test_input_that_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_examples_in_the_docstrings_run():
    result = doctest.testmod(act)
    assert result.attempted >= 13
    assert result.failed == 0
