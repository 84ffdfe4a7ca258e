"""The exercises of chapter 01 on gates, on the boundary, and on the neuron that learns."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.neuron import perceptron as reference

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def _four_inputs(draw):
    yield 0, 0
    yield 0, 1
    yield 1, 0
    yield 1, 1


def _answers(*table):
    """A gate that answers `table` to (0, 0), (0, 1), (1, 0), (1, 1)."""
    return lambda x1, x2: table[2 * x1 + x2]


and_gate = exercise(reference.and_gate)(_four_inputs)

and_gate.mistake(
    "unnamed-1",
    "Your neuron fires as soon as one input is 1: that is OR. The bias must hold it back until both inputs are 1.",
)(_answers(0, 1, 1, 1))
and_gate.mistake(
    "unnamed-2",
    "Your neuron never fires, not even for (1, 1). The bias holds it back too strongly, or a weight is negative.",
)(_answers(0, 0, 0, 0))
and_gate.mistake(
    "unnamed-3",
    "Your neuron always fires, even for (0, 0), where the sum is the bias alone. Which sign must it have?",
)(_answers(1, 1, 1, 1))
and_gate.mistake(
    "unnamed-4", "Your answers are the opposite of AND: that is NAND. What happens if all signs are turned?"
)(_answers(1, 1, 1, 0))
and_gate.mistake("unnamed-5", "Your neuron only repeats x1. Do both inputs have a weight?")(
    _answers(0, 0, 1, 1)
)
and_gate.mistake("unnamed-6", "Your neuron only repeats x2. Do both inputs have a weight?")(
    _answers(0, 1, 0, 1)
)


or_gate = exercise(reference.or_gate)(_four_inputs)

or_gate.mistake(
    "unnamed-1",
    "Your neuron waits for both inputs: that is AND. One input alone must be enough to lift the sum to 0.",
)(_answers(0, 0, 0, 1))
or_gate.mistake(
    "unnamed-2",
    "Your neuron fires even for (0, 0). There the sum is the bias alone, and step(0) is 1: is your bias below 0?",
)(_answers(1, 1, 1, 1))
or_gate.mistake(
    "unnamed-3", "Your answers are the opposite of OR: that is NOR. What happens if all signs are turned?"
)(_answers(1, 0, 0, 0))
or_gate.mistake("unnamed-4", "That is XOR, either but not both. OR fires for (1, 1) as well.")(
    _answers(0, 1, 1, 0)
)
or_gate.mistake("unnamed-5", "Your neuron only repeats x1. Do both inputs have a weight?")(
    _answers(0, 0, 1, 1)
)
or_gate.mistake("unnamed-6", "Your neuron only repeats x2. Do both inputs have a weight?")(
    _answers(0, 1, 0, 1)
)


nand_gate = exercise(reference.nand_gate)(_four_inputs)

nand_gate.mistake("unnamed-1", "That is AND. NAND is its opposite: it fires everywhere except at (1, 1).")(
    _answers(0, 0, 0, 1)
)
nand_gate.mistake(
    "unnamed-2",
    "That is NOR: one input alone silences your neuron. Only both together should pull the sum below 0.",
)(_answers(1, 0, 0, 0))
nand_gate.mistake(
    "unnamed-3",
    "Your neuron fires for (1, 1) too. Both weights together must pull the sum below 0; a sum of exactly 0 fires.",
)(_answers(1, 1, 1, 1))
nand_gate.mistake(
    "unnamed-4", "That is OR. NAND fires for (0, 0), so the bias alone must be enough to fire."
)(_answers(0, 1, 1, 1))
nand_gate.mistake(
    "unnamed-5", "Your neuron never fires. For (0, 0) the sum is the bias alone: which sign must it have?"
)(_answers(0, 0, 0, 0))


@exercise(reference.decision_boundary)
def decision_boundary(draw):
    yield np.array([1.0, 2.0]), -3.0, np.array([0.0, 1.0, 3.0])
    weights = draw.uniform(0.5, 2, 2) * np.array([draw.choice([-1, 1]), draw.choice([-1, 1])])
    yield weights, draw.normal(), draw.normal(4)


@decision_boundary.mistake(
    "unnamed-1",
    "The sign of the bias is wrong. Write w1·x1 + w2·x2 + b = 0 and bring everything but w2·x2 to the other side.",
)
def _(w, b, x1):
    return (b - w[0] * x1) / w[1]


@decision_boundary.mistake(
    "unnamed-2",
    "The sign of w1·x1 is wrong. Write w1·x1 + w2·x2 + b = 0 and bring everything but w2·x2 to the other side.",
)
def _(w, b, x1):
    return (w[0] * x1 - b) / w[1]


@decision_boundary.mistake(
    "unnamed-3", "The minus is missing: what moves to the other side of the = changes its sign."
)
def _(w, b, x1):
    return (w[0] * x1 + b) / w[1]


@decision_boundary.mistake(
    "unnamed-4", "The bias is missing: your line always goes through (0, 0). The bias moves it away."
)
def _(w, b, x1):
    return -w[0] * x1 / w[1]


@decision_boundary.mistake("unnamed-5", "You exchanged the two weights: w[0] belongs to x1, and w[1] to x2.")
def _(w, b, x1):
    return -(w[1] * x1 + b) / w[0]


@decision_boundary.mistake("unnamed-6", "You have w2·x2, but not yet x2: what is left to divide by?")
def _(w, b, x1):
    return -(w[0] * x1 + b)


@decision_boundary.mistake(
    "unnamed-7",
    "Only the bias is divided by w2. Python divides before it subtracts: put brackets round the numerator.",
)
def _(w, b, x1):
    return -w[0] * x1 - b / w[1]


@exercise(reference.perceptron_update, returns="w, b")
def perceptron_update(draw):
    yield np.array([1.0, 2.0]), 1, np.array([0.5, -1.0]), 0.0, 0.1  # silent, should fire
    yield np.array([2.0, -1.0]), 0, np.array([1.0, 0.5]), 0.5, 0.5  # fires, should not
    yield np.array([1.0, 2.0]), 1, np.array([1.0, 1.0]), 0.5, 0.1  # right
    yield np.array([1.0, 1.0]), 0, np.array([1.0, 1.0]), -3.0, 0.1  # right, thanks to the bias
    yield np.array([1.0, 2.0]), 0, np.array([0.0, 0.0]), 0.0, 0.5  # z = 0 fires: how a fit from zeros starts
    x, w, b = draw.normal(3), draw.normal(3), draw.normal()
    if abs(x @ w + b) < 0.05:
        b += 1.0  # a tie would be decided by rounding
    yield x, int(x @ w + b < 0), w, b, draw.choice([0.1, 0.2, 0.5])


def _error(x, y, w, b):
    return float(y) - float(x @ w + b >= 0)


@perceptron_update.mistake(
    "unnamed-1",
    "The correction goes the wrong way: after it, the neuron is further from the right answer. "
    "Should the sum grow or shrink when the neuron was silent and y is 1?",
)
def _(x, y, w, b, lr):
    return w - lr * _error(x, y, w, b) * x, b - lr * _error(x, y, w, b)


@perceptron_update.mistake(
    "unnamed-2",
    "You correct the neuron even when it is right. Then y and its answer are equal: change nothing.",
)
def _(x, y, w, b, lr):
    return w + lr * (2 * y - 1) * x, b + lr * (2 * y - 1)


@perceptron_update.mistake(
    "unnamed-3",
    "You compared y with the weighted sum z. The perceptron compares y with the neuron's answer, step(z). "
    "(With z it is another rule, Widrow and Hoff's.)",
)
def _(x, y, w, b, lr):
    return w + lr * (y - (x @ w + b)) * x, b + lr * (y - (x @ w + b))


@perceptron_update.mistake(
    "unnamed-4",
    "The weights are right, but b did not change. The bias learns too, as if its input were always 1.",
)
def _(x, y, w, b, lr):
    return w + lr * _error(x, y, w, b) * x, b


@perceptron_update.mistake(
    "unnamed-5",
    "The weights are right, but the correction of b is too large: the learning rate holds for b as well.",
)
def _(x, y, w, b, lr):
    return w + lr * _error(x, y, w, b) * x, b + _error(x, y, w, b)


@perceptron_update.mistake(
    "unnamed-6", "The learning rate is missing: multiply the correction of w and of b by lr."
)
def _(x, y, w, b, lr):
    return w + _error(x, y, w, b) * x, b + _error(x, y, w, b)


@perceptron_update.mistake(
    "unnamed-7",
    "The inputs are missing in the correction of w: a weight whose input was large is more to blame than one "
    "whose input was small.",
)
def _(x, y, w, b, lr):
    return w + lr * _error(x, y, w, b), b + lr * _error(x, y, w, b)


@perceptron_update.mistake(
    "unnamed-8",
    "When the neuron is wrong you always add x. If it fired and should have been silent, the sum must shrink.",
)
def _(x, y, w, b, lr):
    return w + lr * abs(_error(x, y, w, b)) * x, b + lr * abs(_error(x, y, w, b))


@perceptron_update.mistake(
    "unnamed-9",
    "With y = 0 you never correct anything. A rule with a product of y and z is made for the labels -1 and 1; "
    "here they are 0 and 1.",
)
def _(x, y, w, b, lr):
    wrong = y * (x @ w + b) <= 0
    return w + lr * wrong * y * x, b + lr * wrong * y


@perceptron_update.mistake(
    "unnamed-10", "You forgot the bias when you asked for the neuron's answer: it is step(x·w + b)."
)
def _(x, y, w, b, lr):
    return w + lr * _error(x, y, w, 0) * x, b + lr * _error(x, y, w, 0)


@perceptron_update.mistake(
    "unnamed-11", "You took a sum of exactly 0 for silence. In this course step(0) is 1: the neuron fires."
)
def _(x, y, w, b, lr):
    error = y - float(x @ w + b > 0)
    return w + lr * error * x, b + lr * error


def _two_clouds(draw, direction, center, count=12):
    """Examples on both sides of a line through `center`, at least 0.5 away from it, and their labels."""
    direction = np.array(direction) / np.linalg.norm(direction)
    labels = np.arange(count) % 2
    along = draw.normal(count, len(direction))
    along -= (along @ direction)[:, np.newaxis] * direction
    away = (2 * labels - 1) * draw.uniform(0.5, 2, count)
    X = np.round(center + along + away[:, np.newaxis] * direction, 2)
    order = draw.permutation(count)
    return X[order], labels[order]


# In thousands of draws no perceptron needed more than a quarter of these epochs, also from random weights.
@exercise(reference.perceptron_fit, returns="w, b")
def perceptron_fit(draw):
    yield CORNERS, np.array([0, 0, 0, 1]), 1.0, 100  # AND
    sign = draw.choice([-1, 1])
    yield *_two_clouds(draw, (sign, sign), 2.0), 0.5, 100  # no line through the origin separates these
    signs = [draw.choice([-1, 1]) for _ in range(3)]
    yield *_two_clouds(draw, signs, 0.0), 0.1, 100


@perceptron_fit.accept
def _(answer, X, y, lr, epochs):
    w, b = answer
    wrong = int(np.sum((X @ w + b >= 0) != y))
    if wrong == 0:
        return None
    side = "example lies" if wrong == 1 else "examples lie"
    return (
        f"{wrong} of {len(y)} {side} on the wrong side of your line. The data can be separated, and {epochs} "
        "epochs are enough: does every example correct w and b, in every epoch?"
    )


def _fit(X, y, lr, epochs, learn_b=1):
    """The perceptron, written for speed, so that a failed check is shown at once."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        for example, label in zip(X, y, strict=True):
            error = label - (example @ w + b >= 0)
            if error:
                w, b = w + lr * error * example, b + learn_b * lr * error
    return w, b


@perceptron_fit.mistake(
    "unnamed-1",
    "Your w and b are still zeros. `perceptron_update` changes nothing in place: keep what it returns, "
    "w, b = perceptron_update(...).",
)
def _(X, y, lr, epochs):
    return np.zeros(X.shape[1]), 0.0


@perceptron_fit.mistake(
    "unnamed-2",
    "Your result is that of a single pass. Does `return` stand inside the loop over epochs, or do w and b start "
    "from zeros again in every epoch?",
)
def _(X, y, lr, epochs):
    return _fit(X, y, lr, 1)


@perceptron_fit.mistake(
    "unnamed-3", "Only the first example was used. Does `return` stand inside the loop over the examples?"
)
def _(X, y, lr, epochs):
    return _fit(X[:1], y[:1], lr, 1)


@perceptron_fit.mistake(
    "unnamed-4",
    "Your weights learn but b stays 0, so your line always goes through the origin. Keep the new b as well.",
)
def _(X, y, lr, epochs):
    return _fit(X, y, lr, epochs, learn_b=0)


@perceptron_fit.mistake(
    "unnamed-5",
    "The corrections go the wrong way: with every mistake the neuron moves further from the right answer.",
)
def _(X, y, lr, epochs):
    return _fit(X, y, -lr, epochs)


@perceptron_fit.mistake(
    "unnamed-6",
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


xor_gate = exercise(reference.xor_gate)(_four_inputs)

xor_gate.mistake(
    "unnamed-1", "That is OR. XOR must be silent for (1, 1): which of your gates says that not both are 1?"
)(_answers(0, 1, 1, 1))
xor_gate.mistake(
    "unnamed-2",
    "That is NAND. XOR must be silent for (0, 0): which of your gates says that at least one is 1?",
)(_answers(1, 1, 1, 0))
xor_gate.mistake("unnamed-3", "That is AND. XOR fires when exactly one input is 1.")(_answers(0, 0, 0, 1))
xor_gate.mistake("unnamed-4", "Your answers are the opposite of XOR: yours says that both inputs are equal.")(
    _answers(1, 0, 0, 1)
)
xor_gate.mistake(
    "unnamed-5",
    "Your gate always fires. For every input at least one of OR and NAND is 1; XOR asks for both at once.",
)(_answers(1, 1, 1, 1))
xor_gate.mistake("unnamed-6", "Your gate never fires. You ask for two things that are never true together.")(
    _answers(0, 0, 0, 0)
)
