"""Dropout: in training, each number is thrown away with probability p; the others make up for it.

A unit that may be missing at any moment cannot be relied on, so no other unit can specialize in correcting it.
Seen from afar, every step trains another thin network, cut at random out of the whole one, and all of them share
their weights. Afterwards the whole network answers: an average of them all, more or less.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float


def dropout_forward(
    x: ArrayLike, p: float, rng: np.random.Generator, train: bool
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Drop each number with probability p, and divide the others by 1 − p; in evaluation do nothing.

    Parameters
    ----------
    x : array of any shape
    p : float
        The probability to be *dropped*, 0 ≤ p < 1.
    rng : numpy Generator
        Where chance comes from. In evaluation it is not asked.
    train : bool
        True while the network learns, False when it is used.

    Returns
    -------
    out : array of the shape of `x`
        x · mask. Over many draws its mean is x: (1 − p) · x / (1 − p).
    cache : array, the mask
        What x was multiplied by: 0 where it was dropped and 1 / (1 − p) where it was kept, in the shape of `x`. In
        evaluation, the number 1.

    Raises
    ------
    ValueError
        If `p` is not in [0, 1).

    Notes
    -----
    As in PyTorch, p is what drops. In the paper, and in CS231n, p is what *stays*. The paper keeps the numbers as
    they are in training, and multiplies by the share that stays in evaluation; dividing in training instead
    ("inverted dropout") leaves nothing to do in evaluation. PyTorch also allows p = 1, which drops everything.

    References
    ----------
    N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov, "Dropout: a simple way to prevent
    neural networks from overfitting", 2014.

    Examples
    --------
    >>> out, mask = dropout_forward(np.ones(5), 0.5, np.random.default_rng(1), train=True)
    >>> print(out, mask)
    [2. 2. 0. 2. 0.] [2. 2. 0. 2. 0.]
    """
    x = as_float(x)
    if not 0 <= p < 1:
        raise ValueError(
            f"dropout_forward: p is {p}; it is the probability to be dropped and must be in [0, 1)"
        )
    if not train:
        return x.copy(), np.ones((), dtype=x.dtype)
    chance = rng.random(x.shape, dtype=x.dtype if x.dtype == np.float32 else np.float64)
    mask = np.multiply(chance >= p, 1 / (1 - p), dtype=x.dtype)
    return x * mask, mask


def dropout_backward(dout: ArrayLike, cache: NDArray[np.floating]) -> NDArray[np.floating]:
    """Back through dropout: dout · mask. What was dropped had no part in the output, and gets no gradient.

    Parameters
    ----------
    dout : array of the shape of the output
    cache : array, the mask
        What `dropout_forward` saved: the *same* mask, because the gradient belongs to that one draw.

    Returns
    -------
    dx : array of the shape of `dout`

    Raises
    ------
    ValueError
        If `dout` does not have the shape of the mask.

    Examples
    --------
    >>> dropout_backward(np.array([1.0, 2.0, 3.0]), np.array([2.0, 0.0, 2.0]))
    array([2., 0., 6.])
    """
    dout = as_float(dout)
    if cache.shape not in ((), dout.shape):
        raise ValueError(
            f"dropout_backward: dout has shape {dout.shape} and the mask has shape {cache.shape}; they must be equal"
        )
    return dout * cache
