"""The bends of chapter 02 and their slopes."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import case
from byhand.exercises.spec import exercise
from byhand.reference.activations import elementwise

HUGE = np.array([-1000.0, 0.0, 1000.0])


@exercise(elementwise.sigmoid)
def sigmoid(draw):
    yield np.array([0.0, 1.0, -2.0])
    yield draw.normal(2, 3)
    yield HUGE


@sigmoid.mistake(
    "wrong-sign", "The exponent has the wrong sign: you computed 1 / (1 + e^x). It falls where σ rises."
)
def _(x):
    return 1 / (1 + np.exp(x))


@sigmoid.mistake(
    "unnamed-2",
    "The 1 in the denominator is missing: you computed 1 / e^(-x). Is your value at x = 0 one half?",
)
def _(x):
    return 1 / np.exp(-x)


@sigmoid.mistake(
    "unnamed-3",
    "Brackets are missing: Python divides before it adds, so 1 / 1 + e^(-x) is 1 + e^(-x). Which part is "
    "the denominator?",
)
def _(x):
    return 1 / 1 + np.exp(-x)


@sigmoid.mistake(
    "unnamed-4",
    "On paper e^x / (1 + e^x) is right, but e^1000 is infinity for a computer, and infinity divided by "
    "infinity is nan. Look for a form in which infinity appears only in the denominator.",
)
def _(x):
    return np.exp(x) / (1 + np.exp(x))


@exercise(elementwise.sigmoid_derivative)
def sigmoid_derivative(draw):
    yield np.array([0.0, 1.0, -2.0])
    yield draw.normal(2, 3)
    yield HUGE


@sigmoid_derivative.mistake(
    "unnamed-1", "You computed x(1 - x). The rule σ′ = σ(1 - σ) speaks of the sigmoid of x, not of x itself."
)
def _(x):
    return x * (1 - x)


@sigmoid_derivative.mistake(
    "unnamed-2", "You computed σ(1 + σ). At x = 0 this gives 0.75: look at the curve there, is it that steep?"
)
def _(x):
    s = elementwise.sigmoid(x)
    return s * (1 + s)


@sigmoid_derivative.mistake(
    "unnamed-3", "You computed σ(x) multiplied by (1 - x): both factors need the sigmoid of x."
)
def _(x):
    return elementwise.sigmoid(x) * (1 - x)


@sigmoid_derivative.mistake(
    "unnamed-4", "You returned σ(x) itself. Asked is its slope, which is 0.25 at x = 0."
)
def _(x):
    return elementwise.sigmoid(x)


@sigmoid_derivative.mistake(
    "unnamed-5", "You computed 1 - σ(x). That is only one of the two factors of the slope."
)
def _(x):
    return 1 - elementwise.sigmoid(x)


@sigmoid_derivative.mistake(
    "unnamed-6",
    "On paper e^(-x) / (1 + e^(-x))² is right, but for x = -1000 it is infinity divided by infinity, which is "
    "nan. Can you write the slope with the sigmoid alone?",
)
def _(x):
    return np.exp(-x) / (1 + np.exp(-x)) ** 2


@exercise(elementwise.tanh)
def tanh(draw):
    yield np.array([0.0, 1.0, -2.0])
    yield draw.normal(2, 3)
    yield HUGE


@tanh.mistake(
    "unnamed-1",
    "You computed 2σ(x) - 1. Its range is right, but it rises too slowly: the input of the sigmoid is not x.",
)
def _(x):
    return 2 * elementwise.sigmoid(x) - 1


@tanh.mistake(
    "unnamed-2", "You computed 2σ(2x), which runs from 0 to 2. What moves it down, so that tanh(0) = 0?"
)
def _(x):
    return 2 * elementwise.sigmoid(2 * x)


@tanh.mistake(
    "unnamed-3",
    "You computed σ(2x), which runs from 0 to 1. tanh runs from -1 to 1: stretch it, then move it.",
)
def _(x):
    return elementwise.sigmoid(2 * x)


@tanh.mistake("unnamed-4", "You computed 1 - 2σ(2x), which falls. tanh rises: tanh(1) is positive.")
def _(x):
    return 1 - 2 * elementwise.sigmoid(2 * x)


@tanh.mistake(
    "unnamed-5",
    "On paper (e^x - e^(-x)) / (e^x + e^(-x)) is right, but e^1000 is infinity for a computer, and infinity "
    "divided by infinity is nan. Your sigmoid survives 1000: can tanh be written with it?",
)
def _(x):
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


@exercise(elementwise.tanh_derivative)
def tanh_derivative(draw):
    yield np.array([0.0, 1.0, -2.0])
    yield draw.normal(2, 3)
    yield HUGE


@tanh_derivative.mistake(
    "unnamed-1", "You computed 1 - x². The rule is 1 - tanh²(x): the square of tanh, not of x."
)
def _(x):
    return 1 - x**2


@tanh_derivative.mistake(
    "unnamed-2",
    "You computed 1 + tanh². That is never below 1, but where tanh is flat its slope must be close to 0.",
)
def _(x):
    return 1 + np.tanh(x) ** 2


@tanh_derivative.mistake(
    "unnamed-3", "The square is missing: you computed 1 - tanh(x). But tanh is as steep at -1 as at 1."
)
def _(x):
    return 1 - np.tanh(x)


@tanh_derivative.mistake(
    "unnamed-4",
    "You used the sigmoid's rule, t(1 - t). It holds for σ only; at 0, where tanh is steepest, it gives 0.",
)
def _(x):
    return np.tanh(x) * (1 - np.tanh(x))


@tanh_derivative.mistake(
    "unnamed-5",
    "You computed 2σ′(2x), half of the slope. The chain rule also asks for the derivative of the inner 2x.",
)
def _(x):
    return 2 * elementwise.sigmoid_derivative(2 * x)


@exercise(elementwise.relu)
def relu(draw):
    yield np.array([-2.0, 0.0, 3.0])
    yield draw.normal(2, 3)
    yield HUGE


@relu.mistake(
    "unnamed-1",
    "The function np.max finds the largest entry of an array (its second argument is an axis). Which NumPy function "
    "compares two things entry by entry?",
)
def _(x):
    return np.max(x, 0)


@relu.mistake(
    "unnamed-2", "You kept the negative numbers, and made the positive ones 0: it is the other way round."
)
def _(x):
    return np.minimum(x, 0)


@relu.mistake("unnamed-3", "You returned the size of x. ReLU gives 0 for a negative x, not -x.")
def _(x):
    return np.abs(x)


@relu.mistake(
    "unnamed-4", "You returned 1 where x is positive: that is a step. ReLU keeps the value of a positive x."
)
def _(x):
    return (x > 0).astype(float)


@exercise(elementwise.relu_derivative)
def relu_derivative(draw):
    yield np.array([-2.0, 0.0, 3.0])
    yield draw.normal(2, 3)
    yield HUGE


@relu_derivative.mistake(
    "unnamed-1",
    "Only the value at exactly 0 differs: you took 1. A corner has no slope, so a course must choose one; here, "
    "as in PyTorch, it is 0.",
)
def _(x):
    return (x >= 0).astype(float)


@relu_derivative.mistake(
    "unnamed-2", "You returned ReLU itself. Its slope right of 0 is constant: how steep is y = x?"
)
def _(x):
    return np.maximum(x, 0)


@relu_derivative.mistake("unnamed-3", "You have 1 where x is negative. On which side of 0 does ReLU rise?")
def _(x):
    return (x < 0).astype(float)


@relu_derivative.mistake(
    "unnamed-4", "You have -1 where x is negative. ReLU is flat there: what is the slope of that?"
)
def _(x):
    return np.sign(x)


@relu_derivative.mistake(
    "unnamed-5", "You have 1/2 at exactly 0. Some books do; this course, like PyTorch, takes 0."
)
def _(x):
    return np.heaviside(x, 0.5)


@exercise(elementwise.leaky_relu)
def leaky_relu(draw):
    yield np.array([-2.0, 0.0, 3.0])
    yield case(np.array([-2.0, 0.0, 3.0]), alpha=0.1)
    yield case(draw.normal(2, 3), alpha=draw.uniform(0.2, 0.9))
    yield HUGE


@leaky_relu.mistake("unnamed-1", "That is ReLU. Left of 0 the leaky ReLU is not 0: it is alpha times x.")
def _(x, alpha=0.01):
    return np.maximum(x, 0)


@leaky_relu.mistake(
    "unnamed-2", "The sign is wrong left of 0. For x = -2 the answer is a small negative number."
)
def _(x, alpha=0.01):
    return np.where(x > 0, x, -alpha * x)


@leaky_relu.mistake(
    "unnamed-3", "Left of 0 you returned alpha itself. Alpha is the slope, so the value is alpha times what?"
)
def _(x, alpha=0.01):
    return np.where(x > 0, x, alpha)


@leaky_relu.mistake(
    "unnamed-4", "The small slope is on the wrong side: you multiplied the positive numbers by alpha."
)
def _(x, alpha=0.01):
    return np.where(x > 0, alpha * x, x)


@leaky_relu.mistake("unnamed-5", "You always used 0.01. That is only the default: use the argument alpha.")
def _(x, alpha=0.01):
    return np.where(x > 0, x, 0.01 * x)


@exercise(elementwise.leaky_relu_derivative)
def leaky_relu_derivative(draw):
    yield np.array([-2.0, 0.0, 3.0])
    yield case(np.array([-2.0, 0.0, 3.0]), alpha=0.1)
    yield case(draw.normal(2, 3), alpha=draw.uniform(0.2, 0.9))
    yield HUGE


@leaky_relu_derivative.mistake(
    "unnamed-1", "That is the slope of ReLU. Left of 0 the leaky ReLU is not flat."
)
def _(x, alpha=0.01):
    return (x > 0).astype(float)


@leaky_relu_derivative.mistake(
    "unnamed-2", "Left of 0 you returned alpha · x: that is the height of the line, not its slope."
)
def _(x, alpha=0.01):
    return np.where(x > 0, 1, alpha * x)


@leaky_relu_derivative.mistake(
    "unnamed-3", "Left of 0 your slope is negative. The line rises there too, only slowly."
)
def _(x, alpha=0.01):
    return np.where(x > 0, 1, -alpha)


@leaky_relu_derivative.mistake(
    "unnamed-4",
    "Only the value at exactly 0 differs: you took 1. At the corner this course, like PyTorch, takes the slope "
    "on the left.",
)
def _(x, alpha=0.01):
    return np.where(x >= 0, 1, alpha)


@leaky_relu_derivative.mistake(
    "unnamed-5", "You always used 0.01. That is only the default: use the argument alpha."
)
def _(x, alpha=0.01):
    return np.where(x > 0, 1, 0.01)
