"""An average that forgets, and what to do about its start: half of the idea behind Adam."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.basics import as_float


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


def _vector(function: str, name: str, values: ArrayLike) -> NDArray[np.floating]:
    values = as_float(values)
    if values.ndim != 1:
        raise ValueError(f"{function}: {name} must be a vector, (n,), not an array of shape {values.shape}")
    return values
