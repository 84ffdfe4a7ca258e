"""How far, and when: learning rates that change on the way.

A schedule says which learning rate holds at a step: ``schedule(step, lr, …) -> lr``. Steps count from 0 here, so
that the first one has step 0. A "step" may also be an epoch, if that is how often the rate should change; or an array
of steps, to draw the schedule. Schedules combine: ``warmup(step, cosine_decay(step, lr, 1000), 100)``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def step_decay(step: ArrayLike, lr: float, every: int, factor: float = 0.1) -> NDArray[np.floating]:
    """Multiply the learning rate by `factor` again and again, once every so many steps: a staircase.

    Parameters
    ----------
    step : whole number, or array of them
        Counted from 0.
    lr : float
        The learning rate of the first steps.
    every : int
        How many steps a stair is wide.
    factor : float
        What each stair multiplies by. (PyTorch's ``StepLR`` calls it gamma.)

    Returns
    -------
    number, or array of the shape of `step`

    Raises
    ------
    ValueError
        If a step is negative, or `every` is not at least 1.

    Examples
    --------
    >>> step_decay(np.array([0, 9, 10, 20]), 0.5, every=10)
    array([0.5  , 0.5  , 0.05 , 0.005])
    """
    step = _steps("step_decay", step, "every", every)
    return lr * factor ** (step // every)


def cosine_decay(step: ArrayLike, lr: float, steps: int, least: float = 0.0) -> NDArray[np.floating]:
    """Slow down along half a wave of the cosine: from `lr` at step 0 to `least` at step `steps`.

    Parameters
    ----------
    step : whole number, or array of them
        Counted from 0.
    lr : float
        The learning rate at step 0.
    steps : int
        How many steps the whole way has.
    least : float
        The learning rate at its end.

    Returns
    -------
    number, or array of the shape of `step`
        least + (lr − least) (1 + cos(π step / steps)) / 2.

    Raises
    ------
    ValueError
        If a step is negative, or `steps` is not at least 1.

    Notes
    -----
    Past the end the cosine, and with it the rate, rises again, as in PyTorch's ``CosineAnnealingLR``. Some libraries
    stay at `least`; with ``min(step, steps)`` this one does too.

    References
    ----------
    I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017.

    Examples
    --------
    >>> cosine_decay(np.array([0, 25, 50, 100]), 0.2, steps=100).round(4)
    array([0.2   , 0.1707, 0.1   , 0.    ])
    """
    step = _steps("cosine_decay", step, "steps", steps)
    return least + (lr - least) * (1 + np.cos(np.pi * step / steps)) / 2


def warmup(step: ArrayLike, lr: float, steps: int) -> NDArray[np.floating]:
    """Start gently: lr/steps at the first step, a little more at each, and `lr` from the last of them on.

    Parameters
    ----------
    step : whole number, or array of them
        Counted from 0.
    lr : float, or array of the shape of `step`
        The learning rate after the warm-up, which may follow a schedule of its own.
    steps : int
        How many steps the warm-up has.

    Returns
    -------
    number, or array of the shape of `step`
        lr · min(1, (step + 1) / steps).

    Raises
    ------
    ValueError
        If a step is negative, or `steps` is not at least 1.

    Notes
    -----
    Some libraries write step / steps: their first step has the rate 0 and goes nowhere. PyTorch's ``LinearLR`` is
    this one with ``start_factor=1 / steps, total_iters=steps - 1``.

    References
    ----------
    P. Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017.

    Examples
    --------
    >>> warmup(np.array([0, 1, 3, 100]), 0.2, steps=4)
    array([0.05, 0.1 , 0.2 , 0.2 ])
    """
    step = _steps("warmup", step, "steps", steps)
    return lr * np.minimum(1.0, (step + 1) / steps)


def _steps(function: str, step: ArrayLike, name: str, count: int) -> NDArray[np.floating]:
    if not count >= 1:
        raise ValueError(f"{function}: {name} is {count}; it must be at least 1")
    if np.any(np.asarray(step) < 0):
        raise ValueError(f"{function}: steps count from 0, so none can be negative: {np.asarray(step)}")
    return np.asarray(step)
