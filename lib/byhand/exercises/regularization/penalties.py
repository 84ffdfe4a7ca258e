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
    yield draw.normal(1, 1), 0.0


@l2_penalty.switchable
def _l2(w, lam, *, half=0.5, slope=1.0, size="squares", pulled=True):
    sizes = {
        "squares": np.sum(w**2),
        "length": np.sqrt(np.sum(w**2)),
        "mean": np.mean(w**2),
        "absolute": 2 * np.sum(np.abs(w)),
    }
    grads = {"absolute": np.sign(w), "mean": w / w.size}
    return half * lam * sizes[size], slope * (lam if pulled else 1.0) * grads.get(size, w)


l2_penalty.switch(
    "no-half-in-loss",
    "The loss lacks its ½, and your gradient does not belong to it: the slope of w² is 2w. Compare with the formula.",
    half=1.0,
)
l2_penalty.switch(
    "no-half",
    "You left out the ½. Some books do; here the loss has it, so that the gradient is simply lam · w.",
    half=1.0,
    slope=2.0,
)
l2_penalty.switch(
    "slope-too-large",
    "Your gradient is twice what it should be. The slope of ½ w² is not 2w: what becomes of the ½ when you "
    "differentiate?",
    slope=2.0,
)
l2_penalty.switch(
    "slope-too-small",
    "Your gradient is half of what it should be: differentiating brings down a 2 that meets the ½.",
    slope=0.5,
)
l2_penalty.switch(
    "length",
    "You took the root of the sum: that is the length of w. The penalty uses its square, without the root.",
    size="length",
)
l2_penalty.switch(
    "mean",
    "You took the mean of the squares. The penalty is their sum, however many weights there are.",
    size="mean",
)
l2_penalty.switch(
    "no-lam-in-gradient",
    "The gradient lacks lam: a penalty that counts twice must also pull twice as hard.",
    pulled=False,
)
l2_penalty.switch(
    "wrong-sign",
    "Your gradient has the wrong sign. It points to where the penalty grows; the minus comes later, in the step.",
    slope=-1.0,
)
l2_penalty.switch(
    "l1", "That is the L1 penalty, with absolute values. Here the weights are squared.", size="absolute"
)


@l2_penalty.mistake("no-lam-in-loss", "The gradient is right. In the loss lam is missing: ½ · lam · Σ w².")
def _(w, lam):
    return 0.5 * np.sum(w**2), lam * w


@l2_penalty.mistake(
    "l1-loss", "Your loss adds up the sizes of the weights: that is the L1 penalty. Here their squares cost."
)
def _(w, lam):
    return lam * np.sum(np.abs(w)), lam * w


@exercise(penalties.l1_penalty, returns="loss, grad")
def l1_penalty(draw):
    yield np.array([3.0, -4.0, 0.0]), 0.5
    w = draw.uniform(0.1, 3, 2, 3) * np.array([[1, -1, 1], [-1, 1, -1]])
    w[draw.integers(0, 2), draw.integers(0, 3)] = 0.0
    yield w, draw.choice([0.1, 2.0, 3.0])
    yield np.array([1000.0, -1000.0, 0.0]), 0.01
    yield draw.uniform(0.5, 1, 1, 1), 0.0


SLOPES = {
    "sign": np.sign,
    "up at 0": lambda w: np.where(w >= 0, 1.0, -1.0),
    "down at 0": lambda w: np.where(w > 0, 1.0, -1.0),
    "w / |w|": lambda w: w / np.abs(w),
    "one": np.ones_like,
    "w": lambda w: w,
    "turned": lambda w: -np.sign(w),
}


@l1_penalty.switchable
def _l1(w, lam, *, slope="sign", size=np.abs, pulled=True, mean=False):
    count = w.size if mean else 1
    with np.errstate(invalid="ignore"):
        return lam * np.sum(size(w)) / count, (lam if pulled else 1.0) * SLOPES[slope](w) / count


l1_penalty.switch(
    "up-at-0",
    "A weight of exactly 0 is pushed away from 0: your gradient there is +lam. Nothing is won by leaving 0, so it must "
    "be 0.",
    slope="up at 0",
)
l1_penalty.switch(
    "down-at-0",
    "A weight of exactly 0 is pushed away from 0: your gradient there is -lam. Nothing is won by leaving 0, so it must "
    "be 0.",
    slope="down at 0",
)
l1_penalty.switch(
    "divided-by-size",
    "Your gradient is w / |w|, which is 0 / 0 for a weight of 0. Which NumPy function gives the sign, 0 included?",
    slope="w / |w|",
)
l1_penalty.switch(
    "signed-sum",
    "You added up the weights with their signs, so that large weights of both signs cost nothing. What counts is |w|.",
    size=np.asarray,
)
l1_penalty.switch(
    "downwards",
    "Your gradient pulls every weight downwards. A negative weight costs less when it grows: which sign is its slope?",
    slope="one",
)
l1_penalty.switch(
    "l2-slope",
    "Your gradient grows with the weight: that is L2's. The absolute value has the same slope everywhere, but for "
    "its sign.",
    slope="w",
)
l1_penalty.switch(
    "no-lam-in-gradient",
    "The gradient lacks lam: a penalty that counts twice must also pull twice as hard.",
    pulled=False,
)
l1_penalty.switch(
    "mean",
    "You took the mean of |w|. The penalty is the sum, however many weights there are.",
    mean=True,
)
l1_penalty.switch(
    "wrong-sign",
    "Your gradient has the wrong sign. It points to where the penalty grows; the minus comes later, in the step.",
    slope="turned",
)


@l1_penalty.mistake("mean")  # in the loss alone
def _(w, lam):
    return lam * np.mean(np.abs(w)), lam * np.sign(w)


@l1_penalty.mistake("half", "You put ½ in front. It belongs to L2; here the price is lam · Σ |w|.")
def _(w, lam):
    return 0.5 * lam * np.sum(np.abs(w)), 0.5 * lam * np.sign(w)


# The means are far from 0, so that centering and the bias matter.
@exercise(penalties.ridge_fit, returns="w, b")
def ridge_fit(draw):
    yield np.array([[1.0], [2.0], [3.0]]), np.array([11.0, 14.0, 17.0]), 1.0
    X = draw.normal(8, 3) + np.array([2.0, -3.0, 5.0])
    yield X, np.round(X @ draw.normal(3) + draw.normal(8) + 10, 2), draw.choice([0.5, 2.0, 5.0])
    yield X, draw.normal(8) - 20, 100.0


@ridge_fit.switchable
def _ridge(X, y, lam, *, centered=True, penalty="on the diagonal", b="through the means"):
    D, mean_x, mean_y = X.shape[1], X.mean(axis=0), y.mean()
    price = {
        "on the diagonal": lam * np.eye(D),
        "times N": lam * len(X) * np.eye(D),
        "everywhere": np.full((D, D), lam),
        "squared": lam**2 * np.eye(D),
        "none": np.zeros((D, D)),
        "subtracted": -lam * np.eye(D),
    }[penalty]
    rows, targets = (X - mean_x, y - mean_y) if centered else (X, y)
    w = np.linalg.solve(rows.T @ rows + price, rows.T @ targets)
    return w, {"through the means": mean_y - mean_x @ w, "mean of y": mean_y, "0": 0.0}[b]


@ridge_fit.mistake(
    "bias-penalized",
    "You pull the bias towards 0 as well. It only lifts the line to the height of the data: leave it out.",
)
def _(X, y, lam):
    rows = np.column_stack([X, np.ones(len(X))])
    w = np.linalg.solve(rows.T @ rows + lam * np.eye(rows.shape[1]), rows.T @ y)
    return w[:-1], w[-1]


ridge_fit.switch(
    "through-the-origin",
    "Your line goes through the origin: b is 0. Center X and y first, or give the bias a column of ones.",
    centered=False,
    b="0",
)
ridge_fit.switch(
    "not-centered",
    "You fitted X and y without centering them, and added a bias afterwards. Then the weights have already tried to do "
    "the bias's work.",
    centered=False,
)
ridge_fit.switch(
    "bias-is-mean-of-y",
    "Your b is the mean of y, as if the mean of X were 0. Which b makes the line pass through both means?",
    b="mean of y",
)
ridge_fit.switch(
    "least-squares",
    "That is least squares: lam is not used. Where is the price of large weights?",
    penalty="none",
)
ridge_fit.switch(
    "lam-times-n",
    "You multiplied lam by the number of examples. Here the squares are added up, not averaged, so lam stays as it is.",
    penalty="times N",
)
ridge_fit.switch(
    "lam-everywhere",
    "You added lam to every entry of the matrix. The penalty touches each weight alone: lam belongs on the diagonal.",
    penalty="everywhere",
)
ridge_fit.switch(
    "lam-squared", "You squared lam. The weights are squared, the price is not.", penalty="squared"
)
ridge_fit.switch(
    "wrong-sign",
    "You subtracted lam, as if large weights earned something. They cost: the price is added.",
    penalty="subtracted",
)


@ridge_fit.mistake(
    "means-after-centering",
    "Your w is right, but b is 0: you took the means after you had subtracted them. b needs the old ones.",
)
def _(X, y, lam):
    w, _ = penalties.ridge_fit(X, y, lam)
    return w, 0.0
