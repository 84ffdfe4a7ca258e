"""What chapter 01 ends in: a neuron that tells two species of iris apart, and an honest word on how well."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.reference.neuron.layers import neuron, step
from byhand.reference.neuron.perceptron import perceptron_fit

LEARNING_RATE, EPOCHS = 1.0, 100


def iris_classifier(X: ArrayLike, y: ArrayLike) -> tuple[NDArray, NDArray, NDArray, float, float]:
    """Split, standardize, train a perceptron, and judge it on flowers that it has never seen.

    It learns from the first four fifths of the rows; the last fifth is kept aside, and nothing of it is used before
    the judging.

    Parameters
    ----------
    X : array (N, D)
        N flowers in a shuffled order, one a row.
    y : array (N,)
        Their labels, 0 or 1.

    Returns
    -------
    mean, std : arrays (D,)
        Of the flowers that it learned from. A column that never changes has a std of 1, so that it becomes 0.
    w : array (D,)
    b : float
        For standardized flowers.
    accuracy : float
        The share of right answers among the flowers kept aside.

    Raises
    ------
    ValueError
        If the shapes do not fit, if there are fewer than five flowers, or if a label is neither 0 nor 1.

    Notes
    -----
    To standardize by all rows would let the flowers kept aside into the training: a leak.

    References
    ----------
    R. Fisher, "The use of multiple measurements in taxonomic problems", 1936 (the flowers).

    Examples
    --------
    >>> X = np.array([[1.0], [5.0], [2.0], [6.0], [7.0]])
    >>> mean, std, w, b, accuracy = iris_classifier(X, np.array([0, 1, 0, 1, 1]))
    >>> mean, accuracy
    (array([3.5]), 1.0)
    """
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim != 2 or y.shape != X.shape[:1] or len(X) < 5:
        raise ValueError(
            f"iris_classifier: X has shape {X.shape} and y has shape {y.shape}; X must be (N, D) and y (N,), "
            "with five flowers or more"
        )
    if not np.isin(y, (0, 1)).all():
        raise ValueError("iris_classifier: the labels must be 0 and 1")
    n = 4 * len(X) // 5
    mean, std = X[:n].mean(axis=0), X[:n].std(axis=0)
    std = np.where(std == 0, 1, std)
    w, b = perceptron_fit((X[:n] - mean) / std, y[:n], LEARNING_RATE, EPOCHS)
    answers = neuron((X[n:] - mean) / std, w, b, step)
    return mean, std, w, b, float(np.mean(answers == y[n:]))
