"""What chapter 02 ends in: the way forward through a network of any depth."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from byhand.exercises.inputs import Function
from byhand.exercises.spec import exercise
from byhand.reference.activations import assembled as reference

TANH = Function("np.tanh(x)")
RELU = Function("np.maximum(x, 0)")
SIGMOID = Function("1 / (1 + np.exp(-x))")
CUBIC = Function("x - x**3 / 3")  # none that a learner could know


def _network(draw, *sizes):
    weights = [draw.normal(inputs, units) for inputs, units in pairwise(sizes)]
    return weights, [draw.normal(units) for units in sizes[1:]]


@exercise(reference.deep_forward)
def deep_forward(draw):
    yield np.array([[1.0, -2.0]]), *_network(draw, 2, 3, 2), TANH
    yield draw.normal(4, 3), *_network(draw, 3, 4, 2, 3), RELU
    weights, biases = _network(draw, 3, 3, 3, 3, 3)  # square: what is mixed up still fits
    yield draw.normal(2, 3), [W / 2 for W in weights], biases, CUBIC
    yield draw.normal(3, 2), *_network(draw, 2, 4), SIGMOID  # one layer alone


@deep_forward.switchable
def _through(
    x,
    weights,
    biases,
    activation,
    *,
    bend="everywhere",
    bias=True,
    passes_on=True,
    kept="activations",
    with_x=False,
    order=1,
    upto=None,
):
    kept_of, entering = [x] if with_x else [], x
    layers = list(zip(weights, biases, strict=True))[::order][:upto]
    for number, (W, b) in enumerate(layers, start=1):
        z = (entering if passes_on else x) @ W + (b if bias else 0)
        is_last = number == len(layers)
        bent = {
            "everywhere": activation,
            "not at the end": (lambda z: z) if is_last else activation,
            "at the end": activation if is_last else (lambda z: z),
            "nowhere": lambda z: z,
            "twice": lambda z: activation(activation(z)),
        }[bend]
        out = bent(z)
        entering = z if kept == "activations, but the sums go on" else out
        kept_of.append(z if kept == "sums" else out)
    return kept_of


deep_forward.switch(
    "bend-missing",
    "No layer bends: you returned the weighted sums of a network without activation. Call `activation` on what each "
    "dense layer gives.",
    bend="nowhere",
)
deep_forward.switch(
    "last-layer-not-bent",
    "All is right but the last layer: it has the same bend as the others here.",
    bend="not at the end",
)
deep_forward.switch(
    "only-the-last-bent",
    "Only the last layer is bent. Each layer bends before the next one gets what it gives: the call of `activation` "
    "belongs into the loop.",
    bend="at the end",
)
deep_forward.switch(
    "bent-twice", "Each layer is bent twice. Does `activation` stand in two places?", bend="twice"
)
deep_forward.switch(
    "biases-missing", "The biases are missing: each layer adds its own, after the product.", bias=False
)
deep_forward.switch(
    "sums-returned",
    "You collected the weighted sums. Asked is what each layer gives *after* its bend.",
    kept="sums",
)
deep_forward.switch(
    "sums-passed-on",
    "What you return is bent, but what goes into the next layer is not: it gets the weighted sum. Pass on the "
    "activations.",
    kept="activations, but the sums go on",
)
deep_forward.switch(
    "x-in-the-list",
    "Your list begins with x. Asked is what the layers give: as many arrays as there are layers.",
    with_x=True,
)
deep_forward.switch(
    "last-layer-left-out",
    "The last layer's activations are missing. Where does your loop stop?",
    upto=-1,
)


@deep_forward.mistake(
    "only-the-last",
    "You returned the last layer's activations alone. Collect those of every layer in a list.",
)
def _(x, weights, biases, activation):
    return _through(x, weights, biases, activation)[-1]


@deep_forward.mistake(
    "only-the-first",
    "Your list holds one array, the first layer's. Does `return` stand inside the loop?",
)
def _(x, weights, biases, activation):
    return _through(x, weights[:1], biases[:1], activation)


@deep_forward.mistake(
    "cache-kept",
    "Each entry of your list is a pair. `dense_forward` returns two things, the sums and a cache: take the sums alone, "
    "`z, _ = ...`.",
)
def _(x, weights, biases, activation):
    kept = []
    for W, b in zip(weights, biases, strict=True):
        cache = (x, W, b)
        x = activation(x @ W + b)
        kept.append((x, cache))
    return kept


@deep_forward.mistake(
    "bent-before-the-layer",
    "You bend what comes into a layer, and then multiply. First the dense layer, then the bend: x itself is not bent.",
)
def _(x, weights, biases, activation):
    kept = []
    for W, b in zip(weights, biases, strict=True):
        x = activation(x) @ W + b
        kept.append(x)
    return kept


@deep_forward.mistake(
    "a-bend-of-its-own",
    "Your layers always bend in the same way. Which bend it is, is an argument: call `activation`.",
)
def _(x, weights, biases, activation):
    return _through(x, weights, biases, np.tanh)


@deep_forward.mistake("a-bend-of-its-own")
def _(x, weights, biases, activation):
    return _through(x, weights, biases, RELU)
