"""Penalties, dropout and the two norms are PyTorch's, forward and backward, to 1e-10 in float64."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from byhand.reference.regularization.dropout import dropout_backward, dropout_forward
from byhand.reference.regularization.normalization import (
    batch_norm_backward,
    batch_norm_forward,
    layer_norm_backward,
    layer_norm_forward,
)
from byhand.reference.regularization.penalties import l1_penalty, l2_penalty
from byhand.reference.regularization.weight_decay import adam_with_l2

RNG = np.random.default_rng(7)
CLOSE = {"rtol": 1e-10, "atol": 1e-10}


def leaf(array):
    return torch.tensor(array, requires_grad=True)


def compare(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other.detach().numpy(), **CLOSE)


@pytest.mark.parametrize("train", [True, False])
@pytest.mark.parametrize("shape", [(8, 5), (4, 5, 3, 2)])
@pytest.mark.parametrize(("momentum", "eps"), [(0.1, 1e-5), (0.3, 1e-2)])
def test_batch_norm_and_its_running_averages(shape, train, momentum, eps):
    x, dout = 3 * RNG.normal(size=shape) + 2, RNG.normal(size=shape)
    gamma, beta, mean, var = *RNG.normal(size=(3, 5)), RNG.uniform(0.5, 2, 5)
    given = [leaf(value) for value in (x, gamma, beta)]
    their_mean, their_var = torch.tensor(mean), torch.tensor(var)
    theirs = torch.nn.functional.batch_norm(
        given[0], their_mean, their_var, given[1], given[2], train, momentum, eps
    )
    theirs.backward(torch.tensor(dout))
    out, new_mean, new_var, cache = batch_norm_forward(x, gamma, beta, mean, var, train, momentum, eps)
    compare((out, new_mean, new_var), (theirs, their_mean, their_var))
    compare(batch_norm_backward(dout, cache), [value.grad for value in given])


@pytest.mark.parametrize("shape", [(8, 5), (3, 4, 5), (5,)])
def test_layer_norm(shape):
    x, dout, (gamma, beta) = 3 * RNG.normal(size=shape) + 2, RNG.normal(size=shape), RNG.normal(size=(2, 5))
    given = [leaf(value) for value in (x, gamma, beta)]
    theirs = torch.nn.functional.layer_norm(given[0], (5,), given[1], given[2])
    theirs.backward(torch.tensor(dout))
    out, cache = layer_norm_forward(x, gamma, beta)
    compare([out], [theirs])
    compare(layer_norm_backward(dout, cache), [value.grad for value in given])


@pytest.mark.parametrize("p", [0.0, 0.3, 0.8])
def test_dropout_with_pytorchs_mask(p):
    """Chance differs, so ours is led by the mask that PyTorch drew."""
    x, dout = RNG.normal(size=(20, 30)), RNG.normal(size=(20, 30))
    given = leaf(x)
    theirs = torch.nn.functional.dropout(given, p, training=True)
    theirs.backward(torch.tensor(dout))

    class Led:
        def random(self, shape, dtype=None):
            return (theirs.detach().numpy() != 0).astype(float)  # 1 where kept, 0 where dropped

    led = Led() if p > 0 else np.random.default_rng(0)
    out, mask = dropout_forward(x, p, led, train=True)
    compare([out, dropout_backward(dout, mask)], [theirs, given.grad])


def test_dropout_in_evaluation():
    x = RNG.normal(size=(20, 30))
    compare(
        [dropout_forward(x, 0.5, None, train=False)[0]],
        [torch.nn.functional.dropout(torch.tensor(x), 0.5, False)],
    )


def test_penalties_and_their_gradients():
    w = np.append(RNG.normal(size=20), 0.0)
    for penalty, theirs in (
        (l1_penalty, lambda t: t.abs().sum()),
        (l2_penalty, lambda t: t.square().sum() / 2),
    ):
        given = leaf(w)
        loss = 0.3 * theirs(given)
        loss.backward()
        compare(penalty(w, 0.3), (loss, given.grad))


def test_the_l2_penalty_is_sgds_weight_decay():
    w, dw = RNG.normal(size=20), RNG.normal(size=20)
    given = leaf(w)
    given.grad = torch.tensor(dw)
    torch.optim.SGD([given], lr=0.1, weight_decay=0.05).step()
    compare([w - 0.1 * (dw + l2_penalty(w, 0.05)[1])], [given])


def test_adam_with_l2_is_adams_weight_decay():
    given, state = leaf(RNG.normal(size=20)), None
    optimizer = torch.optim.Adam([given], lr=0.1, weight_decay=0.05)
    w = given.detach().numpy().copy()
    for dw in RNG.normal(size=(5, 20)):
        given.grad = torch.tensor(dw)
        optimizer.step()
        w, state = adam_with_l2(w, dw, state, 0.1, 0.05)
        compare([w], [given])
