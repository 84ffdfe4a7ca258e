"""Which way down, how far: one step of gradient descent, and what it gains from a memory.

Every optimizer of this chapter has one form, ``(w, dw, state, lr, …) -> w, state``. It receives an array of
weights, its gradient, and its own memory, and returns the moved weights with the new memory. The memory is None
before the first step; then it is a dict that says which step this was (``"step"``, 1 for the first) and holds
named arrays of the shape of w. Nothing that is given is ever changed, so that a run can be taken up again from any
of its steps. A network with several arrays keeps one state for each.

Here stand the three that move all weights at one rate. `adaptive` and `moments` have those that give each its own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.reference.optimizers.state import State, recall


def sgd(w: ArrayLike, dw: ArrayLike, state: State | None, lr: float) -> tuple[NDArray[np.floating], State]:
    """Go down the slope: w − lr dw.

    Parameters
    ----------
    w : array of any shape
        The weights.
    dw : array of the shape of w
        The gradient of the loss there.
    state : dict or None
        Of the step before, or None at the first. It only counts: ``{"step": 1}``.
    lr : float
        The learning rate.

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
    "Stochastic" is the gradient, which comes from a few examples drawn by chance. The rule is plain gradient descent.

    References
    ----------
    H. Robbins and S. Monro, "A stochastic approximation method", 1951.

    Examples
    --------
    >>> sgd(np.array([1.0, 2.0]), np.array([10.0, -10.0]), None, lr=0.1)
    (array([0., 3.]), {'step': 1})
    """
    w, dw, step, _ = recall("sgd", w, dw, state)
    # added, not subtracted: for a sum NumPy reuses the memory of the product
    return w + -float(lr) * dw, {"step": step}


def momentum(
    w: ArrayLike, dw: ArrayLike, state: State | None, lr: float, beta: float = 0.9
) -> tuple[NDArray[np.floating], State]:
    """Roll, do not walk: v = β v + dw, then w − lr v.

    Parameters
    ----------
    w : array of any shape
        The weights.
    dw : array of the shape of w
        The gradient of the loss there.
    state : dict or None
        Of the step before, or None at the first: ``"step"`` and ``"velocity"``, which is v.
    lr : float
        The learning rate.
    beta : float
        What is left of the velocity after each step.

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
    PyTorch's convention: the learning rate multiplies the velocity. Many books put it, and the sign, inside:
    v = β v − lr dw, then w + v. Both walk alike while lr does not change. Others average, v = β v + (1 − β) dw.

    Under a gradient that stays the same, the velocity grows to 1 / (1 − β) times that gradient.

    References
    ----------
    B. Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.

    Examples
    --------
    >>> w, state = momentum(np.array([1.0]), np.array([2.0]), None, lr=0.1)
    >>> momentum(w, np.array([2.0]), state, lr=0.1)
    (array([0.42]), {'step': 2, 'velocity': array([3.8])})
    """
    w, dw, step, (velocity,) = recall("momentum", w, dw, state, "velocity")
    velocity = beta * velocity + dw
    return w + -float(lr) * velocity, {"step": step, "velocity": velocity}


def nesterov(
    w: ArrayLike, dw: ArrayLike, state: State | None, lr: float, beta: float = 0.9
) -> tuple[NDArray[np.floating], State]:
    """Momentum that looks ahead: v = β v + dw, then w − lr (dw + β v).

    Parameters
    ----------
    w : array of any shape
        The weights.
    dw : array of the shape of w
        The gradient of the loss there.
    state : dict or None
        Of the step before, or None at the first: ``"step"`` and ``"velocity"``, which is v.
    lr : float
        The learning rate.
    beta : float
        What is left of the velocity after each step.

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
    PyTorch's form. Nesterov and most books take the gradient at the point that the velocity is about to reach,
    θ − lr β v; here w is that point, so that the gradient is taken where the weights are. w = θ − lr β v at each step.

    References
    ----------
    Y. Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k²)", 1983.
    I. Sutskever, J. Martens, G. Dahl and G. Hinton, "On the importance of initialization and momentum in deep
    learning", 2013.

    Examples
    --------
    >>> nesterov(np.array([1.0]), np.array([2.0]), None, lr=0.1)
    (array([0.62]), {'step': 1, 'velocity': array([2.])})
    """
    w, dw, step, (velocity,) = recall("nesterov", w, dw, state, "velocity")
    velocity = beta * velocity + dw
    return w + -float(lr) * (beta * velocity + dw), {"step": step, "velocity": velocity}
