"""The exercises of chapter 06 on descent with one learning rate: sgd, momentum, nesterov."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import case
from byhand.exercises.spec import exercise
from byhand.reference.optimizers import descent as reference


def recall(w, state, *names):
    """What was kept: zeros before the first step."""
    return tuple(np.zeros_like(w) if state is None else state[name] for name in names)


def this_step(state):
    """Which step this is, counted from 1."""
    return 1 if state is None else state["step"] + 1


def finish(w, moved, state, kept, count, writes):
    """Return the moved weights and the new state, or what a wrong count or a writing `+=` makes of them."""
    before = 0 if state is None else state["step"]
    step = {
        "right": before + 1,
        "old": before,
        "old, from 1": max(before, 1),
        "always 1": 1,
        "from 0": before + (state is not None),
    }[count]
    new = {"step": step, **kept}
    if writes == "state" and state is not None:
        state.update(new)
        new = state
    if writes == "weights":
        w[...] = moved
        moved = w
    return moved, new


def shared_mistakes(optimizer):
    """Add the mistakes that every optimizer knows: its base has the switches `sign`, `count` and `writes`."""
    optimizer.switch(
        "uphill",
        "You went uphill: the gradient points to where the loss grows. Which way should w move?",
        sign=1,
    )
    optimizer.switch(
        "step-not-counted",
        "Your state keeps the old count. Which step is it, if the state says how many were made?",
        count="old",
    )
    optimizer.switch("step-not-counted", count="old, from 1")
    optimizer.switch(
        "counted-from-zero",
        "Your first step has the number 0. It is number 1: the state counts the steps that were made.",
        count="from 0",
    )
    optimizer.switch(
        "count-begins-anew",
        "You begin to count at every step. If there is a state, count on from its step.",
        count="always 1",
    )
    optimizer.switch(
        "state-changed",
        "You wrote into the state that you were given: "
        '`state["step"] = …` changes the dict, `+=` and `*=` change its arrays. Make new arrays and return a new dict.',
        writes="state",
    )
    optimizer.switch(
        "weights-changed",
        "You wrote into the weights that you were given, as `w -= …` does. `w - …` makes new ones.",
        writes="weights",
    )


def later_state(draw, shape, names):
    """A state as it is after some steps; what averages or adds squares is above 0."""
    kept = {
        name: np.asarray(
            draw.uniform(0.2, 2, *shape) if name in ("squares", "moves") else draw.normal(*shape)
        )
        for name in names
    }
    return {"step": draw.integers(2, 9), **kept}


def steps(draw, *names, **settings):
    """First steps and later ones, on arrays of several shapes, with gradients of every size.

    `settings` has three values for each keyword: three cases take one each, in a drawn order; the others leave all out.
    """
    orders = {name: draw.permutation(3) for name in settings}

    def some(number):
        return {name: values[orders[name][number]] for name, values in settings.items()}

    def later(*shape):
        return later_state(draw, shape, names)

    yield draw.normal(2), _slope(draw, 2), None, 0.1
    yield draw.normal(3), draw.normal(3), later(3), draw.uniform(0.05, 0.5)
    yield case(draw.normal(4, 5), draw.normal(4, 5), later(4, 5), 0.2, **some(0))
    yield case(draw.normal(3), _slope(draw, 3), None, draw.uniform(0.05, 0.5), **some(1))
    yield draw.normal(2, 2), np.zeros((2, 2)), later(2, 2), 0.1
    yield draw.normal(3), np.append(1000 * _slope(draw, 2), 0.0), None, 0.01
    yield draw.normal(2), 1e-8 * _slope(draw, 2), None, 0.1
    yield case(np.array(draw.normal()), np.array(draw.normal()), later(), 0.1, **some(2))


def _slope(draw, n):
    """A gradient that is 0 nowhere, so that a first step divides by no 0."""
    return draw.uniform(0.3, 2, n) * np.where(draw.integers(0, 2, n), 1, -1)


@exercise(reference.sgd, returns="w, state")
def sgd(draw):
    yield from steps(draw)


@sgd.switchable
def _sgd(w, dw, state, lr, *, sign=-1, with_lr=True, count="right", writes="nothing"):
    moved = w + sign * (lr if with_lr else 1) * dw
    return finish(w, moved, state, {}, count, writes)


sgd.switch(
    "no-learning-rate", "The learning rate is missing: you subtracted the whole gradient.", with_lr=False
)
shared_mistakes(sgd)


BETAS = (0.5, 0.8, 0.95)


@exercise(reference.momentum, returns="w, state")
def momentum(draw):
    yield from steps(draw, "velocity", beta=BETAS)


@momentum.switchable
def _momentum(
    w,
    dw,
    state,
    lr,
    beta=0.9,
    *,
    remembers=True,
    along="the new velocity",
    keeps="the new velocity",
    push="dw",
    first="0",
    sign=-1,
    count="right",
    writes="nothing",
):
    (old,) = recall(w, state, "velocity")
    if state is None and first == "dw":
        old = dw
    pushes = {"dw": dw, "(1 - beta) dw": (1 - beta) * dw, "beta dw": beta * dw}
    pushes |= {"lr dw": lr * dw, "-lr dw": -lr * dw}
    new = beta * (old if remembers else 0) + pushes[push]
    move = {"the new velocity": new, "the old velocity": old, "dw": dw}[along]
    moved = w + {"lr dw": sign, "-lr dw": 1}.get(push, sign * lr) * move
    kept = {"velocity": new if keeps == "the new velocity" else 1.0 * old}
    return finish(w, moved, state, kept, count, writes)


momentum.switch(
    "velocity-begins-anew",
    "Your velocity begins anew at every step: it is dw alone. What is left of the velocity in the state?",
    remembers=False,
)
momentum.switch(
    "moved-along-gradient",
    "Your w moves along dw alone. It should move with the velocity.",
    along="dw",
)
momentum.switch(
    "moved-with-old-velocity",
    "Your w moves with the old velocity. Compute the new velocity first, then move with it.",
    along="the old velocity",
)
momentum.switch(
    "old-velocity-kept",
    "Your state keeps the old velocity: the next step needs the new one.",
    keeps="the old velocity",
)
momentum.switch(
    "velocity-averaged",
    "You multiplied dw by 1 - beta: that makes the velocity an average. Some books do so; here it is a sum, βv + dw.",
    push="(1 - beta) dw",
)
momentum.switch(
    "rate-in-velocity",
    "Your velocity contains the learning rate. Some books do so; here, as in PyTorch, lr multiplies the velocity "
    "when w moves.",
    push="lr dw",
)
momentum.switch(
    "rate-and-minus-in-velocity",
    "That is the form of many books: v ← βv − lr·dw, and then w + v. Here, as in PyTorch, v is a sum of gradients; lr "
    "and the minus come in when w moves.",
    push="-lr dw",
)
momentum.switch(
    "push-times-beta",
    "You multiplied dw by beta too. The push of the new gradient arrives whole.",
    push="beta dw",
)
momentum.switch(
    "first-push-twice",
    "Your first step is too long: before it the velocity is 0, but yours starts as dw, and dw is then added again.",
    first="dw",
)


@momentum.mistake(
    "no-friction", "There is no friction: the old velocity stays whole. Only the share beta of it is left."
)
def _(w, dw, state, lr, beta=0.9):
    return _momentum(w, dw, state, lr, 1.0)


@momentum.mistake("beta-ignored", "You always used 0.9. That is only the default: use the argument beta.")
def _(w, dw, state, lr, beta=0.9):
    return _momentum(w, dw, state, lr, 0.9)


shared_mistakes(momentum)


@exercise(reference.nesterov, returns="w, state")
def nesterov(draw):
    yield from steps(draw, "velocity", beta=BETAS)


@nesterov.switchable
def _nesterov(
    w,
    dw,
    state,
    lr,
    beta=0.9,
    *,
    remembers=True,
    along="dw + βv",
    keeps="v",
    book=False,
    sign=-1,
    count="right",
    writes="nothing",
):
    (old,) = recall(w, state, "velocity")
    if book:
        v = beta * old - lr * dw
        return finish(w, w - beta * old + (1 + beta) * v, state, {"velocity": v}, count, writes)
    v = beta * (old if remembers else 0) + dw
    moves = {"dw + βv": dw + beta * v, "v": v, "dw + v": dw + v, "βv": beta * v}
    kept = {"velocity": v if keeps == "v" else dw + beta * v}
    return finish(w, w + sign * lr * moves[along], state, kept, count, writes)


nesterov.switch(
    "plain-momentum",
    "That is momentum, without looking ahead. Once more multiply the NEW velocity by beta and add dw, then move "
    "along that.",
    along="v",
)
nesterov.switch(
    "whole-velocity-ahead",
    "In your move the velocity counts fully. How much of it will be left at the next step?",
    along="dw + v",
)
nesterov.switch(
    "no-gradient-in-move",
    "The gradient itself is missing in your move: dw + βv.",
    along="βv",
)
nesterov.switch(
    "move-kept",
    "Your state keeps the sum that you moved along. What should it remember: v, or dw + βv?",
    keeps="dw + βv",
)
nesterov.switch(
    "velocity-begins-anew",
    "Your velocity begins anew at every step: it is dw alone. What is left of the velocity in the state?",
    remembers=False,
)
nesterov.switch(
    "rate-and-minus-in-velocity",
    "That is the form of many books, whose velocity contains −lr: v ← βv − lr·dw. Here, as in PyTorch, v is a sum of "
    "gradients; lr and the minus come in when w moves.",
    book=True,
)
shared_mistakes(nesterov)
