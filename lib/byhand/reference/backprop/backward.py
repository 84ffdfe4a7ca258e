"""The way back through each part of a network: from the gradient of its output to the gradient of its inputs.

Going forward, a part computes `out` from its inputs. Going back, it receives `dout`: for each number of `out`,
how fast the loss grows with it. It gives back the same for each of its inputs. This is the chain rule, one part
at a time, and no part needs to know what comes before or after it.

`dout` has the shape of `out`, and every gradient has the shape of what it is the gradient of. Besides `dout` a
part needs only what its forward pass saved: a dense layer its inputs and weights, and an activation its *output*
alone, because the slopes of all four activations here can be read off it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float
from byhand.reference.neuron.layers import Cache


def dense_backward(dout: ArrayLike, cache: Cache) -> tuple[NDArray, NDArray, NDArray]:
    """Back through out = x W + b: dx = dout Wᵀ, dW = xᵀ dout, db = the sum of dout over the batch.

    Parameters
    ----------
    dout : array (N, M)
        How fast the loss grows with each output.
    cache : tuple (x, W, b)
        What `neuron.layers.dense_forward` saved.

    Returns
    -------
    dx : array (N, D)
        Each output's gradient, handed to the inputs through the weights that carried them.
    dW : array (D, M)
        For each weight: its input times the gradient of its output, added up over the batch.
    db : array (M,)

    Raises
    ------
    ValueError
        If `dout` does not have the shape of the layer's output.

    Notes
    -----
    Sums over the batch, not means: the loss has divided by N already, and its gradient carries that along.

    References
    ----------
    Stanford CS231n, *Backpropagation*, and Justin Johnson's note *Backpropagation for a linear layer*.

    Examples
    --------
    >>> x, W, b = np.array([[1.0, 2.0]]), np.array([[3.0, 0.0], [4.0, 5.0]]), np.zeros(2)
    >>> dx, dW, db = dense_backward([[1.0, 10.0]], (x, W, b))
    >>> print(dx, dW.tolist(), db)
    [[ 3. 54.]] [[1.0, 10.0], [2.0, 20.0]] [ 1. 10.]
    """
    x, W, dout = np.asarray(cache[0]), np.asarray(cache[1]), as_float(dout)
    if dout.shape != (len(x), W.shape[1]):
        raise ValueError(
            f"dense_backward: dout has shape {dout.shape}, but the layer's output has shape "
            f"{(len(x), W.shape[1])} (x has shape {x.shape} and W {W.shape})"
        )
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


def sigmoid_backward(dout: ArrayLike, out: ArrayLike) -> NDArray[np.floating]:
    """Back through out = sigmoid(x): dx = dout · out (1 − out).

    Parameters
    ----------
    dout : array of any shape
    out : array of the shape of `dout`
        What the sigmoid gave on the way forward, not what it received.

    Returns
    -------
    dx : array of the shape of `dout`

    Raises
    ------
    ValueError
        If the shapes differ.

    Notes
    -----
    Where out rounds to 1 the gradient is exactly 0, as in PyTorch, although the true slope is e⁻ˣ.

    References
    ----------
    Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating errors".

    Examples
    --------
    >>> sigmoid_backward([8.0, 8.0], [0.5, 1.0])
    array([2., 0.])
    """
    dout, out = _same_shape(dout, out, "sigmoid_backward")
    return dout * out * (1 - out)


def tanh_backward(dout: ArrayLike, out: ArrayLike) -> NDArray[np.floating]:
    """Back through out = tanh(x): dx = dout · (1 − out²).

    Parameters
    ----------
    dout : array of any shape
    out : array of the shape of `dout`
        What tanh gave on the way forward.

    Returns
    -------
    dx : array of the shape of `dout`

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> tanh_backward([8.0, 8.0], [0.0, 0.5])
    array([8., 6.])
    """
    dout, out = _same_shape(dout, out, "tanh_backward")
    return dout * (1 - out * out)


def relu_backward(dout: ArrayLike, out: ArrayLike) -> NDArray[np.floating]:
    """Back through out = max(x, 0): dout where out is above 0, and 0 elsewhere.

    Parameters
    ----------
    dout : array of any shape
    out : array of the shape of `dout`
        What ReLU gave on the way forward. Its input x serves as well: both are above 0 at the same places.

    Returns
    -------
    dx : array of the shape of `dout`

    Raises
    ------
    ValueError
        If the shapes differ.

    Notes
    -----
    At exactly 0 the gradient is 0, as in PyTorch; see `activations.elementwise.relu_derivative`.

    Examples
    --------
    >>> relu_backward([8.0, 8.0], [0.0, 3.0])
    array([0., 8.])
    """
    dout, out = _same_shape(dout, out, "relu_backward")
    return np.where(out > 0, dout, dout.dtype.type(0))


def softmax_backward(dout: ArrayLike, out: ArrayLike) -> NDArray[np.floating]:
    """Back through out = softmax(x) along the last axis: dx = out · (dout − Σⱼ doutⱼ outⱼ).

    Parameters
    ----------
    dout : array (…, C)
    out : array of the shape of `dout`
        What softmax gave on the way forward.

    Returns
    -------
    dx : array of the shape of `dout`

    Raises
    ------
    ValueError
        If the shapes differ, or there is no axis.

    Notes
    -----
    The other activations look at one number alone, so their slopes form no more than one factor a number. Here
    every output depends on every input of its row: ∂outⱼ/∂xᵢ = outⱼ (1[i = j] − outᵢ). This is that matrix times
    dout, without ever forming the matrix. The loss `backprop.losses.cross_entropy_loss` has this step inside.

    References
    ----------
    J. Bridle, "Probabilistic interpretation of feedforward classification network outputs", 1990.

    Examples
    --------
    >>> softmax_backward([1.0, 0.0], [0.5, 0.5])
    array([ 0.25, -0.25])
    """
    dout, out = _same_shape(dout, out, "softmax_backward")
    if out.ndim == 0:
        raise ValueError("softmax_backward: out is a single number; softmax needs a row of scores, (…, C)")
    return out * (dout - np.sum(dout * out, axis=-1, keepdims=True))


def _same_shape(dout: ArrayLike, out: ArrayLike, function: str) -> tuple[NDArray, NDArray]:
    dout, out = as_float(dout), as_float(out)
    if dout.shape != out.shape:
        raise ValueError(
            f"{function}: dout has shape {dout.shape} and out has shape {out.shape}; they must be the same"
        )
    return dout, out
