"""The LSTM of chapter 05: the way back, through one step and through time."""

from __future__ import annotations

import numpy as np

from byhand.exercises.recurrent.lstm import state_and_cell, weights
from byhand.exercises.spec import exercise
from byhand.reference.recurrent import lstm


@exercise(lstm.lstm_step_backward, returns="dx, dh, dc, dWx, dWh, db")
def lstm_step_backward(draw):
    def step(N, D, H):
        arguments = draw.uniform(-1, 1, N, D), *state_and_cell(draw, N, H), *weights(draw, D, H)
        return draw.normal(N, H), draw.normal(N, H), lstm.lstm_step_forward(*arguments)[-1]

    yield step(1, 1, 1)
    yield step(3, 2, 4)
    yield step(1, 3, 2)  # a batch of one
    yield step(4, 2, 1)  # one unit
    dh_next, dc_next, cache = step(2, 3, 2)
    yield np.zeros_like(dh_next), dc_next, cache  # the cell's own way back
    yield dh_next, np.zeros_like(dc_next), cache


@lstm_step_backward.switchable
def _step_back(
    dh_next,
    dc_next,
    cache,
    *,
    cell_counts=True,
    state_counts=True,
    through_state=True,
    slope_at="tanh(c_next)",
    through_output_gate=True,
    back="dc * f",
    slopes="ifgo",
    slope_of_g="tanh",
    order="ifgo",
    forgotten="c",
    shown="tanh(c_next)",
    with_input_gate=True,
    mean=False,
    bias_summed=True,
):
    x, h, c, Wx, Wh, gates, c_next = cache
    i, f, g, o = np.split(gates, 4, axis=1)
    dh = dh_next if state_counts else np.zeros_like(dh_next)
    dc = dc_next if cell_counts else np.zeros_like(dc_next)
    kept = dc
    if through_state:
        slope = {
            "tanh(c_next)": 1 - np.tanh(c_next) ** 2,
            "c_next": 1 - c_next**2,
            "tanh(c)": 1 - np.tanh(c) ** 2,
            "nowhere": 1,
        }
        dc = dc + dh * (o if through_output_gate else 1) * slope[slope_at]
    reach = {
        "i": dc * g,
        "f": dc * (c if forgotten == "c" else c_next),
        "g": dc * (i if with_input_gate else 1),
        "o": dh * (np.tanh(c_next) if shown == "tanh(c_next)" else c_next),
    }
    slope = {"i": i * (1 - i), "f": f * (1 - f), "o": o * (1 - o)}
    slope["g"] = 1 - g**2 if slope_of_g == "tanh" else g * (1 - g)
    da = np.hstack([reach[gate] * (slope[gate] if gate in slopes else 1) for gate in order])
    old = {"dc * f": dc * f, "dc": dc, "dc_next * f": kept * f}[back]
    db = da.sum(axis=0) if bias_summed else da
    share = 1 / len(x) if mean else 1
    return da @ Wx.T, da @ Wh.T, old, share * x.T @ da, share * h.T @ da, share * db


lstm_step_backward.switch(
    "cell-gradient-unused",
    "`dc_next` does not count in your answer. The next step also uses this cell: its gradient has to be added.",
    cell_counts=False,
)
lstm_step_backward.switch(
    "state-gradient-unused",
    "`dh_next` does not count in your answer. The state h_next = o tanh(c_next) was made of the output gate and of the "
    "cell: both get a part of its gradient.",
    state_counts=False,
)
lstm_step_backward.switch(
    "not-through-state",
    "The cell hears nothing of dh_next in your answer. It made the state, h_next = o tanh(c_next): add that part.",
    through_state=False,
)
lstm_step_backward.switch(
    "no-slope-to-cell",
    "On the way from h_next to the cell the slope of tanh is missing.",
    slope_at="nowhere",
)
lstm_step_backward.switch(
    "slope-without-tanh",
    "You took 1 - c_next² for the slope of tanh. The square is that of the bent number, tanh(c_next).",
    slope_at="c_next",
)
lstm_step_backward.switch(
    "slope-at-old-cell",
    "You took the slope of tanh at the old cell c. The state was made of the new one, c_next.",
    slope_at="tanh(c)",
)
lstm_step_backward.switch(
    "no-output-gate",
    "On the way from h_next to the cell the output gate is missing.",
    through_output_gate=False,
)
lstm_step_backward.switch(
    "old-cell-without-forget-gate",
    "`dc` is wrong, the rest is right: by what was the old cell multiplied?",
    back="dc",
)
lstm_step_backward.switch(
    "old-cell-without-state-part",
    "`dc` is wrong, the rest is right: you sent back only dc_next, without the part that came through the state.",
    back="dc_next * f",
)
lstm_step_backward.switch(
    "no-slopes",
    "The slopes of the bends are missing: before the sum, each gate passed a sigmoid or tanh.",
    slopes="",
)
lstm_step_backward.switch(
    "no-input-slope",
    "The input gate's slope is missing: i came out of a sigmoid. The other three slopes are there.",
    slopes="fgo",
)
lstm_step_backward.switch(
    "no-forget-slope",
    "The forget gate's slope is missing: f came out of a sigmoid. The other three slopes are there.",
    slopes="igo",
)
lstm_step_backward.switch(
    "no-candidate-slope",
    "The candidate's slope is missing: g came out of tanh. The slopes of the three gates are there.",
    slopes="ifo",
)
lstm_step_backward.switch(
    "no-output-slope",
    "The output gate's slope is missing: o came out of a sigmoid. The other three slopes are there.",
    slopes="ifg",
)
lstm_step_backward.switch(
    "sigmoid-slope-for-candidate",
    "You gave the candidate g the slope of the sigmoid. It was bent by tanh.",
    slope_of_g="sigmoid",
)
lstm_step_backward.switch(
    "order-i-f-o-g",
    "You put the four gradients together in the order i, f, o, g. The columns stand in the order i, f, g, o.",
    order="ifog",
)
lstm_step_backward.switch(
    "forget-gate-with-new-cell",
    "The gradient of the forget gate is wrong: f multiplied the OLD cell c, and you used c_next.",
    forgotten="c_next",
)
lstm_step_backward.switch(
    "output-gate-without-tanh",
    "The gradient of the output gate is wrong: o multiplied tanh(c_next), and you used c_next itself.",
    shown="c_next",
)
lstm_step_backward.switch(
    "candidate-without-input-gate",
    "The gradient of the candidate g is wrong: by which gate was g multiplied?",
    with_input_gate=False,
)
lstm_step_backward.switch(
    "mean-over-batch",
    "You divided the gradients of the weights by N. The mean over the batch is the loss's business; here they are "
    "summed.",
    mean=True,
)
lstm_step_backward.switch(
    "bias-not-summed",
    "`db` is not added up. Every sequence of the batch uses the same bias, so its gradient is a sum over N.",
    bias_summed=False,
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
        parts.append(lstm.lstm_step_backward(own + hand_h * back_h, hand_c * back_c, step))
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
