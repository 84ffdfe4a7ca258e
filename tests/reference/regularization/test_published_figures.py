"""Published figures of chapter 7: none of them was computed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from byhand.reference.regularization.dropout import dropout_forward
from byhand.reference.regularization.normalization import batch_norm_forward, layer_norm_forward
from byhand.reference.regularization.penalties import l1_penalty, l2_penalty, ridge_fit

SEED = (
    231  # the assignment's; its notebooks draw from NumPy's old generator, which still gives the same numbers
)


def network(draw: np.random.RandomState, X: np.ndarray | None = None, n: int = 200) -> np.ndarray:
    """What comes out of the assignment's two random layers, three features an example."""
    X = draw.randn(n, 50) if X is None else X
    W1, W2 = draw.randn(50, 60), draw.randn(60, 3)
    return np.maximum(0, X @ W1) @ W2


def full(value: float) -> np.ndarray:
    return np.full(3, float(value))


def batch_norm_in_training(gamma: np.ndarray, beta: np.ndarray) -> np.ndarray:
    a = network(np.random.RandomState(SEED))
    return batch_norm_forward(a, gamma, beta, full(0), full(0), train=True)[0]


def batch_norm_in_evaluation() -> np.ndarray:
    """After 50 batches. The assignment keeps running averages of the biased variance, from zeros; ours are of the
    unbiased one, larger by 200 / 199 in every batch, so also in their average."""
    draw = np.random.RandomState(SEED)
    W1, W2 = draw.randn(50, 60), draw.randn(60, 3)
    mean, var = full(0), full(0)
    for _ in range(50):
        a = np.maximum(0, draw.randn(200, 50) @ W1) @ W2
        _, mean, var, _ = batch_norm_forward(a, full(1), full(0), mean, var, train=True)
    a = np.maximum(0, draw.randn(200, 50) @ W1) @ W2
    return batch_norm_forward(a, full(1), full(0), mean, var * 199 / 200, train=False)[0]


def layer_norm(gamma: float, beta: float) -> np.ndarray:
    return layer_norm_forward(network(np.random.RandomState(SEED), n=4), full(gamma), full(beta))[0]


class TheirChance:
    """The assignment keeps a number where chance is below the share to keep; ours drops it below p. One minus
    their numbers makes the same choices."""

    def __init__(self, draw: np.random.RandomState) -> None:
        self.draw = draw

    def random(self, shape: tuple[int, ...], dtype: Any = None) -> np.ndarray:
        return 1 - self.draw.random_sample(shape)


def dropout(keep: tuple[float, ...]) -> np.ndarray:
    """Mean of the output and share of zeros, for each share to keep, one after the other."""
    draw = np.random.RandomState(SEED)
    x = draw.randn(500, 500) + 10
    outs = [dropout_forward(x, 1 - share, TheirChance(draw), train=True)[0] for share in keep]
    return np.array([(out.mean(), np.mean(out == 0)) for out in outs])


# The ten points of Bishop's figure 1.2, from the file that the book's site gives.
BISHOP_X = np.arange(10) / 9
BISHOP_T = np.array(
    [0.349486, 0.830839, 1.007332, 0.971507, 0.133066, 0.166823, -0.848307, -0.445686, -0.563567, 0.261502]
)


def polynomial(degree: int) -> np.ndarray:
    """The polynomial of this degree nearest to the points: its coefficients, the constant first."""
    w, b = ridge_fit(BISHOP_X[:, np.newaxis] ** np.arange(1, degree + 1), BISHOP_T, 0)
    return np.array([b, *w])


def polynomial_with_the_constant_penalized(lam: float) -> np.ndarray:
    """The book's polynomial of degree 9 pulls the constant towards 0 as well.

    With every example there twice, once with all its signs turned, nothing is left for our bias to do, and the
    constant can be a column like the others. Both sums are doubled by that, so λ is too. The numbers that the book
    prints are those of a mean of squares, whose λ is N times as strong.
    """
    powers = BISHOP_X[:, np.newaxis] ** np.arange(10)
    w, _ = ridge_fit(
        np.concatenate([powers, -powers]), np.concatenate([BISHOP_T, -BISHOP_T]), 2 * len(BISHOP_T) * lam
    )
    return w


def scikit_learns_example() -> np.ndarray:
    w, b = ridge_fit([[0, 0], [0, 0], [1, 1]], [0, 0.1, 1], 0.5)
    return np.array([*w, b])


def keras_losses() -> float:
    """A layer of 5 by 5 ones with an L1 of 0.01, whose 5 × 5 outputs of 10 have an L2 of 0.01, without ½, a
    fifth of it each example."""
    return float(l1_penalty(np.ones((5, 5)), 0.01)[0] + l2_penalty(np.full((5, 5), 10.0), 2 * 0.01)[0] / 5)


@dataclass(frozen=True)
class Row:
    """What a source printed, to as many digits as it printed."""

    what: str
    computed: Any  # a function without arguments, so that a wrong one fails its own row only
    printed: Any
    source: str
    within: float


BATCH_NORM, DROPOUT = "CS231n assignment 2, BatchNormalization", "CS231n assignment 2, Dropout"
BISHOP = "Bishop, Pattern Recognition and Machine Learning, table"
ONE_TWO_THREE, ELEVEN_ON = np.array([1.0, 2.0, 3.0]), np.array([11.0, 12.0, 13.0])

ROWS = [
    Row(
        "what goes into batch norm: means",
        lambda: network(np.random.RandomState(SEED)).mean(axis=0),
        [-2.3814598, -13.18038246, 1.91780462],
        BATCH_NORM,
        1e-8,
    ),
    Row(
        "batch norm in training, γ = 1 and β = 0: deviations",
        lambda: batch_norm_in_training(full(1), full(0)).std(axis=0),
        [0.99999999, 1.0, 1.0],
        BATCH_NORM,
        1e-8,
    ),
    Row(
        "batch norm in training, γ = 1, 2, 3 and β = 11, 12, 13: means",
        lambda: batch_norm_in_training(ONE_TWO_THREE, ELEVEN_ON).mean(axis=0),
        [11.0, 12.0, 13.0],
        BATCH_NORM,
        1e-8,
    ),
    Row(
        "batch norm in training, γ = 1, 2, 3 and β = 11, 12, 13: deviations",
        lambda: batch_norm_in_training(ONE_TWO_THREE, ELEVEN_ON).std(axis=0),
        [0.99999999, 1.99999999, 2.99999999],
        BATCH_NORM,
        1e-8,
    ),
    Row(
        "batch norm in evaluation: means",
        lambda: batch_norm_in_evaluation().mean(axis=0),
        [-0.03927354, -0.04349152, -0.10452688],
        BATCH_NORM,
        1e-8,
    ),
    Row(
        "batch norm in evaluation: deviations",
        lambda: batch_norm_in_evaluation().std(axis=0),
        [1.01531428, 1.01238373, 0.97819988],
        BATCH_NORM,
        1e-8,
    ),
    Row(
        "what goes into layer norm: deviations",
        lambda: network(np.random.RandomState(SEED), n=4).std(axis=1),
        [10.07429373, 28.39478981, 35.28360729, 4.01831507],
        BATCH_NORM,
        1e-8,
    ),
    Row(
        "layer norm, γ = 1 and β = 0: deviations",
        lambda: layer_norm(1, 0).std(axis=1),
        [0.99999995, 0.99999999, 1.0, 0.99999969],
        BATCH_NORM,
        1e-8,
    ),
    Row(
        "layer norm, γ = 3 and β = 5: means",
        lambda: layer_norm(3, 5).mean(axis=1),
        [5.0, 5.0, 5.0, 5.0],
        BATCH_NORM,
        1e-8,
    ),
    Row(
        "layer norm, γ = 3 and β = 5: deviations",
        lambda: layer_norm(3, 5).std(axis=1),
        [2.99999985, 2.99999998, 2.99999999, 2.99999907],
        BATCH_NORM,
        1e-8,
    ),
    Row(
        "dropout that keeps .25, .4 and .7: mean of the output, share of zeros",
        lambda: dropout((0.25, 0.4, 0.7)),
        [[10.014059116977283, 0.749784], [9.977917658761159, 0.600796], [9.987811912159426, 0.30074]],
        DROPOUT,
        1e-13,
    ),
    Row("a straight line", lambda: polynomial(1), [0.82, -1.27], f"{BISHOP} 1.1", 0.005),
    Row(
        "a polynomial of degree 3",
        lambda: polynomial(3),
        [0.31, 7.99, -25.43, 17.37],
        f"{BISHOP} 1.1",
        0.005,
    ),
    # The points are printed to six digits, and these coefficients magnify what is missing: to 0.2 at most.
    Row(
        "a polynomial of degree 9, without a penalty",
        lambda: polynomial(9),
        [
            0.35,
            232.37,
            -5321.83,
            48568.31,
            -231639.30,
            640042.26,
            -1061800.52,
            1042400.18,
            -557682.99,
            125201.43,
        ],
        f"{BISHOP} 1.1",
        0.2,
    ),
    Row(
        "a polynomial of degree 9, ln λ = 0",
        lambda: polynomial_with_the_constant_penalized(1.0),
        [0.13, -0.05, -0.06, -0.05, -0.03, -0.02, -0.01, -0.00, 0.00, 0.01],
        f"{BISHOP} 1.2",
        0.0051,
    ),
    Row(
        "ridge on three points",
        scikit_learns_example,
        [0.34545455, 0.34545455, 0.13636],
        "scikit-learn, User Guide, 1.1.2 Ridge regression and classification",
        5e-6,
    ),
    Row("L1 and L2 penalties", keras_losses, 5.25, "Keras, Layer weight regularizers", 1e-12),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
def test_published_figure(row):
    np.testing.assert_allclose(row.computed(), row.printed, rtol=0, atol=row.within, err_msg=row.source)
