"""The recurrent layer of chapter 05: one step, and a sequence."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.activations.elementwise import sigmoid
from byhand.reference.recurrent import rnn


def weights(draw, D, H):
    """Wx, Wh and b of a recurrent layer."""
    return draw.uniform(-1, 1, D, H), draw.uniform(-1, 1, H, H), draw.uniform(-1, 1, H)


# The first case is square (D = H), so that a wrong product gives numbers to look at, and not only a NumPy error.
@exercise(rnn.rnn_step_forward, returns="h_next, _cache")
def rnn_step_forward(draw):
    yield draw.uniform(-1, 1, 1, 2), draw.uniform(-1, 1, 1, 2), *weights(draw, 2, 2)
    yield draw.uniform(-1, 1, 3, 2), draw.uniform(-1, 1, 3, 4), *weights(draw, 2, 4)
    yield draw.uniform(-1, 1, 1, 4), draw.uniform(-1, 1, 1, 2), *weights(draw, 4, 2)  # a batch of one
    yield draw.uniform(-1, 1, 4, 3), draw.uniform(-1, 1, 4, 1), *weights(draw, 3, 1)  # one unit
    huge = np.array([[1000.0, draw.uniform(-1, 1)]])
    yield huge, draw.uniform(-1, 1, 1, 2), np.diag(draw.uniform(1, 2, 2)), np.eye(2), np.zeros(2)


@rnn_step_forward.switchable
def _step(
    x,
    h,
    Wx,
    Wh,
    b,
    *,
    bend=np.tanh,
    bent="the sum",
    with_x=True,
    with_h=True,
    with_b=True,
    kept=0,
    Wx_fits=True,
    Wh_fits=True,
):
    from_x = x @ (Wx if Wx_fits else Wx.T) if with_x else 0
    from_h = h @ (Wh if Wh_fits else Wh.T) if with_h else 0
    bias = b if with_b else 0
    if bent == "the sum":
        h_next = bend(from_x + from_h + bias)
    elif bent == "each part":
        h_next = bend(from_x) + bend(from_h) + bias
    else:
        h_next = from_x + from_h + bias
    h_next = h_next + kept * h
    return h_next, (x, h, Wx, Wh, h_next)


def _quotient(a):
    return (np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a))


rnn_step_forward.switch(
    "no-bend", "The bend is missing: what stands around the sum in the formula?", bent="nothing"
)
rnn_step_forward.switch(
    "no-old-state",
    "The old state h does not count in your answer. Without it, nothing is remembered.",
    with_h=False,
)
rnn_step_forward.switch(
    "no-input",
    "This step's input x does not count in your answer. The new state mixes the input and the old state.",
    with_x=False,
)
rnn_step_forward.switch("no-bias", "The bias b is missing in the sum.", with_b=False)
rnn_step_forward.switch(
    "bent-apart",
    "You bent each part alone and added afterwards. The two products and the bias make one sum; it is bent once.",
    bent="each part",
)
rnn_step_forward.switch(
    "sigmoid-for-tanh",
    "You used the sigmoid. The state of this layer is bent by tanh, from -1 to 1.",
    bend=sigmoid,
)
rnn_step_forward.switch(
    "old-state-added",
    "You added the old state to the new one once more. It comes in only through Wh, inside the tanh.",
    kept=1,
)
rnn_step_forward.switch(
    "wx-transposed", "You used Wx transposed. Here Wx is (D, H) and fits as it is.", Wx_fits=False
)
rnn_step_forward.switch(
    "wh-transposed", "You used Wh transposed. Here the state stands on the left: h @ Wh.", Wh_fits=False
)
rnn_step_forward.switch(
    "overflow",
    "On paper the quotient of exponentials is tanh, but e^1000 is infinity for a computer, and infinity divided by "
    "infinity is nan. NumPy has a tanh that survives.",
    bend=_quotient,
)


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
        h, _ = rnn.rnn_step_forward(x[:, t], h if hand_on else first, Wx, Wh, b)
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
