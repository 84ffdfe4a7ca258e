"""Softmax and its logarithm keep their laws along every axis, at any size and in both precisions."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from byhand.reference.activations import elementwise, probabilities
from byhand.reference.activations.probabilities import log_softmax, softmax

both = pytest.mark.parametrize("function", [softmax, log_softmax], ids=lambda f: f.__name__)
numbers = arrays(np.float64, array_shapes(max_dims=3, max_side=5), elements=st.floats(-1e3, 1e3))


@given(numbers)
def test_softmax_gives_a_distribution_along_every_axis(x):
    for axis in range(-x.ndim, x.ndim):
        p = softmax(x, axis=axis)
        assert np.all(p >= 0)
        np.testing.assert_allclose(p.sum(axis=axis), 1)


@given(numbers, st.floats(-1e3, 1e3))
def test_softmax_does_not_see_a_shift(x, shift):
    np.testing.assert_allclose(softmax(x + shift), softmax(x), rtol=1e-9, atol=1e-12)


def test_softmax_of_two_scores_is_the_sigmoid_of_their_difference():
    a, b = np.linspace(-5, 5, 11), np.linspace(3, -4, 11)
    np.testing.assert_allclose(softmax(np.stack([a, b]), axis=0)[0], elementwise.sigmoid(a - b))


@given(numbers)
def test_log_softmax_is_the_logarithm_of_softmax_where_that_exists(x):
    p = softmax(x)
    there = p > 1e-300
    np.testing.assert_allclose(log_softmax(x)[there], np.log(p[there]), rtol=1e-9, atol=1e-12)


def test_log_softmax_is_exact_where_the_probability_is_too_small_for_a_float():
    np.testing.assert_array_equal(log_softmax([0.0, -1000.0, -2000.0]), [0, -1000, -2000])


def test_a_score_of_minus_infinity_is_a_choice_that_is_ruled_out():
    np.testing.assert_array_equal(softmax([-np.inf, 0.0, 0.0]), [0, 0.5, 0.5])


@both
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_is_finite_and_silent_at_plus_and_minus_1000(function, dtype):
    x = np.array([[-1000, -100, -1, 0, 1, 100, 1000], [-1000] * 7], dtype=dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.all(np.isfinite(function(x)))


@both
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_shape_and_the_type(function, dtype):
    x = np.linspace(-3, 3, 24).reshape(2, 3, 4).astype(dtype)
    out = function(x, axis=1)
    assert (out.shape, out.dtype) == (x.shape, dtype)


@both
@pytest.mark.parametrize("kind", [np.int64, np.uint8, bool, list])
def test_takes_what_is_not_yet_a_float(function, kind):
    x = [0, 1, 0, 1] if kind is list else np.array([0, 1, 0, 1], dtype=kind)
    np.testing.assert_array_equal(function(x), function(np.array([0.0, 1.0, 0.0, 1.0])))


@both
def test_never_changes_its_input(function):
    x = np.linspace(-3, 3, 12).reshape(3, 4)
    before = x.copy()
    out = function(x)
    out += 1
    np.testing.assert_array_equal(x, before)


@both
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


def test_the_examples_in_the_docstrings_run():
    result = doctest.testmod(probabilities)
    assert result.attempted >= 2
    assert result.failed == 0
