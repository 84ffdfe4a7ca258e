"""The LSTM of chapter 05: one step, and a sequence."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.activations.elementwise import sigmoid
from byhand.reference.recurrent import lstm


def weights(draw, D, H):
    """Wx, Wh and b of an LSTM."""
    return draw.uniform(-1, 1, D, 4 * H), draw.uniform(-1, 1, H, 4 * H), draw.uniform(-1, 1, 4 * H)


def state_and_cell(draw, N, H):
    """Where a step starts from; the cell may lie outside -1 to 1."""
    return draw.uniform(-1, 1, N, H), draw.uniform(-1.5, 1.5, N, H)


@exercise(lstm.lstm_step_forward, returns="h_next, c_next, _cache")
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
        new_h, new_c, cache = lstm.lstm_step_forward(x[:, t], h, c, Wx, Wh, b)
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
