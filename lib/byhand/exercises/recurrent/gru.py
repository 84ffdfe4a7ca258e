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
    yield draw.uniform(-1, 1, 1, 1), draw.uniform(-1, 1, 1, 1), *_weights(draw, 1, 1)
    yield draw.uniform(-1, 1, 3, 2), draw.uniform(-1, 1, 3, 4), *_weights(draw, 2, 4)
    yield draw.uniform(-1, 1, 1, 5), draw.uniform(-1, 1, 1, 2), *_weights(draw, 5, 2)  # a batch of one
    yield draw.uniform(-1, 1, 4, 3), draw.uniform(-1, 1, 4, 1), *_weights(draw, 3, 1)  # one unit
    huge = np.concatenate([np.where(draw.permutation(6) < 3, 1000.0, -1000.0), draw.uniform(-1, 1, 2)])
    huge[draw.integers(0, 4)] = 1000.0  # at least one gate is wide open
    yield draw.uniform(-1, 1, 1, 1), draw.uniform(-1, 1, 1, 2), np.zeros((1, 6)), np.zeros((2, 6)), huge


@gru_step_forward.switchable
def _step(
    x,
    h,
    Wx,
    Wh,
    b,
    *,
    order="rzn",
    keeps="z",
    reset="the part with h",
    reset_gate="r",
    last_bias=True,
    bend_n=np.tanh,
    survives=True,
    mixture="both",
):
    H = h.shape[1]
    b_hn = b[3 * H :] if last_bias else 0
    from_x = dict(zip(order, np.split(x @ Wx + b[: 3 * H], 3, axis=1), strict=True))
    from_h = dict(zip(order, np.split(h @ Wh, 3, axis=1), strict=True))
    gates = {gate: (sigmoid if survives else _quotient)(from_x[gate] + from_h[gate]) for gate in "rz"}
    r, z, hn = gates[reset_gate], gates["z"], from_h["n"] + b_hn
    candidate = {
        "the part with h": from_x["n"] + r * hn,
        "all but the bias": from_x["n"] + r * from_h["n"] + b_hn,
        "everything": r * (from_x["n"] + hn),
        "nothing": from_x["n"] + hn,
        "h": from_x["n"] + (r * h) @ Wh[:, 2 * H :] + r * b_hn,
        "h, not the bias": from_x["n"] + (r * h) @ Wh[:, 2 * H :] + b_hn,
    }
    n = bend_n(candidate[reset])
    new, old = {"z": (1 - z, z), "1 - z": (z, 1 - z), "r": (1 - gates["r"], gates["r"])}[keeps]
    h_next = {"both": new * n + old * h, "candidate": n, "new": new * n}[mixture]
    return h_next, (x, h, Wx, Wh, np.hstack([r, z, n]), hn)


def _quotient(a):
    return np.exp(a) / (1 + np.exp(a))


gru_step_forward.switch(
    "update-gate-inverted",
    "You exchanged z and 1 - z, as some books do. Here z says how much of the OLD state is kept.",
    keeps="1 - z",
)
gru_step_forward.switch(
    "gates-exchanged",
    "You exchanged r and z: some books have the columns in the order z, r, n. Here the reset gate r comes first.",
    order="zrn",
)
gru_step_forward.switch(
    "mixed-by-reset-gate",
    "You mixed the candidate and the old state with r. The gate that mixes them is the update gate z.",
    keeps="r",
)
gru_step_forward.switch(
    "candidate-by-update-gate",
    "In the candidate n you multiplied by z. The gate that stands there is the reset gate r.",
    reset_gate="z",
)
gru_step_forward.switch(
    "reset-before-product",
    "You multiplied h by r before the product with Wh, as in the first paper. Here r multiplies what comes out, "
    "h Wh + b_hn.",
    reset="h",
)
gru_step_forward.switch("reset-before-product", reset="h, not the bias")
gru_step_forward.switch(
    "bias-outside-reset",
    "The reset gate multiplies too little: the last bias b_hn belongs to the part with h, inside the brackets.",
    reset="all but the bias",
)
gru_step_forward.switch(
    "reset-on-everything",
    "The reset gate multiplies too much: it acts only on the part with h, not on the part with x.",
    reset="everything",
)
gru_step_forward.switch(
    "no-reset-gate",
    "The reset gate r does nothing in your answer. Where does it stand in the formula of n?",
    reset="nothing",
)
gru_step_forward.switch(
    "no-last-bias",
    "The last of the four blocks of b is missing: b_hn, which the reset gate multiplies.",
    last_bias=False,
)
gru_step_forward.switch(
    "sigmoid-for-candidate",
    "You bent the candidate n with the sigmoid. A gate lies between 0 and 1, but n needs tanh.",
    bend_n=sigmoid,
)
gru_step_forward.switch(
    "no-old-state",
    "The old state is missing at the end: the new one is a mixture of the candidate AND h.",
    mixture="new",
)
gru_step_forward.switch(
    "candidate-returned",
    "You returned the candidate n. How much of it does the update gate z let in?",
    mixture="candidate",
)
gru_step_forward.switch(
    "overflow",
    "On paper e^a / (1 + e^a) is the sigmoid, but e^1000 is infinity for a computer, and infinity divided by infinity "
    "is nan. The sigmoid of chapter 2 survives.",
    survives=False,
)


@exercise(gru.gru_forward, returns="h, _cache")
def gru_forward(draw):
    yield draw.uniform(-1, 1, 1, 3, 1), draw.uniform(-1, 1, 1, 1), *_weights(draw, 1, 1)
    yield draw.uniform(-1, 1, 3, 4, 2), draw.uniform(-1, 1, 3, 5), *_weights(draw, 2, 5)
    yield draw.uniform(-1, 1, 2, 1, 3), draw.uniform(-1, 1, 2, 2), *_weights(draw, 3, 2)  # one step
    yield draw.uniform(-1, 1, 1, 12, 3), draw.uniform(-1, 1, 1, 2), *_weights(draw, 3, 2)  # one sequence


@gru_forward.switchable
def _states(
    x,
    h0,
    Wx,
    Wh,
    b,
    *,
    from_h0=True,
    hand_on=True,
    after=True,
    all_steps=True,
    from_the_front=True,
    sequences_first=True,
):
    first = h = h0 if from_h0 else np.zeros_like(h0)
    states, gates, hn = [], [], []
    for t in range(x.shape[1]) if from_the_front else reversed(range(x.shape[1])):
        h, cache = gru.gru_step_forward(x[:, t], h if hand_on else first, Wx, Wh, b)
        states.append(h)
        gates.append(cache[4])
        hn.append(cache[5])
    h, gates, hn = (np.stack(parts, axis=1) for parts in (states, gates, hn))
    cache = x, h0, Wx, Wh, gates, hn, h
    if not after:
        h = np.concatenate([h0[:, np.newaxis], h[:, :-1]], axis=1)
    if not all_steps:
        return h[:, -1], cache
    return h if sequences_first else h.swapaxes(0, 1), cache


gru_forward.switch("from-zero", "You began with zeros. The state before the first step is h0.", from_h0=False)
gru_forward.switch(
    "not-handed-on",
    "Every step of yours starts from h0 again. The state that one step leaves is where the next one starts.",
    hand_on=False,
)
gru_forward.switch(
    "before-the-steps",
    "You returned the states before the steps: h0 is there, and the last one is missing.",
    after=False,
)
gru_forward.switch(
    "last-step-only",
    "You returned the last state only. Asked are the states after every step, (N, T, H).",
    all_steps=False,
)
gru_forward.switch(
    "from-the-end", "You read the sequence from its end. Step 0 comes first.", from_the_front=False
)
gru_forward.switch(
    "steps-first",
    "The axes are exchanged: sequences come first, steps second, (N, T, H).",
    sequences_first=False,
)


@exercise(gru.gru_step_backward, returns="dx, dh, dWx, dWh, db")
def gru_step_backward(draw):
    def step(N, D, H):
        x, h = draw.uniform(-1, 1, N, D), draw.uniform(-1, 1, N, H)
        Wx, Wh, b = _weights(draw, D, H)
        return draw.normal(N, H), gru.gru_step_forward(x, h, Wx, Wh, b)[1]

    yield step(1, 1, 1)
    yield step(3, 2, 4)
    yield step(1, 3, 2)  # a batch of one
    yield step(4, 2, 1)  # one unit
    x, h = draw.uniform(-1, 1, 2, 2), draw.uniform(-1, 1, 2, 2)
    Wx, Wh, b = _weights(draw, 2, 2)
    b[2:4] = 1000.0  # the update gate is open: all goes straight back to h
    yield draw.normal(2, 2), gru.gru_step_forward(x, h, Wx, Wh, b)[-1]


def _slopes(r, z, n, slope_of_n, wanted):
    """The slope of each gate's bend, from what the gate gave; 1 for a gate whose slope is forgotten."""
    slope = {"r": r * (1 - r), "z": z * (1 - z), "n": 1 - n**2 if slope_of_n == "tanh" else n * (1 - n)}
    return {gate: slope[gate] if gate in wanted else 1 for gate in "rzn"}


@gru_step_backward.switchable
def _step_back(
    dh_next,
    cache,
    *,
    kept="z",
    to_z="h - n",
    to_r="hn",
    slopes="rzn",
    slope_of_n="tanh",
    through_reset=True,
    bias_through_reset=True,
    straight=True,
    through_Wh=True,
    order="rzn",
    blocks_of_bias=4,
    bias_summed=True,
    mean=False,
):
    x, h, Wx, Wh, gates, hn = cache
    r, z, n = np.split(gates, 3, axis=1)
    new, old = (1 - z, z) if kept == "z" else (z, 1 - z)
    slope = _slopes(r, z, n, slope_of_n, slopes)
    da = {"n": dh_next * new * slope["n"], "z": dh_next * (h - n if to_z == "h - n" else n - h) * slope["z"]}
    da["r"] = da["n"] * (hn if to_r == "hn" else h) * slope["r"]
    reset = da["n"] * r
    da_x = np.hstack([da[gate] for gate in order])
    da_h = np.hstack([reset if gate == "n" and through_reset else da[gate] for gate in order])
    dh = (da_h @ Wh.T if through_Wh else 0) + (dh_next * old if straight else 0)
    db = np.hstack([da_x, reset if bias_through_reset else da["n"]][: 1 + (blocks_of_bias == 4)])
    share = 1 / len(x) if mean else 1
    return (
        da_x @ Wx.T,
        dh,
        share * x.T @ da_x,
        share * h.T @ da_h,
        share * (db.sum(axis=0) if bias_summed else db),
    )


gru_step_backward.switch(
    "update-gate-inverted",
    "You exchanged z and 1 - z. In the forward step z multiplied the OLD state, and 1 - z the candidate n.",
    kept="1 - z",
)
gru_step_backward.switch(
    "update-gate-sign",
    "The update gate's gradient has the wrong sign. (1 - z) n + z h grows with z as h - n says.",
    to_z="n - h",
)
gru_step_backward.switch(
    "reset-gate-with-h",
    "The reset gate's gradient is wrong: r multiplied hn = h Wh + b_hn, and you used h itself.",
    to_r="h",
)
gru_step_backward.switch(
    "not-through-reset-gate",
    "On its way from the candidate to h Wh, the gradient passes the reset gate. It is missing in `dh` and `dWh`.",
    through_reset=False,
    bias_through_reset=False,
)
gru_step_backward.switch(
    "last-bias-without-reset-gate",
    "The last block of `db` is wrong: r multiplied b_hn, too.",
    bias_through_reset=False,
)
gru_step_backward.switch(
    "last-bias-missing",
    "`db` has three blocks only. b has four: for r, z and n, and last b_hn.",
    blocks_of_bias=3,
)
gru_step_backward.switch(
    "straight-way-missing",
    "`dh` misses its straight way: the old state was also multiplied by z, without any matrix.",
    straight=False,
)
gru_step_backward.switch(
    "only-straight-way",
    "`dh` has its straight way only. The old state also made the gates and the candidate, by way of Wh.",
    through_Wh=False,
)
gru_step_backward.switch(
    "no-slopes",
    "The slopes of the bends are missing: before the sum, each of r, z and n passed a sigmoid or tanh.",
    slopes="",
)
gru_step_backward.switch(
    "no-reset-slope",
    "The reset gate's slope is missing: r came out of a sigmoid. The other two slopes are there.",
    slopes="zn",
)
gru_step_backward.switch(
    "no-update-slope",
    "The update gate's slope is missing: z came out of a sigmoid. The other two slopes are there.",
    slopes="rn",
)
gru_step_backward.switch(
    "no-candidate-slope",
    "The candidate's slope is missing: n came out of tanh. The slopes of the two gates are there.",
    slopes="rz",
)
gru_step_backward.switch(
    "sigmoid-slope-for-candidate",
    "You gave the candidate n the slope of the sigmoid. It was bent by tanh.",
    slope_of_n="sigmoid",
)
gru_step_backward.switch(
    "gates-exchanged",
    "You put the gradients together in the order z, r, n. The columns stand in the order r, z, n.",
    order="zrn",
)
gru_step_backward.switch(
    "bias-not-summed",
    "`db` is not added up. Every sequence of the batch uses the same biases, so their gradient is a sum over N.",
    bias_summed=False,
)
gru_step_backward.switch(
    "mean-over-batch",
    "You divided the gradients of the weights by N. The mean over the batch is the loss's business; here they are "
    "summed.",
    mean=True,
)


gru_step_backward.switch(
    "weights-not-through-reset-gate",
    "`db` is right. But h Wh gets its gradient through the reset gate: for `dh` and `dWh` the last block is da_n · r.",
    through_reset=False,
)
