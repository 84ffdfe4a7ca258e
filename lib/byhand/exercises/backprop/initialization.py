"""A network's first weights, in chapter 03."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import Function, Rng
from byhand.exercises.spec import exercise
from byhand.reference.backprop import initialization


def _sizes(draw):
    """Layers of 30,000 weights or more: what is said about them below is far from what chance does."""
    seed = draw.rng()
    yield 200, 150, seed
    yield 200, 150, seed  # the same again: the same weights
    yield 200, 150, draw.rng()  # and others
    yield draw.integers(100, 150), draw.integers(300, 400), draw.rng()


def _drawn(weights, variance, name):
    """Whether weights look as if drawn around 0 with this variance, or a sentence that says what is wrong."""
    if not np.all(np.isfinite(weights)) or len(np.unique(weights)) < weights.size // 2:
        return (
            "Many of your weights are equal. Each must be drawn by itself, or the neurons would stay alike."
        )
    spread = np.std(weights)
    if abs(np.mean(weights)) > 0.05 * spread:
        return "Your weights do not lie around 0: their mean should be 0."
    if abs(spread / np.sqrt(variance) - 1) > 0.03:
        return (
            f"The standard deviation of your weights is {spread:.4f} where {np.sqrt(variance):.4f} is right. "
            f"{name}"
        )
    return None


def _share_within(weights, limit):
    return np.mean(np.abs(weights) <= limit)


@exercise(initialization.xavier_init)
def xavier_init(draw):
    yield from _sizes(draw)


@xavier_init.accept
def _(answer, fan_in, fan_out, rng):
    variance = 2 / (fan_in + fan_out)
    problem = _drawn(answer, variance, "The limits are -a and a, with a = √(6 / (fan_in + fan_out)).")
    if problem:
        return problem
    limit = np.sqrt(3 * variance)
    # even: all within the limits, half of them in the middle half
    if _share_within(answer, limit * (1 + 1e-6)) < 1 or abs(_share_within(answer, limit / 2) - 0.5) > 0.02:
        return (
            "The size of your weights is right, but they are not evenly drawn between -a and a: some lie outside, or "
            "they crowd somewhere. Which method of rng draws evenly?"
        )
    return None


@xavier_init.switchable
def _even(
    fan_in,
    fan_out,
    rng,
    *,
    limit=lambda fan_in, fan_out: np.sqrt(6 / (fan_in + fan_out)),
    low=-1.0,
    turned=False,
    normal=False,
):
    a, shape = limit(fan_in, fan_out), (fan_out, fan_in) if turned else (fan_in, fan_out)
    return rng.normal(0, a / np.sqrt(3), size=shape) if normal else rng.uniform(low * a, a, size=shape)


xavier_init.switch(
    "deviation-as-limit",
    "You took the standard deviation of the weights as their limit. Between -a and a, the numbers have the variance "
    "a²/3: that is where the 6 comes from.",
    limit=lambda fan_in, fan_out: np.sqrt(2 / (fan_in + fan_out)),
)
xavier_init.switch(
    "root-missing",
    "The root is missing: the limit is √(6 / (fan_in + fan_out)).",
    limit=lambda fan_in, fan_out: 6 / (fan_in + fan_out),
)
xavier_init.switch(
    "fan-in-alone",
    "You divided by fan_in alone. This is a compromise between both ways: fan_in + fan_out.",
    limit=lambda fan_in, fan_out: np.sqrt(6 / fan_in),
)
xavier_init.switch("all-positive", "All your weights are positive. The limits are -a and a.", low=0.0)
xavier_init.switch(
    "normal-not-even",
    "You drew normal numbers of the right variance. Asked are numbers drawn evenly between -a and a: rng.uniform.",
    normal=True,
)
xavier_init.switch(
    "on-its-side",
    "Your matrix lies on its side. In this course W has one row an input and one column a neuron: (fan_in, fan_out).",
    turned=True,
)


@exercise(initialization.he_init)
def he_init(draw):
    yield from _sizes(draw)


@he_init.accept
def _(answer, fan_in, fan_out, rng):
    problem = _drawn(answer, 2 / fan_in, "It is √(2 / fan_in).")
    if problem:
        return problem
    # of normal numbers 95.4 % lie within two standard deviations; of even ones all
    if abs(_share_within(answer, 2 * np.sqrt(2 / fan_in)) - 0.9545) > 0.009:
        return (
            "The size of your weights is right, but they are not normal: too few or too many of them lie far from 0. "
            "Which method of rng draws normal numbers?"
        )
    return None


@he_init.switchable
def _normal(
    fan_in,
    fan_out,
    rng,
    *,
    deviation=lambda fan_in, fan_out: np.sqrt(2 / fan_in),
    turned=False,
    even=False,
):
    sigma, shape = deviation(fan_in, fan_out), (fan_out, fan_in) if turned else (fan_in, fan_out)
    limit = np.sqrt(3) * sigma
    return rng.uniform(-limit, limit, size=shape) if even else rng.normal(0, sigma, size=shape)


he_init.switch(
    "root-missing",
    "You used the variance as the standard deviation: the root is missing.",
    deviation=lambda fan_in, fan_out: 2 / fan_in,
)
he_init.switch(
    "fan-out",
    "You divided by the number of neurons. What a neuron adds up has fan_in terms: they decide how large its sum gets.",
    deviation=lambda fan_in, fan_out: np.sqrt(2 / fan_out),
)
he_init.switch(
    "one-not-two",
    "With √(1 / fan_in) the signal would keep its size if nothing were lost. ReLU loses half of it: which number makes "
    "up for that?",
    deviation=lambda fan_in, fan_out: np.sqrt(1 / fan_in),
)
he_init.switch(
    "variance-of-xavier",
    "That is Xavier's variance. He's looks at the inputs alone: 2 / fan_in.",
    deviation=lambda fan_in, fan_out: np.sqrt(2 / (fan_in + fan_out)),
)
he_init.switch(
    "not-scaled",
    "Your weights have the standard deviation 1, however many inputs there are. It is √(2 / fan_in).",
    deviation=lambda fan_in, fan_out: 1.0,
)
he_init.switch(
    "even-not-normal",
    "You drew numbers evenly, of the right variance. Asked are normal numbers: rng.normal.",
    even=True,
)
he_init.switch(
    "on-its-side",
    "Your matrix lies on its side. In this course W has one row an input and one column a neuron: (fan_in, fan_out).",
    turned=True,
)


COUNTED = Function("np.arange(fan_in * fan_out).reshape(fan_in, fan_out) + 0.5", "fan_in, fan_out, rng")
WIDE = Function("rng.normal(0, fan_in, size=(fan_in, fan_out))", "fan_in, fan_out, rng")


@exercise(initialization.mlp_init)
def mlp_init(draw):
    yield [2, 3, 1], COUNTED, Rng(0)
    yield [4, 2, 5, 3], WIDE, draw.rng()
    yield [draw.integers(2, 5), draw.integers(2, 5)], WIDE, draw.rng()  # one layer


@mlp_init.switchable
def _layers(
    layer_sizes,
    init,
    rng,
    *,
    weights=lambda init, inputs, outputs, rng: init(inputs, outputs, rng),
    bias=lambda inputs, outputs: np.zeros(outputs),
):
    params = {}
    for layer in range(1, len(layer_sizes)):
        inputs, outputs = layer_sizes[layer - 1], layer_sizes[layer]
        params[f"W{layer}"] = weights(init, inputs, outputs, rng)
        params[f"b{layer}"] = bias(inputs, outputs)
    return params


mlp_init.switch(
    "biases-of-one",
    "The weights are right. The biases begin at 0, not at 1.",
    bias=lambda inputs, outputs: np.ones(outputs),
)
mlp_init.switch(
    "bias-of-each-input",
    "The weights are right. A layer has one bias for each neuron, not for each input.",
    bias=lambda inputs, outputs: np.zeros(inputs),
)
mlp_init.switch(
    "bias-as-a-row",
    "The weights are right. A bias is a list of numbers, shape (neurons,), and no table of one row.",
    bias=lambda inputs, outputs: np.zeros((1, outputs)),
)
mlp_init.switch(
    "init-not-used",
    "You drew the weights yourself. How large they are is for `init` to decide: call it for each layer.",
    weights=lambda init, inputs, outputs, rng: rng.normal(size=(inputs, outputs)),
)
mlp_init.switch(
    "sizes-exchanged",
    "Your weights lie on their side: init takes fan_in first, the number of inputs, and then the number of neurons.",
    weights=lambda init, inputs, outputs, rng: init(outputs, inputs, rng),
)
mlp_init.switch(
    "weights-of-zero",
    "All your weights are 0. Neurons that begin alike stay alike: call `init` for each layer.",
    weights=lambda init, inputs, outputs, rng: np.zeros((inputs, outputs)),
)


@mlp_init.mistake("biases-drawn", "Your biases are drawn by chance, too. They begin at 0.")
def _(layer_sizes, init, rng):
    params = {}
    for layer in range(1, len(layer_sizes)):
        params[f"W{layer}"] = init(layer_sizes[layer - 1], layer_sizes[layer], rng)
        params[f"b{layer}"] = rng.normal(size=layer_sizes[layer])
    return params


@mlp_init.mistake("counted-from-0", "You counted the layers from 0. The first one has W1 and b1.")
def _(layer_sizes, init, rng):
    params = initialization.mlp_init(layer_sizes, init, rng)
    return {f"{name[0]}{int(name[1:]) - 1}": value for name, value in params.items()}
