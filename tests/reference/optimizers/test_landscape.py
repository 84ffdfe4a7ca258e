"""What the Hessian says about a point, and about the steps near it."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand.reference.optimizers import landscape as module
from byhand.reference.optimizers.descent import sgd
from byhand.reference.optimizers.landscape import (
    basin,
    classify_critical_point,
    classify_turning_point,
    is_saddle,
    largest_stable_lr,
)
from byhand.reference.start.derivatives import hessian

KINDS = {
    (1.0,): "minimum",
    (-1.0,): "maximum",
    (0.0,): "undecided",
    (0.01, 5.0): "minimum",
    (-3.0, -1.0): "maximum",
    (-0.01, 10.0): "saddle",
    (-1.0, -1.0, 2.0, 2.0): "saddle",  # its determinant is above 0
    (-1.0, 0.0, 1.0): "saddle",
    (0.0, 1.0, 1.0): "undecided",
    (-1.0, -1.0, 0.0): "undecided",
    (0.0, 0.0): "undecided",
}


def rotated(curvatures, seed=0):
    """A Hessian with these eigenvalues, seen from another side."""
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(len(curvatures), len(curvatures))))
    return turn @ np.diag(curvatures) @ turn.T


@pytest.mark.parametrize(("curvatures", "kind"), KINDS.items())
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_signs_of_the_eigenvalues_decide_from_whatever_side_one_looks(curvatures, kind, dtype):
    for seed in range(10):
        H = rotated(curvatures, seed).astype(dtype)
        assert classify_critical_point(H) == kind
        assert is_saddle(H) is (kind == "saddle")


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_the_unit_does_not_matter(scale):
    for curvatures, kind in KINDS.items():
        assert classify_critical_point(scale * rotated(curvatures)) == kind


def test_turning_the_landscape_upside_down_swaps_minimum_and_maximum():
    swap = {"minimum": "maximum", "maximum": "minimum", "saddle": "saddle", "undecided": "undecided"}
    for curvatures, kind in KINDS.items():
        assert classify_critical_point(-rotated(curvatures)) == swap[kind]


def test_a_measured_hessian_will_do():
    assert is_saddle(hessian(lambda x: x[0] ** 2 - x[1] ** 2, [0.0, 0.0], 1e-4))
    assert is_saddle(hessian(lambda x: x[0] * x[1], [0.0, 0.0], 1e-4))
    assert largest_stable_lr(hessian(lambda x: 4 * x[0] ** 2 + x[1] ** 2, [0.3, 0.2], 1e-4)) == pytest.approx(
        0.25
    )


@pytest.mark.parametrize("curvatures", [(3.0,), (1.0, 25.0), (0.0, 2.0), (0.5, 1.0, 7.0)])
def test_gradient_descent_converges_just_below_and_diverges_just_above(curvatures):
    H = rotated(curvatures)
    limit = largest_stable_lr(H)
    assert limit == pytest.approx(2 / max(curvatures))
    for lr, grows in ((0.98 * limit, False), (1.02 * limit, True)):
        w, state = np.ones(len(H)), None
        for _ in range(2000):
            w, state = sgd(w, H @ w, state, lr)
        slope = np.linalg.norm(H @ w)
        assert slope > 1e6 if grows else slope < 1e-6


def test_on_flat_ground_no_step_is_too_long():
    assert largest_stable_lr(np.zeros((2, 2))) == np.inf


@pytest.mark.parametrize("function", [is_saddle, classify_critical_point, largest_stable_lr])
def test_what_is_no_hessian_is_named(function):
    for shape in ((2, 3), (4,), (0, 0)):
        with pytest.raises(ValueError, match="square matrix"):
            function(np.ones(shape))
    with pytest.raises(ValueError, match="symmetric"):
        function([[1.0, 2.0], [3.0, 1.0]])


def test_there_is_no_stable_rate_where_the_ground_falls_away():
    with pytest.raises(ValueError, match=r"below 0, -1"):
        largest_stable_lr([[2.0, 0.0], [0.0, -1.0]])


def test_inputs_are_left_alone():
    H = rotated((1.0, 2.0))
    H.flags.writeable = False
    for function in (is_saddle, classify_critical_point, largest_stable_lr):
        function(H)


@pytest.mark.parametrize(
    ("curve", "w", "kind"),
    [
        (np.polynomial.Polynomial([0, 0, 1]), 0.0, "minimum"),
        (np.polynomial.Polynomial([0, 0, -1]), 0.0, "maximum"),
        (np.polynomial.Polynomial([0, 0, 0, 1]), 0.0, "undecided"),
        (np.polynomial.Polynomial([0, 0, 0, 0, 1]), 0.0, "undecided"),
        (np.polynomial.Polynomial([0, -3, 0, 1]), 1.0, "minimum"),
        (np.polynomial.Polynomial([0, -3, 0, 1]), -1.0, "maximum"),
        (np.polynomial.Polynomial([0, -3, 0, 1]), 0.5, "sloped"),
    ],
)
def test_a_turning_point_is_what_the_curve_beside_it_says(curve, w, kind):
    assert classify_turning_point(curve.deriv()(w), curve.deriv(2)(w)) == kind
    left, here, right = curve(w - 1e-3), curve(w), curve(w + 1e-3)
    if kind == "minimum":
        assert left > here < right
        assert classify_critical_point([[curve.deriv(2)(w)]]) == kind
    if kind == "maximum":
        assert left < here > right


def test_each_start_falls_into_the_minimum_on_its_side_of_the_ridge():
    starts = np.linspace(-1, 4, 41)[:, np.newaxis]  # the ridge at 2.2 is no start
    found = basin(starts, lambda w: w * (w - 2.2) * (w - 3), [[0.0], [3.0]], 0.03, 3000)
    np.testing.assert_array_equal(found, starts[:, 0] > 2.2)


def test_without_a_step_the_nearest_minimum_counts_and_of_two_the_lower_row():
    assert basin([[0.0, 0.0], [0.0, 2.0]], lambda w: w, [[0.0, 1.0], [0.0, -1.0]], 0.1, 0).tolist() == [0, 0]


def test_starts_and_minima_of_different_width_are_named():
    with pytest.raises(ValueError, match=r"\(2, 3\) and minima \(1, 2\)"):
        basin(np.ones((2, 3)), lambda w: w, np.ones((1, 2)), 0.1, 3)


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
