"""What the reference of chapter 7 promises about L2 under Adam."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand.reference.optimizers.moments import adam, adamw
from byhand.reference.regularization import weight_decay as module
from byhand.reference.regularization.penalties import l2_penalty
from byhand.reference.regularization.weight_decay import adam_with_l2

RNG = np.random.default_rng(7)


def test_it_is_adam_on_the_penalized_loss():
    w, state = RNG.normal(size=5), None
    w_adam, state_adam = w, None
    for _ in range(10):
        dw = RNG.normal(size=5)
        w_adam, state_adam = adam(w_adam, dw + l2_penalty(w_adam, 0.3)[1], state_adam, 0.1)
        w, state = adam_with_l2(w, dw, state, 0.1, 0.3)
        np.testing.assert_array_equal(w, w_adam)
    np.testing.assert_array_equal(state["squares"], state_adam["squares"])


def test_a_busy_weight_escapes_the_penalty_and_not_the_decay():
    """Two weights whose gradients are noise around 0, once in units of 10, once of 0.01: the claim at the top."""
    start, size = np.array([1.0, 1.0]), np.array([10.0, 0.01])
    under_l2, under_decay, state_l2, state_decay = start, start, None, None
    for dw in RNG.normal(size=(3000, 2)) * size:
        under_l2, state_l2 = adam_with_l2(under_l2, dw, state_l2, 0.001, 0.1)
        under_decay, state_decay = adamw(under_decay, dw, state_decay, 0.001, weight_decay=0.5)
    assert under_l2[0] > 0.7 and abs(under_l2[1]) < 0.1
    assert np.all(under_decay < 0.5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_inputs_are_left_alone_and_their_dtype_is_kept(dtype):
    w, dw = RNG.normal(size=(2, 4)).astype(dtype)
    w.flags.writeable = dw.flags.writeable = False
    moved, state = adam_with_l2(w, dw, None, np.float64(0.1), np.float64(0.2))
    assert moved.dtype == state["mean"].dtype == dtype
    assert adam_with_l2(w, dw, state, 0.1, 0.2)[0].dtype == dtype


def test_what_does_not_fit_is_named():
    with pytest.raises(ValueError, match=r"dw has shape \(2,\) and w has shape \(3,\)"):
        adam_with_l2(np.ones(3), np.ones(2), None, 0.1, 0.1)


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
