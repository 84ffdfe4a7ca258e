"""Every window of a picture, side by side.

A convolution looks at one window after another. To compute all of them with a single matrix product, the windows
are laid out as the columns of a matrix (`im2col`). On the way back, each column is added to the place from which it
was taken (`col2im`). A pixel that lies in several windows is copied several times, and gets the sum back.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float
from byhand.reference.convolution.sizes import conv_output_size


def zero_pad(x: ArrayLike, padding: int) -> NDArray[np.floating]:
    """Put a frame of zeros round every picture.

    Parameters
    ----------
    x : array (N, C, H, W)
    padding : int
        How wide the frame is, 0 or more.

    Returns
    -------
    array (N, C, H + 2·padding, W + 2·padding)

    Raises
    ------
    ValueError
        If x does not have four axes, or padding is negative.

    Examples
    --------
    >>> zero_pad(np.ones((1, 1, 1, 2)), 1)[0, 0]
    array([[0., 0., 0., 0.],
           [0., 1., 1., 0.],
           [0., 0., 0., 0.]])
    """
    x = as_float(x)
    if x.ndim != 4 or padding < 0:
        raise ValueError(
            f"zero_pad: x has shape {x.shape} and padding is {padding}; x must be (N, C, H, W) and padding 0 or more"
        )
    return framed(x, padding, padding)


def framed(x: NDArray, rows: int, columns: int) -> NDArray:
    """`x` with so many rows of zeros above and below, and columns on either side; `x` itself if there are none."""
    if rows == columns == 0:
        return x
    N, C, H, W = x.shape
    out = np.zeros((N, C, H + 2 * rows, W + 2 * columns), x.dtype)
    out[:, :, rows : rows + H, columns : columns + W] = x
    return out


def windows(padded: NDArray, kh: int, kw: int, stride: int) -> NDArray:
    """All windows of pictures (N, C, H, W) as a view (N, C, kh, kw, rows, columns): nothing is copied.

    ``windows(...)[n, c, a, b]`` is the picture that the kernel's number (a, b) meets as the kernel slides.
    """
    every = sliding_window_view(padded, (kh, kw), axis=(2, 3))
    return every[:, :, ::stride, ::stride].transpose(0, 1, 4, 5, 2, 3)


def im2col(x: ArrayLike, kh: int, kw: int, stride: int = 1, padding: int = 0) -> NDArray[np.floating]:
    """Lay every window of a picture out as a column of a matrix.

    Parameters
    ----------
    x : array (N, C, H, W)
    kh, kw : int
        The height and the width of a window.
    stride, padding : int
        As in `convolution.conv2d.conv2d_forward`.

    Returns
    -------
    array (N, C · kh · kw, L), a new one
        L windows, row by row. A column holds its window channel by channel, each channel row by row, in the order
        of ``w[f].ravel()``.

    Raises
    ------
    ValueError
        If x does not have four axes, or the window does not fit into it.

    Notes
    -----
    PyTorch's ``unfold`` gives the same. Caffe does it for one picture at a time, and CS231n's ``im2col`` orders the
    windows with the batch last; other texts make each window a *row*.

    References
    ----------
    K. Chellapilla, S. Puri and P. Simard (2006), "High performance convolutional neural networks for document
    processing".

    Examples
    --------
    >>> im2col(np.arange(9.0).reshape(1, 1, 3, 3), 2, 2)[0]
    array([[0., 1., 3., 4.],
           [1., 2., 4., 5.],
           [3., 4., 6., 7.],
           [4., 5., 7., 8.]])
    """
    x = as_float(x)
    if x.ndim != 4:
        raise ValueError(f"im2col: x has shape {x.shape}; it must be (N, C, H, W)")
    _, _, rows, columns = _places(x.shape, kh, kw, stride, padding)
    N, C = x.shape[:2]
    out = np.empty((N, C, kh, kw, rows, columns), x.dtype)
    out[...] = windows(framed(x, padding, padding), kh, kw, stride)
    return out.reshape(N, C * kh * kw, rows * columns)


def col2im(
    cols: ArrayLike, x_shape: Sequence[int], kh: int, kw: int, stride: int = 1, padding: int = 0
) -> NDArray[np.floating]:
    """Add every column back to the place from which `im2col` took it. Where windows overlap, the numbers add up.

    Parameters
    ----------
    cols : array (N, C · kh · kw, L)
    x_shape : (N, C, H, W)
        The shape of the picture that `im2col` was given.
    kh, kw, stride, padding : int
        As they were given to `im2col`.

    Returns
    -------
    array (N, C, H, W)
        What fell on the padding is dropped.

    Raises
    ------
    ValueError
        If cols does not have the shape that `im2col` would give.

    Notes
    -----
    It is not the inverse of `im2col`: a pixel that lay in four windows comes back four times as large. It is the
    transpose, which is what a gradient needs. PyTorch calls it ``fold``.

    Examples
    --------
    >>> picture = np.ones((1, 1, 3, 3))
    >>> col2im(im2col(picture, 2, 2), picture.shape, 2, 2)[0, 0]
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    cols = as_float(cols)
    N, C, rows, columns = _places(x_shape, kh, kw, stride, padding)
    if cols.shape != (N, C * kh * kw, rows * columns):
        raise ValueError(
            f"col2im: cols has shape {cols.shape}; windows of {kh} × {kw} from a picture {tuple(x_shape)} "
            f"make {(N, C * kh * kw, rows * columns)}"
        )
    H, W = x_shape[2:]
    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding), cols.dtype)
    add_windows(padded, cols.reshape(N, C, kh, kw, rows, columns), stride)
    return padded[:, :, padding : padding + H, padding : padding + W]


def add_windows(padded: NDArray, parts: NDArray, stride: int) -> None:
    """Add windows (N, C, kh, kw, rows, columns) to their places in pictures (N, C, H, W), in place."""
    kh, kw, rows, columns = parts.shape[2:]
    for a in range(kh):
        for b in range(kw):  # a whole picture for each of the kernel's numbers: few steps, long ones
            down, across = slice(a, a + stride * rows, stride), slice(b, b + stride * columns, stride)
            padded[:, :, down, across] += parts[:, :, a, b]


def _places(x_shape: Sequence[int], kh: int, kw: int, stride: int, padding: int) -> tuple[int, int, int, int]:
    N, C, H, W = x_shape
    return N, C, conv_output_size(H, kh, stride, padding), conv_output_size(W, kw, stride, padding)
