"""What stands between convolutions and dense layers: pooling makes pictures smaller, flattening makes them rows.

Pooling slides a window as a convolution does, on every channel alone, and keeps one number a window: the largest,
or the mean. It learns nothing. On the way back the largest number takes its window's whole gradient, because only
it had a say; under a mean all share alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float
from byhand.reference.convolution.sizes import conv_output_size

Cache = tuple[NDArray, int, int]


def max_pool2d_forward(
    x: ArrayLike, size: int, stride: int | None = None
) -> tuple[NDArray[np.floating], Cache]:
    """Keep the largest number of every window.

    Parameters
    ----------
    x : array (N, C, H, W)
    size : int
        The window's height and width.
    stride : int, optional
        How far the window moves; if not given, `size`, so that windows lie side by side.

    Returns
    -------
    out : array (N, C, rows, columns)
    cache : tuple (x, size, stride)

    Raises
    ------
    ValueError
        If x does not have four axes, or the window does not fit into it.

    Notes
    -----
    Rows and columns at the end that do not fill a window are left out, as in PyTorch. ``ceil_mode=True`` there, and
    Caffe, keep them.

    References
    ----------
    D. Scherer, A. Müller and S. Behnke (2010), "Evaluation of pooling operations in convolutional architectures for
    object recognition".

    Examples
    --------
    >>> max_pool2d_forward(np.arange(16.0).reshape(1, 1, 4, 4), 2)[0][0, 0]
    array([[ 5.,  7.],
           [13., 15.]])
    """
    x, stride = _checked("max_pool2d_forward", x, size, stride)
    return _largest(x, size, stride), (x, size, stride)


def max_pool2d_backward(dout: ArrayLike, cache: Cache) -> NDArray[np.floating]:
    """Give every window's gradient to its largest number.

    Parameters
    ----------
    dout : array (N, C, rows, columns)
    cache : tuple (x, size, stride)
        What `max_pool2d_forward` returned.

    Returns
    -------
    array (N, C, H, W)

    Raises
    ------
    ValueError
        If dout does not have the shape that `max_pool2d_forward` gave.

    Notes
    -----
    Where several numbers of a window are equally large, the first one, row by row, takes all, as in PyTorch. Some
    codes give the whole gradient to each of them, which is too much, or share it.

    PyTorch's forward remembers where the largest numbers stood. Ours is faster without; then this one looks for them.

    Examples
    --------
    >>> x = np.array([[[[1.0, 5.0], [5.0, 2.0]]]])
    >>> max_pool2d_backward(np.array([[[[10.0]]]]), (x, 2, 2))[0, 0]
    array([[ 0., 10.],
           [ 0.,  0.]])
    """
    x, size, stride, dout = _checked_back("max_pool2d_backward", dout, cache)
    places = list(_places(x.shape, size, stride))
    parts = [x[place].copy() for place in places]  # in one piece each: they are read twice
    largest = reduce(np.maximum, parts)
    still_to_find = np.ones(largest.shape, bool)
    dx = np.zeros(x.shape, np.result_type(x, dout))
    for place, part in zip(places, parts, strict=True):
        found = part == largest
        found &= still_to_find
        still_to_find ^= found
        if stride < size:
            dx[place] += dout * found
        else:  # no windows overlap, so there is nothing to add to
            np.multiply(dout, found, out=dx[place])
    return dx


def avg_pool2d_forward(
    x: ArrayLike, size: int, stride: int | None = None
) -> tuple[NDArray[np.floating], Cache]:
    """Keep the mean of every window.

    Parameters
    ----------
    x : array (N, C, H, W)
    size : int
        The window's height and width.
    stride : int, optional
        How far the window moves; if not given, `size`.

    Returns
    -------
    out : array (N, C, rows, columns)
    cache : tuple (x, size, stride)

    Raises
    ------
    ValueError
        If x does not have four axes, or the window does not fit into it.

    References
    ----------
    Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998): "subsampling". Theirs had a weight and a bias a channel.

    Examples
    --------
    >>> avg_pool2d_forward(np.arange(16.0).reshape(1, 1, 4, 4), 2)[0][0, 0]
    array([[ 2.5,  4.5],
           [10.5, 12.5]])
    """
    x, stride = _checked("avg_pool2d_forward", x, size, stride)
    total = sum(x[place] for place in _places(x.shape, size, stride))
    return total / x.dtype.type(size * size), (x, size, stride)


def avg_pool2d_backward(dout: ArrayLike, cache: Cache) -> NDArray[np.floating]:
    """Share every window's gradient equally among its numbers.

    Parameters
    ----------
    dout : array (N, C, rows, columns)
    cache : tuple (x, size, stride)
        What `avg_pool2d_forward` returned.

    Returns
    -------
    array (N, C, H, W)

    Raises
    ------
    ValueError
        If dout does not have the shape that `avg_pool2d_forward` gave.

    Examples
    --------
    >>> avg_pool2d_backward(np.array([[[[8.0]]]]), (np.zeros((1, 1, 2, 2)), 2, 2))[0, 0]
    array([[2., 2.],
           [2., 2.]])
    """
    x, size, stride, dout = _checked_back("avg_pool2d_backward", dout, cache)
    dx = np.zeros(x.shape, np.result_type(x, dout))
    share = dout / dout.dtype.type(size * size)
    for place in _places(x.shape, size, stride):
        dx[place] += share
    return dx


def flatten_forward(x: ArrayLike) -> tuple[NDArray[np.floating], tuple[int, ...]]:
    """Lay each picture out as one row, for a dense layer.

    Parameters
    ----------
    x : array (N, C, H, W), or any other with the batch first

    Returns
    -------
    out : array (N, C · H · W)
        Channel by channel, each row by row.
    cache : tuple, the shape of x

    Raises
    ------
    ValueError
        If x has fewer than two axes.

    Examples
    --------
    >>> flatten_forward(np.arange(8.0).reshape(2, 1, 2, 2))
    (array([[0., 1., 2., 3.],
           [4., 5., 6., 7.]]), (2, 1, 2, 2))
    """
    x = as_float(x)
    if x.ndim < 2:
        raise ValueError(
            f"flatten_forward: x has shape {x.shape}; it needs a batch axis and at least one more"
        )
    return x.reshape(len(x), -1), x.shape


def flatten_backward(dout: ArrayLike, cache: tuple[int, ...]) -> NDArray[np.floating]:
    """Give the gradient the shape that the pictures had.

    Parameters
    ----------
    dout : array (N, C · H · W)
    cache : tuple
        The shape that `flatten_forward` returned.

    Returns
    -------
    array of the shape `cache`

    Raises
    ------
    ValueError
        If dout does not have as many numbers in a row.

    Examples
    --------
    >>> flatten_backward(np.arange(8.0).reshape(2, 4), (2, 1, 2, 2)).shape
    (2, 1, 2, 2)
    """
    dout = as_float(dout)
    if dout.shape != (cache[0], int(np.prod(cache[1:]))):
        raise ValueError(f"flatten_backward: dout has shape {dout.shape}; the pictures had {tuple(cache)}")
    return dout.reshape(cache)


def _places(x_shape: tuple[int, ...], size: int, stride: int) -> Iterator[tuple]:
    """For each place in the window, row by row: where its numbers stand in the pictures."""
    H, W = x_shape[2:]
    rows, columns = (conv_output_size(n, size, stride) for n in (H, W))
    for a in range(size):
        for b in range(size):
            yield ..., slice(a, a + stride * rows, stride), slice(b, b + stride * columns, stride)


def _largest(x: NDArray, size: int, stride: int) -> NDArray:
    first, *others = _places(x.shape, size, stride)
    largest = x[first].copy()
    for place in others:
        np.maximum(largest, x[place], out=largest)
    return largest


def _checked(function: str, x: ArrayLike, size: int, stride: int | None) -> tuple[NDArray, int]:
    x = as_float(x)
    stride = size if stride is None else stride
    if x.ndim != 4 or stride < 1 or not 1 <= size <= min(x.shape[2:]):
        raise ValueError(
            f"{function}: x has shape {x.shape}, size is {size} and stride {stride}; x must be (N, C, H, W), "
            "size from 1 to H and W, and stride at least 1"
        )
    return x, stride


def _checked_back(function: str, dout: ArrayLike, cache: Cache) -> tuple[NDArray, int, int, NDArray]:
    x, size, stride = cache
    x, stride = _checked(function, x, size, stride)
    dout = as_float(dout)
    expected = (*x.shape[:2], *(conv_output_size(n, size, stride) for n in x.shape[2:]))
    if dout.shape != expected:
        raise ValueError(f"{function}: dout has shape {dout.shape}; the pooling gave {expected}")
    return x, size, stride, dout
