"""What the reference promises about heads, masks and reading in both directions."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand.reference.recurrent import sequences as module
from byhand.reference.recurrent.rnn import rnn_forward
from byhand.reference.recurrent.rnn_step import rnn_step_forward
from byhand.reference.recurrent.sequences import (
    bidirectional,
    many_to_many_head,
    many_to_one_head,
    masked_mean,
    sequence_mask,
)

RNG = np.random.default_rng(0)
H_STATES, W, B = RNG.normal(size=(4, 6, 3)), RNG.normal(size=(3, 2)), RNG.normal(size=2)


def test_every_step_gets_the_scores_that_it_would_get_alone():
    scores = many_to_many_head(H_STATES, W, B)
    assert scores.shape == (4, 6, 2)
    for n in range(4):
        for t in range(6):
            np.testing.assert_allclose(scores[n, t], H_STATES[n, t] @ W + B)


def test_one_answer_a_sequence_is_the_answer_at_its_last_real_step():
    lengths = np.array([6, 1, 3, 5])
    each = many_to_many_head(H_STATES, W, B)
    np.testing.assert_allclose(
        many_to_one_head(H_STATES, lengths, W, B), each[np.arange(4), lengths - 1], rtol=1e-12
    )


def test_what_was_filled_in_changes_no_answer():
    lengths = np.array([6, 1, 3, 5])
    filled = np.where(sequence_mask(lengths, 6)[..., np.newaxis], H_STATES, 1e9)
    np.testing.assert_array_equal(
        many_to_one_head(filled, lengths, W, B), many_to_one_head(H_STATES, lengths, W, B)
    )


def test_a_mask_counts_the_real_steps_and_they_come_first():
    lengths = np.array([0, 1, 4, 5])
    mask = sequence_mask(lengths, 5)
    assert mask.dtype == bool
    np.testing.assert_array_equal(mask.sum(axis=1), lengths)
    assert np.all(np.diff(mask.astype(int), axis=1) <= 0)


def test_the_masked_mean_is_the_mean_of_the_pieces_put_together():
    values, lengths = RNG.normal(size=(3, 5)), [5, 2, 1]
    pieces = np.concatenate([row[:length] for row, length in zip(values, lengths, strict=True)])
    assert masked_mean(values, sequence_mask(lengths, 5)) == pytest.approx(pieces.mean())
    assert masked_mean(values, np.ones((3, 5))) == pytest.approx(values.mean())
    assert masked_mean(np.where(sequence_mask(lengths, 5), values, np.nan), sequence_mask(lengths, 5))


def test_both_directions_are_two_layers_of_which_one_reads_the_reversed_sequence():
    x, h0, h1 = RNG.normal(size=(2, 5, 3)), RNG.normal(size=(2, 4)), RNG.normal(size=(2, 4))
    there, back = ([RNG.normal(size=shape) for shape in ((3, 4), (4, 4), (4,))] for _ in range(2))
    got = bidirectional(
        x,
        lambda x_t, h: rnn_step_forward(x_t, h, *there)[0],
        lambda x_t, h: rnn_step_forward(x_t, h, *back)[0],
        h0,
        h1,
    )
    expected = rnn_forward(x, h0, *there)[0], rnn_forward(x[:, ::-1], h1, *back)[0][:, ::-1]
    np.testing.assert_allclose(got, np.concatenate(expected, axis=2), rtol=1e-12)


def test_the_mirrored_sequence_gives_the_mirrored_answer_with_the_halves_exchanged():
    def step(x_t, h):
        return np.tanh(x_t + 0.5 * h)

    x = RNG.normal(size=(2, 5, 3))
    one, other = bidirectional(x, step, step), bidirectional(x[:, ::-1], step, step)
    np.testing.assert_array_equal(one, np.roll(other[:, ::-1], 3, axis=2))


def test_the_first_output_already_knows_the_last_input():
    def step(x_t, h):
        return x_t + h

    x = RNG.normal(size=(1, 5, 1))
    changed = x.copy()
    changed[0, -1] += 1
    one, other = bidirectional(x, step, step), bidirectional(changed, step, step)
    np.testing.assert_array_equal(one[0, :-1, 0], other[0, :-1, 0])  # forward: not before the last step
    np.testing.assert_allclose(other[0, :, 1] - one[0, :, 1], 1)  # backward: at every step


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_is_kept_and_nothing_is_changed(dtype):
    h, w, b = H_STATES.astype(dtype), W.astype(dtype), B.astype(dtype)
    for array in (h, w, b):
        array.flags.writeable = False
    assert many_to_many_head(h, w, b).dtype == dtype
    assert many_to_one_head(h, [6, 1, 3, 5], w, b).dtype == dtype
    assert masked_mean(h[..., 0], sequence_mask([6, 1, 3, 5], 6)).dtype == dtype
    assert bidirectional(h, np.add, np.add).dtype == dtype


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: many_to_many_head(np.ones((4, 3)), W, B), r"many_to_many_head: h has shape \(4, 3\)"),
        (lambda: many_to_many_head(H_STATES, W.T, B), r"W has shape \(2, 3\)"),
        (
            lambda: many_to_one_head(H_STATES, [1, 2], W, B),
            r"lengths has shape \(2,\) and h has shape \(4, 6, 3\)",
        ),
        (lambda: many_to_one_head(H_STATES, [1, 2, 3, 0], W, B), "the lengths go from 0 to 3.*from 1 to 6"),
        (lambda: many_to_one_head(H_STATES, [1, 2, 3, 7], W, B), "the lengths go from 1 to 7"),
        (lambda: many_to_one_head(H_STATES, [1.0, 2.0, 3.0, 4.0], W, B), "type float64"),
        (lambda: sequence_mask([1, -1], 3), "the lengths go from -1 to 1"),
        (lambda: sequence_mask([[1, 2]], 3), r"lengths has shape \(1, 2\)"),
        (
            lambda: masked_mean(np.ones((2, 3)), np.ones((3, 2))),
            r"values has shape \(2, 3\) and mask \(3, 2\)",
        ),
        (lambda: masked_mean(np.ones((2, 3)), np.zeros((2, 3))), "no step of the mask"),
        (lambda: bidirectional(np.ones((2, 3)), np.add, np.add), r"bidirectional: x has shape \(2, 3\)"),
        (lambda: bidirectional(np.ones((2, 0, 3)), np.add, np.add), "there is no step"),
    ],
)
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
