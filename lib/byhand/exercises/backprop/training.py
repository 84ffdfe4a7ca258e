"""Training, in chapter 03. What trains is judged by what it reached, with room to spare."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.backprop import training

XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_Y = np.array([[0.0], [1.0], [1.0], [0.0]])


@exercise(training.gradient_step)
def gradient_step(draw):
    yield {"w": np.array([1.0, 2.0])}, {"w": np.array([10.0, -10.0])}, 0.1
    params = {"W": draw.normal(2, 3), "b": draw.normal(3)}
    yield params, {"W": draw.normal(2, 3) + 3, "b": draw.normal(3) - 3}, draw.choice([0.01, 0.2, 0.5])


@gradient_step.mistake(
    "unnamed-1",
    "You went uphill. The gradient says where the loss grows; you want it to fall. Which sign has the step?",
)
def _(params, grads, lr):
    return {name: params[name] + lr * grads[name] for name in params}


@gradient_step.mistake("unnamed-2", "The learning rate is missing: the step is lr times the gradient.")
def _(params, grads, lr):
    return {name: params[name] - grads[name] for name in params}


@gradient_step.mistake("unnamed-3", "That is the step alone. Take it off the parameters.")
def _(params, grads, lr):
    return {name: lr * grads[name] for name in params}


@gradient_step.mistake("unnamed-4", "That is the step alone. Add it to the parameters.")
def _(params, grads, lr):
    return {name: -lr * grads[name] for name in params}


@gradient_step.mistake(
    "unnamed-5",
    "The parameters did not change. Build a new dict, and put parameter minus step under each name.",
)
def _(params, grads, lr):
    return dict(params)


@gradient_step.mistake(
    "unnamed-6", "The learning rate scales the parameters too. Only the gradient is multiplied by it."
)
def _(params, grads, lr):
    return {name: lr * (params[name] - grads[name]) for name in params}


# twelve examples: their order would stay as it is once in 480 million shuffles
@exercise(training.minibatches)
def minibatches(draw):
    X = np.arange(24.0).reshape(12, 2)
    yield X, np.arange(12), 4, draw.rng()
    count = draw.choice([13, 14, 16, 17, 19])
    yield (
        np.arange(2.0 * count).reshape(count, 2),
        10 * np.arange(count),
        6,
        draw.rng(),
    )  # the last is not full
    yield X, np.arange(12), 12, draw.rng()  # one batch


@minibatches.accept
def _(answer, X, y, size, rng):
    inputs, labels = (np.concatenate([batch[part] for batch in answer]) for part in (0, 1))
    place = {tuple(row): label for row, label in zip(X.tolist(), y.tolist(), strict=True)}
    rows = [tuple(row) for row in inputs.tolist()]
    if any(row not in place for row in rows):
        return "A batch holds an example that is not among the given ones."
    if len(set(rows)) < len(rows):
        return "An example is in more than one batch, and so another in none. Every example is used once in an epoch."
    if any(place[row] != label for row, label in zip(rows, labels.tolist(), strict=True)):
        return "Examples and labels do not belong together any more. Shuffle both with the same order."
    if rows == list(place):
        return (
            "The examples are in their old order. Shuffle them first: rng.permutation(len(X)) is a new order."
        )
    return None


def _cut(X, y, size):
    return [(X[start : start + size], y[start : start + size]) for start in range(0, len(X), size)]


@minibatches.mistake(
    "unnamed-1",
    "You cut without shuffling. Data often comes sorted, and a batch should be a mixture: shuffle first.",
)
def _(X, y, size, rng):
    return _cut(X, y, size)


@minibatches.mistake(
    "unnamed-2",
    "You shuffled X and y each in its own way, so that the labels belong to other examples now. Draw one "
    "order for both.",
)
def _(X, y, size, rng):
    return _cut(X[rng.permutation(len(X))], y[rng.permutation(len(y))], size)


@minibatches.mistake(
    "unnamed-3", "You shuffled X, but not y. The labels must follow their examples: one order for both."
)
def _(X, y, size, rng):
    return _cut(X[rng.permutation(len(X))], y, size)


@minibatches.mistake(
    "unnamed-4",
    "The last batch is missing when it is not full. Every example is used once in an epoch: let the last "
    "batch be smaller.",
)
def _(X, y, size, rng):
    order = rng.permutation(len(X))
    return _cut(X[order], y[order], size)[: len(X) // size]


def _falls(losses):
    """What is wrong with a curve of losses that should fall, or None."""
    if np.ptp(losses) < 1e-12:
        return (
            "Your loss is the same in every step: nothing is learned. Do you keep what gradient_step "
            "returns, params = gradient_step(...)?"
        )
    if losses[-1] > losses[0]:
        return "Your loss grows. Does the step go against the gradient?"
    return None


@exercise(training.train_single_layer_xor, returns="params, losses")
def train_single_layer_xor(draw):
    yield 2.0, 200, draw.rng()
    yield 3.0, 150, draw.rng()


@train_single_layer_xor.accept
def _(answer, lr, epochs, rng):
    params, losses = answer
    problem = _falls(losses)
    if problem:
        return problem
    with np.errstate(over="ignore"):
        out = 1 / (1 + np.exp(-(XOR_X @ params["W"] + params["b"])))
    if np.abs(out - 0.5).max() > 0.05 or abs(losses[-1] - np.log(2)) > 0.01:
        return (
            f"Your last loss is {losses[-1]:.3f}, and the answers are {_list(out)}. The best that one layer can do "
            "is ½ for all four, with the loss log 2 = 0.693. Are loss and gradient those of the binary cross-entropy?"
        )
    return None


def _list(values):
    return ", ".join(f"{value:.2f}" for value in np.ravel(values))


@train_single_layer_xor.mistake(
    "unnamed-1",
    "Weights and losses are still zeros. Does your loop run, and do you store the loss of each step?",
)
def _(lr, epochs, rng):
    return {"W": np.zeros((2, 1)), "b": np.zeros(1)}, np.zeros(epochs)


@exercise(training.train_two_layer_xor, returns="params, losses")
def train_two_layer_xor(draw):
    yield 8, 5.0, 180, draw.rng()
    yield 12, 5.0, 160, draw.rng()


@train_two_layer_xor.accept
def _(answer, hidden, lr, epochs, rng):
    params, losses = answer
    problem = _falls(losses)
    if problem:
        return problem
    with np.errstate(over="ignore"):
        h = 1 / (1 + np.exp(-(XOR_X @ params["W1"] + params["b1"])))
        out = 1 / (1 + np.exp(-(h @ params["W2"] + params["b2"])))
    if np.abs(out - XOR_Y).max() > 0.3:
        return (
            f"The answers are {_list(out)} where 0, 1, 1, 0 is right. Do all four parameters learn, in each of the "
            f"{epochs} steps, and do the first weights differ from each other?"
        )
    if losses[-1] > 0.3:
        return "Your parameters solve XOR, but the last loss is not that of a solution. Is it the binary cross-entropy?"
    return None


@train_two_layer_xor.mistake(
    "unnamed-1",
    "Weights and losses are still zeros. Does your loop run, and do you store the loss of each step?",
)
def _(hidden, lr, epochs, rng):
    params = {
        "W1": np.zeros((2, hidden)),
        "b1": np.zeros(hidden),
        "W2": np.zeros((hidden, 1)),
        "b2": np.zeros(1),
    }
    return params, np.zeros(epochs)


def _rings(draw, count):
    """Three classes, one inside the other, which no straight line separates."""
    labels = np.arange(count) % 3
    radius = np.array([0.4, 1.3, 2.2])[labels] + draw.uniform(-0.2, 0.2, count)
    angle = 2 * np.pi * draw.rng().seed / 2**31 + 2.4 * np.arange(
        count
    )  # the golden angle fills the rings evenly
    return np.round(radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), 2), labels


@exercise(training.train_classifier, returns="params, losses")
def train_classifier(draw):
    X, labels = _rings(draw, 150)
    yield X, labels, [2, 32, 3], 0.5, 30, 25, draw.rng()


@train_classifier.accept
def _(answer, X, y, layer_sizes, lr, epochs, batch_size, rng):
    params, losses = answer
    problem = _falls(losses)
    if problem:
        return problem
    h = np.maximum(X @ params["W1"] + params["b1"], 0)
    right = np.mean(np.argmax(h @ params["W2"] + params["b2"], axis=1) == y)
    if right < 0.85:
        return (
            f"Your network is right on {right:.0%} of the examples that it learned from; 85 % can be reached easily. "
            "Does every batch of every epoch make one step, and do all the parameters learn?"
        )
    return None


@train_classifier.mistake(
    "unnamed-1",
    "Weights and losses are still zeros. Does your loop run, and do you store the loss of each epoch?",
)
def _(X, y, layer_sizes, lr, epochs, batch_size, rng):
    params = {}
    for layer, (inputs, outputs) in enumerate(pairwise(layer_sizes), start=1):
        params |= {f"W{layer}": np.zeros((inputs, outputs)), f"b{layer}": np.zeros(outputs)}
    return params, np.zeros(epochs)
