"""Two guards for gradients: is it right, and is it too large?

A wrong gradient seldom crashes. The network just learns a little worse, and nobody knows why. `gradient_check`
compares a gradient with slopes that were measured by trying (`start.derivatives`), and so finds the bug before
the training begins.

A right gradient can be huge, where the loss is as steep as a wall. One step then throws the network far away.
`clip_by_value` and `clip_by_norm` shorten it. Both take a network's gradients as a dict from names to arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float
from byhand.reference.start.derivatives import numerical_gradient

STEP = 1e-5  # near the cube root of float64's precision: the best step for a central difference


def gradient_check(f: Callable, df: Callable, x: ArrayLike) -> float:
    """How far a gradient is from the measured one: ‖df − measured‖ / (‖df‖ + ‖measured‖).

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x` and returns one number.
    df : callable
        Takes the same and returns what is claimed to be the gradient of f, an array of the shape of `x`.
    x : array of any shape
        Where to compare them.

    Returns
    -------
    float
        The relative error, from 0 to 1. Below 1e-7 the gradient is right; above 1e-4 it is wrong. Between the
        two, look again: f may have a corner near `x`, or a gradient so small that rounding shows.

    Raises
    ------
    ValueError
        If `df` does not return the shape of `x`, or `f` does not return one number.

    Notes
    -----
    Measured by central differences with the step 1e-5, in float64 whatever the type of `x`. If both gradients are
    0, the error is 0. Check at random points, not at a minimum, where there is no gradient to compare.

    Others compare number by number and take the largest relative error (CS231n). That also sees an error in one
    number that is much smaller than all the others, but calls the rounding of a number near 0 an error too.

    References
    ----------
    Stanford CS231n, *Neural Networks part 3*: gradient checks.

    Examples
    --------
    >>> round(gradient_check(lambda x: np.sum(x**2), lambda x: 3 * x, np.array([1.0, -2.0])), 6)
    0.2
    >>> gradient_check(lambda x: np.sum(x**2), lambda x: 2 * x, np.array([1.0, -2.0])) < 1e-7
    True
    """
    x = np.asarray(x, dtype=np.float64)
    claimed, measured = as_float(df(x)), numerical_gradient(f, x, STEP)
    if claimed.shape != x.shape:
        raise ValueError(f"gradient_check: df returned shape {claimed.shape} for x of shape {x.shape}")
    claimed = claimed.astype(np.float64, copy=False)
    size = float(np.linalg.norm(claimed) + np.linalg.norm(measured))
    return float(np.linalg.norm(claimed - measured)) / size if size > 0 else 0.0


def clip_by_value(grads: Mapping[str, ArrayLike], limit: float) -> dict[str, NDArray[np.floating]]:
    """Bring every number of the gradients between −limit and limit.

    Parameters
    ----------
    grads : dict of arrays
    limit : float
        Above 0.

    Returns
    -------
    dict of arrays, with the names and shapes of `grads`

    Raises
    ------
    ValueError
        If `limit` is not above 0.

    Notes
    -----
    Where only some numbers are clipped, the gradient points in another direction afterwards.

    References
    ----------
    T. Mikolov, "Statistical language models based on neural networks", 2012.

    Examples
    --------
    >>> clip_by_value({"W": np.array([0.5, -30.0])}, 1.0)
    {'W': array([ 0.5, -1. ])}
    """
    limit = _above_zero("clip_by_value", "limit", limit)
    return {name: np.clip(as_float(gradient), -limit, limit) for name, gradient in grads.items()}


def clip_by_norm(grads: Mapping[str, ArrayLike], max_norm: float) -> dict[str, NDArray[np.floating]]:
    """If all gradients together are longer than max_norm, scale them down to that length.

    Their length is the square root of the sum of the squares of all their numbers. All are multiplied by the same
    factor, so the direction stays.

    Parameters
    ----------
    grads : dict of arrays
    max_norm : float
        Above 0.

    Returns
    -------
    dict of arrays, with the names and shapes of `grads`

    Raises
    ------
    ValueError
        If `max_norm` is not above 0.

    Notes
    -----
    The factor is max_norm / norm, as in the paper. PyTorch divides by norm + 1e-6, so what it clips ends up shorter
    than `max_norm` by less than a millionth of it where the norm is above 1. One norm is taken of all arrays
    together. Some codes clip each array by its own norm, which turns the whole.

    References
    ----------
    R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural networks", 2013.

    Examples
    --------
    >>> clip_by_norm({"W": np.array([3.0]), "b": np.array([4.0])}, 1.0)
    {'W': array([0.6]), 'b': array([0.8])}
    """
    max_norm = _above_zero("clip_by_norm", "max_norm", max_norm)
    arrays = {name: as_float(gradient) for name, gradient in grads.items()}
    lengths = [np.linalg.norm(gradient.astype(np.float64, copy=False)) for gradient in arrays.values()]
    norm = float(np.hypot.reduce(lengths, initial=0.0))
    factor = max_norm / norm if norm > max_norm else 1.0
    return {name: gradient * factor for name, gradient in arrays.items()}


def _above_zero(function: str, name: str, value: float) -> float:
    value = float(value)  # a NumPy float64 would widen float32
    if not value > 0:
        raise ValueError(f"{function}: {name} must be above 0, not {value}")
    return value
