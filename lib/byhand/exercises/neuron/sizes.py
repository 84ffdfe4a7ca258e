"""The exercise of chapter 01 on how many numbers a network learns."""

from __future__ import annotations

from itertools import pairwise

from byhand.exercises.spec import exercise
from byhand.reference.neuron import sizes as reference


@exercise(reference.count_parameters)
def count_parameters(draw):
    yield [2, 3, 1]
    yield [4, 5]
    yield [int(size) for size in draw.integers(2, 20, 4)]
    yield [int(size) for size in draw.integers(2, 20, 3)]
    yield [1, 1]


@count_parameters.mistake("weights-only", "You counted the weights, but not the biases: each neuron has one.")
def _(layer_sizes):
    return sum(a * b for a, b in pairwise(layer_sizes))


@count_parameters.mistake(
    "inputs-have-biases",
    "You gave the inputs biases too. Inputs are only numbers that come in; neurons have biases.",
)
def _(layer_sizes):
    return sum(a * b for a, b in pairwise(layer_sizes)) + sum(layer_sizes)


@count_parameters.mistake(
    "one-bias-a-layer", "You counted one bias for each layer. Each neuron of the layer has its own."
)
def _(layer_sizes):
    return sum(a * b + 1 for a, b in pairwise(layer_sizes))


@count_parameters.mistake(
    "bias-for-each-input",
    "You counted a bias for each input of a layer. A bias belongs to a neuron: count the outputs.",
)
def _(layer_sizes):
    return sum(a * b + a for a, b in pairwise(layer_sizes))


@count_parameters.mistake(
    "sizes-added",
    "You counted the inputs and the neurons. Asked is how many numbers are learned: the weights between them, "
    "and the biases.",
)
def _(layer_sizes):
    return sum(layer_sizes)


@count_parameters.mistake(
    "last-layer-left-out", "You left out the last layer. Its neurons have weights and biases as well."
)
def _(layer_sizes):
    return sum(a * b + b for a, b in pairwise(layer_sizes[:-1]))


@count_parameters.mistake(
    "only-the-first-layer", "Only the first layer is counted. Does your `return` stand inside the loop?"
)
def _(layer_sizes):
    return layer_sizes[0] * layer_sizes[1] + layer_sizes[1]


@count_parameters.mistake(
    "only-the-last-layer",
    "Only the last layer is counted. A loop must add each layer to the total (+=), not replace the total.",
)
def _(layer_sizes):
    return layer_sizes[-2] * layer_sizes[-1] + layer_sizes[-1]


@count_parameters.mistake(
    "output-biases-missing",
    "You gave the last layer no biases. Its neurons have one each, like all the others.",
)
def _(layer_sizes):
    return sum(a * b + b for a, b in pairwise(layer_sizes)) - layer_sizes[-1]
