"""Windows are laid out in one order, and go back to where they came from."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand.reference.convolution import windows as module
from byhand.reference.convolution.windows import col2im, im2col, zero_pad

RNG = np.random.default_rng(5)
#       x_shape, kh, kw, stride, padding: odd sizes, not square, one channel, a batch of one, overlaps, gaps
SHAPES = [
    ((2, 3, 5, 7), 3, 2, 2, 1),
    ((1, 1, 4, 4), 2, 2, 1, 0),
    ((3, 2, 6, 5), 1, 1, 1, 0),
    ((2, 2, 7, 6), 2, 3, 3, 0),
    ((1, 2, 3, 4), 3, 4, 1, 2),
    ((2, 1, 5, 5), 1, 2, 3, 1),
]
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)


def test_padding_puts_zeros_round_the_two_last_axes():
    x = RNG.normal(size=(2, 3, 4, 5))
    padded = zero_pad(x, 2)
    assert padded.shape == (2, 3, 8, 9)
    np.testing.assert_array_equal(padded[:, :, 2:-2, 2:-2], x)
    assert padded.sum() == pytest.approx(x.sum())
    np.testing.assert_array_equal(zero_pad(x, 0), x)


@each_shape
def test_a_column_is_a_window_in_the_order_of_a_kernel(shape):
    x_shape, kh, kw, stride, padding = shape
    x = RNG.normal(size=x_shape)
    padded = zero_pad(x, padding)
    cols = im2col(x, kh, kw, stride, padding)
    column = 0
    for i in range(0, padded.shape[2] - kh + 1, stride):
        for j in range(0, padded.shape[3] - kw + 1, stride):
            window = padded[:, :, i : i + kh, j : j + kw]
            np.testing.assert_array_equal(cols[:, :, column], window.reshape(len(x), -1))
            column += 1
    assert column == cols.shape[2]


@each_shape
def test_col2im_is_the_transpose_of_im2col(shape):
    """⟨im2col(x), c⟩ = ⟨x, col2im(c)⟩ for all x and c: that is what a gradient needs."""
    x_shape, *numbers = shape
    x = RNG.normal(size=x_shape)
    cols = im2col(x, *numbers)
    c = RNG.normal(size=cols.shape)
    assert np.sum(cols * c) == pytest.approx(np.sum(x * col2im(c, x_shape, *numbers)))


def test_side_by_side_the_way_back_undoes_the_way_there():
    x = RNG.normal(size=(2, 3, 6, 4))
    np.testing.assert_array_equal(col2im(im2col(x, 2, 2, 2), x.shape, 2, 2, 2), x)


def test_what_comes_out_is_new_even_where_nothing_is_moved():
    x = RNG.normal(size=(1, 2, 3, 3))
    im2col(x, 1, 1)[:] = 7
    assert np.all(x != 7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_inputs_dtype_is_kept_and_inputs_are_left_alone(dtype):
    x = RNG.normal(size=(2, 1, 4, 4)).astype(dtype)
    x.flags.writeable = False
    cols = im2col(x, 3, 3, 1, 1)
    cols.flags.writeable = False
    assert zero_pad(x, 1).dtype == cols.dtype == col2im(cols, x.shape, 3, 3, 1, 1).dtype == dtype


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: zero_pad(np.ones((3, 3)), 1), r"x has shape \(3, 3\)"),
        (lambda: zero_pad(np.ones((1, 1, 3, 3)), -1), "padding is -1"),
        (lambda: im2col(np.ones((3, 3)), 2, 2), r"x has shape \(3, 3\)"),
        (lambda: im2col(np.ones((1, 1, 3, 3)), 2, 4), "a window of 4"),
        (lambda: col2im(np.ones((1, 4, 5)), (1, 1, 3, 3), 2, 2), r"make \(1, 4, 4\)"),
    ],
)
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
