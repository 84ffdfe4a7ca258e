"""A learning rate for each weight: optimizers that measure how large its gradients are.

All divide a weight's gradient by the typical size of the gradients that it has had. They differ in what is typical:
the root of a sum (Adagrad), or of a moving average that forgets (RMSProp, Adadelta, and Adam in `moments`). The form
is that of `descent`: ``(w, dw, state, lr, …) -> w, state``.

ε keeps 0 / 0 from happening. PyTorch adds it to the root, and so do we, except in Adadelta, where it belongs inside.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.reference.optimizers.state import State, in_blocks, recall


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
        If the shapes do not fit, or the state is another optimizer's.

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
    w, dw, step, (squares,) = recall("adagrad", w, dw, state, "squares")
    lr = float(lr)

    def rule(w, dw, squares):
        squares = squares + dw**2
        return w - lr * dw / (np.sqrt(squares) + eps), squares

    w, squares = in_blocks(rule, w, dw, squares)
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
        If the shapes do not fit, or the state is another optimizer's.

    References
    ----------
    T. Tieleman and G. Hinton, "Lecture 6.5: RMSProp", *Neural Networks for Machine Learning*, 2012.

    Examples
    --------
    >>> w, state = rmsprop(np.array([1.0, 1.0]), np.array([3.0, -0.5]), None, lr=0.1, beta=0.75)
    >>> w.round(4), state["squares"]
    (array([0.8, 1.2]), array([2.25  , 0.0625]))
    """
    w, dw, step, (squares,) = recall("rmsprop", w, dw, state, "squares")
    lr = float(lr)

    def rule(w, dw, squares):
        squares = beta * squares + (1 - beta) * dw**2
        return w - lr * dw / (np.sqrt(squares) + eps), squares

    w, squares = in_blocks(rule, w, dw, squares)
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
        If the shapes do not fit, or the state is another optimizer's.

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
    w, dw, step, (squares, moves) = recall("adadelta", w, dw, state, "squares", "moves")
    lr = float(lr)

    def rule(w, dw, squares, moves):
        squares = beta * squares + (1 - beta) * dw**2
        move = np.sqrt(moves + eps) / np.sqrt(squares + eps) * dw
        return w - lr * move, squares, beta * moves + (1 - beta) * move**2

    w, squares, moves = in_blocks(rule, w, dw, squares, moves)
    return w, {"step": step, "squares": squares, "moves": moves}
