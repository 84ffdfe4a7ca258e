"""What chapter 06 ends in: one training loop for every optimizer and every schedule."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import Function
from byhand.exercises.spec import exercise
from byhand.reference.optimizers import assembled as reference

# optimizers of the chapter in one expression each, as a learner's own would answer
COUNT = "'step': 1 if state is None else state['step'] + 1"
SGD = Function(f"(w - lr * dw, {{{COUNT}}})", "w, dw, state, lr")
MOMENTUM = Function(
    f"[(w - lr * v, {{{COUNT}, 'velocity': v}}) for v in [dw + (0 if state is None else 0.9 * state['velocity'])]][0]",
    "w, dw, state, lr",
)
ADAGRAD = Function(
    f"[(w - lr * dw / (np.sqrt(s) + 0.1), {{{COUNT}, 'squares': s}}) "
    "for s in [dw**2 + (0 if state is None else state['squares'])]][0]",
    "w, dw, state, lr",
)
# a line through points, and a layer with a bend: the loss and the gradients of each parameter
LINE = Function(
    "[(np.mean(off**2) / 2, {'w': x.T @ off / off.size, 'b': np.mean(off, keepdims=True)}) "
    "for off in [x @ parameters['w'] + parameters['b'] - y]][0]",
    "parameters, x, y",
)
BENT = Function(
    "[(np.mean((out - y)**2) / 2, {'w': x.T @ back, 'b': np.sum(back, axis=0)}) "
    "for out in [np.tanh(x @ parameters['w'] + parameters['b'])] for back in [(out - y) * (1 - out**2) / y.size]][0]",
    "parameters, x, y",
)
# mini-batches, drawn anew for each epoch; the targets are made from x
SHUFFLED = Function(
    "[(x, x[:, 0] - 0.5 * x[:, 1]) for x in np.array_split(rng.permutation(24).reshape(12, 2) / 12, 4)]",
    "rng",
)
DRAWN = Function("[(x, np.sin(2 * x)) for x in rng.normal(size=(3, 5, 2))]", "rng")
UNEVEN = Function("[(x, x[:, 0] + 1) for x in np.array_split(rng.normal(size=(11, 2)), 3)]", "rng")
SAME = Function("1 * np.float64(0.2) + 0 * step", "step")
FALLS = Function("0.3 / (1 + step)", "step")
STAIRS = Function("0.2 * 0.5 ** (step // 5)", "step")


@exercise(reference.train, returns="parameters, losses")
def train(draw):
    def vector():
        return {"w": draw.normal(2), "b": draw.normal(1)}

    def layer():
        return {"w": draw.normal(2, 2), "b": draw.normal(2)}

    yield vector(), LINE, SHUFFLED, SGD, SAME, 1, draw.rng()
    seed, start = draw.rng(), layer()
    yield start, BENT, DRAWN, MOMENTUM, STAIRS, 3, seed
    yield start, BENT, DRAWN, MOMENTUM, STAIRS, 3, seed  # the same again
    yield start, BENT, DRAWN, MOMENTUM, STAIRS, 3, draw.rng()  # other mini-batches
    yield vector(), LINE, UNEVEN, ADAGRAD, FALLS, draw.integers(2, 5), draw.rng()
    yield (
        {"bias": draw.normal(1)},
        Function(
            "(np.sum((parameters['bias'] - x)**2) / 2, {'bias': parameters['bias'] - x})", "parameters, x, y"
        ),
        Function("[(value, 0) for value in rng.normal(size=6)]", "rng"),
        MOMENTUM,
        FALLS,
        2,
        draw.rng(),
    )


@train.switchable
def _trained(
    parameters,
    gradients_of,
    data,
    optimizer,
    schedule,
    epochs,
    rng,
    *,
    states_live="always",  # or "a step", "an epoch"
    rate="this step",  # or "the first", "the epoch", "from 1", "step of the epoch"
    batches="each epoch",  # or "once", "the first"
    gradients="now",  # or "at the start"
    note="before",  # or "after", "mean of the epoch", "last of the epoch"
    learns="all",  # or "the first"
    keeps=True,
    through="all epochs",  # or "one epoch"
    writes=False,
):
    given, found = parameters, dict(parameters)
    states, losses, first, once = dict.fromkeys(found), [], None, None
    for epoch in range(1 if through == "one epoch" else epochs):
        once = list(data(rng)) if batches != "once" or once is None else once
        for number, (x, y) in enumerate(once[:1] if batches == "the first" else once):
            if states_live == "a step" or (states_live == "an epoch" and number == 0):
                states = dict.fromkeys(found)
            loss, dws = gradients_of(found, x, y)
            first = first or dws
            lr = schedule(_asked(rate, len(losses), epoch, number))
            dws = first if gradients == "at the start" else dws
            moved = _moved(found, dws, states, optimizer, lr, learns)
            found = moved if keeps else found
            losses.append(gradients_of(found, x, y)[0] if note == "after" else loss)
    if writes:
        given.update(found)
    return found, _noted(losses, note, epochs)


def _asked(rate, step, epoch, number):
    """Which step a schedule is asked for."""
    return {"the first": 0, "the epoch": epoch, "from 1": step + 1, "step of the epoch": number}.get(
        rate, step
    )


def _moved(found, gradients, states, optimizer, lr, learns):
    """The parameters after a step; `states` is changed."""
    moved = dict(found)
    for name in list(found)[: 1 if learns == "the first" else None]:
        moved[name], states[name] = optimizer(found[name], gradients[name], states[name], lr)
    return moved


def _noted(losses, note, epochs):
    """Of the losses of all steps, what is returned."""
    losses = np.array([float(np.squeeze(loss)) for loss in losses])
    if note == "mean of the epoch":
        return losses.reshape(epochs, -1).mean(axis=1)
    return losses.reshape(epochs, -1)[:, -1] if note == "last of the epoch" else losses


train.switch(
    "state-forgotten",
    "Every step of yours begins with no state. What the optimizer returns beside w is its memory: keep it, and hand it "
    "back at the next step.",
    states_live="a step",
)
train.switch(
    "states-begin-anew-each-epoch",
    "Your states begin anew in each epoch. Make them once, before the first epoch.",
    states_live="an epoch",
)
train.switch(
    "rate-of-the-first-step",
    "Your learning rate is that of step 0 in every step. Ask the schedule in each step.",
    rate="the first",
)
train.switch(
    "rate-of-the-epoch",
    "You asked the schedule with the number of the epoch. It wants the number of the step, over all epochs.",
    rate="the epoch",
)
train.switch(
    "step-counted-from-one",
    "You asked the schedule one step too far: the first step has the number 0.",
    rate="from 1",
)
train.switch(
    "step-begins-anew-each-epoch",
    "You count the steps anew in each epoch. The schedule wants their number over all epochs.",
    rate="step of the epoch",
)
train.switch(
    "batches-drawn-once",
    "You drew the mini-batches once, and use the same ones in every epoch. Call data(rng) in each epoch.",
    batches="once",
)
train.switch(
    "first-batch-alone",
    "You use the first mini-batch of each epoch alone. Every one of them makes a step.",
    batches="the first",
)
train.switch(
    "gradients-of-the-start",
    "Each of your steps uses the gradients of the first. They change with the parameters: compute them in each step.",
    gradients="at the start",
)
train.switch(
    "loss-after-the-step",
    "Your losses are those after each step. Asked is the loss before it, which gradients_of gives with the gradients.",
    note="after",
)
train.switch(
    "loss-of-the-epoch",
    "You return one loss an epoch, their mean. Asked is the loss of each mini-batch.",
    note="mean of the epoch",
)
train.switch(
    "last-loss-of-the-epoch",
    "You return one loss an epoch, the last. Asked is the loss of each mini-batch: is the line that notes it in the "
    "inner loop?",
    note="last of the epoch",
)
train.switch(
    "one-parameter-alone",
    "Only your first parameter learns. Each of them is moved in each step, with its own gradient and its own state.",
    learns="the first",
)
train.switch(
    "parameters-not-kept",
    "Your parameters stay as they were given. The optimizer changes nothing: it returns a new w, which has to be kept.",
    keeps=False,
)
train.switch(
    "one-epoch",
    "You stopped after one epoch. Is your return inside the loop?",
    through="one epoch",
)
train.switch(
    "given-parameters-changed",
    "You wrote into the dict that you were given. Begin with a new one: `parameters = dict(parameters)`.",
    writes=True,
)


@train.mistake(
    "one-state-for-all",
    "All your parameters share one state, so that each remembers the gradients of the others. Make a state for each.",
)
def _(parameters, gradients_of, data, optimizer, schedule, epochs, rng):
    found, state, losses = dict(parameters), None, []
    for _ in range(epochs):
        for x, y in data(rng):
            loss, gradients = gradients_of(found, x, y)
            lr = schedule(len(losses))
            for name, w in list(found.items()):
                found[name], state = optimizer(w, gradients[name], state, lr)
            losses.append(loss)
    return found, np.array(losses)
