"""Losses: one number for how wrong a network is, and which way each of its answers should move.

Every loss here returns two things, `loss, gradient`. The gradient has the shape of the network's answers and
says, for each of them, how fast the loss grows with it. It is where the way back begins: hand it as `dout` to
the last layer's backward function.

The loss is a mean, so that its size does not depend on how many examples a batch has. Floating-point types are
kept (float32 in, float32 out); integers become float64.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float
from byhand.reference.activations.probabilities import log_softmax


def mse_loss(pred: ArrayLike, target: ArrayLike) -> tuple[np.floating, NDArray[np.floating]]:
    """The mean squared error, mean((pred − target)²), and its gradient 2 (pred − target) / count.

    Parameters
    ----------
    pred : array of any shape
        What the network answered.
    target : array of the shape of `pred`
        What it should have answered.

    Returns
    -------
    loss : number
    gradient : array of the shape of `pred`

    Raises
    ------
    ValueError
        If the shapes differ, or there is nothing to take a mean of.

    Notes
    -----
    The mean is over all numbers, as in PyTorch. Some books sum over the outputs of an example and average over
    the examples alone; many put ½ before the sum, so that the 2 of the gradient goes. For one example with two
    outputs, the mean *is* ½ of the sum.

    The shapes must be equal, because (N,) minus (N, 1) is (N, N) in NumPy: a loss that looks fine and is not.

    References
    ----------
    C. Bishop, *Pattern Recognition and Machine Learning*, section 5.2.

    Examples
    --------
    >>> loss, gradient = mse_loss([1.0, 4.0], [1.0, 2.0])
    >>> print(loss, gradient)
    2.0 [0. 2.]
    """
    pred, target = _like(pred, target, "mse_loss", "pred")
    error = pred - target
    return np.mean(error**2), 2 * error / error.size


def binary_cross_entropy_loss(prob: ArrayLike, target: ArrayLike) -> tuple[np.floating, NDArray[np.floating]]:
    """Minus the mean log of the probability that was given to the truth, for answers yes (1) or no (0).

    The loss is the mean of −(t log p + (1 − t) log(1 − p)), the gradient (p − t) / (p (1 − p)) / count.

    Parameters
    ----------
    prob : array of any shape
        Probabilities of yes, from 0 to 1; what a sigmoid gives.
    target : array of the shape of `prob`
        The truth, 0 or 1 (or a probability between them).

    Returns
    -------
    loss : number
    gradient : array of the shape of `prob`

    Raises
    ------
    ValueError
        If the shapes differ, there is nothing to take a mean of, or a number lies outside 0 … 1.

    Notes
    -----
    An answer that is sure and wrong has log 0 = −∞. As in PyTorch no logarithm is taken to be below −100, and
    no denominator below 1e-12; other codes move p away from 0 and 1 instead.

    References
    ----------
    C. Bishop, *Pattern Recognition and Machine Learning*, section 4.3.2.

    Examples
    --------
    >>> loss, gradient = binary_cross_entropy_loss([0.5, 0.8], [0, 1])
    >>> print(loss.round(4), gradient)
    0.4581 [ 1.    -0.625]
    """
    prob, target = _like(prob, target, "binary_cross_entropy_loss", "prob")
    for name, array in (("prob", prob), ("target", target)):
        if np.any((array < 0) | (array > 1)):
            raise ValueError(f"binary_cross_entropy_loss: {name} must lie between 0 and 1")
    with np.errstate(divide="ignore"):  # log 0 is meant: it becomes −100
        log_yes, log_no = np.maximum(np.log(prob), -100), np.maximum(np.log1p(-prob), -100)
    loss = np.mean(-target * log_yes - (1 - target) * log_no)
    return loss, (prob - target) / np.maximum(prob * (1 - prob), 1e-12) / prob.size


def cross_entropy_loss(logits: ArrayLike, labels: ArrayLike) -> tuple[np.floating, NDArray[np.floating]]:
    """Minus the mean log of the probability that softmax gives to the right class.

    The gradient is (softmax(logits) − one_hot(labels)) / N: the probabilities, with 1 taken off the right one.

    Parameters
    ----------
    logits : array (N, C)
        Scores, one row an example, one column a class. Not probabilities: softmax is part of this loss.
    labels : array (N,) of whole numbers
        The right class of each example, 0 … C − 1.

    Returns
    -------
    loss : number
    gradient : array (N, C)

    Raises
    ------
    ValueError
        If the shapes do not fit, or a label is no class.

    Notes
    -----
    The probabilities are never formed on the way to the loss: their logarithm stays exact where a probability
    is too small for a float. Keras calls the same loss ``SparseCategoricalCrossentropy(from_logits=True)``.

    References
    ----------
    J. Bridle, "Training stochastic model recognition algorithms as networks can lead to maximum mutual
    information estimation of parameters", 1989.

    Examples
    --------
    >>> loss, gradient = cross_entropy_loss([[0.0, 0.0], [0.0, 1000.0]], [1, 1])
    >>> print(loss.round(4))
    0.3466
    >>> gradient
    array([[ 0.25, -0.25],
           [ 0.  ,  0.  ]])
    """
    logits, labels = as_float(logits), np.asarray(labels)
    if logits.ndim != 2 or labels.shape != logits.shape[:1] or logits.size == 0:
        raise ValueError(
            f"cross_entropy_loss: logits have shape {logits.shape} and labels have shape {labels.shape}; logits "
            "must be (N, C) and labels (N,): the number of the right class, not a row of zeros and a one"
        )
    if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= logits.shape[1]:
        raise ValueError(
            f"cross_entropy_loss: with {logits.shape[1]} classes the labels must be whole numbers from 0 to "
            f"{logits.shape[1] - 1}"
        )
    examples = np.arange(len(logits))
    log_prob = log_softmax(logits)
    loss = -np.mean(log_prob[examples, labels])
    gradient = np.exp(log_prob)
    gradient[examples, labels] -= 1
    return loss, gradient / len(logits)


def _like(answer: ArrayLike, target: ArrayLike, function: str, name: str) -> tuple[NDArray, NDArray]:
    """Both as floats of the answer's type, if they have one shape."""
    answer, target = as_float(answer), np.asarray(target)
    if answer.shape != target.shape or answer.size == 0:
        raise ValueError(
            f"{function}: {name} has shape {answer.shape} and target has shape {target.shape}; they must be the "
            "same, and not empty"
        )
    return answer, target.astype(answer.dtype)
