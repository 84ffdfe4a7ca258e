"""Chapter 02's assembled exercise: answers of another structure pass, half-right ones are told why not."""

from __future__ import annotations

import numpy as np
import pytest

from byhand.checking.collect import collect, encode_cases
from byhand.checking.judge import judge
from byhand.exercises import find


def report(function, seed):
    spec = find("deep_forward")
    cases = spec.cases([12, seed])
    return judge(spec, cases, collect(function, encode_cases(cases)))


def in_plain_loops(x, weights, biases, activation):
    found, rows = [], x.tolist()
    for W, b in zip(weights, biases, strict=True):
        units = range(W.shape[1])
        z = [[b[j] + sum(v * W[i, j] for i, v in enumerate(row)) for j in units] for row in rows]
        a = activation(np.array(z))
        found.append(a)
        rows = a.tolist()
    return found


def by_calling_itself(x, weights, biases, activation):
    if not weights:
        return []
    with_one = np.hstack([x, np.ones((len(x), 1))])
    first = activation(with_one @ np.vstack([weights[0], biases[0]]))
    return [first, *by_calling_itself(first, weights[1:], biases[1:], activation)]


@pytest.mark.parametrize("answer", [in_plain_loops, by_calling_itself])
def test_a_right_answer_of_another_structure_passes_on_50_draws(answer):
    for seed in range(50):
        found = report(answer, seed)
        assert found.passed, f"seed {seed}:\n{found}"


def one_array(x, weights, biases, activation):
    return by_calling_itself(x, weights, biases, activation)[-1]


def the_input_first(x, weights, biases, activation):
    return [x, *by_calling_itself(x, weights, biases, activation)]


def the_bend_before_the_layer(x, weights, biases, activation):
    found = []
    for W, b in zip(weights, biases, strict=True):
        x = activation(x) @ W + b
        found.append(x)
    return found


def always_tanh(x, weights, biases, activation):
    return by_calling_itself(x, weights, biases, np.tanh)


def without_a_bend_between(x, weights, biases, activation):
    found = []
    for W, b in zip(weights, biases, strict=True):
        x = x @ W + b
        found.append(activation(x))
    return found


HALF_RIGHT = {
    one_array: "last layer's activations alone",
    the_input_first: "begins with x",
    the_bend_before_the_layer: "First the dense layer, then the bend",
    always_tanh: "always bend in the same way",
    without_a_bend_between: "what goes into the next layer",
}


@pytest.mark.parametrize("answer", HALF_RIGHT, ids=lambda one: one.__name__)
def test_a_half_right_answer_fails_and_is_told_why(answer):
    for seed in range(5):
        found = report(answer, seed)
        assert not found.passed, f"seed {seed}"
        assert HALF_RIGHT[answer] in found.headline, f"seed {seed}: {found.headline}"
