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


def _numbers(table):
    return table.size


def _rows(table):
    return len(table)


def _one(table):
    return 1


@mse_loss.switchable
def _mse(pred, target, *, loss_over=_numbers, gradient_over=_numbers, half=1.0, slope=2.0, root=False):
    error = pred - target
    loss = half * np.sum(error**2) / loss_over(error)
    return np.sqrt(loss) if root else loss, slope * error / gradient_over(error)


mse_loss.switch(
    "half-in-front",
    "You put ½ before the sum. Many books do; this course takes the plain mean, so the 2 stays in the gradient.",
    half=0.5,
    slope=1.0,
)
mse_loss.switch(
    "two-missing",
    "The loss is right. In the gradient a factor is missing: how steep is error² where the error is 1?",
    slope=1.0,
)
mse_loss.switch(
    "gradient-not-divided",
    "The loss is right. The gradient is too large: one answer is only one of many in the mean, so by what is its "
    "share divided?",
    gradient_over=_one,
)
mse_loss.switch(
    "wrong-sign",
    "The loss is right, and the gradient has the wrong sign: where an answer is too large, the loss grows with it.",
    slope=-2.0,
)
mse_loss.switch(
    "sum-not-mean",
    "That is the sum of the squared errors. Asked is their mean.",
    loss_over=_one,
    gradient_over=_one,
)
mse_loss.switch(
    "loss-not-divided",
    "The gradient is right. The loss is the sum of the squared errors; asked is their mean.",
    loss_over=_one,
)
mse_loss.switch(
    "mean-over-rows",
    "Only the table is wrong: you divided by the number of its rows. The mean is over all its numbers, error.size.",
    loss_over=_rows,
    gradient_over=_rows,
)
mse_loss.switch(
    "gradient-over-rows",
    "Only the gradient of the table is wrong: you divided by the number of its rows. The mean was over all its "
    "numbers, error.size.",
    gradient_over=_rows,
)
mse_loss.switch(
    "root-of-the-mean",
    "You took the root at the end. Asked is the mean of the squares itself; the gradient you have is its gradient.",
    root=True,
)


@mse_loss.mistake(
    "absolute-errors",
    "You took the sizes of the errors and not their squares. Both are used; this exercise asks for the squares.",
)
def _(pred, target):
    error = pred - target
    return np.mean(np.abs(error)), np.sign(error) / error.size


@mse_loss.mistake(
    "square-of-the-mean",
    "You squared the mean error, where errors of +2 and -2 cancel. Square each error first.",
)
def _(pred, target):
    error = pred - target
    return np.mean(error) ** 2, 2 * error / error.size


@exercise(losses.binary_cross_entropy_loss, returns="loss, gradient")
def binary_cross_entropy_loss(draw):
    yield np.array([0.5, 0.8]), np.array([0, 1])
    yield np.array([0.9, 0.2, 0.7]), np.array([0, 1, 1])
    labels = draw.permutation(4) % 2
    yield draw.uniform(0.1, 0.4, 4), labels
    yield draw.uniform(0.1, 0.4, 2, 2), labels.reshape(2, 2)


def _slope(prob, target):
    return (prob - target) / (prob * (1 - prob))


def _slope_before_the_sigmoid(prob, target):
    return prob - target


def _slope_without_bracket(prob, target):
    return (prob - target) / prob * (1 - prob)


def _slope_of_yes(prob, target):
    return -target / prob


def _slope_with_one_sign(prob, target):
    return -(target / prob + (1 - target) / (1 - prob))


def _slope_turned(prob, target):
    return -_slope(prob, target)


@binary_cross_entropy_loss.switchable
def _bce(
    prob, target, *, log=np.log, no=1.0, sign=-1.0, slope=_slope, loss_over=_numbers, gradient_over=_numbers
):
    surprise = sign * (target * log(prob) + no * (1 - target) * log(1 - prob))
    return np.sum(surprise) / loss_over(prob), slope(prob, target) / gradient_over(prob)


binary_cross_entropy_loss.switch(
    "no-is-free",
    "Where the target is 0 your loss is 0: nothing is said against a wrong yes. What is the probability that you "
    "gave to no?",
    no=0.0,
    slope=_slope_of_yes,
)
binary_cross_entropy_loss.switch(
    "second-part-missing",
    "Your gradient is right; the loss lacks its second part: where the target is 0, it is -log(1 - p).",
    no=0.0,
)
binary_cross_entropy_loss.switch(
    "loss-negative",
    "Your loss is negative. The logarithm of a probability is below 0: which sign stands before it?",
    sign=1.0,
)
binary_cross_entropy_loss.switch(
    "gradient-before-the-sigmoid",
    "You gave p - t. That is the gradient for z, before the sigmoid. Here you are asked for p itself: what is the "
    "slope of log p?",
    slope=_slope_before_the_sigmoid,
)
binary_cross_entropy_loss.switch(
    "gradient-not-divided",
    "The loss is right. The gradient is too large: the loss is a mean, so each answer's share is divided by their "
    "number.",
    gradient_over=_one,
)
binary_cross_entropy_loss.switch(
    "bracket-missing",
    "The loss is right. In the gradient a bracket is missing: both p and 1 - p stand below the fraction bar. Python "
    "computes `a / b * c` from left to right.",
    slope=_slope_without_bracket,
)
binary_cross_entropy_loss.switch(
    "one-sign-for-both",
    "The loss is right. Your gradient is negative everywhere: where the target is 0, a larger p makes the loss "
    "larger. Which sign has the slope of -log(1 - p)?",
    slope=_slope_with_one_sign,
)
binary_cross_entropy_loss.switch(
    "sum-not-mean",
    "That is the sum over all the answers. Asked is their mean.",
    loss_over=_one,
    gradient_over=_one,
)
binary_cross_entropy_loss.switch(
    "loss-not-divided",
    "The gradient is right. The loss is the sum over all the answers; asked is their mean.",
    loss_over=_one,
)
binary_cross_entropy_loss.switch(
    "mean-over-rows",
    "Only the table is wrong: you divided by the number of its rows. The mean is over all its numbers, prob.size.",
    loss_over=_rows,
    gradient_over=_rows,
)
binary_cross_entropy_loss.switch(
    "wrong-sign",
    "The loss is right, and the gradient has the wrong sign: where the target is 1, a larger p makes the loss "
    "smaller.",
    slope=_slope_turned,
)
binary_cross_entropy_loss.switch(
    "other-logarithm",
    "The loss is too small by one factor: np.log10 and np.log2 are other logarithms. The natural one is np.log.",
    log=np.log10,
)
binary_cross_entropy_loss.switch("other-logarithm", log=np.log2)
binary_cross_entropy_loss.switch(
    "log-plus-eps",
    "You added a small number inside the logarithm. It is meant for p = 0; here it moves every answer a little, and "
    "the loss is no longer exact. Leave it out.",
    log=lambda p: np.log(p + 1e-5),
)


@binary_cross_entropy_loss.mistake(
    "parts-exchanged",
    "You exchanged the two parts: a target of 1 belongs to log p, a target of 0 to log(1 - p).",
)
def _(prob, target):
    return _bce(prob, 1 - target)


@exercise(losses.cross_entropy_loss, returns="loss, gradient")
def cross_entropy_loss(draw):
    yield np.array([[1.0, 2.0, 0.0], [0.0, 0.0, 3.0]]), np.array([1, 0])
    yield draw.normal(5, 3), draw.integers(0, 3, 5)
    yield np.array([[1000.0, -1000.0, 0.0], [0.0, 1000.0, 999.0]]), np.array([1, 2])  # must not overflow


def _hot(logits, labels):
    return np.eye(logits.shape[1])[labels]


def _of_the_right_class(table, labels):
    return table[np.arange(len(labels)), labels]


def _per_example(logits):
    return len(logits)


@cross_entropy_loss.switchable
def _ce(
    logits,
    labels,
    *,
    log_prob=log_softmax,
    prob=softmax,
    sign=-1.0,
    gradient_sign=1.0,
    target=_hot,
    loss_over=_per_example,
    gradient_over=_per_example,
):
    loss = sign * np.sum(_of_the_right_class(log_prob(logits), labels)) / loss_over(logits)
    return loss, gradient_sign * (prob(logits) - target(logits, labels)) / gradient_over(logits)


def _nothing(logits, labels):
    return 0.0


def _log_of_softmax(logits):
    return np.log(softmax(logits))


def _unshifted(logits):
    e = np.exp(logits)
    return e / e.sum(axis=1, keepdims=True)


@cross_entropy_loss.mistake(
    "columns-from-every-row",
    "`table[:, labels]` takes these columns from every row: a whole table. You want one number a row: give the rows "
    "as a list too, np.arange(len(labels)).",
)
def _(logits, labels):
    gradient = softmax(logits)
    gradient[:, labels] -= 1
    return -np.mean(log_softmax(logits)[:, labels]), gradient / len(labels)


@cross_entropy_loss.mistake(
    "loss-from-every-row",
    "The gradient is right. In the loss, `[:, labels]` takes these columns from every row, a whole table. Which "
    "number do you want from each row?",
)
def _(logits, labels):
    return -np.mean(log_softmax(logits)[:, labels]), _ce(logits, labels)[1]


cross_entropy_loss.switch(
    "log-of-softmax",
    "Only the scores of ±1000 are wrong. There a probability is too small for the computer and becomes 0, and log 0 "
    "is -inf. log_softmax never forms the probability.",
    log_prob=_log_of_softmax,
)
cross_entropy_loss.switch(
    "softmax-not-shifted",
    "Only the scores of ±1000 are wrong: e^1000 is infinity, and infinity divided by itself is nan. Chapter 2 has a "
    "softmax and a log_softmax that shift the scores first.",
    log_prob=lambda logits: np.log(_unshifted(logits)),
    prob=_unshifted,
)
cross_entropy_loss.switch(
    "log-plus-eps",
    "Where the right class got the probability 0, your loss comes from the small number that you added, not from "
    "the scores. log_softmax needs no such number: it never forms the probability.",
    log_prob=lambda logits: np.log(softmax(logits) + 1e-5),
)
# clip(p, eps, 1) gives the same numbers, but for the largest eps
cross_entropy_loss.switch("log-plus-eps", log_prob=lambda logits: np.log(np.clip(softmax(logits), 1e-5, 1)))
cross_entropy_loss.switch("log-plus-eps", log_prob=lambda logits: np.log(softmax(logits) + 1e-6))
cross_entropy_loss.switch("log-plus-eps", log_prob=lambda logits: np.log(softmax(logits) + 1e-7))
cross_entropy_loss.switch("log-plus-eps", log_prob=lambda logits: np.log(softmax(logits) + 1e-8))
cross_entropy_loss.switch("log-plus-eps", log_prob=lambda logits: np.log(softmax(logits) + 1e-9))
cross_entropy_loss.switch("log-plus-eps", log_prob=lambda logits: np.log(softmax(logits) + 1e-10))
cross_entropy_loss.switch("log-plus-eps", log_prob=lambda logits: np.log(softmax(logits) + 1e-12))
cross_entropy_loss.switch("log-plus-eps", log_prob=lambda logits: np.log(softmax(logits) + 1e-15))
cross_entropy_loss.switch("log-plus-eps", log_prob=lambda logits: np.log(softmax(logits) + 1e-16))
cross_entropy_loss.switch(
    "gradient-not-divided",
    "The loss is right. The gradient is too large: the loss is a mean over N examples, so each one's share is "
    "divided by N.",
    gradient_over=_one,
)
cross_entropy_loss.switch(
    "gradient-over-the-table",
    "The loss is right. The gradient is too small: you divided by all N · C numbers of the table, and the loss is a "
    "mean over N examples.",
    gradient_over=_numbers,
)
cross_entropy_loss.switch(
    "wrong-sign",
    "The loss is right, and the gradient has the wrong sign: a larger score for the right class makes the loss "
    "smaller.",
    gradient_sign=-1.0,
)
cross_entropy_loss.switch(
    "one-not-taken-off",
    "The loss is right. Your gradient is only the probabilities: in each row, 1 must be taken off the right class.",
    target=_nothing,
)
cross_entropy_loss.switch(
    "sum-not-mean",
    "That is the sum over the examples. Asked is their mean.",
    loss_over=_one,
    gradient_over=_one,
)
cross_entropy_loss.switch(
    "loss-not-divided",
    "The gradient is right. The loss is the sum over the examples; asked is their mean.",
    loss_over=_one,
)
cross_entropy_loss.switch(
    "loss-negative",
    "Your loss is negative. The logarithm of a probability is below 0: which sign stands before it?",
    sign=1.0,
)
cross_entropy_loss.switch(
    "mean-over-the-table",
    "Your loss is too small: the mean is over N examples. In a table of N × C numbers, most are 0 and count in its "
    "mean as well.",
    loss_over=_numbers,
)
cross_entropy_loss.switch(
    "softmax-over-batch",
    "Your probabilities add up to 1 down the columns. Each row is one example: its classes add up to 1, along axis 1.",
    log_prob=lambda logits: log_softmax(logits, axis=0),
    prob=lambda logits: softmax(logits, axis=0),
)
cross_entropy_loss.switch(
    "softmax-twice",
    "You took the softmax of the scores, and then the log_softmax of that. It is part of log_softmax already: give it "
    "the scores.",
    log_prob=lambda logits: log_softmax(softmax(logits)),
)
cross_entropy_loss.switch(
    "softmax-twice",
    log_prob=lambda logits: log_softmax(softmax(logits)),
    prob=lambda logits: softmax(softmax(logits)),
)


@cross_entropy_loss.mistake(
    "all-classes-counted",
    "Your loss averages over the log probabilities of all classes. Only the right class of each example counts.",
)
def _(logits, labels):
    return -np.mean(log_softmax(logits)), _ce(logits, labels)[1]


@cross_entropy_loss.mistake(
    "one-off-in-every-row",
    "The loss is right. In the gradient, `[:, labels] -= 1` takes 1 off in these columns of every row. Each row loses "
    "it in its own column only.",
)
def _(logits, labels):
    loss, _ = losses.cross_entropy_loss(logits, labels)
    gradient = softmax(logits)
    gradient[:, labels] -= 1
    return loss, gradient / len(labels)
