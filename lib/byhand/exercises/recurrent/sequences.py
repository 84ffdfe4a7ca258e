"""What stands around a recurrent layer, in chapter 05: heads, masks, both directions."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import Function, case
from byhand.exercises.spec import exercise
from byhand.reference.activations.probabilities import softmax
from byhand.reference.recurrent import sequences


@exercise(sequences.many_to_many_head)
def many_to_many_head(draw):
    yield draw.normal(1, 3, 2), draw.normal(2, 2), draw.normal(2)  # one sequence; W is square
    yield draw.normal(2, 4, 3), draw.normal(3, 5), draw.normal(5)
    yield draw.normal(3, 1, 2), draw.normal(2, 1), draw.normal(1)  # one step, one score
    yield draw.normal(2, 3, 1), draw.normal(1, 4), draw.normal(4)  # one unit


@many_to_many_head.mistake("no-bias", "The bias b is missing.")
def _(h, W, b):
    return h @ W


@many_to_many_head.mistake(
    "last-step-only", "You returned the scores of the last step only. Each step has an answer of its own."
)
def _(h, W, b):
    return h[:, -1] @ W + b


@many_to_many_head.mistake("w-transposed", "You used W transposed. Here W is (H, M) and fits as it is.")
def _(h, W, b):
    return h @ W.T + b


@many_to_many_head.mistake(
    "probabilities", "You returned probabilities. Asked are the scores, before any softmax."
)
def _(h, W, b):
    return softmax(h @ W + b)


@many_to_many_head.mistake(
    "steps-in-one-table",
    "All steps stand in one long table, (N·T, M). Give them their places back: (N, T, M).",
)
def _(h, W, b):
    return (h @ W + b).reshape(-1, len(b))


@exercise(sequences.many_to_one_head)
def many_to_one_head(draw):
    yield draw.normal(2, 3, 1), np.array([3, 2]), draw.normal(1, 1), draw.normal(1)
    yield draw.normal(4, 6, 3), 1 + draw.permutation(4), draw.normal(3, 2), draw.normal(2)
    yield draw.normal(1, 6, 2), draw.integers(2, 6, 1), draw.normal(2, 4), draw.normal(4)  # one sequence
    yield draw.normal(3, 1, 2), np.array([1, 1, 1]), draw.normal(2, 3), draw.normal(3)  # one step


@many_to_one_head.mistake(
    "filled-in-step",
    "You took the state after the last step, h[:, -1]. A shorter sequence ended before it: what follows was filled in.",
)
def _(h, lengths, W, b):
    return h[:, -1] @ W + b


@many_to_one_head.mistake(
    "one-step-too-far", "You are one step too far: the last of 3 steps has the number 2."
)
def _(h, lengths, W, b):
    return h[np.arange(len(h)), lengths] @ W + b


@many_to_one_head.mistake("first-step", "You took the state after the FIRST step. It has read one step only.")
def _(h, lengths, W, b):
    return h[:, 0] @ W + b


@many_to_one_head.mistake(
    "mean-of-steps", "You took the mean over all steps. Here the state after the last real step answers."
)
def _(h, lengths, W, b):
    return h.mean(axis=1) @ W + b


@many_to_one_head.mistake(
    "every-pair-picked",
    "You indexed with h[:, lengths - 1]. That takes all of these steps from EVERY sequence. Say which sequence goes "
    "with which step.",
)
def _(h, lengths, W, b):
    return h[:, lengths - 1] @ W + b


@many_to_one_head.mistake("no-bias", "The bias b is missing.")
def _(h, lengths, W, b):
    return h[np.arange(len(h)), lengths - 1] @ W


@exercise(sequences.sequence_mask)
def sequence_mask(draw):
    yield np.array([3, 1]), 4
    yield draw.integers(1, 6, 4), draw.integers(6, 10)  # all are shorter than T
    T = draw.integers(3, 8)
    yield np.array([0, draw.integers(1, T), T]), T  # nothing real, and all
    yield draw.integers(1, 5, 1), 5  # one sequence
    yield np.array([1, 0]), 1  # one step


@sequence_mask.mistake(
    "one-step-too-long", "You are one step too long: a sequence of 3 steps has the steps 0, 1 and 2."
)
def _(lengths, T):
    return np.arange(T) <= lengths[:, np.newaxis]


@sequence_mask.mistake("filled-in-marked", "You marked what was filled in. True should mean: a real step.")
def _(lengths, T):
    return np.arange(T) >= lengths[:, np.newaxis]


@sequence_mask.mistake(
    "real-steps-last",
    "Your real steps stand at the end. Here sequences are filled up at the end, so the real steps come first.",
)
def _(lengths, T):
    return np.arange(T)[::-1] < lengths[:, np.newaxis]


@sequence_mask.mistake(
    "last-real-step-only", "You marked the last real step only. All steps before it are real, too."
)
def _(lengths, T):
    return np.arange(T) == lengths[:, np.newaxis] - 1


@sequence_mask.mistake("transposed", "Your mask is transposed: there is one row for each sequence, (N, T).")
def _(lengths, T):
    return np.arange(T)[:, np.newaxis] < lengths


@exercise(sequences.masked_mean)
def masked_mean(draw):
    yield draw.uniform(0.5, 9, 2, 2), np.array([[True, True], [True, False]])
    yield draw.uniform(0.5, 3, 3, 5), sequences.sequence_mask(draw.permutation(3) * 2 + 1, 5)
    yield draw.normal(1, 4), sequences.sequence_mask([2], 4)  # one sequence
    yield draw.normal(3, 6), sequences.sequence_mask([0, draw.integers(2, 6), 1], 6)  # one has no real step


@masked_mean.mistake(
    "divided-by-all", "You divided by all steps, real or not. How many numbers did you add up?"
)
def _(values, mask):
    return np.sum(values * mask) / mask.size


@masked_mean.mistake("mask-unused", "You took the mean of all steps. What was filled in must not count.")
def _(values, mask):
    return np.mean(values)


@masked_mean.mistake(
    "mean-of-means",
    "You took the mean of each sequence, and then the mean of these. Asked is the mean over all real steps: each "
    "counts once.",
)
def _(values, mask):
    return np.mean(np.sum(values * mask, axis=1) / np.sum(mask, axis=1))


@masked_mean.mistake("sum-returned", "You returned the sum of the real steps. A mean divides it, by what?")
def _(values, mask):
    return np.sum(values * mask)


@masked_mean.mistake(
    "divided-by-sequences", "You divided by the number of sequences. Divide by the number of real steps."
)
def _(values, mask):
    return np.sum(values * mask) / len(values)


@masked_mean.mistake(
    "mask-inverted", "You took the mean of what was filled in. Where the mask is True, a step is real."
)
def _(values, mask):
    return np.sum(values * ~mask) / np.sum(~mask)


ADD = Function("x + h", "x, h")
FORWARD = Function("np.tanh(x + 0.5 * h)", "x, h")
BACKWARD = Function("np.tanh(0.8 * x - 0.3 * h)", "x, h")
WIDE = Function("np.tanh(x @ np.array([[0.5, -1.0, 0.3], [0.2, 0.4, -0.6]]) + 0.7 * h)", "x, h")
WIDE_BACK = Function("np.tanh(x @ np.array([[-0.4, 0.9, 0.1], [0.8, 0.3, 0.5]]) - 0.2 * h)", "x, h")


@exercise(sequences.bidirectional)
def bidirectional(draw):
    yield draw.normal(1, 3, 1), ADD, ADD
    yield draw.normal(2, 4, 3), FORWARD, BACKWARD
    yield draw.normal(3, 5, 2), WIDE, WIDE_BACK, draw.uniform(-1, 1, 3, 3), draw.uniform(-1, 1, 3, 3)
    yield case(draw.normal(2, 3, 1), FORWARD, ADD, h_backward=draw.uniform(0.5, 2))
    yield case(draw.normal(1, 3, 2), BACKWARD, ADD, h_forward=draw.uniform(0.5, 2))
    one_step = draw.normal(2, 1, 2)
    yield one_step, WIDE, WIDE_BACK, draw.uniform(-1, 1, 2, 3), draw.uniform(-1, 1, 2, 3)


def _read(x, step, h, steps=None):
    T = x.shape[1]
    states = {}
    for t in range(T) if steps is None else steps:
        h = step(x[:, t], h)
        states[t] = h
    return np.stack([states[t] for t in range(T)], axis=1)


def _both(x, forward_step, backward_step, h_forward=0.0, h_backward=0.0):
    return _read(x, forward_step, h_forward), _read(x, backward_step, h_backward, range(x.shape[1])[::-1])


@bidirectional.mistake(
    "way-back-not-turned",
    "The states of the way back stand in the order in which they were made. Turn them round: at step t belongs what "
    "has read from the end down to t.",
)
def _(x, *rest):
    there, back = _both(x, *rest)
    return np.concatenate([there, back[:, ::-1]], axis=2)


@bidirectional.mistake(
    "both-from-the-front", "Both of yours read from the front. The second one must begin at the last step."
)
def _(x, forward_step, backward_step, h_forward=0.0, h_backward=0.0):
    return np.concatenate([_read(x, forward_step, h_forward), _read(x, backward_step, h_backward)], axis=2)


@bidirectional.mistake("way-back-first", "You put the way back first. The order is: forward, then backward.")
def _(*arguments):
    return np.concatenate(_both(*arguments)[::-1], axis=2)


@bidirectional.mistake(
    "added", "You added the two states. Put them side by side: both keep their numbers, (N, T, 2H)."
)
def _(*arguments):
    return sum(_both(*arguments))


@bidirectional.mistake(
    "joined-along-steps", "You joined them along the steps, (N, 2T, H). Join them along the last axis."
)
def _(*arguments):
    return np.concatenate(_both(*arguments), axis=1)


@bidirectional.mistake(
    "one-step-for-both",
    "You used `forward_step` for both ways. The way back has a step, and weights, of its own.",
)
def _(x, forward_step, backward_step, h_forward=0.0, h_backward=0.0):
    return np.concatenate(_both(x, forward_step, forward_step, h_forward, h_backward), axis=2)


@bidirectional.mistake(
    "starts-where-forward-ended",
    "Your way back starts from where the way forward ended. It knows nothing yet: it starts from h_backward.",
)
def _(x, forward_step, backward_step, h_forward=0.0, h_backward=0.0):
    last = _read(x, forward_step, h_forward)[:, -1]
    return np.concatenate(_both(x, forward_step, backward_step, h_forward, last), axis=2)


@bidirectional.mistake(
    "batch-turned", "You turned the batch round, not the time. The steps are the second axis."
)
def _(x, forward_step, backward_step, h_forward=0.0, h_backward=0.0):
    back = _read(x[::-1], backward_step, h_backward)[::-1]
    return np.concatenate([_read(x, forward_step, h_forward), back], axis=2)


@bidirectional.mistake(
    "starts-unused",
    "`h_forward` and `h_backward` do not count in your answer. That is where the two ways begin.",
)
def _(x, forward_step, backward_step, h_forward=0.0, h_backward=0.0):
    zeros = np.zeros_like(np.asarray(h_forward))
    return np.concatenate(_both(x, forward_step, backward_step, zeros, zeros), axis=2)
