"""A convolution is a matrix product, seen in two ways.

Either its windows become the columns of a matrix and its kernels the rows of another (`conv2d_matmul`): one product,
which computers do fast. Or the picture stays as it is, as one long column, and the kernel becomes a large matrix with
the same few numbers in every row (`conv_as_matrix`): slow, but it shows that a convolution is a dense layer, nearly all
of whose weights are 0 and the others shared.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float
from byhand.reference.convolution.conv2d import Cache, checked, out_size
from byhand.reference.convolution.windows import col2im, im2col


def conv2d_matmul(
    x: ArrayLike, w: ArrayLike, b: ArrayLike, stride: int = 1, padding: int = 0
) -> NDArray[np.floating]:
    """The same as `conv2d_forward`, in three lines: windows as columns, kernels as rows, one matrix product.

    `conv2d_forward` makes the columns for a few pictures at a time, and so needs less memory.

    Parameters
    ----------
    x : array (N, C, H, W)
    w : array (F, C, kh, kw)
    b : array (F,)
    stride, padding : int

    Returns
    -------
    array (N, F, rows, columns)

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    K. Chellapilla, S. Puri and P. Simard (2006), "High performance convolutional neural networks for document
    processing".

    Examples
    --------
    >>> conv2d_matmul(np.arange(9.0).reshape(1, 1, 3, 3), np.arange(4.0).reshape(1, 1, 2, 2), np.zeros(1))[0, 0]
    array([[19., 25.],
           [37., 43.]])
    """
    x, w, b = checked("conv2d_matmul", x, w, b, stride, padding)
    cols = im2col(x, w.shape[2], w.shape[3], stride, padding)  # (N, C · kh · kw, L)
    out = w.reshape(len(w), -1) @ cols + b[:, np.newaxis]  # (N, F, L)
    return out.reshape(len(x), len(w), *out_size(x, w, stride, padding))


def conv2d_backward_matmul(
    dout: ArrayLike, cache: Cache
) -> tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]:
    """The same as `conv2d_backward`, by two matrix products: dw = dout · colsᵀ, and dcols = wᵀ · dout for `col2im`.

    Parameters
    ----------
    dout : array (N, F, rows, columns)
    cache : tuple (x, w, b, stride, padding)
        What `conv2d_forward` returned.

    Returns
    -------
    dx : array (N, C, H, W)
    dw : array (F, C, kh, kw)
        Added up over the pictures, which share the kernels.
    db : array (F,)

    Raises
    ------
    ValueError
        If dout does not have the shape that `conv2d_forward` gave.

    References
    ----------
    K. Chellapilla, S. Puri and P. Simard (2006), "High performance convolutional neural networks for document
    processing".

    Examples
    --------
    >>> x, w = np.arange(9.0).reshape(1, 1, 3, 3), np.arange(4.0).reshape(1, 1, 2, 2)
    >>> dx, dw, db = conv2d_backward_matmul(np.ones((1, 1, 2, 2)), (x, w, np.zeros(1), 1, 0))
    >>> dx[0, 0]
    array([[0., 1., 1.],
           [2., 6., 4.],
           [2., 5., 3.]])
    """
    x, w, b, stride, padding = cache
    x, w, b = checked("conv2d_backward_matmul", x, w, b, stride, padding)
    dout = as_float(dout)
    expected = (len(x), len(w), *out_size(x, w, stride, padding))
    if dout.shape != expected:
        raise ValueError(
            f"conv2d_backward_matmul: dout has shape {dout.shape}; the convolution gave {expected}"
        )
    rows = dout.reshape(len(x), len(w), -1)  # (N, F, L)
    cols = im2col(x, w.shape[2], w.shape[3], stride, padding)  # (N, C · kh · kw, L)
    dw = (rows @ cols.transpose(0, 2, 1)).sum(axis=0)
    dcols = w.reshape(len(w), -1).T @ rows
    return (
        col2im(dcols, x.shape, w.shape[2], w.shape[3], stride, padding),
        dw.reshape(w.shape),
        rows.sum(axis=(0, 2)),
    )


def conv_as_matrix(kernel: ArrayLike, height: int, width: int) -> NDArray[np.floating]:
    """The matrix that does to a picture, laid out as one column, what the kernel does to it: M @ image.ravel().

    Row r belongs to the r-th place of the kernel, row by row. It holds the kernel's numbers where the pixels stand that
    the kernel lies on, and 0 everywhere else.

    Parameters
    ----------
    kernel : array (kh, kw)
    height, width : int
        The size of the picture.

    Returns
    -------
    array ((height − kh + 1) · (width − kw + 1), height · width)

    Raises
    ------
    ValueError
        If the kernel does not have two axes, or does not fit into the picture.

    References
    ----------
    V. Dumoulin and F. Visin (2016), "A guide to convolution arithmetic for deep learning", section 4.1: 4 × 4 pixels
    and a kernel of 3 × 3 give 4 rows of 16.

    Examples
    --------
    >>> conv_as_matrix([[1.0, 2.0]], 2, 3)
    array([[1., 2., 0., 0., 0., 0.],
           [0., 1., 2., 0., 0., 0.],
           [0., 0., 0., 1., 2., 0.],
           [0., 0., 0., 0., 1., 2.]])
    """
    kernel = as_float(kernel)
    if kernel.ndim != 2 or kernel.size == 0 or kernel.shape[0] > height or kernel.shape[1] > width:
        raise ValueError(
            f"conv_as_matrix: the kernel has shape {kernel.shape} and the picture {(height, width)}; the kernel needs "
            "two axes and must fit into the picture"
        )
    kh, kw = kernel.shape
    rows, columns = height - kh + 1, width - kw + 1
    matrix = np.zeros((rows, columns, height, width), kernel.dtype)
    for i, j in np.ndindex(rows, columns):
        matrix[i, j, i : i + kh, j : j + kw] = kernel
    return matrix.reshape(rows * columns, height * width)
