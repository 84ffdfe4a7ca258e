"""The fast convolution is the slow one, and its gradients are the slopes that can be measured."""

from __future__ import annotations

import doctest
from functools import partial

import numpy as np
import pytest

from byhand.reference.convolution import conv2d, matrix, transposed
from byhand.reference.convolution.conv2d import (
    conv1x1,
    conv2d_backward,
    conv2d_forward,
)
from byhand.reference.convolution.filters import cross_correlate2d
from byhand.reference.convolution.matrix import conv2d_backward_matmul, conv2d_matmul, conv_as_matrix
from byhand.reference.convolution.transposed import conv_transpose2d_backward, conv_transpose2d_forward
from byhand.reference.neuron.layers import dense_forward
from byhand.reference.start.derivatives import numerical_gradient

RNG = np.random.default_rng(6)
#       x_shape, w_shape, stride, padding
SHAPES = [
    ((1, 1, 3, 3), (1, 1, 2, 2), 1, 0),
    ((2, 3, 5, 4), (4, 3, 3, 2), 2, 1),  # more kernels than channels: dx by scattering, whatever the stride
    ((2, 4, 5, 6), (2, 4, 2, 3), 1, 1),  # fewer: dx by a convolution
    ((3, 2, 6, 7), (2, 2, 3, 3), 3, 0),  # a last row and column that no window reaches
    ((1, 2, 4, 4), (3, 2, 1, 1), 2, 0),
    ((2, 2, 3, 3), (2, 2, 3, 3), 1, 3),  # more padding than the kernel is wide
    ((2, 1, 1, 5), (1, 1, 1, 5), 1, 0),
]
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)


def drawn(x_shape, w_shape):
    return RNG.normal(size=x_shape), RNG.normal(size=w_shape), RNG.normal(size=w_shape[0])


def by_loops(x, w, b, stride, padding):
    """What a learner writes first."""
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    (N, _, H, W), (F, _, kh, kw) = x.shape, w.shape
    out = np.zeros((N, F, (H - kh) // stride + 1, (W - kw) // stride + 1))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x[n, :, top : top + kh, left : left + kw] * w[f]) + b[f]
    return out


@each_shape
def test_every_way_to_compute_it_gives_the_same(shape):
    x_shape, w_shape, stride, padding = shape
    x, w, b = drawn(x_shape, w_shape)
    expected = by_loops(x, w, b, stride, padding)
    np.testing.assert_allclose(conv2d_forward(x, w, b, stride, padding)[0], expected, atol=1e-12)
    np.testing.assert_allclose(conv2d_matmul(x, w, b, stride, padding), expected, atol=1e-12)


def test_many_pictures_are_worked_on_a_few_at_a_time(monkeypatch):
    x, w, b = drawn((5, 3, 6, 6), (3, 3, 3, 3))
    out, cache = conv2d_forward(x, w, b)
    dout = RNG.normal(size=out.shape)
    gradients = conv2d_backward(dout, cache)
    monkeypatch.setattr(conv2d, "_BYTES_AT_ONCE", 2 * 27 * 16 * 8)  # two pictures' windows
    assert [part.stop - part.start for part in conv2d._a_few(5, 27 * 16 * 8)] == [2, 2, 2]
    np.testing.assert_allclose(conv2d_forward(x, w, b)[0], out)
    for one, other in zip(conv2d_backward(dout, cache), gradients, strict=True):
        np.testing.assert_allclose(one, other)


def test_of_a_large_picture_a_few_rows_are_worked_on_at_a_time(monkeypatch):
    x, w, b = drawn((2, 3, 7, 6), (3, 3, 3, 3))
    out, cache = conv2d_forward(x, w, b, padding=1)
    dout = RNG.normal(size=out.shape)
    gradients = conv2d_backward(dout, cache)
    monkeypatch.setattr(conv2d, "_BYTES_AT_ONCE", 3 * 27 * 6 * 8)  # the windows of three rows
    assert [part.start for part in conv2d._a_few(7, 27 * 6 * 8)] == [0, 3, 6]
    np.testing.assert_allclose(out, by_loops(x, w, b, 1, 1), atol=1e-12)
    np.testing.assert_allclose(conv2d_forward(x, w, b, padding=1)[0], out)
    for one, other in zip(conv2d_backward(dout, cache), gradients, strict=True):
        np.testing.assert_allclose(one, other)


def test_one_kernel_on_one_channel_is_cross_correlation():
    x, w, _ = drawn((1, 1, 6, 7), (1, 1, 3, 2))
    np.testing.assert_allclose(
        conv2d_forward(x, w, np.zeros(1))[0][0, 0], cross_correlate2d(x[0, 0], w[0, 0])
    )


def test_channels_are_added_and_a_bias_stands_at_every_place():
    x, w, b = drawn((2, 3, 5, 5), (4, 3, 3, 3))
    alone = [conv2d_forward(x[:, c : c + 1], w[:, c : c + 1], np.zeros(4))[0] for c in range(3)]
    np.testing.assert_allclose(conv2d_forward(x, w, b)[0], sum(alone) + b[:, np.newaxis, np.newaxis])


def test_a_kernel_as_large_as_the_picture_is_a_dense_layer():
    x, w, b = drawn((4, 3, 5, 6), (7, 3, 5, 6))
    dense, _ = dense_forward(x.reshape(4, -1), w.reshape(7, -1).T, b)
    np.testing.assert_allclose(conv2d_forward(x, w, b)[0][:, :, 0, 0], dense)


def test_one_by_one_is_a_dense_layer_at_every_pixel():
    x, w, b = RNG.normal(size=(2, 3, 4, 5)), RNG.normal(size=(6, 3)), RNG.normal(size=6)
    out = conv1x1(x, w, b)
    for i, j in np.ndindex(4, 5):
        np.testing.assert_allclose(out[:, :, i, j], dense_forward(x[:, :, i, j], w.T, b)[0])


@each_shape
def test_the_gradients_are_the_measured_slopes(shape):
    x_shape, w_shape, stride, padding = shape
    x, w, b = drawn(x_shape, w_shape)
    out, cache = conv2d_forward(x, w, b, stride, padding)
    dout = RNG.normal(size=out.shape)

    def loss(x, w, b):
        return float(np.sum(dout * conv2d_forward(x, w, b, stride, padding)[0]))

    dx, dw, db = conv2d_backward(dout, cache)
    for gradient, array, of in [
        (dx, x, lambda a: loss(a, w, b)),
        (dw, w, lambda a: loss(x, a, b)),
        (db, b, lambda a: loss(x, w, a)),
    ]:
        flat = numerical_gradient(
            lambda v, of=of, shape=array.shape: of(v.reshape(shape)), array.ravel(), 1e-5
        )
        np.testing.assert_allclose(gradient, flat.reshape(array.shape), rtol=1e-6, atol=1e-8)


@each_shape
def test_the_way_back_by_columns_is_the_way_back(shape):
    x_shape, w_shape, stride, padding = shape
    out, cache = conv2d_forward(*drawn(x_shape, w_shape), stride, padding)
    dout = RNG.normal(size=out.shape)
    for one, other in zip(conv2d_backward_matmul(dout, cache), conv2d_backward(dout, cache), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("kernel", "height", "width"), [((3, 3), 4, 4), ((2, 3), 5, 4), ((1, 1), 1, 1)])
def test_a_convolution_is_a_matrix(kernel, height, width):
    kernel, image = RNG.normal(size=kernel), RNG.normal(size=(height, width))
    large = conv_as_matrix(kernel, height, width)
    assert np.count_nonzero(large) == len(large) * kernel.size
    found = cross_correlate2d(image, kernel)
    np.testing.assert_allclose((large @ image.ravel()).reshape(found.shape), found, atol=1e-12)


def test_the_matrix_of_a_small_picture_is_the_published_one():
    """Dumoulin and Visin, section 4.1, print it: 4 rows of 16."""
    large = conv_as_matrix(np.arange(1.0, 10.0).reshape(3, 3), 4, 4)
    assert large.shape == (4, 16)
    assert large[0].tolist() == [1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0]
    assert large[3].tolist() == [0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9]


@each_shape
def test_a_transposed_convolution_goes_the_other_way(shape):
    """⟨conv(x), y⟩ = ⟨x, transposed(y)⟩ with the same kernels."""
    x_shape, w_shape, stride, padding = shape
    x, w, _ = drawn(x_shape, w_shape)
    out = conv2d_forward(x, w, np.zeros(w_shape[0]), stride, padding)[0]
    y = RNG.normal(size=out.shape)
    back = conv_transpose2d_forward(y, w, np.zeros(w_shape[1]), stride, padding)[0]
    height, width = back.shape[2:]  # what no window reached is missing at the end
    assert np.sum(out * y) == pytest.approx(np.sum(x[:, :, :height, :width] * back))


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), (3, 0)])
def test_a_transposed_convolutions_gradients_are_the_measured_slopes(stride, padding):
    x, w, b = RNG.normal(size=(2, 3, 2, 3)), RNG.normal(size=(3, 2, 3, 4)), RNG.normal(size=2)
    out, cache = conv_transpose2d_forward(x, w, b, stride, padding)
    dout = RNG.normal(size=out.shape)
    forward = partial(conv_transpose2d_forward, stride=stride, padding=padding)
    gradients = conv_transpose2d_backward(dout, cache)
    for position, gradient in enumerate(gradients):

        def loss(v, position=position):
            given = [x, w, b]
            given[position] = v.reshape(given[position].shape)
            return float(np.sum(dout * forward(*given)[0]))

        flat = numerical_gradient(loss, (x, w, b)[position].ravel(), 1e-5)
        np.testing.assert_allclose(gradient, flat.reshape(gradient.shape), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("stride", [1, 2])
def test_the_inputs_dtype_is_kept_and_inputs_are_left_alone(dtype, stride):
    for x_shape, w_shape in [((2, 3, 5, 5), (4, 3, 3, 3)), ((2, 4, 5, 5), (3, 4, 1, 1))]:
        x, w, b = (array.astype(dtype) for array in drawn(x_shape, w_shape))
        for array in (x, w, b):
            array.flags.writeable = False
        out, cache = conv2d_forward(x, w, b, stride)
        dout = np.ones(out.shape, dtype)
        dout.flags.writeable = False
        assert out.dtype == dtype
        assert all(gradient.dtype == dtype for gradient in conv2d_backward(dout, cache))
        turned = w.transpose(1, 0, 2, 3)[: x_shape[1]]
        wider, cache = conv_transpose2d_forward(x, turned, np.zeros(turned.shape[1], dtype), stride)
        assert wider.dtype == dtype
        assert all(g.dtype == dtype for g in conv_transpose2d_backward(np.ones(wider.shape, dtype), cache))
        assert conv2d_matmul(x, w, b).dtype == conv1x1(x, w[:, :, 0, 0], b).dtype == dtype


def test_whole_numbers_become_float64():
    x = np.arange(9).reshape(1, 1, 3, 3)
    assert conv2d_forward(x, np.ones((1, 1, 2, 2), int), np.array([0]))[0].dtype == np.float64


X, W, B = np.ones((2, 3, 4, 4)), np.ones((5, 3, 2, 2)), np.ones(5)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: conv2d_forward(X[0], W, B), r"x has shape \(3, 4, 4\)"),
        (lambda: conv2d_forward(X, W[:, :2], B), r"w has shape \(5, 2, 2, 2\)"),
        (lambda: conv2d_forward(X, W, B[:4]), r"b must be \(5,\)"),
        (lambda: conv2d_forward(X, np.ones((5, 3, 5, 2)), B), r"w has shape \(5, 3, 5, 2\).*a window of 5"),
        (lambda: conv2d_forward(X, W, B, stride=0), "moved by 0"),
        (lambda: conv2d_matmul(X, W, B, padding=-1), "-1 zeros"),
        (lambda: conv2d_backward(np.ones((2, 5, 2, 2)), conv2d_forward(X, W, B)[1]), r"gave \(2, 5, 3, 3\)"),
        (
            lambda: conv2d_backward_matmul(np.ones((2, 5, 2, 2)), conv2d_forward(X, W, B)[1]),
            r"gave \(2, 5, 3, 3\)",
        ),
        (lambda: conv_as_matrix(np.ones(3), 4, 4), r"the kernel has shape \(3,\)"),
        (lambda: conv_as_matrix(np.ones((3, 3)), 4, 2), r"the picture \(4, 2\)"),
        (lambda: conv1x1(X, W, B), r"w has shape \(5, 3, 2, 2\)"),
        (lambda: conv1x1(X, W[:, :2, 0, 0], B), r"\(5, 2, 1, 1\)"),
        (lambda: conv_transpose2d_forward(X, W, B), r"w \(5, 3, 2, 2\)"),
        (lambda: conv_transpose2d_forward(X, W[:3], B), r"b \(5,\)"),
        (lambda: conv_transpose2d_forward(X, W[:3], B[:3], padding=3), "-1 × -1"),
        (
            lambda: conv_transpose2d_backward(X, conv_transpose2d_forward(X, W[:3], B[:3])[1]),
            r"forward gave \(2, 3, 5, 5\)",
        ),
    ],
)
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


@pytest.mark.parametrize("module", [conv2d, matrix, transposed], ids=["conv2d", "matrix", "transposed"])
def test_the_examples_in_the_docstrings_are_true(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
