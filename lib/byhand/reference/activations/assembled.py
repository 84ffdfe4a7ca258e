"""What chapter 02 ends in: the way forward through a network of any depth."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.reference.neuron.layers import dense_forward


def deep_forward(
    x: ArrayLike,
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    activation: Callable[[NDArray], NDArray],
) -> list[NDArray]:
    """The activations of every layer: aₖ = f(aₖ₋₁ Wₖ + bₖ), with a₀ = x.

    Parameters
    ----------
    x : array (N, D)
        N examples, one a row.
    weights : list of arrays (inputs, units)
        One matrix a layer, the first layer's first.
    biases : list of arrays (units,)
        One vector a layer.
    activation : function
        The bend f, element by element. Every layer has it, the last one too.

    Returns
    -------
    list of arrays (N, units)
        One a layer, in the order of the layers; x is not among them.

    Raises
    ------
    ValueError
        If there are not as many biases as weights, or if the shapes do not fit.

    Notes
    -----
    A classifier's last layer has no bend of this kind: give all but the last layer to this function, and the last one
    to `dense_forward`.

    References
    ----------
    I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning*, algorithm 6.3 (the loop of the forward pass).

    Examples
    --------
    >>> relu = lambda z: np.maximum(z, 0)
    >>> hidden, out = deep_forward([[1, -2]], [np.eye(2), [[1], [1]]], [[0, 0], [0.5]], relu)
    >>> hidden.tolist(), out.tolist()
    ([[1.0, 0.0]], [[1.5]])
    """
    if len(weights) != len(biases):
        raise ValueError(
            f"deep_forward: there are {len(weights)} matrices of weights and {len(biases)} vectors of biases; "
            "each layer has one of both"
        )
    activations: list[NDArray] = []
    entering = np.asarray(x)
    for W, b in zip(weights, biases, strict=True):
        z, _ = dense_forward(entering, W, b)
        entering = activation(z)
        activations.append(entering)
    return activations
