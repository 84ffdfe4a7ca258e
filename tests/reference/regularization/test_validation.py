"""What the reference of chapter 7 promises about validation and early stopping."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split

from byhand.reference.regularization import validation as module
from byhand.reference.regularization.validation import early_stopping, train_validation_split

LOSSES = st.lists(st.floats(0, 10), min_size=1, max_size=30)


def rng(seed=0):
    return np.random.default_rng(seed)


@given(st.integers(2, 60), st.floats(0.05, 0.95), st.integers(0, 99))
def test_every_example_is_in_exactly_one_part_with_its_label(n, fraction, seed):
    if not 0 <= round(fraction * n) < n:
        return
    X, y = np.stack([np.arange(n), -np.arange(n)], axis=1), 10 * np.arange(n)
    X_train, y_train, X_val, y_val = train_validation_split(X, y, fraction, rng(seed))
    assert len(X_val) == round(fraction * n)
    np.testing.assert_array_equal(np.sort(np.concatenate([y_train, y_val])), y)
    for part, labels in ((X_train, y_train), (X_val, y_val)):
        np.testing.assert_array_equal(part, np.stack([labels // 10, -labels // 10], axis=1))


def test_the_examples_are_shuffled_differently_by_another_generator():
    X = np.arange(100)
    one, again, other = (train_validation_split(X, X, 0.2, rng(seed))[2] for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    assert set(one) != set(other)
    assert set(one) != set(range(20)) != set(range(80, 100))


def test_parts_are_as_large_as_scikit_learns():
    X, y = rng().normal(size=(40, 3)), np.arange(40)
    theirs_train, theirs_val, *_ = train_test_split(X, y, test_size=0.25, random_state=0)
    ours_train, _, ours_val, _ = train_validation_split(X, y, 0.25, rng())
    assert (ours_train.shape, ours_val.shape) == (theirs_train.shape, theirs_val.shape)


def test_images_may_be_split_and_are_copied():
    images = rng().normal(size=(10, 8, 8))
    images.flags.writeable = False
    parts = train_validation_split(images, np.arange(10), 0.2, rng())
    assert parts[0].shape == (8, 8, 8)
    assert not any(np.shares_memory(part, images) for part in parts)


@pytest.mark.parametrize(
    ("losses", "patience", "best"),
    [
        ([0.9, 0.5, 0.6, 0.7, 0.1], 2, 1),  # 0.1 is never reached
        ([0.9, 0.5, 0.6, 0.7, 0.1], 3, 4),  # one more epoch, and it is
        ([0.9, 0.8, 0.7], 1, 2),  # never worse: the last is the best
        ([0.5, 0.5, 0.5, 0.4], 2, 0),  # equal is no improvement
        ([0.9, 0.5, 0.6, 0.4, 0.5, 0.3, 0.4, 0.5], 2, 5),  # a new best gives new patience
        ([0.5, 0.9, 0.8, 0.7, 0.6], 3, 0),  # falling, but not below the best
        ([0.5, float("nan"), float("nan"), 0.1], 2, 0),
        ([float("nan"), 0.5, 0.6], 5, 1),
        ([3.0], 1, 0),
    ],
)
def test_stops_where_it_should_and_names_the_best(losses, patience, best):
    assert early_stopping(losses, patience) == best
    assert early_stopping(np.array(losses), patience) == best


@given(LOSSES, st.integers(1, 30))
def test_the_named_epoch_was_the_best_of_all_that_were_run(losses, patience):
    best = early_stopping(losses, patience)
    run = losses[: best + patience + 1]
    assert losses[best] == min(run)
    assert best == int(np.argmin(run))


@given(LOSSES)
def test_endless_patience_finds_the_smallest_loss(losses):
    assert early_stopping(losses, len(losses)) == int(np.argmin(losses))


@given(LOSSES, st.integers(1, 10))
def test_more_patience_never_ends_with_a_worse_loss(losses, patience):
    assert losses[early_stopping(losses, patience + 1)] <= losses[early_stopping(losses, patience)]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: train_validation_split(np.ones((4, 2)), np.ones(3), 0.5, rng()), r"y has shape \(3,\)"),
        (lambda: train_validation_split(np.ones(4), np.ones(4), -0.5, rng()), "it must be 0 or more"),
        (lambda: train_validation_split(np.ones(4), np.ones(4), 1.0, rng()), r"a fraction of 1\.0 of 4"),
        (lambda: train_validation_split(1.0, 1.0, 0.5, rng()), r"X has shape \(\)"),
        (lambda: early_stopping([], 1), "there are 0 losses"),
        (lambda: early_stopping([1.0], 0), "patience is 0"),
    ],
)
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
