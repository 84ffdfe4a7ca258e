"""The transposed convolution: the convolution's way back, on purpose, on the way forward.

Every pixel stamps the kernel, times its value, onto the output. That is what the gradient of a convolution does with
dx, so the two share their code; and the gradient of this one is a convolution again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float
from byhand.reference.convolution.conv2d import Cache, kernel_gradient, slide, spread
from byhand.reference.convolution.windows import framed


def conv_transpose2d_forward(
    x: ArrayLike, w: ArrayLike, b: ArrayLike, stride: int = 1, padding: int = 0
) -> tuple[NDArray[np.floating], Cache]:
    """Make pictures larger: every pixel stamps the kernel, times its value, onto the output. Overlaps add up.

    Where a convolution with these numbers takes a picture from shape A to shape B, this goes from B to A (where the
    stride left pixels over at the end of A, these do not come back). It is what `conv2d_backward` does for dx.

    Parameters
    ----------
    x : array (N, C, H, W)
    w : array (C, F, kh, kw)
        The input's channels come first, as they do in PyTorch: it is the w of the convolution that goes the other way.
    b : array (F,)
    stride : int
        How many pixels apart the stamps are.
    padding : int
        How many pixels are cut off all round at the end.

    Returns
    -------
    out : array (N, F, (H − 1)·stride + kh − 2·padding, (W − 1)·stride + kw − 2·padding)
    cache : tuple (x, w, b, stride, padding)

    Raises
    ------
    ValueError
        If the shapes do not fit, or padding leaves nothing.

    Notes
    -----
    Some texts call it *deconvolution*. It does not undo a convolution; it only has its shapes the other way round.

    References
    ----------
    V. Dumoulin and F. Visin (2016), "A guide to convolution arithmetic for deep learning", chapter 4.

    Examples
    --------
    >>> x, w = np.array([[[[1.0, 2.0]]]]), np.array([[[[1.0, 10.0]]]])
    >>> conv_transpose2d_forward(x, w, np.zeros(1), stride=2)[0]
    array([[[[ 1., 10.,  2., 20.]]]])
    >>> conv_transpose2d_forward(x, w, np.zeros(1), stride=1)[0]
    array([[[[ 1., 12., 20.]]]])
    """
    x, w, b = as_float(x), as_float(w), as_float(b)
    if x.ndim != 4 or w.ndim != 4 or x.shape[1] != w.shape[0] or b.shape != w.shape[1:2]:
        raise ValueError(
            f"conv_transpose2d_forward: x has shape {x.shape}, w {w.shape} and b {b.shape}; x must be (N, C, H, W), "
            "w (C, F, kh, kw) and b (F,), with the same C and F"
        )
    (H, W), (F, kh, kw) = x.shape[2:], w.shape[1:]
    rows, columns = (H - 1) * stride + kh - 2 * padding, (W - 1) * stride + kw - 2 * padding
    if stride < 1 or padding < 0 or min(rows, columns) < 1:
        raise ValueError(
            f"conv_transpose2d_forward: x {x.shape} and w {w.shape} with stride {stride} and padding {padding} would "
            f"make pictures of {rows} × {columns}; stride must be at least 1 and padding leave a pixel"
        )
    out = spread(x, w, (len(x), F, rows, columns), stride, padding)
    out += b[:, np.newaxis, np.newaxis]
    return out, (x, w, b, stride, padding)


def conv_transpose2d_backward(
    dout: ArrayLike, cache: Cache
) -> tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]:
    """The gradients of a transposed convolution: dx is the convolution that goes the other way.

    Parameters
    ----------
    dout : array of the shape that `conv_transpose2d_forward` gave
    cache : tuple (x, w, b, stride, padding)

    Returns
    -------
    dx : array (N, C, H, W)
    dw : array (C, F, kh, kw)
    db : array (F,)

    Raises
    ------
    ValueError
        If dout does not have that shape.

    Examples
    --------
    >>> x, w = np.array([[[[1.0, 2.0]]]]), np.array([[[[1.0, 10.0]]]])
    >>> out, cache = conv_transpose2d_forward(x, w, np.zeros(1), stride=2)
    >>> conv_transpose2d_backward(np.ones(out.shape), cache)[0]
    array([[[[11., 11.]]]])
    """
    x, w, _, stride, padding = cache
    dout = as_float(dout)
    (N, _, H, W), (_, F, kh, kw) = x.shape, w.shape
    expected = (N, F, (H - 1) * stride + kh - 2 * padding, (W - 1) * stride + kw - 2 * padding)
    if dout.shape != expected:
        raise ValueError(f"conv_transpose2d_backward: dout has shape {dout.shape}; forward gave {expected}")
    padded = framed(dout, padding, padding)
    dw = kernel_gradient(padded, x, w.shape, stride)
    return slide(padded, w, stride), dw, dout.sum(axis=(0, 2, 3))
