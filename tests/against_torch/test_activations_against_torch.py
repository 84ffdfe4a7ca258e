"""The activation functions are PyTorch's, to 1e-10 in float64, and so are their slopes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from byhand.reference.activations import elementwise, leaky, probabilities

X = np.concatenate([np.random.default_rng(0).normal(0, 3, 200), [-1000.0, -30.0, 30.0, 1000.0]])
CLOSE = {"rtol": 1e-10, "atol": 1e-10}

PAIRS = {
    "sigmoid": (torch.sigmoid, elementwise.sigmoid, elementwise.sigmoid_derivative),
    "tanh": (torch.tanh, elementwise.tanh, elementwise.tanh_derivative),
    "relu": (torch.relu, elementwise.relu, elementwise.relu_derivative),
    "leaky_relu": (
        torch.nn.functional.leaky_relu,
        leaky.leaky_relu,
        leaky.leaky_relu_derivative,
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_value_and_slope_are_pytorchs(name):
    theirs, ours, slope = PAIRS[name]
    x = torch.tensor(X, requires_grad=True)
    theirs(x).sum().backward()
    np.testing.assert_allclose(ours(X), theirs(x).detach().numpy(), **CLOSE)
    np.testing.assert_allclose(slope(X), x.grad.numpy(), **CLOSE)


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_softmax_is_pytorchs(name, axis):
    x = X.reshape(12, 17)
    theirs = getattr(torch, name)(torch.tensor(x), dim=axis).numpy()
    np.testing.assert_allclose(getattr(probabilities, name)(x, axis=axis), theirs, **CLOSE)
