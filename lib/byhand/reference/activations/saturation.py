"""What a bend costs: where an activation is flat, no gradient passes.

Three meters for a network that does not learn. How many of its inputs lie where the activation is flat?
What is left of a gradient after many layers? Which units never answer at all?
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray


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
    >>> from byhand.reference.activations.elementwise import sigmoid_derivative
    >>> saturated_fraction([-9.0, 0.0, 1.0, 9.0], sigmoid_derivative, threshold=0.01)
    0.5
    """
    z = np.asarray(z)
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
    >>> from byhand.reference.activations.elementwise import sigmoid_derivative
    >>> float(gradient_after(2, sigmoid_derivative, 0.0))
    0.0625
    """
    if depth < 0:
        raise ValueError(f"depth counts layers, so it cannot be {depth}")
    return derivative(np.asarray(z)) ** depth


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
