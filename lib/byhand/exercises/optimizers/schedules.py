"""The exercises of chapter 06 on learning rates that change."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import case
from byhand.exercises.spec import exercise
from byhand.reference.optimizers import schedules as reference


@exercise(reference.step_decay)
def step_decay(draw):
    yield draw.integers(21, 30), draw.uniform(0.1, 1), 10
    yield 0, draw.uniform(0.1, 1), draw.integers(5, 40)
    every = draw.integers(5, 20)
    for step in (every - 1, every, 3 * every + 2):
        yield case(step, draw.uniform(0.1, 1), every, factor=draw.uniform(0.2, 0.8))
    yield case(3, draw.uniform(0.1, 1), 1, factor=draw.uniform(0.2, 0.8))  # a stair of one step


@step_decay.mistake(
    "falls-at-every-step",
    "Your rate falls a little at every step. On a staircase it falls once every so many steps: `//` divides and "
    "forgets the rest.",
)
def _(step, lr, every, factor=0.1):
    return lr * factor ** (step / every)


@step_decay.mistake(
    "one-step-too-early",
    "Your stairs begin one step too early: the first `every` steps are numbered 0 to every - 1.",
)
def _(step, lr, every, factor=0.1):
    return lr * factor ** ((step + 1) // every)


@step_decay.mistake(
    "one-step-too-late",
    "Your stairs begin one step too late: step number `every` has the lower rate already, because steps count from 0.",
)
def _(step, lr, every, factor=0.1):
    return lr * factor ** ((step - 1) // every) if step else lr


@step_decay.mistake(
    "falls-once",
    "Your rate falls only once. After 2·every steps it has been multiplied by factor twice, and so on.",
)
def _(step, lr, every, factor=0.1):
    return lr * factor if step >= every else lr


@step_decay.mistake(
    "multiplied-not-raised", "You multiplied by the number of stairs. Multiplying again and again is a power."
)
def _(step, lr, every, factor=0.1):
    return lr * factor * (step // every)


@step_decay.mistake("grows", "Your rate grows: it is divided by factor at each stair, not multiplied.")
def _(step, lr, every, factor=0.1):
    return lr / factor ** (step // every)


@exercise(reference.cosine_decay)
def cosine_decay(draw):
    yield 50, draw.uniform(0.1, 1), 100
    yield 0, draw.uniform(0.1, 1), draw.integers(30, 60)
    yield case(40, draw.uniform(0.1, 1), 40, least=draw.uniform(0.01, 0.05))
    steps = draw.integers(30, 200)
    yield case(draw.integers(5, steps // 3), draw.uniform(0.1, 1), steps, least=draw.uniform(0.01, 0.05))


def _wave(angle):
    return (1 + np.cos(angle)) / 2


@cosine_decay.mistake(
    "not-halved", "Your rate is not halved: 1 + cos is 2 at the start, so that you begin with twice lr."
)
def _(step, lr, steps, least=0.0):
    return least + (lr - least) * (1 + np.cos(np.pi * step / steps))


@cosine_decay.mistake(
    "ends-at-zero", "Your rate ends at 0, whatever `least` is. From lr down to least: how long is that way?"
)
def _(step, lr, steps, least=0.0):
    return lr * _wave(np.pi * step / steps)


@cosine_decay.mistake(
    "least-on-top",
    "Your rate begins above lr: you added `least` on top. The wave should cover only the way from least up to lr.",
)
def _(step, lr, steps, least=0.0):
    return least + lr * _wave(np.pi * step / steps)


@cosine_decay.mistake(
    "whole-wave",
    "Your rate is back at lr at the end: that is a whole wave. Half a wave goes from angle 0 to π.",
)
def _(step, lr, steps, least=0.0):
    return least + (lr - least) * _wave(2 * np.pi * step / steps)


@cosine_decay.mistake(
    "below-zero", "Your rate goes below 0: the cosine runs from 1 to -1. What brings it to 1 … 0?"
)
def _(step, lr, steps, least=0.0):
    return least + (lr - least) * np.cos(np.pi * step / steps)


@cosine_decay.mistake(
    "degrees", "Your angle is in degrees. `np.cos` counts in radians: half a turn is π, not 180."
)
def _(step, lr, steps, least=0.0):
    return least + (lr - least) * _wave(180 * step / steps)


@cosine_decay.mistake("straight-line", "Your rate falls along a straight line. Where is the cosine?")
def _(step, lr, steps, least=0.0):
    return least + (lr - least) * (1 - step / steps)


@cosine_decay.mistake(
    "cosine-alone-halved",
    "You halved the cosine alone. Half of all of 1 + cos is asked: brackets are missing.",
)
def _(step, lr, steps, least=0.0):
    return least + (lr - least) * (1 + np.cos(np.pi * step / steps) / 2)


@exercise(reference.warmup)
def warmup(draw):
    yield 0, draw.uniform(0.1, 1), 4
    yield 3, draw.uniform(0.1, 1), 4
    yield draw.integers(20, 200), draw.uniform(0.1, 1), 4
    yield 0, draw.uniform(0.1, 1), 1  # no warm-up
    steps = draw.integers(10, 50)
    for step in (draw.integers(1, steps - 1), steps, 2 * steps):
        yield step, draw.uniform(0.1, 1), steps


@warmup.mistake(
    "starts-at-zero",
    "Your first step has the rate 0: it goes nowhere. Steps count from 0, but the first should have lr / steps.",
)
def _(step, lr, steps):
    return lr * min(1.0, step / steps)


@warmup.mistake(
    "rises-for-ever", "Your rate rises for ever. After the warm-up it should stay at lr: what does `min` do?"
)
def _(step, lr, steps):
    return lr * (step + 1) / steps


@warmup.mistake("no-warmup", "Your rate is lr from the start: where does it depend on step?")
def _(step, lr, steps):
    return lr


@warmup.mistake(
    "jumps",
    "Your rate is lr / steps until the last warm-up step, and then jumps. It should rise a little at every step.",
)
def _(step, lr, steps):
    return lr if step + 1 >= steps else lr / steps


@warmup.mistake(
    "larger-for-smaller", "You took the larger of the two where the smaller was meant: min, not max."
)
def _(step, lr, steps):
    return lr * max(1.0, (step + 1) / steps)


@warmup.mistake(
    "one-step-too-long",
    "You divided by steps + 1: the last warm-up step, number steps - 1, should have the whole lr.",
)
def _(step, lr, steps):
    return lr * min(1.0, (step + 1) / (steps + 1))
