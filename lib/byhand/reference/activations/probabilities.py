"""Scores to probabilities: the activation of the last layer, when the answer is one of several classes.

The other activations look at one number alone. Softmax looks at all the scores of a sample together: the
results are positive and add up to 1. Floating-point types are kept; integers become float64.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def softmax(x: ArrayLike, axis: int = -1) -> NDArray[np.floating]:
    """Scores to probabilities along `axis`: exp(xᵢ) / Σⱼ exp(xⱼ).

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
    """The logarithm of softmax, xᵢ − log Σⱼ exp(xⱼ), without computing softmax.

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


def _minus_max(x: ArrayLike, axis: int) -> NDArray[np.floating]:
    """Subtract from `x` its largest value along `axis`, or say why that is not possible."""
    x = np.asarray(x)
    x = x if x.dtype.kind == "f" else x.astype(np.float64)
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(f"there is no axis {axis} in an array of shape {x.shape}")
    if x.shape[axis] == 0:
        raise ValueError(f"there are no scores along axis {axis} of an array of shape {x.shape}")
    return x - x.max(axis=axis, keepdims=True)
