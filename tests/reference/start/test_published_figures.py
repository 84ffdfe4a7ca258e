"""Figures that others printed, for the functions of chapter 00: none of them was computed here."""

from __future__ import annotations

import numpy as np
import pytest

from byhand.reference.start import chance, norms, products, tables
from byhand.reference.start import derivatives as d


def rosenbrock(x):
    """Rosenbrock's valley as ``scipy.optimize.rosen`` defines it."""
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def chapra(x):
    """The polynomial of chapter 4 of Chapra and Canale, *Numerical Methods for Engineers*."""
    return -0.1 * x**4 - 0.15 * x**3 - 0.5 * x**2 - 0.25 * x + 1.2


def jax_vector(x):
    """The function in the documentation of ``jax.jacfwd``."""
    return np.array([x[0], 5 * x[2], 4 * x[1] ** 2 - 2 * x[2], x[2] * np.sin(x[0])])


# D2L: the illness has prior .0015; test 1 always finds it and alarms 1 % of the healthy; test 2 finds 98 %
# and alarms 3 %.
ONE_TEST = 1.0 * 0.0015 + 0.01 * 0.9985
BOTH_TESTS = 0.98 * 0.0015 + 0.0003 * 0.9985

# what, computed, printed, digits after the point, source
FIGURES = [
    (
        "scale two equal columns",
        lambda: tables.standardize([[0, 0], [0, 0], [1, 1], [1, 1]]),
        [[-1, -1], [-1, -1], [1, 1], [1, 1]],
        12,
        "scikit-learn, StandardScaler",
    ),
    (
        "one-hot of 0 … 4 modulo 3, in 5 classes",
        lambda: tables.one_hot(np.arange(5) % 3, 5),
        [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [1, 0, 0, 0, 0], [0, 1, 0, 0, 0]],
        12,
        "PyTorch, torch.nn.functional.one_hot",
    ),
    ("L1 norm of −4 … 4", lambda: norms.l1_norm(np.arange(9) - 4), 20, 12, "NumPy, linalg.norm"),
    (
        "L2 norm of −4 … 4",
        lambda: norms.l2_norm(np.arange(9) - 4),
        7.745966692414834,
        14,
        "NumPy, linalg.norm",
    ),
    (
        "matrix 0 … 19 times vector 0 … 3, by loops",
        lambda: products.matrix_vector_loops(np.arange(20).reshape(5, 4), np.arange(4)),
        [14, 38, 62, 86, 110],
        12,
        "Dive into Deep Learning, Linear Algebra",
    ),
    (
        "matrix 0 … 19 times vector 0 … 3",
        lambda: products.matrix_vector(np.arange(20).reshape(5, 4), np.arange(4)),
        [14, 38, 62, 86, 110],
        12,
        "Dive into Deep Learning, Linear Algebra",
    ),
    (
        "mammography: 1 % ill, 80 % found, 9.6 % false alarms",
        lambda: chance.bayes(0.01, 0.8, 0.8 * 0.01 + 0.096 * 0.99),
        0.078,
        3,
        "Yudkowsky, An Intuitive Explanation of Bayes' Theorem",
    ),
    (
        "one positive test",
        lambda: chance.bayes(0.0015, 1.0, ONE_TEST),
        0.1306,
        4,
        "Dive into Deep Learning, Probability",
    ),
    (
        "two positive tests",
        lambda: chance.bayes(0.0015, 0.98, BOTH_TESTS),
        0.8307,
        4,
        "Dive into Deep Learning, Probability",
    ),
    (
        "central difference at 0.5, step 0.5",
        lambda: d.numerical_derivative(chapra, 0.5, 0.5),
        -1.0,
        12,
        "Chapra and Canale, example 4.4",
    ),
    (
        "central difference at 0.5, step 0.25",
        lambda: d.numerical_derivative(chapra, 0.5, 0.25),
        -0.934,
        3,
        "Chapra and Canale, example 4.4",
    ),
    (
        "second-order Taylor from 0 to 1",
        lambda: d.taylor2(chapra, 0.0, 1.0),
        0.45,
        6,
        "Chapra and Canale, example 4.1",
    ),
    (
        "gradient of Rosenbrock's valley at 0, .1, … .8",
        lambda: d.numerical_gradient(rosenbrock, 0.1 * np.arange(9), 1e-5),
        [-2, 10.6, 15.6, 13.4, 6.4, -3, -12.4, -19.4, 62],
        6,
        "SciPy, optimize.rosen_der",
    ),
    (
        "Hessian of Rosenbrock's valley at 0, .1, .2, .3",
        lambda: d.hessian(rosenbrock, 0.1 * np.arange(4), 1e-4),
        [[-38, 0, 0, 0], [0, 134, -40, 0], [0, -40, 130, -80], [0, 0, -80, 200]],
        4,
        "SciPy, optimize.rosen_hess",
    ),
    (
        "Jacobian of four functions of three numbers",
        lambda: d.jacobian(jax_vector, [1.0, 2.0, 3.0], 1e-5),
        [[1, 0, 0], [0, 0, 5], [0, 16, -2], [1.6209, 0, 0.84147]],
        4,
        "JAX, jacfwd",
    ),
    (
        "Hessian of x₀³ − 2x₀x₁ − x₁⁶ at (1, 2)",
        lambda: d.hessian(lambda x: x[0] ** 3 - 2 * x[0] * x[1] - x[1] ** 6, [1.0, 2.0], 1e-4),
        [[6, -2], [-2, -480]],
        4,
        "JAX, hessian",
    ),
]


@pytest.mark.parametrize(
    ("computed", "printed", "digits"),
    [(computed, printed, digits) for _, computed, printed, digits, _ in FIGURES],
    ids=[f"{what} ({source})" for what, _, _, _, source in FIGURES],
)
def test_the_reference_gives_the_printed_figure(computed, printed, digits):
    np.testing.assert_allclose(computed(), printed, rtol=0, atol=0.5 * 10.0**-digits)
