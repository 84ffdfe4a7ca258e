"""Published figures of chapter 2: none of them was computed here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike

from byhand.reference.activations import elementwise as act
from byhand.reference.activations import leaky
from byhand.reference.activations.probabilities import log_softmax, softmax


@dataclass(frozen=True)
class Row:
    """What a source printed. `within` is half a unit of its last printed digit, or 0 for exact figures."""

    what: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    printed: ArrayLike
    within: float
    source: str
    keywords: tuple[tuple[str, Any], ...] = ()


KERAS = "Keras, the examples in the docstrings of the activations"
SCIPY = "SciPy, the examples in the docstrings of scipy.special"
SCORES = [[1, 0.5, 0.2, 3], [1, -1, 7, 3], [2, 12, 13, 3]]

ROWS = [
    Row(
        "ReLU",
        act.relu,
        (np.linspace(-0.5, 0.5, num=12).reshape(3, 4),),
        [[0, 0, 0, 0], [0, 0, 0.04545455, 0.13636364], [0.22727273, 0.31818182, 0.40909091, 0.5]],
        5e-9,
        "CS231n, assignment 1",
    ),
    Row(
        "ReLU on the hidden layer that solves XOR",
        act.relu,
        ([[0, -1], [1, 0], [1, 0], [2, 1]],),
        [[0, 0], [1, 0], [1, 0], [2, 1]],
        0,
        "Goodfellow, Bengio and Courville, Deep Learning, section 6.1",
    ),
    Row("ReLU of a few numbers", act.relu, ([-10, -5, 0.0, 5, 10],), [0, 0, 0, 5, 10], 0, KERAS),
    Row(
        "leaky ReLU",
        leaky.leaky_relu,
        ([-3.0, -1.0, 0.0, 2.0],),
        [-0.9, -0.3, 0.0, 2.0],
        1e-15,
        KERAS,
        (("alpha", 0.3),),
    ),
    Row(
        "sigmoid of a few numbers (printed as float32)",
        act.sigmoid,
        ([-20, -1.0, 0.0, 1.0, 20],),
        [2.0611537e-09, 2.6894143e-01, 5.0000000e-01, 7.3105860e-01, 1.0],
        6e-8,
        KERAS,
    ),
    Row(
        "sigmoid of the hidden layer",
        act.sigmoid,
        ([0.3775, 0.3925],),
        [0.593269992, 0.596884378],
        5e-10,
        "Mazur, A step by step backpropagation example",
    ),
    Row(
        "sigmoid of the first output",
        act.sigmoid,
        (1.105905967,),
        0.75136507,
        5e-9,
        "Mazur, A step by step backpropagation example",
    ),
    Row(
        "slope of the sigmoid at the first output",
        act.sigmoid_derivative,
        (1.105905967,),
        0.186815602,
        5e-10,
        "Mazur, A step by step backpropagation example",
    ),
    Row("sigmoid in the circuit", act.sigmoid, (1.0,), 0.73, 5e-3, "CS231n, Backpropagation"),
    Row("its slope in the circuit", act.sigmoid_derivative, (1.0,), 0.20, 5e-3, "CS231n, Backpropagation"),
    Row(
        "tanh of a few numbers (printed as float32)",
        act.tanh,
        ([-3.0, -1.0, 0.0, 1.0, 3.0],),
        [-0.9950547, -0.7615942, 0.0, 0.7615942, 0.9950547],
        6e-8,
        KERAS,
    ),
    Row(
        "tanh of the neuron",
        act.tanh,
        (0.8813735870195432,),
        0.7071,
        5e-5,
        "Karpathy, The spelled-out intro to neural networks and backpropagation",
    ),
    Row(
        "its slope",
        act.tanh_derivative,
        (0.8813735870195432,),
        0.5,
        5e-5,
        "Karpathy, The spelled-out intro to neural networks and backpropagation",
    ),
    Row(
        "softmax of three scores",
        softmax,
        ([1, -2, 0],),
        [0.7, 0.04, 0.26],
        6e-3,  # the source works with rounded exponentials
        "CS231n, Linear classification",
    ),
    Row(
        "the same scores, halved: softer",
        softmax,
        ([0.5, -1, 0],),
        [0.55, 0.12, 0.33],
        5e-3,
        "CS231n, Linear classification",
    ),
    Row(
        "softmax in the comparison with the SVM",
        softmax,
        ([-2.85, 0.86, 0.28],),
        [0.016, 0.631, 0.353],
        6e-4,  # the source works with rounded exponentials
        "CS231n, Linear classification",
    ),
    Row(
        "log softmax of scores whose exponentials overflow",
        log_softmax,
        ([123, 456, 789],),
        [-666, -333, 0],
        0,
        "CS231n, Linear classification, Practical issues: Numeric stability",
    ),
    Row(
        "softmax of the layer's outputs",
        softmax,
        ([4.8, 1.21, 2.385],),
        [0.8952826639573506, 0.024708306782070668, 0.08000902926057876],
        1e-13,  # the source takes e = 2.71828182846
        "Kinsley and Kukieła, Neural Networks from Scratch in Python, chapter 4",
    ),
    Row(
        "softmax of seven scores",
        softmax,
        ([1, 2, 3, 4, 1, 2, 3],),
        [0.024, 0.064, 0.175, 0.475, 0.024, 0.064, 0.175],
        5e-4,
        "Wikipedia, Softmax function",
    ),
    Row(
        "softmax of −1, 0, 1 (printed as float32)",
        softmax,
        ([-1, 0.0, 1.0],),
        [0.09003057, 0.24472848, 0.66524094],
        6e-8,
        "TensorFlow, the example in the docstring of tf.nn.softmax",
    ),
    Row(
        "softmax down the columns",
        softmax,
        (SCORES,),
        [
            [0.211942, 0.00001013, 0.00000275, 0.333333],
            [0.211942, 0.00000226, 0.00247262, 0.333333],
            [0.576117, 0.999988, 0.997525, 0.333333],
        ],
        5e-7,
        SCIPY,
        (("axis", 0),),
    ),
    Row("log softmax of a sure choice", log_softmax, ([1000.0, 1.0],), [0, -999], 0, SCIPY),
    Row(
        "minus the log softmax of ten equal scores",
        lambda scores: -log_softmax(scores),
        (np.zeros(10),),
        2.3025850,
        1e-7,  # the source cuts the digits off instead of rounding them
        "CMU 10-714, homework 0",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
def test_published_figure(row):
    computed = row.function(*row.arguments, **dict(row.keywords))
    printed = np.broadcast_to(row.printed, np.shape(computed))
    np.testing.assert_allclose(computed, printed, rtol=0, atol=row.within, err_msg=row.source)
