"""Penalties: large weights cost something, so that only those which earn their cost become large.

A network with many weights can bend itself through every training example, noise included, and that takes
large weights. A penalty is a term added to the loss that grows with the weights:

    L2   ½ λ Σ w²     pulls each weight towards 0 in proportion to its size; none becomes exactly 0
    L1   λ Σ |w|      pulls each weight towards 0 with the same force; the useless ones arrive there

Biases are left out: a bias does not bend anything, it only shifts. For a linear model with squared error, the L2
penalty is called ridge regression, and its best weights can be written down.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float


def l2_penalty(w: ArrayLike, lam: float) -> tuple[np.floating, NDArray[np.floating]]:
    """What the weights cost: ½ λ Σ w². Its gradient is λ w.

    Parameters
    ----------
    w : array of any shape
        The weights, without the biases.
    lam : float
        λ, how much they cost; 0 or more.

    Returns
    -------
    loss : number
        Added to the loss of the data.
    grad : array of the shape of `w`
        Added to the gradient of the data.

    Raises
    ------
    ValueError
        If `lam` is negative.

    Notes
    -----
    With the ½, λ is the ``weight_decay`` of PyTorch's optimizers (under plain gradient descent). Keras's ``l2``
    leaves the ½ out, so its λ is half of ours for the same penalty.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning*, section 7.1.1.

    Examples
    --------
    >>> loss, grad = l2_penalty(np.array([3.0, -4.0]), lam=0.1)
    >>> print(loss, grad)
    1.25 [ 0.3 -0.4]
    """
    w, lam = as_float(w), _not_negative("l2_penalty", lam)
    flat = w.ravel()
    return 0.5 * lam * np.dot(flat, flat), lam * w


def l1_penalty(w: ArrayLike, lam: float) -> tuple[np.floating, NDArray[np.floating]]:
    """What the weights cost: λ Σ |w|. Its gradient is λ sign(w), and 0 where a weight is 0.

    Parameters
    ----------
    w : array of any shape
        The weights, without the biases.
    lam : float
        λ, how much they cost; 0 or more.

    Returns
    -------
    loss : number
        Added to the loss of the data.
    grad : array of the shape of `w`
        Added to the gradient of the data.

    Raises
    ------
    ValueError
        If `lam` is negative.

    Notes
    -----
    At 0 the absolute value has a corner and no derivative. Any number from −λ to λ would do there (a
    *subgradient*); 0 is PyTorch's choice, and the only one that leaves a weight at 0 alone.

    References
    ----------
    R. Tibshirani, "Regression shrinkage and selection via the lasso", 1996.

    Examples
    --------
    >>> loss, grad = l1_penalty(np.array([3.0, -4.0, 0.0]), lam=0.5)
    >>> print(loss, grad)
    3.5 [ 0.5 -0.5  0. ]
    """
    w, lam = as_float(w), _not_negative("l1_penalty", lam)
    return lam * np.sum(np.abs(w)), lam * np.sign(w)


def ridge_fit(X: ArrayLike, y: ArrayLike, lam: float) -> tuple[NDArray[np.floating], np.floating]:
    """The linear model with the smallest Σ (X w + b − y)² + λ Σ w²: least squares with a penalty.

    Parameters
    ----------
    X : array (N, D)
        N examples, one a row.
    y : array (N,)
        What the model should say about each.
    lam : float
        λ, how much large weights cost; 0 or more. With 0 it is ordinary least squares.

    Returns
    -------
    w : array (D,)
    b : number
        The bias is not penalized: adding 100 to every y adds 100 to b and changes no weight.

    Raises
    ------
    ValueError
        If the shapes do not fit, or `lam` is negative.

    Notes
    -----
    With the columns of X and y centered, the best w solves (XᵀX + λI) w = Xᵀy, and b makes up for the centering.
    The same w comes from ordinary least squares on D more examples, √λ in one column and 0 in the others, for
    which the model should say 0. That is how it is computed here, because XᵀX has the square of X's condition
    number: a polynomial's powers would lose half of the digits. If λ is 0 and many w are equally good, this is
    the shortest of them.

    The sum of squares is not divided by N (as in scikit-learn's ``Ridge`` and in Hastie, Tibshirani and
    Friedman). With a mean of squares the same w needs λ / N.

    References
    ----------
    A. Hoerl and R. Kennard, "Ridge regression: biased estimation for nonorthogonal problems", 1970.

    Examples
    --------
    >>> w, b = ridge_fit(np.array([[-1.0], [0.0], [1.0]]), np.array([1.0, 4.0, 7.0]), lam=1.0)
    >>> print(w.round(6), round(float(b), 6))
    [2.] 4.0
    """
    X, y, lam = as_float(X), as_float(y), _not_negative("ridge_fit", lam)
    if X.ndim != 2 or y.shape != X.shape[:1] or len(X) == 0:
        raise ValueError(
            f"ridge_fit: X has shape {X.shape} and y has shape {y.shape}; "
            "X must be (N, D) and y (N,), with at least one example"
        )
    mean_x, mean_y = X.mean(axis=0), y.mean()
    pull = lam**0.5 * np.eye(X.shape[1], dtype=X.dtype)  # each row: "this weight should be 0"
    rows = np.concatenate([X - mean_x, pull])
    targets = np.concatenate([y - mean_y, np.zeros(X.shape[1], dtype=y.dtype)])
    w = np.linalg.lstsq(rows, targets)[0]
    return w, mean_y - mean_x @ w


def _not_negative(function: str, lam: float) -> float:
    if not lam >= 0:
        raise ValueError(
            f"{function}: lam is {lam}; it must be 0 or more, or large weights would be rewarded"
        )
    return float(lam)  # a NumPy float64 would widen float32
