"""The loop of chapter 06: with plain descent it is chapter 03's, and it hands every function what it promises."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand.data import digits
from byhand.reference.backprop.initialization import he_init, mlp_init
from byhand.reference.backprop.losses import cross_entropy_loss
from byhand.reference.backprop.networks import mlp_backward, mlp_forward
from byhand.reference.backprop.training import minibatches, train_classifier
from byhand.reference.optimizers import assembled
from byhand.reference.optimizers.adaptive import adadelta, adagrad, rmsprop
from byhand.reference.optimizers.assembled import train
from byhand.reference.optimizers.descent import momentum, nesterov, sgd
from byhand.reference.optimizers.moments import adam, adamw
from byhand.reference.optimizers.schedules import cosine_decay
from byhand.reference.start.derivatives import numerical_gradient


def of_network(parameters, x, y):
    scores, cache = mlp_forward(x, parameters)
    loss, dscores = cross_entropy_loss(scores, y)
    return loss, mlp_backward(dscores, cache)


def on_digits(optimizer, schedule, epochs, seed, sizes=(64, 8, 10), size=64, count=300):
    known, rng = digits(), np.random.default_rng(seed)
    x, y = known.train_images.reshape(-1, 64)[:count], known.train_labels[:count]
    start = mlp_init(sizes, he_init, rng)
    return train(
        start, of_network, lambda rng: minibatches(x, y, size, rng), optimizer, schedule, epochs, rng
    )


@pytest.mark.parametrize("seed", range(3))
def test_with_plain_descent_it_is_the_training_of_chapter_three(seed):
    known = digits()
    x, y = known.train_images.reshape(-1, 64)[:300], known.train_labels[:300]
    there, means = train_classifier(x, y, [64, 8, 10], 0.3, 4, 64, np.random.default_rng(seed))
    here, losses = on_digits(sgd, lambda step: 0.3, 4, seed)
    for name in there:
        np.testing.assert_allclose(here[name], there[name], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(losses.reshape(4, -1).mean(axis=1), means, rtol=1e-12)


@pytest.mark.parametrize("optimizer", [sgd, momentum, nesterov, adagrad, rmsprop, adadelta, adam, adamw])
def test_every_optimizer_of_the_chapter_makes_its_own_steps_on_each_array(optimizer):
    batches = [(x, None) for x in np.random.default_rng(1).normal(size=(6, 3))]
    start = {"a": np.array([1.0, -2.0]), "b": np.array([0.5])}

    def pull(parameters, x, y):
        return 0.0, {"a": parameters["a"] - x[:2], "b": 3 * (parameters["b"] - x[2:])}

    found, _ = train(
        start,
        pull,
        lambda rng: batches,
        optimizer,
        lambda step: 0.1 / (1 + step),
        1,
        np.random.default_rng(0),
    )
    for name, part, factor in (("a", slice(0, 2), 1), ("b", slice(2, 3), 3)):
        w, state = start[name], None
        for step, (x, _) in enumerate(batches):
            w, state = optimizer(w, factor * (w - x[part]), state, 0.1 / (1 + step))
        np.testing.assert_allclose(found[name], w, rtol=1e-13)


def test_the_first_step_of_plain_descent_is_the_measured_slope():
    x, y = np.random.default_rng(0).normal(size=(5, 4)), np.arange(5) % 3
    start = mlp_init([4, 3, 3], he_init, np.random.default_rng(1))
    found, losses = train(
        start, of_network, lambda rng: [(x, y)], sgd, lambda step: 1.0, 1, np.random.default_rng(0)
    )
    for name, w in start.items():

        def loss(value, name=name, w=w):
            return of_network(start | {name: value.reshape(w.shape)}, x, y)[0]

        slope = numerical_gradient(loss, w.ravel(), 1e-5).reshape(w.shape)
        np.testing.assert_allclose(w - found[name], slope, rtol=1e-5, atol=1e-8)
    assert losses == pytest.approx([of_network(start, x, y)[0]])


def test_the_schedule_is_asked_for_each_step_once_and_the_data_once_an_epoch():
    asked, drawn = [], []

    def data(rng):
        drawn.append(rng.integers(1000))
        return [(1.0, 0)] * 3

    train(
        {"w": np.ones(2)},
        lambda parameters, x, y: (0.0, {"w": parameters["w"]}),
        data,
        sgd,
        lambda step: asked.append(step) or 0.1,
        4,
        np.random.default_rng(3),
    )
    assert asked == list(range(12))
    assert drawn == list(np.random.default_rng(3).integers(1000, size=4))


def test_it_changes_nothing_that_it_was_given():
    start = {"w": np.ones(2)}
    train(
        start,
        lambda p, x, y: (0.0, {"w": p["w"]}),
        lambda rng: [(1, 1)],
        sgd,
        lambda step: 0.5,
        3,
        np.random.default_rng(0),
    )
    assert list(start) == ["w"] and np.all(start["w"] == 1)


def test_a_parameter_without_gradient_is_named():
    with pytest.raises(ValueError, match="no gradient of b"):
        train(
            {"w": np.ones(1), "b": np.ones(1)},
            lambda p, x, y: (0.0, {"w": p["w"]}),
            lambda rng: [(1, 1)],
            sgd,
            lambda step: 0.5,
            1,
            np.random.default_rng(0),
        )


def test_adam_on_a_cosine_learns_the_digits():
    _, losses = on_digits(adam, lambda step: cosine_decay(step, 0.03, 50), 10, 0, sizes=(64, 16, 10))
    assert losses[:5].mean() > 1.5 and losses[-5:].mean() < 0.8


def test_examples():
    assert doctest.testmod(assembled).failed == 0
