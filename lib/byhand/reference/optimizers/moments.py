"""Adam: an average of the gradients, divided by the typical size of the gradients.

Both are moving averages that start from 0, so at first both are too small. `bias_correction` makes up for it, and
`adam_without_correction` shows what happens if nothing does. `adamw` lets the weights shrink besides.

The form is that of `optimizers.descent`: ``(w, dw, state, lr, …) -> w, state``.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float
from byhand.reference.optimizers.state import State, in_blocks, recall


def moving_average(values: ArrayLike, beta: float) -> NDArray[np.floating]:
    """Average what comes in, and forget slowly: a = β a + (1 − β) value, starting from a = 0.

    Parameters
    ----------
    values : (n,) array
        One number after another.
    beta : float
        How much of the average is kept: it looks back over about 1 / (1 − β) numbers.

    Returns
    -------
    (n,) array
        The average after each number.

    Raises
    ------
    ValueError
        If `values` is not a vector.

    Examples
    --------
    >>> moving_average([8.0, 8.0, 8.0], beta=0.5)
    array([4., 6., 7.])
    """
    values = _vector("moving_average", "values", values)
    averages, average = np.empty_like(values), 0.0
    for i, value in enumerate(values):
        average = beta * average + (1 - beta) * value
        averages[i] = average
    return averages


def bias_correction(averages: ArrayLike, beta: float) -> NDArray[np.floating]:
    """Make up for the start from 0: divide the t-th average by 1 − βᵗ, t counted from 1.

    Parameters
    ----------
    averages : (n,) array
        What `moving_average` gives.
    beta : float
        Its β, below 1.

    Returns
    -------
    (n,) array

    Raises
    ------
    ValueError
        If `averages` is not a vector.

    Notes
    -----
    After t numbers their weights in the average, (1 − β) βᵗ⁻ⁱ, add up to 1 − βᵗ. Divided by it they add up to 1.

    References
    ----------
    D. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015, section 3.

    Examples
    --------
    >>> bias_correction([4.0, 6.0, 7.0], beta=0.5)
    array([8., 8., 8.])
    """
    averages = _vector("bias_correction", "averages", averages)
    steps = np.arange(1, len(averages) + 1)
    return averages / (1 - beta**steps).astype(averages.dtype)


def adam(
    w: ArrayLike,
    dw: ArrayLike,
    state: State | None,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[NDArray[np.floating], State]:
    """Momentum divided by the typical size: w − lr m̂ / (√ŝ + ε), with averages m of dw and s of dw².

    Parameters
    ----------
    w : array of any shape
        The weights.
    dw : array of the shape of w
        The gradient of the loss there.
    state : dict or None
        Of the step before, or None at the first: ``"step"``, which is t; ``"mean"``, which is m; and ``"squares"``,
        which is s. (The paper writes v for s.)
    lr : float
        The learning rate; about the length of a step, whatever the size of the gradients.
    beta1, beta2 : float
        How much of m and of s is kept.
    eps : float
        ε, added to the root of the corrected average. (The paper's quicker form, TensorFlow's too, adds it before
        correcting.)

    Returns
    -------
    w : array
        The moved weights.
    state : dict

    Raises
    ------
    ValueError
        If the shapes do not fit, or the state is another optimizer's.

    Notes
    -----
    m = β₁ m + (1 − β₁) dw and s = β₂ s + (1 − β₂) dw². Both start at 0, so they are too small at first:
    m̂ = m / (1 − β₁ᵗ) and ŝ = s / (1 − β₂ᵗ), with t = 1 at the first step. That step has the length lr for every
    weight, unless its gradient is as small as ε.

    References
    ----------
    D. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015.

    Examples
    --------
    >>> w, state = adam(np.array([1.0, 1.0]), np.array([200.0, -0.002]), None, lr=0.1)
    >>> w.round(4), state["step"]
    (array([0.9, 1.1]), 1)
    """
    w, dw, step, (mean, squares) = recall("adam", w, dw, state, "mean", "squares")
    rate, root = float(lr) / (1 - beta1**step), math.sqrt(1 - beta2**step)

    def rule(w, dw, mean, squares):
        mean = beta1 * mean + (1 - beta1) * dw
        squares = beta2 * squares + (1 - beta2) * dw**2
        return w - rate * mean / (np.sqrt(squares) / root + eps), mean, squares

    w, mean, squares = in_blocks(rule, w, dw, mean, squares)
    return w, {"step": step, "mean": mean, "squares": squares}


def adam_without_correction(
    w: ArrayLike,
    dw: ArrayLike,
    state: State | None,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[NDArray[np.floating], State]:
    """Adam without bias correction, w − lr m / (√s + ε): to see what the correction is for.

    Parameters
    ----------
    w, dw, state, lr, beta1, beta2, eps
        As in `adam`.

    Returns
    -------
    w : array
        The moved weights.
    state : dict
        The same as `adam`'s: it keeps the averages as they are, without correction.

    Raises
    ------
    ValueError
        If the shapes do not fit, or the state is another optimizer's.

    Notes
    -----
    Both averages start at 0, and s leaves it more slowly than m. So the first steps are too long: with the usual
    betas and a gradient that stays the same, the first has the length lr (1 − β₁) / √(1 − β₂) = 3.2 lr, and the
    longest more than 6 lr.

    Examples
    --------
    >>> w, state = adam_without_correction(np.array([1.0, 1.0]), np.array([200.0, -0.002]), None, lr=0.1)
    >>> w.round(4)
    array([0.6838, 1.3162])
    """
    w, dw, step, (mean, squares) = recall("adam_without_correction", w, dw, state, "mean", "squares")
    lr = float(lr)

    def rule(w, dw, mean, squares):
        mean = beta1 * mean + (1 - beta1) * dw
        squares = beta2 * squares + (1 - beta2) * dw**2
        return w - lr * mean / (np.sqrt(squares) + eps), mean, squares

    w, mean, squares = in_blocks(rule, w, dw, mean, squares)
    return w, {"step": step, "mean": mean, "squares": squares}


def adamw(
    w: ArrayLike,
    dw: ArrayLike,
    state: State | None,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[NDArray[np.floating], State]:
    """Adam, and weights that shrink by themselves: first w − lr · weight_decay · w, then Adam's step.

    Parameters
    ----------
    w, dw, state, lr, beta1, beta2, eps
        As in `adam`.
    weight_decay : float
        How fast the weights shrink.

    Returns
    -------
    w : array
        The moved weights.
    state : dict
        As in `adam`.

    Raises
    ------
    ValueError
        If the shapes do not fit, or the state is another optimizer's.

    Notes
    -----
    The decay is *decoupled*: it is no part of the gradient, so that it is not divided by √ŝ. As in PyTorch it is
    multiplied by lr; in the paper it is not, and follows only the schedule.

    References
    ----------
    I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", 2019.

    Examples
    --------
    >>> w, state = adamw(np.array([1.0]), np.array([0.0]), None, lr=0.1, weight_decay=0.5)
    >>> w
    array([0.95])
    """
    shrunk = as_float(w) * (1 - float(lr) * weight_decay)
    return adam(shrunk, dw, state, lr, beta1, beta2, eps)


def _vector(function: str, name: str, values: ArrayLike) -> NDArray[np.floating]:
    values = as_float(values)
    if values.ndim != 1:
        raise ValueError(f"{function}: {name} must be a vector, (n,), not an array of shape {values.shape}")
    return values
