"""The tools of chapter 00: what holds for all of them."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand.reference.start import chance, norms, products, tables

CALLS = {
    "standardize": (tables.standardize, (np.array([[1.0, -1000.0], [2.0, 1000.0], [4.0, 0.0]]),)),
    "l1_norm": (norms.l1_norm, (np.array([1000.0, -1000.0, 1.0]),)),
    "l2_norm": (norms.l2_norm, (np.array([1000.0, -1000.0, 1.0]),)),
    "matrix_vector_loops": (
        products.matrix_vector_loops,
        (np.array([[1.0, 2.0], [3.0, -1000.0]]), np.array([5.0, 6.0])),
    ),
    "matrix_vector": (products.matrix_vector, (np.array([[1.0, 2.0], [3.0, -1000.0]]), np.array([5.0, 6.0]))),
    "bayes": (chance.bayes, (np.array([0.25, 0.75]), np.array([0.5, 0.125]), np.array([0.25, 0.25]))),
}
every_function = pytest.mark.parametrize(("function", "arguments"), CALLS.values(), ids=CALLS)


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


# Errors name what was wrong


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tables.standardize(np.zeros(3)), r"\(3,\)"),
        (lambda: tables.standardize(np.zeros((0, 3))), r"\(0, 3\)"),
        (lambda: tables.one_hot([0, 3], classes=3), "from 0 to 2 .* go from 0 to 3"),
        (lambda: tables.one_hot([-1, 0], classes=3), "from 0 to 2 .* go from -1 to 0"),
        (lambda: tables.one_hot([0.0, 1.0], classes=3), "float64"),
        (lambda: tables.one_hot([True, False], classes=2), "bool"),
        (lambda: norms.l1_norm(np.zeros((2, 3))), r"\(2, 3\)"),
        (lambda: norms.l2_norm(3.0), r"\(\)"),
        (lambda: products.matrix_vector(np.zeros((2, 3)), np.zeros(2)), r"\(2, 3\) and \(2,\)"),
        (lambda: products.matrix_vector(np.zeros((2, 3)), np.zeros((3, 1))), r"\(2, 3\) and \(3, 1\)"),
        (lambda: products.matrix_vector_loops(np.zeros(3), np.zeros(3)), r"\(3,\) and \(3,\)"),
        (lambda: chance.bayes(1.2, 0.5, 0.7), "prior .* not 1.2"),
        (lambda: chance.bayes(np.nan, 0.5, 0.7), "prior .* not nan"),
        (lambda: chance.bayes(0.2, -0.5, 0.7), "likelihood .* -0.5"),
        (lambda: chance.bayes(0.2, 0.5, 0.0), "evidence must be above 0.* 0.0"),
        (lambda: chance.bayes(0.5, 0.5, 0.2), "evidence, 0.2, .* 0.25"),
        (lambda: chance.bayes([0.2, 0.3], [0.1, 0.1, 0.1], 0.5), r"\(3,\) \(2,\)"),
    ],
)
def test_input_that_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("module", [norms, tables, products, chance], ids=lambda module: module.__name__)
def test_the_examples_in_the_docstrings_run(module):
    result = doctest.testmod(module)
    assert result.attempted >= 1
    assert result.failed == 0
