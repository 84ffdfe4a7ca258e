"""What the reference of chapter 1 promises about one neuron and a layer of them."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand.reference.neuron import layers as module
from byhand.reference.neuron.layers import (
    dense_forward,
    neuron,
    step,
    weighted_sum,
    weighted_sum_by_hand,
)

RNG = np.random.default_rng(1)


def test_the_sum_by_hand_is_the_general_one():
    assert weighted_sum_by_hand() == pytest.approx(float(weighted_sum([1, 2, 3], [0.2, 0.8, -0.5], 2)))


def test_a_weighted_sum_is_the_loop_that_a_learner_writes():
    x, w, b = RNG.normal(size=7), RNG.normal(size=7), 0.3
    total = b
    for x_i, w_i in zip(x, w, strict=True):
        total += x_i * w_i
    assert weighted_sum(x, w, b) == pytest.approx(total)


def test_a_batch_gives_what_its_rows_give():
    x, w, b = RNG.normal(size=(5, 3)), RNG.normal(size=3), -1.2
    np.testing.assert_allclose(weighted_sum(x, w, b), [weighted_sum(row, w, b) for row in x])


def test_a_weighted_sum_is_linear_in_the_inputs_and_in_the_weights():
    x, v, w, b = RNG.normal(size=4), RNG.normal(size=4), RNG.normal(size=4), 2.0
    assert weighted_sum(x + v, w, b) == pytest.approx(weighted_sum(x, w, b) + weighted_sum(v, w, 0))
    assert weighted_sum(x, w, b) == pytest.approx(weighted_sum(w, x, b))


def test_step_fires_from_zero_on():
    np.testing.assert_array_equal(step(np.array([[-1000.0, -1e-300], [0.0, 1e-300]])), [[0, 0], [1, 1]])
    assert step(-0.0) == 1
    assert step(3) == 1


def test_step_keeps_nan_so_that_a_broken_sum_is_seen():
    assert np.isnan(step(np.array([np.nan]))).all()


def test_a_neuron_is_its_activation_of_its_weighted_sum():
    x, w, b = RNG.normal(size=(6, 3)), RNG.normal(size=3), 0.4
    np.testing.assert_array_equal(neuron(x, w, b, np.tanh), np.tanh(weighted_sum(x, w, b)))


def test_scaling_weights_and_bias_changes_no_decision():
    x, w, b = RNG.normal(size=(50, 3)), RNG.normal(size=3), 0.4
    np.testing.assert_array_equal(neuron(x, w, b, step), neuron(x, 7 * w, 7 * b, step))


def test_a_layer_is_its_neurons_side_by_side():
    x, W, b = RNG.normal(size=(5, 3)), RNG.normal(size=(3, 4)), RNG.normal(size=4)
    out, _ = dense_forward(x, W, b)
    assert out.shape == (5, 4)
    for j in range(4):
        np.testing.assert_allclose(out[:, j], weighted_sum(x, W[:, j], b[j]))


def test_a_layer_keeps_what_the_backward_pass_needs():
    x, W, b = RNG.normal(size=(5, 3)), RNG.normal(size=(3, 4)), RNG.normal(size=4)
    _, cache = dense_forward(x, W, b)
    for kept, given_array in zip(cache, (x, W, b), strict=True):
        np.testing.assert_array_equal(kept, given_array)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_inputs_dtype_is_kept(dtype):
    x, W = RNG.normal(size=(5, 3)).astype(dtype), RNG.normal(size=(3, 4)).astype(dtype)
    b = RNG.normal(size=4).astype(dtype)
    assert weighted_sum(x, W[:, 0], 0.5).dtype == dtype
    assert weighted_sum(x[0], W[:, 0], 0.5).dtype == dtype
    assert step(x).dtype == dtype
    assert neuron(x, W[:, 0], 0.5, step).dtype == dtype
    assert dense_forward(x, W, b)[0].dtype == dtype


def test_inputs_are_left_alone():
    x, W, b = RNG.normal(size=(5, 3)), RNG.normal(size=(3, 4)), RNG.normal(size=4)
    for array in (x, W, b):
        array.flags.writeable = False
    weighted_sum(x, W[:, 0], 1.0)
    step(x)
    neuron(x, W[:, 0], 1.0, step)
    dense_forward(x, W, b)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: weighted_sum(np.ones(3), np.ones(4), 0), r"x has shape \(3,\) and w has shape \(4,\)"),
        (lambda: weighted_sum(np.ones((2, 3)), np.ones((3, 1)), 0), r"w has shape \(3, 1\)"),
        (lambda: weighted_sum(1.0, np.ones(1), 0), r"x has shape \(\)"),
        (lambda: weighted_sum(np.ones(3), np.ones(3), np.ones(3)), r"b has shape \(3,\)"),
        (lambda: neuron(np.ones(3), np.ones(2), 0, step), r"w has shape \(2,\)"),
        (lambda: dense_forward(np.ones(3), np.ones((3, 2)), np.ones(2)), r"x has shape \(3,\)"),
        (lambda: dense_forward(np.ones((4, 3)), np.ones((2, 3)), np.ones(2)), r"W has shape \(2, 3\)"),
        (lambda: dense_forward(np.ones((4, 3)), np.ones((3, 2)), np.ones(3)), r"b must be \(2,\)"),
        (lambda: dense_forward(np.ones((4, 3)), np.ones((3, 2)), 1.0), r"b has shape \(\)"),
    ],
)
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
