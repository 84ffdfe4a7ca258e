"""The exercises of chapter 06 on descent with one learning rate: sgd, momentum, nesterov."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import case
from byhand.exercises.spec import exercise
from byhand.reference.optimizers import descent as reference


def recall(w, state, *names):
    """Which step this is, and what was kept: zeros before the first."""
    if state is None:
        return 1, *(np.zeros_like(w) for _ in names)
    return state["step"] + 1, *(state[name] for name in names)


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
    """First steps and later ones, on arrays of several shapes, with gradients of every size."""
    yield np.array([1.0, 2.0]), np.array([0.5, -1.0]), None, 0.1
    yield draw.normal(3), draw.normal(3), later_state(draw, (3,), names), draw.uniform(0.05, 0.5)
    yield case(draw.normal(4, 5), draw.normal(4, 5), later_state(draw, (4, 5), names), 0.2, **settings)
    yield draw.normal(2, 2), np.zeros((2, 2)), later_state(draw, (2, 2), names), 0.1
    yield draw.normal(3), np.array([1000.0, -1000.0, 0.0]), None, 0.01
    yield draw.normal(2), np.array([1e-8, -1e-8]), None, 0.1
    yield np.array(draw.normal()), np.array(draw.normal()), later_state(draw, (), names), 0.1


@exercise(reference.sgd, returns="w, state")
def sgd(draw):
    yield from steps(draw)


@sgd.mistake(
    "unnamed-1", "You went uphill: the gradient points to where the loss grows. Which way should w move?"
)
def _(w, dw, state, lr):
    (step,) = recall(w, state)
    return w + lr * dw, {"step": step}


@sgd.mistake("unnamed-2", "The learning rate is missing: you subtracted the whole gradient.")
def _(w, dw, state, lr):
    (step,) = recall(w, state)
    return w - dw, {"step": step}


@sgd.mistake(
    "unnamed-3",
    "Your w is right, but the first step is number 1, not 0: state counts the steps that were made.",
)
def _(w, dw, state, lr):
    return w - lr * dw, {"step": 0 if state is None else state["step"] + 1}


@sgd.mistake(
    "unnamed-4",
    "Your w is right, but you begin to count at every step. If there is a state, count on from its step.",
)
def _(w, dw, state, lr):
    return w - lr * dw, {"step": 1}


@sgd.mistake(
    "unnamed-5",
    "Your w is right, but a later step returns the old count. Which step is it, if the state says how many were made?",
)
def _(w, dw, state, lr):
    return w - lr * dw, {"step": 1 if state is None else state["step"]}


@sgd.mistake(
    "unnamed-6",
    "Your values are right, but you changed the state that you were given. Another run may still need it: "
    "return a new dict.",
)
def _(w, dw, state, lr):
    state = {"step": 0} if state is None else state
    state["step"] += 1
    return w - lr * dw, state


@exercise(reference.momentum, returns="w, state")
def momentum(draw):
    yield from steps(draw, "velocity", beta=draw.choice([0.5, 0.8, 0.95]))


@momentum.mistake(
    "unnamed-1",
    "Your velocity begins anew at every step: it is dw alone. What is left of the velocity in the state?",
)
def _(w, dw, state, lr, beta=0.9):
    (step,) = recall(w, state)
    return w - lr * dw, {"step": step, "velocity": 1.0 * dw}


@momentum.mistake(
    "unnamed-2", "Your velocity is right, but w still moves along dw. It should move with the velocity."
)
def _(w, dw, state, lr, beta=0.9):
    step, velocity = recall(w, state, "velocity")
    return w - lr * dw, {"step": step, "velocity": beta * velocity + dw}


@momentum.mistake(
    "unnamed-3",
    "Your velocity is right, but w moves with the old one. Compute the new velocity first, then move with it.",
)
def _(w, dw, state, lr, beta=0.9):
    step, velocity = recall(w, state, "velocity")
    return w - lr * velocity, {"step": step, "velocity": beta * velocity + dw}


@momentum.mistake(
    "unnamed-4", "Your w is right, but the state keeps the old velocity: the next step needs the new one."
)
def _(w, dw, state, lr, beta=0.9):
    step, velocity = recall(w, state, "velocity")
    return w - lr * (beta * velocity + dw), {"step": step, "velocity": velocity}


@momentum.mistake(
    "unnamed-5",
    "You multiplied dw by 1 - beta: that makes the velocity an average. Some books do so; here it is a sum, βv + dw.",
)
def _(w, dw, state, lr, beta=0.9):
    step, velocity = recall(w, state, "velocity")
    velocity = beta * velocity + (1 - beta) * dw
    return w - lr * velocity, {"step": step, "velocity": velocity}


@momentum.mistake(
    "unnamed-6",
    "Your velocity contains the learning rate. Some books do so; here, as in PyTorch, lr multiplies the velocity "
    "when w moves.",
)
def _(w, dw, state, lr, beta=0.9):
    step, velocity = recall(w, state, "velocity")
    velocity = beta * velocity + lr * dw
    return w - velocity, {"step": step, "velocity": velocity}


@momentum.mistake(
    "unnamed-7",
    "That is the form of many books: v ← βv − lr·dw, and then w + v. Here, as in PyTorch, v is a sum of gradients; lr "
    "and the minus come in when w moves.",
)
def _(w, dw, state, lr, beta=0.9):
    step, velocity = recall(w, state, "velocity")
    velocity = beta * velocity - lr * dw
    return w + velocity, {"step": step, "velocity": velocity}


@momentum.mistake("unnamed-8", "You multiplied dw by beta too. The push of the new gradient arrives whole.")
def _(w, dw, state, lr, beta=0.9):
    step, velocity = recall(w, state, "velocity")
    velocity = beta * (velocity + dw)
    return w - lr * velocity, {"step": step, "velocity": velocity}


@momentum.mistake(
    "unnamed-9", "Your ball rolls uphill: the velocity is a sum of gradients, and they point upward."
)
def _(w, dw, state, lr, beta=0.9):
    step, velocity = recall(w, state, "velocity")
    velocity = beta * velocity + dw
    return w + lr * velocity, {"step": step, "velocity": velocity}


@momentum.mistake(
    "unnamed-10",
    "Your first step is too long: before it the velocity is 0, but yours starts as dw, and dw is then added again.",
)
def _(w, dw, state, lr, beta=0.9):
    step, velocity = recall(w, state, "velocity")
    velocity = beta * (dw if state is None else velocity) + dw
    return w - lr * velocity, {"step": step, "velocity": velocity}


@momentum.mistake(
    "unnamed-11",
    "Your values are right, but you changed the velocity in place, and so the state that you were given. "
    "`v = beta * v + dw` makes a new array.",
)
def _(w, dw, state, lr, beta=0.9):
    step, velocity = recall(w, state, "velocity")
    velocity *= beta
    velocity += dw
    return w - lr * velocity, {"step": step, "velocity": velocity}


@exercise(reference.nesterov, returns="w, state")
def nesterov(draw):
    yield from steps(draw, "velocity", beta=draw.choice([0.5, 0.8, 0.95]))


@nesterov.mistake(
    "unnamed-1",
    "That is momentum, without looking ahead. Once more multiply the NEW velocity by beta and add dw, then move "
    "along that.",
)
def _(w, dw, state, lr, beta=0.9):
    step, velocity = recall(w, state, "velocity")
    velocity = beta * velocity + dw
    return w - lr * velocity, {"step": step, "velocity": velocity}


@nesterov.mistake(
    "unnamed-2",
    "The velocity is right, but in the move it counts fully. How much of it will be left at the next step?",
)
def _(w, dw, state, lr, beta=0.9):
    step, velocity = recall(w, state, "velocity")
    velocity = beta * velocity + dw
    return w - lr * (dw + velocity), {"step": step, "velocity": velocity}


@nesterov.mistake(
    "unnamed-3", "The velocity is right, but the gradient itself is missing in the move: dw + βv."
)
def _(w, dw, state, lr, beta=0.9):
    step, velocity = recall(w, state, "velocity")
    velocity = beta * velocity + dw
    return w - lr * beta * velocity, {"step": step, "velocity": velocity}


@nesterov.mistake(
    "unnamed-4",
    "Your w is right, but the state keeps the sum that you moved along. What should it remember: v, or dw + βv?",
)
def _(w, dw, state, lr, beta=0.9):
    step, velocity = recall(w, state, "velocity")
    ahead = dw + beta * (beta * velocity + dw)
    return w - lr * ahead, {"step": step, "velocity": ahead}


@nesterov.mistake(
    "unnamed-5",
    "Your velocity begins anew at every step: it is dw alone. What is left of the velocity in the state?",
)
def _(w, dw, state, lr, beta=0.9):
    (step,) = recall(w, state)
    return w - lr * (dw + beta * dw), {"step": step, "velocity": 1.0 * dw}


@nesterov.mistake(
    "unnamed-6", "Your ball rolls uphill: the gradients point upward, so the move must be subtracted."
)
def _(w, dw, state, lr, beta=0.9):
    step, velocity = recall(w, state, "velocity")
    velocity = beta * velocity + dw
    return w + lr * (dw + beta * velocity), {"step": step, "velocity": velocity}
