"""Chapter 3's trainings are judged by a property: every right way passes, and none that skips the work."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from byhand.checking.collect import collect, encode_cases
from byhand.checking.judge import judge
from byhand.checking.verdict import verdict
from byhand.exercises import find
from byhand.reference.backprop.losses import binary_cross_entropy_loss, cross_entropy_loss
from byhand.reference.backprop.networks import (
    mlp_backward,
    mlp_forward,
    two_layer_backward,
    two_layer_forward,
)
from byhand.reference.backprop.training import XOR_X, XOR_Y, train_two_layer_xor

SEEDS = range(12)


def passes(function, seed):
    spec = find(function.__name__)
    cases = spec.cases([3, seed])
    return verdict(spec, cases, collect(function, encode_cases(cases))).passed


def two_layers_from(draw):
    """A training of two layers whose first parameters `draw` draws, all four."""

    def train_two_layer_xor(hidden, lr, epochs, rng):
        shapes = {"W1": (2, hidden), "b1": (hidden,), "W2": (hidden, 1), "b2": (1,)}
        params, losses = {name: draw(rng, shape) for name, shape in shapes.items()}, np.zeros(epochs)
        for epoch in range(epochs):
            out, cache = two_layer_forward(XOR_X, params)
            losses[epoch], dout = binary_cross_entropy_loss(out, XOR_Y)
            grads = two_layer_backward(dout, cache)
            params = {name: params[name] - lr * grads[name] for name in params}
        return params, losses

    return train_two_layer_xor


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng, shape: rng.normal(size=shape),  # biases drawn, too
        lambda rng, shape: rng.uniform(-1, 1, size=shape),
        lambda rng, shape: rng.standard_normal(shape[::-1]).T,
    ],
    ids=["normal", "even", "turned"],
)
def test_two_layers_may_begin_anywhere(draw):
    assert all(passes(two_layers_from(draw), seed) for seed in SEEDS)


def classifier(order, first):
    def train_classifier(X, y, layer_sizes, lr, epochs, batch_size, rng):
        params = {}
        for layer in range(1, len(layer_sizes)):
            params[f"W{layer}"] = first(rng, layer_sizes[layer - 1], layer_sizes[layer])
            params[f"b{layer}"] = np.zeros(layer_sizes[layer])
        losses = []
        for _ in range(epochs):
            places, found = order(rng, len(X)), []
            for start in range(0, len(X), batch_size):
                part = places[start : start + batch_size]
                scores, cache = mlp_forward(X[part], params)
                loss, dscores = cross_entropy_loss(scores, y[part])
                grads = mlp_backward(dscores, cache)
                params = {name: params[name] - lr * grads[name] for name in params}
                found.append(loss)
            losses.append(np.mean(found))
        return params, np.array(losses)

    return train_classifier


@pytest.mark.parametrize(
    "order", [lambda rng, n: np.argsort(rng.random(n)), lambda rng, n: rng.permuted(np.arange(n))]
)
def test_a_classifier_may_draw_and_shuffle_in_its_own_way(order):
    def first(rng, inputs, outputs):
        return (rng.standard_normal((outputs, inputs)) * np.sqrt(2 / inputs)).T

    assert all(passes(classifier(order, first), seed) for seed in SEEDS)


def test_solved_parameters_with_invented_losses_do_not_pass():
    """The oracle's way: parameters that solve XOR, known beforehand, and a curve that falls to their loss."""
    solved, _ = train_two_layer_xor(8, 5.0, 400, np.random.default_rng(0))

    def invented(hidden, lr, epochs, rng):
        params = {
            "W1": np.zeros((2, hidden)),
            "b1": np.zeros(hidden),
            "W2": np.zeros((hidden, 1)),
            "b2": solved["b2"],
        }
        for name in ("W1", "b1"):
            params[name][..., : min(8, hidden)] = solved[name][..., : min(8, hidden)]
        params["W2"][: min(8, hidden)] = solved["W2"][: min(8, hidden)]
        last, _ = binary_cross_entropy_loss(two_layer_forward(XOR_X, params)[0], XOR_Y)
        return params, np.linspace(max(0.7, last + 0.1), last, epochs) + rng.normal(0, 1e-6, epochs)

    invented.__name__ = "train_two_layer_xor"
    assert not any(passes(invented, seed) for seed in SEEDS)


# The chapter's assembled network: half right is told what is missing.


def half_right(step=None, init=None, forget=(), rng_of=lambda rng: rng, each=1, last=False):
    """A training of a classifier with one thing wrong, written with loops of its own."""

    def train_classifier(X, y, layer_sizes, lr, epochs, batch_size, rng):
        rng, params, losses = rng_of(rng), {}, np.zeros(epochs)
        for layer, (inputs, outputs) in enumerate(pairwise(layer_sizes), start=1):
            size = np.sqrt(2 / inputs) if init is None else init
            params[f"W{layer}"], params[f"b{layer}"] = (
                rng.normal(0, size, (inputs, outputs)),
                np.zeros(outputs),
            )
        for epoch in range(epochs):
            order, found = rng.permutation(len(X)), []
            for number, start in enumerate(range(0, len(X), batch_size)):
                part = order[start : start + batch_size]
                scores, cache = mlp_forward(X[part], params)
                loss, dscores = cross_entropy_loss(scores, y[part])
                grads = mlp_backward(dscores, cache)
                for name in params:
                    if number % each == 0 and not name.startswith(forget or "-"):
                        params[name] = (
                            params[name] + (-lr if step is None else step(lr, len(part))) * grads[name]
                        )
                found.append(loss)
            losses[epoch] = found[-1] if last else np.mean(found)
        return params, losses

    return train_classifier


HALF_RIGHT = {
    "uphill": (half_right(step=lambda lr, n: lr), "with the gradient"),
    "the biases never learn": (half_right(forget=("b",)), "biases are not where"),
    "every second batch makes a step": (half_right(each=2), "every batch"),
    "the gradients of a batch are added": (half_right(step=lambda lr, n: -lr * n), "lr times the gradient"),
    "the first weights are all 0": (half_right(init=0.0), "he_init"),
    "the last batch alone is noted": (half_right(last=True), "last batch"),
    "always the same draws": (half_right(rng_of=lambda rng: np.random.default_rng(0)), "rng"),
}


@pytest.mark.parametrize(("answer", "told"), HALF_RIGHT.values(), ids=HALF_RIGHT)
def test_a_half_right_classifier_is_told_what_is_missing(answer, told):
    spec = find("train_classifier")
    for seed in range(3):
        cases = spec.cases([7, seed])
        report = judge(spec, cases, collect(answer, encode_cases(cases)))
        assert not report.passed and told in report.headline, report.headline


@pytest.mark.parametrize(
    "order", [lambda rng, n: rng.permutation(n), lambda rng, n: np.argsort(rng.random(n))]
)
def test_two_right_classifiers_pass_on_fifty_seeds(order):
    def first(rng, inputs, outputs):
        return rng.normal(0, np.sqrt(2 / inputs), size=(inputs, outputs))

    assert all(passes(classifier(order, first), seed) for seed in range(50))
