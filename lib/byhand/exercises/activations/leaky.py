"""The exercises of chapter 02 on leaky ReLU and its slope."""

from __future__ import annotations

import numpy as np

from byhand.exercises.activations.elementwise import HUGE, near_0
from byhand.exercises.inputs import case
from byhand.exercises.spec import exercise
from byhand.reference.activations import leaky as reference


def _both_sides_and_slopes(draw):
    yield np.array([-2.0, 0.0, 3.0])
    yield case(np.array([-2.0, 0.0, 3.0]), alpha=0.1)
    yield case(draw.normal(2, 3), alpha=draw.uniform(0.2, 0.9))
    yield HUGE
    yield case(near_0(draw), alpha=draw.uniform(0.2, 0.9))
    yield draw.uniform(-3, 3, 2, 1, 2)


leaky_relu = exercise(reference.leaky_relu)(_both_sides_and_slopes)


@leaky_relu.switchable
def _leaky(x, alpha=0.01, *, sign=1, used=True, right=None, left=None):
    alpha = alpha if used else 0.01
    right, left = (x if right is None else right(x, alpha)), (alpha * x if left is None else left(x, alpha))
    return np.where(x > 0, right, sign * left)


leaky_relu.switch(
    "relu-instead",
    "That is ReLU. Left of 0 the leaky ReLU is not 0: it is alpha times x.",
    left=lambda x, alpha: 0 * x,
)
leaky_relu.switch(
    "sign-turned",
    "The sign is wrong left of 0. For x = -2 the answer is a small negative number.",
    sign=-1,
)
leaky_relu.switch(
    "alpha-for-value",
    "Left of 0 you returned alpha itself. Alpha is the slope, so the value is alpha times what?",
    left=lambda x, alpha: alpha,
)
leaky_relu.switch(
    "alpha-ignored", "You always used 0.01. That is only the default: use the argument alpha.", used=False
)


@leaky_relu.mistake(
    "wrong-side", "The small slope is on the wrong side: your positive numbers come out multiplied by alpha."
)
def _(x, alpha=0.01):
    return np.where(x > 0, alpha * x, x)


@leaky_relu.mistake(
    "larger-of-x-and-alpha",
    "You took the larger of x and alpha. Alpha is a slope and no value: x is compared with alpha times x.",
)
def _(x, alpha=0.01):
    return np.maximum(x, alpha)


@leaky_relu.mistake(
    "alpha-everywhere", "You multiplied all the numbers by alpha. Right of 0 a number passes unchanged."
)
def _(x, alpha=0.01):
    return alpha * x


leaky_relu_derivative = exercise(reference.leaky_relu_derivative)(_both_sides_and_slopes)


@leaky_relu_derivative.switchable
def _leaky_slope(x, alpha=0.01, *, right=1, left=1, used=True, by_x=False):
    alpha = alpha if used else 0.01
    return np.where(x > 0, right, left * alpha * (x if by_x else 1))


leaky_relu_derivative.switch(
    "relu-instead", "That is the slope of ReLU. Left of 0 the leaky ReLU is not flat.", left=0
)
leaky_relu_derivative.switch(
    "value-on-the-left",
    "Left of 0 you returned alpha · x: that is the height of the line, not its slope.",
    by_x=True,
)
leaky_relu_derivative.switch(
    "sign-turned", "Left of 0 your slope is negative. The line rises there too, only slowly.", left=-1
)
leaky_relu_derivative.switch(
    "alpha-ignored", "You always used 0.01. That is only the default: use the argument alpha.", used=False
)


@leaky_relu_derivative.mistake(
    "one-at-0",
    "Only the value at exactly 0 differs: you took 1. At the corner this course, like PyTorch, takes the slope "
    "on the left.",
)
def _(x, alpha=0.01):
    return np.where(x >= 0, 1, alpha)


@leaky_relu_derivative.mistake(
    "wrong-side", "The small slope is on the wrong side: where is the leaky ReLU as steep as y = x?"
)
def _(x, alpha=0.01):
    return np.where(x > 0, alpha, 1)


@leaky_relu_derivative.mistake(
    "value-on-the-right",
    "Right of 0 you returned x: that is the height of the line, not its slope. How steep is y = x?",
)
def _(x, alpha=0.01):
    return np.where(x > 0, x, alpha)


@leaky_relu_derivative.mistake(
    "value-returned",
    "You returned the leaky ReLU itself. Its slope right of 0 is constant: how steep is y = x?",
)
def _(x, alpha=0.01):
    return np.where(x > 0, x, alpha * x)
