"""Figures that others printed, for the functions of chapter 06: none of them was computed here.

CS231n writes momentum as v = 0.9 v − lr dw, then w + v. Ours is v = 0.9 v + dw, then w − lr v. So our velocity is
theirs divided by −lr, and the tests convert it there and back.
"""

from __future__ import annotations

import numpy as np
import pytest

from byhand.reference.optimizers import adaptive, descent, landscape, moments, schedules
from byhand.reference.start.derivatives import hessian


def L(low, high, shape=(4, 5)):  # noqa: N802 - the letter of shared notes on these figures
    """CS231n's inputs: evenly spaced numbers in an array, so that no random generator is involved."""
    return np.linspace(low, high, num=np.prod(shape)).reshape(shape)


W, DW = L(-0.4, 0.6), L(-0.6, 0.4)
CS231N_LR = 1e-3


def cs231n_momentum():
    return descent.momentum(W, DW, {"step": 1, "velocity": L(0.6, 0.9) / -CS231N_LR}, CS231N_LR, beta=0.9)


def cs231n_rmsprop():
    return adaptive.rmsprop(W, DW, {"step": 1, "squares": L(0.6, 0.9)}, 1e-2, beta=0.99, eps=1e-8)


def cs231n_adam():
    state = {"step": 5, "mean": L(0.6, 0.9), "squares": L(0.7, 0.5)}
    return moments.adam(W, DW, state, 1e-2, 0.9, 0.999, 1e-8)


def walk(optimizer, curvatures, start, steps, **settings):
    """Where an optimizer stands on ½ Σ curvature · x² after so many steps."""
    w, state = np.array(start, float), None
    for _ in range(steps):
        w, state = optimizer(w, np.array(curvatures) * w, state, **settings)
    return w


def d2l(optimizer, **settings):
    """Dive into Deep Learning's trial: 0.1 x₁² + 2 x₂², 20 steps from (−5, −2)."""
    return walk(optimizer, [0.2, 4.0], [-5, -2], 20, **settings)


def rosenbrock(x):
    return 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2


def nocedal_wright(x):
    """Exercise 2.2 of Nocedal and Wright, which asks to show that its one stationary point is a saddle."""
    return 8 * x[0] + 12 * x[1] + x[0] ** 2 - 2 * x[1] ** 2


# what, computed, printed, digits after the point, source
FIGURES = [
    (
        "momentum: next w",
        lambda: cs231n_momentum()[0],
        [
            [0.1406, 0.20738947, 0.27417895, 0.34096842, 0.40775789],
            [0.47454737, 0.54133684, 0.60812632, 0.67491579, 0.74170526],
            [0.80849474, 0.87528421, 0.94207368, 1.00886316, 1.07565263],
            [1.14244211, 1.20923158, 1.27602105, 1.34281053, 1.4096],
        ],
        8,
        "CS231n assignment 1",
    ),
    (
        "momentum: next velocity, first and last",
        lambda: -CS231N_LR * cs231n_momentum()[1]["velocity"].flat[[0, 1, 19]],
        [0.5406, 0.55475789, 0.8096],
        8,
        "CS231n assignment 1",
    ),
    (
        "RMSProp: next w",
        lambda: cs231n_rmsprop()[0],
        [
            [-0.39223849, -0.34037513, -0.28849239, -0.23659121, -0.18467247],
            [-0.132737, -0.08078555, -0.02881884, 0.02316247, 0.07515774],
            [0.12716641, 0.17918792, 0.23122175, 0.28326742, 0.33532447],
            [0.38739248, 0.43947102, 0.49155973, 0.54365823, 0.59576619],
        ],
        8,
        "CS231n assignment 1",
    ),
    (
        "RMSProp: next squares, the first row",
        lambda: cs231n_rmsprop()[1]["squares"][0],
        [0.5976, 0.6126277, 0.6277108, 0.64284931, 0.65804321],
        8,
        "CS231n assignment 1",
    ),
    (
        "Adam: next w",
        lambda: cs231n_adam()[0],
        [
            [-0.40094747, -0.34836187, -0.29577703, -0.24319299, -0.19060977],
            [-0.1380274, -0.08544591, -0.03286534, 0.01971428, 0.0722929],
            [0.1248705, 0.17744702, 0.23002243, 0.28259667, 0.33516969],
            [0.38774145, 0.44031188, 0.49288093, 0.54544852, 0.59801459],
        ],
        8,
        "CS231n assignment 1",
    ),
    (
        "Adam: next mean, the first row",
        lambda: cs231n_adam()[1]["mean"][0],
        [0.48, 0.49947368, 0.51894737, 0.53842105, 0.55789474],
        8,
        "CS231n assignment 1",
    ),
    (
        "Adam: next squares, the first row",
        lambda: cs231n_adam()[1]["squares"][0],
        [0.69966, 0.68908382, 0.67851319, 0.66794809, 0.65738853],
        8,
        "CS231n assignment 1",
    ),
    (
        "gradient descent on x² from 10, 10 steps, lr 0.2, 0.05, 1.1",
        lambda: [walk(descent.sgd, 2.0, 10, 10, lr=lr) for lr in (0.2, 0.05, 1.1)],
        [0.060466, 3.486784, 61.917364],
        6,
        "Dive into Deep Learning, Gradient Descent",
    ),
    (
        "gradient descent on x₁² + 2x₂²",
        lambda: walk(descent.sgd, [2.0, 4.0], [-5, -2], 20, lr=0.1),
        [-0.057646, -0.000073],
        6,
        "Dive into Deep Learning, Gradient Descent",
    ),
    (
        "gradient descent in a valley, lr 0.4",
        lambda: d2l(descent.sgd, lr=0.4),
        [-0.943467, -0.000073],
        6,
        "Dive into Deep Learning, Momentum",
    ),
    (
        "the same, lr 0.6: it diverges",
        lambda: d2l(descent.sgd, lr=0.6),
        [-0.387814, -1673.365109],
        6,
        "Dive into Deep Learning, Momentum",
    ),
    (
        "momentum, lr 0.6, beta 0.5: it does not",
        lambda: d2l(descent.momentum, lr=0.6, beta=0.5),
        [0.007188, 0.002553],
        6,
        "Dive into Deep Learning, Momentum",
    ),
    (
        "momentum, lr 0.6, beta 0.25",
        lambda: d2l(descent.momentum, lr=0.6, beta=0.25),
        [-0.126340, -0.186632],
        6,
        "Dive into Deep Learning, Momentum",
    ),
    # their ε stands inside the root, so the last digits may differ
    (
        "Adagrad, lr 0.4",
        lambda: d2l(adaptive.adagrad, lr=0.4),
        [-2.382563, -0.158591],
        5,
        "Dive into Deep Learning, Adagrad",
    ),
    (
        "Adagrad, lr 2",
        lambda: d2l(adaptive.adagrad, lr=2.0),
        [-0.002295, 0.0],
        6,
        "Dive into Deep Learning, Adagrad",
    ),
    (
        "RMSProp, lr 0.4, beta 0.9",
        lambda: d2l(adaptive.rmsprop, lr=0.4, beta=0.9),
        [-0.010599, 0.0],
        5,
        "Dive into Deep Learning, RMSProp",
    ),
    (
        "a staircase from 0.05, every 30 epochs, at 0, 29, 30, 59, 60, 89",
        lambda: schedules.step_decay(np.array([0, 29, 30, 59, 60, 89]), 0.05, every=30, factor=0.1),
        [0.05, 0.05, 0.005, 0.005, 0.0005, 0.0005],
        12,
        "PyTorch, StepLR",
    ),
    (
        "the Hessian at the bottom of Rosenbrock's valley",
        lambda: hessian(rosenbrock, [1.0, 1.0], 1e-4),
        [[802, -400], [-400, 200]],
        3,
        "Nocedal and Wright, Numerical Optimization, exercise 2.1",
    ),
]


@pytest.mark.parametrize(
    ("computed", "printed", "digits"),
    [(computed, printed, digits) for _, computed, printed, digits, _ in FIGURES],
    ids=[f"{what} ({source})" for what, _, _, _, source in FIGURES],
)
def test_the_reference_gives_the_printed_figure(computed, printed, digits):
    np.testing.assert_allclose(computed(), printed, rtol=0, atol=0.5 * 10.0**-digits)


def test_rosenbrocks_bottom_is_a_minimum_and_nocedal_and_wrights_point_a_saddle():
    assert landscape.classify_critical_point(hessian(rosenbrock, [1.0, 1.0], 1e-4)) == "minimum"
    assert landscape.is_saddle(hessian(nocedal_wright, [-4.0, 3.0], 1e-4))


@pytest.mark.parametrize("size", [1e-4, 1.0, 1e6])
def test_the_first_step_of_adam_has_the_length_lr_whatever_the_gradients_size(size):
    """Kingma and Ba, section 2.1: the steps do not change when the gradients are rescaled."""
    w, dw = np.zeros(50), size * np.random.default_rng(0).normal(size=50)
    moved, _ = moments.adam(w, dw, None, lr=0.01)
    np.testing.assert_allclose(moved, -0.01 * np.sign(dw), rtol=1e-2)


def test_no_step_of_adam_is_longer_than_the_papers_bound():
    """Kingma and Ba, section 2.1: |step| ≤ lr (1 − β₁) / √(1 − β₂), reached by a gradient after many zeros."""
    bound = 0.01 * 0.1 / np.sqrt(0.001)
    state, longest = None, 0.0
    for step in range(10_000):
        moved, state = moments.adam(0.0, 1.0 if step == 9_999 else 0.0, state, lr=0.01)
        longest = max(longest, abs(moved))
    assert longest == pytest.approx(bound, rel=1e-4)


@pytest.mark.parametrize("condition", [10.0, 100.0])
def test_polyaks_best_settings_converge_at_his_rates(condition):
    """Polyak (1964): (κ − 1)/(κ + 1) a step for gradient descent, (√κ − 1)/(√κ + 1) with momentum."""
    root = np.sqrt(condition)
    lr, beta = (2 / (1 + root)) ** 2, ((root - 1) / (root + 1)) ** 2
    plain = [walk(descent.sgd, [1.0, condition], [1, 1], n, lr=2 / (1 + condition)) for n in (100, 200)]
    assert np.linalg.norm(plain[1]) / np.linalg.norm(plain[0]) == pytest.approx(
        ((condition - 1) / (condition + 1)) ** 100
    )
    end = np.linalg.norm(walk(descent.momentum, [1.0, condition], [1, 1], 300, lr=lr, beta=beta))
    assert end ** (1 / 300) == pytest.approx((root - 1) / (root + 1), rel=0.03)
