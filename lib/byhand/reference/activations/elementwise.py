"""Activation functions: the bend between two layers.

Two dense layers with nothing between them are one dense layer. An activation function is the bend that
makes depth worth having: it is applied to every number alone, after each layer.

Its derivative matters as much as its value. On the way back, each layer multiplies the gradient by the
derivative of its activation, so where a function is flat, learning stops: see `activations.saturation`.

In every function here `x` may be a number or an array of any shape. Floating-point types are kept (float32
in, float32 out); integers become float64. Each `*_derivative(x)` is the derivative with respect to `x`,
taken at `x`: it receives the *input* of the activation, not its output.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float


def sigmoid(x: ArrayLike) -> NDArray[np.floating]:
    """The logistic function σ(x) = 1 / (1 + e⁻ˣ): squeezes any number into (0, 1).

    Parameters
    ----------
    x : array of any shape
        The input, also called the pre-activation.

    Returns
    -------
    array of the shape of `x`, with values from 0 to 1

    Notes
    -----
    e⁻ˣ overflows for large negative x. Because σ(x) = eˣ / (eˣ + 1) too, only e⁻|ˣ| is needed, and that is
    never above 1.

    References
    ----------
    Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating errors".

    Examples
    --------
    >>> sigmoid([-1000.0, 0.0, 1000.0])
    array([0. , 0.5, 1. ])
    """
    x = as_float(x)
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


def sigmoid_derivative(x: ArrayLike) -> NDArray[np.floating]:
    """The slope of the sigmoid, σ′(x) = σ(x) · (1 − σ(x)). Never above 1/4.

    Parameters
    ----------
    x : array of any shape
        The input of the sigmoid, not its output.

    Returns
    -------
    array of the shape of `x`

    Notes
    -----
    1 − σ(x) is computed as σ(−x), which is the same number and keeps its digits where σ(x) rounds to 1.
    Some codes define this function of the *output* s and return s · (1 − s).

    Examples
    --------
    >>> sigmoid_derivative([-1000.0, 0.0, 1000.0])
    array([0.  , 0.25, 0.  ])
    """
    x = as_float(x)
    return sigmoid(x) * sigmoid(-x)


def tanh(x: ArrayLike) -> NDArray[np.floating]:
    """The hyperbolic tangent, (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ) = 2σ(2x) − 1: a sigmoid from −1 to 1, centered on 0.

    Parameters
    ----------
    x : array of any shape
        The input, also called the pre-activation.

    Returns
    -------
    array of the shape of `x`, with values from −1 to 1

    Notes
    -----
    The quotient as written gives nan for large |x| (infinity over infinity), and 2σ(2x) − 1 loses digits
    near 0. NumPy's own tanh does neither.

    References
    ----------
    LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp", section 4.4: why centered on 0.

    Examples
    --------
    >>> tanh([-1000.0, 0.0, 1000.0])
    array([-1.,  0.,  1.])
    """
    return np.tanh(as_float(x))


def tanh_derivative(x: ArrayLike) -> NDArray[np.floating]:
    """The slope of tanh, tanh′(x) = 1 − tanh²(x). Never above 1.

    Parameters
    ----------
    x : array of any shape
        The input of tanh, not its output.

    Returns
    -------
    array of the shape of `x`

    Notes
    -----
    Computed as 4σ′(2x), the derivative of 2σ(2x) − 1: it keeps its digits where tanh²(x) rounds to 1.

    Examples
    --------
    >>> tanh_derivative([-1000.0, 0.0, 1000.0])
    array([0., 1., 0.])
    """
    return 4 * sigmoid_derivative(2 * as_float(x))


def relu(x: ArrayLike) -> NDArray[np.floating]:
    """The rectified linear unit, max(x, 0): keeps what is positive, and makes the rest 0.

    Parameters
    ----------
    x : array of any shape
        The input, also called the pre-activation.

    Returns
    -------
    array of the shape of `x`, nowhere below 0

    References
    ----------
    Nair and Hinton (2010), "Rectified linear units improve restricted Boltzmann machines".

    Examples
    --------
    >>> relu([-2.0, 0.0, 3.0])
    array([0., 0., 3.])
    """
    return np.maximum(as_float(x), 0)


def relu_derivative(x: ArrayLike) -> NDArray[np.floating]:
    """The slope of ReLU: 1 where x > 0, and 0 elsewhere.

    Parameters
    ----------
    x : array of any shape
        The input of ReLU, not its output.

    Returns
    -------
    array of the shape of `x`, of zeros and ones

    Notes
    -----
    At exactly 0 ReLU has a corner and no derivative. Any number from 0 to 1 would serve (a subgradient);
    like PyTorch and TensorFlow we take 0. A few books take 1 or 1/2.

    Examples
    --------
    >>> relu_derivative([-2.0, 0.0, 3.0])
    array([0., 0., 1.])
    """
    x = as_float(x)
    return (x > 0).astype(x.dtype)
