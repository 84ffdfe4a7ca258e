"""Losses and their gradients, in chapter 03."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.activations.probabilities import log_softmax, softmax
from byhand.reference.backprop import losses


@exercise(losses.mse_loss, returns="loss, gradient")
def mse_loss(draw):
    yield np.array([3.0, 1.0]), np.array([1.0, 1.0])
    yield draw.normal(4) + 3, draw.normal(4)
    yield draw.normal(3, 2), draw.normal(3, 2) + 3  # a table: the mean is over all its numbers


@mse_loss.mistake(
    "unnamed-1",
    "You put ½ before the sum. Many books do; this course takes the plain mean, so the 2 stays in the "
    "gradient.",
)
def _(pred, target):
    error = pred - target
    return np.mean(error**2) / 2, error / error.size


@mse_loss.mistake(
    "unnamed-2",
    "The loss is right. In the gradient a factor is missing: how steep is error² where the error is 1?",
)
def _(pred, target):
    error = pred - target
    return np.mean(error**2), error / error.size


@mse_loss.mistake(
    "unnamed-3",
    "The loss is right. The gradient is too large: one answer is only one of many in the mean, so by what is "
    "its share divided?",
)
def _(pred, target):
    error = pred - target
    return np.mean(error**2), 2 * error


@mse_loss.mistake(
    "unnamed-4",
    "The loss is right, and the gradient has the wrong sign: where an answer is too large, the loss grows "
    "with it.",
)
def _(pred, target):
    error = pred - target
    return np.mean(error**2), -2 * error / error.size


@mse_loss.mistake("unnamed-5", "That is the sum of the squared errors. Asked is their mean.")
def _(pred, target):
    error = pred - target
    return np.sum(error**2), 2 * error


@mse_loss.mistake(
    "unnamed-6",
    "Only the table is wrong: you divided by the number of its rows. The mean is over all its numbers, "
    "error.size.",
)
def _(pred, target):
    error = pred - target
    return np.sum(error**2) / len(error), 2 * error / len(error)


@mse_loss.mistake(
    "unnamed-7",
    "Only the gradient of the table is wrong: you divided by the number of its rows. The mean was over all "
    "its numbers, error.size.",
)
def _(pred, target):
    error = pred - target
    return np.mean(error**2), 2 * error / len(error)


@mse_loss.mistake(
    "unnamed-8",
    "You took the root at the end. Asked is the mean of the squares itself; the gradient you have is its "
    "gradient.",
)
def _(pred, target):
    error = pred - target
    return np.sqrt(np.mean(error**2)), 2 * error / error.size


@mse_loss.mistake(
    "unnamed-9",
    "You took the sizes of the errors and not their squares. Both are used; this exercise asks for the "
    "squares.",
)
def _(pred, target):
    error = pred - target
    return np.mean(np.abs(error)), np.sign(error) / error.size


@exercise(losses.binary_cross_entropy_loss, returns="loss, gradient")
def binary_cross_entropy_loss(draw):
    yield np.array([0.5, 0.8]), np.array([0, 1])
    yield np.array([0.9, 0.2, 0.7]), np.array([0, 1, 1])
    labels = draw.permutation(4) % 2
    yield draw.uniform(0.1, 0.4, 4), labels
    yield draw.uniform(0.1, 0.4, 2, 2), labels.reshape(2, 2)


@binary_cross_entropy_loss.mistake(
    "unnamed-1",
    "Where the target is 0 your loss is 0: nothing is said against a wrong yes. What is the probability that "
    "you gave to no?",
)
def _(prob, target):
    return np.mean(-target * np.log(prob)), -target / prob / prob.size


@binary_cross_entropy_loss.mistake(
    "unnamed-2",
    "Your gradient is right; the loss lacks its second part: where the target is 0, it is -log(1 - p).",
)
def _(prob, target):
    return np.mean(-target * np.log(prob)), losses.binary_cross_entropy_loss(prob, target)[1]


@binary_cross_entropy_loss.mistake(
    "unnamed-3",
    "Your loss is negative. The logarithm of a probability is below 0: which sign stands before it?",
)
def _(prob, target):
    loss, gradient = losses.binary_cross_entropy_loss(prob, target)
    return -loss, gradient


@binary_cross_entropy_loss.mistake(
    "unnamed-4",
    "You gave p - t. That is the gradient for z, before the sigmoid. Here you are asked for p itself: what "
    "is the slope of log p?",
)
def _(prob, target):
    return losses.binary_cross_entropy_loss(prob, target)[0], (prob - target) / prob.size


@binary_cross_entropy_loss.mistake(
    "unnamed-5",
    "The loss is right. The gradient is too large: the loss is a mean, so each answer's share is divided by "
    "their number.",
)
def _(prob, target):
    loss, gradient = losses.binary_cross_entropy_loss(prob, target)
    return loss, gradient * prob.size


@binary_cross_entropy_loss.mistake(
    "unnamed-6",
    "The loss is right. In the gradient a bracket is missing: both p and 1 - p stand below the fraction bar. Python "
    "computes `a / b * c` from left to right.",
)
def _(prob, target):
    loss, _ = losses.binary_cross_entropy_loss(prob, target)
    return loss, (prob - target) / prob * (1 - prob) / prob.size


@binary_cross_entropy_loss.mistake("unnamed-7", "That is the sum over all the answers. Asked is their mean.")
def _(prob, target):
    loss, gradient = losses.binary_cross_entropy_loss(prob, target)
    return loss * prob.size, gradient * prob.size


@binary_cross_entropy_loss.mistake(
    "unnamed-8",
    "Only the table is wrong: you divided by the number of its rows. The mean is over all its numbers, "
    "prob.size.",
)
def _(prob, target):
    loss, gradient = losses.binary_cross_entropy_loss(prob, target)
    return loss * prob.size / len(prob), gradient * prob.size / len(prob)


@binary_cross_entropy_loss.mistake(
    "unnamed-9", "You exchanged the two parts: a target of 1 belongs to log p, a target of 0 to log(1 - p)."
)
def _(prob, target):
    return losses.binary_cross_entropy_loss(prob, 1 - target)


@binary_cross_entropy_loss.mistake(
    "unnamed-10",
    "The loss is right, and the gradient has the wrong sign: where the target is 1, a larger p makes the "
    "loss smaller.",
)
def _(prob, target):
    loss, gradient = losses.binary_cross_entropy_loss(prob, target)
    return loss, -gradient


@exercise(losses.cross_entropy_loss, returns="loss, gradient")
def cross_entropy_loss(draw):
    yield np.array([[1.0, 2.0, 0.0], [0.0, 0.0, 3.0]]), np.array([1, 0])
    yield draw.normal(5, 3), draw.integers(0, 3, 5)
    yield np.array([[1000.0, -1000.0, 0.0], [0.0, 1000.0, 999.0]]), np.array([1, 2])  # must not overflow


def _hot(logits, labels):
    return np.eye(logits.shape[1])[labels]


def _log_prob(logits, labels):
    return log_softmax(logits)[np.arange(len(labels)), labels]


UNDERFLOW = (
    "Only the scores of ±1000 are wrong. There a probability is too small for the computer and becomes 0, "
    "and log 0 is -inf. log_softmax never forms the probability."
)


@cross_entropy_loss.mistake(
    "unnamed-1",
    "`table[:, labels]` takes these columns from every row: a whole table. You want one number a row: give the rows "
    "as a list too, np.arange(len(labels)).",
)
def _(logits, labels):
    gradient = softmax(logits)
    gradient[:, labels] -= 1
    return -np.mean(log_softmax(logits)[:, labels]), gradient / len(labels)


@cross_entropy_loss.mistake(
    "unnamed-2",
    "The gradient is right. In the loss, `[:, labels]` takes these columns from every row, a whole table. Which "
    "number do you want from each row?",
)
def _(logits, labels):
    return -np.mean(log_softmax(logits)[:, labels]), losses.cross_entropy_loss(logits, labels)[1]


@cross_entropy_loss.mistake("unnamed-3", UNDERFLOW)
def _(logits, labels):
    prob = softmax(logits)
    return -np.mean(np.log(np.sum(prob * _hot(logits, labels), axis=1))), (prob - _hot(logits, labels)) / len(
        logits
    )


@cross_entropy_loss.mistake(
    "unnamed-4",
    "Only the scores of ±1000 are wrong: e^1000 is infinity, and infinity divided by itself is nan. Chapter "
    "2 has a softmax and a log_softmax that shift the scores first.",
)
def _(logits, labels):
    e = np.exp(logits)
    prob = e / e.sum(axis=1, keepdims=True)
    return -np.mean(np.log(prob[np.arange(len(labels)), labels])), (prob - _hot(logits, labels)) / len(logits)


@cross_entropy_loss.mistake(
    "unnamed-5",
    "The loss is right. The gradient is too large: the loss is a mean over N examples, so each one's share "
    "is divided by N.",
)
def _(logits, labels):
    return -np.mean(_log_prob(logits, labels)), softmax(logits) - _hot(logits, labels)


@cross_entropy_loss.mistake(
    "unnamed-6",
    "The loss is right, and the gradient has the wrong sign: a larger score for the right class makes the "
    "loss smaller.",
)
def _(logits, labels):
    return -np.mean(_log_prob(logits, labels)), (_hot(logits, labels) - softmax(logits)) / len(logits)


@cross_entropy_loss.mistake(
    "unnamed-7",
    "The loss is right. Your gradient is only the probabilities: in each row, 1 must be taken off the right "
    "class.",
)
def _(logits, labels):
    return -np.mean(_log_prob(logits, labels)), softmax(logits) / len(logits)


@cross_entropy_loss.mistake("unnamed-8", "That is the sum over the examples. Asked is their mean.")
def _(logits, labels):
    return -np.sum(_log_prob(logits, labels)), softmax(logits) - _hot(logits, labels)


@cross_entropy_loss.mistake(
    "unnamed-9",
    "Your loss is negative. The logarithm of a probability is below 0: which sign stands before it?",
)
def _(logits, labels):
    return np.mean(_log_prob(logits, labels)), (softmax(logits) - _hot(logits, labels)) / len(logits)


@cross_entropy_loss.mistake(
    "unnamed-10",
    "Your loss is too small: the mean is over N examples. In a table of N × C numbers, most are 0 and count "
    "in its mean as well.",
)
def _(logits, labels):
    hot = _hot(logits, labels)
    return -np.mean(hot * log_softmax(logits)), (softmax(logits) - hot) / len(logits)


@cross_entropy_loss.mistake(
    "unnamed-11",
    "Your probabilities add up to 1 down the columns. Each row is one example: its classes add up to 1, "
    "along axis 1.",
)
def _(logits, labels):
    log_prob = log_softmax(logits, axis=0)
    loss = -np.mean(log_prob[np.arange(len(labels)), labels])
    return loss, (np.exp(log_prob) - _hot(logits, labels)) / len(logits)


@cross_entropy_loss.mistake(
    "unnamed-12",
    "Your loss averages over the log probabilities of all classes. Only the right class of each example "
    "counts.",
)
def _(logits, labels):
    return -np.mean(log_softmax(logits)), (softmax(logits) - _hot(logits, labels)) / len(logits)
