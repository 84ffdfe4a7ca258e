"""Two guards for gradients, in chapter 03."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import Function
from byhand.exercises.spec import exercise
from byhand.reference.backprop import gradients
from byhand.reference.start.derivatives import numerical_gradient

H = 1e-5


# A right gradient's error is rounding, 1e-10 or so, and nobody's is the same: the absolute tolerance lets it pass.
@exercise(gradients.gradient_check, rtol=1e-4, atol=1e-6)
def gradient_check(draw):
    yield Function("np.sum(x**2)"), Function("3*x"), np.array([1.0, -2.0, 3.0])  # 3x where 2x is right
    yield Function("np.sum(x**2)"), Function("x"), draw.uniform(1, 2, 2)  # the 2 is missing
    yield Function("np.sum(x**3)"), Function("3*x**2"), draw.uniform(1, 2, 2, 3)  # right
    # planted: the sign of the last number
    yield (
        Function("x[0]**2 * x[1] + np.exp(x[2])"),
        Function("np.array([2*x[0]*x[1], x[0]**2, -np.exp(x[2])])"),
        draw.uniform(1, 2, 3),
    )
    # planted: two places exchanged
    yield (
        Function("x[0] * x[1]**2 + x[2]"),
        Function("np.array([2*x[0]*x[1], x[1]**2, 1.0])"),
        np.array([draw.uniform(2, 3), draw.uniform(0.5, 1), 1.0]),
    )


def _length(v):
    return np.sqrt(np.sum(v**2))


def _of_both(claimed, measured, length):
    return length(claimed) + length(measured)


def _distance(claimed, measured, length):
    return length(claimed - measured)


def _one_sided(f, x, h):
    measured = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        measured[i] = (f(x + step) - f(x)) / h
    return measured


@gradient_check.switchable
def _check(
    f, df, x, *, length=_length, above=_distance, below=_of_both, measure=numerical_gradient, factor=1.0
):
    claimed, measured = np.asarray(df(x)), measure(f, x, H)
    return factor * above(claimed, measured, length) / below(claimed, measured, length)


gradient_check.switch(
    "absolute-error",
    "That is how far apart the two are, in absolute size. Is 0.001 much? It depends on how large the gradients are: "
    "divide by their lengths.",
    below=lambda claimed, measured, length: 1.0,
)
gradient_check.switch(
    "divided-by-one-length",
    "You divided by the length of one gradient alone. Divide by the sum of both lengths: the error then lies between "
    "0 and 1.",
    below=lambda claimed, measured, length: length(measured),
)
gradient_check.switch("divided-by-one-length", below=lambda claimed, measured, length: length(claimed))
gradient_check.switch(
    "divided-by-the-longer",
    "You divided by the longer of the two lengths. Some do; asked here is the sum of both.",
    below=lambda claimed, measured, length: max(length(claimed), length(measured)),
)
gradient_check.switch(
    "divided-by-the-mean",
    "You divided by the mean of the two lengths. Asked is their sum, so your error is twice too large.",
    factor=2.0,
)
gradient_check.switch(
    "difference-of-lengths",
    "You compared the two lengths. A gradient with a wrong sign has the right length: take the length of the "
    "difference, not the difference of the lengths.",
    above=lambda claimed, measured, length: abs(length(claimed) - length(measured)),
)
gradient_check.switch(
    "one-sided",
    "You stepped to one side only, so even a right gradient seems to be off by 0.000001 or more. numerical_gradient "
    "of chapter 0 compares f on both sides.",
    measure=_one_sided,
)
gradient_check.switch(
    "sizes-added",
    "You added up the sizes of the numbers. A length is the root of the sum of their squares.",
    length=lambda v: np.sum(np.abs(v)),
)
gradient_check.switch(
    "root-missing",
    "You added up the squares, but took no root. A length is the root of the sum of the squares.",
    length=lambda v: np.sum(v**2),
)


@gradient_check.mistake(
    "largest-of-single-numbers",
    "You took the largest relative error of a single number. Others do that too; asked here are the lengths of the "
    "whole gradients.",
)
def _(f, df, x):
    claimed, measured = np.asarray(df(x)), numerical_gradient(f, x, H)
    return np.max(np.abs(claimed - measured) / (np.abs(claimed) + np.abs(measured)))


gradient_check.switch(
    "length-of-the-sum",
    "You divided by the length of the sum of the two gradients. Asked is the sum of their two lengths.",
    below=lambda claimed, measured, length: length(claimed + measured),
)


@exercise(gradients.clip_by_value)
def clip_by_value(draw):
    yield {"W": np.array([0.5, -30.0])}, 1.0
    limit = draw.uniform(0.5, 1)
    large = np.array([[2.5, -3.5], [0.1, -0.2]]) + draw.uniform(-0.05, 0.05, 2, 2)
    yield {"W1": large, "b1": np.array([-7.0, 0.3])}, limit
    yield {"W": draw.normal(2, 3) * 10, "b": np.array([30.0, -40.0, 0.5])}, draw.uniform(2, 5)


def _each(grads, change):
    return {name: change(gradient) for name, gradient in grads.items()}


@clip_by_value.switchable
def _clipped(grads, limit, *, change=lambda g, limit: np.clip(g, -limit, limit)):
    return _each(grads, lambda g: change(g, limit))


clip_by_value.switch(
    "negative-not-clipped",
    "Numbers below -limit are left as they are. They can be as dangerous as large positive ones.",
    change=np.minimum,
)
clip_by_value.switch(
    "positive-not-clipped",
    "Numbers above the limit are left as they are. Clip on both sides.",
    change=lambda g, limit: np.maximum(g, -limit),
)
clip_by_value.switch(
    "scaled",
    "You scaled all the numbers. By value means: a number beyond the limit becomes the limit, and the others stay.",
    change=lambda g, limit: g * limit / np.max(np.abs(g)),
)
clip_by_value.switch(
    "beyond-becomes-zero",
    "Numbers beyond the limit became 0. They should become the limit: the direction counts, only its size was too "
    "large.",
    change=lambda g, limit: np.where(np.abs(g) > limit, 0.0, g),
)
clip_by_value.switch(
    "beyond-becomes-positive",
    "The signs are lost: a gradient of -30 says the opposite of one of 30. It becomes -limit.",
    change=lambda g, limit: np.minimum(np.abs(g), limit),
)
clip_by_value.switch("beyond-becomes-positive", change=lambda g, limit: np.where(np.abs(g) > limit, limit, g))
clip_by_value.switch(
    "negative-becomes-zero",
    "Negative numbers became 0. They may stay, down to -limit.",
    change=lambda g, limit: np.clip(g, 0, limit),
)
clip_by_value.switch(
    "limit-of-one",
    "You clipped between -1 and 1, whatever the limit is. The argument `limit` says where.",
    change=lambda g, limit: np.clip(g, -1, 1),
)


@exercise(gradients.clip_by_norm)
def clip_by_norm(draw):
    yield {"W": np.array([3.0]), "b": np.array([4.0])}, 1.0
    yield {"W": np.array([[0.3, -0.4]]), "b": np.array([0.0])}, 1.0  # short enough
    yield {"W": draw.normal(2, 3) + 3, "b": draw.normal(3) - 3}, draw.uniform(0.5, 2)
    yield {"W": np.array([3.0, 2.0]), "b": draw.uniform(4, 5, 2)}, 6.5  # longer than 6.5, each array shorter
    yield {"W": np.zeros((2, 2)), "b": np.zeros(2)}, 1.0  # nothing to divide by


def _together(grads):
    return np.sqrt(sum(np.sum(g**2) for g in grads.values()))


def _to_the_limit(norm, max_norm):
    return max_norm / norm


@clip_by_norm.switchable
def _shortened(grads, max_norm, *, length=_together, factor=_to_the_limit, only_if_longer=True):
    norm = length(grads)
    scale = factor(norm, max_norm) if norm > (max_norm if only_if_longer else 0) else 1.0
    return _each(grads, lambda g: g * scale)


@clip_by_norm.mistake(
    "each-array-alone",
    "You clipped each array by its own length, and so changed the direction of the whole gradient. One length is "
    "taken of all the arrays together.",
)
def _(grads, max_norm):
    return _each(grads, lambda g: _shortened({"": g}, max_norm)[""])


clip_by_norm.switch(
    "stretched",
    "You also stretched the gradient that was short enough. Only one that is longer than max_norm is changed.",
    only_if_longer=False,
)
clip_by_norm.switch(
    "root-missing",
    "The root is missing: a length is the root of the sum of the squares.",
    length=lambda grads: _together(grads) ** 2,
)
clip_by_norm.switch(
    "lengths-added",
    "You added up the lengths of the arrays. The length of all together is the root of the sum of all squares: arrays "
    "of lengths 3 and 4 together have the length 5.",
    length=lambda grads: sum(_length(g) for g in grads.values()),
)
clip_by_norm.switch(
    "factor-upside-down",
    "The factor is upside down: your long gradient became longer still.",
    factor=lambda norm, max_norm: norm / max_norm,
)
clip_by_norm.switch(
    "scaled-to-one",
    "You scaled to length 1, whatever max_norm is. The new length should be max_norm.",
    factor=lambda norm, max_norm: 1 / norm,
)
clip_by_norm.switch(
    "largest-number",
    "You took the largest number for the length. The length is the root of the sum of all squares.",
    length=lambda grads: max(np.max(np.abs(g)) for g in grads.values()),
)


@clip_by_norm.mistake(
    "number-by-number",
    "You clipped number by number. By norm means: one factor for all, so that the direction stays.",
)
def _(grads, max_norm):
    return _clipped(grads, max_norm)


@clip_by_norm.mistake("stretched")
def _(grads, max_norm):
    return _each(grads, lambda g: g * (max_norm / _together(grads)))  # nan where all are 0
