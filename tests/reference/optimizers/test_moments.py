"""Adam's averages, what the correction of their start is for, and a decay beside the gradient."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand.reference.optimizers import moments as module
from byhand.reference.optimizers.moments import (
    adam,
    adam_without_correction,
    adamw,
    bias_correction,
    moving_average,
)


def moves(optimizer, gradients, lr=0.1, **settings):
    """How far each step went, starting from 0."""
    w, state, places = np.zeros(np.shape(gradients[0])), None, []
    for dw in gradients:
        w, state = optimizer(w, np.array(dw), state, lr, **settings)
        places.append(w)
    return np.diff(places, axis=0, prepend=0.0)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.999])
def test_the_average_is_the_sum_with_weights_that_fade(beta):
    values = np.random.default_rng(0).normal(size=30)
    for t, average in enumerate(moving_average(values, beta), start=1):
        weights = (1 - beta) * beta ** np.arange(t)[::-1]
        assert average == pytest.approx(weights @ values[:t])
        assert weights.sum() == pytest.approx(1 - beta**t)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.999])
def test_corrected_the_average_of_a_constant_is_that_constant_from_the_first_number_on(beta):
    np.testing.assert_allclose(bias_correction(moving_average(np.full(50, 7.0), beta), beta), 7)


def test_without_memory_both_change_nothing():
    values = np.array([3.0, -1.0, 2.0])
    np.testing.assert_array_equal(bias_correction(moving_average(values, 0.0), 0.0), values)


@pytest.mark.parametrize("function", [moving_average, bias_correction])
def test_types_shapes_and_inputs(function):
    values = np.ones(4, np.float32)
    values.flags.writeable = False
    assert function(values, 0.9).dtype == np.float32
    assert function([1, 2], 0.5).dtype == np.float64
    with pytest.raises(ValueError, match=rf"{function.__name__}.*\(2, 2\)"):
        function(np.ones((2, 2)), 0.9)


def test_under_a_constant_gradient_every_step_of_adam_has_the_length_lr():
    np.testing.assert_allclose(
        moves(adam, np.full((500, 2), [4.0, -0.003])), np.full((500, 2), [-0.1, 0.1]), 1e-4
    )


def test_without_correction_adams_first_steps_are_too_long():
    t = np.arange(1, 501)
    lengths = np.abs(moves(adam_without_correction, np.full((500, 1), 4.0)))[:, 0] / 0.1
    np.testing.assert_allclose(lengths, (1 - 0.9**t) / np.sqrt(1 - 0.999**t), rtol=1e-6)
    assert lengths[0] == pytest.approx(3.16, abs=0.01)
    assert 6 < lengths.max() < 7


def test_after_long_the_correction_makes_no_difference():
    gradients = np.random.default_rng(1).normal(size=(10_000, 1))
    one, other = moves(adam, gradients), moves(adam_without_correction, gradients)
    np.testing.assert_allclose(one[-100:], other[-100:], rtol=1e-4, atol=1e-9)


def test_adamw_without_decay_is_adam():
    gradients = np.random.default_rng(0).normal(size=(10, 3))
    np.testing.assert_array_equal(moves(adamw, gradients, weight_decay=0.0), moves(adam, gradients))


def test_adamws_decay_is_not_divided_by_the_size_of_the_gradients():
    w, state = np.array([2.0, 2.0]), None
    plain, plain_state = w, None
    for _ in range(50):
        dw = np.array([1000.0, 0.001])
        w, state = adamw(w, dw, state, 0.01, weight_decay=0.1)
        plain, plain_state = adam(plain, dw, plain_state, 0.01)
    shrunk = plain - w
    assert shrunk[0] == pytest.approx(shrunk[1], rel=1e-3)
    assert shrunk[0] > 0.05


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
