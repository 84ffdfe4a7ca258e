"""Published figures of chapter 4: none of them was computed here."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike

from byhand.reference.convolution.conv2d import conv2d_forward
from byhand.reference.convolution.filters import cross_correlate2d, cross_correlate_by_hand
from byhand.reference.convolution.matrix import conv2d_matmul
from byhand.reference.convolution.pooling import avg_pool2d_forward, max_pool2d_forward
from byhand.reference.convolution.sizes import (
    conv_output_size,
    conv_parameters,
    dense_parameters,
    receptive_field,
)
from byhand.reference.convolution.transposed import conv_transpose2d_forward
from byhand.reference.convolution.windows import col2im, im2col


def line(start: float, stop: float, shape: tuple[int, ...]) -> np.ndarray:
    """Evenly spaced numbers in a given shape, so that no random generator is involved."""
    return np.linspace(start, stop, num=math.prod(shape)).reshape(shape)


def counted(*shape: int, first: float = 0.0) -> np.ndarray:
    """first, first + 1, … in a given shape."""
    return np.arange(first, first + math.prod(shape)).reshape(shape)


@dataclass(frozen=True)
class Row:
    """What a source printed. `within` is half a unit of its last printed digit, or 0 for exact figures."""

    what: str
    computed: Callable[[], Any]
    printed: ArrayLike
    within: float
    source: str


CS231N_2 = "CS231n assignment 2"
CS231N = "CS231n, Convolutional Neural Networks"
D2L = "Zhang, Lipton, Li and Smola, Dive into Deep Learning, chapters 7 and 14"
GUIDE = "Dumoulin and Visin, A guide to convolution arithmetic for deep learning"
LENET = "LeCun, Bottou, Bengio and Haffner 1998"
PYTORCH = "PyTorch, the examples in the documentation of its layers"
DISTILL = "Araujo, Norris and Sim, Computing receptive fields of convolutional neural networks"
VGG = "Simonyan and Zisserman, Very deep convolutional networks for large-scale image recognition"


def cs231n_convolution(convolve) -> np.ndarray:
    out = convolve(
        line(-0.1, 0.5, (2, 3, 4, 4)),
        line(-0.2, 0.3, (3, 3, 4, 4)),
        line(-0.1, 0.2, (3,)),
        stride=2,
        padding=1,
    )
    return out[0] if isinstance(out, tuple) else out


CS231N_OUT = [
    [
        [[-0.08759809, -0.10987781], [-0.18387192, -0.2109216]],
        [[0.21027089, 0.21661097], [0.22847626, 0.23004637]],
        [[0.50813986, 0.54309974], [0.64082444, 0.67101435]],
    ],
    [
        [[-0.98053589, -1.03143541], [-1.19128892, -1.24695841]],
        [[0.69108355, 0.66880383], [0.59480972, 0.56776003]],
        [[2.36270298, 2.36904306], [2.38090835, 2.38247847]],
    ],
]
CS231N_POOLED = [
    [
        [[-0.26315789, -0.24842105], [-0.20421053, -0.18947368]],
        [[-0.14526316, -0.13052632], [-0.08631579, -0.07157895]],
        [[-0.02736842, -0.01263158], [0.03157895, 0.04631579]],
    ],
    [
        [[0.09052632, 0.10526316], [0.14947368, 0.16421053]],
        [[0.20842105, 0.22315789], [0.26736842, 0.28210526]],
        [[0.32631579, 0.34105263], [0.38526316, 0.4]],
    ],
]

D2L_X = np.stack([counted(3, 3), counted(3, 3, first=1)])[np.newaxis]
D2L_K = np.stack([counted(2, 2), counted(2, 2, first=1)])[np.newaxis]
D2L_BARS = np.repeat([[1.0, 1, 0, 0, 0, 0, 1, 1]], 6, axis=0)
GUIDE_X = np.array([[3.0, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]])
GUIDE_K = np.array([[0.0, 1, 2], [2, 2, 0], [0, 1, 2]])


def pooled(pool, x: np.ndarray, *numbers: int) -> np.ndarray:
    return pool(x[np.newaxis, np.newaxis], *numbers)[0][0, 0]


def d2l_transposed(stride: int = 1, padding: int = 0) -> np.ndarray:
    x, w = counted(1, 1, 2, 2), counted(1, 1, 2, 2)
    return conv_transpose2d_forward(x, w, np.zeros(1), stride, padding)[0][0, 0]


def d2l_three_kernels() -> np.ndarray:
    w = np.concatenate([D2L_K, D2L_K + 1, D2L_K + 2])
    return conv2d_forward(D2L_X, w, np.zeros(3))[0][0]


def lenet5() -> list[int]:
    """LeNet-5, layer by layer. Its subsampling has a weight and a bias a map; of C3's sixteen maps, six read three
    maps of S2, nine read four, and one reads all six."""
    c3 = 6 * conv_parameters(3, 1, 5, 5) + 9 * conv_parameters(4, 1, 5, 5) + conv_parameters(6, 1, 5, 5)
    return [
        conv_parameters(1, 6, 5, 5),
        2 * 6,
        c3,
        2 * 16,
        conv_parameters(16, 120, 5, 5),
        dense_parameters([120], [84]),
    ]


def lenet5_sizes() -> list[int]:
    sizes = [32]
    for kernel, stride in [(5, 1), (2, 2), (5, 1), (2, 2), (5, 1)]:
        sizes.append(conv_output_size(sizes[-1], kernel, stride))
    return sizes[1:]


def vgg16() -> tuple[int, int]:
    """Parameters of the convolutions alone, and of all layers."""
    widths = [3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512]
    convolutions = sum(conv_parameters(a, b, 3, 3) for a, b in pairwise(widths))
    dense = [(512, 7, 7), (4096,), (4096,), (1000,)]
    return convolutions, convolutions + sum(dense_parameters(a, b) for a, b in pairwise(dense))


VGG16 = [*[(3, 1)] * 2, (2, 2), *[(3, 1)] * 2, (2, 2), *([*[(3, 1)] * 3, (2, 2)] * 3)]
ALEXNET = [(11, 4), (3, 2), (5, 1), (3, 2), (3, 1), (3, 1), (3, 1), (3, 2)]

ROWS = [
    Row("stride 2, padding 1", lambda: cs231n_convolution(conv2d_forward), CS231N_OUT, 5e-9, CS231N_2),
    Row("the same by im2col", lambda: cs231n_convolution(conv2d_matmul), CS231N_OUT, 5e-9, CS231N_2),
    Row(
        "max pooling",
        lambda: max_pool2d_forward(line(-0.3, 0.4, (2, 3, 4, 4)), 2)[0],
        CS231N_POOLED,
        5e-9,
        CS231N_2,
    ),
    Row("3 × 3 with 2 × 2, by hand", cross_correlate_by_hand, [[19, 25], [37, 43]], 0, D2L),
    Row(
        "3 × 3 with 2 × 2",
        lambda: cross_correlate2d(counted(3, 3), counted(2, 2)),
        [[19, 25], [37, 43]],
        0,
        D2L,
    ),
    Row(
        "edges of a black bar",
        lambda: cross_correlate2d(D2L_BARS, [[1.0, -1.0]]),
        [[0, 1, 0, 0, 0, -1, 0]] * 6,
        0,
        D2L,
    ),
    Row(
        "3 × 3 with 2 × 2, padding 1",
        lambda: conv2d_forward(counted(1, 1, 3, 3), counted(1, 1, 2, 2), np.zeros(1), 1, 1)[0][0, 0],
        [[0, 3, 8, 4], [9, 19, 25, 10], [21, 37, 43, 16], [6, 7, 8, 0]],
        0,
        D2L,
    ),
    Row(
        "two channels",
        lambda: conv2d_forward(D2L_X, D2L_K, np.zeros(1))[0][0, 0],
        [[56, 72], [104, 120]],
        0,
        D2L,
    ),
    Row(
        "two channels in, three out",
        d2l_three_kernels,
        [[[56, 72], [104, 120]], [[76, 100], [148, 172]], [[96, 128], [192, 224]]],
        0,
        D2L,
    ),
    Row(
        "max pooling, 2 × 2, stride 1",
        lambda: pooled(max_pool2d_forward, counted(3, 3), 2, 1),
        [[4, 5], [7, 8]],
        0,
        D2L,
    ),
    Row(
        "mean pooling, 2 × 2, stride 1",
        lambda: pooled(avg_pool2d_forward, counted(3, 3), 2, 1),
        [[2, 3], [5, 6]],
        0,
        D2L,
    ),
    Row("max pooling, 3 × 3", lambda: pooled(max_pool2d_forward, counted(4, 4), 3), [[10]], 0, D2L),
    Row("transposed", d2l_transposed, [[0, 0, 1], [0, 4, 6], [4, 12, 9]], 0, D2L),
    Row(
        "transposed, stride 2",
        lambda: d2l_transposed(stride=2),
        [[0, 0, 0, 1], [0, 0, 2, 3], [0, 2, 0, 3], [4, 6, 6, 9]],
        0,
        D2L,
    ),
    Row("transposed, padding 1", lambda: d2l_transposed(padding=1), [[4]], 0, D2L),
    Row(
        "the guide's first picture",
        lambda: cross_correlate2d(GUIDE_X, GUIDE_K),
        [[12, 12, 17], [10, 17, 19], [9, 6, 14]],
        0,
        GUIDE,
    ),
    Row(
        "the guide's mean pooling",
        lambda: pooled(avg_pool2d_forward, GUIDE_X, 3, 1),
        [[1.7, 1.7, 1.7], [1.0, 1.2, 1.8], [1.1, 0.8, 1.3]],
        0.05,
        GUIDE,
    ),
    Row(
        "the guide's max pooling",
        lambda: pooled(max_pool2d_forward, GUIDE_X, 3, 1),
        [[3, 3, 3], [3, 3, 3], [3, 2, 3]],
        0,
        GUIDE,
    ),
    Row("4 pixels, kernel 3", lambda: conv_output_size(4, 3), 2, 0, GUIDE),
    Row("5 pixels, kernel 4, padding 2", lambda: conv_output_size(5, 4, padding=2), 6, 0, GUIDE),
    Row("5 pixels, kernel 3, stride 2, padding 1", lambda: conv_output_size(5, 3, 2, 1), 3, 0, GUIDE),
    Row("6 pixels, the same", lambda: conv_output_size(6, 3, 2, 1), 3, 0, GUIDE),
    Row("AlexNet's first layer", lambda: conv_output_size(227, 11, 4), 55, 0, CS231N),
    Row("its parameters with sharing", lambda: conv_parameters(3, 96, 11, 11), 34_944, 0, CS231N),
    Row(
        "and without: 290,400 neurons, each with 11·11·3 weights and a bias",
        lambda: 55 * 55 * conv_parameters(3, 96, 11, 11),
        105_705_600,
        0,
        CS231N,
    ),
    Row("ten kernels of 5 × 5 × 3 with biases", lambda: conv_parameters(3, 10, 5, 5), 760, 0, CS231N),
    Row("LeNet-5, layer by layer", lenet5, [156, 12, 1516, 32, 48120, 10164], 0, LENET),
    Row("LeNet-5, together", lambda: sum(lenet5()), 60_000, 0, LENET),
    Row("the sizes of LeNet-5's maps", lenet5_sizes, [28, 14, 10, 5, 1], 0, LENET),
    Row(
        "a small network for MNIST",
        lambda: (
            conv_parameters(1, 32, 3, 3) + conv_parameters(32, 64, 3, 3) + dense_parameters([64, 5, 5], [10])
        ),
        34_826,
        0,
        "Keras, Simple MNIST convnet",
    ),
    Row("VGG-16: convolutions, everything", vgg16, (14_714_688, 138_357_544), 0, "Keras, applications"),
    Row(
        "two layers of 3 × 3 see 5 pixels, three see 7",
        lambda: [receptive_field([(3, 1)] * n) for n in (2, 3)],
        [5, 7],
        0,
        VGG,
    ),
    Row(
        "three layers of 3 × 3 against one of 7 × 7, in C² weights",
        lambda: [3 * (conv_parameters(1, 1, 3, 3) - 1), conv_parameters(1, 1, 7, 7) - 1],
        [27, 49],
        0,
        VGG,
    ),
    Row("what VGG-16's last pooling sees", lambda: receptive_field(VGG16), 212, 0, DISTILL),
    Row("what AlexNet's last pooling sees", lambda: receptive_field(ALEXNET), 195, 0, DISTILL),
    Row("unfold's shape", lambda: im2col(np.zeros((2, 5, 3, 4)), 2, 3).shape, (2, 30, 4), 0, PYTORCH),
    Row(
        "fold's shape",
        lambda: col2im(np.zeros((1, 12, 12)), (1, 3, 4, 5), 2, 2).shape,
        (1, 3, 4, 5),
        0,
        PYTORCH,
    ),
    Row(
        "Conv2d's shape, stride 2",
        lambda: (
            conv2d_forward(np.zeros((20, 16, 50, 100)), np.zeros((33, 16, 3, 3)), np.zeros(33), 2)[0].shape
        ),
        (20, 33, 24, 49),
        0,
        "PyTorch, the formula in Conv2d's documentation",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
def test_published_figure(row):
    np.testing.assert_allclose(row.computed(), row.printed, rtol=1e-12, atol=row.within, err_msg=row.source)
