"""A small LeNet, put together: its loss with all gradients, and its training.

    x → convolution, ReLU, max pooling → convolution, ReLU, max pooling → flatten → dense layer → cross-entropy

Both convolutions have stride 1 and a frame of one zero, both poolings windows of 2 × 2.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.reference.activations.elementwise import relu
from byhand.reference.backprop.backward import dense_backward, relu_backward
from byhand.reference.backprop.losses import cross_entropy_loss
from byhand.reference.backprop.training import gradient_step
from byhand.reference.convolution.conv2d import conv2d_backward, conv2d_forward
from byhand.reference.convolution.pooling import (
    flatten_backward,
    flatten_forward,
    max_pool2d_backward,
    max_pool2d_forward,
)
from byhand.reference.neuron.layers import dense_forward

Parameters = Mapping[str, ArrayLike]


def convnet_loss(
    x: ArrayLike, labels: ArrayLike, parameters: Parameters
) -> tuple[np.floating, dict[str, NDArray[np.floating]]]:
    """The mean cross-entropy of a small LeNet, and its gradient by every parameter.

    Parameters
    ----------
    x : array (N, C, H, W)
    labels : array (N,) of whole numbers
        The class of each picture, from 0.
    parameters : dict
        w1 (F, C, 3, 3), b1 (F,), w2 (G, F, 3, 3), b2 (G,), W3 (G · (H // 4) · (W // 4), K), b3 (K,)

    Returns
    -------
    loss : float
    gradients : dict
        With the names and the shapes of `parameters`.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    LeNet-5 has kernels of 5 × 5, a scaled tanh, a mean with a learned weight for pooling, and two more dense layers.

    References
    ----------
    Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998), "Gradient-based learning applied to document recognition".

    Examples
    --------
    >>> zeros = {"w1": np.zeros((2, 1, 3, 3)), "b1": np.zeros(2), "w2": np.zeros((3, 2, 3, 3)), "b2": np.zeros(3)}
    >>> zeros |= {"W3": np.zeros((3, 10)), "b3": np.zeros(10)}
    >>> loss, gradients = convnet_loss(np.ones((2, 1, 4, 4)), np.array([3, 3]), zeros)
    >>> print(loss.round(4), gradients["b3"][:4])
    2.3026 [ 0.1  0.1  0.1 -0.9]
    """
    conv1, back1 = conv2d_forward(x, parameters["w1"], parameters["b1"], padding=1)
    bent1 = relu(conv1)
    pool1, pooled1 = max_pool2d_forward(bent1, 2)
    conv2, back2 = conv2d_forward(pool1, parameters["w2"], parameters["b2"], padding=1)
    bent2 = relu(conv2)
    pool2, pooled2 = max_pool2d_forward(bent2, 2)
    flat, shape = flatten_forward(pool2)
    scores, back3 = dense_forward(flat, parameters["W3"], parameters["b3"])
    loss, dscores = cross_entropy_loss(scores, labels)

    dflat, dW3, db3 = dense_backward(dscores, back3)
    dbent2 = max_pool2d_backward(flatten_backward(dflat, shape), pooled2)
    dpool1, dw2, db2 = conv2d_backward(relu_backward(dbent2, bent2), back2)
    dbent1 = max_pool2d_backward(dpool1, pooled1)
    _, dw1, db1 = conv2d_backward(relu_backward(dbent1, bent1), back1)
    return loss, {"w1": dw1, "b1": db1, "w2": dw2, "b2": db2, "W3": dW3, "b3": db3}


def train_convnet(
    x: ArrayLike, labels: ArrayLike, parameters: Parameters, lr: float, steps: int
) -> tuple[dict[str, NDArray[np.floating]], NDArray[np.floating]]:
    """Gradient descent on `convnet_loss`: each step is taken on all the pictures.

    Parameters
    ----------
    x : array (N, C, H, W)
    labels : array (N,) of whole numbers
    parameters : dict
        Where it starts; see `convnet_loss`. It is not changed.
    lr : float
    steps : int

    Returns
    -------
    parameters : dict of new arrays
    losses : array (steps,)
        The loss before each step.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998), "Gradient-based learning applied to document recognition".

    Examples
    --------
    >>> zeros = {"w1": np.zeros((2, 1, 3, 3)), "b1": np.zeros(2), "w2": np.zeros((3, 2, 3, 3)), "b2": np.zeros(3)}
    >>> zeros |= {"W3": np.zeros((3, 10)), "b3": np.zeros(10)}
    >>> trained, losses = train_convnet(np.ones((2, 1, 4, 4)), np.array([3, 3]), zeros, lr=1.0, steps=2)
    >>> print(losses.round(4), trained["b3"][3].round(4))
    [2.3026 1.4612] 1.668
    """
    found = {name: np.array(array) for name, array in parameters.items()}
    losses = np.zeros(steps)
    for step in range(steps):
        losses[step], gradients = convnet_loss(x, labels, found)
        found = gradient_step(found, gradients, lr)
    return found, losses
