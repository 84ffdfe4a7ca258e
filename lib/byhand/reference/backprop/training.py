"""Training: a small step against the gradient, again and again, on a few examples at a time.

    for each epoch:
        for each mini-batch:
            forward, loss, backward, step

Everything that learns in this course, up to the largest network, is trained by this loop. `train_classifier` is
the whole of it; the two functions for XOR are the same loop with four examples, written out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float
from byhand.reference.activations.elementwise import sigmoid
from byhand.reference.backprop.backward import dense_backward, sigmoid_backward
from byhand.reference.backprop.initialization import he_init, mlp_init
from byhand.reference.backprop.losses import binary_cross_entropy_loss, cross_entropy_loss
from byhand.reference.backprop.networks import (
    mlp_backward,
    mlp_forward,
    two_layer_backward,
    two_layer_forward,
)
from byhand.reference.neuron.layers import dense_forward

XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_Y = np.array([[0.0], [1.0], [1.0], [0.0]])

Trained = tuple[dict[str, NDArray], NDArray[np.floating]]


def gradient_step(
    params: Mapping[str, ArrayLike], grads: Mapping[str, ArrayLike], lr: float
) -> dict[str, NDArray[np.floating]]:
    """One step of gradient descent: each parameter minus lr times its gradient.

    Parameters
    ----------
    params : dict of arrays
    grads : dict of arrays, with the names and shapes of `params`
    lr : float
        The learning rate.

    Returns
    -------
    dict of new arrays; `params` stays as it is

    Raises
    ------
    ValueError
        If the names or the shapes differ.

    References
    ----------
    A. Cauchy, "Méthode générale pour la résolution des systèmes d'équations simultanées", 1847.

    Examples
    --------
    >>> gradient_step({"w": np.array([1.0, 2.0])}, {"w": np.array([10.0, -10.0])}, lr=0.1)
    {'w': array([0., 3.])}
    """
    lr = float(lr)  # a NumPy float64 would widen float32
    if set(params) != set(grads):
        raise ValueError(f"gradient_step: the parameters are {sorted(params)}, the gradients {sorted(grads)}")
    for name in params:
        if np.shape(params[name]) != np.shape(grads[name]):
            raise ValueError(
                f"gradient_step: {name} has shape {np.shape(params[name])}, but its gradient has shape "
                f"{np.shape(grads[name])}"
            )
    return {name: as_float(param) - lr * as_float(grads[name]) for name, param in params.items()}


def minibatches(
    X: ArrayLike, y: ArrayLike, size: int, rng: np.random.Generator
) -> list[tuple[NDArray, NDArray]]:
    """Shuffle the examples and cut them into batches: one epoch.

    With size 1 this is stochastic gradient descent, with size N (or more) batch gradient descent; between the two
    lies what everybody uses.

    Parameters
    ----------
    X : array (N, …)
        N examples.
    y : array (N, …)
        Their labels or targets.
    size : int
        How many examples a batch has. The last one has fewer, if N is no multiple of size.
    rng : numpy.random.Generator
        Shuffles.

    Returns
    -------
    list of pairs (X_batch, y_batch)

    Raises
    ------
    ValueError
        If X and y have not the same number of examples, or size is below 1.

    Notes
    -----
    PyTorch's ``DataLoader`` with ``shuffle=True``. Some codes drop a last batch that is not full.

    Examples
    --------
    >>> batches = minibatches(np.arange(5), 10 * np.arange(5), 2, np.random.default_rng(0))
    >>> [len(X_batch) for X_batch, _ in batches]
    [2, 2, 1]
    """
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim == 0 or y.ndim == 0 or len(X) != len(y):
        raise ValueError(
            f"minibatches: X has shape {X.shape} and y has shape {y.shape}; one label an example"
        )
    if size < 1:
        raise ValueError(f"minibatches: size is {size}; a batch has at least one example")
    order = rng.permutation(len(X))
    parts = [order[start : start + size] for start in range(0, len(X), size)]
    return [(X[part], y[part]) for part in parts]


def train_single_layer_xor(lr: float, epochs: int, rng: np.random.Generator) -> Trained:
    """Train one dense layer and a sigmoid on XOR, with the binary cross-entropy. It cannot succeed.

    The best that it can do is to answer ½ to everything: the loss stops at log 2 ≈ 0.693.

    Parameters
    ----------
    lr : float
    epochs : int
        How many steps, each on all four examples.
    rng : numpy.random.Generator
        Draws the first weights.

    Returns
    -------
    params : dict with W (2, 1) and b (1,)
    losses : array (epochs,)
        The loss before each step.

    References
    ----------
    M. Minsky and S. Papert, *Perceptrons*, 1969.

    Examples
    --------
    >>> params, losses = train_single_layer_xor(1.0, 300, np.random.default_rng(0))
    >>> print(losses[-1].round(4))
    0.6931
    """
    params: dict[str, NDArray] = {"W": rng.normal(size=(2, 1)), "b": np.zeros(1)}
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        z, cache = dense_forward(XOR_X, params["W"], params["b"])
        out = sigmoid(z)
        losses[epoch], dout = binary_cross_entropy_loss(out, XOR_Y)
        _, dW, db = dense_backward(sigmoid_backward(dout, out), cache)
        params = gradient_step(params, {"W": dW, "b": db}, lr)
    return params, losses


def train_two_layer_xor(hidden: int, lr: float, epochs: int, rng: np.random.Generator) -> Trained:
    """Train `two_layer_forward` on XOR, with the binary cross-entropy.

    Parameters
    ----------
    hidden : int
        How many hidden neurons. Two can be enough, but only from a lucky start; with eight, every start is.
    lr : float
    epochs : int
        How many steps, each on all four examples.
    rng : numpy.random.Generator
        Draws the first weights.

    Returns
    -------
    params : dict with W1 (2, hidden), b1 (hidden,), W2 (hidden, 1), b2 (1,)
    losses : array (epochs,)
        The loss before each step.

    References
    ----------
    Rumelhart, Hinton and Williams (1986), "Learning internal representations by error propagation".

    Examples
    --------
    >>> params, losses = train_two_layer_xor(8, 2.0, 1000, np.random.default_rng(0))
    >>> out, _ = two_layer_forward(XOR_X, params)
    >>> (out > 0.5).astype(int).ravel()
    array([0, 1, 1, 0])
    """
    params: dict[str, NDArray] = {
        "W1": rng.normal(size=(2, hidden)),
        "b1": np.zeros(hidden),
        "W2": rng.normal(size=(hidden, 1)),
        "b2": np.zeros(1),
    }
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        out, cache = two_layer_forward(XOR_X, params)
        losses[epoch], dout = binary_cross_entropy_loss(out, XOR_Y)
        params = gradient_step(params, two_layer_backward(dout, cache), lr)
    return params, losses


def train_classifier(
    X: ArrayLike,
    y: ArrayLike,
    layer_sizes: Sequence[int],
    lr: float,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> Trained:
    """Train an MLP with ReLU to tell classes apart: He's weights, cross-entropy, mini-batches.

    Parameters
    ----------
    X : array (N, D)
    y : array (N,) of whole numbers
        The class of each example, from 0.
    layer_sizes : sequence of int
        D, then the number of neurons of each layer; the last is the number of classes.
    lr : float
    epochs : int
        How often to go through all the examples.
    batch_size : int
    rng : numpy.random.Generator
        Draws the first weights, then shuffles.

    Returns
    -------
    params : dict with W1, b1, W2, b2, …
        For `backprop.networks.mlp_forward`; the largest score of a row names the class.
    losses : array (epochs,)
        The mean loss of each epoch's batches, each taken before its step.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    Y. LeCun, L. Bottou, G. Orr and K.-R. Müller, "Efficient BackProp", 1998.

    Examples
    --------
    >>> X, y = np.array([[-2.0], [-1.0], [1.0], [2.0]]), np.array([0, 1, 1, 0])
    >>> params, losses = train_classifier(X, y, [1, 8, 2], 0.5, 100, 2, np.random.default_rng(0))
    >>> mlp_forward(X, params)[0].argmax(axis=1)
    array([0, 1, 1, 0])
    """
    params = mlp_init(layer_sizes, he_init, rng)
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        batches = minibatches(X, y, batch_size, rng)
        for X_batch, y_batch in batches:
            scores, cache = mlp_forward(X_batch, params)
            loss, dscores = cross_entropy_loss(scores, y_batch)
            params = gradient_step(params, mlp_backward(dscores, cache), lr)
            losses[epoch] += loss / len(batches)
    return params, losses
