"""The laws of the optimizers that give each weight a learning rate of its own."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand.reference.optimizers import adaptive as module
from byhand.reference.optimizers.adaptive import adadelta, adagrad, rmsprop
from byhand.reference.optimizers.moments import adam, adam_without_correction, adamw

SCALE_FREE = [adagrad, rmsprop, adam, adam_without_correction]


def moves(optimizer, gradients, lr=0.1, **settings):
    """How far each step went, starting from 0."""
    w, state, places = np.zeros(np.shape(gradients[0])), None, []
    for dw in gradients:
        w, state = optimizer(w, np.array(dw), state, lr, **settings)
        places.append(w)
    return np.diff(places, axis=0, prepend=0.0)


@pytest.mark.parametrize("optimizer", SCALE_FREE, ids=lambda f: f.__name__)
def test_the_unit_of_the_gradients_does_not_matter(optimizer):
    gradients = np.random.default_rng(0).normal(size=(30, 4))
    np.testing.assert_allclose(
        moves(optimizer, 1000 * gradients), moves(optimizer, gradients), rtol=1e-5, atol=1e-7
    )


@pytest.mark.parametrize("optimizer", [*SCALE_FREE, adadelta, adamw], ids=lambda f: f.__name__)
def test_no_gradient_no_step(optimizer):
    assert np.all(moves(optimizer, np.zeros((5, 3))) == 0)


def test_adagrads_steps_shrink_with_the_root_of_their_number():
    np.testing.assert_allclose(
        moves(adagrad, np.full((100, 1), -3.0))[:, 0], 0.1 / np.sqrt(np.arange(1, 101))
    )


def test_rmsprop_without_memory_sees_only_signs():
    gradients = np.array([[3.0, -0.01], [-500.0, 2.0]])
    np.testing.assert_allclose(moves(rmsprop, gradients, beta=0.0), -0.1 * np.sign(gradients), rtol=1e-5)


def test_rmsprop_forgets_and_adagrad_does_not():
    gradients = np.concatenate([np.full(10, 100.0), np.full(2000, 1.0)])[:, np.newaxis]
    assert moves(rmsprop, gradients)[-1, 0] == pytest.approx(-0.1, rel=1e-3)
    assert moves(adagrad, gradients)[-1, 0] == pytest.approx(-0.1 / np.sqrt(10 * 100**2 + 2000), rel=1e-6)


def test_adadelta_begins_with_steps_of_the_size_of_the_root_of_epsilon_and_they_grow():
    lengths = np.abs(moves(adadelta, np.full((200, 1), 5.0), lr=1.0))[:, 0]
    assert lengths[0] == pytest.approx(np.sqrt(1e-6 / 0.1), rel=1e-3)
    assert np.all(np.diff(lengths[5:]) > 0)


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
