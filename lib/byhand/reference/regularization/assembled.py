"""The convolutional network of chapter 4, with remedies: moved examples, a price on weights, a stop in time.

keep a fifth of the examples back
for each step:
    move the others, a draw for each image
    loss and gradients of the network on them
    a step of Adam, with an L2 penalty on the weights
    the loss on what was kept back: a new best?
return the best parameters
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.reference.convolution.assembled import convnet_loss
from byhand.reference.regularization.augmentation import random_shift
from byhand.reference.regularization.validation import early_stopping, train_validation_split
from byhand.reference.regularization.weight_decay import adam_with_l2

HELD_BACK, RATE = 0.2, 0.01
WEIGHTS = ("w1", "w2", "W3")  # what the penalty is on; a bias bends nothing


def train_with_remedies(
    X: ArrayLike,
    labels: ArrayLike,
    parameters: Mapping[str, ArrayLike],
    shift: int,
    lam: float,
    patience: int,
    rng: np.random.Generator,
    steps: int = 100,
) -> dict[str, NDArray[np.floating]]:
    """Train `convolution.assembled.convnet_loss` on moved examples, with an L2 penalty, and stop in time.

    A fifth of the examples is kept back. Each step is one of Adam with the rate 0.01, on all the others, each moved by
    a new draw. After each step the loss on what was kept back, without penalty, is noted.

    Parameters
    ----------
    X : array (N, H, W)
        Images.
    labels : array (N,) of whole numbers
        The class of each, from 0.
    parameters : dict
        Where it starts; see `convnet_loss`. It is not changed.
    shift : int
        By how many pixels an image is moved at most, in each direction.
    lam : float
        λ, the price of w1, w2 and W3. The biases cost nothing.
    patience : int
        How many steps in a row without a new best loss end the training, 1 or more.
    rng : numpy Generator
        Splits the examples, then moves them.
    steps : int
        How many there are at most, 1 or more.

    Returns
    -------
    dict of new arrays
        The parameters after the step with the smallest loss on what was kept back.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    L. Prechelt, "Early stopping – but when?", 1998; P. Simard, D. Steinkraus and J. Platt, "Best practices for
    convolutional neural networks applied to visual document analysis", 2003: what moved digits bring.

    Examples
    --------
    >>> zeros = {"w1": np.zeros((2, 1, 3, 3)), "b1": np.zeros(2), "w2": np.zeros((3, 2, 3, 3)), "b2": np.zeros(3)}
    >>> zeros |= {"W3": np.zeros((3, 10)), "b3": np.zeros(10)}
    >>> X, labels = np.ones((5, 4, 4)), np.array([3, 3, 3, 3, 3])
    >>> trained = train_with_remedies(X, labels, zeros, 1, 0.1, 5, np.random.default_rng(0), steps=3)
    >>> print(trained["b3"][:5].round(3))
    [-0.03 -0.03 -0.03  0.03 -0.03]
    """
    X_train, y_train, X_val, y_val = train_validation_split(X, labels, HELD_BACK, rng)
    found = {name: np.array(array) for name, array in parameters.items()}
    state = dict.fromkeys(found)
    after: list[dict[str, NDArray]] = []
    losses: list[float] = []
    best = 0
    for _ in range(steps):
        moved = random_shift(X_train, shift, rng)
        _, gradients = convnet_loss(moved[:, np.newaxis], y_train, found)
        for name in found:
            price = lam if name in WEIGHTS else 0.0
            found[name], state[name] = adam_with_l2(found[name], gradients[name], state[name], RATE, price)
        losses.append(float(convnet_loss(X_val[:, np.newaxis], y_val, found)[0]))
        after.append(dict(found))
        best = early_stopping(losses, patience)
        if len(losses) - 1 - best >= patience:
            break
    return after[best]
