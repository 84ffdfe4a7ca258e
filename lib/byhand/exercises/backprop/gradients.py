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


def _both(f, df, x):
    return np.asarray(df(x)), numerical_gradient(f, x, H)


def _length(v):
    return np.sqrt(np.sum(v**2))


@gradient_check.mistake(
    "unnamed-1",
    "That is how far apart the two are, in absolute size. Is 0.001 much? It depends on how large the "
    "gradients are: divide by their lengths.",
)
def _(f, df, x):
    claimed, measured = _both(f, df, x)
    return _length(claimed - measured)


@gradient_check.mistake(
    "unnamed-2",
    "You divided by the length of one gradient alone. Divide by the sum of both lengths: the error then lies "
    "between 0 and 1.",
)
def _(f, df, x):
    claimed, measured = _both(f, df, x)
    return _length(claimed - measured) / _length(measured)


@gradient_check.mistake("unnamed-2")
def _(f, df, x):
    claimed, measured = _both(f, df, x)
    return _length(claimed - measured) / _length(claimed)


@gradient_check.mistake(
    "unnamed-3",
    "You compared the two lengths. A gradient with a wrong sign has the right length: take the length of the "
    "difference, not the difference of the lengths.",
)
def _(f, df, x):
    claimed, measured = _both(f, df, x)
    return abs(_length(claimed) - _length(measured)) / (_length(claimed) + _length(measured))


@gradient_check.mistake(
    "unnamed-4",
    "You stepped to one side only, so even a right gradient seems to be off by 0.000001 or more. "
    "numerical_gradient of chapter 0 compares f on both sides.",
)
def _(f, df, x):
    claimed, measured = np.asarray(df(x)), np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = H
        measured[i] = (f(x + step) - f(x)) / H
    return _length(claimed - measured) / (_length(claimed) + _length(measured))


@gradient_check.mistake(
    "unnamed-5",
    "You took the largest relative error of a single number. Others do that too; asked here are the lengths "
    "of the whole gradients.",
)
def _(f, df, x):
    claimed, measured = _both(f, df, x)
    return np.max(np.abs(claimed - measured) / (np.abs(claimed) + np.abs(measured)))


@gradient_check.mistake(
    "unnamed-6", "You added up the sizes of the numbers. A length is the root of the sum of their squares."
)
def _(f, df, x):
    claimed, measured = _both(f, df, x)
    return np.sum(np.abs(claimed - measured)) / (np.sum(np.abs(claimed)) + np.sum(np.abs(measured)))


@gradient_check.mistake(
    "unnamed-7", "You added up the squares, but took no root. A length is the root of the sum of the squares."
)
def _(f, df, x):
    claimed, measured = _both(f, df, x)
    return np.sum((claimed - measured) ** 2) / (np.sum(claimed**2) + np.sum(measured**2))


@exercise(gradients.clip_by_value)
def clip_by_value(draw):
    yield {"W": np.array([0.5, -30.0]), "b": np.array([2.0])}, 1.0
    limit = draw.uniform(0.5, 1)
    large = np.array([[2.5, -3.5], [0.1, -0.2]]) + draw.uniform(-0.05, 0.05, 2, 2)
    yield {"W1": large, "b1": np.array([-7.0, 0.3])}, limit


def _each(grads, change):
    return {name: change(gradient) for name, gradient in grads.items()}


@clip_by_value.mistake(
    "unnamed-1", "Numbers below -limit are left as they are. They can be as dangerous as large positive ones."
)
def _(grads, limit):
    return _each(grads, lambda g: np.minimum(g, limit))


@clip_by_value.mistake("unnamed-2", "Numbers above the limit are left as they are. Clip on both sides.")
def _(grads, limit):
    return _each(grads, lambda g: np.maximum(g, -limit))


@clip_by_value.mistake(
    "unnamed-3",
    "You scaled all the numbers. By value means: a number beyond the limit becomes the limit, and the others "
    "stay.",
)
def _(grads, limit):
    return _each(grads, lambda g: g * limit / np.max(np.abs(g)))


@clip_by_value.mistake(
    "unnamed-4",
    "Numbers beyond the limit became 0. They should become the limit: the direction counts, only its size "
    "was too large.",
)
def _(grads, limit):
    return _each(grads, lambda g: np.where(np.abs(g) > limit, 0.0, g))


@clip_by_value.mistake(
    "unnamed-5", "The signs are lost: a gradient of -30 says the opposite of one of 30. It becomes -limit."
)
def _(grads, limit):
    return _each(grads, lambda g: np.minimum(np.abs(g), limit))


@clip_by_value.mistake("unnamed-6", "Negative numbers became 0. They may stay, down to -limit.")
def _(grads, limit):
    return _each(grads, lambda g: np.clip(g, 0, limit))


# rtol: the reference divides by the norm + 1e-6, as PyTorch does; most books leave 1e-6 out
@exercise(gradients.clip_by_norm, rtol=1e-5)
def clip_by_norm(draw):
    yield {"W": np.array([3.0]), "b": np.array([4.0])}, 1.0
    yield {"W": np.array([[0.3, -0.4]]), "b": np.array([0.0])}, 1.0  # short enough
    yield {"W": draw.normal(2, 3) + 3, "b": draw.normal(3) - 3}, draw.uniform(0.5, 2)
    yield {"W": np.zeros((2, 2)), "b": np.zeros(2)}, 1.0  # nothing to divide by


def _norm(grads):
    return np.sqrt(sum(np.sum(g**2) for g in grads.values()))


@clip_by_norm.mistake(
    "unnamed-1",
    "You clipped each array by its own length, and so changed the direction of the whole gradient. One length is "
    "taken of all the arrays together.",
)
def _(grads, max_norm):
    return _each(grads, lambda g: g * min(1.0, max_norm / (_length(g) + 1e-6)))


@clip_by_norm.mistake(
    "unnamed-2",
    "You also stretched the gradient that was short enough. Only one that is longer than max_norm is changed.",
)
def _(grads, max_norm):
    norm = _norm(grads)
    return _each(grads, lambda g: g * (max_norm / norm if norm > 0 else 1.0))


@clip_by_norm.mistake("unnamed-3", "The root is missing: a length is the root of the sum of the squares.")
def _(grads, max_norm):
    square = _norm(grads) ** 2
    return _each(grads, lambda g: g * (max_norm / square if square > max_norm else 1.0))


@clip_by_norm.mistake(
    "unnamed-4",
    "You added up the lengths of the arrays. The length of all together is the root of the sum of all "
    "squares: arrays of lengths 3 and 4 together have the length 5.",
)
def _(grads, max_norm):
    total = sum(_length(g) for g in grads.values())
    return _each(grads, lambda g: g * (max_norm / total if total > max_norm else 1.0))


@clip_by_norm.mistake("unnamed-5", "The factor is upside down: your long gradient became longer still.")
def _(grads, max_norm):
    norm = _norm(grads)
    return _each(grads, lambda g: g * (norm / max_norm if norm > max_norm else 1.0))


@clip_by_norm.mistake(
    "unnamed-6", "You scaled to length 1, whatever max_norm is. The new length should be max_norm."
)
def _(grads, max_norm):
    norm = _norm(grads)
    return _each(grads, lambda g: g * (1 / norm if norm > max_norm else 1.0))


@clip_by_norm.mistake(
    "unnamed-7",
    "You clipped number by number. By norm means: one factor for all, so that the direction stays.",
)
def _(grads, max_norm):
    return _each(grads, lambda g: np.clip(g, -max_norm, max_norm))
