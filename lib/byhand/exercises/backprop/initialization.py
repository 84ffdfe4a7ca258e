"""A network's first weights, in chapter 03."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import Function, Rng
from byhand.exercises.spec import exercise
from byhand.reference.backprop import initialization


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


@exercise(initialization.xavier_init)
def xavier_init(draw):
    yield 300, 200, draw.rng()
    yield 150, 400, draw.rng()


@xavier_init.accept
def _(answer, fan_in, fan_out, rng):
    return _drawn(
        answer, 2 / (fan_in + fan_out), "The limits are -a and a, with a = √(6 / (fan_in + fan_out))."
    )


@xavier_init.mistake(
    "unnamed-1",
    "You took the standard deviation of the weights as their limit. Between -a and a, the numbers have the variance "
    "a²/3: that is where the 6 comes from.",
)
def _(fan_in, fan_out, rng):
    limit = np.sqrt(2 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


@xavier_init.mistake("unnamed-2", "The root is missing: the limit is √(6 / (fan_in + fan_out)).")
def _(fan_in, fan_out, rng):
    limit = 6 / (fan_in + fan_out)
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


@xavier_init.mistake(
    "unnamed-3", "You divided by fan_in alone. This is a compromise between both ways: fan_in + fan_out."
)
def _(fan_in, fan_out, rng):
    limit = np.sqrt(6 / fan_in)
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


@xavier_init.mistake("unnamed-4", "All your weights are positive. The limits are -a and a.")
def _(fan_in, fan_out, rng):
    return rng.uniform(0, np.sqrt(6 / (fan_in + fan_out)), size=(fan_in, fan_out))


@xavier_init.mistake(
    "unnamed-5",
    "Your matrix lies on its side. In this course W has one row an input and one column a neuron: (fan_in, "
    "fan_out).",
)
def _(fan_in, fan_out, rng):
    limit = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, size=(fan_out, fan_in))


@exercise(initialization.he_init)
def he_init(draw):
    yield 300, 200, draw.rng()
    yield 150, 400, draw.rng()


@he_init.accept
def _(answer, fan_in, fan_out, rng):
    return _drawn(answer, 2 / fan_in, "It is √(2 / fan_in).")


@he_init.mistake("unnamed-1", "You used the variance as the standard deviation: the root is missing.")
def _(fan_in, fan_out, rng):
    return rng.normal(0, 2 / fan_in, size=(fan_in, fan_out))


@he_init.mistake(
    "unnamed-2",
    "You divided by the number of neurons. What a neuron adds up has fan_in terms: they decide how large its "
    "sum gets.",
)
def _(fan_in, fan_out, rng):
    return rng.normal(0, np.sqrt(2 / fan_out), size=(fan_in, fan_out))


@he_init.mistake(
    "unnamed-3",
    "With √(1 / fan_in) the signal would keep its size if nothing were lost. ReLU loses half of it: which "
    "number makes up for that?",
)
def _(fan_in, fan_out, rng):
    return rng.normal(0, np.sqrt(1 / fan_in), size=(fan_in, fan_out))


@he_init.mistake("unnamed-4", "That is Xavier's variance. He's looks at the inputs alone: 2 / fan_in.")
def _(fan_in, fan_out, rng):
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), size=(fan_in, fan_out))


@he_init.mistake(
    "unnamed-5",
    "Your matrix lies on its side. In this course W has one row an input and one column a neuron: (fan_in, "
    "fan_out).",
)
def _(fan_in, fan_out, rng):
    return rng.normal(0, np.sqrt(2 / fan_in), size=(fan_out, fan_in))


COUNTED = Function("np.arange(fan_in * fan_out).reshape(fan_in, fan_out) + 0.5", "fan_in, fan_out, rng")


@exercise(initialization.mlp_init)
def mlp_init(draw):
    yield [2, 3, 1], COUNTED, Rng(0)
    yield (
        [4, 2, 5, 3],
        Function("rng.normal(0, fan_in, size=(fan_in, fan_out))", "fan_in, fan_out, rng"),
        draw.rng(),
    )


def _drawn_layers(layer_sizes, init, rng, weights, bias):
    params = {}
    for layer in range(1, len(layer_sizes)):
        inputs, outputs = layer_sizes[layer - 1], layer_sizes[layer]
        params[f"W{layer}"], params[f"b{layer}"] = weights(inputs, outputs), bias(inputs, outputs)
    return params


@mlp_init.mistake("unnamed-1", "The weights are right. The biases begin at 0, not at 1.")
def _(layer_sizes, init, rng):
    return _drawn_layers(layer_sizes, init, rng, lambda i, o: init(i, o, rng), lambda i, o: np.ones(o))


@mlp_init.mistake(
    "unnamed-2", "The weights are right. A layer has one bias for each neuron, not for each input."
)
def _(layer_sizes, init, rng):
    return _drawn_layers(layer_sizes, init, rng, lambda i, o: init(i, o, rng), lambda i, o: np.zeros(i))


@mlp_init.mistake(
    "unnamed-3",
    "You drew the weights yourself. How large they are is for `init` to decide: call it for each layer.",
)
def _(layer_sizes, init, rng):
    return _drawn_layers(
        layer_sizes, init, rng, lambda i, o: rng.normal(size=(i, o)), lambda i, o: np.zeros(o)
    )


@mlp_init.mistake(
    "unnamed-4", "All your weights are 0. Neurons that begin alike stay alike: call `init` for each layer."
)
def _(layer_sizes, init, rng):
    return _drawn_layers(layer_sizes, init, rng, lambda i, o: np.zeros((i, o)), lambda i, o: np.zeros(o))
