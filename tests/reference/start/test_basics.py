"""The tools of chapter 00 keep the laws that define them."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from byhand.reference.start import basics

numbers = st.floats(-1e3, 1e3)
vectors = arrays(np.float64, st.integers(1, 6), elements=numbers)
tables = arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 4)), elements=numbers)

CALLS = {
    "standardize": (basics.standardize, (np.array([[1.0, -1000.0], [2.0, 1000.0], [4.0, 0.0]]),)),
    "l1_norm": (basics.l1_norm, (np.array([1000.0, -1000.0, 1.0]),)),
    "l2_norm": (basics.l2_norm, (np.array([1000.0, -1000.0, 1.0]),)),
    "matrix_vector_loops": (
        basics.matrix_vector_loops,
        (np.array([[1.0, 2.0], [3.0, -1000.0]]), np.array([5.0, 6.0])),
    ),
    "matrix_vector": (basics.matrix_vector, (np.array([[1.0, 2.0], [3.0, -1000.0]]), np.array([5.0, 6.0]))),
    "bayes": (basics.bayes, (np.array([0.25, 0.75]), np.array([0.5, 0.125]), np.array([0.25, 0.25]))),
}
every_function = pytest.mark.parametrize(("function", "arguments"), CALLS.values(), ids=CALLS)
both_products = pytest.mark.parametrize("product", [basics.matrix_vector_loops, basics.matrix_vector])


# What every function promises


@every_function
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_type_and_is_silent(function, arguments, dtype):
    with np.errstate(all="raise"):
        result = function(*(array.astype(dtype) for array in arguments))
    assert result.dtype == dtype
    assert np.all(np.isfinite(result))


@every_function
def test_float32_agrees_with_float64(function, arguments):
    narrow = function(*(array.astype(np.float32) for array in arguments))
    np.testing.assert_allclose(narrow, function(*arguments), rtol=1e-6)


@every_function
def test_never_changes_its_inputs(function, arguments):
    before = [array.copy() for array in arguments]
    result = np.atleast_1d(function(*arguments))
    result += 1
    for array, copy in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize(
    "name", ["standardize", "l1_norm", "l2_norm", "matrix_vector_loops", "matrix_vector"]
)
def test_whole_numbers_and_lists_give_float64(name):
    function, arguments = CALLS[name]
    for given_as in (lambda array: array.astype(np.int16), np.ndarray.tolist):
        result = function(*(given_as(array) for array in arguments))
        assert result.dtype == np.float64
        np.testing.assert_array_equal(result, function(*arguments))


# standardize


@given(tables)
def test_standardized_columns_have_mean_0_and_standard_deviation_1(X):
    Z = basics.standardize(X)
    constant = np.all(X[0] == X, axis=0)
    np.testing.assert_array_equal(Z[:, constant], 0)
    spread_out = np.ptp(X, axis=0) > 1e-6  # below that, the rounding of X itself is what one would see
    np.testing.assert_allclose(Z[:, spread_out].mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(Z[:, spread_out].std(axis=0), 1, atol=1e-6)


def test_standardize_forgets_the_unit_of_each_column():
    X = np.random.default_rng(0).normal(size=(20, 3))
    in_other_units = X * [1000, 0.5, 1.8] + [3, -1000, 32]
    np.testing.assert_allclose(basics.standardize(in_other_units), basics.standardize(X))


def test_a_constant_column_becomes_exactly_zero_though_its_mean_rounds():
    assert np.mean([0.1] * 3) != 0.1  # else this test would show nothing
    np.testing.assert_array_equal(basics.standardize(np.full((3, 2), 0.1)), 0)


def test_a_column_whose_spread_is_too_small_to_square_stays_finite():
    assert np.all(np.isfinite(basics.standardize([[0.0], [1e-200]])))


def test_one_hot_of_no_labels_has_no_rows():
    assert basics.one_hot(np.zeros(0, dtype=int), classes=3).shape == (0, 3)


def test_standardize_keeps_its_digits_in_float32_over_many_rows():
    X = (1000 + np.random.default_rng(0).normal(size=(100_000, 1))).astype(np.float32)
    Z = basics.standardize(X).astype(np.float64)
    assert abs(Z.mean()) < 1e-6
    assert abs(Z.std() - 1) < 1e-6


# one_hot


@given(arrays(np.int64, st.integers(1, 8), elements=st.integers(0, 4)))
def test_one_hot_rows_hold_a_single_1_at_the_label(labels):
    rows = basics.one_hot(labels, classes=5)
    assert (rows.shape, rows.dtype) == ((len(labels), 5), np.float64)
    np.testing.assert_array_equal(rows.argmax(axis=1), labels)
    np.testing.assert_array_equal(np.sort(rows, axis=1), [[0, 0, 0, 0, 1]] * len(labels))


def test_one_hot_takes_labels_of_any_shape_and_type():
    labels = np.array([[0, 2, 1], [1, 1, 0]], dtype=np.uint8)
    rows = basics.one_hot(labels, classes=3)
    assert rows.shape == (2, 3, 3)
    np.testing.assert_array_equal(rows.argmax(axis=-1), labels)


# norms


@given(vectors, st.floats(-1e3, 1e3))
def test_a_norm_scales_with_its_vector_and_obeys_the_triangle(v, factor):
    w = v[::-1] + 1
    for norm in (basics.l1_norm, basics.l2_norm):
        np.testing.assert_allclose(norm(factor * v), abs(factor) * norm(v), atol=1e-150)
        assert norm(v + w) <= norm(v) + norm(w) + 1e-9


@given(vectors)
def test_the_straight_line_is_never_longer_than_the_walk_along_the_axes(v):
    l1, l2 = basics.l1_norm(v), basics.l2_norm(v)
    assert l2 <= l1 * (1 + 1e-12) + 1e-150  # tiny squares lose their digits
    assert l1 <= np.sqrt(len(v)) * l2 * (1 + 1e-12) + 1e-150


@given(vectors)
def test_norms_agree_with_numpy(v):
    np.testing.assert_allclose(basics.l1_norm(v), np.linalg.norm(v, 1))
    np.testing.assert_allclose(basics.l2_norm(v), np.linalg.norm(v))


# matrix times vector


@both_products
def test_the_product_with_a_unit_vector_is_a_column(product):
    A = np.arange(12.0).reshape(3, 4)
    for j, unit in enumerate(np.eye(4)):
        np.testing.assert_array_equal(product(A, unit), A[:, j])


@both_products
@given(data=st.data())
def test_the_product_is_linear(product, data):
    A = data.draw(tables)
    x, y = (data.draw(arrays(np.float64, A.shape[1], elements=numbers)) for _ in range(2))
    np.testing.assert_allclose(product(A, x + 2 * y), product(A, x) + 2 * product(A, y), atol=1e-6)


@given(tables)
def test_loops_and_vectorised_agree(A):
    x = np.linspace(-3, 5, A.shape[1])
    np.testing.assert_allclose(basics.matrix_vector_loops(A, x), basics.matrix_vector(A, x), atol=1e-9)


# bayes


@given(arrays(np.float64, (2, 4), elements=st.floats(0.01, 1)))
def test_posteriors_over_all_causes_add_up_to_1(drawn):
    prior, likelihood = drawn[0] / drawn[0].sum(), drawn[1]
    posterior = basics.bayes(prior, likelihood, np.sum(likelihood * prior))
    np.testing.assert_allclose(posterior.sum(), 1)


def test_a_sign_that_every_cause_shows_equally_often_teaches_nothing():
    assert basics.bayes(0.3, 0.6, evidence=0.6) == pytest.approx(0.3)


def test_a_likelihood_may_be_a_density_above_1():
    assert basics.bayes(0.5, 4.0, evidence=2.5) == pytest.approx(0.8)


# Errors name what was wrong


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: basics.standardize(np.zeros(3)), r"\(3,\)"),
        (lambda: basics.standardize(np.zeros((0, 3))), r"\(0, 3\)"),
        (lambda: basics.one_hot([0, 3], classes=3), "from 0 to 2 .* go from 0 to 3"),
        (lambda: basics.one_hot([-1, 0], classes=3), "from 0 to 2 .* go from -1 to 0"),
        (lambda: basics.one_hot([0.0, 1.0], classes=3), "float64"),
        (lambda: basics.one_hot([True, False], classes=2), "bool"),
        (lambda: basics.l1_norm(np.zeros((2, 3))), r"\(2, 3\)"),
        (lambda: basics.l2_norm(3.0), r"\(\)"),
        (lambda: basics.matrix_vector(np.zeros((2, 3)), np.zeros(2)), r"\(2, 3\) and \(2,\)"),
        (lambda: basics.matrix_vector(np.zeros((2, 3)), np.zeros((3, 1))), r"\(2, 3\) and \(3, 1\)"),
        (lambda: basics.matrix_vector_loops(np.zeros(3), np.zeros(3)), r"\(3,\) and \(3,\)"),
        (lambda: basics.bayes(1.2, 0.5, 0.7), "prior .* not 1.2"),
        (lambda: basics.bayes(np.nan, 0.5, 0.7), "prior .* not nan"),
        (lambda: basics.bayes(0.2, -0.5, 0.7), "likelihood .* -0.5"),
        (lambda: basics.bayes(0.2, 0.5, 0.0), "evidence must be above 0.* 0.0"),
        (lambda: basics.bayes(0.5, 0.5, 0.2), "evidence, 0.2, .* 0.25"),
        (lambda: basics.bayes([0.2, 0.3], [0.1, 0.1, 0.1], 0.5), r"\(3,\) \(2,\)"),
    ],
)
def test_input_that_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_examples_in_the_docstrings_run():
    result = doctest.testmod(basics)
    assert result.attempted >= 7
    assert result.failed == 0
