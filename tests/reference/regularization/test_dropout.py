"""What the reference of chapter 7 promises about dropout."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from byhand.reference.regularization import dropout as module
from byhand.reference.regularization.dropout import dropout_backward, dropout_forward
from byhand.reference.start.derivatives import numerical_gradient


def rng(seed=0):
    return np.random.default_rng(seed)


@given(st.floats(0, 0.99), st.integers(0, 1000))
def test_each_number_is_dropped_or_divided_by_what_stays(p, seed):
    x = rng(1).normal(size=(4, 5))
    out, mask = dropout_forward(x, p, rng(seed), train=True)
    kept = out != 0
    np.testing.assert_allclose(out[kept], x[kept] / (1 - p))
    np.testing.assert_array_equal(out, x * mask)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_p_is_the_share_that_drops_and_the_mean_stays(p):
    x = np.full((400, 500), 3.0)
    out, _ = dropout_forward(x, p, rng(), train=True)
    assert np.mean(out == 0) == pytest.approx(p, abs=0.01)
    assert out.mean() == pytest.approx(3.0, rel=0.02)


def test_each_number_has_a_chance_of_its_own():
    dropped = dropout_forward(np.ones((200, 100)), 0.5, rng(), train=True)[0] == 0
    assert dropped.mean(axis=0).std() > 0 and dropped.mean(axis=1).std() > 0
    correlations = np.corrcoef(dropped.T)[np.triu_indices(100, 1)]
    assert np.abs(correlations).max() < 0.4


def test_evaluation_changes_nothing_and_asks_no_chance():
    x, chance = rng(1).normal(size=(3, 4)), rng(2)
    out, mask = dropout_forward(x, 0.5, chance, train=False)
    np.testing.assert_array_equal(out, x)
    assert out is not x
    np.testing.assert_array_equal(dropout_backward(x, mask), x)
    assert chance.random() == rng(2).random()


def test_with_p_of_zero_nothing_drops():
    x = rng(1).normal(size=100)
    np.testing.assert_array_equal(dropout_forward(x, 0.0, rng(), train=True)[0], x)


def test_the_same_generator_draws_the_same_mask():
    x = rng(1).normal(size=50)
    once, again = (dropout_forward(x, 0.3, rng(4), train=True)[0] for _ in range(2))
    np.testing.assert_array_equal(once, again)
    assert not np.array_equal(once, dropout_forward(x, 0.3, rng(5), train=True)[0])


def test_the_way_back_is_the_slope_of_that_one_draw():
    x, dout = rng(1).normal(size=(4, 5)), rng(2).normal(size=(4, 5))
    _, mask = dropout_forward(x, 0.4, rng(3), train=True)
    measured = numerical_gradient(
        lambda at: np.sum(dout * dropout_forward(at, 0.4, rng(3), train=True)[0]), x, 1e-5
    )
    np.testing.assert_allclose(dropout_backward(dout, mask), measured, atol=1e-9)


@pytest.mark.parametrize("train", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_inputs_dtype_is_kept(dtype, train):
    x = rng(1).normal(size=(4, 5)).astype(dtype)
    out, mask = dropout_forward(x, 0.5, rng(), train)
    assert out.dtype == mask.dtype == dropout_backward(x, mask).dtype == dtype


def test_inputs_are_left_alone():
    x = rng(1).normal(size=(4, 5))
    x.flags.writeable = False
    _, mask = dropout_forward(x, 0.5, rng(), train=True)
    mask.flags.writeable = False
    dropout_backward(x, mask)


def test_large_numbers_stay_numbers():
    out, _ = dropout_forward(np.array([-1000.0, 1000.0]), 0.9, rng(3), train=True)
    assert np.isfinite(out).all()


@pytest.mark.parametrize("p", [-0.1, 1.0, float("nan")])
def test_p_must_leave_something(p):
    with pytest.raises(ValueError, match=f"p is {p}"):
        dropout_forward(np.ones(3), p, rng(), train=True)


def test_a_mask_of_another_shape_is_named():
    with pytest.raises(ValueError, match=r"dout has shape \(3,\) and the mask has shape \(2,\)"):
        dropout_backward(np.ones(3), np.ones(2))


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
