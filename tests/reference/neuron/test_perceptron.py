"""What the reference of chapter 1 promises about the learning rule and the boundary."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from byhand.reference.neuron import perceptron as module
from byhand.reference.neuron.layers import neuron, step
from byhand.reference.neuron.perceptron import decision_boundary, perceptron_fit, perceptron_update

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = [0, 1, 1, 0]


def separable(
    seed: int, n: int = 40, d: int = 3, gap: float = 0.1
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """X, y and the unit vector (w, b) of a line that leaves `gap` on either side."""
    rng = np.random.default_rng(seed)
    line = rng.normal(size=d + 1)
    line /= np.linalg.norm(line)
    X = rng.uniform(-1, 1, size=(40 * n, d))
    X = X[np.abs(X @ line[:-1] + line[-1]) >= gap][:n]
    return X, (X @ line[:-1] + line[-1] > 0).astype(int), line


@pytest.mark.parametrize(
    ("y", "w", "change"),
    [
        (1, [1.0, 1.0], 0),  # fired, rightly
        (0, [-1.0, -1.0], 0),  # silent, rightly
        (1, [-1.0, -1.0], 1),  # silent, wrongly: the inputs are added
        (0, [1.0, 1.0], -1),  # fired, wrongly: the inputs are subtracted
    ],
)
def test_only_a_wrong_answer_is_corrected_and_towards_the_label(y, w, change):
    x, w, lr = np.array([0.5, 2.0]), np.array(w), 0.1
    new_w, new_b = perceptron_update(x, y, w, 0.0, lr)
    np.testing.assert_allclose(new_w, w + change * lr * x)
    assert new_b == pytest.approx(change * lr)


@given(st.lists(st.floats(-10, 10), min_size=7, max_size=7), st.sampled_from([0, 1]))
def test_a_correction_moves_the_sum_by_lr_times_the_inputs_length_squared(numbers, y):
    x, w, b = np.array(numbers[:3]), np.array(numbers[3:6]), numbers[6]
    new_w, new_b = perceptron_update(x, y, w, b, 0.5)
    error = y - step(x @ w + b)
    assert (x @ new_w + new_b) - (x @ w + b) == pytest.approx(0.5 * error * (x @ x + 1), abs=1e-9)


def test_the_bias_learns_like_the_weight_of_a_constant_input():
    rng = np.random.default_rng(3)
    for _ in range(50):
        x, w, b, y = rng.normal(size=3), rng.normal(size=3), rng.normal(), int(rng.integers(2))
        new_w, new_b = perceptron_update(x, y, w, b, 0.3)
        extended, zero = perceptron_update(np.append(x, 1.0), y, np.append(w, b), 0.0, 0.3)
        np.testing.assert_allclose(np.append(new_w, new_b), extended)
        assert zero in (-0.3, 0.0, 0.3)


@pytest.mark.parametrize("seed", range(20))
def test_separable_data_is_separated_within_novikoffs_bound(seed):
    X, y, _ = separable(seed)
    gap, radius = 0.1, np.sqrt((X**2).sum(axis=1).max() + 1)
    w, b, corrections = np.zeros(3), 0.0, 0
    for _ in range(200):
        for x, label in zip(X, y, strict=True):
            corrections += step(x @ w + b) != label
            w, b = perceptron_update(x, label, w, b, 1.0)
    assert corrections <= (radius / gap) ** 2
    fitted_w, fitted_b = perceptron_fit(X, y, 1.0, 200)
    np.testing.assert_array_equal(neuron(X, fitted_w, fitted_b, step), y)
    np.testing.assert_array_equal(fitted_w, w)
    assert fitted_b == b


def test_the_learning_rate_scales_the_weights_but_not_the_decisions():
    X, y, _ = separable(4)
    w, b = perceptron_fit(X, y, 1.0, 200)
    small_w, small_b = perceptron_fit(X, y, 0.25, 200)
    np.testing.assert_allclose(small_w, 0.25 * w)
    assert small_b == pytest.approx(0.25 * b)


def test_no_epochs_mean_no_learning():
    w, b = perceptron_fit(CORNERS, [0, 0, 0, 1], 1.0, 0)
    np.testing.assert_array_equal(w, [0, 0])
    assert b == 0


def test_xor_is_never_learned():
    for epochs in (1, 10, 100, 1000):
        w, b = perceptron_fit(CORNERS, XOR, 1.0, epochs)
        assert (neuron(CORNERS, w, b, step) != XOR).any()


def test_on_the_boundary_the_sum_is_zero():
    w, b, x1 = np.array([0.7, -2.0]), 0.3, np.linspace(-1000, 1000, 7).reshape(7, 1)
    x2 = decision_boundary(w, b, x1)
    assert x2.shape == (7, 1)
    np.testing.assert_allclose(w[0] * x1 + w[1] * x2 + b, 0, atol=1e-9)


def test_the_weights_stand_at_a_right_angle_on_the_boundary_and_point_to_the_firing_side():
    w, b = np.array([1.5, -0.5]), 0.25
    ends = np.array([[x1, decision_boundary(w, b, x1)] for x1 in (-1.0, 2.0)])
    assert (ends[1] - ends[0]) @ w == pytest.approx(0)
    assert neuron(ends + 0.01 * w, w, b, step).all()
    assert not neuron(ends - 0.01 * w, w, b, step).any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_inputs_dtype_is_kept(dtype):
    X, y, _ = separable(0)
    X = X.astype(dtype)
    w, b = perceptron_fit(X, y, 0.1, 5)
    assert w.dtype == dtype
    for label in (0, 1):  # one of the two is a correction
        assert perceptron_update(X[0], np.int64(label), w, b, 0.1)[0].dtype == dtype
    assert decision_boundary(w[:2], b, X[:, 0]).dtype == dtype


def test_inputs_are_left_alone():
    X, y, _ = separable(0)
    w = np.zeros(3)
    for array in (X, y, w):
        array.flags.writeable = False
    for label in (0, 1):
        new_w, _ = perceptron_update(X[0], label, w, 0.0, 0.1)
        assert not np.shares_memory(new_w, w)
    perceptron_fit(X, y, 0.1, 5)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: perceptron_update(np.ones(2), -1, np.ones(2), 0, 1), "y is -1; the labels must be 0 and 1"),
        (lambda: perceptron_update(np.ones((4, 2)), 1, np.ones(2), 0, 1), r"x has shape \(4, 2\)"),
        (lambda: perceptron_update(np.ones(2), 1, np.ones(3), 0, 1), r"w has shape \(3,\)"),
        (lambda: perceptron_fit(CORNERS, [0, 1], 1, 5), r"X has shape \(4, 2\) and y has shape \(2,\)"),
        (lambda: perceptron_fit(CORNERS[0], [0, 1], 1, 5), r"X has shape \(2,\)"),
        (lambda: perceptron_fit(CORNERS, [-1, 1, 1, 1], 1, 5), "y is -1"),
        (lambda: perceptron_fit(CORNERS, [0, 1, 1, 1], 1, -2), "epochs is -2"),
        (lambda: decision_boundary(np.ones(3), 0, 1.0), r"w has shape \(3,\)"),
        (lambda: decision_boundary(np.array([2.0, 0.0]), 1, 1.0), "vertical line"),
    ],
)
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
