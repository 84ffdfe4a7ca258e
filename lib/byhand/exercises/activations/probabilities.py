"""Scores to probabilities, in chapter 02."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import case
from byhand.exercises.spec import exercise
from byhand.reference.activations import probabilities

NOTHING = np.zeros_like  # what is subtracted by those who do not shift the scores


# Square arrays, so that a forgotten keepdims gives numbers to look at, and not only a NumPy error.
def _scores(draw):
    yield np.array([0.0, 1.0, 2.0])
    yield draw.normal(3, 3)
    yield case(draw.normal(3, 3), axis=0)
    yield case(draw.normal(2, 2, 2), axis=1)
    yield draw.normal(1, 4)
    yield draw.normal(4, 1)
    yield np.array([[0.0, 0.0], [1000.0, 0.0]])
    # far apart within a row and between the rows: only each row's own largest score can be subtracted
    large = draw.choice([800.0, 900.0, 1000.0])
    yield np.array([[large, -large], [-large, -large - 1]])
    yield np.array([[large, large + 1, large], [-large, 0.0, -large]])


softmax = exercise(probabilities.softmax)(_scores)


# `shift` and `total` are functions of an array along an axis: np.max and np.sum, or what people take for them.
@softmax.switchable
def _softmax(
    x, axis=-1, *, shift=np.max, shift_whole=False, shift_kept=True, whole=False, kept=True, along=None
):
    axis = axis if along is None else along
    if shift is not NOTHING:
        x = x - (shift(x) if shift_whole else shift(x, axis=axis, keepdims=shift_kept))
    e = np.exp(x)
    return e / (np.sum(e) if whole else np.sum(e, axis=axis, keepdims=kept))


softmax.switch(
    "overflow",
    "Large scores give nan, because e^1000 is infinity for a computer. What can you subtract from all the "
    "scores of a row without changing the result?",
    shift=NOTHING,
)
softmax.switch(
    "largest-of-all",
    "You subtracted the largest score of the whole array. A row far below it becomes 0 / 0 = nan: each row "
    "needs its own largest score.",
    shift_whole=True,
)
softmax.switch(
    "smallest-subtracted",
    "You subtracted the smallest score of each row. The others are then above 0, and a large one still overflows: "
    "which score must become 0?",
    shift=np.min,
)
softmax.switch(
    "mean-subtracted",
    "You subtracted the mean of each row. Scores far above their mean still overflow: which score must become 0?",
    shift=np.mean,
)
softmax.switch(
    "sum-of-all",
    "You divided by the sum of the whole array. Each row is a distribution of its own.",
    whole=True,
)
softmax.switch(
    "axis-ignored", "You always work along the last axis: the argument `axis` is not used.", along=-1
)
softmax.switch(
    "first-axis",
    "You always work along the first axis. With axis=-1 each row adds up to 1, not each column.",
    along=0,
)
softmax.switch(
    "keepdims-forgotten",
    "Each row was divided by the sum of another row. A sum along an axis loses that axis; keepdims=True keeps "
    "it, with length 1, so that NumPy lines the rows up.",
    kept=False,
)
softmax.switch("keepdims-forgotten", kept=False, shift=NOTHING)
softmax.switch(
    "keepdims-forgotten-for-max",
    "The largest score of another row was subtracted. A maximum along an axis loses that axis; keepdims=True keeps "
    "it, with length 1, so that NumPy lines the rows up.",
    shift_kept=False,
)
softmax.switch(
    "one-row-for-all",
    "You treated the whole array as one row: its largest score, and its sum. Here each row is a distribution of its "
    "own, so each needs its own of both.",
    shift_whole=True,
    whole=True,
)
softmax.switch(
    "formula-as-printed",
    "Two things at once: you divided by the sum of the whole array, where each row has its own; and large scores give "
    "nan, because e^1000 is infinity for a computer.",
    shift=NOTHING,
    whole=True,
)
softmax.switch(
    "first-axis-and-overflow",
    "Two things at once: you always add up along the first axis, so columns add up to 1; and large scores give nan, "
    "because e^1000 is infinity for a computer.",
    shift=NOTHING,
    along=0,
)
softmax.switch(
    "last-axis-and-overflow",
    "Two things at once: the argument `axis` is not used; and large scores give nan, because e^1000 is infinity for a "
    "computer.",
    shift=NOTHING,
    along=-1,
)


@softmax.mistake("not-divided", "Your results do not add up to 1: divide the exponentials by their sum.")
def _(x, axis=-1):
    return np.exp(x - x.max(axis=axis, keepdims=True))


@softmax.mistake("not-divided")
def _(x, axis=-1):
    return np.exp(x)


@softmax.mistake(
    "no-exponential", "You divided the scores by their sum. Without the exponential, results can be negative."
)
def _(x, axis=-1):
    return x / x.sum(axis=axis, keepdims=True)


@softmax.mistake(
    "largest-divided-out",
    "You divided the scores by the largest one, which changes the result. What can be subtracted from all of them "
    "without changing it?",
)
def _(x, axis=-1):
    e = np.exp(x / x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


log_softmax = exercise(probabilities.log_softmax)(_scores)


@log_softmax.switchable
def _log_softmax(
    x,
    axis=-1,
    *,
    shift=np.max,
    shift_whole=False,
    outside=True,
    whole=False,
    kept=True,
    along=None,
    log=np.log,
    sign=1,
):
    axis = axis if along is None else along
    shifted = x
    if shift is not NOTHING:
        shifted = x - (shift(x) if shift_whole else shift(x, axis=axis, keepdims=True))
    e = np.exp(shifted)
    total = np.sum(e) if whole else np.sum(e, axis=axis, keepdims=kept)
    return sign * ((shifted if outside else x) - log(total))


log_softmax.switch(
    "overflow",
    "Large scores break it, because e^1000 is infinity for a computer. Subtract the largest score first, "
    "as in softmax.",
    shift=NOTHING,
)
log_softmax.switch(
    "largest-of-all",
    "You subtracted the largest score of the whole array. In a row far below it every exponential becomes 0, and log 0 "
    "is -inf: each row needs its own largest score.",
    shift_whole=True,
)
log_softmax.switch(
    "smallest-subtracted",
    "You subtracted the smallest score of each row. The others are then above 0, and a large one still overflows: "
    "which score must become 0?",
    shift=np.min,
)
log_softmax.switch(
    "mean-subtracted",
    "You subtracted the mean of each row. Scores far above their mean still overflow: which score must become 0?",
    shift=np.mean,
)
log_softmax.switch(
    "shifted-inside-only",
    "You subtracted the largest score inside the sum, but not from x. The shift changes nothing only if it is "
    "made in both places.",
    outside=False,
)
log_softmax.switch(
    "log-missing", "The logarithm of the sum is missing: you subtracted the sum itself.", log=np.array
)
log_softmax.switch(
    "sign-turned", "The sign is wrong: a logarithm of a probability is never above 0.", sign=-1
)
log_softmax.switch(
    "sum-of-all", "You took the sum of the whole array. Each row is a distribution of its own.", whole=True
)
log_softmax.switch(
    "axis-ignored", "You always work along the last axis: the argument `axis` is not used.", along=-1
)
log_softmax.switch(
    "first-axis",
    "You always work along the first axis. With axis=-1 the exponentials of each row add up to 1.",
    along=0,
)
log_softmax.switch(
    "keepdims-forgotten",
    "Each row lost the sum of another row. A sum along an axis loses that axis; keepdims=True keeps it, "
    "with length 1, so that NumPy lines the rows up.",
    kept=False,
)
log_softmax.switch(
    "base-10-or-2",
    "You took a logarithm to another base. np.log has the base e, and only it undoes np.exp.",
    log=np.log10,
)
log_softmax.switch("base-10-or-2", log=np.log2)
log_softmax.switch(
    "one-row-for-all",
    "You treated the whole array as one row: its largest score, and its sum. Here each row is a distribution of its "
    "own, so each needs its own of both.",
    shift_whole=True,
    whole=True,
)
log_softmax.switch(
    "formula-as-printed",
    "Two things at once: you took the sum of the whole array, where each row has its own; and large scores break it, "
    "because e^1000 is infinity for a computer.",
    shift=NOTHING,
    whole=True,
)


@log_softmax.mistake(
    "log-of-softmax",
    "You took the logarithm of a probability that was too small for a computer and became 0; log 0 is -inf. "
    "Work the logarithm out on paper first: the division becomes a subtraction.",
)
def _(x, axis=-1):
    return np.log(probabilities.softmax(x, axis=axis))


@log_softmax.mistake(
    "softmax-returned", "You returned the softmax. Its logarithm is asked for: no entry of it is above 0."
)
def _(x, axis=-1):
    return probabilities.softmax(x, axis=axis)


@log_softmax.mistake(
    "logs-divided",
    "You divided by the logarithm of the sum. The logarithm of a fraction is a difference: that of the numerator minus "
    "that of the denominator.",
)
def _(x, axis=-1):
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted / np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def _with_a_tiny_number(eps, clip_to=None):
    def wrong(x, axis=-1):
        p = probabilities.softmax(x, axis=axis)
        return np.log(np.clip(p, eps, clip_to) if clip_to else p + eps)

    return wrong


# As many books write it. From 1e-9 down, a clip gives what the sum gives, up to the tolerance.
log_softmax.mistake(
    "tiny-number-added",
    "A tiny number keeps log 0 away, but it is not the answer: the true value can be -1000. Take the logarithm on "
    "paper first, so that no probability is formed at all.",
)(_with_a_tiny_number(1e-12))


@log_softmax.mistake(
    "sum-of-logarithms",
    "You took the logarithm of each exponential, and added up afterwards. Add up the exponentials first; one logarithm "
    "is taken of their sum.",
)
def _(x, axis=-1):
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted)).sum(axis=axis, keepdims=True)


for _eps in (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-15, 1e-16, 1e-20, 1e-300):
    log_softmax.mistake("tiny-number-added")(_with_a_tiny_number(_eps))
for _eps in (1e-5, 1e-6, 1e-7, 1e-8):
    log_softmax.mistake("tiny-number-added")(_with_a_tiny_number(_eps, 1))
    log_softmax.mistake("tiny-number-added")(_with_a_tiny_number(_eps, 1 - _eps))
