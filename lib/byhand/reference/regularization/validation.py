"""Validation: examples that are kept back, to see how the network does on what it has not learned from.

The training loss cannot tell learning from memorizing; both make it fall. So a part of the examples is set aside
before anything is computed from them. Whenever something is chosen (λ, p, when to stop), it is chosen by that part.
What has been used to choose has told us something, though, so a third part, the test set, is opened only at the end.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


def train_validation_split(
    X: ArrayLike, y: ArrayLike, fraction: float, rng: np.random.Generator
) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Shuffle the examples, and keep a fraction of them back for validation.

    Parameters
    ----------
    X : array (N, ...)
        N examples along the first axis.
    y : array (N, ...)
        Their labels or targets.
    fraction : float
        The share to keep back, from 0 to below 1: round(fraction · N) examples. That may be none.
    rng : numpy Generator
        Where chance comes from.

    Returns
    -------
    X_train, y_train, X_val, y_val : arrays
        Every example is in exactly one of the two parts, with its label.

    Raises
    ------
    ValueError
        If X and y differ in length, or no example would be left to learn from.

    Notes
    -----
    The order of scikit-learn's ``train_test_split`` is another: X_train, X_test, y_train, y_test. Examples that
    belong together (pictures of one patient, days of one week) must go to the same part, or the validation set tells
    what the network has seen already; this function does not know of such groups.

    Examples
    --------
    >>> X, y = np.arange(8).reshape(4, 2), np.arange(4)
    >>> parts = train_validation_split(X, y, 0.25, np.random.default_rng(0))
    >>> [part.shape for part in parts]
    [(3, 2), (3,), (1, 2), (1,)]
    """
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim == 0 or X.shape[:1] != y.shape[:1]:
        raise ValueError(
            f"train_validation_split: X has shape {X.shape} and y has shape {y.shape}; "
            "they must be (N, ...) with the same N: one label an example"
        )
    kept_back = round(fraction * len(X))
    if not 0 <= kept_back < len(X):
        raise ValueError(
            f"train_validation_split: a fraction of {fraction} of {len(X)} examples is {kept_back}; "
            "it must be 0 or more, and leave at least one to learn from"
        )
    order = rng.permutation(len(X))
    validation, training = order[:kept_back], order[kept_back:]
    return X[training], y[training], X[validation], y[validation]


def early_stopping(losses: Sequence[float], patience: int) -> int:
    """Go through the validation losses, give up after `patience` epochs without a new best; say which was best.

    Parameters
    ----------
    losses : sequence of float
        The validation loss after each epoch.
    patience : int
        How many epochs in a row without a new best loss end the training, 1 or more.

    Returns
    -------
    int
        The epoch, counted from 0, with the smallest loss up to then: its weights are the ones to keep. What comes
        after the end of training is not looked at; it would never have been computed.

    Raises
    ------
    ValueError
        If there are no losses, or `patience` is below 1.

    Notes
    -----
    Only a strictly smaller loss counts as better. NaN never does. Keras counts patience as we do; a few others stop
    one epoch later.

    References
    ----------
    L. Prechelt, "Early stopping – but when?", 1998; Goodfellow, Bengio and Courville, *Deep Learning*, section 7.8.

    Examples
    --------
    >>> early_stopping([0.9, 0.5, 0.6, 0.7, 0.1], patience=2)
    1
    """
    if len(losses) == 0 or patience < 1:
        raise ValueError(
            f"early_stopping: there are {len(losses)} losses and patience is {patience}; both must be 1 or more"
        )
    best, best_loss = 0, float("inf")
    for epoch, loss in enumerate(losses):
        if loss < best_loss:
            best, best_loss = epoch, loss
        elif epoch - best >= patience:
            break
    return best
