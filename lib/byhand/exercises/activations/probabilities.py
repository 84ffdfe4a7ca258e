"""Scores to probabilities, in chapter 02."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import case
from byhand.exercises.spec import exercise
from byhand.reference.activations import probabilities


# Square arrays, so that a forgotten keepdims gives numbers to look at, and not only a NumPy error.
@exercise(probabilities.softmax)
def softmax(draw):
    yield np.array([0.0, 1.0, 2.0])
    yield draw.normal(3, 3)
    yield case(draw.normal(3, 3), axis=0)
    yield case(draw.normal(2, 2, 2), axis=1)
    yield np.array([[1000.0, 1001.0], [-1000.0, -1001.0]])


@softmax.mistake(
    "unnamed-1",
    "Large scores give nan, because e^1000 is infinity for a computer. What can you subtract from all the "
    "scores of a row without changing the result?",
)
def _(x, axis=-1):
    e = np.exp(x)
    return e / e.sum(axis=axis, keepdims=True)


@softmax.mistake(
    "unnamed-2",
    "You subtracted the largest score of the whole array. A row far below it becomes 0 / 0 = nan: each row "
    "needs its own largest score.",
)
def _(x, axis=-1):
    e = np.exp(x - x.max())
    return e / e.sum(axis=axis, keepdims=True)


@softmax.mistake(
    "unnamed-3", "You divided by the sum of the whole array. Each row is a distribution of its own."
)
def _(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum()


@softmax.mistake("unnamed-4", "You always work along the last axis: the argument `axis` is not used.")
def _(x, axis=-1):
    return probabilities.softmax(x, axis=-1)


@softmax.mistake(
    "unnamed-5", "You always work along the first axis. With axis=-1 each row adds up to 1, not each column."
)
def _(x, axis=-1):
    return probabilities.softmax(x, axis=0)


@softmax.mistake("unnamed-6", "Your results do not add up to 1: divide the exponentials by their sum.")
def _(x, axis=-1):
    return np.exp(x - x.max(axis=axis, keepdims=True))


@softmax.mistake(
    "unnamed-7", "You divided the scores by their sum. Without the exponential, results can be negative."
)
def _(x, axis=-1):
    return x / x.sum(axis=axis, keepdims=True)


@softmax.mistake(
    "unnamed-8",
    "Each row was divided by the sum of another row. A sum along an axis loses that axis; keepdims=True keeps "
    "it, with length 1, so that NumPy lines the rows up.",
)
def _(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis)


@exercise(probabilities.log_softmax)
def log_softmax(draw):
    yield np.array([0.0, 1.0, 2.0])
    yield draw.normal(3, 3)
    yield case(draw.normal(3, 3), axis=0)
    yield case(draw.normal(2, 2, 2), axis=1)
    yield np.array([[1000.0, 0.0], [-1000.0, -3000.0]])


@log_softmax.mistake(
    "unnamed-1",
    "You took the logarithm of a probability that was too small for a computer and became 0; log 0 is -inf. "
    "Work the logarithm out on paper first: the division becomes a subtraction.",
)
def _(x, axis=-1):
    return np.log(probabilities.softmax(x, axis=axis))


@log_softmax.mistake(
    "unnamed-2",
    "Large scores break it, because e^1000 is infinity for a computer. Subtract the largest score first, "
    "as in softmax.",
)
def _(x, axis=-1):
    return x - np.log(np.exp(x).sum(axis=axis, keepdims=True))


@log_softmax.mistake(
    "unnamed-3",
    "You subtracted the largest score inside the sum, but not from x. The shift changes nothing only if it is "
    "made in both places.",
)
def _(x, axis=-1):
    return x - np.log(np.exp(x - x.max(axis=axis, keepdims=True)).sum(axis=axis, keepdims=True))


@log_softmax.mistake("unnamed-4", "The logarithm of the sum is missing: you subtracted the sum itself.")
def _(x, axis=-1):
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted - np.exp(shifted).sum(axis=axis, keepdims=True)


@log_softmax.mistake(
    "unnamed-5", "You returned the softmax. Its logarithm is asked for: no entry of it is above 0."
)
def _(x, axis=-1):
    return probabilities.softmax(x, axis=axis)


@log_softmax.mistake("unnamed-6", "The sign is wrong: a logarithm of a probability is never above 0.")
def _(x, axis=-1):
    return -probabilities.log_softmax(x, axis=axis)


@log_softmax.mistake("unnamed-7", "You always work along the last axis: the argument `axis` is not used.")
def _(x, axis=-1):
    return probabilities.log_softmax(x, axis=-1)


@log_softmax.mistake(
    "unnamed-8",
    "Each row lost the sum of another row. A sum along an axis loses that axis; keepdims=True keeps it, "
    "with length 1, so that NumPy lines the rows up.",
)
def _(x, axis=-1):
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis))
