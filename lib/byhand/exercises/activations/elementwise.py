"""The bends of chapter 02 and their slopes."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.activations import elementwise

HUGE = np.array([-1000.0, 0.0, 1000.0])


def near_0(draw):
    """A number on each side of 0, close to it: a corner at 0.1 or at 0.5 is no corner at 0."""
    return np.array([draw.uniform(-0.09, -0.01), draw.uniform(0.01, 0.09)])


def _small_and_huge(draw):
    yield np.array([0.0, 1.0, -2.0])
    yield draw.normal(2, 3)
    yield HUGE
    yield draw.uniform(-3, 3, 2, 1, 2)
    yield draw.uniform(-20, -5, 1)


def _both_sides(draw):
    yield np.array([-2.0, 0.0, 3.0])
    yield draw.normal(2, 3)
    yield HUGE
    yield near_0(draw)
    yield draw.uniform(-3, 3, 2, 1, 2)


sigmoid = exercise(elementwise.sigmoid)(_small_and_huge)


@sigmoid.switchable
def _logistic(x, *, sign=-1, one=1, added=1):
    return 1 / (one + added * np.exp(sign * x))


sigmoid.switch(
    "wrong-sign",
    "The exponent has the wrong sign: you computed 1 / (1 + e^x). It falls where σ rises.",
    sign=1,
)
sigmoid.switch(
    "one-missing",
    "The 1 in the denominator is missing: you computed 1 / e^(-x). Is your value at x = 0 one half?",
    one=0,
)
sigmoid.switch(
    "subtracted",
    "You subtracted in the denominator: 1 / (1 - e^(-x)). At x = 0 that divides by 0, where σ is one half.",
    added=-1,
)


@sigmoid.mistake(
    "denominator-open",
    "Brackets are missing: Python divides before it adds, so 1 / 1 + e^(-x) is 1 + e^(-x). Which part is "
    "the denominator?",
)
def _(x):
    return 1 / 1 + np.exp(-x)


@sigmoid.mistake(
    "infinity-by-infinity",
    "On paper e^x / (1 + e^x) is right, but e^1000 is infinity for a computer, and infinity divided by "
    "infinity is nan. Look for a form in which infinity appears only in the denominator.",
)
def _(x):
    return np.exp(x) / (1 + np.exp(x))


@sigmoid.mistake(
    "tanh-instead",
    "Your values run from -1 to 1: that is tanh, the next bend. σ runs from 0 to 1, and is one half at x = 0.",
)
def _(x):
    return np.tanh(x)


sigmoid_derivative = exercise(elementwise.sigmoid_derivative)(_small_and_huge)


@sigmoid_derivative.switchable
def _sigmoid_slope(x, *, first=elementwise.sigmoid, second=elementwise.sigmoid, sign=-1):
    return first(x) * (1 + sign * second(x))


def _itself(x):
    return x


def _one(x):
    return np.ones_like(x)


sigmoid_derivative.switch(
    "of-x-itself",
    "You computed x(1 - x). The rule σ′ = σ(1 - σ) speaks of the sigmoid of x, not of x itself.",
    first=_itself,
    second=_itself,
)
sigmoid_derivative.switch(
    "added",
    "You computed σ(1 + σ). At x = 0 this gives 0.75: look at the curve there, is it that steep?",
    sign=1,
)
sigmoid_derivative.switch(
    "second-of-x-itself",
    "You computed σ(x) multiplied by (1 - x): both factors need the sigmoid of x.",
    second=_itself,
)
sigmoid_derivative.switch(
    "first-of-x-itself",
    "You computed x multiplied by (1 - σ(x)): both factors need the sigmoid of x.",
    first=_itself,
)
sigmoid_derivative.switch(
    "first-missing", "You computed 1 - σ(x). That is only one of the two factors of the slope.", first=_one
)


@sigmoid_derivative.mistake(
    "factors-subtracted",
    "You subtracted (1 - σ) from σ. Two factors side by side, σ(1 - σ), are multiplied: in Python, write `*`.",
)
def _(x):
    return 2 * elementwise.sigmoid(x) - 1


@sigmoid_derivative.mistake(
    "value-returned", "You returned σ(x) itself. Asked is its slope, which is 0.25 at x = 0."
)
def _(x):
    return elementwise.sigmoid(x)


@sigmoid_derivative.mistake(
    "sign-turned",
    "The sign is wrong: you computed σ(σ - 1). The sigmoid rises everywhere: what sign has its slope?",
)
def _(x):
    return elementwise.sigmoid(x) * (elementwise.sigmoid(x) - 1)


@sigmoid_derivative.mistake(
    "brackets-missing",
    "Your slope is 0 everywhere. If you wrote s * 1 - s, brackets are missing: Python multiplies before it subtracts.",
)
def _(x):
    return np.zeros_like(x)


@sigmoid_derivative.mistake(
    "infinity-by-infinity",
    "On paper e^(-x) / (1 + e^(-x))² is right, but for x = -1000 it is infinity divided by infinity, which is "
    "nan. Can you write the slope with the sigmoid alone?",
)
def _(x):
    return np.exp(-x) / (1 + np.exp(-x)) ** 2


@sigmoid_derivative.mistake(
    "sigmoid-twice",
    "You put the sigmoid's result into the sigmoid again. Call it once, and use its result twice.",
)
def _(x):
    s = elementwise.sigmoid(elementwise.sigmoid(x))
    return s * (1 - s)


tanh = exercise(elementwise.tanh)(_small_and_huge)


@tanh.switchable
def _stretched(x, *, inner=2, height=2, down=1, sign=1):
    return sign * (height * elementwise.sigmoid(inner * x) - down)


tanh.switch(
    "inner-2-missing",
    "You computed 2σ(x) - 1. Its range is right, but it rises too slowly: the input of the sigmoid is not x.",
    inner=1,
)
tanh.switch(
    "not-moved-down",
    "You computed 2σ(2x), which runs from 0 to 2. What moves it down, so that tanh(0) = 0?",
    down=0,
)
tanh.switch(
    "only-narrowed",
    "You computed σ(2x), which runs from 0 to 1. tanh runs from -1 to 1: stretch it, then move it.",
    height=1,
    down=0,
)
tanh.switch(
    "outer-2-missing",
    "You computed σ(2x) - 1, which runs from -1 to 0. tanh runs from -1 to 1: how high must it be stretched?",
    height=1,
)
tanh.switch("sign-turned", "You computed 1 - 2σ(2x), which falls. tanh rises: tanh(1) is positive.", sign=-1)


@tanh.mistake(
    "infinity-by-infinity",
    "On paper (e^x - e^(-x)) / (e^x + e^(-x)) is right, but e^1000 is infinity for a computer, and infinity "
    "divided by infinity is nan. Your sigmoid survives 1000: can tanh be written with it?",
)
def _(x):
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


tanh_derivative = exercise(elementwise.tanh_derivative)(_small_and_huge)


@tanh_derivative.switchable
def _tanh_slope(x, *, bend=np.tanh, power=2, sign=-1, turned=1):
    return turned * (1 + sign * bend(x) ** power)


tanh_derivative.switch(
    "of-x-itself",
    "You computed 1 - x². The rule is 1 - tanh²(x): the square of tanh, not of x.",
    bend=_itself,
)
tanh_derivative.switch(
    "added",
    "You computed 1 + tanh². That is never below 1, but where tanh is flat its slope must be close to 0.",
    sign=1,
)
tanh_derivative.switch(
    "square-missing",
    "The square is missing: you computed 1 - tanh(x). But tanh is as steep at -1 as at 1.",
    power=1,
)
tanh_derivative.switch(
    "sign-turned",
    "The sign is wrong: you computed tanh² - 1. tanh rises everywhere: what sign has its slope?",
    turned=-1,
)


@tanh_derivative.mistake(
    "square-of-all",
    "You squared the whole difference, (1 - tanh(x))². The rule squares tanh alone, before you subtract.",
)
def _(x):
    return (1 - np.tanh(x)) ** 2


@tanh_derivative.mistake(
    "square-inside", "You computed 1 - tanh(x²). In tanh²(x) the tanh comes first, and the square after it."
)
def _(x):
    return 1 - np.tanh(x**2)


@tanh_derivative.mistake(
    "rule-of-sigmoid",
    "You used the sigmoid's rule, t(1 - t). It holds for σ only; at 0, where tanh is steepest, it gives 0.",
)
def _(x):
    return np.tanh(x) * (1 - np.tanh(x))


@tanh_derivative.mistake(
    "inner-derivative-missing",
    "You computed 2σ′(2x), half of the slope. The chain rule also asks for the derivative of the inner 2x.",
)
def _(x):
    return 2 * elementwise.sigmoid_derivative(2 * x)


relu = exercise(elementwise.relu)(_both_sides)


@relu.mistake(
    "max-for-maximum",
    "The function np.max finds the largest entry of an array (its second argument is an axis). Which NumPy function "
    "compares two things entry by entry?",
)
def _(x):
    return np.max(x, 0)


@relu.mistake(
    "negative-kept", "You kept the negative numbers, and made the positive ones 0: it is the other way round."
)
def _(x):
    return np.minimum(x, 0)


@relu.mistake("size-returned", "You returned the size of x. ReLU gives 0 for a negative x, not -x.")
def _(x):
    return np.abs(x)


@relu.mistake(
    "step-instead",
    "You returned 1 where x is positive: that is a step. ReLU keeps the value of a positive x.",
)
def _(x):
    return (x > 0).astype(float)


@relu.mistake("one-for-negative", "You have 1 where x is negative. ReLU makes every negative number 0.")
def _(x):
    return np.where(x > 0, x, 1)


relu_derivative = exercise(elementwise.relu_derivative)(_both_sides)


@relu_derivative.mistake(
    "one-at-0",
    "Only the value at exactly 0 differs: you took 1. A corner has no slope, so a course must choose one; here, "
    "as in PyTorch, it is 0.",
)
def _(x):
    return (x >= 0).astype(float)


@relu_derivative.mistake(
    "value-returned", "You returned ReLU itself. Its slope right of 0 is constant: how steep is y = x?"
)
def _(x):
    return np.maximum(x, 0)


@relu_derivative.mistake("turned-round", "You have 1 where x is negative. On which side of 0 does ReLU rise?")
def _(x):
    return (x < 0).astype(float)


@relu_derivative.mistake("turned-round")
def _(x):
    return (x <= 0).astype(float)


@relu_derivative.mistake(
    "minus-1-on-the-left", "You have -1 where x is negative. ReLU is flat there: what is the slope of that?"
)
def _(x):
    return np.sign(x)


@relu_derivative.mistake("minus-1-on-the-left")
def _(x):
    return np.where(x > 0, 1, -1)


@relu_derivative.mistake(
    "half-at-0", "You have 1/2 at exactly 0. Some books do; this course, like PyTorch, takes 0."
)
def _(x):
    return np.heaviside(x, 0.5)


@relu_derivative.mistake(
    "all-ones", "You have 1 everywhere. Left of 0 ReLU is flat: what is the slope there?"
)
def _(x):
    return np.ones_like(x)
