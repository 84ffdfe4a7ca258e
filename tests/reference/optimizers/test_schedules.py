"""Learning rates that change on the way."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand.reference.optimizers import schedules as module
from byhand.reference.optimizers.schedules import cosine_decay, step_decay, warmup

STEPS = np.arange(0, 101)
SCHEDULES = [
    lambda step: step_decay(step, 0.3, every=20),
    lambda step: cosine_decay(step, 0.3, steps=100, least=0.01),
    lambda step: warmup(step, 0.3, steps=30),
]


@pytest.mark.parametrize("schedule", SCHEDULES, ids=["step_decay", "cosine_decay", "warmup"])
def test_an_array_of_steps_gives_the_rate_of_each(schedule):
    np.testing.assert_allclose(schedule(STEPS), [schedule(int(step)) for step in STEPS])
    assert np.ndim(schedule(3)) == 0


def test_a_staircase_falls_only_at_its_edges():
    rates = step_decay(STEPS, 1.0, every=20, factor=0.5)
    assert np.flatnonzero(np.diff(rates)).tolist() == [19, 39, 59, 79, 99]
    np.testing.assert_allclose(np.unique(rates), 0.5 ** np.arange(5, -1, -1))


def test_the_cosine_begins_high_ends_low_and_is_half_way_in_the_middle():
    rates = cosine_decay(STEPS, 0.3, steps=100, least=0.1)
    np.testing.assert_allclose(rates[[0, 50, 100]], [0.3, 0.2, 0.1])
    assert np.all(np.diff(rates) < 0)
    np.testing.assert_allclose(rates - 0.2, (0.2 - rates)[::-1], atol=1e-15)


def test_a_warm_up_rises_evenly_and_is_never_0():
    rates = warmup(STEPS, 0.3, steps=30)
    np.testing.assert_allclose(np.diff(rates[:30]), 0.01)
    assert rates[0] == pytest.approx(0.01)
    assert np.all(rates[29:] == 0.3)


def test_schedules_combine():
    rates = warmup(STEPS, cosine_decay(STEPS, 0.3, steps=100), steps=10)
    np.testing.assert_allclose(rates[10:], cosine_decay(STEPS[10:], 0.3, steps=100))
    assert rates[0] == pytest.approx(0.03)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: step_decay(1, 0.1, every=0), "every is 0"),
        (lambda: cosine_decay(1, 0.1, steps=0), "steps is 0"),
        (lambda: warmup(1, 0.1, steps=-3), "steps is -3"),
        (lambda: warmup(np.array([0, -1]), 0.1, steps=3), "none can be negative"),
    ],
)
def test_what_makes_no_sense_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
