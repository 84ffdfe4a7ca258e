"""Leaky ReLU and its slope: never quite flat.

As in `elementwise`, a derivative takes the input of the activation, and float32 stays float32.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float


def leaky_relu(x: ArrayLike, alpha: float = 0.01) -> NDArray[np.floating]:
    """ReLU with a small slope left of 0: x where x > 0, and alpha · x elsewhere.

    Parameters
    ----------
    x : array of any shape
        The input, also called the pre-activation.
    alpha : number
        The slope for negative x. PyTorch calls it `negative_slope`.

    Returns
    -------
    array of the shape of `x`

    References
    ----------
    Maas, Hannun and Ng (2013), "Rectifier nonlinearities improve neural network acoustic models".

    Examples
    --------
    >>> leaky_relu([-2.0, 0.0, 3.0], alpha=0.1)
    array([-0.2,  0. ,  3. ])
    """
    x = as_float(x)
    return np.maximum(x, 0) + float(alpha) * np.minimum(x, 0)


def leaky_relu_derivative(x: ArrayLike, alpha: float = 0.01) -> NDArray[np.floating]:
    """The slope of leaky ReLU: 1 where x > 0, and alpha elsewhere.

    Parameters
    ----------
    x : array of any shape
        The input of leaky ReLU, not its output.
    alpha : number
        The slope for negative x.

    Returns
    -------
    array of the shape of `x`

    Notes
    -----
    At exactly 0 there is a corner, as in ReLU; like PyTorch we take the left slope, alpha.

    Examples
    --------
    >>> leaky_relu_derivative([-2.0, 0.0, 3.0], alpha=0.1)
    array([0.1, 0.1, 1. ])
    """
    x = as_float(x)
    return np.where(x > 0, 1, float(alpha)).astype(x.dtype)[()]  # [()]: a number in, a number out
