"""Chapter 01's assembled exercise: answers of another structure pass, half-right ones are told why not."""

from __future__ import annotations

import numpy as np
import pytest

from byhand.checking.collect import collect, encode_cases
from byhand.checking.judge import judge
from byhand.exercises import find


def report(function, seed):
    spec = find("iris_classifier")
    cases = spec.cases([11, seed])
    return judge(spec, cases, collect(function, encode_cases(cases)))


def in_plain_loops(X, y):
    """Lists, another learning rate, and as many epochs as it takes."""
    n, columns = len(X) - len(X) // 5, X.shape[1]
    mean = [sum(X[i, j] for i in range(n)) / n for j in range(columns)]
    std = [(sum((X[i, j] - mean[j]) ** 2 for i in range(n)) / n) ** 0.5 for j in range(columns)]
    rows = [[(X[i, j] - mean[j]) / std[j] for j in range(columns)] for i in range(len(X))]
    w, b = [0.0] * columns, 0.0

    def fires(row):
        return int(sum(x * weight for x, weight in zip(row, w, strict=True)) + b >= 0)

    for _ in range(150):
        mistakes = 0
        for row, label in zip(rows[:n], y[:n], strict=True):
            error = int(label) - fires(row)
            if error:
                w = [weight + 0.1 * error * x for weight, x in zip(w, row, strict=True)]
                b += 0.1 * error
                mistakes += 1
        if not mistakes:
            break
    right = sum(fires(row) == label for row, label in zip(rows[n:], y[n:], strict=True))
    return np.array(mean), np.array(std), np.array(w), b, right / (len(X) - n)


def with_a_column_of_ones(X, y):
    """The bias as the weight of an input that is always 1, and the rows from the last to the first."""
    learn, ask = np.split(X, [len(X) * 4 // 5])
    mean, std = np.mean(learn, axis=0), np.sqrt(np.mean(np.square(learn - learn.mean(axis=0)), axis=0))
    table = np.hstack([(learn - mean) / std, np.ones((len(learn), 1))])
    weights = np.zeros(X.shape[1] + 1)
    for _ in range(150):
        before = weights.copy()
        for row, label in zip(table[::-1], y[: len(learn)][::-1], strict=True):
            weights += (label - (row @ weights >= 0)) * row
        if np.array_equal(before, weights):
            break
    answers = np.hstack([(ask - mean) / std, np.ones((len(ask), 1))]) @ weights >= 0
    return mean, std, weights[:-1], weights[-1], np.count_nonzero(answers == y[len(learn) :]) / len(ask)


@pytest.mark.parametrize("answer", [in_plain_loops, with_a_column_of_ones])
def test_a_right_answer_of_another_structure_passes_on_50_draws(answer):
    for seed in range(50):
        found = report(answer, seed)
        assert found.passed, f"seed {seed}:\n{found}"


def half_right(change):
    """`with_a_column_of_ones`, but for one thing."""

    def answer(X, y):
        return change(X, y, *with_a_column_of_ones(X, y))

    return answer


HALF_RIGHT = {
    "always sure": (half_right(lambda X, y, m, s, w, b, a: (m, s, w, b, 1.0)), "not 1."),
    "in percent": (half_right(lambda X, y, m, s, w, b, a: (m, s, w, b, 100 * a)), "share of"),
    "learned nothing": (
        half_right(lambda X, y, m, s, w, b, a: (m, s, 0 * w, 0.0, a)),
        "your neuron learned from",
    ),
    "another spread": (
        half_right(lambda X, y, m, s, w, b, a: (m, X[: len(X) * 4 // 5].std(axis=0, ddof=1), w, b, a)),
        "`mean` and `std` are not those",
    ),
    "the answers turned": (
        half_right(lambda X, y, m, s, w, b, a: (m, s, -w, -b, a)),
        "your neuron learned from",
    ),
}


@pytest.mark.parametrize("name", HALF_RIGHT)
def test_a_half_right_answer_fails_and_is_told_why(name):
    answer, words = HALF_RIGHT[name]
    for seed in range(5):
        found = report(answer, seed)
        assert not found.passed, f"seed {seed}"
        assert words in found.headline, f"seed {seed}: {found.headline}"
