"""Which way down, how far: one step of gradient descent, and what it gains from a memory.

Every optimiser of this chapter has one form, ``(w, dw, state, lr, …) -> w, state``. It receives an array of
weights, its gradient, and its own memory, and returns the moved weights with the new memory. The memory is None
before the first step; then it is a dict that says which step this was (``"step"``, 1 for the first) and holds
named arrays of the shape of w. Nothing that is given is ever changed, so that a run can be taken up again from any
of its steps. A network with several arrays keeps one state for each.

Here stand the three that move all weights at one rate. `byhand.adaptive` and `byhand.adam` have those that give each
its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.basics import as_float

State = dict[str, Any]

BLOCK = 2**17  # bytes: the few arrays of a rule together fit into a core's own cache


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
        If the shapes do not fit, or the state is another optimiser's.

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
    w, dw, step = recall("sgd", w, dw, state)
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
        If the shapes do not fit, or the state is another optimiser's.

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
    w, dw, step, velocity = recall("momentum", w, dw, state, "velocity")
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
        If the shapes do not fit, or the state is another optimiser's.

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
    w, dw, step, velocity = recall("nesterov", w, dw, state, "velocity")
    velocity = beta * velocity + dw
    return w + -float(lr) * (beta * velocity + dw), {"step": step, "velocity": velocity}


def recall(name: str, w: ArrayLike, dw: ArrayLike, state: State | None, *memories: str) -> tuple[Any, ...]:
    """Begin a step: w and dw as arrays, which step this is, and what was kept (zeros at the first step)."""
    w, dw = as_float(w), as_float(dw)
    if w.shape != dw.shape:
        raise ValueError(f"{name}: w has shape {w.shape} and dw has shape {dw.shape}; they must be equal")
    w, dw = (array.astype(np.result_type(w, dw), copy=False) for array in (w, dw))
    if state is None:
        return w, dw, 1, *(np.zeros_like(w) for _ in memories)
    if set(state) != {"step", *memories}:
        raise ValueError(f"{name}: its state has {['step', *memories]}; this one has {list(state)}")
    for key in memories:
        if np.shape(state[key]) != w.shape:
            raise ValueError(
                f"{name}: w has shape {w.shape}, but {key!r} in the state has shape {np.shape(state[key])}: "
                "does the state belong to another array?"
            )
    return w, dw, state["step"] + 1, *(state[key] for key in memories)


def in_blocks(rule: Callable[..., tuple], *arrays: NDArray) -> list[NDArray]:
    """Apply a rule that works element by element to w, dw and the memories: the new w and the new memories.

    A large array passes through the rule in blocks. A formula of ten operations then finds its numbers in the
    processor's cache, instead of walking through all of the memory ten times.
    """
    w = arrays[0]
    block = BLOCK // w.itemsize
    if w.size <= block:
        return list(rule(*arrays))
    flat = [array.ravel() for array in arrays]
    results = [np.empty_like(flat[0]) for _ in arrays[1:]]
    for start in range(0, w.size, block):
        part = slice(start, start + block)
        for result, values in zip(results, rule(*(array[part] for array in flat)), strict=True):
            result[part] = values
    return [result.reshape(w.shape) for result in results]
