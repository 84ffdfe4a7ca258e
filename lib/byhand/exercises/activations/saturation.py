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


@saturated_fraction.mistake(
    "unnamed-1",
    "You count where the derivative is exactly at the threshold too. Asked is: below the threshold.",
)
def _(z, activation_derivative, threshold):
    return np.mean(np.abs(activation_derivative(z)) <= threshold)


@saturated_fraction.mistake(
    "unnamed-2",
    "A steep falling slope, such as -1, is not saturated. What matters is the size of the derivative, "
    "without its sign.",
)
def _(z, activation_derivative, threshold):
    return np.mean(activation_derivative(z) < threshold)


@saturated_fraction.mistake(
    "unnamed-3", "You returned how many are saturated. A fraction is that count, divided by what?"
)
def _(z, activation_derivative, threshold):
    return np.sum(np.abs(activation_derivative(z)) < threshold)


@saturated_fraction.mistake(
    "unnamed-4", "That is the fraction that is NOT saturated. Saturated means: a small derivative."
)
def _(z, activation_derivative, threshold):
    return np.mean(np.abs(activation_derivative(z)) >= threshold)


@saturated_fraction.mistake(
    "unnamed-5",
    "You compared z itself with the threshold. A large z is no trouble; a small derivative at z is.",
)
def _(z, activation_derivative, threshold):
    return np.mean(np.abs(z) < threshold)


@saturated_fraction.mistake("unnamed-6", "You returned a percentage. A fraction lies between 0 and 1.")
def _(z, activation_derivative, threshold):
    return 100 * np.mean(np.abs(activation_derivative(z)) < threshold)


@exercise(saturation.gradient_after)
def gradient_after(draw):
    yield 3, SIGMOID_SLOPE, np.array([0.0, 1.0, 2.0])
    yield 10, TANH_SLOPE, draw.uniform(-1, 1, 4)
    yield 1, LEAKY_SLOPE, np.array([-1.0, 2.0])
    yield draw.integers(2, 6), SINE_SLOPE, draw.uniform(-3, 3, 2, 3)


@gradient_after.mistake(
    "unnamed-1",
    "You multiplied the derivative by the number of layers. Each layer multiplies once more: three layers are "
    "d · d · d, not 3 · d.",
)
def _(depth, derivative, z):
    return depth * derivative(z)


@gradient_after.mistake("unnamed-2", "One factor is missing: each of the `depth` layers multiplies once.")
def _(depth, derivative, z):
    return derivative(z) ** (depth - 1)


@gradient_after.mistake(
    "unnamed-3", "There is one factor too many: each of the `depth` layers multiplies once."
)
def _(depth, derivative, z):
    return derivative(z) ** (depth + 1)


@gradient_after.mistake(
    "unnamed-4",
    "You put the result of the derivative into the derivative again. Every layer's z is the same here; "
    "the derivatives are multiplied, not nested.",
)
def _(depth, derivative, z):
    for _ in range(depth):
        z = derivative(z)
    return z


@gradient_after.mistake(
    "unnamed-5", "You started the product with z. The gradient that comes in at the last layer is 1."
)
def _(depth, derivative, z):
    return z * derivative(z) ** depth


@gradient_after.mistake(
    "unnamed-6", "You took the derivative at a power of z. Take it at z, and raise the result to a power."
)
def _(depth, derivative, z):
    return derivative(z**depth)


@exercise(saturation.dead_units)
def dead_units(draw):
    yield np.array([[0.0, 2.0, 0.0], [0.0, 0.0, 1.0]])
    activations_drawn = draw.uniform(0.1, 3, 4, 5)
    unit = draw.permutation(5)
    activations_drawn[:, unit[0]] = 0
    activations_drawn[draw.integers(0, 4), unit[1]] = 0
    yield activations_drawn
    yield np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.5, 0.0, 0.0]])


@dead_units.mistake(
    "unnamed-1",
    "You marked units that are 0 for some sample. A healthy ReLU is often 0; a dead one is 0 on all samples.",
)
def _(activations):
    return np.any(activations == 0, axis=0)


@dead_units.mistake("unnamed-2", "You looked along the rows, which are the samples. A unit is a column.")
def _(activations):
    return np.all(activations == 0, axis=1)


@dead_units.mistake("unnamed-3", "You marked the units that are alive. True should mean dead.")
def _(activations):
    return np.any(activations != 0, axis=0)


@dead_units.mistake(
    "unnamed-4", "You returned how many units are dead. Asked is which: one True or False for each unit."
)
def _(activations):
    return np.sum(np.all(activations == 0, axis=0))


@dead_units.mistake(
    "unnamed-5", "You returned the positions of the dead units. Asked is one True or False for each unit."
)
def _(activations):
    return np.flatnonzero(np.all(activations == 0, axis=0))


@dead_units.mistake(
    "unnamed-6", "You looked at the first sample only. A unit may be 0 there, and alive on the next."
)
def _(activations):
    return activations[0] == 0
