"""The exercises of chapter 07 on penalties, and on the line that a penalty keeps calm."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.regularization import penalties


@exercise(penalties.l2_penalty, returns="loss, grad")
def l2_penalty(draw):
    yield np.array([3.0, -4.0]), 0.1
    yield draw.normal(2, 3), draw.choice([0.5, 2.0, 3.0])
    yield np.array([1000.0, 0.0, -1000.0]), 0.01


@l2_penalty.mistake(
    "unnamed-1",
    "The loss lacks its ½, and your gradient does not belong to it: the slope of w² is 2w. Compare with the formula.",
)
def _(w, lam):
    return lam * np.sum(w**2), lam * w


@l2_penalty.mistake(
    "unnamed-2",
    "You left out the ½. Some books do; here the loss has it, so that the gradient is simply lam · w.",
)
def _(w, lam):
    return lam * np.sum(w**2), 2 * lam * w


@l2_penalty.mistake(
    "unnamed-3",
    "The loss is right. But the slope of ½ w² is not 2w, and not ½w: what becomes of the ½ when you differentiate?",
)
def _(w, lam):
    return 0.5 * lam * np.sum(w**2), 2 * lam * w


@l2_penalty.mistake(
    "unnamed-4",
    "The loss is right, the gradient is half of what it should be: differentiating brings down a 2 that meets the ½.",
)
def _(w, lam):
    return 0.5 * lam * np.sum(w**2), 0.5 * lam * w


@l2_penalty.mistake(
    "unnamed-5",
    "You took the root of the sum: that is the length of w. The penalty uses its square, without the root.",
)
def _(w, lam):
    length = np.sqrt(np.sum(w**2))
    return 0.5 * lam * length, lam * w


@l2_penalty.mistake(
    "unnamed-6", "You took the mean of the squares. The penalty is their sum, however many weights there are."
)
def _(w, lam):
    return 0.5 * lam * np.mean(w**2), lam * w / w.size


@l2_penalty.mistake(
    "unnamed-7", "The gradient lacks lam: a penalty that counts twice must also pull twice as hard."
)
def _(w, lam):
    return 0.5 * lam * np.sum(w**2), w


@l2_penalty.mistake(
    "unnamed-8",
    "Your gradient has the wrong sign. It points to where the penalty grows; the minus comes later, in the step.",
)
def _(w, lam):
    return 0.5 * lam * np.sum(w**2), -lam * w


@l2_penalty.mistake(
    "unnamed-9", "That is the L1 penalty, with absolute values. Here the weights are squared."
)
def _(w, lam):
    return lam * np.sum(np.abs(w)), lam * np.sign(w)


@exercise(penalties.l1_penalty, returns="loss, grad")
def l1_penalty(draw):
    yield np.array([3.0, -4.0, 0.0]), 0.5
    w = draw.uniform(0.1, 3, 2, 3) * np.array([[1, -1, 1], [-1, 1, -1]])
    w[draw.integers(0, 2), draw.integers(0, 3)] = 0.0
    yield w, draw.choice([0.1, 2.0, 3.0])
    yield np.array([1000.0, -1000.0, 0.0]), 0.01


@l1_penalty.mistake(
    "unnamed-1",
    "A weight of exactly 0 is pushed away from 0: your gradient there is +lam. Nothing is won by leaving 0, so it must "
    "be 0.",
)
def _(w, lam):
    return lam * np.sum(np.abs(w)), lam * np.where(w >= 0, 1.0, -1.0)


@l1_penalty.mistake(
    "unnamed-2",
    "A weight of exactly 0 is pushed away from 0: your gradient there is -lam. Nothing is won by leaving 0, so it must "
    "be 0.",
)
def _(w, lam):
    return lam * np.sum(np.abs(w)), lam * np.where(w > 0, 1.0, -1.0)


@l1_penalty.mistake(
    "unnamed-3",
    "Your gradient is w / |w|, which is 0 / 0 for a weight of 0. Which NumPy function gives the sign, 0 included?",
)
def _(w, lam):
    with np.errstate(invalid="ignore"):
        return lam * np.sum(np.abs(w)), lam * w / np.abs(w)


@l1_penalty.mistake(
    "unnamed-4",
    "You added up the weights with their signs, so that large weights of both signs cost nothing. What counts is |w|.",
)
def _(w, lam):
    return lam * np.sum(w), lam * np.sign(w)


@l1_penalty.mistake(
    "unnamed-5",
    "Your gradient pulls every weight downwards. A negative weight costs less when it grows: which sign is its slope?",
)
def _(w, lam):
    return lam * np.sum(np.abs(w)), np.full_like(w, lam)


@l1_penalty.mistake(
    "unnamed-6",
    "Your gradient grows with the weight: that is L2's. The absolute value has the same slope everywhere, but for "
    "its sign.",
)
def _(w, lam):
    return lam * np.sum(np.abs(w)), lam * w


@l1_penalty.mistake(
    "unnamed-7", "The gradient lacks lam: a penalty that counts twice must also pull twice as hard."
)
def _(w, lam):
    return lam * np.sum(np.abs(w)), np.sign(w)


@l1_penalty.mistake(
    "unnamed-8", "You took the mean of |w|. The penalty is the sum, however many weights there are."
)
def _(w, lam):
    return lam * np.mean(np.abs(w)), lam * np.sign(w) / w.size


@l1_penalty.mistake(
    "unnamed-9",
    "Your gradient has the wrong sign. It points to where the penalty grows; the minus comes later, in the step.",
)
def _(w, lam):
    return lam * np.sum(np.abs(w)), -lam * np.sign(w)


# The means are far from 0, so that centring and the bias matter.
@exercise(penalties.ridge_fit, returns="w, b")
def ridge_fit(draw):
    yield np.array([[1.0], [2.0], [3.0]]), np.array([11.0, 14.0, 17.0]), 1.0
    X = draw.normal(8, 3) + np.array([2.0, -3.0, 5.0])
    yield X, np.round(X @ draw.normal(3) + draw.normal(8) + 10, 2), draw.choice([0.5, 2.0, 5.0])
    yield X, draw.normal(8) - 20, 100.0


def _solve(X, y, penalty):
    return np.linalg.solve(X.T @ X + penalty, X.T @ y)


def _centred(X, y):
    return X - X.mean(axis=0), y - y.mean()


def _with_ones(X):
    return np.column_stack([X, np.ones(len(X))])


@ridge_fit.mistake(
    "unnamed-1",
    "You pull the bias towards 0 as well. It only lifts the line to the height of the data: leave it out.",
)
def _(X, y, lam):
    w = _solve(_with_ones(X), y, lam * np.eye(X.shape[1] + 1))
    return w[:-1], w[-1]


@ridge_fit.mistake(
    "unnamed-2",
    "Your line goes through the origin: b is 0. Centre X and y first, or give the bias a column of ones.",
)
def _(X, y, lam):
    return _solve(X, y, lam * np.eye(X.shape[1])), 0.0


@ridge_fit.mistake(
    "unnamed-3",
    "You fitted X and y without centring them, and added a bias afterwards. Then the weights have already tried to do "
    "the bias's work.",
)
def _(X, y, lam):
    w = _solve(X, y, lam * np.eye(X.shape[1]))
    return w, y.mean() - X.mean(axis=0) @ w


@ridge_fit.mistake(
    "unnamed-4",
    "The weights are right. But b is the mean of y, as if the mean of X were 0. Which b makes the line pass through "
    "both means?",
)
def _(X, y, lam):
    X_centred, y_centred = _centred(X, y)
    return _solve(X_centred, y_centred, lam * np.eye(X.shape[1])), y.mean()


@ridge_fit.mistake(
    "unnamed-5", "That is least squares: lam is not used. Where is the price of large weights?"
)
def _(X, y, lam):
    w = np.linalg.lstsq(_with_ones(X), y)[0]
    return w[:-1], w[-1]


@ridge_fit.mistake(
    "unnamed-6",
    "You multiplied lam by the number of examples. Here the squares are added up, not averaged, so lam stays as it is.",
)
def _(X, y, lam):
    X_centred, y_centred = _centred(X, y)
    w = _solve(X_centred, y_centred, lam * len(X) * np.eye(X.shape[1]))
    return w, y.mean() - X.mean(axis=0) @ w


@ridge_fit.mistake(
    "unnamed-7",
    "You added lam to every entry of the matrix. The penalty touches each weight alone: lam belongs on the diagonal.",
)
def _(X, y, lam):
    X_centred, y_centred = _centred(X, y)
    w = _solve(X_centred, y_centred, lam)
    return w, y.mean() - X.mean(axis=0) @ w


@ridge_fit.mistake("unnamed-8", "You squared lam. The weights are squared, the price is not.")
def _(X, y, lam):
    X_centred, y_centred = _centred(X, y)
    w = _solve(X_centred, y_centred, lam**2 * np.eye(X.shape[1]))
    return w, y.mean() - X.mean(axis=0) @ w
