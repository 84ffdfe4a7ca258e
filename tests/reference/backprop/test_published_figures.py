"""Published figures of chapter 3: none of them was computed here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike

from byhand.reference.activations.elementwise import sigmoid
from byhand.reference.backprop.backward import (
    dense_backward,
    relu_backward,
    sigmoid_backward,
    softmax_backward,
)
from byhand.reference.backprop.graph import graph_backward, graph_forward
from byhand.reference.backprop.losses import binary_cross_entropy_loss, cross_entropy_loss, mse_loss
from byhand.reference.backprop.networks import mlp_forward, two_layer_backward, two_layer_forward
from byhand.reference.backprop.training import gradient_step


@dataclass(frozen=True)
class Row:
    """What a source printed. `within` is half a unit of its last printed digit, or 0 for exact figures."""

    what: str
    computed: Callable[[], Any]
    printed: ArrayLike
    within: float
    source: str


MAZUR = "Mazur, A step by step backpropagation example"
KARPATHY = "Karpathy, The spelled-out intro to neural networks and backpropagation"
CS231N = "CS231n, Backpropagation"
NNFS = "Kinsley and Kukieła, Neural Networks from Scratch in Python"
KERAS = "Keras, the examples in the docstrings of the losses"
SKLEARN = "scikit-learn, the examples in the docstrings of the metrics"
NIELSEN = "Nielsen, Neural Networks and Deep Learning, chapter 3"


# Mazur's network. He sums ½ (target − output)² over two outputs: for one example that is the mean of the squares.

NETWORK = {
    "W1": np.array([[0.15, 0.25], [0.20, 0.30]]),
    "b1": np.array([0.35, 0.35]),
    "W2": np.array([[0.40, 0.50], [0.45, 0.55]]),
    "b2": np.array([0.60, 0.60]),
}
INPUT, TARGET = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])


def mazur_error(params):
    return mse_loss(two_layer_forward(INPUT, params)[0], TARGET)[0]


def mazur_grads(params):
    out, cache = two_layer_forward(INPUT, params)
    return two_layer_backward(mse_loss(out, TARGET)[1], cache)


def mazur_trained(steps):
    """His steps change the weights and leave the biases."""
    params = NETWORK
    for _ in range(steps):
        stepped = gradient_step(params, mazur_grads(params), 0.5)
        params = {**NETWORK, "W1": stepped["W1"], "W2": stepped["W2"]}
    return params


# Graphs. A number that a source writes into its expression is an input with a name here.

CIRCUIT = [("q", "+", "x", "y"), ("f", "*", "q", "z")]
PRODUCT = [("e", "*", "a", "b"), ("d", "+", "e", "c"), ("L", "*", "d", "f")]
NEURON = [
    ("x0w0", "*", "x0", "w0"),
    ("x1w1", "*", "x1", "w1"),
    ("xw", "+", "x0w0", "x1w1"),
    ("z", "+", "xw", "b"),
]
SIGMOID_NEURON = [*NEURON, ("out", "sigmoid", "z")]
# tanh(z) is 2σ(2z) − 1
TANH_NEURON = [
    *NEURON,
    ("2z", "+", "z", "z"),
    ("s", "sigmoid", "2z"),
    ("2s", "+", "s", "s"),
    ("out", "-", "2s", "1"),
]
MICROGRAD = [
    ("c1", "+", "a", "b"),
    ("ab", "*", "a", "b"),
    ("bb", "*", "b", "b"),
    ("bbb", "*", "bb", "b"),
    ("d1", "+", "ab", "bbb"),
    ("c1+1", "+", "c1", "1"),
    ("c2", "+", "c1", "c1+1"),
    ("1+c2", "+", "1", "c2"),
    ("1+c2-a", "-", "1+c2", "a"),
    ("c3", "+", "c2", "1+c2-a"),
    ("2d1", "*", "d1", "2"),
    ("b+a", "+", "b", "a"),
    ("relu1", "relu", "b+a"),
    ("2d1+relu1", "+", "2d1", "relu1"),
    ("d2", "+", "d1", "2d1+relu1"),
    ("3d2", "*", "3", "d2"),
    ("b-a", "-", "b", "a"),
    ("relu2", "relu", "b-a"),
    ("3d2+relu2", "+", "3d2", "relu2"),
    ("d3", "+", "d2", "3d2+relu2"),
    ("e", "-", "c3", "d3"),
    ("f", "*", "e", "e"),
    ("g1", "/", "f", "2"),
    ("10/f", "/", "10", "f"),
    ("g", "+", "g1", "10/f"),
]
MICROGRAD_INPUTS = {"a": -4.0, "b": 2.0, "1": 1.0, "2": 2.0, "3": 3.0, "10": 10.0}
NEURON_INPUTS = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "b": -3.0}
TANH_INPUTS = {"w0": -3.0, "x0": 2.0, "w1": 1.0, "x1": 0.0, "b": 6.8813735870195432, "1": 1.0}


def gradients(graph, names, **inputs):
    found = graph_backward(graph, graph_forward(graph, inputs))
    return [found[name] for name in names]


def value(graph, **inputs):
    return graph_forward(graph, inputs)[graph[-1][0]]


# CS231n's two-layer networks: their first has no random number in it, their second draws from seeded generators.


def linspace(low, high, *shape):
    return np.linspace(low, high, num=int(np.prod(shape))).reshape(shape)


LINSPACE_NET = {
    "W1": linspace(-0.7, 0.3, 5, 50),
    "b1": linspace(-0.1, 0.9, 50),
    "W2": linspace(-0.3, 0.4, 50, 7),
    "b2": linspace(-0.9, 0.1, 7),
}
LINSPACE_SCORES = mlp_forward(linspace(-5.5, 4.5, 5, 3).T, LINSPACE_NET)[0]

_weights, _inputs = np.random.RandomState(0), np.random.RandomState(1)
TOY_NET = {
    "W1": 0.1 * _weights.randn(4, 10),
    "b1": np.zeros(10),
    "W2": 0.1 * _weights.randn(10, 3),
    "b2": np.zeros(3),
}
TOY_SCORES = mlp_forward(10 * _inputs.randn(5, 4), TOY_NET)[0]
TOY_PENALTY = 0.05 * (np.sum(TOY_NET["W1"] ** 2) + np.sum(TOY_NET["W2"] ** 2))  # theirs is part of the loss


def nielsen_neuron(weight, bias):
    """One sigmoid neuron that should answer 0 to 1: half a squared error, learning rate 0.15, 300 steps."""
    params = {"w": np.array([[weight]]), "b": np.array([bias])}
    for _ in range(300):
        out = sigmoid(params["w"] + params["b"])
        _, dout = mse_loss(out, [[0.0]])
        dz = sigmoid_backward(dout / 2, out)
        params = gradient_step(params, {"w": dz, "b": dz[0]}, 0.15)
    return sigmoid(params["w"] + params["b"])[0, 0]


NNFS_X = np.array([[1.0, 2.0, 3.0, 2.5], [2.0, 5.0, -1.0, 2.0], [-1.5, 2.7, 3.3, -0.8]])
NNFS_W = np.array([[0.2, 0.8, -0.5, 1.0], [0.5, -0.91, 0.26, -0.5], [-0.26, -0.27, 0.17, 0.87]]).T
NNFS_DOUT = np.array([[1.0, 1.0, 1.0], [2.0, 2.0, 2.0], [3.0, 3.0, 3.0]])
NNFS_GRADS = dense_backward(NNFS_DOUT, (NNFS_X, NNFS_W, np.zeros(3)))
NNFS_PROB = np.array([[0.7, 0.1, 0.2], [0.1, 0.5, 0.4], [0.02, 0.9, 0.08]])
KERAS_PROB = np.array([[0.05, 0.95, 1e-300], [0.1, 0.8, 0.1]])  # theirs has a 0 where it does not count

ROWS = [
    Row("the first error", lambda: mazur_error(NETWORK), 0.298371109, 5e-10, MAZUR),
    Row("slope of the error for w5", lambda: mazur_grads(NETWORK)["W2"][0, 0], 0.082167041, 5e-10, MAZUR),
    Row("slope of the error for w1", lambda: mazur_grads(NETWORK)["W1"][0, 0], 0.000438568, 5e-10, MAZUR),
    Row(
        "w5 to w8 after one step",
        lambda: mazur_trained(1)["W2"].T.ravel(),
        [0.35891648, 0.408666186, 0.511301270, 0.561370121],
        5e-9,
        MAZUR,
    ),
    Row(
        "w1 to w4 after one step",
        lambda: mazur_trained(1)["W1"].T.ravel(),
        [0.149780716, 0.19956143, 0.24975114, 0.29950229],
        5e-9,
        MAZUR,
    ),
    # His page says 0.291027924, which comes out where the gradient of h goes through weights that have stepped.
    Row("the error after one step", lambda: mazur_error(mazur_trained(1)), 0.291027924, 2e-7, MAZUR),
    Row(
        "the same, with all gradients before the step",
        lambda: mazur_error(mazur_trained(1)),
        0.29102777369359933,
        1e-12,
        "backprop-trace, README: the anchor of Mazur's network",
    ),
    Row("the error after 10,000 steps", lambda: mazur_error(mazur_trained(10_000)), 0.0000351, 5e-8, MAZUR),
    Row("the circuit's value", lambda: value(CIRCUIT, x=-2.0, y=5.0, z=-4.0), -12, 0, CS231N),
    Row("its gradients", lambda: gradients(CIRCUIT, "xyz", x=-2.0, y=5.0, z=-4.0), [-4, -4, 3], 0, CS231N),
    Row("a sigmoid neuron's answer", lambda: value(SIGMOID_NEURON, **NEURON_INPUTS), 0.73, 5e-3, CS231N),
    Row(
        "its gradients",
        lambda: gradients(SIGMOID_NEURON, ["w0", "x0", "w1", "x1", "b"], **NEURON_INPUTS),
        [-0.20, 0.39, -0.39, -0.59, 0.20],
        5e-3,
        CS231N,
    ),
    Row("a product's value", lambda: value(PRODUCT, a=2.0, b=-3.0, c=10.0, f=-2.0), -8, 0, KARPATHY),
    Row(
        "its gradients",
        lambda: gradients(PRODUCT, "abcdef", a=2.0, b=-3.0, c=10.0, f=-2.0),
        [6, -4, -2, -2, -2, 4],
        0,
        KARPATHY,
    ),
    Row("a tanh neuron's answer", lambda: value(TANH_NEURON, **TANH_INPUTS), 0.7071, 5e-5, KARPATHY),
    Row(
        "its gradients",
        lambda: gradients(TANH_NEURON, ["x0", "w0", "x1", "w1"], **TANH_INPUTS),
        [-1.5, 1.0, 0.5, 0.0],
        5e-5,
        KARPATHY,
    ),
    Row("the expression's value", lambda: value(MICROGRAD, **MICROGRAD_INPUTS), 24.7041, 5e-5, "micrograd"),
    Row(
        "its gradients",
        lambda: gradients(MICROGRAD, "ab", **MICROGRAD_INPUTS),
        [138.8338, 645.5773],
        5e-5,
        "micrograd",
    ),
    Row(
        "softmax loss of ten zero scores",
        lambda: cross_entropy_loss(np.zeros((4, 10)), [0, 3, 3, 9])[0],
        2.3025850,
        1e-7,  # the source cuts the digits off instead of rounding them
        "CMU 10-714, homework 0",
    ),
    Row(
        "scores of the first two-layer network",
        lambda: LINSPACE_SCORES[[0, 0, 2], [0, 6, 6]],
        [11.53165108, 16.09215096, 16.2846319],
        5e-9,
        "CS231n, assignment 1",
    ),
    Row(
        "its loss",
        lambda: cross_entropy_loss(LINSPACE_SCORES, [0, 5, 1])[0],
        3.4702243556,
        5e-11,
        "CS231n, assignment 1",
    ),
    Row(
        "scores of the toy network",
        lambda: TOY_SCORES[[0, 4]],
        [[-0.81233741, -1.27654624, -0.70335995], [-0.00618733, -0.12435261, -0.15226949]],
        5e-9,
        "CS231n, assignment 1",
    ),
    Row(
        "its loss",
        lambda: cross_entropy_loss(TOY_SCORES, [0, 1, 2, 2, 1])[0] + TOY_PENALTY,
        1.30378789133,
        5e-12,
        "CS231n, assignment 1",
    ),
    Row(
        "a neuron that was a little wrong, after 300 steps",
        lambda: nielsen_neuron(0.6, 0.9),
        0.09,
        5e-3,
        NIELSEN,
    ),
    Row("one that was very wrong: slower", lambda: nielsen_neuron(2.0, 2.0), 0.20, 5e-3, NIELSEN),
    Row(
        "dense layer: dx",
        lambda: NNFS_GRADS[0],
        [[0.44, -0.38, -0.07, 1.37], [0.88, -0.76, -0.14, 2.74], [1.32, -1.14, -0.21, 4.11]],
        1e-12,
        NNFS,
    ),
    Row(
        "dense layer: dW",
        lambda: NNFS_GRADS[1],
        [[0.5, 0.5, 0.5], [20.1, 20.1, 20.1], [10.9, 10.9, 10.9], [4.1, 4.1, 4.1]],
        1e-12,
        NNFS,
    ),
    Row("dense layer: db", lambda: NNFS_GRADS[2], [6, 6, 6], 0, NNFS),
    Row(
        "back through ReLU",
        lambda: relu_backward(linspace(1, 12, 3, 4), [[1, 2, -3, -4], [2, -7, -1, 3], [-1, 2, 5, -1]]),
        [[1, 2, 0, 0], [5, 0, 0, 8], [0, 10, 11, 0]],
        0,
        NNFS,
    ),
    Row(
        "the matrix of softmax's slopes, row by row",
        lambda: softmax_backward(np.eye(3), np.tile(NNFS_PROB[0], (3, 1))),
        [[0.21, -0.07, -0.14], [-0.07, 0.09, -0.02], [-0.14, -0.02, 0.16]],
        1e-12,
        NNFS,
    ),
    Row(
        "cross-entropy of three samples",
        lambda: cross_entropy_loss(np.log(NNFS_PROB), [0, 1, 1])[0],
        0.38506088005216804,
        1e-15,
        NNFS,
    ),
    Row(
        "its gradient with softmax",
        lambda: cross_entropy_loss(np.log(NNFS_PROB), [0, 1, 1])[1],
        [
            [-0.1, 0.03333333, 0.06666667],
            [0.03333333, -0.16666667, 0.13333333],
            [0.00666667, -0.03333333, 0.02666667],
        ],
        5e-9,
        NNFS,
    ),
    Row(
        "yes or no, from scores",
        lambda: binary_cross_entropy_loss(sigmoid([-18.6, 0.51, 2.94, -12.8]), [0, 1, 0, 0])[0],
        0.865,
        5e-4,
        KERAS,
    ),
    Row(
        "yes or no, from probabilities",
        lambda: binary_cross_entropy_loss([[0.6, 0.4], [0.4, 0.6]], [[0, 1], [0, 0]])[0],
        0.815,
        5e-4,
        KERAS,
    ),
    Row("three classes", lambda: cross_entropy_loss(np.log(KERAS_PROB), [1, 2])[0], 1.177, 5e-4, KERAS),
    Row(
        "spam and ham",
        lambda: binary_cross_entropy_loss([0.9, 0.1, 0.2, 0.65], [1, 0, 0, 1])[0],
        0.21616,
        1e-5,  # the source cuts the digits off instead of rounding them
        SKLEARN,
    ),
    Row("squared error", lambda: mse_loss([2.5, 0.0, 2, 8], [3, -0.5, 2, 7])[0], 0.375, 0, SKLEARN),
    Row(
        "squared error of two outputs",
        lambda: mse_loss([[0, 2], [-1, 2], [8, -5]], [[0.5, 1], [-1, 1], [7, -6]])[0],
        0.708,
        1e-3,  # the source cuts the digits off instead of rounding them
        SKLEARN,
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.source.split(',')[0]}: {row.what}")
def test_published_figure(row):
    computed = row.computed()
    assert np.shape(computed) == np.shape(row.printed)
    np.testing.assert_allclose(computed, row.printed, rtol=0, atol=row.within, err_msg=row.source)
