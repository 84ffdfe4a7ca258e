"""The GRU of chapter 05: one step, and a sequence."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.activations.elementwise import sigmoid
from byhand.reference.recurrent import gru


def _weights(draw, D, H):
    return draw.uniform(-1, 1, D, 3 * H), draw.uniform(-1, 1, H, 3 * H), draw.uniform(-1, 1, 4 * H)


@exercise(gru.gru_step_forward, returns="h_next, _cache")
def gru_step_forward(draw):
    yield (
        np.array([[1.0]]),
        np.array([[0.5]]),
        np.array([[1.0, -0.5, 0.8]]),
        np.array([[0.2, -0.4, 0.6]]),
        np.array([0.0, 1.0, 0.5, -1.0]),
    )
    yield draw.uniform(-1, 1, 3, 2), draw.uniform(-1, 1, 3, 4), *_weights(draw, 2, 4)
    yield draw.uniform(-1, 1, 1, 5), draw.uniform(-1, 1, 1, 2), *_weights(draw, 5, 2)
    huge = np.array([1000.0, -1000.0, -1000.0, 1000.0, 1000.0, -1000.0, 0.5, 0.5])
    yield np.array([[1.0]]), draw.uniform(-1, 1, 1, 2), np.zeros((1, 6)), np.zeros((2, 6)), huge


def _step(arguments, order="rzn", candidate=None, mix=None, bend_n=np.tanh):
    x, h, Wx, Wh, b = arguments
    H = h.shape[1]
    from_x = dict(zip(order, np.split(x @ Wx + b[: 3 * H], 3, axis=1), strict=True))
    from_h = dict(zip(order, np.split(h @ Wh, 3, axis=1), strict=True))
    r, z = (sigmoid(from_x[gate] + from_h[gate]) for gate in "rz")
    if candidate is None:
        a = from_x["n"] + r * (from_h["n"] + b[3 * H :])
    else:
        a = candidate(from_x["n"], from_h["n"], b[3 * H :], r, (r * h) @ Wh[:, 2 * H :])
    n = bend_n(a)
    return (1 - z) * n + z * h if mix is None else mix(z, n, h), None


@gru_step_forward.mistake(
    "unnamed-1", "You exchanged z and 1 - z, as some books do. Here z says how much of the OLD state is kept."
)
def _(*arguments):
    return _step(arguments, mix=lambda z, n, h: z * n + (1 - z) * h)


@gru_step_forward.mistake(
    "unnamed-2",
    "You took the columns in the order z, r, n, as some books do. Here the reset gate r comes first.",
)
def _(*arguments):
    return _step(arguments, order="zrn")


@gru_step_forward.mistake(
    "unnamed-3",
    "You multiplied h by r before the product with Wh, as in the first paper. Here r multiplies what comes out, "
    "h Wh + b_hn.",
)
def _(*arguments):
    return _step(arguments, candidate=lambda x, h, b, r, reset_first: x + reset_first + r * b)


@gru_step_forward.mistake(
    "unnamed-4",
    "The reset gate multiplies too little: the last bias b_hn belongs to the part with h, inside the brackets.",
)
def _(*arguments):
    return _step(arguments, candidate=lambda x, h, b, r, _: x + r * h + b)


@gru_step_forward.mistake(
    "unnamed-5",
    "The reset gate multiplies too much: it acts only on the part with h, not on the part with x.",
)
def _(*arguments):
    return _step(arguments, candidate=lambda x, h, b, r, _: r * (x + h + b))


@gru_step_forward.mistake(
    "unnamed-6", "The reset gate r does nothing in your answer. Where does it stand in the formula of n?"
)
def _(*arguments):
    return _step(arguments, candidate=lambda x, h, b, r, _: x + h + b)


@gru_step_forward.mistake(
    "unnamed-7", "The last of the four blocks of b is missing: b_hn, which the reset gate multiplies."
)
def _(*arguments):
    return _step(arguments, candidate=lambda x, h, b, r, _: x + r * h)


@gru_step_forward.mistake(
    "unnamed-8", "You bent the candidate n with the sigmoid. A gate lies between 0 and 1, but n needs tanh."
)
def _(*arguments):
    return _step(arguments, bend_n=sigmoid)


@gru_step_forward.mistake(
    "unnamed-9", "The old state is missing at the end: the new one is a mixture of the candidate AND h."
)
def _(*arguments):
    return _step(arguments, mix=lambda z, n, h: (1 - z) * n)


@gru_step_forward.mistake(
    "unnamed-10", "You returned the candidate n. How much of it does the update gate z let in?"
)
def _(*arguments):
    return _step(arguments, mix=lambda z, n, h: n)


@exercise(gru.gru_forward, returns="h, _cache")
def gru_forward(draw):
    yield draw.uniform(-1, 1, 1, 3, 1), draw.uniform(-1, 1, 1, 1), *_weights(draw, 1, 1)
    yield draw.uniform(-1, 1, 3, 4, 2), draw.uniform(-1, 1, 3, 5), *_weights(draw, 2, 5)
    yield draw.uniform(-1, 1, 2, 1, 3), draw.uniform(-1, 1, 2, 2), *_weights(draw, 3, 2)  # one step
    yield draw.uniform(-1, 1, 1, 12, 3), draw.uniform(-1, 1, 1, 2), *_weights(draw, 3, 2)  # one sequence


def _states(x, h, weights, hand_on=True):
    states, first = [], h
    for t in range(x.shape[1]):
        h, _ = gru.gru_step_forward(x[:, t], h if hand_on else first, *weights)
        states.append(h)
    return np.stack(states, axis=1)


@gru_forward.mistake("unnamed-1", "You began with zeros. The state before the first step is h0.")
def _(x, h0, *weights):
    return _states(x, np.zeros_like(h0), weights), None


@gru_forward.mistake(
    "unnamed-2",
    "Every step of yours starts from h0 again. The state that one step leaves is where the next one starts.",
)
def _(x, h0, *weights):
    return _states(x, h0, weights, hand_on=False), None


@gru_forward.mistake(
    "unnamed-3", "You returned the last state only. Asked are the states after every step, (N, T, H)."
)
def _(x, h0, *weights):
    return _states(x, h0, weights)[:, -1], None


@gru_forward.mistake("unnamed-4", "You read the sequence from its end. Step 0 comes first.")
def _(x, h0, *weights):
    return _states(x[:, ::-1], h0, weights), None


@gru_forward.mistake("unnamed-5", "The axes are exchanged: sequences come first, steps second, (N, T, H).")
def _(x, h0, *weights):
    return _states(x, h0, weights).swapaxes(0, 1), None
