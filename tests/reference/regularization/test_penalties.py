"""What the reference of chapter 7 promises about penalties and ridge regression."""

from __future__ import annotations

import doctest
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression, Ridge

from byhand.reference.regularization import penalties as module
from byhand.reference.regularization.penalties import l1_penalty, l2_penalty, ridge_fit
from byhand.reference.start.derivatives import numerical_gradient

RNG = np.random.default_rng(7)
PENALTIES = pytest.mark.parametrize("penalty", [l1_penalty, l2_penalty])


@PENALTIES
def test_the_gradient_is_the_slope_of_the_loss(penalty):
    w = RNG.normal(size=(3, 4)) + np.sign(RNG.normal(size=(3, 4)))  # away from L1's corner
    measured = numerical_gradient(lambda at: penalty(at, 0.3)[0], w, 1e-6)
    np.testing.assert_allclose(penalty(w, 0.3)[1], measured, rtol=1e-6)


@PENALTIES
@given(lam=st.floats(0, 100), size=st.integers(0, 8))
def test_a_penalty_is_proportional_to_lambda_and_blind_to_signs(penalty, lam, size):
    w = np.random.default_rng(size).normal(size=size)
    loss, grad = penalty(w, lam)
    once, slope = penalty(w, 1.0)
    assert loss >= 0
    np.testing.assert_allclose(loss, lam * once, atol=1e-300)
    np.testing.assert_allclose(grad, lam * slope, atol=1e-300)
    np.testing.assert_allclose(penalty(-w, lam)[0], loss)
    np.testing.assert_allclose(penalty(-w, lam)[1], -grad)


def test_l1_leaves_a_weight_at_zero_alone():
    assert l1_penalty(np.array([0.0, -0.0]), 5.0)[1].tolist() == [0.0, 0.0]


def test_l1_arrives_at_zero_and_l2_never_does():
    """The claim at the module's top, on one weight that the data do not need."""
    of_l1 = of_l2 = np.array([1.0])
    for _ in range(1000):
        of_l2 = of_l2 - 0.1 * l2_penalty(of_l2, 0.1)[1]
        moved = of_l1 - 0.1 * l1_penalty(of_l1, 0.1)[1]
        of_l1 = np.where(np.sign(moved) == np.sign(of_l1), moved, 0.0)  # a step past the corner ends in it
    assert of_l1[0] == 0.0 < of_l2[0]


@pytest.mark.parametrize("lam", [0.001, 1.0, 100.0])
def test_ridge_is_scikit_learns(lam):
    X, y = RNG.normal(size=(30, 5)) + 10, RNG.normal(size=30) - 7
    theirs = Ridge(alpha=lam, solver="svd").fit(X, y)
    w, b = ridge_fit(X, y, lam)
    np.testing.assert_allclose(w, theirs.coef_, rtol=1e-10)
    np.testing.assert_allclose(b, theirs.intercept_, rtol=1e-10)


def test_ridge_without_a_penalty_is_least_squares():
    X, y = RNG.normal(size=(30, 5)), RNG.normal(size=30)
    theirs = LinearRegression().fit(X, y)
    w, b = ridge_fit(X, y, 0)
    np.testing.assert_allclose(w, theirs.coef_, rtol=1e-10)
    np.testing.assert_allclose(b, theirs.intercept_, rtol=1e-10)


def test_ridge_solves_the_normal_equations():
    X, y, lam = RNG.normal(size=(12, 3)), RNG.normal(size=12), 0.7
    w, _ = ridge_fit(X, y, lam)
    centered = X - X.mean(axis=0)
    np.testing.assert_allclose((centered.T @ centered + lam * np.eye(3)) @ w, centered.T @ (y - y.mean()))


def test_nothing_near_ridges_answer_costs_less():
    X, y, lam = RNG.normal(size=(12, 3)), RNG.normal(size=12), 0.7
    w, b = ridge_fit(X, y, lam)

    def cost(at):
        return np.sum((X @ at[1:] + at[0] - y) ** 2) + 2 * l2_penalty(at[1:], lam)[0]

    assert np.abs(numerical_gradient(cost, np.array([b, *w]), 1e-6)).max() < 1e-7


@given(st.lists(st.floats(1e-6, 1e6), min_size=2, max_size=6))
def test_the_larger_lambda_the_shorter_are_the_weights(lams):
    X, y = np.random.default_rng(0).normal(size=(10, 4)), np.arange(10.0)
    lengths = [np.linalg.norm(ridge_fit(X, y, lam)[0]) for lam in sorted(lams)]
    assert all(after <= before * (1 + 1e-12) for before, after in pairwise(lengths))


def test_ridge_moves_with_the_target_and_penalizes_no_bias():
    X, y = RNG.normal(size=(9, 2)), RNG.normal(size=9)
    w, b = ridge_fit(X, y, 3.0)
    moved_w, moved_b = ridge_fit(X, y + 100, 3.0)
    np.testing.assert_allclose(moved_w, w)
    np.testing.assert_allclose(moved_b, b + 100)


def test_ridge_takes_more_unknowns_than_examples_and_columns_that_repeat():
    X, y = RNG.normal(size=(4, 9)), RNG.normal(size=4)
    w, b = ridge_fit(X, y, 0)
    np.testing.assert_allclose(X @ w + b, y)
    twice, _ = ridge_fit(np.repeat(X[:, :1], 2, axis=1), y, 0)
    np.testing.assert_allclose(twice[0], twice[1])


def test_ridge_keeps_its_digits_on_the_powers_of_a_polynomial():
    """The normal equations lose half of them; here nine powers are fitted through ten points."""
    x = np.linspace(0, 1, 10)
    powers = x[:, np.newaxis] ** np.arange(1, 10)
    true = np.linspace(-3, 4, 9)
    w, b = ridge_fit(powers, powers @ true + 0.5, 0)
    np.testing.assert_allclose(w, true, rtol=1e-7)
    np.testing.assert_allclose(b, 0.5, rtol=1e-7)


@PENALTIES
def test_penalties_are_right_at_a_thousand_and_for_whole_numbers(penalty):
    assert np.isfinite(penalty(np.array([-1000.0, 1000.0]), 1000.0)[0])
    assert penalty([3, -4], 1)[1].dtype == np.float64


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_inputs_dtype_is_kept(dtype):
    X, y, w = (RNG.normal(size=shape).astype(dtype) for shape in ((6, 2), 6, 3))
    for lam in (0.5, np.float64(0.5)):
        results = [*l1_penalty(w, lam), *l2_penalty(w, lam), *ridge_fit(X, y, lam)]
        assert {result.dtype for result in results} == {np.dtype(dtype)}


def test_inputs_are_left_alone():
    X, y, w = RNG.normal(size=(6, 2)), RNG.normal(size=6), RNG.normal(size=3)
    for array in (X, y, w):
        array.flags.writeable = False
    l1_penalty(w, 1.0)
    l2_penalty(w, 1.0)
    ridge_fit(X, y, 1.0)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: l1_penalty(np.ones(2), -1), "l1_penalty: lam is -1"),
        (lambda: l2_penalty(np.ones(2), float("nan")), "l2_penalty: lam is nan"),
        (lambda: ridge_fit(np.ones((3, 2)), np.ones(3), -0.5), r"ridge_fit: lam is -0\.5"),
        (lambda: ridge_fit(np.ones(3), np.ones(3), 1), r"X has shape \(3,\)"),
        (lambda: ridge_fit(np.ones((3, 2)), np.ones((3, 1)), 1), r"y has shape \(3, 1\)"),
        (lambda: ridge_fit(np.ones((0, 2)), np.ones(0), 1), r"X has shape \(0, 2\)"),
    ],
)
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
