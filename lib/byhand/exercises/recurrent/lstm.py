"""The LSTM of chapter 05 over a sequence, and its way back through time."""

from __future__ import annotations

import numpy as np

from byhand.exercises.recurrent.lstm_step import state_and_cell, weights
from byhand.exercises.spec import exercise
from byhand.reference.recurrent import lstm, lstm_step


@exercise(lstm.lstm_forward, returns="h, c, _cache")
def lstm_forward(draw):
    yield draw.uniform(-1, 1, 1, 3, 1), *state_and_cell(draw, 1, 1), *weights(draw, 1, 1)
    yield draw.uniform(-1, 1, 3, 4, 2), *state_and_cell(draw, 3, 5), *weights(draw, 2, 5)
    yield draw.uniform(-1, 1, 2, 1, 3), *state_and_cell(draw, 2, 2), *weights(draw, 3, 2)  # one step
    yield draw.uniform(-1, 1, 1, 12, 3), *state_and_cell(draw, 1, 2), *weights(draw, 3, 2)  # one sequence


@lstm_forward.switchable
def _run(
    x,
    h0,
    c0,
    Wx,
    Wh,
    b,
    *,
    from_h0=True,
    from_c0=True,
    hand_h=True,
    hand_c=True,
    in_their_places=True,
    from_the_front=True,
    all_steps=True,
    sequences_first=True,
):
    h, c = h0 if from_h0 else np.zeros_like(h0), c0 if from_c0 else np.zeros_like(c0)
    states, cells, gates = [], [], []
    for t in range(x.shape[1]) if from_the_front else reversed(range(x.shape[1])):
        new_h, new_c, cache = lstm_step.lstm_step_forward(x[:, t], h, c, Wx, Wh, b)
        states.append(new_h)
        cells.append(new_c)
        gates.append(cache[5])
        h, c = new_h if hand_h else h, new_c if hand_c else c
        if not in_their_places:
            h, c = c, h
    h, c, gates = (np.stack(parts, axis=1) for parts in (states, cells, gates))
    cache = x, h0, c0, Wx, Wh, gates, h, c
    if not all_steps:
        return h[:, -1], c[:, -1], cache
    return (h, c, cache) if sequences_first else (h.swapaxes(0, 1), c.swapaxes(0, 1), cache)


lstm_forward.switch(
    "state-from-zero",
    "You began with a state of zeros. The state before the first step is h0.",
    from_h0=False,
)


lstm_forward.switch(
    "cell-from-zero", "You began with a cell of zeros. The cell before the first step is c0.", from_c0=False
)


lstm_forward.switch(
    "cell-not-handed-on",
    "Every step of yours starts from c0 again. The cell is the memory: hand it from step to step.",
    hand_c=False,
)


lstm_forward.switch(
    "state-not-handed-on",
    "Every step of yours starts from the state h0 again. Hand the new state on, and not only the cell.",
    hand_h=False,
)


lstm_forward.switch(
    "cell-for-state",
    "You handed state and cell on in the wrong places: a step takes h first, then c.",
    in_their_places=False,
)


lstm_forward.switch(
    "from-the-end", "You read the sequence from its end. Step 0 comes first.", from_the_front=False
)


lstm_forward.switch(
    "last-step-only",
    "You returned the last state and cell only. Asked are those after every step, (N, T, H).",
    all_steps=False,
)


lstm_forward.switch(
    "steps-first",
    "The axes are exchanged: sequences come first, steps second, (N, T, H).",
    sequences_first=False,
)


def _sequence(draw, N, T, D, H):
    x = draw.uniform(-1, 1, N, T, D)
    return lstm.lstm_forward(x, *state_and_cell(draw, N, H), *weights(draw, D, H))[-1]


@exercise(lstm.lstm_backward, returns="dx, dh0, dc0, dWx, dWh, db")
def lstm_backward(draw):
    yield draw.normal(1, 2, 1), _sequence(draw, 1, 2, 1, 1)
    yield draw.normal(3, 4, 5), _sequence(draw, 3, 4, 2, 5)
    yield draw.normal(2, 1, 2), _sequence(draw, 2, 1, 3, 2)  # one step
    only_the_last = np.zeros((1, 6, 2))
    only_the_last[:, -1] = draw.normal(1, 2)
    yield only_the_last, _sequence(draw, 1, 6, 3, 2)


@lstm_backward.switchable
def _back(
    dh,
    cache,
    *,
    hand_c=True,
    hand_h=True,
    every_output=True,
    weights="sum",
    state="before",
    cell="before",
    in_order=True,
):
    x, h0, c0, Wx, Wh, gates, h, c = cache
    T = x.shape[1]
    h_start, c_start = _start(h0, h, state), _start(c0, c, cell)
    back_h, back_c, parts = np.zeros_like(h0), np.zeros_like(c0), []
    for t in reversed(range(T)):
        own = dh[:, t] if every_output or t == T - 1 else 0
        step = x[:, t], h_start[:, t], c_start[:, t], Wx, Wh, gates[:, t], c[:, t]
        parts.append(lstm_step.lstm_step_backward(own + hand_h * back_h, hand_c * back_c, step))
        back_h, back_c = parts[-1][1:3]
    gather = {
        "sum": sum,
        "first": lambda steps: steps[-1],
        "last": lambda steps: steps[0],
        "mean": lambda steps: sum(steps) / T,
    }[weights]
    dx = np.stack([part[0] for part in (parts[::-1] if in_order else parts)], axis=1)
    return dx, back_h, back_c, *(gather([part[k] for part in parts]) for k in (3, 4, 5))


def _start(first, states, which):
    """What each step is said to have started from."""
    if which == "after":
        return states
    if which == "wrapped":
        return np.roll(states, 1, axis=1)
    return np.concatenate([first[:, np.newaxis], states[:, :-1]], axis=1)


lstm_backward.switch(
    "cell-gradient-lost",
    "The cell's gradient is lost between your steps. Hand dc from step to step: it is what makes an LSTM remember.",
    hand_c=False,
)


lstm_backward.switch(
    "state-gradient-lost",
    "The state's gradient is lost between your steps: add the dh that comes back from step t + 1 to dh[:, t].",
    hand_h=False,
)


lstm_backward.switch(
    "last-output-only",
    "Only the last step's output counts in your answer. Every output has a gradient of its own, dh[:, t], to be added.",
    every_output=False,
)


lstm_backward.switch(
    "first-step-weights",
    "Your weight gradients are those of the first step alone. The weights are used at every step: add up (+=), "
    "do not replace.",
    weights="first",
)


lstm_backward.switch(
    "last-step-weights",
    "Your weight gradients are those of the last step alone. The weights are used at every step: each adds its part.",
    weights="last",
)


lstm_backward.switch(
    "mean-over-steps",
    "You took the mean of the weight gradients over the steps. Each use of a weight adds its part: it is a sum.",
    weights="mean",
)


lstm_backward.switch(
    "state-after-step",
    "You gave each step the state AFTER it, h[:, t]. A step starts from the state before it; step 0 from h0.",
    state="after",
)


lstm_backward.switch(
    "cell-after-step",
    "You gave each step the cell AFTER it, c[:, t], as its old cell. A step starts from the cell before it.",
    cell="after",
)


lstm_backward.switch(
    "last-before-first",
    "Before step 0 you took h[:, -1] and c[:, -1], which for NumPy are the LAST ones. Where did step 0 start?",
    state="wrapped",
    cell="wrapped",
)


lstm_backward.switch(
    "dx-reversed",
    "Your dx stands in the order in which you made it, the last step first. dx[:, t] belongs to x[:, t].",
    in_order=False,
)


@lstm_backward.mistake(
    "output-to-the-cell",
    "You added dh[:, t] to the gradient of the cell. The loss sees the states: it belongs to the state's.",
)
def _(dh, cache):
    x, h0, c0, Wx, Wh, gates, h, c = cache
    h_start, c_start = _start(h0, h, "before"), _start(c0, c, "before")
    back_h, back_c, parts = np.zeros_like(h0), np.zeros_like(c0), []
    for t in reversed(range(x.shape[1])):
        step = x[:, t], h_start[:, t], c_start[:, t], Wx, Wh, gates[:, t], c[:, t]
        parts.append(lstm_step.lstm_step_backward(back_h, dh[:, t] + back_c, step))
        back_h, back_c = parts[-1][1:3]
    dx = np.stack([part[0] for part in parts[::-1]], axis=1)
    return dx, back_h, back_c, *(sum(part[k] for part in parts) for k in (3, 4, 5))
