"""Losses, ways back, whole networks, clipping and steps are PyTorch's, to 1e-10 in float64."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional as F  # noqa: N812 (PyTorch's own name for it)

from byhand.reference.activations import elementwise, probabilities
from byhand.reference.backprop import backward, gradients, initialization, losses, networks, training
from byhand.reference.neuron.layers import dense_forward

RNG = np.random.default_rng(0)
CLOSE = {"rtol": 1e-10, "atol": 1e-10}
SURE = np.array([0.0, 1e-13, 1e-8, 0.3, 0.7, 1 - 1e-8, 1 - 1e-13, 1.0])


def tensor(array):
    return torch.tensor(array, requires_grad=True)


LOSSES = {
    "mse": (losses.mse_loss, F.mse_loss, RNG.normal(size=(6, 4)), RNG.normal(size=(6, 4))),
    "yes or no": (
        losses.binary_cross_entropy_loss,
        F.binary_cross_entropy,
        RNG.uniform(0.01, 0.99, (9, 1)),
        RNG.integers(0, 2, (9, 1)).astype(float),
    ),
    "classes": (losses.cross_entropy_loss, F.cross_entropy, RNG.normal(size=(6, 4)), RNG.integers(0, 4, 6)),
    "classes, at 1000": (
        losses.cross_entropy_loss,
        F.cross_entropy,
        np.array([[1000.0, -1000.0, 0.0], [0.0, 1000.0, 999.0]]),
        np.array([1, 2]),
    ),
}


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_and_its_gradient(name):
    ours, theirs, answer, target = LOSSES[name]
    loss, gradient = ours(answer, target)
    x = tensor(answer)
    expected = theirs(x, torch.tensor(target))
    expected.backward()
    np.testing.assert_allclose(loss, expected.item(), **CLOSE)
    np.testing.assert_allclose(gradient, x.grad.numpy(), **CLOSE)


def test_answers_yes_or_no_that_are_too_sure():
    """PyTorch keeps its limit of 1e-12 as a float32, so its gradient there is off by 4e-9 of itself."""
    prob, target = np.tile(SURE, 2), np.repeat([0.0, 1.0], len(SURE))
    loss, gradient = losses.binary_cross_entropy_loss(prob, target)
    x = tensor(prob)
    expected = F.binary_cross_entropy(x, torch.tensor(target))
    expected.backward()
    np.testing.assert_allclose(loss, expected.item(), **CLOSE)
    np.testing.assert_allclose(gradient, x.grad.numpy(), rtol=1e-8, atol=1e-10)


WAYS_BACK = {
    "sigmoid": (torch.sigmoid, elementwise.sigmoid, backward.sigmoid_backward),
    "tanh": (torch.tanh, elementwise.tanh, backward.tanh_backward),
    "relu": (torch.relu, elementwise.relu, backward.relu_backward),
    "softmax": (lambda x: torch.softmax(x, -1), probabilities.softmax, backward.softmax_backward),
}


@pytest.mark.parametrize("name", WAYS_BACK)
def test_the_way_back_through_an_activation(name):
    theirs, forward, back = WAYS_BACK[name]
    values = np.concatenate([RNG.normal(0, 3, (5, 8)), np.array([[-1000, -30, -1, 0, 0, 1, 30, 1000.0]])])
    dout, x = RNG.normal(size=values.shape), tensor(values)
    theirs(x).backward(torch.tensor(dout))
    np.testing.assert_allclose(back(dout, forward(values)), x.grad.numpy(), **CLOSE)


def test_the_way_back_through_a_dense_layer():
    x, W, b = (tensor(RNG.normal(size=shape)) for shape in ((7, 5), (5, 3), (3,)))
    dout = RNG.normal(size=(7, 3))
    F.linear(x, W.T, b).backward(torch.tensor(dout))
    _, cache = dense_forward(*(each.detach().numpy() for each in (x, W, b)))
    for ours, theirs in zip(backward.dense_backward(dout, cache), (x, W, b), strict=True):
        np.testing.assert_allclose(ours, theirs.grad.numpy(), **CLOSE)


def check_network(ours_forward, ours_backward, theirs, sizes):
    params = initialization.mlp_init(sizes, initialization.xavier_init, RNG)
    params = {name: p + 0.1 * RNG.normal(size=p.shape) for name, p in params.items()}
    x, dout = RNG.normal(size=(6, sizes[0])), RNG.normal(size=(6, sizes[-1]))
    out, cache = ours_forward(x, params)
    grads = ours_backward(dout, cache)
    tensors = {name: tensor(p) for name, p in params.items()}
    expected = theirs(torch.tensor(x), tensors)
    expected.backward(torch.tensor(dout))
    np.testing.assert_allclose(out, expected.detach().numpy(), **CLOSE)
    for name, gradient in grads.items():
        np.testing.assert_allclose(gradient, tensors[name].grad.numpy(), err_msg=name, **CLOSE)


def test_two_layers():
    def theirs(x, p):
        return torch.sigmoid(torch.sigmoid(x @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"])

    check_network(networks.two_layer_forward, networks.two_layer_backward, theirs, (4, 5, 3))


@pytest.mark.parametrize("activation", networks.ACTIVATIONS)
@pytest.mark.parametrize("sizes", [(4, 3), (4, 6, 5, 3), (4, *[6] * 10, 3)])
def test_networks_of_any_depth(activation, sizes):
    def theirs(x, p):
        depth = len(sizes) - 1
        for layer in range(1, depth + 1):
            x = x @ p[f"W{layer}"] + p[f"b{layer}"]
            x = getattr(torch, activation)(x) if layer < depth else x
        return x

    check_network(lambda x, p: networks.mlp_forward(x, p, activation), networks.mlp_backward, theirs, sizes)


def as_parameters(grads):
    parameters = [torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64)) for g in grads.values()]
    for parameter, gradient in zip(parameters, grads.values(), strict=True):
        parameter.grad = torch.tensor(gradient)
    return parameters


@pytest.mark.parametrize("limit", [0.01, 1.0, 100.0])
@pytest.mark.parametrize(
    ("ours", "theirs", "rtol"),
    [
        (gradients.clip_by_value, torch.nn.utils.clip_grad_value_, 1e-10),
        (gradients.clip_by_norm, torch.nn.utils.clip_grad_norm_, 1e-6),  # PyTorch divides by the norm + 1e-6
    ],
    ids=["value", "norm"],
)
def test_clipping(ours, theirs, rtol, limit):
    grads = {"W": RNG.normal(0, 3, (4, 3)), "b": RNG.normal(0, 3, 3), "zero": np.zeros(2)}
    parameters = as_parameters(grads)
    theirs(parameters, limit)
    for clipped, parameter in zip(ours(grads, limit).values(), parameters, strict=True):
        np.testing.assert_allclose(clipped, parameter.grad.numpy(), rtol=rtol, atol=1e-10)


def test_a_step():
    params = {"W": RNG.normal(size=(4, 3)), "b": RNG.normal(size=3)}
    grads = {name: RNG.normal(size=p.shape) for name, p in params.items()}
    parameters = as_parameters(grads)
    for parameter, value in zip(parameters, params.values(), strict=True):
        parameter.data = torch.tensor(value)
    torch.optim.SGD(parameters, lr=0.3).step()
    for stepped, parameter in zip(
        training.gradient_step(params, grads, 0.3).values(), parameters, strict=True
    ):
        np.testing.assert_allclose(stepped, parameter.detach().numpy(), **CLOSE)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (initialization.xavier_init, torch.nn.init.xavier_uniform_),
        (initialization.he_init, lambda W: torch.nn.init.kaiming_normal_(W, nonlinearity="relu")),
    ],
    ids=["xavier", "he"],
)
def test_the_first_weights_have_the_same_distribution(ours, theirs):
    """Another generator draws other numbers, so their sorted values are compared: 120,000 of them, in 20 parts."""
    torch.manual_seed(0)
    weights = theirs(torch.empty(300, 400, dtype=torch.float64)).numpy()  # PyTorch's W is (out, in)
    parts = np.linspace(0.025, 0.975, 20)
    one, other = (np.quantile(W, parts) for W in (ours(400, 300, RNG), weights))
    np.testing.assert_allclose(one, other, atol=0.02 * weights.std())
