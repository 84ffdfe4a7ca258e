"""Going back from trained parameters to the losses on the way, for exercises that train.

A step of plain gradient descent can be undone: where p is what ``q - lr * slope(q)`` gave, q is what ``p + lr *
slope(q)`` settles at, if lr is small. So the losses before each step follow from the parameters at the end, whatever
the first weights were, and nobody can have them without having made the steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from byhand.reference.activations.elementwise import sigmoid
from byhand.reference.backprop.backward import dense_backward, sigmoid_backward
from byhand.reference.backprop.losses import binary_cross_entropy_loss, cross_entropy_loss
from byhand.reference.backprop.networks import (
    mlp_backward,
    mlp_forward,
    two_layer_backward,
    two_layer_forward,
)
from byhand.reference.backprop.training import XOR_X, XOR_Y
from byhand.reference.neuron.layers import dense_forward

SMALL_RATE = 0.2  # above it, undoing a step need not settle
FEW_EPOCHS = 5
SETTLING = 100
CLOSE = 1e-13

Params = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Network:
    """What a trained network answers, and its loss with the gradients, both from its parameters."""

    answers: Callable[[Params], np.ndarray]
    _loss: Callable[[Params], tuple[Any, dict[str, np.ndarray]]]

    def __call__(self, params: Params) -> tuple[Any, dict[str, np.ndarray]]:
        return self._loss(params)


@dataclass(frozen=True)
class Unwound:
    """The parameters at the start, and the loss before and after each step."""

    params: Params
    losses: np.ndarray
    losses_after: np.ndarray


def unwind(network: Network, params: Params, lr: float, epochs: int) -> Unwound | None:
    """The steps of full-batch gradient descent that ended in `params`; None where they cannot be undone surely."""
    if (
        lr > SMALL_RATE
        or epochs > FEW_EPOCHS
        or not np.all([np.isfinite(part).all() for part in params.values()])
    ):
        return None
    with np.errstate(all="ignore"):
        losses = [network(params)[0]]
        for _ in range(epochs):
            before = _before(network, params, lr)
            if before is None:
                return None
            params = before
            losses.append(network(params)[0])
    return Unwound(params, np.array(losses[:0:-1]), np.array(losses[-2::-1]))


def _before(network: Network, params: Params, lr: float) -> Params | None:
    """The parameters before one step."""
    before = params
    for _ in range(SETTLING):
        _, slopes = network(before)
        closer = {name: params[name] + lr * slopes[name] for name in params}
        moved = max(np.abs(closer[name] - before[name]).max() for name in params)
        if not np.isfinite(moved):
            return None
        before = closer
        if moved < CLOSE:
            return before
    return None


def _one_layer_answers(params: Params) -> np.ndarray:
    return sigmoid(XOR_X @ params["W"] + params["b"])


def _one_layer_loss(params: Params) -> tuple[Any, dict[str, np.ndarray]]:
    z, cache = dense_forward(XOR_X, params["W"], params["b"])
    out = sigmoid(z)
    loss, dout = binary_cross_entropy_loss(out, XOR_Y)
    _, dW, db = dense_backward(sigmoid_backward(dout, out), cache)
    return loss, {"W": dW, "b": db}


def _two_layers_loss(params: Params) -> tuple[Any, dict[str, np.ndarray]]:
    out, cache = two_layer_forward(XOR_X, params)
    loss, dout = binary_cross_entropy_loss(out, XOR_Y)
    return loss, two_layer_backward(dout, cache)


one_layer = Network(_one_layer_answers, _one_layer_loss)
two_layers = Network(lambda params: two_layer_forward(XOR_X, params)[0], _two_layers_loss)


def classes(X: np.ndarray, y: np.ndarray) -> Network:
    """An MLP with ReLU that tells these examples apart."""

    def loss(params: Params) -> tuple[Any, dict[str, np.ndarray]]:
        scores, cache = mlp_forward(X, params)
        value, dscores = cross_entropy_loss(scores, y)
        return value, mlp_backward(dscores, cache)

    return Network(lambda params: mlp_forward(X, params)[0], loss)
