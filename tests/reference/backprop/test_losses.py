"""What the losses promise: right gradients, finite numbers for the surest wrong answer, and clear refusals."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from byhand.reference.activations.elementwise import sigmoid
from byhand.reference.backprop import losses as module
from byhand.reference.backprop.losses import binary_cross_entropy_loss, cross_entropy_loss, mse_loss
from byhand.reference.start.derivatives import numerical_gradient

RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 4, 6)

CASES = {
    "mse_loss": (mse_loss, RNG.normal(size=(6, 4)), RNG.normal(size=(6, 4))),
    "binary_cross_entropy_loss": (
        binary_cross_entropy_loss,
        RNG.uniform(0.05, 0.95, (6, 1)),
        RNG.integers(0, 2, (6, 1)),
    ),
    "cross_entropy_loss": (cross_entropy_loss, RNG.normal(size=(6, 4)), LABELS),
}
every = pytest.mark.parametrize("name", CASES)


@every
def test_the_gradient_is_the_slope_of_the_loss(name):
    loss, answer, target = CASES[name]
    measured = numerical_gradient(lambda a: loss(a, target)[0], answer, 1e-5)
    np.testing.assert_allclose(loss(answer, target)[1], measured, rtol=1e-7, atol=1e-9)


@every
def test_the_loss_is_a_mean_so_the_batch_size_does_not_change_it(name):
    loss, answer, target = CASES[name]
    once, gradient = loss(answer, target)
    twice, spread = loss(np.concatenate([answer, answer]), np.concatenate([target, target]))
    assert twice == pytest.approx(once)
    np.testing.assert_allclose(spread[: len(answer)], gradient / 2)


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_type_and_leaves_the_inputs_alone(name, dtype):
    loss, answer, target = CASES[name]
    answer, target = answer.astype(dtype), target.copy()
    answer.flags.writeable = target.flags.writeable = False
    value, gradient = loss(answer, target)
    assert value.dtype == gradient.dtype == dtype
    assert np.shape(value) == () and gradient.shape == answer.shape


@every
def test_takes_lists(name):
    loss, answer, target = CASES[name]
    value, gradient = loss(answer.tolist(), target.tolist())
    assert value == loss(answer, target)[0]
    np.testing.assert_array_equal(gradient, loss(answer, target)[1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropy_is_exact_and_silent_at_scores_of_1000(dtype):
    scores = np.array([[1000, -1000, 0], [-1000, 1000, 0]], dtype)
    with np.errstate(all="raise", under="ignore"):
        loss, gradient = cross_entropy_loss(scores, [1, 1])
    assert loss == 1000
    np.testing.assert_array_equal(gradient, [[0.5, -0.5, 0], [0, 0, 0]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_sure_and_wrong_yes_or_no_costs_100_and_its_gradient_is_finite(dtype):
    with np.errstate(all="raise", under="ignore"):
        loss, gradient = binary_cross_entropy_loss(np.array([0, 1, 0, 1], dtype), [1, 0, 0, 1])
    assert loss == 50  # two of four cost 100, the other two nothing
    assert np.all(np.isfinite(gradient))
    np.testing.assert_array_equal(np.sign(gradient), [-1, 1, 0, 0])


def test_behind_a_sigmoid_the_slopes_cancel_and_the_gradient_is_the_error():
    z, target = RNG.normal(0, 3, (20, 1)), RNG.integers(0, 2, (20, 1))
    out = sigmoid(z)
    _, gradient = binary_cross_entropy_loss(out, target)
    np.testing.assert_allclose(gradient * out * (1 - out), (out - target) / 20, atol=1e-15)


def test_two_classes_of_cross_entropy_are_yes_or_no():
    z, labels = RNG.normal(size=8), RNG.integers(0, 2, 8)
    scores = np.stack([np.zeros(8), z], axis=1)
    ours, yes_or_no = cross_entropy_loss(scores, labels)[0], binary_cross_entropy_loss(sigmoid(z), labels)[0]
    assert ours == pytest.approx(yes_or_no, rel=1e-12)


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=6), st.floats(-500, 500))
def test_cross_entropy_does_not_see_a_number_added_to_all_scores(scores, shift):
    scores = np.array([scores])
    one, other = cross_entropy_loss(scores, [0]), cross_entropy_loss(scores + shift, [0])
    assert one[0] == pytest.approx(other[0], rel=1e-9, abs=1e-9)
    assert one[1].sum() == pytest.approx(0, abs=1e-12)


def test_no_answer_is_better_than_the_right_one():
    target = RNG.normal(size=5)
    assert mse_loss(target, target)[0] == 0
    assert not mse_loss(target, target)[1].any()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda: mse_loss(np.ones(3), np.ones((3, 1))),
            r"pred has shape \(3,\) and target has shape \(3, 1\)",
        ),
        (lambda: mse_loss([], []), "not empty"),
        (lambda: binary_cross_entropy_loss(np.ones((3, 1)), np.ones(3)), r"prob has shape \(3, 1\)"),
        (lambda: binary_cross_entropy_loss([1.5], [1]), "prob must lie between 0 and 1"),
        (lambda: binary_cross_entropy_loss([0.5], [-1]), "target must lie between 0 and 1"),
        (lambda: cross_entropy_loss(np.ones((3, 2)), np.ones((3, 2))), r"labels have shape \(3, 2\)"),
        (lambda: cross_entropy_loss(np.ones(3), np.ones(3, int)), r"logits have shape \(3,\)"),
        (lambda: cross_entropy_loss(np.ones((3, 2)), [0, 1, 2]), "whole numbers from 0 to 1"),
        (lambda: cross_entropy_loss(np.ones((3, 2)), [0, 1, -1]), "whole numbers from 0 to 1"),
        (lambda: cross_entropy_loss(np.ones((2, 2)), [0.0, 1.0]), "whole numbers from 0 to 1"),
    ],
)
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
