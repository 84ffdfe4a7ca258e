"""The exercises of chapter 01 on one neuron and on a layer of them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from byhand.exercises.inputs import Function
from byhand.exercises.spec import exercise
from byhand.reference.neuron import layers as reference

STEP = Function("np.where(x >= 0, 1.0, 0.0)")
SIGMOID = Function("1 / (1 + np.exp(-x))")
TANH = Function("np.tanh(x)")


@exercise(reference.weighted_sum_by_hand)
def weighted_sum_by_hand(draw):
    yield ()


@weighted_sum_by_hand.mistake(
    "unnamed-1", "Your number is the sum of the three products. What is added once, at the end?"
)
def _():
    return 0.3


@weighted_sum_by_hand.mistake(
    "unnamed-2", "You subtracted the bias. In this course the bias is always added."
)
def _():
    return -1.7


@weighted_sum_by_hand.mistake(
    "unnamed-3", "You lost a minus sign: the third weight is -0.5, so its product is negative."
)
def _():
    return 5.3


@weighted_sum_by_hand.mistake(
    "unnamed-4", "You added the bias once for each input. A neuron has one bias, and adds it once."
)
def _():
    return 6.3


@weighted_sum_by_hand.mistake(
    "unnamed-5",
    "You added each input to its weight. A weight says how much an input counts: multiply the two.",
)
def _():
    return 8.5


@weighted_sum_by_hand.mistake(
    "unnamed-6",
    "You paired the inputs with the weights in reverse order. The first weight belongs to the first input.",
)
def _():
    return 3.7


@exercise(reference.weighted_sum)
def weighted_sum(draw):
    yield np.array([1.0, 2.0, 3.0]), np.array([0.2, 0.8, -0.5]), 2.0
    yield draw.normal(2), draw.normal(2), draw.normal()
    yield draw.normal(5), draw.normal(5), draw.normal()


@weighted_sum.mistake("unnamed-1", "The bias is missing: you returned the sum of the products alone.")
def _(x, w, b):
    return np.sum(x * w)


@weighted_sum.mistake("unnamed-2", "You subtracted the bias. In this course the bias is always added.")
def _(x, w, b):
    return np.sum(x * w) - b


@weighted_sum.mistake(
    "unnamed-3",
    "You added each input to its weight. A weight says how much an input counts: multiply the two.",
)
def _(x, w, b):
    return np.sum(x + w) + b


@weighted_sum.mistake(
    "unnamed-4",
    "You added the bias once for each input. A neuron has one bias: add it once, after the products.",
)
def _(x, w, b):
    return np.sum(x * w + b)


@weighted_sum.mistake(
    "unnamed-5",
    "You returned one number for each input. Each product is right; a neuron then adds them all up to one number.",
)
def _(x, w, b):
    return x * w + b


@weighted_sum.mistake(
    "unnamed-6",
    "You multiplied the sum of the inputs by the sum of the weights. Each input has its own weight: "
    "multiply first, then add up.",
)
def _(x, w, b):
    return np.sum(x) * np.sum(w) + b


@weighted_sum.mistake("unnamed-7", "You took the mean of the products. A neuron takes their sum.")
def _(x, w, b):
    return np.mean(x * w) + b


@weighted_sum.mistake("unnamed-8", "The last input is left out. Where does your loop, or your slice, stop?")
def _(x, w, b):
    return np.sum((x * w)[:-1]) + b


@weighted_sum.mistake(
    "unnamed-9",
    "Only the last input counts. A loop must add each product to the total (+=), not replace the total.",
)
def _(x, w, b):
    return (x * w)[-1] + b


@weighted_sum.mistake(
    "unnamed-10", "Only the first input counts. If you have a loop: does your `return` stand inside it?"
)
def _(x, w, b):
    return (x * w)[0] + b


@exercise(reference.step)
def step(draw):
    yield np.array([-2.0, 0.0, 3.0])
    yield draw.normal(2, 3)


@step.mistake(
    "unnamed-1",
    "Only the value at exactly 0 differs: you have 0 there. A choice has to be made; this course takes 1.",
)
def _(z):
    return np.where(z > 0, 1, 0)


@step.mistake(
    "unnamed-2",
    "Only the value at exactly 0 differs: you have 1/2 there. Some books do; this course takes 1.",
)
def _(z):
    return np.heaviside(z, 0.5)


@step.mistake(
    "unnamed-3",
    "You have -1 where the neuron is silent. Books with the labels -1 and 1 do so; here silent is 0.",
)
def _(z):
    return np.where(z >= 0, 1, -1)


@step.mistake(
    "unnamed-4",
    "You returned the sign of z: -1, 0 or 1. A step has only two answers: 0, and 1 from z = 0 on.",
)
def _(z):
    return np.sign(z)


@step.mistake(
    "unnamed-5",
    "Your neuron fires when it should be silent, and is silent when it should fire: turn the comparison.",
)
def _(z):
    return np.where(z < 0, 1, 0)


@step.mistake(
    "unnamed-6", "Where z is positive you returned z itself. A step says only whether: its answer there is 1."
)
def _(z):
    return np.maximum(z, 0)


@exercise(reference.neuron)
def neuron(draw):
    yield np.array([1.0, 2.0]), np.array([0.5, -1.0]), 1.0, TANH
    yield draw.normal(3), draw.normal(3), draw.normal(), SIGMOID
    yield np.array([[1.0, 2.0], [3.0, 1.0], [0.0, -2.0]]), np.array([1.0, -1.0]), -1.0, STEP
    yield draw.normal(4, 3), draw.normal(3), draw.normal(), TANH


@neuron.mistake(
    "unnamed-1",
    "You returned the weighted sum. The activation function still has to decide: call it on the sum.",
)
def _(x, w, b, activation):
    return x @ w + b


@neuron.mistake("unnamed-2", "The bias is missing in the weighted sum.")
def _(x, w, b, activation):
    return activation(x @ w)


@neuron.mistake("unnamed-3", "You subtracted the bias. In this course the bias is always added.")
def _(x, w, b, activation):
    return activation(x @ w - b)


@neuron.mistake(
    "unnamed-4",
    "You added the bias after the activation. It is a part of the weighted sum: the activation comes last.",
)
def _(x, w, b, activation):
    return activation(x @ w) + b


@neuron.mistake(
    "unnamed-5",
    "You called the activation on the inputs. It decides about the weighted sum, so it comes after it.",
)
def _(x, w, b, activation):
    return activation(x) @ w + b


@neuron.mistake(
    "unnamed-6",
    "You called the activation on each product. Add up first: a neuron makes one decision, about the whole sum.",
)
def _(x, w, b, activation):
    return np.sum(activation(x * w), axis=-1) + b


@neuron.mistake(
    "unnamed-7",
    "For one example you are right. For a batch you added up all the examples too: each row must give an answer of "
    "its own.",
)
def _(x, w, b, activation):
    return activation(np.sum(x * w) + b)


@neuron.mistake(
    "unnamed-8", "You always use the step. The argument `activation` says which function decides."
)
def _(x, w, b, activation):
    return np.where(x @ w + b >= 0, 1.0, 0.0)


# The first case is square, so that a wrong product gives numbers to look at, and not only a NumPy error.
@exercise(reference.dense_forward, returns="out, _cache")
def dense_forward(draw):
    yield np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [2.0, -1.0]]), np.array([10.0, 20.0])
    yield draw.normal(2, 3), draw.normal(3, 4), draw.normal(4)
    yield draw.normal(1, 4), draw.normal(4, 2), draw.normal(2)


@dense_forward.mistake("unnamed-1", "The biases are missing: you returned x @ W alone.")
def _(x, W, b):
    return x @ W, (x, W, b)


@dense_forward.mistake("unnamed-2", "You subtracted the biases. In this course a bias is always added.")
def _(x, W, b):
    return x @ W - b, (x, W, b)


@dense_forward.mistake(
    "unnamed-3",
    "You used W transposed. Here W is (D, M), one column a neuron, and fits as it is. (PyTorch stores it "
    "transposed.)",
)
def _(x, W, b):
    return x @ W.T + b, (x, W, b)


@dense_forward.mistake(
    "unnamed-4",
    "The product is in the wrong order: W @ x mixes the examples. The rows of x, the examples, must stay rows: "
    "which factor comes first?",
)
def _(x, W, b):
    return W @ x + b, (x, W, b)


@dense_forward.mistake(
    "unnamed-5",
    "You multiplied x and W entry by entry (*). Each row of x must meet each column of W: that is the matrix "
    "product, @.",
)
def _(x, W, b):
    return x * W + b, (x, W, b)


@dense_forward.mistake(
    "unnamed-6",
    "You gave each example its own bias. A bias belongs to a neuron, that is to a column of the result; NumPy adds "
    "b (M,) to every row without help.",
)
def _(x, W, b):
    return x @ W + b[:, np.newaxis], (x, W, b)


@dense_forward.mistake(
    "unnamed-7", "You added the sum of all the biases to every neuron. Each neuron has a bias of its own."
)
def _(x, W, b):
    return x @ W + np.sum(b), (x, W, b)


@dense_forward.mistake(
    "unnamed-8", "Your result is transposed: examples go in as rows, and come out as rows, (N, M)."
)
def _(x, W, b):
    return (x @ W + b).T, (x, W, b)


@dense_forward.mistake(
    "unnamed-9", "You already decided, with a step. A dense layer returns the weighted sums themselves."
)
def _(x, W, b):
    return np.where(x @ W + b >= 0, 1.0, 0.0), (x, W, b)


@exercise(reference.count_parameters)
def count_parameters(draw):
    yield [2, 3, 1]
    yield [4, 5]
    yield [int(size) for size in draw.integers(2, 20, 4)]


@count_parameters.mistake("unnamed-1", "You counted the weights, but not the biases: each neuron has one.")
def _(layer_sizes):
    return sum(a * b for a, b in pairwise(layer_sizes))


@count_parameters.mistake(
    "unnamed-2", "You gave the inputs biases too. Inputs are only numbers that come in; neurons have biases."
)
def _(layer_sizes):
    return sum(a * b for a, b in pairwise(layer_sizes)) + sum(layer_sizes)


@count_parameters.mistake(
    "unnamed-3", "You counted one bias for each layer. Each neuron of the layer has its own."
)
def _(layer_sizes):
    return sum(a * b + 1 for a, b in pairwise(layer_sizes))


@count_parameters.mistake(
    "unnamed-4",
    "You counted a bias for each input of a layer. A bias belongs to a neuron: count the outputs.",
)
def _(layer_sizes):
    return sum(a * b + a for a, b in pairwise(layer_sizes))


@count_parameters.mistake(
    "unnamed-5",
    "You counted the inputs and the neurons. Asked is how many numbers are learned: the weights between them, "
    "and the biases.",
)
def _(layer_sizes):
    return sum(layer_sizes)


@count_parameters.mistake(
    "unnamed-6", "You left out the last layer. Its neurons have weights and biases as well."
)
def _(layer_sizes):
    return sum(a * b + b for a, b in pairwise(layer_sizes[:-1]))
