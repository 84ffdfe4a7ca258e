"""Augmentation: examples that were not measured, made from those that were.

A digit that is moved by a pixel is still the same digit. Whoever knows that can show the network the moved one
too. What is *put in* here is knowledge about the data: which changes leave the answer as it is. A mirrored cat is
a cat; a mirrored 3 is no digit at all.

In every function `images` is (N, H, W), or (N, C, H, W) with channels. Each image gets a chance of its own, new
arrays come back, and the labels stay what they were. Draw again in every epoch: then a network
sees many versions of each image.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float


def random_flip(images: ArrayLike, p: float, rng: np.random.Generator) -> NDArray[np.floating]:
    """Mirror each image with probability p, left to right.

    Parameters
    ----------
    images : array (N, H, W) or (N, C, H, W)
    p : float
        The probability to be mirrored, 0 to 1.
    rng : numpy Generator
        Where chance comes from: one draw an image.

    Returns
    -------
    array of the shape of `images`

    Raises
    ------
    ValueError
        If `images` has another number of axes, or `p` is no probability.

    References
    ----------
    A. Krizhevsky, I. Sutskever and G. Hinton, "ImageNet classification with deep convolutional neural networks",
    2012.

    Examples
    --------
    >>> random_flip(np.array([[[1.0, 2.0, 3.0]]]), 1.0, np.random.default_rng(0))
    array([[[3., 2., 1.]]])
    """
    images = _images(images, "random_flip")
    if not 0 <= p <= 1:
        raise ValueError(f"random_flip: p is {p}; it is a probability and must be from 0 to 1")
    chosen = rng.random(len(images)) < p
    flipped = images.copy()
    flipped[chosen] = images[chosen, ..., ::-1]
    return flipped


def random_shift(images: ArrayLike, most: int, rng: np.random.Generator) -> NDArray[np.floating]:
    """Move each image by up to `most` pixels, up or down and left or right, and fill the gap with 0.

    Parameters
    ----------
    images : array (N, H, W) or (N, C, H, W)
    most : int
        The largest move, 0 or more. Each of −most, …, most is equally likely, in either direction.
    rng : numpy Generator
        Where chance comes from: two draws an image.

    Returns
    -------
    array of the shape of `images`
        What is moved over the edge is lost. It does not come in again on the other side.

    Raises
    ------
    ValueError
        If `images` has another number of axes, or `most` is negative.

    Notes
    -----
    0 is the paper's color in the course's digits. For photographs, a repeated edge is less of a foreign body.

    References
    ----------
    P. Simard, D. Steinkraus and J. Platt, "Best practices for convolutional neural networks applied to visual
    document analysis", 2003.

    Examples
    --------
    >>> random_shift(np.array([[[1.0, 2.0], [3.0, 4.0]]]), 1, np.random.default_rng(0))
    array([[[3., 4.],
            [0., 0.]]])
    """
    images = _images(images, "random_shift")
    if most < 0:
        raise ValueError(f"random_shift: most is {most}; it must be 0 or more")
    edges = [(0, 0)] * (images.ndim - 2) + [(most, most)] * 2
    framed = np.pad(images, edges)  # a frame of zeros; each image is cut out again, at another place
    windows = np.lib.stride_tricks.sliding_window_view(framed, images.shape[-2:], axis=(-2, -1))
    down, right = rng.integers(0, 2 * most + 1, size=(2, len(images)))
    return windows[np.arange(len(images)), ..., down, right, :, :]


def add_noise(images: ArrayLike, scale: float, rng: np.random.Generator) -> NDArray[np.floating]:
    """Add to each pixel its own normal number of mean 0 and standard deviation `scale`.

    Parameters
    ----------
    images : array of any shape
    scale : float
        The noise's standard deviation, 0 or more.
    rng : numpy Generator
        Where chance comes from: one draw a pixel.

    Returns
    -------
    array of the shape of `images`
        Not cut off at 0 and 1: a network does not mind, and cutting would shift the mean.

    Raises
    ------
    ValueError
        If `scale` is negative.

    Notes
    -----
    For a linear model with squared error, noise on the inputs is, on average, exactly an L2 penalty (Bishop).

    References
    ----------
    C. Bishop, "Training with noise is equivalent to Tikhonov regularization", 1995.

    Examples
    --------
    >>> add_noise(np.array([0.0, 1.0]), 0.0, np.random.default_rng(0))
    array([0., 1.])
    """
    images = as_float(images)
    if not scale >= 0:
        raise ValueError(f"add_noise: scale is {scale}; a standard deviation is 0 or more")
    noise = rng.standard_normal(images.shape, dtype=np.float32 if images.dtype == np.float32 else np.float64)
    return images + float(scale) * noise


def _images(images: ArrayLike, function: str) -> NDArray[np.floating]:
    images = as_float(images)
    if images.ndim not in (3, 4):
        raise ValueError(f"{function}: images has shape {images.shape}; it must be (N, H, W) or (N, C, H, W)")
    return images
