"""The exercises of chapter 01 on the boundary, and on the neuron that learns."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.neuron import perceptron as reference

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


@exercise(reference.decision_boundary)
def decision_boundary(draw):
    yield np.array([1.0, 2.0]), -3.0, np.array([0.0, 1.0, 3.0])
    for count in (4, 1):
        weights = draw.uniform(0.5, 2, 2) * np.array([draw.choice([-1, 1]), draw.choice([-1, 1])])
        yield weights, draw.normal(), draw.normal(count)
    yield np.array([0.0, 2.0]), draw.uniform(0.5, 3), draw.normal(2)  # a level line


@decision_boundary.mistake(
    "bias-sign",
    "The sign of the bias is wrong. Write w1·x1 + w2·x2 + b = 0 and bring everything but w2·x2 to the other side.",
)
def _(w, b, x1):
    return (b - w[0] * x1) / w[1]


@decision_boundary.mistake(
    "w1-sign",
    "The sign of w1·x1 is wrong. Write w1·x1 + w2·x2 + b = 0 and bring everything but w2·x2 to the other side.",
)
def _(w, b, x1):
    return (w[0] * x1 - b) / w[1]


@decision_boundary.mistake(
    "minus-missing", "The minus is missing: what moves to the other side of the = changes its sign."
)
def _(w, b, x1):
    return (w[0] * x1 + b) / w[1]


@decision_boundary.mistake(
    "bias-missing", "The bias is missing: your line always goes through (0, 0). The bias moves it away."
)
def _(w, b, x1):
    return -w[0] * x1 / w[1]


@decision_boundary.mistake(
    "weights-exchanged", "You exchanged the two weights: w[0] belongs to x1, and w[1] to x2."
)
def _(w, b, x1):
    return -(w[1] * x1 + b) / w[0]


@decision_boundary.mistake("not-divided", "You have w2·x2, but not yet x2: what is left to divide by?")
def _(w, b, x1):
    return -(w[0] * x1 + b)


@decision_boundary.mistake(
    "only-bias-divided",
    "Only the bias is divided by w2. Python divides before it subtracts: put brackets round the numerator.",
)
def _(w, b, x1):
    return -w[0] * x1 - b / w[1]


@decision_boundary.mistake(
    "only-bias-divided-and-its-sign",
    "Two things at once: only the bias is divided by w2, because Python divides before it adds; and the minus "
    "belongs to both, -(w1·x1 + b). Put brackets round all that stands above the bar.",
)
def _(w, b, x1):
    return -w[0] * x1 + b / w[1]


@decision_boundary.mistake(
    "bias-not-divided",
    "Only the part with x1 is divided by w2. All that stands on the other side is divided: put brackets round it.",
)
def _(w, b, x1):
    return -w[0] * x1 / w[1] - b


@decision_boundary.mistake("bias-not-divided")
def _(w, b, x1):
    return -w[0] / w[1] * x1 + b


@exercise(reference.perceptron_update, returns="w, b")
def perceptron_update(draw):
    yield np.array([1.0, 2.0]), 1, np.array([0.5, -1.0]), 0.0, 0.1  # silent, should fire
    yield np.array([2.0, -1.0]), 0, np.array([1.0, 0.5]), 0.5, 0.5  # fires, should not
    yield np.array([1.0, 2.0]), 1, np.array([1.0, 1.0]), 0.5, 0.1  # right
    yield np.array([1.0, 1.0]), 0, np.array([1.0, 1.0]), -3.0, 0.1  # right, thanks to the bias
    yield np.array([1.0, 2.0]), 0, np.array([0.0, 0.0]), 0.0, 0.5  # z = 0 fires: how a fit from zeros starts
    for inputs in (3, 1):
        x, w, b = draw.normal(inputs), draw.normal(inputs), draw.normal()
        if abs(x @ w + b) < 0.05:
            b += 1.0  # a tie would be decided by rounding
        yield x, int(x @ w + b < 0), w, b, draw.choice([0.1, 0.2, 0.5])


@perceptron_update.switchable
def _updated(
    x, y, w, b, lr, *, way=1, answer=np.greater_equal, bias_seen=True, b_learns=1, rates="wb", scaled=True
):
    z = x @ w + (b if bias_seen else 0)
    error = way * (float(y) - (float(answer(z, 0)) if answer else z))
    dw, db = error * (x if scaled else 1), b_learns * error
    return w + (lr if "w" in rates else 1) * dw, b + (lr if "b" in rates else 1) * db


perceptron_update.switch(
    "wrong-way",
    "The correction goes the wrong way: after it, the neuron is further from the right answer. "
    "Should the sum grow or shrink when the neuron was silent and y is 1?",
    way=-1,
)
perceptron_update.switch(
    "compared-with-z",
    "You compared y with the weighted sum z. The perceptron compares y with the neuron's answer, step(z). "
    "(With z it is another rule, Widrow and Hoff's.)",
    answer=None,
)
perceptron_update.switch(
    "bias-does-not-learn",
    "The weights are right, but b did not change. The bias learns too, as if its input were always 1.",
    b_learns=0,
)
perceptron_update.switch(
    "rate-missing-for-b",
    "The weights are right, but the correction of b is too large: the learning rate holds for b as well.",
    rates="w",
)
perceptron_update.switch(
    "rate-missing",
    "The learning rate is missing: multiply the correction of w and of b by lr.",
    rates="",
)
perceptron_update.switch(
    "rate-missing-for-w",
    "The correction of w is too large: the learning rate holds for w as well as for b.",
    rates="b",
)
perceptron_update.switch(
    "inputs-missing",
    "The inputs are missing in the correction of w: a weight whose input was large is more to blame than one "
    "whose input was small.",
    scaled=False,
)
perceptron_update.switch(
    "bias-not-asked",
    "You forgot the bias when you asked for the neuron's answer: it is step(x·w + b).",
    bias_seen=False,
)
perceptron_update.switch(
    "silent-at-0",
    "You took a sum of exactly 0 for silence. In this course step(0) is 1: the neuron fires.",
    answer=np.greater,
)


def _error(x, y, w, b):
    return float(y) - float(x @ w + b >= 0)


@perceptron_update.mistake(
    "always-corrects",
    "You correct the neuron even when it is right. Then y and its answer are equal: change nothing.",
)
def _(x, y, w, b, lr):
    return w + lr * (2 * y - 1) * x, b + lr * (2 * y - 1)


@perceptron_update.mistake(
    "answer-asked-again",
    "Your b is not right: you asked the neuron once more after w had changed. Both corrections follow from one "
    "answer, the one before anything changed. Keep it in a variable.",
)
def _(x, y, w, b, lr):
    w = w + lr * _error(x, y, w, b) * x
    return w, b + lr * _error(x, y, w, b)


@perceptron_update.mistake(
    "always-adds",
    "When the neuron is wrong you always add x. If it fired and should have been silent, the sum must shrink.",
)
def _(x, y, w, b, lr):
    return w + lr * abs(_error(x, y, w, b)) * x, b + lr * abs(_error(x, y, w, b))


@perceptron_update.mistake(
    "labels-minus-1-and-1",
    "With y = 0 you never correct anything. A rule with a product of y and z is made for the labels -1 and 1; "
    "here they are 0 and 1.",
)
def _(x, y, w, b, lr):
    wrong = y * (x @ w + b) <= 0
    return w + lr * wrong * y * x, b + lr * wrong * y


@perceptron_update.mistake(
    "correction-only",
    "You returned the corrections alone. Asked are the new w and the new b: add each to the old one.",
)
def _(x, y, w, b, lr):
    return lr * _error(x, y, w, b) * x, lr * _error(x, y, w, b)


# From zeros and in the order given, the result is one and no other. Inputs are whole quarters and learning rates powers
# of two, so that no sum is rounded and no tie is decided by the order in which somebody multiplies.


def _two_clouds(draw, direction, center, count=12):
    """Examples on both sides of a line through `center`, well away from it, and their labels."""
    direction = np.array(direction) / np.linalg.norm(direction)
    labels = np.arange(count) % 2
    along = draw.normal(count, len(direction))
    along -= (along @ direction)[:, np.newaxis] * direction
    away = (2 * labels - 1) * draw.uniform(0.5, 2, count)
    X = np.round(4 * (center + along + away[:, np.newaxis] * direction)) / 4 + 0.0
    order = draw.permutation(count)
    return X[order], labels[order]


def _still_learning(draw, epochs, lr):
    """Examples of which some are labeled wrong, on which every epoch up to the one after `epochs` changes something."""
    while True:
        X, y = _two_clouds(draw, (draw.choice([-1, 1]), 1), 1.0)
        y[draw.permutation(12)[:2]] ^= 1
        # of ever more epochs; none is like the one before
        fits = [np.append(*_fit(X, y, lr, epochs + more)) for more in (-1, 0, 1)]
        if not np.array_equal(fits[0], fits[1]) and not np.array_equal(fits[1], fits[2]):
            return X, y, lr, epochs


@exercise(reference.perceptron_fit, returns="w, b")
def perceptron_fit(draw):
    yield CORNERS, np.array([0, 0, 0, 1]), 1.0, 100  # AND
    sign = draw.choice([-1, 1])
    yield *_two_clouds(draw, (sign, sign), 2.0), 0.5, 100  # no line through the origin separates these
    signs = [draw.choice([-1, 1]) for _ in range(3)]
    yield *_two_clouds(draw, signs, 0.0), 0.25, draw.integers(40, 80)
    yield _still_learning(draw, draw.integers(2, 5), draw.choice([0.5, 0.25, 0.125]))
    yield _still_learning(draw, 1, 0.5)
    yield np.array([[0.0], [1.0]]), np.array([0, 1]), 1.0, 20


@perceptron_fit.switchable
def _fit(
    X,
    y,
    lr,
    epochs,
    *,
    first=0,
    first_b=None,
    rate=None,
    passes=None,
    until=None,
    b_learns=1,
    answer=np.greater_equal,
):
    """The perceptron, written for speed, so that a failed check is shown at once."""
    lr = rate or lr
    w, b = np.full(X.shape[1], float(first)), float(first if first_b is None else first_b)
    for _ in range(passes(epochs) if passes else epochs):
        before = w, b
        for example, label in zip(X[:until], y[:until], strict=True):
            error = label - answer(example @ w + b, 0)
            if error:
                w, b = w + lr * error * example, b + b_learns * lr * error
        if before[0] is w and before[1] == b:  # every later pass would be the same
            break
    return w, b


perceptron_fit.switch(
    "from-ones", "You started from ones. Asked is: start with all weights and the bias at 0.", first=1
)
perceptron_fit.switch("from-ones", first=1, first_b=0)
perceptron_fit.switch(
    "rate-ignored",
    "Your corrections are always as large as the inputs: multiply them by lr. From zeros that moves no line, but here "
    "w and b themselves are compared.",
    rate=1.0,
)
perceptron_fit.switch(
    "single-pass",
    "Your result is that of a single pass. Does `return` stand inside the loop over epochs, or do w and b start "
    "from zeros again in every epoch?",
    passes=lambda epochs: 1,
)
perceptron_fit.switch(
    "one-pass-too-few",
    "One pass through the examples is missing. range(epochs) already makes `epochs` passes.",
    passes=lambda epochs: epochs - 1,
)
perceptron_fit.switch(
    "one-pass-too-many",
    "You make one pass too many through the examples. range(epochs) already makes `epochs` passes.",
    passes=lambda epochs: epochs + 1,
)
perceptron_fit.switch(
    "only-the-first-example",
    "Only the first example was used. Does `return` stand inside the loop over the examples?",
    passes=lambda epochs: 1,
    until=1,
)
perceptron_fit.switch(
    "last-example-left-out",
    "The last example is never used. Where does the loop over the examples stop?",
    until=-1,
)
perceptron_fit.switch(
    "bias-does-not-learn",
    "Your weights learn but b stays 0, so your line always goes through the origin. Keep the new b as well.",
    b_learns=0,
)
perceptron_fit.switch(
    "silent-at-0",
    "You took a sum of exactly 0 for silence, as at the start, where all is 0. In this course step(0) is 1: the "
    "neuron fires.",
    answer=np.greater,
)


@perceptron_fit.mistake(
    "still-zeros",
    "Your w and b are still zeros. `perceptron_update` changes nothing in place: do you keep what it returns, both "
    "w and b?",
)
def _(X, y, lr, epochs):
    return np.zeros(X.shape[1]), 0.0


@perceptron_fit.mistake(
    "wrong-way",
    "The corrections go the wrong way: with every mistake the neuron moves further from the right answer.",
)
def _(X, y, lr, epochs):
    return _fit(X, y, -lr, epochs)


@perceptron_fit.mistake(
    "labels-minus-1-and-1",
    "Your neuron learns from the examples with y = 1 alone. The rule with a product of y and z is made for the "
    "labels -1 and 1; here they are 0 and 1.",
)
def _(X, y, lr, epochs):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        for example, label in zip(X, y, strict=True):
            if label * (example @ w + b) <= 0:
                w, b = w + lr * label * example, b + lr * label
    return w, b


@perceptron_fit.mistake(
    "corrected-after-the-pass",
    "You add up the corrections of a whole pass before you make them. Asked is: correct after each example, and take "
    "the next one with the new w and b.",
)
def _(X, y, lr, epochs):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        error = y - (X @ w + b >= 0)
        w, b = w + lr * error @ X, b + lr * np.sum(error)
    return w, b


@perceptron_fit.mistake(
    "stopped-at-the-first-right",
    "You stop as soon as one example is right. Training may end early only after a pass in which all of them were.",
)
def _(X, y, lr, epochs):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        for example, label in zip(X, y, strict=True):
            error = label - (example @ w + b >= 0)
            if not error:
                return w, b
            w, b = w + lr * error * example, b + lr * error
    return w, b
