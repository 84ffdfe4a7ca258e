"""The exercises of chapter 07 on dropout.

A mask can be drawn in many ways, so the forward pass is judged by what dropout is: what was dropped is 0, what was
kept is divided by 1 − p, each number has a chance of its own, p is the share that drops, and the cache is what x was
multiplied by. Bounds are six standard deviations wide: by chance alone, fewer than one in a hundred million checks of
a right function fails.
"""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.regularization import dropout

MANY = 400  # from how many numbers on a share is looked at


# No x holds a 0, so that what was dropped can be told from what was kept.
@exercise(dropout.dropout_forward, returns="out, _cache")
def dropout_forward(draw):
    rng = draw.rng()
    for _ in range(2):  # asked twice, for the same answer
        yield np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]), 0.5, rng, True
    yield draw.uniform(0.5, 3, 8, 8), 0.25, draw.rng(), False
    signs = np.where(np.arange(40) % 3, 1.0, -1.0)
    x, p, rng = draw.uniform(0.5, 3, 50, 40) * signs, draw.choice([0.1, 0.2, 0.3]), draw.rng()
    for generator in (rng, rng, draw.rng()):  # asked twice for the same answer, once for another
        yield x, p, generator, True
    yield draw.uniform(0.5, 3, 50, 40) * signs, draw.choice([0.7, 0.8]), draw.rng(), True
    yield draw.uniform(0.5, 3, 2, 3), 0.0, draw.rng(), True
    yield draw.uniform(0.5, 3, 1, 1), 0.5, draw.rng(), True


@dropout_forward.accept
def _(answer, x, p, rng, train):
    out, cache = answer
    ratio = out / x
    if not train:
        return _evaluation(ratio) or _mask(cache, ratio)
    dropped = np.abs(ratio) < 1e-12
    return _scale(ratio[~dropped], p) or _chance(dropped, p) or _mask(cache, ratio)


def _evaluation(ratio):
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
    if np.allclose(kept * p, 1, rtol=1e-6):
        return "You divided what is kept by p. p is the share that is dropped; which share is left?"
    if np.allclose(kept, 1 - p, rtol=1e-6):
        return "You multiplied what is kept by 1 - p. It must become larger, to make up for what is missing."
    return "Each number must become either 0, or x / (1 - p). Yours becomes something else."


def _chance(dropped, p):
    if p == 0 and dropped.any():
        return "You dropped numbers with p = 0. p is the probability to be dropped: then nothing is."
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


def _mask(cache, ratio):
    """What is wrong with the mask, where `ratio` is what x was in truth multiplied by."""
    if (
        not isinstance(cache, np.ndarray | np.generic | int | float)
        or np.asarray(cache).dtype.kind not in "biuf"
    ):
        return "Your cache is no mask. It must be an array of numbers: those that x was multiplied by."
    mask = np.asarray(cache, dtype=float)
    try:
        mask = np.broadcast_to(mask, ratio.shape)
    except ValueError:
        return f"Your cache has the shape {mask.shape}. The mask has one number for each number of x: {ratio.shape}."
    if np.allclose(mask, ratio, rtol=1e-6, atol=1e-9):
        return None
    if np.array_equal(mask != 0, ratio != 0) and np.all((mask == 0) | (mask == 1)):
        return (
            "Your cache says which numbers were kept, but not by how much they were multiplied. The way back needs "
            "both: keep the mask with its scale."
        )
    return "Your cache is not the mask: x times the cache must give out, also in evaluation."


@dropout_forward.switchable
def _dropped(x, p, rng, train, *, p_is="dropped", scale="1 / (1 - p)", later="nothing", draws="each number"):
    if not train and later != "the same":
        factor = {"nothing": 1.0, "times 1 - p": 1 - p}[later]
        return x * factor, np.full(x.shape, factor)
    shape = {"each number": x.shape, "columns": (1, x.shape[1]), "rows": (len(x), 1), "all": (1, 1)}[draws]
    chance = rng.random(shape)
    kept = chance < p if p_is == "kept" else chance >= p
    factor = {"1 / (1 - p)": 1 / (1 - p), "1": 1.0, "1 / p": 1 / p if p else 0.0, "1 - p": 1 - p}[scale]
    mask = np.broadcast_to(kept * factor, x.shape)
    return x * mask, mask


dropout_forward.switch(
    "p-keeps",
    "Your p is the probability to keep a number, as in the dropout paper of 2014. Here, as in PyTorch, it is the "
    "probability to drop it.",
    p_is="kept",
    scale="1 / p",
)
dropout_forward.switch("p-keeps", p_is="kept")
dropout_forward.switch(
    "not-scaled",
    "You drop, but do not scale what is left. Then the sums behind are smaller in training than in evaluation.",
    scale="1",
)
dropout_forward.switch(
    "scaled-in-evaluation",
    "You leave training as it is and scale in evaluation, as in the dropout paper of 2014. Here the kept numbers are "
    "divided in training, and evaluation does nothing.",
    scale="1",
    later="times 1 - p",
)
dropout_forward.switch(
    "scaled-twice",
    "You scale in training, and once more in evaluation. There nothing is dropped, so nothing is missing.",
    later="times 1 - p",
)
dropout_forward.switch(
    "drops-in-evaluation",
    "You drop in evaluation too: the argument `train` is not used. Asked twice, a network should answer the same.",
    later="the same",
)
dropout_forward.switch(
    "divided-by-p",
    "You divided what is kept by p. p is the share that is dropped; which share is left?",
    scale="1 / p",
)
dropout_forward.switch(
    "whole-columns",
    "You drew one chance for each column, so that every row lost the same columns. Each number needs its own.",
    draws="columns",
)
dropout_forward.switch(
    "whole-rows",
    "You drew one chance for each row, so that a row is kept or dropped as a whole. Each number needs its own.",
    draws="rows",
)
dropout_forward.switch(
    "all-or-nothing",
    "You drew one chance for all: either everything is kept, or nothing. Each number needs its own.",
    draws="all",
)
dropout_forward.switch(
    "multiplied",
    "You multiplied what is kept by 1 - p. It must become larger, to make up for what is missing.",
    scale="1 - p",
)


@exercise(dropout.dropout_backward)
def dropout_backward(draw):
    yield np.array([[1.0, 2.0, 3.0]]), np.array([[2.0, 0.0, 2.0]])
    p = draw.choice([0.2, 0.6, 0.75])
    mask = draw.integers(0, 2, 3, 4) / (1 - p)
    mask[0, :2] = 0.0, 1 / (1 - p)
    yield draw.normal(3, 4), mask
    yield draw.normal(2, 3), np.ones((2, 3))  # the mask of evaluation
    yield draw.normal(1, 1), np.array([[4.0]])


@dropout_backward.switchable
def _masked(dout, cache, *, times="the mask"):
    return {
        "the mask": dout * cache,
        "nothing": dout.copy(),
        "0 or 1": dout * (cache > 0),
        "1 / mask": np.divide(dout, cache, out=np.zeros_like(dout), where=cache > 0),
        "the mask twice": dout * cache * cache,
        "the dropped": dout * (cache == 0),
        "mask alone": cache.copy(),
    }[times]


dropout_backward.switch(
    "no-mask",
    "You handed the gradient back as it came. A number that was dropped did not change the output: what is its share?",
    times="nothing",
)
dropout_backward.switch(
    "not-scaled",
    "You let the right gradients pass, but unscaled. What was kept was also multiplied on the way forward, and the "
    "mask knows by how much.",
    times="0 or 1",
)
dropout_backward.switch(
    "divided",
    "You divided by what was multiplied on the way forward. The slope of mask · x is the mask, also on the way back.",
    times="1 / mask",
)
dropout_backward.switch(
    "mask-twice",
    "You applied the mask twice. Its scale is in it already: one product is enough.",
    times="the mask twice",
)
dropout_backward.switch(
    "dropped-and-kept-exchanged",
    "You gave the gradient to the numbers that were dropped, and none to those that were kept. It is the reverse.",
    times="the dropped",
)
dropout_backward.switch(
    "mask-alone",
    "You returned the mask. Each of its numbers has to be multiplied by the gradient that came in.",
    times="mask alone",
)


@dropout_backward.mistake("divided")
def _(dout, cache):  # and where it was dropped, let it pass
    return dout / np.where(cache == 0, 1, cache)
