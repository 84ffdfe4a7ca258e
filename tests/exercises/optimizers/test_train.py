"""Chapter 06's `train`: what is right in another way passes, what is half right fails and is told why."""

from __future__ import annotations

import numpy as np
import pytest

from byhand.checking.check import check
from byhand.checking.collect import collect, encode_cases
from byhand.checking.verdict import verdict
from byhand.exercises import find


def passes(function, seed):
    spec = find("train")
    cases = spec.cases([6, seed])
    return verdict(spec, cases, collect(function, encode_cases(cases))).passed


def by_lists(parameters, gradients_of, data, optimizer, schedule, epochs, rng):
    """No dicts inside: arrays and states in lists, and a counter."""
    names = sorted(parameters)
    arrays, states = [parameters[name] for name in names], [None] * len(names)
    losses, step = [], 0
    while epochs > 0:
        for batch in data(rng):
            loss, gradients = gradients_of(dict(zip(names, arrays, strict=True)), *batch)
            losses.append(loss)
            for i, name in enumerate(names):
                arrays[i], states[i] = optimizer(
                    arrays[i], gradients[name], state=states[i], lr=schedule(step)
                )
            step += 1
        epochs -= 1
    return {name: arrays[i] for i, name in enumerate(names)}, np.asarray(losses)


def by_a_generator(parameters, gradients_of, data, optimizer, schedule, epochs, rng):
    """All mini-batches in one stream, and a fresh dict after each step."""
    stream = ((x, y) for _ in range(epochs) for x, y in data(rng))
    found, losses = {name: (np.copy(w), None) for name, w in parameters.items()}, np.zeros(0)
    for step, (x, y) in enumerate(stream):
        loss, gradients = gradients_of({name: w for name, (w, _) in found.items()}, x, y)
        lr = schedule(step)
        found = {name: optimizer(w, gradients[name], state, lr) for name, (w, state) in found.items()}
        losses = np.append(losses, loss)
    return {name: w for name, (w, _) in found.items()}, losses


@pytest.mark.parametrize("way", [by_lists, by_a_generator])
def test_other_right_ways_pass_on_fifty_draws(way):
    way.__name__ = "train"
    assert all(passes(way, seed) for seed in range(50))


def half_right(**wrong):
    """A loop with one thing wrong, written on its own."""

    def train(parameters, gradients_of, data, optimizer, schedule, epochs, rng):
        parameters, losses, step = dict(parameters), [], 0
        states = {name: None for name in parameters}
        for epoch in range(epochs):
            for x, y in data(rng):
                loss, gradients = gradients_of(parameters, x, y)
                lr = schedule(epoch if "rate" in wrong else step)
                for name in list(parameters):
                    w, new = optimizer(parameters[name], gradients[name], states[name], lr)
                    parameters[name] = w
                    states[name] = None if "memory" in wrong else new
                losses.append(gradients_of(parameters, x, y)[0] if "late" in wrong else loss)
                step += 1
            if "indented" in wrong:
                return parameters, np.array(losses)
        if "mean" in wrong:
            losses = np.reshape(losses, (epochs, -1)).mean(axis=1)
        return parameters, np.array(losses)

    return train


HALF_RIGHT = {
    "rate": "train/rate-of-the-epoch",
    "memory": "train/state-forgotten",
    "late": "train/loss-after-the-step",
    "indented": "train/one-epoch",
    "mean": "train/loss-of-the-epoch",
}


@pytest.mark.parametrize("wrong, mistake", HALF_RIGHT.items())
def test_half_right_loops_fail_and_are_told_why(wrong, mistake):
    report = check(half_right(**{wrong: True}), stop=False)
    assert not report.passed and report.mistake == mistake


def test_the_loop_of_the_half_right_ones_is_right_without_its_slip():
    assert all(passes(half_right(), seed) for seed in range(5))


def test_an_answer_that_invents_its_losses_fails():
    def train(parameters, gradients_of, data, optimizer, schedule, epochs, rng):
        found, losses = half_right()(parameters, gradients_of, data, optimizer, schedule, epochs, rng)
        return found, 0.5 * losses

    assert not check(train, stop=False).passed
