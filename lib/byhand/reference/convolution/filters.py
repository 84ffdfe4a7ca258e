"""One kernel on one picture.

A small window slides over a picture. At each place its numbers are multiplied with the pixels below them and added
up: where the picture looks like the kernel, the sum is large. This module does it for one gray picture and shows
what a kernel chosen by hand can find. `convolution.conv2d` does it for batches, with many kernels and channels.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float


def cross_correlate_by_hand() -> NDArray[np.float64]:
    """A picture of 3 × 3 pixels and a kernel of 2 × 2, written out number by number.

    The picture holds the numbers 0 to 8, the kernel 0 to 3, both row by row.

    Returns
    -------
    array (2, 2)

    References
    ----------
    A. Zhang, Z. Lipton, M. Li and A. Smola, *Dive into Deep Learning*, "Convolutions for Images".

    Examples
    --------
    >>> cross_correlate_by_hand()
    array([[19., 25.],
           [37., 43.]])
    """
    return np.array(
        [
            [0.0 * 0 + 1 * 1 + 3 * 2 + 4 * 3, 1 * 0 + 2 * 1 + 4 * 2 + 5 * 3],
            [3 * 0 + 4 * 1 + 6 * 2 + 7 * 3, 4 * 0 + 5 * 1 + 7 * 2 + 8 * 3],
        ]
    )


def cross_correlate2d(image: ArrayLike, kernel: ArrayLike) -> NDArray[np.floating]:
    """Slide a kernel over a picture: out[i, j] = Σₐᵦ image[i + a, j + b] · kernel[a, b].

    Parameters
    ----------
    image : array (H, W)
    kernel : array (kh, kw)

    Returns
    -------
    array (H − kh + 1, W − kw + 1)
        One number for each place at which the whole kernel lies on the picture.

    Raises
    ------
    ValueError
        If one of them is not two-dimensional, or the kernel is larger than the picture.

    Notes
    -----
    Mathematics calls this *cross-correlation*; its *convolution* turns the kernel by 180° first. Deep learning says
    convolution and does not turn the kernel, and neither does PyTorch. SciPy's ``convolve2d`` does.

    References
    ----------
    I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning*, section 9.1.

    Examples
    --------
    >>> cross_correlate2d(np.arange(9.0).reshape(3, 3), [[0.0, 1.0], [2.0, 3.0]])
    array([[19., 25.],
           [37., 43.]])
    """
    image, kernel = as_float(image), as_float(kernel)
    if image.ndim != 2 or kernel.ndim != 2 or kernel.size == 0 or np.any(np.less(image.shape, kernel.shape)):
        raise ValueError(
            f"cross_correlate2d: image has shape {image.shape} and kernel {kernel.shape}; both need two axes, "
            "and the kernel must fit into the image"
        )
    return np.einsum("ijab,ab->ij", sliding_window_view(image, kernel.shape), kernel)


def edge_kernel() -> NDArray[np.float64]:
    """A kernel that answers where a picture turns from dark to bright, from left to right.

    Returns
    -------
    array (3, 3)
        0 on an even surface and along a level edge, above 0 where the right side is brighter, and the more the
        larger the step.

    Notes
    -----
    This is Sobel's: the difference of the two outer columns, with the middle row counted twice. Prewitt counts all
    rows alike. Many other kernels find the same edges.

    References
    ----------
    I. Sobel and G. Feldman (1968), "A 3×3 isotropic gradient operator for image processing".

    Examples
    --------
    >>> edge_kernel()
    array([[-1.,  0.,  1.],
           [-2.,  0.,  2.],
           [-1.,  0.,  1.]])
    """
    return np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])


def horizontal_edge_kernel() -> NDArray[np.float64]:
    """A kernel that answers where a picture turns from dark to bright, from top to bottom.

    Returns
    -------
    array (3, 3)
        0 on an even surface and along an upright edge, above 0 where the lower side is brighter, and the more the
        larger the step.

    Notes
    -----
    It is the transpose of `edge_kernel`: what that one does with columns, this one does with rows. A *horizontal*
    edge is one that runs from left to right.

    References
    ----------
    I. Sobel and G. Feldman (1968), "A 3×3 isotropic gradient operator for image processing".

    Examples
    --------
    >>> horizontal_edge_kernel()
    array([[-1., -2., -1.],
           [ 0.,  0.,  0.],
           [ 1.,  2.,  1.]])
    """
    return edge_kernel().T.copy()


def edge_strength(image: ArrayLike, kernel: ArrayLike) -> NDArray[np.floating]:
    """How strong the edge is at each place, whatever its direction: √(across² + down²).

    `across` is what the kernel answers, `down` what its transpose answers.

    Parameters
    ----------
    image : array (H, W)
    kernel : array (k, k)
        Finds edges from left to right; its transpose finds those from top to bottom.

    Returns
    -------
    array (H − k + 1, W − k + 1)

    Raises
    ------
    ValueError
        If the kernel is not square, or does not fit into the image.

    References
    ----------
    R. Gonzalez and R. Woods, *Digital Image Processing*, section 10.2.

    Examples
    --------
    >>> edge_strength([[0.0, 0.0, 3.0], [0.0, 0.0, 3.0], [4.0, 4.0, 7.0]], [[0.0, 0.0], [-1.0, 1.0]])
    array([[0., 3.],
           [4., 5.]])
    """
    kernel = as_float(kernel)
    if kernel.ndim != 2 or kernel.shape[0] != kernel.shape[1]:
        raise ValueError(f"edge_strength: kernel has shape {kernel.shape}; it must be square, (k, k)")
    return np.hypot(cross_correlate2d(image, kernel), cross_correlate2d(image, kernel.T))
