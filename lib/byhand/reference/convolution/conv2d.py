"""Convolution: the same small window everywhere.

A kernel slides over a batch of pictures with several channels. Each output channel has a kernel of its own, and a
kernel reads all the input channels:

    out[n, f, i, j] = b[f] + Σ x[n, c, i·stride + a, j·stride + e] · w[f, c, a, e]      over c, a and e

Written down, that is seven loops. Laid out as a matrix of windows (`convolution.windows.im2col`), it is one matrix
product, and going back is two: dw from the same windows, dx by adding each window's share to its place.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float
from byhand.reference.convolution.sizes import conv_output_size
from byhand.reference.convolution.windows import add_windows, framed, windows

Cache = tuple[NDArray, NDArray, NDArray, int, int]

# Windows are copied for so many bytes of pictures at a time: what the processor's cache holds until it is used.
_BYTES_AT_ONCE = 2**19


def conv2d_forward(
    x: ArrayLike, w: ArrayLike, b: ArrayLike, stride: int = 1, padding: int = 0
) -> tuple[NDArray[np.floating], Cache]:
    """Slide F kernels over N pictures.

    Parameters
    ----------
    x : array (N, C, H, W)
        N pictures with C channels.
    w : array (F, C, kh, kw)
        F kernels; each reads all C channels.
    b : array (F,)
        One bias a kernel.
    stride : int
        How many pixels the kernels move at a time.
    padding : int
        How wide a frame of zeros is put round the pictures first.

    Returns
    -------
    out : array (N, F, rows, columns)
        rows and columns as `convolution.sizes.conv_output_size` counts them.
    cache : tuple (x, w, b, stride, padding)

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    The kernel is not turned: see `filters.cross_correlate2d`. TensorFlow puts the channels last, (N, H, W, C), and
    names its padding "valid" or "same".

    References
    ----------
    Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998), "Gradient-based learning applied to document recognition".

    Examples
    --------
    >>> x, w = np.arange(9.0).reshape(1, 1, 3, 3), np.arange(4.0).reshape(1, 1, 2, 2)
    >>> out, cache = conv2d_forward(x, w, np.array([100.0]))
    >>> out[0, 0]
    array([[119., 125.],
           [137., 143.]])
    """
    x, w, b = checked("conv2d_forward", x, w, b, stride, padding)
    out = slide(framed(x, padding, padding), w, stride)
    out += b[:, np.newaxis, np.newaxis]
    return out, (x, w, b, stride, padding)


def conv2d_backward(
    dout: ArrayLike, cache: Cache
) -> tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]:
    """From the gradient of what a convolution gave to the gradients of what it was given.

    - dw: a kernel's number met one pixel of every window. It gets those pixels, each times its window's gradient.
    - dx: a pixel lay in several windows. It gets the kernel's number from each, times that window's gradient.
    - db: a bias was added at every place, so it gets the sum.

    Parameters
    ----------
    dout : array (N, F, rows, columns)
    cache : tuple (x, w, b, stride, padding)
        What `conv2d_forward` returned.

    Returns
    -------
    dx : array (N, C, H, W)
    dw : array (F, C, kh, kw)
    db : array (F,)

    Raises
    ------
    ValueError
        If dout does not have the shape that `conv2d_forward` gave.

    References
    ----------
    J. Bouvrie (2006), "Notes on convolutional neural networks".

    Examples
    --------
    >>> x, w = np.arange(9.0).reshape(1, 1, 3, 3), np.arange(4.0).reshape(1, 1, 2, 2)
    >>> out, cache = conv2d_forward(x, w, np.zeros(1))
    >>> dx, dw, db = conv2d_backward(np.ones((1, 1, 2, 2)), cache)
    >>> dx[0, 0]
    array([[0., 1., 1.],
           [2., 6., 4.],
           [2., 5., 3.]])
    >>> dw[0, 0], db
    (array([[ 8., 12.],
           [20., 24.]]), array([4.]))
    """
    x, w, b, stride, padding = cache
    x, w, b = checked("conv2d_backward", x, w, b, stride, padding)
    dout = as_float(dout)
    expected = (len(x), len(w), *out_size(x, w, stride, padding))
    if dout.shape != expected:
        raise ValueError(f"conv2d_backward: dout has shape {dout.shape}; the convolution gave {expected}")
    dx = spread(dout, w, x.shape, stride, padding)
    dw = kernel_gradient(framed(x, padding, padding), dout, w.shape, stride)
    return dx, dw, dout.sum(axis=(0, 2, 3))


def conv1x1(x: ArrayLike, w: ArrayLike, b: ArrayLike) -> NDArray[np.floating]:
    """A convolution with kernels of 1 × 1: at each pixel the same dense layer, from C channels to F.

    Parameters
    ----------
    x : array (N, C, H, W)
    w : array (F, C)
    b : array (F,)

    Returns
    -------
    array (N, F, H, W)

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    M. Lin, Q. Chen and S. Yan (2013), "Network in network".

    Examples
    --------
    >>> conv1x1(np.array([[[[1.0, 2.0]], [[10.0, 20.0]]]]), np.array([[1.0, 1.0], [0.0, 2.0]]), np.zeros(2))[0]
    array([[[11., 22.]],
    <BLANKLINE>
           [[20., 40.]]])
    """
    w = as_float(w)
    if w.ndim != 2:
        raise ValueError(f"conv1x1: w has shape {w.shape}; it must be (F, C)")
    return conv2d_forward(x, w[:, :, np.newaxis, np.newaxis], b)[0]


def slide(padded: NDArray, w: NDArray, stride: int) -> NDArray:
    """A convolution of pictures that have their padding, without bias."""
    F, _, kh, kw = w.shape
    every = windows(padded, kh, kw, stride)
    N, rows, columns = len(every), *every.shape[4:]
    kernels = w.reshape(F, -1)
    out = np.empty((N, F, rows * columns), np.result_type(padded, w))
    for some in _a_few(N, every[:1].nbytes):
        for here in _a_few(rows, every[some, ..., :1, :].nbytes):  # of a large picture, only some rows
            places = slice(here.start * columns, here.stop * columns)
            np.matmul(kernels, _as_columns(every[some, ..., here, :]), out=out[some, :, places])
    return out.reshape(N, F, rows, columns)


def kernel_gradient(padded: NDArray, dout: NDArray, w_shape: tuple[int, ...], stride: int) -> NDArray:
    """Each kernel's windows, weighted by dout and added up over places and pictures."""
    F, C, kh, kw = w_shape
    every = windows(padded, kh, kw, stride)
    by_place = dout.reshape(len(dout), F, -1).transpose(0, 2, 1)  # (N, L, F)
    dw = np.zeros((C * kh * kw, F), np.result_type(padded, dout))  # turned: BLAS is quicker this way round
    for some in _a_few(len(every), every[:1].nbytes):
        dw += np.matmul(_as_columns(every[some]), by_place[some]).sum(axis=0)
    return dw.T.reshape(w_shape)


def spread(dout: NDArray, w: NDArray, x_shape: tuple[int, ...], stride: int, padding: int) -> NDArray:
    """Every number of dout times its kernel, added to the window from which it came."""
    (N, C, H, W), (F, _, kh, kw), (rows, columns) = x_shape, w.shape, dout.shape[2:]
    if stride == 1 and F <= 2 * C:
        # Then this is a convolution too, of dout with the kernels turned by 180°. It copies F numbers where the other
        # way adds up C, and copying is more than twice as fast.
        cut = min(padding, kh - 1, kw - 1)  # the frame that would be cut off again is not computed
        padded = slide(framed(dout, kh - 1 - cut, kw - 1 - cut), w[:, :, ::-1, ::-1].transpose(1, 0, 2, 3), 1)
        padding -= cut
    else:
        kernels = w.reshape(F, -1).T
        padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding), np.result_type(dout, w))
        for some in _a_few(N, kernels.shape[0] * rows * columns * padded.itemsize):
            parts = np.matmul(kernels, dout[some].reshape(-1, F, rows * columns))
            add_windows(padded[some], parts.reshape(-1, C, kh, kw, rows, columns), stride)
    return padded[:, :, padding : padding + H, padding : padding + W]


def _a_few(count: int, bytes_each: int) -> Iterator[slice]:
    """Which pictures (or rows) to work on together, a slice at a time, all of about the same length."""
    slices = math.ceil(count / max(1, _BYTES_AT_ONCE // max(1, bytes_each)))
    at_once = math.ceil(count / max(1, slices))
    for start in range(0, count, max(1, at_once)):
        yield slice(start, start + at_once)


def _as_columns(some: NDArray) -> NDArray:
    """Windows (n, C, kh, kw, rows, columns) as a matrix of columns: a copy, unless the kernel is 1 × 1."""
    n, C, kh, kw, rows, columns = some.shape
    return some.reshape(n, C * kh * kw, rows * columns)


def out_size(x: NDArray, w: NDArray, stride: int, padding: int) -> tuple[int, int]:
    height, width = (
        conv_output_size(n, kernel, stride, padding)
        for n, kernel in zip(x.shape[2:], w.shape[2:], strict=True)
    )
    return height, width


def checked(
    function: str, x: ArrayLike, w: ArrayLike, b: ArrayLike, stride: int, padding: int
) -> tuple[NDArray, NDArray, NDArray]:
    x, w, b = as_float(x), as_float(w), as_float(b)
    if x.ndim != 4 or w.ndim != 4 or x.shape[1] != w.shape[1]:
        raise ValueError(
            f"{function}: x has shape {x.shape} and w has shape {w.shape}; x must be (N, C, H, W) and w "
            "(F, C, kh, kw), with the same C: a kernel reads all channels"
        )
    if b.shape != w.shape[:1]:
        raise ValueError(
            f"{function}: b has shape {b.shape} and w has shape {w.shape}; b must be ({len(w)},): one bias a kernel"
        )
    try:
        out_size(x, w, stride, padding)
    except ValueError as error:
        raise ValueError(f"{function}: x has shape {x.shape} and w has shape {w.shape}: {error}") from None
    return x, w, b
