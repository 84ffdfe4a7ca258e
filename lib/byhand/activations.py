"""Activation functions: the bend between two layers, and what the bend costs.

Two dense layers with nothing between them are one dense layer. An activation function is the bend that
makes depth worth having. It is applied to each number alone (softmax, which turns a row of scores into
probabilities, is the exception).

The bend has a price. On the way back, every layer multiplies the gradient by the derivative of its
activation, so where the function is flat, learning stops. The last three functions measure that price.

In every function here `x` may be a number or an array of any shape. Floating-point types are kept (float32
in, float32 out); integers become float64. Each `*_derivative(x)` is the derivative with respect to `x`,
taken at `x`: it receives the *input* of the activation, not its output.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray


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
    x = _as_float(x)
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
    x = _as_float(x)
    return sigmoid(x) * sigmoid(-x)


def tanh(x: ArrayLike) -> NDArray[np.floating]:
    """The hyperbolic tangent, (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ) = 2σ(2x) − 1: a sigmoid from −1 to 1, centred on 0.

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
    LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp", section 4.4: why centred on 0.

    Examples
    --------
    >>> tanh([-1000.0, 0.0, 1000.0])
    array([-1.,  0.,  1.])
    """
    return np.tanh(_as_float(x))


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
    return 4 * sigmoid_derivative(2 * _as_float(x))


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
    return np.maximum(_as_float(x), 0)


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
    x = _as_float(x)
    return (x > 0).astype(x.dtype)


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
    x = _as_float(x)
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
    x = _as_float(x)
    return np.where(x > 0, 1, float(alpha)).astype(x.dtype)[()]  # [()]: a number in, a number out


def softmax(x: ArrayLike, axis: int = -1) -> NDArray[np.floating]:
    """Scores to probabilities along `axis`: eˣⁱ / Σⱼ eˣʲ.

    Parameters
    ----------
    x : array with at least one axis
        The scores, often called logits: (N, classes) for a batch.
    axis : int
        The axis along which the results add up to 1. The default gives one distribution a row.

    Returns
    -------
    array of the shape of `x`, nowhere below 0

    Raises
    ------
    ValueError
        if `x` has no such axis, or it has length 0

    Notes
    -----
    Adding one number to all the scores changes nothing, so the largest is subtracted first: then the
    largest exponential is e⁰ = 1, and nothing can overflow.

    References
    ----------
    Bridle (1990), "Probabilistic interpretation of feedforward classification network outputs".
    Blanchard, Higham and Higham (2021), "Accurately computing the log-sum-exp and softmax functions".

    Examples
    --------
    >>> softmax([0.0, 0.0, 1000.0])
    array([0., 0., 1.])
    """
    e = np.exp(_minus_max(x, axis))
    return e / e.sum(axis=axis, keepdims=True)


def log_softmax(x: ArrayLike, axis: int = -1) -> NDArray[np.floating]:
    """The logarithm of softmax, xᵢ − log Σⱼ eˣʲ, without computing softmax.

    Parameters
    ----------
    x : array with at least one axis
        The scores, as for softmax.
    axis : int
        The axis along which the exponentials of the results add up to 1.

    Returns
    -------
    array of the shape of `x`, nowhere above 0

    Raises
    ------
    ValueError
        if `x` has no such axis, or it has length 0

    Notes
    -----
    `np.log(softmax(x))` fails where a probability is too small for a float and becomes 0: log 0 is −∞.
    Here the small probability is never formed, so its logarithm is finite and exact.

    Examples
    --------
    >>> log_softmax([0.0, 0.0, 1000.0])
    array([-1000., -1000.,     0.])
    """
    shifted = _minus_max(x, axis)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def saturated_fraction(z: ArrayLike, activation_derivative: Callable, threshold: float) -> float:
    """The fraction of the entries of `z` at which the activation is (almost) flat.

    Parameters
    ----------
    z : array of any shape
        The inputs of an activation function.
    activation_derivative : function of an array
        For instance `sigmoid_derivative`.
    threshold : number
        An entry is saturated when |activation_derivative(z)| < threshold.

    Returns
    -------
    number from 0 to 1

    Raises
    ------
    ValueError
        if `z` is empty

    References
    ----------
    Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks".

    Examples
    --------
    >>> saturated_fraction([-9.0, 0.0, 1.0, 9.0], sigmoid_derivative, threshold=0.01)
    0.5
    """
    z = _as_float(z)
    if z.size == 0:
        raise ValueError(f"no entries to take a fraction of: z has shape {z.shape}")
    return float(np.mean(np.abs(activation_derivative(z)) < threshold))


def gradient_after(depth: int, derivative: Callable, z: ArrayLike) -> NDArray[np.floating]:
    """What is left of a gradient of 1 after `depth` activations: derivative(z) multiplied `depth` times.

    Parameters
    ----------
    depth : int
        How many layers the gradient has passed on its way back, 0 or more.
    derivative : function of an array
        For instance `sigmoid_derivative`.
    z : array of any shape
        The input of the activation, taken to be the same at every layer.

    Returns
    -------
    array of the shape of `z`

    Raises
    ------
    ValueError
        if `depth` is negative

    Notes
    -----
    In a network each layer has its own z, and the weights multiply the gradient too. This function keeps
    the weights at 1, to show what the activation alone does.

    References
    ----------
    Hochreiter (1991), "Untersuchungen zu dynamischen neuronalen Netzen".
    Bengio, Simard and Frasconi (1994), "Learning long-term dependencies with gradient descent is difficult".

    Examples
    --------
    >>> float(gradient_after(2, sigmoid_derivative, 0.0))
    0.0625
    """
    if depth < 0:
        raise ValueError(f"depth counts layers, so it cannot be {depth}")
    return derivative(_as_float(z)) ** depth


def dead_units(activations: ArrayLike) -> NDArray[np.bool_]:
    """Which units give 0 for every sample. After ReLU such a unit has no gradient left, on any sample.

    Parameters
    ----------
    activations : (N, units) array
        What a layer gives, one row a sample.

    Returns
    -------
    (units,) boolean array, True where the unit is dead. Its `.sum()` counts them

    Raises
    ------
    ValueError
        if `activations` is not two-dimensional or has no samples

    References
    ----------
    Lu, Shin, Su and Karniadakis (2020), "Dying ReLU and initialization: theory and numerical examples".

    Examples
    --------
    >>> dead_units([[0.0, 2.0, 0.0], [0.0, 0.0, 1.0]])
    array([ True, False, False])
    """
    activations = np.asarray(activations)
    if activations.ndim != 2 or len(activations) == 0:
        raise ValueError(
            f"activations must have shape (N, units) with N of at least 1, but have shape {activations.shape}"
        )
    return np.all(activations == 0, axis=0)


def _as_float(x: ArrayLike) -> NDArray[np.floating]:
    """Keep a floating-point array as it is; make anything else float64."""
    x = np.asarray(x)
    return x if x.dtype.kind == "f" else x.astype(np.float64)


def _minus_max(x: ArrayLike, axis: int) -> NDArray[np.floating]:
    """Subtract from `x` its largest value along `axis`, or say why that is not possible."""
    x = _as_float(x)
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(f"there is no axis {axis} in an array of shape {x.shape}")
    if x.shape[axis] == 0:
        raise ValueError(f"there are no scores along axis {axis} of an array of shape {x.shape}")
    return x - x.max(axis=axis, keepdims=True)
