"""The exercises of chapter 07 on dropout.

A mask can be drawn in many ways, so the forward pass is judged by what dropout is: what was dropped is 0, what was
kept is divided by 1 − p, each number has a chance of its own, and p is the share that drops. Bounds are six standard
deviations wide: by chance alone, fewer than one in a hundred million checks of a right function fails.
"""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.regularization import dropout

MANY = 400  # from how many numbers on a share is looked at


@exercise(dropout.dropout_forward, returns="out, _cache")
def dropout_forward(draw):
    rng = draw.rng()
    for _ in range(2):  # asked twice, for the same answer
        yield np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]), 0.5, rng, True
    yield draw.uniform(0.5, 3, 8, 8), 0.25, draw.rng(), False
    signs = np.where(np.arange(40) % 3, 1.0, -1.0)
    yield draw.uniform(0.5, 3, 50, 40) * signs, draw.choice([0.1, 0.2, 0.3]), draw.rng(), True
    yield draw.uniform(0.5, 3, 50, 40) * signs, draw.choice([0.7, 0.8]), draw.rng(), True


@dropout_forward.accept
def _(answer, x, p, rng, train):
    ratio = answer[0] / x
    if not train:
        return _evaluation(ratio, p)
    dropped = np.abs(ratio) < 1e-12
    return _scale(ratio[~dropped], p) or _chance(dropped, p)


def _evaluation(ratio, p):
    if np.allclose(ratio, 1, rtol=1e-6):
        return None
    if np.any(np.abs(ratio) < 1e-12):
        return "You dropped numbers in evaluation too. With train=False every number must come out as it went in."
    return "In evaluation your numbers are scaled. With train=False every number must come out as it went in."


def _scale(kept, p):
    if np.allclose(kept, 1 / (1 - p), rtol=1e-6):
        return None
    if np.allclose(kept, 1, rtol=1e-6):
        return (
            "You drop, but do not scale what is left. Then the sums behind are smaller in training than in evaluation: "
            "what must the kept numbers be divided by?"
        )
    if np.allclose(kept, 1 / p, rtol=1e-6):
        return "You divided what is kept by p. p is the share that is dropped; which share is left?"
    if np.allclose(kept, 1 - p, rtol=1e-6):
        return "You multiplied what is kept by 1 - p. It must become larger, to make up for what is missing."
    return "Each number must become either 0, or x / (1 - p). Yours becomes something else."


def _chance(dropped, p):
    if dropped.size < MANY:
        return None
    share, deviation = dropped.mean(), np.sqrt(p * (1 - p) / dropped.size)
    if abs(share - (1 - p)) < 6 * deviation < abs(share - p):
        return (
            f"You dropped {share:.0%} with p = {p}: there p is the probability to keep a number. Here it is the "
            "probability to drop it."
        )
    if np.all(dropped == dropped[:1]):
        return (
            "Every row lost the same columns. Each number needs a chance of its own: how many must you draw?"
        )
    if np.all(dropped == dropped[:, :1]):
        return "Each row is either kept or dropped as a whole. Each number needs a chance of its own."
    if abs(share - p) > 6 * deviation:
        return (
            f"You dropped {share:.0%} of {dropped.size} numbers with p = {p}: that is too far from {p:.0%}."
        )
    return None


def _kept(x, p, rng):
    return rng.random(x.shape) >= p


@dropout_forward.mistake(
    "unnamed-1",
    "Your p is the probability to keep a number, as in the dropout paper of 2014. Here, as in PyTorch, it is the "
    "probability to drop it.",
)
def _(x, p, rng, train):
    if not train:
        return x.copy(), None
    return x * (rng.random(x.shape) < p) / p, None


@dropout_forward.mistake(
    "unnamed-2",
    "You drop, but do not scale what is left. Then the sums behind are smaller in training than in evaluation.",
)
def _(x, p, rng, train):
    return (x * _kept(x, p, rng) if train else x.copy()), None


@dropout_forward.mistake(
    "unnamed-3",
    "You leave training as it is and scale in evaluation, as in the dropout paper of 2014. Here the kept numbers are "
    "divided in training, and evaluation does nothing.",
)
def _(x, p, rng, train):
    return (x * _kept(x, p, rng) if train else x * (1 - p)), None


@dropout_forward.mistake(
    "unnamed-4",
    "You scale in training, which is right, and once more in evaluation. There nothing is dropped, so nothing is "
    "missing.",
)
def _(x, p, rng, train):
    return (x * _kept(x, p, rng) / (1 - p) if train else x * (1 - p)), None


@dropout_forward.mistake(
    "unnamed-5",
    "You drop in evaluation too: the argument `train` is not used. Asked twice, a network should answer the same.",
)
def _(x, p, rng, train):
    return x * _kept(x, p, rng) / (1 - p), None


@dropout_forward.mistake(
    "unnamed-6", "You divided what is kept by p. p is the share that is dropped; which share is left?"
)
def _(x, p, rng, train):
    return (x * _kept(x, p, rng) / p if train else x.copy()), None


@dropout_forward.mistake(
    "unnamed-7",
    "You drew one chance for each column, so that every row lost the same columns. Each number needs its own.",
)
def _(x, p, rng, train):
    return (x * (rng.random(x.shape[1]) >= p) / (1 - p) if train else x.copy()), None


@dropout_forward.mistake(
    "unnamed-8",
    "You multiplied what is kept by 1 - p. It must become larger, to make up for what is missing.",
)
def _(x, p, rng, train):
    return (x * _kept(x, p, rng) * (1 - p) if train else x.copy()), None


@exercise(dropout.dropout_backward)
def dropout_backward(draw):
    yield np.array([[1.0, 2.0, 3.0]]), np.array([[2.0, 0.0, 2.0]])
    p = draw.choice([0.2, 0.6, 0.75])
    mask = draw.integers(0, 2, 3, 4) / (1 - p)
    mask[0, :2] = 0.0, 1 / (1 - p)
    yield draw.normal(3, 4), mask


@dropout_backward.mistake(
    "unnamed-1",
    "You handed the gradient back as it came. A number that was dropped did not change the output: what is its share?",
)
def _(dout, cache):
    return dout.copy()


@dropout_backward.mistake(
    "unnamed-2",
    "You let the right gradients pass, but unscaled. What was kept was also multiplied on the way forward, and the "
    "mask knows by how much.",
)
def _(dout, cache):
    return dout * (cache > 0)


@dropout_backward.mistake(
    "unnamed-3",
    "You divided by what was multiplied on the way forward. The slope of mask · x is the mask, also on the way back.",
)
def _(dout, cache):
    return np.divide(dout, cache, out=np.zeros_like(dout), where=cache > 0)


@dropout_backward.mistake(
    "unnamed-4", "You applied the mask twice. Its scale is in it already: one product is enough."
)
def _(dout, cache):
    return dout * cache * cache


@dropout_backward.mistake(
    "unnamed-5",
    "You gave the gradient to the numbers that were dropped, and none to those that were kept. It is the reverse.",
)
def _(dout, cache):
    return dout * (cache == 0)


@dropout_backward.mistake(
    "unnamed-6",
    "You returned the mask. Each of its numbers has to be multiplied by the gradient that came in.",
)
def _(dout, cache):
    return cache.copy()
