"""What every optimizer of chapter 06 promises, and the laws of those that move all weights at one rate."""

from __future__ import annotations

import copy
import doctest

import numpy as np
import pytest

from byhand.reference.optimizers import descent as module
from byhand.reference.optimizers.adaptive import adadelta, adagrad, rmsprop
from byhand.reference.optimizers.descent import momentum, nesterov, sgd
from byhand.reference.optimizers.moments import adam, adam_without_correction, adamw
from byhand.reference.optimizers.state import BLOCK

OPTIMIZERS = [sgd, momentum, nesterov, adagrad, rmsprop, adadelta, adam, adam_without_correction, adamw]
each_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda f: f.__name__)


def run(optimizer, w, gradients, lr=0.1, **settings):
    """The weights and the state after each gradient."""
    state, trace = None, []
    for dw in gradients:
        w, state = optimizer(w, dw, state, lr, **settings)
        trace.append((w, state))
    return trace


def some(*shape, seed=0, dtype=np.float64):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


@each_optimizer
def test_what_is_given_stays_as_it_is_and_what_comes_back_shares_nothing_with_it(optimizer):
    w, dw, state = some(3, 4), some(3, 4, seed=1), None
    for _ in range(3):
        before = [value.copy() for value in (w, dw)], copy.deepcopy(state)
        new_w, new_state = optimizer(w, dw, state, 0.1)
        given = [w, dw, *(state or {}).values()]
        for value in (new_w, *new_state.values()):
            assert not any(np.shares_memory(value, other) for other in given)
        np.testing.assert_array_equal(w, before[0][0])
        np.testing.assert_array_equal(dw, before[0][1])
        if state is not None:
            for key, value in before[1].items():
                np.testing.assert_array_equal(state[key], value)
        w, state = new_w, new_state


@each_optimizer
def test_the_state_counts_the_steps_and_holds_arrays_like_w(optimizer):
    trace = run(optimizer, some(2, 3), some(5, 2, 3, seed=1))
    assert [state["step"] for _, state in trace] == [1, 2, 3, 4, 5]
    for _, state in trace:
        assert all(np.shape(value) == (2, 3) for key, value in state.items() if key != "step")


@each_optimizer
def test_a_run_can_be_taken_up_again_from_any_of_its_steps(optimizer):
    gradients = some(6, 4, seed=1)
    trace = run(optimizer, some(4), gradients)
    w, state = trace[2]
    for dw, (expected, _) in zip(gradients[3:], trace[3:], strict=True):
        w, state = optimizer(w, dw, state, 0.1)
        np.testing.assert_array_equal(w, expected)


@each_optimizer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_the_weights_is_kept_with_any_kind_of_number_as_the_learning_rate(optimizer, dtype):
    for shape in ((4, 5), (60_000,), ()):
        for lr in (0.1, np.float64(0.1)):
            gradients = [some(*shape, seed=seed, dtype=dtype) for seed in (1, 2)]
            for w, state in run(optimizer, some(*shape, dtype=dtype), gradients, lr):
                assert w.dtype == dtype
                assert all(value.dtype == dtype for key, value in state.items() if key != "step")


@each_optimizer
def test_whole_numbers_become_floats(optimizer):
    w, _ = optimizer(np.array([1, 2]), np.array([3, -4]), None, 0.1)
    expected, _ = optimizer(np.array([1.0, 2.0]), np.array([3.0, -4.0]), None, 0.1)
    np.testing.assert_array_equal(w, expected)


@each_optimizer
def test_each_weight_is_moved_by_its_own_gradients_alone_in_blocks_or_not(optimizer):
    size = 3 * BLOCK // 8 + 17  # several blocks, the last not full
    w, gradients = some(size), some(3, size, seed=1)
    whole = run(optimizer, w.reshape(-1, 1), gradients.reshape(3, -1, 1))
    few = [0, 1, size // 2, size - 1]
    part = run(optimizer, w[few], gradients[:, few])
    for (one, state), (other, small) in zip(whole, part, strict=True):
        np.testing.assert_allclose(one[few, 0], other, rtol=1e-14)
        for key in set(state) - {"step"}:
            np.testing.assert_allclose(state[key][few, 0], small[key], rtol=1e-14)


@each_optimizer
@pytest.mark.parametrize("size", [0.0, 1e-8, 1000.0])
def test_no_gradient_is_too_small_or_too_large(optimizer, size):
    for w, _ in run(optimizer, np.ones(4), size * some(20, 4, seed=3)):
        assert np.isfinite(w).all()


@each_optimizer
def test_it_finds_the_bottom_of_a_bowl(optimizer):
    w, state = np.array([2.0, -1.0]), None
    lr = {"adadelta": 1.0, "adagrad": 1.0}.get(optimizer.__name__, 0.01)
    for _ in range(2000):
        w, state = optimizer(w, w, state, lr)
    assert np.abs(w).max() < 0.02


@each_optimizer
def test_what_does_not_fit_is_named(optimizer):
    w, state = optimizer(np.ones((2, 3)), np.ones((2, 3)), None, 0.1)
    with pytest.raises(ValueError, match=r"w has shape \(2, 3\) and dw has shape \(3, 2\)"):
        optimizer(w, np.ones((3, 2)), state, 0.1)
    with pytest.raises(ValueError, match=r"its state has \['step'.*this one has \['mean'\]"):
        optimizer(w, w, {"mean": w}, 0.1)
    if len(state) > 1:
        with pytest.raises(
            ValueError, match=r"w has shape \(6,\), but '\w+' in the state has shape \(2, 3\)"
        ):
            optimizer(np.ones(6), np.ones(6), state, 0.1)


def test_sgd_multiplies_the_distance_to_the_bottom_by_1_minus_lr_times_curvature():
    curvature = np.array([0.5, 2.0, 19.0])
    w, state = np.ones(3), None
    for n in range(1, 30):
        w, state = sgd(w, curvature * w, state, 0.1)
        np.testing.assert_allclose(w, (1 - 0.1 * curvature) ** n)


@pytest.mark.parametrize("optimizer", [momentum, nesterov])
def test_without_memory_momentum_is_sgd(optimizer):
    gradients = some(5, 3, seed=1)
    for (one, _), (other, _) in zip(
        run(optimizer, np.ones(3), gradients, beta=0.0), run(sgd, np.ones(3), gradients), strict=True
    ):
        np.testing.assert_allclose(one, other)


def test_under_a_constant_gradient_the_velocity_grows_to_ten_times_it():
    _, state = run(momentum, np.zeros(1), np.full((300, 1), 2.0))[-1]
    assert state["velocity"][0] == pytest.approx(20)


def test_without_a_gradient_the_ball_rolls_on_and_slows_down():
    moved = [w[0] for w, _ in run(momentum, np.zeros(1), [[1.0], [0.0], [0.0]], lr=1.0)]
    np.testing.assert_allclose(np.diff(moved, prepend=0), [-1, -0.9, -0.81])


def test_momentum_walks_as_in_the_books_that_put_the_learning_rate_inside():
    w, velocity, lr = np.ones(3), np.zeros(3), 0.05
    curvature = np.array([1.0, 4.0, 9.0])
    for ours, _ in _follow(momentum, curvature, lr):
        velocity = 0.9 * velocity - lr * curvature * w
        w = w + velocity
        np.testing.assert_allclose(ours, w)


def test_nesterov_walks_as_in_the_paper_seen_from_the_point_ahead():
    theta, velocity, lr = np.ones(3), np.zeros(3), 0.02
    curvature = np.array([1.0, 4.0, 9.0])
    for ours, _ in _follow(nesterov, curvature, lr):
        gradient = curvature * (
            theta - lr * 0.9 * velocity
        )  # at the point that the velocity is about to reach
        velocity = 0.9 * velocity + gradient
        theta = theta - lr * velocity
        np.testing.assert_allclose(ours, theta - lr * 0.9 * velocity)


def _follow(optimizer, curvature, lr, steps=40):
    w, state = np.ones(3), None
    for _ in range(steps):
        w, state = optimizer(w, curvature * w, state, lr)
        yield w, state


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
