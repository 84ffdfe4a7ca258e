"""What the reference promises about how much a matrix stretches, held against NumPy's linear algebra."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand.reference.optimizers import matrices as module
from byhand.reference.optimizers.matrices import (
    frobenius_norm,
    power_iteration,
    quadratic_form,
    spectral_norm,
)

SHAPES = [(1, 1), (2, 2), (3, 3), (2, 5), (5, 2), (1, 4)]


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_the_quadratic_form_is_the_sum_over_all_pairs(rng, n):
    A, x = rng.normal(size=(n, n)), rng.normal(size=n)
    pairs = sum(A[i, j] * x[i] * x[j] for i in range(n) for j in range(n))
    assert quadratic_form(A, x) == pytest.approx(pairs)
    assert quadratic_form((A + A.T) / 2, x) == pytest.approx(pairs)


def test_along_an_eigenvector_of_length_1_the_form_is_the_eigenvalue(rng):
    A = rng.normal(size=(4, 4))
    values, vectors = np.linalg.eigh(A + A.T)
    for value, vector in zip(values, vectors.T, strict=True):
        assert quadratic_form(A + A.T, vector) == pytest.approx(value)


@pytest.mark.parametrize("eigenvalues", [(5.0, 1.0), (-6.0, 2.0, 1.0), (3.0, 0.0, -1.0, 1.0)])
def test_power_iteration_finds_the_eigenvalue_of_the_largest_size_and_its_vector(rng, eigenvalues):
    n = len(eigenvalues)
    turn, _ = np.linalg.qr(rng.normal(size=(n, n)))
    A = turn @ np.diag(eigenvalues) @ turn.T
    value, vector = power_iteration(A, rng.normal(size=n), 200)
    assert value == pytest.approx(eigenvalues[0])
    assert np.linalg.norm(vector) == pytest.approx(1)
    np.testing.assert_allclose(A @ vector, eigenvalues[0] * vector, atol=1e-8)


def test_one_step_is_one_product_made_as_long_as_1():
    value, vector = power_iteration([[2.0, 0.0], [0.0, 1.0]], [3.0, 8.0], 1)
    np.testing.assert_allclose(vector, [0.6, 0.8])
    assert value == pytest.approx(2 * 0.36 + 0.64)


def test_neither_huge_numbers_nor_many_steps_overflow():
    value, _ = power_iteration([[1e100, 0.0], [0.0, 1.0]], [1.0, 1.0], 500)
    assert value == pytest.approx(1e100)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_norms_are_numpys(rng, shape):
    A = rng.normal(size=shape)
    assert spectral_norm(A) == pytest.approx(np.linalg.norm(A, 2))
    assert frobenius_norm(A) == pytest.approx(np.linalg.norm(A, "fro"))
    assert spectral_norm(A) <= frobenius_norm(A) * (1 + 1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_vector_is_stretched_by_more_than_the_spectral_norm(rng, shape):
    A, x = rng.normal(size=shape), rng.normal(size=(shape[1], 200))
    stretch = np.linalg.norm(A @ x, axis=0) / np.linalg.norm(x, axis=0)
    assert stretch.max() <= spectral_norm(A) * (1 + 1e-12)
    assert spectral_norm(A) ** 2 == pytest.approx(np.linalg.eigvalsh(A.T @ A)[-1])


def test_shapes_that_do_not_fit_are_named():
    for function in (lambda A: quadratic_form(A, [1.0, 2.0]), lambda A: power_iteration(A, [1.0, 2.0], 3)):
        with pytest.raises(ValueError, match=r"square matrix, \(n, n\), not \(2, 3\)"):
            function(np.ones((2, 3)))
        with pytest.raises(ValueError, match=r"x has shape \(2,\)"):
            function(np.ones((3, 3)))
    for function in (spectral_norm, frobenius_norm):
        with pytest.raises(ValueError, match=r"a matrix, \(m, n\), not \(3,\)"):
            function(np.ones(3))


def test_power_iteration_says_what_it_cannot_do():
    with pytest.raises(ValueError, match="at least 1"):
        power_iteration(np.eye(2), np.ones(2), 0)
    with pytest.raises(ValueError, match="no direction"):
        power_iteration(np.diag([1.0, 0.0]), np.array([0.0, 1.0]), 2)


def test_inputs_are_left_alone(rng):
    A, x = rng.normal(size=(3, 3)), rng.normal(size=3)
    A.flags.writeable = x.flags.writeable = False
    quadratic_form(A, x), power_iteration(A, x, 3), spectral_norm(A), frobenius_norm(A)


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
