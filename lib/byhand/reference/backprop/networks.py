"""Whole networks: forward to an answer, back to the gradient of every weight.

Going forward, what every layer gave is kept. Going back, the layers are visited in the opposite order, and each
hands its gradient to the one before it. That is all: `backprop.backward` knows how to go through each part.

A network's parameters are a dict from names to arrays, ``{"W1": …, "b1": …, "W2": …, "b2": …}``, and so are its
gradients, under the same names.

Before the first step of learning the weights must be drawn. They decide how large the signals are in a deep
network, both ways: `xavier_init` for tanh, `he_init` for ReLU.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.reference.activations.elementwise import relu, sigmoid, tanh
from byhand.reference.backprop.backward import dense_backward, relu_backward, sigmoid_backward, tanh_backward
from byhand.reference.neuron.layers import dense_forward

Params = Mapping[str, ArrayLike]
Grads = dict[str, NDArray]

ACTIVATIONS: dict[str, tuple[Callable, Callable]] = {
    "sigmoid": (sigmoid, sigmoid_backward),
    "tanh": (tanh, tanh_backward),
    "relu": (relu, relu_backward),
}


def two_layer_forward(x: ArrayLike, params: Params) -> tuple[NDArray, Any]:
    """Dense, sigmoid, dense, sigmoid: h = σ(x W1 + b1), out = σ(h W2 + b2).

    Parameters
    ----------
    x : array (N, D)
    params : dict with W1 (D, H), b1 (H,), W2 (H, M), b2 (M,)

    Returns
    -------
    out : array (N, M), between 0 and 1
    cache : tuple (x, h, out, params)
        What `two_layer_backward` needs.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    M. Mazur, "A step by step backpropagation example".

    Examples
    --------
    >>> params = {"W1": np.zeros((2, 3)), "b1": np.zeros(3), "W2": np.ones((3, 1)), "b2": np.array([-1.5])}
    >>> out, cache = two_layer_forward([[1.0, 2.0]], params)
    >>> out
    array([[0.5]])
    """
    x = np.asarray(x)
    z1, _ = dense_forward(x, params["W1"], params["b1"])
    h = sigmoid(z1)
    z2, _ = dense_forward(h, params["W2"], params["b2"])
    out = sigmoid(z2)
    return out, (x, h, out, params)


def two_layer_backward(dout: ArrayLike, cache: Any) -> Grads:
    """Back through `two_layer_forward`, its four parts in the opposite order.

    Parameters
    ----------
    dout : array (N, M)
        How fast the loss grows with each output; what a loss returns as its gradient.
    cache : tuple (x, h, out, params)
        From `two_layer_forward`.

    Returns
    -------
    dict with W1, b1, W2 and b2
        Gradients, each of the shape of its parameter.

    Raises
    ------
    ValueError
        If `dout` does not have the shape of the output.

    References
    ----------
    Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating errors".

    Examples
    --------
    >>> params = {"W1": np.zeros((2, 3)), "b1": np.zeros(3), "W2": np.ones((3, 1)), "b2": np.array([-1.5])}
    >>> out, cache = two_layer_forward([[1.0, 2.0]], params)
    >>> two_layer_backward(np.ones((1, 1)), cache)["b1"]
    array([0.0625, 0.0625, 0.0625])
    """
    x, h, out, params = cache
    dz2 = sigmoid_backward(dout, out)
    dh, dW2, db2 = dense_backward(dz2, (h, params["W2"], params["b2"]))
    dz1 = sigmoid_backward(dh, h)
    _, dW1, db1 = dense_backward(dz1, (x, params["W1"], params["b1"]))
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def three_layers_by_hand() -> tuple[float, float, float]:
    """Backpropagation through three layers of one neuron each, number by number.

    The network is w3 · relu(w2 · relu(w1 · x)), with x = −2 and the weights −1.5, 2 and −0.5. Its answer should
    have been 1; the loss is (answer − 1)².

    Returns
    -------
    dw1, dw2, dw3 : float
        How fast the loss grows with each weight.

    Examples
    --------
    >>> three_layers_by_hand()
    (-16.0, 12.0, -48.0)
    """
    x, w1, w2, w3, target = -2.0, -1.5, 2.0, -0.5, 1.0
    h1 = max(w1 * x, 0.0)  # 3
    h2 = max(w2 * h1, 0.0)  # 6
    out = w3 * h2  # -3, so the loss is 16

    dout = 2 * (out - target)
    dw3, dh2 = dout * h2, dout * w3  # to the weight by way of its input, to the input by way of its weight
    dz2 = dh2 * (h2 > 0)  # ReLU is open: all goes through
    dw2, dh1 = dz2 * h1, dz2 * w2
    dz1 = dh1 * (h1 > 0)
    dw1 = dz1 * x
    return dw1, dw2, dw3


def mlp_forward(x: ArrayLike, params: Params, activation: str = "relu") -> tuple[NDArray, Any]:
    """A network of any depth: dense layers with an activation after each but the last.

    "MLP" is short for multilayer perceptron.

    Parameters
    ----------
    x : array (N, D)
    params : dict with W1, b1, W2, b2, …
        As many layers as there are pairs.
    activation : "sigmoid", "tanh" or "relu"

    Returns
    -------
    out : array (N, M)
        Scores: the last layer has no activation, because the loss brings its own.
    cache : tuple (outs, params, activation)
        What `mlp_backward` needs. `outs` is a list: x, then what each layer gave, activation included.

    Raises
    ------
    ValueError
        If the shapes do not fit, a layer is missing, or there is no such activation.

    Examples
    --------
    >>> params = {"W1": np.array([[1.0, -1.0]]), "b1": np.zeros(2), "W2": np.ones((2, 1)), "b2": np.zeros(1)}
    >>> out, cache = mlp_forward([[-3.0], [2.0]], params)  # |x|, from two ReLUs
    >>> out
    array([[3.],
           [2.]])
    """
    forward, _ = _activation(activation)
    depth = _depth(params)
    outs = [np.asarray(x)]
    for layer in range(1, depth + 1):
        z, _ = dense_forward(outs[-1], params[f"W{layer}"], params[f"b{layer}"])
        outs.append(forward(z) if layer < depth else z)
    return outs[-1], (outs, params, activation)


def mlp_backward(dout: ArrayLike, cache: Any) -> Grads:
    """Back through `mlp_forward`, from the last layer to the first.

    Parameters
    ----------
    dout : array (N, M)
        How fast the loss grows with each score.
    cache : tuple (outs, params, activation)
        From `mlp_forward`.

    Returns
    -------
    dict with W1, b1, W2, b2, …
        Gradients, each of the shape of its parameter.

    Raises
    ------
    ValueError
        If `dout` does not have the shape of the output.

    Examples
    --------
    >>> params = {"W1": np.array([[1.0, -1.0]]), "b1": np.zeros(2), "W2": np.ones((2, 1)), "b2": np.zeros(1)}
    >>> out, cache = mlp_forward([[-3.0], [2.0]], params)
    >>> mlp_backward(np.ones((2, 1)), cache)["W1"]
    array([[ 2., -3.]])
    """
    outs, params, activation = cache
    _, backward = _activation(activation)
    depth = len(outs) - 1
    grads: Grads = {}
    for layer in range(depth, 0, -1):
        dz = backward(dout, outs[layer]) if layer < depth else dout
        dense = (outs[layer - 1], params[f"W{layer}"], params[f"b{layer}"])
        dout, grads[f"W{layer}"], grads[f"b{layer}"] = dense_backward(dz, dense)
    return grads


def _activation(name: str) -> tuple[Callable, Callable]:
    if name not in ACTIVATIONS:
        raise ValueError(f"there is no activation {name!r}; choose one of {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]


def _depth(params: Params) -> int:
    """How many layers the parameters have."""
    depth = len(params) // 2
    names = {f"{kind}{layer}" for kind in "Wb" for layer in range(1, depth + 1)}
    if not names or set(params) != names:
        raise ValueError(
            f"the parameters must be W1, b1, W2, b2 and so on; these are {', '.join(params) or 'none'}"
        )
    return depth
