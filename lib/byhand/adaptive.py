"""A learning rate for each weight: optimisers that measure how large its gradients are.

All divide a weight's gradient by the typical size of the gradients that it has had. They differ in what is typical:
the root of a sum (Adagrad), or of a moving average that forgets (RMSProp, Adadelta, Adam). Adam also averages the
gradient itself. The form is that of `byhand.optimizers`: ``(w, dw, state, lr, …) -> w, state``.

ε keeps 0 / 0 from happening. PyTorch adds it to the root, and so do we, except in Adadelta, where it belongs inside.

Each rule is written on whole arrays, as on paper. A large array passes through it in blocks, because a formula
of ten operations then finds its numbers in the processor's cache, not ten times in memory.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.basics import as_float
from byhand.optimizers import State, recall

BLOCK = 2**17  # bytes: the few arrays of a rule together fit into a core's own cache


def adagrad(
    w: ArrayLike, dw: ArrayLike, state: State | None, lr: float, eps: float = 1e-10
) -> tuple[NDArray[np.floating], State]:
    """Divide by the root of all squared gradients so far: s = s + dw², then w − lr dw / (√s + ε).

    Parameters
    ----------
    w : array of any shape
        The weights.
    dw : array of the shape of w
        The gradient of the loss there.
    state : dict or None
        Of the step before, or None at the first: ``"step"`` and ``"squares"``, which is s.
    lr : float
        The learning rate.
    eps : float
        ε, added to the root. (The paper, and some libraries, put it inside.)

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
    s only grows. Under a gradient that stays the same, the t-th step has the length lr / √t.

    References
    ----------
    J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and stochastic
    optimization", 2011.

    Examples
    --------
    >>> adagrad(np.array([1.0, 1.0]), np.array([3.0, -0.5]), None, lr=0.1)
    (array([0.9, 1.1]), {'step': 1, 'squares': array([9.  , 0.25])})
    """
    w, dw, step, squares = recall("adagrad", w, dw, state, "squares")
    lr = float(lr)

    def rule(w, dw, squares):
        squares = squares + dw**2
        return w - lr * dw / (np.sqrt(squares) + eps), squares

    w, squares = _in_blocks(rule, w, dw, squares)
    return w, {"step": step, "squares": squares}


def rmsprop(
    w: ArrayLike, dw: ArrayLike, state: State | None, lr: float, beta: float = 0.99, eps: float = 1e-8
) -> tuple[NDArray[np.floating], State]:
    """Divide by the root of a moving average: s = β s + (1 − β) dw², then w − lr dw / (√s + ε).

    Parameters
    ----------
    w : array of any shape
        The weights.
    dw : array of the shape of w
        The gradient of the loss there.
    state : dict or None
        Of the step before, or None at the first: ``"step"`` and ``"squares"``, which is s.
    lr : float
        The learning rate.
    beta : float
        How much of the average is kept. (PyTorch calls it alpha. Hinton's lecture has 0.9.)
    eps : float
        ε, added to the root. (TensorFlow puts it inside.)

    Returns
    -------
    w : array
        The moved weights.
    state : dict

    Raises
    ------
    ValueError
        If the shapes do not fit, or the state is another optimiser's.

    References
    ----------
    T. Tieleman and G. Hinton, "Lecture 6.5: RMSProp", *Neural Networks for Machine Learning*, 2012.

    Examples
    --------
    >>> w, state = rmsprop(np.array([1.0, 1.0]), np.array([3.0, -0.5]), None, lr=0.1, beta=0.75)
    >>> w.round(4), state["squares"]
    (array([0.8, 1.2]), array([2.25  , 0.0625]))
    """
    w, dw, step, squares = recall("rmsprop", w, dw, state, "squares")
    lr = float(lr)

    def rule(w, dw, squares):
        squares = beta * squares + (1 - beta) * dw**2
        return w - lr * dw / (np.sqrt(squares) + eps), squares

    w, squares = _in_blocks(rule, w, dw, squares)
    return w, {"step": step, "squares": squares}


def adadelta(
    w: ArrayLike, dw: ArrayLike, state: State | None, lr: float = 1.0, beta: float = 0.9, eps: float = 1e-6
) -> tuple[NDArray[np.floating], State]:
    """Give the step the size of the steps before: move = √(u + ε) / √(s + ε) · dw, then w − lr move.

    Parameters
    ----------
    w : array of any shape
        The weights.
    dw : array of the shape of w
        The gradient of the loss there.
    state : dict or None
        Of the step before, or None at the first: ``"step"``; ``"squares"``, the moving average s of dw²; and
        ``"moves"``, the moving average u of move².
    lr : float
        PyTorch's addition; the paper has none, which is lr = 1.
    beta : float
        How much of both averages is kept. (The paper and PyTorch call it rho.)
    eps : float
        ε, here inside both roots: without it u would stay 0, and nothing would ever move.

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
    The order matters: s = β s + (1 − β) dw² comes before the move, u = β u + (1 − β) move² after it.

    References
    ----------
    M. Zeiler, "ADADELTA: an adaptive learning rate method", 2012.

    Examples
    --------
    >>> w, state = adadelta(np.array([1.0]), np.array([0.5]), None, beta=0.75, eps=0.0625)
    >>> w.round(4), state["squares"], state["moves"].round(4)
    (array([0.6464]), array([0.0625]), array([0.0312]))
    """
    w, dw, step, squares, moves = recall("adadelta", w, dw, state, "squares", "moves")
    lr = float(lr)

    def rule(w, dw, squares, moves):
        squares = beta * squares + (1 - beta) * dw**2
        move = np.sqrt(moves + eps) / np.sqrt(squares + eps) * dw
        return w - lr * move, squares, beta * moves + (1 - beta) * move**2

    w, squares, moves = _in_blocks(rule, w, dw, squares, moves)
    return w, {"step": step, "squares": squares, "moves": moves}


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
        If the shapes do not fit, or the state is another optimiser's.

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
    w, dw, step, mean, squares = recall("adam", w, dw, state, "mean", "squares")
    rate, root = float(lr) / (1 - beta1**step), math.sqrt(1 - beta2**step)

    def rule(w, dw, mean, squares):
        mean = beta1 * mean + (1 - beta1) * dw
        squares = beta2 * squares + (1 - beta2) * dw**2
        return w - rate * mean / (np.sqrt(squares) / root + eps), mean, squares

    w, mean, squares = _in_blocks(rule, w, dw, mean, squares)
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
        If the shapes do not fit, or the state is another optimiser's.

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
    w, dw, step, mean, squares = recall("adam_without_correction", w, dw, state, "mean", "squares")
    lr = float(lr)

    def rule(w, dw, mean, squares):
        mean = beta1 * mean + (1 - beta1) * dw
        squares = beta2 * squares + (1 - beta2) * dw**2
        return w - lr * mean / (np.sqrt(squares) + eps), mean, squares

    w, mean, squares = _in_blocks(rule, w, dw, mean, squares)
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
        If the shapes do not fit, or the state is another optimiser's.

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


def _in_blocks(rule: Callable[..., tuple], *arrays: NDArray) -> list[NDArray]:
    """Apply a rule that works element by element to w, dw and the memories: the new w and the new memories."""
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
