"""The perceptron: one neuron that decides yes or no, and learns where to draw its line.

A neuron with two inputs and a step cuts the plane along a line. Show it examples, correct it whenever it is wrong,
and it finds a line that separates them, if there is one.

Labels are 0 and 1 here, like the outputs of `step`. Books that use −1 and 1 write the rule as "if y(w·x + b) ≤ 0,
add lr·y·x to w and lr·y to b": the same, except where the sum is exactly 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.reference.neuron.layers import step, weighted_sum


def perceptron_update(x: ArrayLike, y: float, w: ArrayLike, b: float, lr: float) -> tuple[NDArray, float]:
    """Correct a neuron after one example: w + lr (y − ŷ) x and b + lr (y − ŷ), with ŷ = step(x·w + b).

    Nothing changes if the neuron is right. If it was silent and should have fired, the inputs are added to the
    weights; if it fired and should not have, they are subtracted.

    Parameters
    ----------
    x : array (D,)
        One example.
    y : 0 or 1
        The right answer.
    w : array (D,)
    b : float
    lr : float
        The learning rate: how large a correction is.

    Returns
    -------
    w : array (D,)
        New weights; the given ones are not changed.
    b : float

    Raises
    ------
    ValueError
        If the shapes do not fit or y is neither 0 nor 1.

    Notes
    -----
    The bias learns like the weight of an input that is always 1.

    References
    ----------
    F. Rosenblatt, "The perceptron: a probabilistic model for information storage and organization in the
    brain", 1958.

    Examples
    --------
    >>> w, b = perceptron_update(np.array([1.0, 2.0]), 1, np.array([0.5, -1.0]), 0.0, 0.1)
    >>> w, b
    (array([ 0.6, -0.8]), 0.1)
    """
    x, w = np.asarray(x), np.asarray(w)
    if x.ndim != 1:
        raise ValueError(f"perceptron_update: x has shape {x.shape}; it must be one example, (D,)")
    if y not in (0, 1):
        raise ValueError(f"perceptron_update: y is {y}; the labels must be 0 and 1")
    error = float(y) - float(step(weighted_sum(x, w, b)))  # 0: right, 1: was silent, −1: fired
    return w + lr * error * x, b + lr * error


def perceptron_fit(X: ArrayLike, y: ArrayLike, lr: float, epochs: int) -> tuple[NDArray, float]:
    """Learn a line from examples: start from zeros and correct after each, epoch after epoch.

    Parameters
    ----------
    X : array (N, D)
        N examples, one a row.
    y : array (N,)
        Their labels, 0 or 1.
    lr : float
    epochs : int
        How often to go through all the examples, at most; a pass that changes nothing is the last.

    Returns
    -------
    w : array (D,)
    b : float

    Raises
    ------
    ValueError
        If the shapes do not fit, a label is neither 0 nor 1, or epochs is negative.

    Notes
    -----
    If a line separates the labels with a gap of γ on either side, and every example lies within R of the origin
    (with the bias's constant 1 counted as an input), there are at most (R/γ)² corrections (Novikoff, 1962), in
    whatever order the examples come. If none does, the corrections never end. Starting from zeros, the learning
    rate only scales w and b: it does not change the line. The examples are taken in the order given;
    scikit-learn's ``Perceptron`` shuffles them first.

    References
    ----------
    A. Novikoff, "On convergence proofs for perceptrons", 1962.

    Examples
    --------
    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> w, b = perceptron_fit(X, np.array([0, 0, 0, 1]), lr=1.0, epochs=20)
    >>> step(X @ w + b)
    array([0., 0., 0., 1.])
    """
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim != 2 or y.shape != X.shape[:1]:
        raise ValueError(
            f"perceptron_fit: X has shape {X.shape} and y has shape {y.shape}; "
            "X must be (N, D) and y (N,): one label an example"
        )
    if epochs < 0:
        raise ValueError(f"perceptron_fit: epochs is {epochs}; it must be 0 or more")
    w = np.zeros(X.shape[1], dtype=np.result_type(X, np.float32))
    b = 0.0
    for _ in range(epochs):
        w_before, b_before = w, b
        for example, label in zip(X, y, strict=True):
            w, b = perceptron_update(example, label, w, b, lr)
        if np.array_equal(w, w_before) and b == b_before:
            break  # every later pass would be the same
    return w, b


def decision_boundary(w: ArrayLike, b: float, x1: ArrayLike) -> NDArray:
    """The line where a neuron with two inputs changes its mind: x2 with w₁x1 + w₂x2 + b = 0.

    Parameters
    ----------
    w : array (2,)
    b : float
    x1 : number or array of any shape
        Where along the first axis.

    Returns
    -------
    number or array of x1's shape
        x2 = −(w₁x1 + b) / w₂.

    Raises
    ------
    ValueError
        If w does not have two weights, or w₂ is 0: the line is then vertical, x1 = −b/w₁, and no function
        of x1.

    Notes
    -----
    The weights, drawn as an arrow, stand at a right angle on this line and point to the side where the
    neuron fires.

    References
    ----------
    C. Bishop, *Pattern Recognition and Machine Learning*, section 4.1.1.

    Examples
    --------
    >>> decision_boundary(np.array([1.0, 1.0]), -1.5, np.array([0.0, 1.0]))
    array([1.5, 0.5])
    """
    w, x1 = np.asarray(w), np.asarray(x1)
    if w.shape != (2,):
        raise ValueError(
            f"decision_boundary: w has shape {w.shape}; a line in the plane needs two weights, (2,)"
        )
    if w[1] == 0:
        raise ValueError(
            f"decision_boundary: w is {w.tolist()}; with w[1] = 0 the boundary is no function of x1 "
            "(it is the vertical line x1 = -b / w[0], if w[0] is not 0 as well)"
        )
    return -(w[0] * x1 + b) / w[1]
