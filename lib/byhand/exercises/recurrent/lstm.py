"""The LSTM of chapter 05: one step, a sequence, and the way back."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.activations.elementwise import sigmoid
from byhand.reference.recurrent import lstm


def _weights(draw, D, H):
    return draw.uniform(-1, 1, D, 4 * H), draw.uniform(-1, 1, H, 4 * H), draw.uniform(-1, 1, 4 * H)


def _states(draw, N, H):
    return draw.uniform(-1, 1, N, H), draw.uniform(-1.5, 1.5, N, H)


@exercise(lstm.lstm_step_forward, returns="h_next, c_next, _cache")
def lstm_step_forward(draw):
    yield (
        np.array([[1.0]]),
        np.array([[0.5]]),
        np.array([[0.7]]),
        np.array([[1.0, 2.0, -0.5, 0.3]]),
        np.array([[0.2, -0.4, 0.6, 0.8]]),
        np.array([0.0, 1.0, 0.5, -1.0]),
    )
    yield draw.uniform(-1, 1, 3, 2), *_states(draw, 3, 4), *_weights(draw, 2, 4)
    yield draw.uniform(-1, 1, 1, 5), *_states(draw, 1, 2), *_weights(draw, 5, 2)
    huge = np.array([1000.0, -1000.0, -1000.0, 1000.0, 1000.0, -1000.0, 1000.0, -1000.0])
    yield np.array([[1.0]]), *_states(draw, 1, 2), np.zeros((1, 8)), np.zeros((2, 8)), huge


def _step(arguments, order="ifgo", bend_g=np.tanh, cell=None, state=None, with_h=True, mixed=False):
    x, h, c, Wx, Wh, b = arguments
    a = x @ Wx + (h @ Wh if with_h else 0) + b
    blocks = np.split(a, 4, axis=1) if not mixed else [a[:, k::4] for k in range(4)]
    a = dict(zip(order, blocks, strict=True))
    i, f, g, o = sigmoid(a["i"]), sigmoid(a["f"]), bend_g(a["g"]), sigmoid(a["o"])
    c_next = f * c + i * g if cell is None else cell(i, f, g, c)
    return o * np.tanh(c_next) if state is None else state(o, c, c_next), c_next, None


@lstm_step_forward.mistake(
    "unnamed-1",
    "You took the columns in the order i, f, o, g, as some books do. Here the candidate g comes before o.",
)
def _(*arguments):
    return _step(arguments, order="ifog")


@lstm_step_forward.mistake(
    "unnamed-2",
    "You exchanged input gate and forget gate. The columns of i come first, then those of f; and f multiplies the old "
    "cell.",
)
def _(*arguments):
    return _step(arguments, order="figo")


@lstm_step_forward.mistake(
    "unnamed-3",
    "You took every fourth column for a gate. The H columns of one gate stand side by side: the first H are i's.",
)
def _(*arguments):
    return _step(arguments, mixed=True)


@lstm_step_forward.mistake(
    "unnamed-4",
    "You bent the candidate g with the sigmoid. A gate lies between 0 and 1, but g may be negative: it needs tanh.",
)
def _(*arguments):
    return _step(arguments, bend_g=sigmoid)


@lstm_step_forward.mistake(
    "unnamed-5", "The forget gate is missing: the old cell must be multiplied by f before g comes in."
)
def _(*arguments):
    return _step(arguments, cell=lambda i, f, g, c: c + i * g)


@lstm_step_forward.mistake("unnamed-6", "The input gate is missing: how much of the candidate g may come in?")
def _(*arguments):
    return _step(arguments, cell=lambda i, f, g, c: f * c + g)


@lstm_step_forward.mistake(
    "unnamed-7", "You used 1 - f for the input gate. That is another network; here i is a gate of its own."
)
def _(*arguments):
    return _step(arguments, cell=lambda i, f, g, c: f * c + (1 - f) * g)


@lstm_step_forward.mistake(
    "unnamed-8", "The new state is made of the OLD cell in your answer. Which of the two is up to date?"
)
def _(*arguments):
    return _step(arguments, state=lambda o, c, c_next: o * np.tanh(c))


@lstm_step_forward.mistake(
    "unnamed-9", "The tanh is missing in the new state: the output gate multiplies the bent cell."
)
def _(*arguments):
    return _step(arguments, state=lambda o, c, c_next: o * c_next)


@lstm_step_forward.mistake(
    "unnamed-10", "The output gate is missing: the state is only the part of the cell that it lets out."
)
def _(*arguments):
    return _step(arguments, state=lambda o, c, c_next: np.tanh(c_next))


@lstm_step_forward.mistake("unnamed-11", "The gates do not see the old state: h @ Wh is missing in the sum.")
def _(*arguments):
    return _step(arguments, with_h=False)


@lstm_step_forward.mistake(
    "unnamed-12", "You returned the cell before the state. The order is h_next, c_next, cache."
)
def _(*arguments):
    h_next, c_next, cache = _step(arguments)
    return c_next, h_next, cache


@exercise(lstm.lstm_forward, returns="h, c, _cache")
def lstm_forward(draw):
    yield draw.uniform(-1, 1, 1, 3, 1), *_states(draw, 1, 1), *_weights(draw, 1, 1)
    yield draw.uniform(-1, 1, 3, 4, 2), *_states(draw, 3, 5), *_weights(draw, 2, 5)
    yield draw.uniform(-1, 1, 2, 1, 3), *_states(draw, 2, 2), *_weights(draw, 3, 2)  # one step
    yield draw.uniform(-1, 1, 1, 12, 3), *_states(draw, 1, 2), *_weights(draw, 3, 2)  # one sequence


def _run(x, h, c, weights, between=lambda h, c: (h, c)):
    states, cells = [], []
    for t in range(x.shape[1]):
        h, c, _ = lstm.lstm_step_forward(x[:, t], h, c, *weights)
        states.append(h)
        cells.append(c)
        h, c = between(h, c)
    return np.stack(states, axis=1), np.stack(cells, axis=1), None


@lstm_forward.mistake("unnamed-1", "You began with a state of zeros. The state before the first step is h0.")
def _(x, h0, c0, *weights):
    return _run(x, np.zeros_like(h0), c0, weights)


@lstm_forward.mistake("unnamed-2", "You began with a cell of zeros. The cell before the first step is c0.")
def _(x, h0, c0, *weights):
    return _run(x, h0, np.zeros_like(c0), weights)


@lstm_forward.mistake(
    "unnamed-3",
    "Every step of yours starts from c0 again. The cell is the memory: hand it from step to step.",
)
def _(x, h0, c0, *weights):
    return _run(x, h0, c0, weights, lambda h, c: (h, c0))


@lstm_forward.mistake(
    "unnamed-4",
    "Every step of yours starts from the state h0 again. Hand the new state on, and not only the cell.",
)
def _(x, h0, c0, *weights):
    return _run(x, h0, c0, weights, lambda h, c: (h0, c))


@lstm_forward.mistake(
    "unnamed-5", "You handed state and cell on in the wrong places: a step takes h first, then c."
)
def _(x, h0, c0, *weights):
    return _run(x, h0, c0, weights, lambda h, c: (c, h))


@lstm_forward.mistake("unnamed-6", "You read the sequence from its end. Step 0 comes first.")
def _(x, h0, c0, *weights):
    return _run(x[:, ::-1], h0, c0, weights)


@lstm_forward.mistake(
    "unnamed-7", "You returned the last state and cell only. Asked are those after every step, (N, T, H)."
)
def _(x, h0, c0, *weights):
    h, c, _ = _run(x, h0, c0, weights)
    return h[:, -1], c[:, -1], None


@lstm_forward.mistake("unnamed-8", "The axes are exchanged: sequences come first, steps second, (N, T, H).")
def _(x, h0, c0, *weights):
    h, c, _ = _run(x, h0, c0, weights)
    return h.swapaxes(0, 1), c.swapaxes(0, 1), None


@exercise(lstm.lstm_step_backward, returns="dx, dh, dc, dWx, dWh, db")
def lstm_step_backward(draw):
    def step(N, D, H):
        arguments = draw.uniform(-1, 1, N, D), *_states(draw, N, H), *_weights(draw, D, H)
        return draw.normal(N, H), draw.normal(N, H), lstm.lstm_step_forward(*arguments)[-1]

    yield step(1, 1, 1)
    yield step(3, 2, 4)
    dh_next, dc_next, cache = step(2, 3, 2)
    yield np.zeros_like(dh_next), dc_next, cache  # the cell's own way back
    yield dh_next, np.zeros_like(dc_next), cache


def _step_back(dh_next, dc_next, cache, total=None, slopes=None, order=(0, 1, 2, 3), parts=None, old=None):
    x, h, c, Wx, Wh, gates, c_next = cache
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c_next)
    dc = dc_next + dh_next * o * (1 - tanh_c**2) if total is None else total(dc_next, dh_next, o, tanh_c, c)
    reach = [dc * g, dc * c, dc * i, dh_next * tanh_c]
    if parts is not None:
        reach = parts(reach, dc, dh_next, c_next)
    slope = [i * (1 - i), f * (1 - f), 1 - g**2, o * (1 - o)] if slopes is None else slopes(i, f, g, o)
    da = [one * other for one, other in zip(reach, slope, strict=True)]
    da = np.hstack([da[k] for k in order])
    return (
        da @ Wx.T,
        da @ Wh.T,
        dc * f if old is None else old(dc, dc_next, f),
        x.T @ da,
        h.T @ da,
        da.sum(axis=0),
    )


@lstm_step_backward.mistake(
    "unnamed-1",
    "`dc_next` does not count in your answer. The next step also uses this cell: its gradient has to be added.",
)
def _(dh_next, dc_next, cache):
    return _step_back(dh_next, np.zeros_like(dc_next), cache)


@lstm_step_backward.mistake(
    "unnamed-2",
    "The cell hears nothing of dh_next in your answer. It made the state, h_next = o tanh(c_next): add that part.",
)
def _(dh_next, dc_next, cache):
    return _step_back(dh_next, dc_next, cache, total=lambda dc, dh, o, tanh_c, c: dc)


@lstm_step_backward.mistake("unnamed-3", "On the way from h_next to the cell the slope of tanh is missing.")
def _(dh_next, dc_next, cache):
    return _step_back(dh_next, dc_next, cache, total=lambda dc, dh, o, tanh_c, c: dc + dh * o)


@lstm_step_backward.mistake("unnamed-4", "On the way from h_next to the cell the output gate is missing.")
def _(dh_next, dc_next, cache):
    return _step_back(dh_next, dc_next, cache, total=lambda dc, dh, o, tanh_c, c: dc + dh * (1 - tanh_c**2))


@lstm_step_backward.mistake(
    "unnamed-5", "You took the slope of tanh at the old cell c. The state was made of the new one, c_next."
)
def _(dh_next, dc_next, cache):
    return _step_back(
        dh_next, dc_next, cache, total=lambda dc, dh, o, tanh_c, c: dc + dh * o * (1 - np.tanh(c) ** 2)
    )


@lstm_step_backward.mistake(
    "unnamed-6", "`dc` is wrong, the rest is right: by what was the old cell multiplied?"
)
def _(dh_next, dc_next, cache):
    return _step_back(dh_next, dc_next, cache, old=lambda dc, dc_next, f: dc)


@lstm_step_backward.mistake(
    "unnamed-7",
    "`dc` is wrong, the rest is right: you sent back only dc_next, without the part that came through the state.",
)
def _(dh_next, dc_next, cache):
    return _step_back(dh_next, dc_next, cache, old=lambda dc, dc_next, f: dc_next * f)


@lstm_step_backward.mistake(
    "unnamed-8", "The slopes of the bends are missing: before the sum, each gate passed a sigmoid or tanh."
)
def _(dh_next, dc_next, cache):
    return _step_back(dh_next, dc_next, cache, slopes=lambda i, f, g, o: (1, 1, 1, 1))


@lstm_step_backward.mistake(
    "unnamed-9", "You gave the candidate g the slope of the sigmoid. It was bent by tanh."
)
def _(dh_next, dc_next, cache):
    return _step_back(
        dh_next,
        dc_next,
        cache,
        slopes=lambda i, f, g, o: (i * (1 - i), f * (1 - f), g * (1 - g), o * (1 - o)),
    )


@lstm_step_backward.mistake(
    "unnamed-10",
    "You put the four gradients together in the order i, f, o, g. The columns stand in the order i, f, g, o.",
)
def _(dh_next, dc_next, cache):
    return _step_back(dh_next, dc_next, cache, order=(0, 1, 3, 2))


@lstm_step_backward.mistake(
    "unnamed-11",
    "The gradient of the forget gate is wrong: f multiplied the OLD cell c, and you used c_next.",
)
def _(dh_next, dc_next, cache):
    return _step_back(
        dh_next,
        dc_next,
        cache,
        parts=lambda reach, dc, dh, c_next: [reach[0], dc * c_next, *reach[2:]],
    )


@lstm_step_backward.mistake(
    "unnamed-12",
    "The gradient of the output gate is wrong: o multiplied tanh(c_next), and you used c_next itself.",
)
def _(dh_next, dc_next, cache):
    return _step_back(dh_next, dc_next, cache, parts=lambda reach, dc, dh, c_next: [*reach[:3], dh * c_next])


def _sequence(draw, N, T, D, H):
    return lstm.lstm_forward(draw.uniform(-1, 1, N, T, D), *_states(draw, N, H), *_weights(draw, D, H))[-1]


@exercise(lstm.lstm_backward, returns="dx, dh0, dc0, dWx, dWh, db")
def lstm_backward(draw):
    yield draw.normal(1, 2, 1), _sequence(draw, 1, 2, 1, 1)
    yield draw.normal(3, 4, 5), _sequence(draw, 3, 4, 2, 5)
    yield draw.normal(2, 1, 2), _sequence(draw, 2, 1, 3, 2)  # one step
    only_the_last = np.zeros((1, 6, 2))
    only_the_last[:, -1] = draw.normal(1, 2)
    yield only_the_last, _sequence(draw, 1, 6, 3, 2)


def _back(dh, cache, hand_h=True, hand_c=True, each=True, gather=sum, state=None, cell=None):
    x, h0, c0, Wx, Wh, gates, h, c = cache
    T = x.shape[1]
    h_before = np.concatenate([h0[:, np.newaxis], h[:, :-1]], axis=1) if state is None else state(h0, h)
    c_before = np.concatenate([c0[:, np.newaxis], c[:, :-1]], axis=1) if cell is None else cell(c0, c)
    back_h, back_c, parts = np.zeros_like(h0), np.zeros_like(c0), []
    for t in reversed(range(T)):
        own = dh[:, t] if each or t == T - 1 else 0
        step = x[:, t], h_before[:, t], c_before[:, t], Wx, Wh, gates[:, t], c[:, t]
        parts.insert(0, lstm.lstm_step_backward(own + hand_h * back_h, hand_c * back_c, step))
        back_h, back_c = parts[0][1:3]
    dx = np.stack([part[0] for part in parts], axis=1)
    return dx, back_h, back_c, *(gather([part[k] for part in parts]) for k in (3, 4, 5))


@lstm_backward.mistake(
    "unnamed-1",
    "The cell's gradient is lost between your steps. Hand dc from step to step: it is what makes an LSTM remember.",
)
def _(dh, cache):
    return _back(dh, cache, hand_c=False)


@lstm_backward.mistake(
    "unnamed-2",
    "The state's gradient is lost between your steps: add the dh that comes back from step t + 1 to dh[:, t].",
)
def _(dh, cache):
    return _back(dh, cache, hand_h=False)


@lstm_backward.mistake(
    "unnamed-3",
    "Only the last step's output counts in your answer. Every output has a gradient of its own, dh[:, t], to be added.",
)
def _(dh, cache):
    return _back(dh, cache, each=False)


@lstm_backward.mistake(
    "unnamed-4",
    "Your weight gradients are those of the first step alone. The weights are used at every step: add up (+=), "
    "do not replace.",
)
def _(dh, cache):
    return _back(dh, cache, gather=lambda parts: parts[0])


@lstm_backward.mistake(
    "unnamed-5",
    "You took the mean of the weight gradients over the steps. Each use of a weight adds its part: it is a sum.",
)
def _(dh, cache):
    return _back(dh, cache, gather=lambda parts: sum(parts) / len(parts))


@lstm_backward.mistake(
    "unnamed-6",
    "You gave each step the state AFTER it, h[:, t]. A step starts from the state before it; step 0 from h0.",
)
def _(dh, cache):
    return _back(dh, cache, state=lambda h0, h: h)


@lstm_backward.mistake(
    "unnamed-7",
    "You gave each step the cell AFTER it, c[:, t], as its old cell. A step starts from the cell before it.",
)
def _(dh, cache):
    return _back(dh, cache, cell=lambda c0, c: c)


@lstm_backward.mistake(
    "unnamed-8",
    "Before step 0 you took h[:, -1] and c[:, -1], which for NumPy are the LAST ones. Where did step 0 start?",
)
def _(dh, cache):
    def turned(_, states):
        return np.roll(states, 1, axis=1)

    return _back(dh, cache, state=turned, cell=turned)
