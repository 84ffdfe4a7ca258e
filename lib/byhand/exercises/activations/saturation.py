"""What a bend costs, in chapter 02."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import Function
from byhand.exercises.spec import exercise
from byhand.reference.activations import saturation

SIGMOID_SLOPE = Function("0.25 / np.cosh(x / 2)**2")
TANH_SLOPE = Function("1 / np.cosh(x)**2")
RELU_SLOPE = Function("np.where(x > 0, 1.0, 0.0)")
LEAKY_SLOPE = Function("np.where(x > 0, 1.0, 0.1)")
SINE_SLOPE = Function("np.cos(x)")  # the sine is used as an activation too; its slope can be negative


@exercise(saturation.saturated_fraction)
def saturated_fraction(draw):
    yield np.array([-9.0, 0.0, 1.0, 9.0]), SIGMOID_SLOPE, 0.01
    yield np.array([-2.0, -1.0, 3.0]), LEAKY_SLOPE, 0.1  # exactly at the threshold: not below it
    yield np.array([0.1, 1.5, 3.1]), SINE_SLOPE, 0.2
    yield draw.uniform(-6, 6, 3, 4), TANH_SLOPE, draw.uniform(0.01, 0.5)
    yield draw.uniform(-3, 3, 2, 3, 2), RELU_SLOPE, draw.uniform(0.1, 0.9)
    yield draw.uniform(-1, 1, 1, 2), SIGMOID_SLOPE, draw.uniform(0.01, 0.1)  # none is saturated


@saturated_fraction.switchable
def _fraction(z, activation_derivative, threshold, *, size=np.abs, below=np.less, count=np.mean):
    return count(below(size(activation_derivative(z)), threshold))


saturated_fraction.switch(
    "threshold-counted",
    "You count where the derivative is exactly at the threshold too. Asked is: below the threshold.",
    below=np.less_equal,
)
saturated_fraction.switch(
    "sign-kept",
    "A steep falling slope, such as -1, is not saturated. What matters is the size of the derivative, "
    "without its sign.",
    size=np.array,
)
saturated_fraction.switch(
    "count-returned",
    "You returned how many are saturated. A fraction is that count, divided by what?",
    count=np.sum,
)
saturated_fraction.switch(
    "not-saturated-counted",
    "That is the fraction that is NOT saturated. Saturated means: a small derivative.",
    below=np.greater_equal,
)
saturated_fraction.switch(
    "percentage",
    "You returned a percentage. A fraction lies between 0 and 1.",
    count=lambda truths: 100 * np.mean(truths),
)
saturated_fraction.switch(
    "divided-by-rows",
    "You divided by len(z), which counts rows. A table has more entries than rows: divide by the number of entries.",
    count=lambda truths: np.sum(truths) / len(truths),
)
saturated_fraction.switch(
    "fraction-of-each-column",
    "You returned a fraction for each column. Asked is one number for all the entries together.",
    count=lambda truths: np.mean(truths, axis=0),
)


@saturated_fraction.mistake(
    "z-compared",
    "You compared z itself with the threshold. A large z is no trouble; a small derivative at z is.",
)
def _(z, activation_derivative, threshold):
    return np.mean(np.abs(z) < threshold)


@saturated_fraction.mistake(
    "the-rest-counted",
    "You counted those above the threshold. Saturated are those whose slope lies below it.",
)
def _(z, activation_derivative, threshold):
    return np.mean(np.abs(activation_derivative(z)) > threshold)


@saturated_fraction.mistake(
    "threshold-fixed",
    "You always compare with 0.01. Use the argument `threshold`: each caller has another one.",
)
def _(z, activation_derivative, threshold):
    return np.mean(np.abs(activation_derivative(z)) < 0.01)


@saturated_fraction.mistake(
    "always-sigmoid",
    "You always take the slope of the sigmoid. Whose slope it is, is an argument: call `activation_derivative`.",
)
def _(z, activation_derivative, threshold):
    return np.mean(np.abs(SIGMOID_SLOPE(z)) < threshold)


@exercise(saturation.gradient_after)
def gradient_after(draw):
    yield 3, SIGMOID_SLOPE, np.array([0.0, 1.0, 2.0])
    yield 10, TANH_SLOPE, draw.uniform(-1, 1, 4)
    yield 1, LEAKY_SLOPE, np.array([-1.0, 2.0])
    yield draw.integers(2, 6), SINE_SLOPE, draw.uniform(-3, 3, 2, 3)
    yield draw.integers(2, 6), TANH_SLOPE, draw.uniform(-1, 1, 1)


@gradient_after.mistake(
    "slope-put-in-again",
    "You put the slope back in as the next layer's z. Here all the layers have the same z: take its slope once.",
)
def _(depth, derivative, z):
    left = np.ones_like(z)
    for _ in range(depth):
        z = derivative(z)
        left = left * z
    return left


@gradient_after.mistake(
    "times-depth",
    "You multiplied the derivative by the number of layers. Each layer multiplies once more: three layers are "
    "d · d · d, not 3 · d.",
)
def _(depth, derivative, z):
    return depth * derivative(z)


@gradient_after.switchable
def _power(depth, derivative, z, *, more=0, first=None):
    return (1 if first is None else first(z)) * derivative(z) ** (depth + more)


gradient_after.switch(
    "one-factor-missing", "One factor is missing: each of the `depth` layers multiplies once.", more=-1
)
gradient_after.switch(
    "one-factor-too-many",
    "There is one factor too many: each of the `depth` layers multiplies once.",
    more=1,
)
gradient_after.switch(
    "started-with-z",
    "You started the product with z. The gradient that comes in at the last layer is 1.",
    first=np.array,
)


@gradient_after.mistake(
    "nested",
    "You put the result of the derivative into the derivative again. Every layer's z is the same here; "
    "the derivatives are multiplied, not nested.",
)
def _(depth, derivative, z):
    for _ in range(depth):
        z = derivative(z)
    return z


@gradient_after.mistake(
    "depth-ignored", "That is one layer alone. Each of the `depth` layers multiplies by the slope once more."
)
def _(depth, derivative, z):
    return derivative(z)


@gradient_after.mistake(
    "power-of-z", "You took the derivative at a power of z. Take it at z, and raise the result to a power."
)
def _(depth, derivative, z):
    return derivative(z**depth)


@exercise(saturation.dead_units)
def dead_units(draw):
    yield np.array([[0.0, 2.0, 0.0], [0.0, 0.0, 1.0]])
    yield np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.5, 0.0, 0.0]])
    activations_drawn = draw.uniform(0.1, 3, 4, 5)
    unit = draw.permutation(5)
    activations_drawn[:, unit[0]] = 0
    activations_drawn[draw.integers(0, 4), unit[1]] = 0
    yield activations_drawn
    yield _of_both_signs(draw)
    yield np.array([[0.0, draw.uniform(0.1, 1), 0.0, draw.uniform(0.1, 1)]])[:, draw.permutation(4)]
    yield np.zeros((draw.integers(2, 5), 1))


def _of_both_signs(draw):
    """What tanh gives: only one of the six units is dead, though others add up to 0, or have 0 as their largest."""
    a, b = draw.uniform(0.1, 0.9, 2)
    units = np.array(
        [
            [a, -a, 0.0, 0.0],  # the sum is 0
            [-a, 0.0, -b, -b],  # the largest is 0
            [-a, -b, -b, -a],
            [0.0, 0.0, 0.01, 0.0],  # answers once, faintly
            [-0.01, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 0.0],
        ]
    )
    return units[draw.permutation(6)].T[draw.permutation(4)]


@dead_units.mistake(
    "zero-for-some",
    "You marked units that are 0 for some sample. A healthy ReLU is often 0; a dead one is 0 on all samples.",
)
def _(activations):
    return np.any(activations == 0, axis=0)


@dead_units.mistake("along-rows", "You looked along the rows, which are the samples. A unit is a column.")
def _(activations):
    return np.all(activations == 0, axis=1)


@dead_units.mistake("alive-marked", "You marked the units that are alive. True should mean dead.")
def _(activations):
    return np.any(activations != 0, axis=0)


@dead_units.mistake(
    "count-returned", "You returned how many units are dead. Asked is which: one True or False for each unit."
)
def _(activations):
    return np.sum(np.all(activations == 0, axis=0))


@dead_units.mistake(
    "positions-returned",
    "You returned the positions of the dead units. Asked is one True or False for each unit.",
)
def _(activations):
    return np.flatnonzero(np.all(activations == 0, axis=0))


@dead_units.mistake(
    "first-sample-only",
    "You looked at the first sample only. A unit may be 0 there, and alive on the next.",
)
def _(activations):
    return activations[0] == 0


@dead_units.mistake(
    "sum-is-0",
    "You marked units whose sum is 0. With 1 on one sample and -1 on another a unit answers, and yet its sum is 0.",
)
def _(activations):
    return np.isclose(np.sum(activations, axis=0), 0)


@dead_units.mistake(
    "largest-is-0",
    "You marked units whose largest answer is 0. Not every bend is a ReLU: a unit with -1 on some sample answers.",
)
def _(activations):
    return np.max(activations, axis=0) == 0


@dead_units.mistake(
    "none-above-0",
    "You marked units that are never above 0. Not every bend is a ReLU: a unit with -1 on some sample answers.",
)
def _(activations):
    return np.all(activations <= 0, axis=0)


@dead_units.mistake(
    "faint-for-dead", "You marked units with small answers too. Dead means exactly 0, on every sample."
)
def _(activations):
    return np.all(np.abs(activations) < 0.05, axis=0)
