"""Whole networks: every gradient is the measured slope, at any depth, and the first weights have their size."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand.reference.backprop import networks as module
from byhand.reference.backprop.initialization import he_init, mlp_init, xavier_init
from byhand.reference.backprop.losses import cross_entropy_loss, mse_loss
from byhand.reference.backprop.networks import (
    ACTIVATIONS,
    mlp_backward,
    mlp_forward,
    three_layers_by_hand,
    two_layer_backward,
    two_layer_forward,
)
from byhand.reference.start.derivatives import numerical_gradient

RNG = np.random.default_rng(0)
X = RNG.normal(size=(5, 3))


def drawn(*sizes):
    """Parameters with biases that are not 0, so that a forgotten one is seen."""
    params = mlp_init(sizes, xavier_init, np.random.default_rng(1))
    return {name: p + RNG.normal(0, 0.1, p.shape) for name, p in params.items()}


def check_every_gradient(loss, params, grads):
    assert list(sorted(grads)) == list(sorted(params))
    for name in params:
        measured = numerical_gradient(lambda v, name=name: loss({**params, name: v}), params[name], 1e-5)
        np.testing.assert_allclose(grads[name], measured, atol=1e-8, err_msg=name)


def test_every_gradient_of_two_layers_is_the_measured_slope():
    params, target = drawn(3, 4, 2), RNG.uniform(size=(5, 2))
    out, cache = two_layer_forward(X, params)
    grads = two_layer_backward(mse_loss(out, target)[1], cache)
    check_every_gradient(lambda p: mse_loss(two_layer_forward(X, p)[0], target)[0], params, grads)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [(3, 2), (3, 4, 2), (3, 5, 4, 3), (3, 3, 3, 3, 3, 2)])
def test_every_gradient_of_any_depth_is_the_measured_slope(activation, sizes):
    params, labels = drawn(*sizes), RNG.integers(0, sizes[-1], 5)

    def loss(p):
        return cross_entropy_loss(mlp_forward(X, p, activation)[0], labels)[0]

    scores, cache = mlp_forward(X, params, activation)
    grads = mlp_backward(cross_entropy_loss(scores, labels)[1], cache)
    check_every_gradient(loss, params, grads)


def test_three_layers_by_hand_agree_with_the_network():
    params = {f"W{i}": np.array([[w]]) for i, w in enumerate((-1.5, 2.0, -0.5), start=1)}
    params |= {f"b{i}": np.zeros(1) for i in (1, 2, 3)}
    out, cache = mlp_forward([[-2.0]], params)
    grads = mlp_backward(mse_loss(out, [[1.0]])[1], cache)
    assert three_layers_by_hand() == tuple(grads[f"W{i}"].item() for i in (1, 2, 3))


def test_without_an_activation_one_layer_is_a_dense_layer():
    params = drawn(3, 2)
    np.testing.assert_allclose(mlp_forward(X, params)[0], X @ params["W1"] + params["b1"])


def test_a_network_can_be_gone_back_through_twice():
    out, cache = two_layer_forward(X, drawn(3, 4, 2))
    once, again = two_layer_backward(out, cache), two_layer_backward(out, cache)
    for name in once:
        np.testing.assert_array_equal(once[name], again[name])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_type_is_finite_at_1000_and_leaves_its_inputs_alone(dtype):
    params = {name: p.astype(dtype) for name, p in drawn(3, 4, 2).items()}
    x, dout = (1000 * X).astype(dtype), np.ones((5, 2), dtype)
    for array in (x, dout, *params.values()):
        array.flags.writeable = False
    for out, cache, back in [
        (*two_layer_forward(x, params), two_layer_backward),
        *((*mlp_forward(x, params, name), mlp_backward) for name in ACTIVATIONS),
    ]:
        grads = back(dout, cache)
        assert out.dtype == dtype and all(g.dtype == dtype for g in grads.values())
        assert all(np.all(np.isfinite(g)) and g.shape == params[name].shape for name, g in grads.items())


@pytest.mark.parametrize("sizes", [(300, 200), (200, 300), (500, 500)])
def test_xavier_lies_within_its_limit_and_fills_it(sizes):
    W, limit = xavier_init(*sizes, np.random.default_rng(0)), np.sqrt(6 / sum(sizes))
    assert 0.99 * limit < np.abs(W).max() < limit
    assert W.mean() == pytest.approx(0, abs=0.01 * limit)
    assert W.var() == pytest.approx(2 / sum(sizes), rel=0.02)


@pytest.mark.parametrize("sizes", [(300, 200), (200, 300)])
def test_he_has_variance_2_over_fan_in(sizes):
    W = he_init(*sizes, np.random.default_rng(0))
    assert W.shape == sizes
    assert W.mean() == pytest.approx(0, abs=3 * W.std() / np.sqrt(W.size))
    assert W.var() == pytest.approx(2 / sizes[0], rel=0.02)


@pytest.mark.parametrize(("activation", "init"), [("relu", he_init), ("tanh", xavier_init)])
def test_ten_layers_of_the_right_weights_neither_explode_nor_vanish_either_way(activation, init):
    params = mlp_init([256] * 12, init, np.random.default_rng(0))
    out, cache = mlp_forward(np.random.default_rng(1).normal(size=(200, 256)), params, activation)
    grads = mlp_backward(np.random.default_rng(2).normal(size=out.shape), cache)
    ratio = np.linalg.norm(grads["W1"]) / np.linalg.norm(grads["W10"])
    assert 0.1 < out.std() < 10
    assert 0.1 < ratio < 10


def test_every_layers_weights_are_drawn_in_turn_and_its_biases_are_0():
    params, drawn = mlp_init([3, 4, 2], he_init, np.random.default_rng(8)), np.random.default_rng(8)
    np.testing.assert_allclose(params["W1"], np.sqrt(2 / 3) * drawn.standard_normal((3, 4)))
    np.testing.assert_allclose(params["W2"], np.sqrt(2 / 4) * drawn.standard_normal((4, 2)))
    assert not params["b1"].any() and params["b1"].shape == (4,)
    assert not params["b2"].any() and params["b2"].shape == (2,)


def test_the_same_seed_draws_the_same_weights():
    for init in (xavier_init, he_init):
        one, other = (init(4, 5, np.random.default_rng(7)) for _ in range(2))
        np.testing.assert_array_equal(one, other)
        rng = np.random.default_rng(7)
        assert not np.array_equal(init(4, 5, rng), init(4, 5, rng))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: two_layer_forward(np.ones((5, 2)), drawn(3, 4, 2)), r"x has shape \(5, 2\)"),
        (
            lambda: two_layer_backward(np.ones((5, 1)), two_layer_forward(X, drawn(3, 4, 2))[1]),
            "dout has shape",
        ),
        (lambda: mlp_backward(np.ones((5, 1)), mlp_forward(X, drawn(3, 4, 2))[1]), "dout has shape"),
        (lambda: mlp_forward(X, drawn(3, 4, 2), "swish"), "no activation 'swish'"),
        (lambda: mlp_forward(X, {"W1": np.ones((3, 2))}), "these are W1"),
        (lambda: mlp_forward(X, {}), "these are none"),
        (lambda: mlp_forward(X, {"W1": 1, "b1": 1, "W3": 1, "b3": 1}), "these are W1, b1, W3, b3"),
        (lambda: xavier_init(0, 3, RNG), r"cannot be \(0, 3\)"),
        (lambda: he_init(3, -1, RNG), r"cannot be \(3, -1\)"),
        (lambda: mlp_init([3], he_init, RNG), r"layer_sizes is \[3\]"),
    ],
)
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
