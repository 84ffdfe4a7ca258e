"""What is timed of training: an optimiser's step on a million parameters, and whole epochs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy_ml_peer
import torch
from layer_cases import Case, Draw
from timing import Call

from byhand import data
from byhand.reference.backprop import initialization, losses, networks, training
from byhand.reference.backprop.backward import dense_backward, relu_backward
from byhand.reference.convolution import conv2d, pooling
from byhand.reference.neuron.layers import dense_forward
from byhand.reference.optimizers import adaptive, descent, moments

PARAMETERS = 1_000_000
BATCH = 64

# Each of ours with its options, the same of PyTorch's, and numpy-ml's where it has the optimiser.
OPTIMISERS: tuple[tuple[Callable, dict[str, float], str, dict[str, Any], str | None], ...] = (
    (descent.sgd, {"lr": 0.1}, "SGD", {"lr": 0.1}, "SGD"),
    (descent.momentum, {"lr": 0.1, "beta": 0.9}, "SGD", {"lr": 0.1, "momentum": 0.9}, None),
    (
        descent.nesterov,
        {"lr": 0.1, "beta": 0.9},
        "SGD",
        {"lr": 0.1, "momentum": 0.9, "nesterov": True},
        None,
    ),
    (adaptive.adagrad, {"lr": 0.1}, "Adagrad", {"lr": 0.1}, "AdaGrad"),
    (adaptive.rmsprop, {"lr": 0.01}, "RMSprop", {"lr": 0.01}, "RMSProp"),
    (adaptive.adadelta, {"lr": 1.0}, "Adadelta", {"lr": 1.0}, None),
    (moments.adam, {"lr": 1e-3}, "Adam", {"lr": 1e-3}, "Adam"),
    (moments.adamw, {"lr": 1e-3}, "AdamW", {"lr": 1e-3}, None),
)


def cases(dtype: type) -> Iterator[Case]:
    """Every optimiser's second step, and one epoch of the two networks of the course."""
    draw = Draw(dtype)
    for row in OPTIMISERS:
        yield optimiser_step(draw, *row)
    yield mlp_epoch(draw)
    yield lenet_epoch(draw)


def optimiser_step(
    draw: Draw, ours: Callable, options: dict, their_name: str, their_options: dict, peer_name: str | None
) -> Case:
    w, dw = draw(PARAMETERS), draw(PARAMETERS)
    _, state = ours(w, dw, None, **options)  # memory exists from the second step on

    parameter = torch.nn.Parameter(torch.from_numpy(w.copy()))
    parameter.grad = torch.from_numpy(dw.copy())
    theirs = getattr(torch.optim, their_name)([parameter], **their_options)
    theirs.step()

    def step() -> None:
        theirs.step()

    peer = None
    if draw.double and peer_name:
        rule = getattr(numpy_ml_peer.load()[1], peer_name)()
        peer = Call(lambda: rule.update(w, dw, "w"))
    memories = sum(np.size(kept) > 1 for kept in state.values())
    return Case(
        f"{ours.__name__} step",
        "1,000,000 parameters",
        Call(lambda: ours(w, dw, state, **options)),
        Call(step),
        peer,
        moved=(3 + 2 * memories)
        * w.nbytes,  # w, its gradient and the memories are read; all but the gradient written
    )


def mlp_epoch(draw: Draw) -> Case:
    X, y = _digits(draw)
    X = X.reshape(len(X), 64)
    start = initialization.mlp_init([64, 100, 10], initialization.he_init, np.random.default_rng(0))
    start = {name: array.astype(draw.dtype) for name, array in start.items()}

    def ours() -> Any:
        params = start
        for X_batch, y_batch in training.minibatches(X, y, BATCH, np.random.default_rng(0)):
            scores, cache = networks.mlp_forward(X_batch, params)
            _, dscores = losses.cross_entropy_loss(scores, y_batch)
            params = training.gradient_step(params, networks.mlp_backward(dscores, cache), 0.1)
        return params

    network = torch.nn.Sequential(torch.nn.Linear(64, 100), torch.nn.ReLU(), torch.nn.Linear(100, 10))
    return Case(
        "one epoch of the MLP",
        "1,437 digits, 64–100–10, batches of 64",
        Call(ours),
        _torch_epoch(network, X, y),
    )


def lenet_epoch(draw: Draw) -> Case:
    X, y = _digits(draw)
    X = X[:, np.newaxis]
    start = {
        "w1": draw(8, 1, 3, 3, scale=0.4),
        "b1": np.zeros(8, draw.dtype),
        "w2": draw(16, 8, 3, 3, scale=0.15),
        "b2": np.zeros(16, draw.dtype),
        "W3": draw(64, 10, scale=0.15),
        "b3": np.zeros(10, draw.dtype),
    }

    def ours() -> Any:
        params = start
        for X_batch, y_batch in training.minibatches(X, y, BATCH, np.random.default_rng(0)):
            params = training.gradient_step(params, _lenet_gradients(X_batch, y_batch, params), 0.1)
        return params

    torch_nn = torch.nn
    network = torch_nn.Sequential(
        torch_nn.Conv2d(1, 8, 3, padding=1),
        torch_nn.ReLU(),
        torch_nn.MaxPool2d(2),
        torch_nn.Conv2d(8, 16, 3, padding=1),
        torch_nn.ReLU(),
        torch_nn.MaxPool2d(2),
        torch_nn.Flatten(),
        torch_nn.Linear(64, 10),
    )
    return Case(
        "one epoch of the LeNet", "1,437 digits, batches of 64", Call(ours), _torch_epoch(network, X, y)
    )


def _lenet_gradients(X: np.ndarray, y: np.ndarray, params: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Two convolutions, each with ReLU and max pooling, then a dense layer: forward, loss, backward."""
    a1, conv1 = conv2d.conv2d_forward(X, params["w1"], params["b1"], 1, 1)
    h1 = np.maximum(a1, 0)
    p1, pool1 = pooling.max_pool2d_forward(h1, 2)
    a2, conv2 = conv2d.conv2d_forward(p1, params["w2"], params["b2"], 1, 1)
    h2 = np.maximum(a2, 0)
    p2, pool2 = pooling.max_pool2d_forward(h2, 2)
    scores, dense = dense_forward(p2.reshape(len(X), -1), params["W3"], params["b3"])
    _, dscores = losses.cross_entropy_loss(scores, y)

    dp2, dW3, db3 = dense_backward(dscores, dense)
    dh2 = pooling.max_pool2d_backward(dp2.reshape(p2.shape), pool2)
    dp1, dw2, db2 = conv2d.conv2d_backward(relu_backward(dh2, h2), conv2)
    dh1 = pooling.max_pool2d_backward(dp1, pool1)
    _, dw1, db1 = conv2d.conv2d_backward(relu_backward(dh1, h1), conv1)
    return {"w1": dw1, "b1": db1, "w2": dw2, "b2": db2, "W3": dW3, "b3": db3}


def _torch_epoch(network: torch.nn.Module, X: np.ndarray, y: np.ndarray) -> Call:
    images, labels = torch.from_numpy(X.copy()), torch.from_numpy(y.copy())
    network = network.to(images.dtype)
    rule = torch.optim.SGD(network.parameters(), lr=0.1)

    def epoch() -> None:
        order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
        for batch in order.split(BATCH):
            rule.zero_grad()
            torch.nn.functional.cross_entropy(network(images[batch]), labels[batch]).backward()
            rule.step()

    return Call(epoch)


def _digits(draw: Draw) -> tuple[np.ndarray, np.ndarray]:
    digits = data.digits()
    return digits.train_images.astype(draw.dtype), digits.train_labels
