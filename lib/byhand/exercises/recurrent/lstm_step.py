"""One step of the LSTM of chapter 05, there and back."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.activations.elementwise import sigmoid
from byhand.reference.recurrent import lstm_step


def weights(draw, D, H):
    """Wx, Wh and b of an LSTM."""
    return draw.uniform(-1, 1, D, 4 * H), draw.uniform(-1, 1, H, 4 * H), draw.uniform(-1, 1, 4 * H)


def state_and_cell(draw, N, H):
    """Where a step starts from; the cell may lie outside -1 to 1."""
    return draw.uniform(-1, 1, N, H), draw.uniform(-1.5, 1.5, N, H)


@exercise(lstm_step.lstm_step_forward, returns="h_next, c_next, _cache")
def lstm_step_forward(draw):
    yield draw.uniform(-1, 1, 1, 1), *state_and_cell(draw, 1, 1), *weights(draw, 1, 1)
    yield draw.uniform(-1, 1, 3, 2), *state_and_cell(draw, 3, 4), *weights(draw, 2, 4)
    yield draw.uniform(-1, 1, 1, 5), *state_and_cell(draw, 1, 2), *weights(draw, 5, 2)  # a batch of one
    yield draw.uniform(-1, 1, 4, 3), *state_and_cell(draw, 4, 1), *weights(draw, 3, 1)  # one unit
    huge = np.where(draw.permutation(8) < 4, 1000.0, -1000.0)  # two of the four blocks are the gates i and f
    yield draw.uniform(-1, 1, 1, 1), *state_and_cell(draw, 1, 2), np.zeros((1, 8)), np.zeros((2, 8)), huge


@lstm_step_forward.switchable
def _step(
    x,
    h,
    c,
    Wx,
    Wh,
    b,
    *,
    order="ifgo",
    side_by_side=True,
    bend_g=np.tanh,
    forget_gate=True,
    input_gate=True,
    coupled=False,
    with_new_cell=True,
    bent=True,
    output_gate=True,
    with_h=True,
    survives=True,
    state_first=True,
):
    a = x @ Wx + (h @ Wh if with_h else 0) + b
    blocks = np.split(a, 4, axis=1) if side_by_side else [a[:, k::4] for k in range(4)]
    a = dict(zip(order, blocks, strict=True))
    i, f, o = ((sigmoid if survives else _quotient)(a[gate]) for gate in "ifo")
    g = bend_g(a["g"])
    if coupled:
        i = 1 - f
    c_next = (f if forget_gate else 1) * c + (i if input_gate else 1) * g
    shown = c_next if with_new_cell else c
    h_next = (o if output_gate else 1) * (np.tanh(shown) if bent else shown)
    cache = x, h, c, Wx, Wh, np.hstack([i, f, g, o]), c_next
    return (h_next, c_next, cache) if state_first else (c_next, h_next, cache)


def _quotient(a):
    return np.exp(a) / (1 + np.exp(a))


lstm_step_forward.switch(
    "order-i-f-o-g",
    "You took the columns in the order i, f, o, g, as some books do. Here the candidate g comes before o.",
    order="ifog",
)


lstm_step_forward.switch(
    "gates-exchanged",
    "You exchanged input gate and forget gate. The columns of i come first, then those of f; and f multiplies the old "
    "cell.",
    order="figo",
)


lstm_step_forward.switch(
    "every-fourth-column",
    "You took every fourth column for a gate. The H columns of one gate stand side by side: the first H are i's.",
    side_by_side=False,
)


lstm_step_forward.switch(
    "sigmoid-for-candidate",
    "You bent the candidate g with the sigmoid. A gate lies between 0 and 1, but g may be negative: it needs tanh.",
    bend_g=sigmoid,
)


lstm_step_forward.switch(
    "no-forget-gate",
    "The forget gate is missing: the old cell must be multiplied by f before g comes in.",
    forget_gate=False,
)


lstm_step_forward.switch(
    "no-input-gate",
    "The input gate is missing: how much of the candidate g may come in?",
    input_gate=False,
)


lstm_step_forward.switch(
    "coupled-gates",
    "You used 1 - f for the input gate. That is another network; here i is a gate of its own.",
    coupled=True,
)


lstm_step_forward.switch(
    "state-from-old-cell",
    "The new state is made of the OLD cell in your answer. Which of the two is up to date?",
    with_new_cell=False,
)


lstm_step_forward.switch(
    "cell-not-bent",
    "The tanh is missing in the new state: the output gate multiplies the bent cell.",
    bent=False,
)


lstm_step_forward.switch(
    "no-output-gate",
    "The output gate is missing: the state is only the part of the cell that it lets out.",
    output_gate=False,
)


lstm_step_forward.switch(
    "no-old-state", "The gates do not see the old state: h @ Wh is missing in the sum.", with_h=False
)


lstm_step_forward.switch(
    "overflow",
    "On paper e^a / (1 + e^a) is the sigmoid, but e^1000 is infinity for a computer, and infinity divided by infinity "
    "is nan. The sigmoid of chapter 2 survives.",
    survives=False,
)


lstm_step_forward.switch(
    "cell-before-state",
    "You returned the cell before the state. The order is h_next, c_next, cache.",
    state_first=False,
)


lstm_step_forward.switch(
    "no-tanh",
    "There is no tanh in your step. The candidate g is bent by it, and so is the new cell in the new state.",
    bend_g=sigmoid,
    bent=False,
)


@exercise(lstm_step.lstm_step_backward, returns="dx, dh, dc, dWx, dWh, db")
def lstm_step_backward(draw):
    def step(N, D, H):
        arguments = draw.uniform(-1, 1, N, D), *state_and_cell(draw, N, H), *weights(draw, D, H)
        return draw.normal(N, H), draw.normal(N, H), lstm_step.lstm_step_forward(*arguments)[-1]

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


lstm_step_backward.switch(
    "no-slopes-of-gates",
    "The slopes of i, f and o are missing: each of them came out of a sigmoid. That of g is there.",
    slopes="g",
)
