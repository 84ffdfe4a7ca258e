"""Published figures of chapter 1: none of them was computed here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from byhand import data
from byhand.reference.neuron.layers import (
    dense_forward,
    neuron,
    step,
    weighted_sum,
    weighted_sum_by_hand,
)
from byhand.reference.neuron.perceptron import perceptron_fit, perceptron_update
from byhand.reference.neuron.sizes import count_parameters


def line(start: float, stop: float, shape: tuple[int, ...]) -> np.ndarray:
    """Evenly spaced numbers in a given shape, so that no random generator is involved."""
    return np.linspace(start, stop, num=math.prod(shape)).reshape(shape)


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def zhou_network() -> float:
    """Two hidden neurons and an output neuron, each with weights 0, 1 and bias 0, on the input 2, 3."""
    w, b = np.array([0, 1]), 0
    hidden = neuron(np.array([2, 3]), w, b, sigmoid)
    return neuron(np.array([hidden, hidden]), w, b, sigmoid)


def goodfellow_xor() -> np.ndarray:
    """The hidden layer of the book's XOR network."""
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    return dense_forward(x, np.array([[1, 1], [1, 1]]), np.array([0, -1]))[0]


def raschka_errors(epochs: int = 10) -> list[int]:
    """Mistakes in each epoch: setosa (0) and versicolor (1), sepal and petal length, lr .1.

    The book's labels are −1 and 1, so its corrections are twice ours; starting from zeros, the decisions are
    the same.
    """
    X, y = data.iris().features[:100, [0, 2]], data.iris().labels[:100]
    w, b, errors = np.zeros(2), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            wrong += int(step(weighted_sum(x, w, b)) != label)
            w, b = perceptron_update(x, label, w, b, 0.1)
        errors.append(wrong)
    return errors


def raschka_weights() -> np.ndarray:
    """The weights that the book ends with, bias first; ours are half of them (see above)."""
    w, b = perceptron_fit(data.iris().features[:100, [0, 2]], data.iris().labels[:100], 0.1, 10)
    return 2 * np.array([b, *w])


@dataclass(frozen=True)
class Row:
    """What a source printed, to as many digits as it printed."""

    what: str
    computed: Any  # a function without arguments, so that a wrong one fails its own row only
    printed: Any
    source: str
    rtol: float = 1e-8


NNFS_INPUTS = np.array([[1.0, 2.0, 3.0, 2.5], [2.0, 5.0, -1.0, 2.0], [-1.5, 2.7, 3.3, -0.8]])
NNFS_WEIGHTS = np.array([[0.2, 0.8, -0.5, 1.0], [0.5, -0.91, 0.26, -0.5], [-0.26, -0.27, 0.17, 0.87]])

ROWS = [
    Row(
        "dense layer",
        lambda: dense_forward(line(-0.1, 0.5, (2, 120)), line(-0.2, 0.3, (120, 3)), line(-0.3, 0.1, (3,)))[0],
        [[1.49834967, 1.70660132, 1.91485297], [3.25553199, 3.5141327, 3.77273342]],
        "CS231n assignment 1",
    ),
    Row(
        "one neuron (sigmoid)",
        lambda: neuron(np.array([2, 3]), np.array([0, 1]), 4, sigmoid),
        0.9990889488055994,
        "01-edu neural-networks audit",
        1e-15,
    ),
    Row(
        "three neurons (sigmoid)",
        zhou_network,
        0.7216325609518421,
        "Zhou, Machine Learning for Beginners: An Introduction to Neural Networks",
        1e-15,
    ),
    Row(
        "three inputs by hand",
        weighted_sum_by_hand,
        2.3,
        "Kinsley and Kukieła, Neural Networks from Scratch in Python, chapter 2",
        1e-15,
    ),
    Row(
        "three inputs",
        lambda: weighted_sum([1, 2, 3], [0.2, 0.8, -0.5], 2),
        2.3,
        "Kinsley and Kukieła, Neural Networks from Scratch in Python, chapter 2",
        1e-15,
    ),
    Row(
        "four inputs",
        lambda: weighted_sum([1.0, 2.0, 3.0, 2.5], [0.2, 0.8, -0.5, 1.0], 2.0),
        4.8,
        "Kinsley and Kukieła, Neural Networks from Scratch in Python, chapter 2",
        1e-15,
    ),
    Row(
        "a layer of three on a batch of three (its weights are one row a neuron: transposed)",
        lambda: dense_forward(NNFS_INPUTS, NNFS_WEIGHTS.T, np.array([2.0, 3.0, 0.5]))[0],
        [[4.8, 1.21, 2.385], [8.9, -1.81, 0.2], [1.41, 1.051, 0.026]],
        "Kinsley and Kukieła, Neural Networks from Scratch in Python, chapter 2",
    ),
    Row(
        "the hidden layer that solves XOR",
        goodfellow_xor,
        [[0, -1], [1, 0], [1, 0], [2, 1]],
        "Goodfellow, Bengio and Courville, Deep Learning, section 6.1",
        0,
    ),
    Row(
        "NAND with weights −2, −2 and bias 3",
        lambda: neuron(np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([-2, -2]), 3, step),
        [1, 1, 1, 0],
        "Nielsen, Neural Networks and Deep Learning, chapter 1",
        0,
    ),
    Row("784-30-10", lambda: count_parameters([784, 30, 10]), 23_860, "Nielsen, chapter 3", 0),
    Row(
        "784-16-16-10",
        lambda: count_parameters([784, 16, 16, 10]),
        13_002,
        "3Blue1Brown, But what is a neural network?",
        0,
    ),
    Row("3-4-2", lambda: count_parameters([3, 4, 2]), 26, "CS231n, Neural Networks part 1", 0),
    Row("3-4-4-1", lambda: count_parameters([3, 4, 4, 1]), 41, "CS231n, Neural Networks part 1", 0),
    Row(
        "784-512-512-10",
        lambda: count_parameters([784, 512, 512, 10]),
        669_706,
        "Keras, mnist_mlp example",
        0,
    ),
    Row("LeNet-5's F6", lambda: count_parameters([120, 84]), 10_164, "LeCun et al. 1998", 0),
    Row(
        "the perceptron on irises, mistakes in each epoch",
        raschka_errors,
        [2, 2, 3, 2, 1, 0, 0, 0, 0, 0],
        "Raschka, Python Machine Learning, chapter 2",
        0,
    ),
    Row(
        "the perceptron on irises, its weights",
        raschka_weights,
        [-0.4, -0.68, 1.82],
        "Raschka, Python Machine Learning, chapter 2",
        1e-12,
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
def test_published_figure(row):
    np.testing.assert_allclose(row.computed(), row.printed, rtol=row.rtol, err_msg=row.source)
