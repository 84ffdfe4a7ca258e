"""One step of the recurrent layer of chapter 05, there and back."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.activations.elementwise import sigmoid
from byhand.reference.recurrent import rnn_step


def weights(draw, D, H):
    """Wx, Wh and b of a recurrent layer."""
    return draw.uniform(-1, 1, D, H), draw.uniform(-1, 1, H, H), draw.uniform(-1, 1, H)


# The first case is square (D = H), so that a wrong product gives numbers to look at, and not only a NumPy error.
@exercise(rnn_step.rnn_step_forward, returns="h_next, _cache")
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


# The first case is square (D = H), so that a wrong product gives numbers to look at, and not only a NumPy error.
@exercise(rnn_step.rnn_step_backward, returns="dx, dh, dWx, dWh, db")
def rnn_step_backward(draw):
    def step(N, D, H, b=None):
        Wx, Wh, drawn = weights(draw, D, H)
        x, h = draw.uniform(-1, 1, N, D), draw.uniform(-1, 1, N, H)
        _, cache = rnn_step.rnn_step_forward(x, h, Wx, Wh, drawn if b is None else b)
        return draw.normal(N, H), cache

    yield step(1, 2, 2)
    yield step(3, 2, 4)
    yield step(1, 4, 3)  # a batch of one
    yield step(4, 2, 1)  # one unit
    yield step(2, 2, 2, np.array([1000.0, 0.0]))  # the first unit is saturated


@rnn_step_backward.switchable
def _step_back(
    dh_next,
    cache,
    *,
    slope="1 - h_next²",
    start="h",
    dh_through_Wh=True,
    turned="Wx, Wh",
    dWh_turned=False,
    bias_summed=True,
    mean=False,
):
    x, h, Wx, Wh, h_next = cache
    slopes = {
        "1 - h_next²": 1 - h_next**2,
        "none": 1.0,
        "1 - h_next": 1 - h_next,
        "of the sigmoid": h_next * (1 - h_next),
        "of h": 1 - h**2,
        "bent twice": 1 - np.tanh(h_next) ** 2,
    }
    da = dh_next * slopes[slope]
    dx, dh = da @ (Wx.T if "Wx" in turned else Wx), da @ (Wh.T if "Wh" in turned else Wh)
    dWh = (h if start == "h" else h_next).T @ da
    db = da.sum(axis=0) if bias_summed else da
    share = 1 / len(x) if mean else 1
    return (
        dx,
        dh if dh_through_Wh else da,
        share * x.T @ da,
        share * (dWh.T if dWh_turned else dWh),
        share * db,
    )


rnn_step_backward.switch(
    "no-slope", "The slope of tanh is missing: before the sum, the gradient passes the bend.", slope="none"
)


rnn_step_backward.switch(
    "slope-not-squared",
    "The square is missing in the slope of tanh: you have 1 - h_next.",
    slope="1 - h_next",
)


rnn_step_backward.switch(
    "sigmoid-slope",
    "You used the sigmoid's slope, s(1 - s). What is the slope of tanh?",
    slope="of the sigmoid",
)


rnn_step_backward.switch(
    "slope-from-old-state",
    "You took the slope of tanh from the old state h. The bend of this step made h_next.",
    slope="of h",
)


rnn_step_backward.switch(
    "bent-twice",
    "You bent h_next once more: it IS the tanh of the sum already, so that its slope is made of h_next as it is.",
    slope="bent twice",
)


rnn_step_backward.switch(
    "dwh-from-new-state",
    "`dWh` is wrong, the rest is right: what was multiplied by Wh in the forward step, h or h_next?",
    start="h_next",
)


rnn_step_backward.switch(
    "dwh-transposed",
    "`dWh` is transposed, the rest is right. Row j of Wh belongs to h[:, j]: which factor comes first?",
    dWh_turned=True,
)


rnn_step_backward.switch(
    "dh-without-wh",
    "`dh` is wrong, the rest is right: on the way from the sum to h the gradient still has to pass Wh.",
    dh_through_Wh=False,
)


rnn_step_backward.switch(
    "weights-not-transposed",
    "You used Wx and Wh as they are. On the way back a weight matrix is transposed.",
    turned="",
)


rnn_step_backward.switch(
    "wh-not-transposed",
    "`dh` is wrong, the rest is right: you used Wh as it is. On the way back it is transposed, as Wx is.",
    turned="Wx",
)


rnn_step_backward.switch(
    "wx-not-transposed",
    "`dx` is wrong: you used Wx as it is. On the way back it is transposed, as Wh is.",
    turned="Wh",
)


rnn_step_backward.switch(
    "bias-not-summed",
    "`db` is not added up. Every sequence of the batch uses the same bias, so its gradient is a sum over N.",
    bias_summed=False,
)


rnn_step_backward.switch(
    "mean-over-batch",
    "You divided the gradients of the weights by N. The mean over the batch is the loss's business; here they are "
    "summed.",
    mean=True,
)


@rnn_step_backward.mistake("db-mean", "`db` is a mean. The bias is used for every sequence: add up.")
def _(dh_next, cache):
    *rest, db = rnn_step.rnn_step_backward(dh_next, cache)
    return *rest, db / len(dh_next)
