"""The recurrent layer of chapter 05 over a sequence, and its way back through time."""

from __future__ import annotations

import numpy as np

from byhand.exercises.recurrent.rnn_step import weights
from byhand.exercises.spec import exercise
from byhand.reference.recurrent import rnn, rnn_step


@exercise(rnn.rnn_forward, returns="h, _cache")
def rnn_forward(draw):
    yield draw.uniform(-1, 1, 1, 3, 1), draw.uniform(-1, 1, 1, 1), *weights(draw, 1, 1)
    yield draw.uniform(-1, 1, 3, 4, 2), draw.uniform(-1, 1, 3, 5), *weights(draw, 2, 5)
    yield draw.uniform(-1, 1, 2, 1, 3), draw.uniform(-1, 1, 2, 2), *weights(draw, 3, 2)  # one step
    yield draw.uniform(-1, 1, 1, 12, 3), draw.uniform(-1, 1, 1, 2), *weights(draw, 3, 2)  # one sequence


@rnn_forward.switchable
def _states(
    x, h0, Wx, Wh, b, *, from_h0=True, hand_on=True, which="after", from_the_front=True, sequences_first=True
):
    first = h = h0 if from_h0 else np.zeros_like(h0)
    states = []
    for t in range(x.shape[1]) if from_the_front else reversed(range(x.shape[1])):
        h, _ = rnn_step.rnn_step_forward(x[:, t], h if hand_on else first, Wx, Wh, b)
        states.append(h)
    h = np.stack(states, axis=1)
    shown = {
        "after": h,
        "before": np.concatenate([h0[:, np.newaxis], h[:, :-1]], axis=1),
        "both": np.concatenate([h0[:, np.newaxis], h], axis=1),
        "last": h[:, -1],
    }[which]
    return shown if sequences_first else shown.swapaxes(0, 1), (x, h0, Wx, Wh, h)


rnn_forward.switch("from-zero", "You began with zeros. The state before the first step is h0.", from_h0=False)


rnn_forward.switch(
    "not-handed-on",
    "Every step of yours starts from h0 again. The state that one step leaves is where the next one starts.",
    hand_on=False,
)


rnn_forward.switch(
    "before-the-steps",
    "You returned the states before the steps: h0 is there, and the last one is missing.",
    which="before",
)


rnn_forward.switch(
    "h0-among-states",
    "`h0` is among your states. Asked is one state for each step: T of them.",
    which="both",
)


rnn_forward.switch(
    "last-step-only",
    "You returned the last state only. Asked are the states after every step, (N, T, H).",
    which="last",
)


rnn_forward.switch(
    "from-the-end", "You read the sequence from its end. Step 0 comes first.", from_the_front=False
)


rnn_forward.switch(
    "steps-first",
    "The axes are exchanged: sequences come first, steps second, (N, T, H).",
    sequences_first=False,
)


def _run(draw, N, T, D, H, scale=1.0):
    Wx, Wh, b = weights(draw, D, H)
    x, h0 = draw.uniform(-1, 1, N, T, D), draw.uniform(-1, 1, N, H)
    return rnn.rnn_forward(x, h0, Wx, np.round(scale * Wh, 2), b)[1]


@exercise(rnn.rnn_backward, returns="dx, dh0, dWx, dWh, db")
def rnn_backward(draw):
    yield draw.normal(1, 2, 1), _run(draw, 1, 2, 1, 1)
    yield draw.normal(3, 4, 5), _run(draw, 3, 4, 2, 5)
    yield draw.normal(2, 1, 2), _run(draw, 2, 1, 3, 2)  # one step
    only_the_last = np.zeros((1, 6, 2))
    only_the_last[:, -1] = draw.normal(1, 2)
    yield only_the_last, _run(draw, 1, 6, 3, 2)


@rnn_backward.switchable
def _back(
    dh,
    cache,
    *,
    carried=True,
    every_output=True,
    from_the_end=True,
    added_before_bend=True,
    sloped=True,
    turned=True,
    weights="sum",
    start="before",
    dh0_through_Wh=True,
    in_order=True,
):
    x, h0, Wx, Wh, h = cache
    T = x.shape[1]
    began = {
        "before": np.concatenate([h0[:, np.newaxis], h[:, :-1]], axis=1),
        "after": h,
        "h0": np.repeat(h0[:, np.newaxis], T, axis=1),
        "wrapped": np.roll(h, 1, axis=1),
    }[start]
    back, da = np.zeros_like(h0), {}
    for t in reversed(range(T)) if from_the_end else range(T):
        own = dh[:, t] if every_output or t == T - 1 else np.zeros_like(h0)
        slope = 1 - h[:, t] ** 2 if sloped else 1
        before_bend, after_bend = (own + back, 0) if added_before_bend else (own, back)
        da[t] = before_bend * slope + after_bend
        to_start = da[t] @ (Wh.T if turned else Wh)
        back = to_start if carried else back
    dx = np.stack([da[t] @ Wx.T for t in (range(T) if in_order else reversed(range(T)))], axis=1)
    gather = {
        "sum": sum,
        "first": lambda steps: steps[0],
        "last": lambda steps: steps[-1],
        "mean": lambda steps: sum(steps) / T,
    }[weights]
    dWx = gather([x[:, t].T @ da[t] for t in range(T)])
    dWh = gather([began[:, t].T @ da[t] for t in range(T)])
    return dx, to_start if dh0_through_Wh else da[0], dWx, dWh, gather([da[t].sum(axis=0) for t in range(T)])


rnn_backward.switch(
    "not-carried-back",
    "Each step of yours sees its own dh[:, t] alone. A state is also where the next step starts: which gradient comes "
    "back from there?",
    carried=False,
)


rnn_backward.switch(
    "last-output-only",
    "Only the last step's output counts in your answer. Every output has a gradient of its own, dh[:, t], to be added.",
    every_output=False,
)


rnn_backward.switch(
    "from-the-front",
    "You went through the steps from the first to the last. The error flows the other way: where must you begin?",
    from_the_end=False,
)


rnn_backward.switch(
    "added-after-bend",
    "You added what comes back from step t + 1 after the bend. It belongs to the state h[:, t], as dh[:, t] does: add "
    "first, then multiply by the slope.",
    added_before_bend=False,
)


rnn_backward.switch(
    "no-slope", "The slope of tanh is missing: every step back passes the bend, too.", sloped=False
)


rnn_backward.switch(
    "wh-not-transposed",
    "You used Wh as it is on the way to the state before. On the way back a weight matrix is transposed.",
    turned=False,
)


rnn_backward.switch(
    "first-step-weights",
    "Your weight gradients are those of the first step alone. The weights are used at every step: add up (+=), "
    "do not replace.",
    weights="first",
)


rnn_backward.switch(
    "last-step-weights",
    "Your weight gradients are those of the last step alone. The weights are used at every step: each adds its part.",
    weights="last",
)


rnn_backward.switch(
    "mean-over-steps",
    "You took the mean of the weight gradients over the steps. Each use of a weight adds its part: it is a sum.",
    weights="mean",
)


rnn_backward.switch(
    "dwh-from-state-after",
    "`dWh` is wrong: at step t, Wh was multiplied by the state BEFORE the step. You used the one after it.",
    start="after",
)


rnn_backward.switch(
    "dwh-from-h0",
    "`dWh` is wrong: only step 0 started from h0. The others started from the state that the step before has left.",
    start="h0",
)


rnn_backward.switch(
    "last-before-first",
    "`dWh` is wrong: before step 0 you took h[:, -1], and for NumPy that is the LAST state. Where did step 0 start?",
    start="wrapped",
)


rnn_backward.switch(
    "dh0-without-wh",
    "`dh0` misses its last stretch: back through step 0 the gradient passes Wh as well.",
    dh0_through_Wh=False,
)


rnn_backward.switch(
    "dx-reversed",
    "Your dx stands in the order in which you made it, the last step first. dx[:, t] belongs to x[:, t].",
    in_order=False,
)


@exercise(rnn.gradient_norms_through_time)
def gradient_norms_through_time(draw):
    at_rest = rnn.rnn_forward(
        np.zeros((1, 4, 1)), np.zeros((1, 2)), np.zeros((1, 2)), draw.uniform(0.2, 1, 2, 2), np.zeros(2)
    )[1]
    yield draw.normal(1, 2), at_rest  # every state is 0, so the slope of tanh is 1
    yield draw.normal(3, 4), _run(draw, 3, 5, 2, 4)
    yield draw.normal(1, 3), _run(draw, 1, 8, 2, 3, scale=3)
    yield draw.normal(2, 3), _run(draw, 2, 1, 2, 3)  # one step
    yield draw.normal(3, 1), _run(draw, 3, 4, 2, 1)  # one unit


@gradient_norms_through_time.switchable
def _norms(dh, cache, *, slope="of h[:, t]", turned=True, in_order=True, norm="L2", from_dh=True):
    Wh, h = cache[3], cache[4]
    T, norms = h.shape[1], []
    for t in reversed(range(T)):
        which = {"of h[:, t]": t, "of h[:, t - 1]": max(t - 1, 0), "none": None}[slope]
        sloped = dh if which is None else dh * (1 - h[:, which] ** 2)
        before, dh = dh, sloped @ (Wh.T if turned else Wh)
        size = before if from_dh else dh
        squares = np.sum(size**2)
        norms.append({"L2": np.sqrt(squares), "L1": np.abs(size).sum(), "squared": squares}[norm])
    return np.array(norms[::-1] if in_order else norms)


gradient_norms_through_time.switch(
    "no-slope", "The slope of tanh is missing: every step back passes the bend, too.", slope="none"
)


gradient_norms_through_time.switch(
    "wh-not-transposed",
    "You used Wh as it is. On the way back a weight matrix is transposed.",
    turned=False,
)


gradient_norms_through_time.switch(
    "last-first",
    "Your norms are in the order in which you met them. Entry t belongs to h[:, t]: the last entry is the norm of dh.",
    in_order=False,
)


gradient_norms_through_time.switch(
    "squared-norms", "You returned the squares of the norms. The L2 norm ends with a root.", norm="squared"
)


gradient_norms_through_time.switch(
    "l1-norm",
    "You added up the sizes without squares, the L1 norm. Asked is the L2 norm, the root of the sum of squares.",
    norm="L1",
)


gradient_norms_through_time.switch(
    "one-step-too-far",
    "You are one step too far: you stepped back before you took the first norm. The last entry is the norm of dh "
    "itself.",
    from_dh=False,
)


gradient_norms_through_time.switch(
    "slope-of-wrong-step",
    "The slope of tanh comes from the wrong step. The step from h[:, t - 1] to h[:, t] was bent into h[:, t].",
    slope="of h[:, t - 1]",
)
