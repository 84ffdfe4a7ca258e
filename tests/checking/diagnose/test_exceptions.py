"""Errors in a beginner's words: each is raised for real, and the sentence names the shapes and the line."""

from __future__ import annotations

import math

import numpy as np
import pytest
from judged import report_on

from byhand.checking.diagnose.exceptions import TABLE, explain
from byhand.checking.outcome import Raised
from byhand.exercises.spec import exercise


@exercise(lambda x, W: x @ W)
def spec(draw):
    yield draw.normal(2, 3), draw.normal(3, 4)
    yield draw.normal(5, 3), draw.normal(3, 2)


def pair(x):
    return x, x


def uses_a_name(x, W):
    if len(x) > 100:
        out = 1
    return out


def floors_in_place(x, W):
    whole = np.ones(2, int)
    whole += 0.5
    return whole


def endless(x, W):
    return endless(x, W)


def two_values(x, W):
    return np.array([pair(x)[0], W])


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda x, W: x if x > 0 else W, "np.where(condition, a, b)"),
        (lambda x, W: max(x, 0), "np.maximum(a, b)"),
        (lambda x, W: x ^ 2, "`x**2`"),
        (lambda x, W: math.exp(x), "`np.exp`"),
        (lambda x, W: x + W, "(2, 3) and (3, 4) do not fit"),
        (lambda x, W: x[0:-0] + x, "One of two arrays is empty"),
        (lambda x, W: W @ x, "as many columns as B has rows"),
        (lambda x, W: np.dot(W, x), "np.dot"),
        (lambda x, W: 2 @ x, "is a single number"),
        (two_values, "out, cache = f(...)"),
        (lambda x, W: [a for a, b in [(x, x, W)]], "2 names, and the right side has more"),
        (lambda x, W: [a for a, b in [(x,)]], "there is 1 on the right"),
        (lambda x, W: [a for a, b in [3]], "of type int"),
        (lambda x, W: relu(x), "If it is of an earlier chapter, write `mine.relu`."),  # noqa: F821
        (lambda x, W: my_helper(x), "There is no `my_helper` here"),  # noqa: F821
        (endless, "again and again"),
        (lambda x, W: x[7], "no place 7 on axis 0: it has 2"),
        (lambda x, W: [1][2], "the first is number 0"),
        (lambda x, W: x[0, 0, 0], "it has 2"),
        (lambda x, W: x[len(x) / 2], "a // b"),
        (lambda x, W: np.arange(3) ** -2, "10.0 ** -2"),
        (lambda x, W: x[0:-0].max(), "`0:-0` is empty"),
        (lambda x, W: x.tolist()[0, 1], "np.array(a)"),
        (lambda x, W: x.tolist().T, "A list has no `.T`"),
        (lambda x, W: pair(x).T, "A tuple has no `.T`"),
        (lambda x, W: pair(x) / 2, "cannot be calculated with"),
        (lambda x, W: print() + 1, "Something is None"),
        (lambda x, W: x(0), "square brackets"),
        (lambda x, W: np.expp(x), "NumPy has no `np.expp`"),
        (uses_a_name, "`out` is used before"),
        (lambda x, W: x.reshape(7, 7), "6 numbers does not fill the shape (7, 7)"),
        (lambda x, W: x.sum(axis=5), "no axis 5: the array has 2"),
        (floors_in_place, "array of integers"),
        (lambda x, W: pair(), "called without 'x'"),
        (lambda x, W: 1 / 0, "You divide by 0"),
        (lambda x, W: {}["velocity"], "no key 'velocity'"),
        (lambda x, W: __import__("pandas"), "`pandas` is not installed"),
        (lambda x, W: x.__setitem__(slice(None), np.zeros((4, 4))), "(4, 4) in a place of the shape (2, 3)"),
        (lambda x, W: x[0:0].__setitem__(slice(None), np.zeros((4, 3))), "which is empty"),
        (lambda x, W: np.exp * x, "You calculate with a function"),
        (lambda x, W: 1 - pair, "You calculate with a function"),
        (lambda x, W: [i for i in len(x)], "for i in range(n)"),
        (lambda x, W: np.zeros(len(x), 3), "np.zeros((3, 4))"),
        (lambda x, W: [1, 2][: len(x) / 2], "`a // b`"),
        (lambda x, W: (lambda f: f(x))(W), "where a function is asked for"),
    ],
)
def test_an_error_is_said_in_plain_words_and_then_in_pythons(function, words):
    report = report_on(spec, function)
    assert report.kind == "raised"
    first, *rest = report.headline.split("\n")
    assert words in first
    assert any(line.startswith("Your code stopped with an error: ") for line in rest)
    assert any(line.startswith("Line ") for line in rest)


def test_shapes_of_the_lines_own_variables_are_said():
    def shifted(x, W):
        b = np.zeros(7)
        return x @ W + b

    assert (
        "`x` has the shape (2, 3), `W` has the shape (3, 4) and `b` has the shape (7,)"
        in report_on(spec, shifted).headline
    )


def test_an_error_that_is_not_known_is_shown_as_it_is():
    report = report_on(spec, lambda x, W: np.linalg.inv(np.zeros((2, 2))))
    assert report.headline.startswith("Your code stopped with an error: LinAlgError")


def test_every_row_of_the_table_has_a_type_and_ends_a_sentence():
    for one in TABLE:
        assert one.sentence.endswith((".", "?", "`.")), one.sentence
        assert one.type.endswith("Error")


def test_hostile_messages_are_only_text():
    for message in (
        "{0} {name}",
        "operands could not be broadcast together with shapes (2,{x}) (3,)",
        "name '' is",
    ):
        for kind in ("ValueError", "NameError", "KeyError", "TypeError"):
            explain(Raised(kind, message, source="{x}", shapes={"{y}": "{z}"}))
