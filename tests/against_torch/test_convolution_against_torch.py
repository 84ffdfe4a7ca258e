"""Convolutions, windows and pooling are PyTorch's, to 1e-10 in float64, and so are their gradients."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from byhand.reference.convolution import conv2d, matrix, pooling, transposed, windows

CLOSE = {"rtol": 1e-10, "atol": 1e-10}
#           x_shape, w_shape, stride, padding
CONVOLUTIONS = [
    ((2, 3, 7, 6), (4, 3, 3, 3), 1, 1),
    ((2, 3, 7, 6), (4, 3, 3, 2), 2, 0),
    ((1, 1, 5, 5), (1, 1, 5, 5), 1, 2),
    ((3, 8, 5, 9), (2, 8, 1, 1), 1, 0),
    ((2, 4, 9, 8), (4, 4, 2, 5), 3, 2),
    ((2, 5, 6, 6), (3, 5, 3, 3), 1, 0),
]
#        x_shape, size, stride
POOLS = [((2, 3, 8, 6), 2, 2), ((1, 2, 7, 9), 3, 2), ((2, 1, 7, 5), 2, 3), ((2, 2, 5, 5), 3, 1)]


def drawn(*shapes):
    rng = np.random.default_rng(3)
    return [rng.normal(size=shape) for shape in shapes]


def tensors(*arrays):
    return [torch.tensor(array, requires_grad=True) for array in arrays]


def assert_same(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other.detach().numpy(), **CLOSE)


@pytest.mark.parametrize("case", CONVOLUTIONS, ids=str)
def test_a_convolution_and_its_gradients_are_pytorchs(case):
    x_shape, w_shape, stride, padding = case
    x, w, b = drawn(x_shape, w_shape, w_shape[:1])
    given = tensors(x, w, b)
    theirs = functional.conv2d(*given, stride=stride, padding=padding)
    ours, cache = conv2d.conv2d_forward(x, w, b, stride, padding)
    (dout,) = drawn(ours.shape)
    theirs.backward(torch.tensor(dout))
    assert_same([ours, matrix.conv2d_matmul(x, w, b, stride, padding)], [theirs, theirs])
    for back in (conv2d.conv2d_backward, matrix.conv2d_backward_matmul):
        assert_same(back(dout, cache), [array.grad for array in given])


@pytest.mark.parametrize("case", CONVOLUTIONS, ids=str)
def test_a_transposed_convolution_and_its_gradients_are_pytorchs(case):
    x_shape, w_shape, stride, padding = case
    w_shape = (x_shape[1], w_shape[0], *w_shape[2:])
    x, w, b = drawn(x_shape, w_shape, w_shape[1:2])
    given = tensors(x, w, b)
    theirs = functional.conv_transpose2d(*given, stride=stride, padding=padding)
    ours, cache = transposed.conv_transpose2d_forward(x, w, b, stride, padding)
    (dout,) = drawn(ours.shape)
    theirs.backward(torch.tensor(dout))
    assert_same([ours], [theirs])
    assert_same(transposed.conv_transpose2d_backward(dout, cache), [array.grad for array in given])


def test_one_by_one_is_pytorchs():
    x, w, b = drawn((2, 3, 4, 5), (6, 3), (6,))
    theirs = functional.conv2d(torch.tensor(x), torch.tensor(w)[:, :, None, None], torch.tensor(b))
    assert_same([conv2d.conv1x1(x, w, b)], [theirs])


@pytest.mark.parametrize("case", CONVOLUTIONS, ids=str)
def test_windows_are_unfolded_and_folded_as_pytorch_does(case):
    x_shape, (_, _, *kernel), stride, padding = case
    (x,) = drawn(x_shape)
    options = {"kernel_size": kernel, "stride": stride, "padding": padding}
    theirs = functional.unfold(torch.tensor(x), **options)
    cols = windows.im2col(x, *kernel, stride, padding)
    assert_same([cols], [theirs])
    (cols,) = drawn(cols.shape)
    folded = functional.fold(torch.tensor(cols), output_size=x_shape[2:], **options)
    assert_same([windows.col2im(cols, x_shape, *kernel, stride, padding)], [folded])


@pytest.mark.parametrize("padding", [0, 1, 3])
def test_padding_is_pytorchs(padding):
    (x,) = drawn((2, 3, 4, 5))
    assert_same([windows.zero_pad(x, padding)], [functional.pad(torch.tensor(x), [padding] * 4)])


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("case", POOLS, ids=str)
@pytest.mark.parametrize("kind", ["max", "avg"])
def test_pooling_and_its_gradient_are_pytorchs(kind, case, ties):
    x_shape, size, stride = case
    (x,) = drawn(x_shape)
    x = np.round(x) if ties else x
    (given,) = tensors(x)
    theirs = getattr(functional, f"{kind}_pool2d")(given, size, stride)
    ours, cache = getattr(pooling, f"{kind}_pool2d_forward")(x, size, stride)
    (dout,) = drawn(ours.shape)
    theirs.backward(torch.tensor(dout))
    assert_same([ours, getattr(pooling, f"{kind}_pool2d_backward")(dout, cache)], [theirs, given.grad])


def test_flattening_is_pytorchs():
    x, dout = drawn((3, 2, 4, 5), (3, 40))
    (given,) = tensors(x)
    theirs = torch.flatten(given, 1)
    theirs.backward(torch.tensor(dout))
    out, cache = pooling.flatten_forward(x)
    assert_same([out, pooling.flatten_backward(dout, cache)], [theirs, given.grad])
