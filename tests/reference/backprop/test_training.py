"""Training: the step goes downhill, every example is used once, and the networks learn what they should."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand import data
from byhand.reference.activations.elementwise import sigmoid
from byhand.reference.backprop import training as module
from byhand.reference.backprop.networks import mlp_forward, two_layer_forward
from byhand.reference.backprop.training import (
    XOR_X,
    XOR_Y,
    gradient_step,
    minibatches,
    train_classifier,
    train_single_layer_xor,
    train_two_layer_xor,
)
from byhand.reference.start.derivatives import numerical_gradient

RNG = np.random.default_rng(0)


def test_a_step_goes_against_the_gradient_and_leaves_what_it_was_given():
    params, grads = {"W": RNG.normal(size=(2, 3)), "b": np.zeros(3)}, {"b": np.ones(3), "W": np.ones((2, 3))}
    for array in (*params.values(), *grads.values()):
        array.flags.writeable = False
    stepped = gradient_step(params, grads, 0.5)
    np.testing.assert_allclose(stepped["W"], params["W"] - 0.5)
    np.testing.assert_allclose(stepped["b"], [-0.5] * 3)


def test_a_step_of_rate_zero_changes_nothing_but_gives_new_arrays():
    params = {"W": np.ones(3)}
    stepped = gradient_step(params, {"W": np.ones(3)}, 0)
    np.testing.assert_array_equal(stepped["W"], params["W"])
    assert not np.shares_memory(stepped["W"], params["W"])


def test_a_float64_learning_rate_does_not_widen_float32():
    one = {"W": np.ones(3, np.float32)}
    assert gradient_step(one, one, np.float64(0.1))["W"].dtype == np.float32


@pytest.mark.parametrize(("count", "size"), [(10, 3), (10, 5), (10, 1), (10, 10), (10, 99), (1, 1), (0, 4)])
def test_every_example_is_in_one_batch_with_its_label(count, size):
    X = RNG.normal(size=(count, 2))
    batches = minibatches(X, X[:, 0], size, np.random.default_rng(0))
    assert [len(X_batch) for X_batch, _ in batches] == [
        min(size, count - start) for start in range(0, count, size)
    ]
    for X_batch, y_batch in batches:
        np.testing.assert_array_equal(X_batch[:, 0], y_batch)
    if batches:
        assert sorted(np.concatenate([y for _, y in batches])) == sorted(X[:, 0])


def test_the_order_is_new_in_every_epoch_and_the_same_for_the_same_seed():
    X, rng = np.arange(100), np.random.default_rng(3)
    first, second = (np.concatenate([b for b, _ in minibatches(X, X, 7, rng)]) for _ in range(2))
    again = np.concatenate([b for b, _ in minibatches(X, X, 7, np.random.default_rng(3))])
    assert not np.array_equal(first, X) and not np.array_equal(first, second)
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(X, np.arange(100))


@pytest.mark.parametrize("seed", range(20))
def test_one_layer_ends_at_one_half_for_everything(seed):
    params, losses = train_single_layer_xor(1.0, 500, np.random.default_rng(seed))
    np.testing.assert_allclose(sigmoid(XOR_X @ params["W"] + params["b"]), 0.5, atol=0.01)
    assert losses[-1] == pytest.approx(np.log(2), abs=1e-4)


@pytest.mark.parametrize("seed", range(20))
def test_two_layers_solve_xor_from_every_one_of_twenty_seeds(seed):
    params, losses = train_two_layer_xor(8, 2.0, 1000, np.random.default_rng(seed))
    out, _ = two_layer_forward(XOR_X, params)
    assert np.abs(out - XOR_Y).max() < 0.1
    assert losses.shape == (1000,) and losses[-1] < 0.05 < losses[0]


# ---- one step more is one step against the measured slope of a loss that is written out here ----


def two_way_surprise(prob):
    return -np.mean(np.where(XOR_Y == 1, np.log(prob), np.log(1 - prob)))


def loss_of_one_layer(params):
    return two_way_surprise(1 / (1 + np.exp(-(XOR_X @ params["W"] + params["b"]))))


def loss_of_two_layers(params):
    hidden = 1 / (1 + np.exp(-(XOR_X @ params["W1"] + params["b1"])))
    return two_way_surprise(1 / (1 + np.exp(-(hidden @ params["W2"] + params["b2"]))))


POINTS, CLASSES = np.random.default_rng(1).normal(size=(5, 2)), np.array([0, 2, 1, 1, 0])


def loss_of_a_classifier(params):
    scores = np.maximum(POINTS @ params["W1"] + params["b1"], 0) @ params["W2"] + params["b2"]
    prob = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return -np.mean(np.log(prob[np.arange(5), CLASSES]))


TRAININGS = {
    "one layer": (loss_of_one_layer, lambda epochs, rng: train_single_layer_xor(0.7, epochs, rng)),
    "two layers": (loss_of_two_layers, lambda epochs, rng: train_two_layer_xor(3, 0.7, epochs, rng)),
    "a classifier": (
        loss_of_a_classifier,
        lambda epochs, rng: train_classifier(POINTS, CLASSES, [2, 4, 3], 0.7, epochs, 5, rng),
    ),
}


@pytest.mark.parametrize("name", TRAININGS)
def test_every_step_goes_against_the_measured_slope_and_notes_the_loss_before_it(name):
    loss, train = TRAININGS[name]
    before, _ = train(0, np.random.default_rng(4))
    for epochs in (1, 2, 3):
        after, losses = train(epochs, np.random.default_rng(4))
        assert losses[-1] == pytest.approx(loss(before), rel=1e-9)
        for key, values in before.items():

            def moved(part, key=key, before=before):
                return loss({**before, key: part})

            slope = numerical_gradient(moved, values, 1e-6)
            np.testing.assert_allclose(after[key], values - 0.7 * slope, atol=1e-7)
        before = after


def test_the_digits_are_read():
    d = data.digits()
    params, losses = train_classifier(
        d.train_images.reshape(-1, 64), d.train_labels, [64, 64, 10], 0.3, 15, 32, np.random.default_rng(0)
    )
    scores, _ = mlp_forward(d.test_images.reshape(-1, 64), params)
    assert np.mean(scores.argmax(axis=1) == d.test_labels) >= 0.95
    assert losses.shape == (15,) and losses[-1] < 0.1 * losses[0]


def test_the_same_seed_trains_the_same_network():
    X, y = RNG.normal(size=(20, 2)), RNG.integers(0, 3, 20)
    one, other = (train_classifier(X, y, [2, 4, 3], 0.1, 3, 6, np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(one[1], other[1])
    for name in one[0]:
        np.testing.assert_array_equal(one[0][name], other[0][name])


def test_no_epochs_mean_the_first_weights():
    params, losses = train_classifier(
        np.ones((3, 2)), [0, 1, 2], [2, 4, 3], 0.1, 0, 2, np.random.default_rng(0)
    )
    assert losses.shape == (0,)
    assert params["W1"].shape == (2, 4) and not params["b1"].any()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: gradient_step({"W": 1.0}, {"V": 1.0}, 1), r"parameters are \['W'\], the gradients \['V'\]"),
        (lambda: gradient_step({"W": np.ones(3)}, {"W": np.ones((3, 1))}, 1), r"gradient has shape \(3, 1\)"),
        (lambda: minibatches(np.ones((3, 2)), np.ones(2), 1, RNG), r"X has shape \(3, 2\)"),
        (lambda: minibatches(np.ones((3, 2)), np.ones(3), 0, RNG), "size is 0"),
        (lambda: train_classifier(np.ones((3, 2)), [0, 1, 5], [2, 3], 1, 1, 3, RNG), "from 0 to 2"),
    ],
)
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
