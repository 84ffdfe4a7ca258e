"""The recurrent layer of chapter 05: one step, a sequence, and the way back through time."""

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
    Wx, Wh = np.array([[0.3, 0.2], [-0.4, 0.6]]), np.array([[0.8, -0.5], [0.1, 0.7]])
    yield np.array([[1.0, 0.5]]), np.array([[0.5, -0.5]]), Wx, Wh, np.array([0.1, -0.2])
    yield draw.uniform(-1, 1, 3, 2), draw.uniform(-1, 1, 3, 4), *weights(draw, 2, 4)
    yield draw.uniform(-1, 1, 1, 4), draw.uniform(-1, 1, 1, 2), *weights(draw, 4, 2)
    yield np.array([[1000.0]]), np.array([[0.5, -0.5]]), np.array([[1.0, -1.0]]), np.eye(2), np.zeros(2)


@rnn_step_forward.mistake("unnamed-1", "The bend is missing: what stands around the sum in the formula?")
def _(x, h, Wx, Wh, b):
    return x @ Wx + h @ Wh + b, None


@rnn_step_forward.mistake(
    "unnamed-2", "The old state h does not count in your answer. Without it, nothing is remembered."
)
def _(x, h, Wx, Wh, b):
    return np.tanh(x @ Wx + b), None


@rnn_step_forward.mistake(
    "unnamed-3",
    "This step's input x does not count in your answer. The new state mixes the input and the old state.",
)
def _(x, h, Wx, Wh, b):
    return np.tanh(h @ Wh + b), None


@rnn_step_forward.mistake("unnamed-4", "The bias b is missing in the sum.")
def _(x, h, Wx, Wh, b):
    return np.tanh(x @ Wx + h @ Wh), None


@rnn_step_forward.mistake(
    "unnamed-5",
    "You bent each part alone and added afterwards. The two products and the bias make one sum; it is bent once.",
)
def _(x, h, Wx, Wh, b):
    return np.tanh(x @ Wx) + np.tanh(h @ Wh) + b, None


@rnn_step_forward.mistake(
    "unnamed-6", "You used the sigmoid. The state of this layer is bent by tanh, from -1 to 1."
)
def _(x, h, Wx, Wh, b):
    return sigmoid(x @ Wx + h @ Wh + b), None


@rnn_step_forward.mistake(
    "unnamed-7",
    "You added the old state to the new one once more. It comes in only through Wh, inside the tanh.",
)
def _(x, h, Wx, Wh, b):
    return h + np.tanh(x @ Wx + h @ Wh + b), None


@rnn_step_forward.mistake("unnamed-8", "You used Wx transposed. Here Wx is (D, H) and fits as it is.")
def _(x, h, Wx, Wh, b):
    return np.tanh(x @ Wx.T + h @ Wh + b), None


@rnn_step_forward.mistake("unnamed-9", "You used Wh transposed. Here the state stands on the left: h @ Wh.")
def _(x, h, Wx, Wh, b):
    return np.tanh(x @ Wx + h @ Wh.T + b), None


@rnn_step_forward.mistake(
    "unnamed-10",
    "On paper the quotient of exponentials is tanh, but e^1000 is infinity for a computer, and infinity divided by "
    "infinity is nan. NumPy has a tanh that survives.",
)
def _(x, h, Wx, Wh, b):
    a = x @ Wx + h @ Wh + b
    return (np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a)), None


@exercise(rnn.rnn_forward, returns="h, _cache")
def rnn_forward(draw):
    half = np.array([[0.5]])
    yield np.array([[[1.0], [0.0], [0.0]]]), half, np.array([[1.0]]), half, np.zeros(1)
    yield draw.uniform(-1, 1, 3, 4, 2), draw.uniform(-1, 1, 3, 5), *weights(draw, 2, 5)
    yield draw.uniform(-1, 1, 2, 1, 3), draw.uniform(-1, 1, 2, 2), *weights(draw, 3, 2)  # one step
    yield draw.uniform(-1, 1, 1, 12, 3), draw.uniform(-1, 1, 1, 2), *weights(draw, 3, 2)  # one sequence


def _states(x, h, *weights):
    states = []
    for t in range(x.shape[1]):
        h, _ = rnn.rnn_step_forward(x[:, t], h, *weights)
        states.append(h)
    return np.stack(states, axis=1)


@rnn_forward.mistake("unnamed-1", "You began with zeros. The state before the first step is h0.")
def _(x, h0, Wx, Wh, b):
    return _states(x, np.zeros_like(h0), Wx, Wh, b), None


@rnn_forward.mistake(
    "unnamed-2",
    "Every step of yours starts from h0 again. The state that one step leaves is where the next one starts.",
)
def _(x, h0, Wx, Wh, b):
    return np.concatenate([_states(x[:, [t]], h0, Wx, Wh, b) for t in range(x.shape[1])], axis=1), None


@rnn_forward.mistake(
    "unnamed-3", "You returned the states before the steps: h0 is there, and the last one is missing."
)
def _(x, h0, Wx, Wh, b):
    return np.concatenate([h0[:, np.newaxis], _states(x, h0, Wx, Wh, b)[:, :-1]], axis=1), None


@rnn_forward.mistake("unnamed-4", "`h0` is among your states. Asked is one state for each step: T of them.")
def _(x, h0, Wx, Wh, b):
    return np.concatenate([h0[:, np.newaxis], _states(x, h0, Wx, Wh, b)], axis=1), None


@rnn_forward.mistake(
    "unnamed-5", "You returned the last state only. Asked are the states after every step, (N, T, H)."
)
def _(x, h0, Wx, Wh, b):
    return _states(x, h0, Wx, Wh, b)[:, -1], None


@rnn_forward.mistake("unnamed-6", "You read the sequence from its end. Step 0 comes first.")
def _(x, h0, Wx, Wh, b):
    return _states(x[:, ::-1], h0, Wx, Wh, b), None


@rnn_forward.mistake("unnamed-7", "The axes are exchanged: sequences come first, steps second, (N, T, H).")
def _(x, h0, Wx, Wh, b):
    return _states(x, h0, Wx, Wh, b).swapaxes(0, 1), None


@exercise(rnn.rnn_step_backward, returns="dx, dh, dWx, dWh, db")
def rnn_step_backward(draw):
    def step(N, D, H):
        x, h = draw.uniform(-1, 1, N, D), draw.uniform(-1, 1, N, H)
        _, cache = rnn.rnn_step_forward(x, h, *weights(draw, D, H))
        return draw.normal(N, H), cache

    yield step(1, 2, 2)
    yield step(3, 2, 4)
    yield step(2, 4, 3)
    saturated = np.array([[0.5, 0.2]]), np.array([[0.1, 0.3]]), np.eye(2), np.eye(2), np.array([1000.0, 0.0])
    yield np.array([[1.0, 1.0]]), rnn.rnn_step_forward(*saturated)[1]


def _step_back(dh_next, cache, slope=lambda h, h_next: 1 - h_next**2):
    x, h, Wx, Wh, h_next = cache
    da = dh_next * slope(h, h_next)
    return [da @ Wx.T, da @ Wh.T, x.T @ da, h.T @ da, da.sum(axis=0)]


@rnn_step_backward.mistake(
    "unnamed-1", "The slope of tanh is missing: before the sum, the gradient passes the bend."
)
def _(dh_next, cache):
    return tuple(_step_back(dh_next, cache, lambda h, h_next: 1.0))


@rnn_step_backward.mistake("unnamed-2", "The square is missing in the slope of tanh: you have 1 - h_next.")
def _(dh_next, cache):
    return tuple(_step_back(dh_next, cache, lambda h, h_next: 1 - h_next))


@rnn_step_backward.mistake("unnamed-3", "You used the sigmoid's slope, s(1 - s). What is the slope of tanh?")
def _(dh_next, cache):
    return tuple(_step_back(dh_next, cache, lambda h, h_next: h_next * (1 - h_next)))


@rnn_step_backward.mistake(
    "unnamed-4", "You took the slope of tanh from the old state h. The bend of this step made h_next."
)
def _(dh_next, cache):
    return tuple(_step_back(dh_next, cache, lambda h, h_next: 1 - h**2))


@rnn_step_backward.mistake(
    "unnamed-5",
    "`dWh` is wrong, the rest is right: what was multiplied by Wh in the forward step, h or h_next?",
)
def _(dh_next, cache):
    dx, dh, dWx, _, db = _step_back(dh_next, cache)
    return dx, dh, dWx, cache[4].T @ (dh_next * (1 - cache[4] ** 2)), db


@rnn_step_backward.mistake(
    "unnamed-6",
    "`dh` is wrong, the rest is right: on the way from the sum to h the gradient still has to pass Wh.",
)
def _(dh_next, cache):
    dx, _, dWx, dWh, db = _step_back(dh_next, cache)
    return dx, dh_next * (1 - cache[4] ** 2), dWx, dWh, db


@rnn_step_backward.mistake(
    "unnamed-7", "You used Wx and Wh as they are. On the way back a weight matrix is transposed."
)
def _(dh_next, cache):
    _, _, dWx, dWh, db = _step_back(dh_next, cache)
    da = dh_next * (1 - cache[4] ** 2)
    return da @ cache[2], da @ cache[3], dWx, dWh, db


@rnn_step_backward.mistake(
    "unnamed-8",
    "`db` is not added up. Every sequence of the batch uses the same bias, so its gradient is a sum over N.",
)
def _(dh_next, cache):
    return *_step_back(dh_next, cache)[:4], dh_next * (1 - cache[4] ** 2)


@rnn_step_backward.mistake(
    "unnamed-9",
    "You divided the gradients of the weights by N. The mean over the batch is the loss's business; here they are "
    "summed.",
)
def _(dh_next, cache):
    dx, dh, dWx, dWh, db = _step_back(dh_next, cache)
    N = len(dh_next)
    return dx, dh, dWx / N, dWh / N, db / N


def _run(draw, N, T, D, H, scale=1.0):
    Wx, Wh, b = weights(draw, D, H)
    x, h0 = draw.uniform(-1, 1, N, T, D), draw.uniform(-1, 1, N, H)
    return rnn.rnn_forward(x, h0, Wx, np.round(scale * Wh, 2), b)[1]


@exercise(rnn.rnn_backward, returns="dx, dh0, dWx, dWh, db")
def rnn_backward(draw):
    yield np.array([[[1.0], [10.0]]]), _run(draw, 1, 2, 1, 1)
    yield draw.normal(3, 4, 5), _run(draw, 3, 4, 2, 5)
    yield draw.normal(2, 1, 2), _run(draw, 2, 1, 3, 2)  # one step
    only_the_last = np.zeros((1, 6, 2))
    only_the_last[:, -1] = draw.normal(1, 2)
    yield only_the_last, _run(draw, 1, 6, 3, 2)


def _back(dh, cache, carry=True, each=True, forwards=False):
    """Each step's (dx, dh, dWx, dWh, db), by its t."""
    x, h0, Wx, Wh, h = cache
    T = x.shape[1]
    before = np.concatenate([h0[:, np.newaxis], h[:, :-1]], axis=1)
    carried, parts = np.zeros_like(h0), {}
    for t in range(T) if forwards else reversed(range(T)):
        own = dh[:, t] if each or t == T - 1 else 0
        parts[t] = rnn.rnn_step_backward(own + carried, (x[:, t], before[:, t], Wx, Wh, h[:, t]))
        carried = parts[t][1] if carry else carried
    return parts


def _gathered(parts, gather=sum, first=0):
    steps = [parts[t] for t in sorted(parts)]
    dx = np.stack([step[0] for step in steps], axis=1)
    return dx, parts[first][1], *(gather([step[k] for step in steps]) for k in (2, 3, 4))


@rnn_backward.mistake(
    "unnamed-1",
    "Each step of yours sees its own dh[:, t] alone. A state is also where the next step starts: which gradient comes "
    "back from there?",
)
def _(dh, cache):
    return _gathered(_back(dh, cache, carry=False))


@rnn_backward.mistake(
    "unnamed-2",
    "Only the last step's output counts in your answer. Every output has a gradient of its own, dh[:, t], to be added.",
)
def _(dh, cache):
    return _gathered(_back(dh, cache, each=False))


@rnn_backward.mistake(
    "unnamed-3",
    "You went through the steps from the first to the last. The error flows the other way: where must you begin?",
)
def _(dh, cache):
    return _gathered(_back(dh, cache, forwards=True), first=cache[0].shape[1] - 1)


@rnn_backward.mistake(
    "unnamed-4",
    "Your weight gradients are those of the first step alone. The weights are used at every step: add up (+=), "
    "do not replace.",
)
def _(dh, cache):
    return _gathered(_back(dh, cache), gather=lambda parts: parts[0])


@rnn_backward.mistake(
    "unnamed-5",
    "You took the mean of the weight gradients over the steps. Each use of a weight adds its part: it is a sum.",
)
def _(dh, cache):
    return _gathered(_back(dh, cache), gather=lambda parts: sum(parts) / len(parts))


def _sums(dh, cache):
    """The gradient of each step's sum, before the bend, by its t."""
    parts, h = _back(dh, cache), cache[4]
    carried = {t: parts[t + 1][1] if t + 1 in parts else 0 for t in parts}
    return {t: (dh[:, t] + carried[t]) * (1 - h[:, t] ** 2) for t in parts}


def _from(dh, cache, state):
    """All as it should be, but dWh, which is made with another state: `state(t)` instead of the one before step t."""
    dx, dh0, dWx, _, db = rnn.rnn_backward(dh, cache)
    return dx, dh0, dWx, sum(state(t).T @ da for t, da in _sums(dh, cache).items()), db


@rnn_backward.mistake(
    "unnamed-6",
    "`dWh` is wrong: at step t, Wh was multiplied by the state BEFORE the step. You used the one after it.",
)
def _(dh, cache):
    return _from(dh, cache, lambda t: cache[4][:, t])


@rnn_backward.mistake(
    "unnamed-7",
    "`dWh` is wrong: only step 0 started from h0. The others started from the state that the step before has left.",
)
def _(dh, cache):
    return _from(dh, cache, lambda t: cache[1])


@rnn_backward.mistake(
    "unnamed-8",
    "`dWh` is wrong: before step 0 you took h[:, -1], and for NumPy that is the LAST state. Where did step 0 start?",
)
def _(dh, cache):
    return _from(dh, cache, lambda t: cache[4][:, t - 1])


@rnn_backward.mistake(
    "unnamed-9", "`dh0` misses its last stretch: back through step 0 the gradient passes Wh as well."
)
def _(dh, cache):
    dx, _, *rest = rnn.rnn_backward(dh, cache)
    return dx, _sums(dh, cache)[0], *rest


@exercise(rnn.gradient_norms_through_time)
def gradient_norms_through_time(draw):
    Wh = np.array([[0.5, 0.3], [0.0, 0.5]])
    _, at_rest = rnn.rnn_forward(np.zeros((1, 4, 1)), np.zeros((1, 2)), np.zeros((1, 2)), Wh, np.zeros(2))
    yield np.array([[1.0, 0.0]]), at_rest  # every state is 0, so the slope of tanh is 1
    yield draw.normal(3, 4), _run(draw, 3, 5, 2, 4)
    yield draw.normal(1, 3), _run(draw, 1, 8, 2, 3, scale=3)
    yield draw.normal(2, 3), _run(draw, 2, 1, 2, 3)  # one step


def _norms(dh, cache, norm=np.linalg.norm, slope=lambda h, t: 1 - h[:, t] ** 2, transposed=True):
    Wh, h = cache[3], cache[4]
    norms = []
    for t in reversed(range(h.shape[1])):
        norms.append(norm(dh))
        dh = (dh * slope(h, t)) @ (Wh.T if transposed else Wh)
    return np.array(norms[::-1])


@gradient_norms_through_time.mistake(
    "unnamed-1", "The slope of tanh is missing: every step back passes the bend, too."
)
def _(dh, cache):
    return _norms(dh, cache, slope=lambda h, t: 1.0)


@gradient_norms_through_time.mistake(
    "unnamed-2", "You used Wh as it is. On the way back a weight matrix is transposed."
)
def _(dh, cache):
    return _norms(dh, cache, transposed=False)


@gradient_norms_through_time.mistake(
    "unnamed-3",
    "Your norms are in the order in which you met them. Entry t belongs to h[:, t]: the last entry is the norm of dh.",
)
def _(dh, cache):
    return _norms(dh, cache)[::-1]


@gradient_norms_through_time.mistake(
    "unnamed-4", "You returned the squares of the norms. The L2 norm ends with a root."
)
def _(dh, cache):
    return _norms(dh, cache) ** 2


@gradient_norms_through_time.mistake(
    "unnamed-5",
    "You added up the sizes without squares, the L1 norm. Asked is the L2 norm, the root of the sum of squares.",
)
def _(dh, cache):
    return _norms(dh, cache, norm=lambda v: np.abs(v).sum())


@gradient_norms_through_time.mistake(
    "unnamed-6",
    "You are one step too far: you stepped back before you took the first norm. The last entry is the norm of dh "
    "itself.",
)
def _(dh, cache):
    Wh, h = cache[3], cache[4]
    before = np.concatenate([h[:, :1], h[:, :-1]], axis=1)  # the first is not used
    return _norms((dh * (1 - h[:, -1] ** 2)) @ Wh.T, (None, None, None, Wh, before))


@gradient_norms_through_time.mistake(
    "unnamed-7",
    "The slope of tanh comes from the wrong step. The step from h[:, t - 1] to h[:, t] was bent into h[:, t].",
)
def _(dh, cache):
    return _norms(dh, cache, slope=lambda h, t: 1 - h[:, max(t - 1, 0)] ** 2)
