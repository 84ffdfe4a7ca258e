"""What a difference says of a type: what came, what was meant, and how it usually comes about."""

from __future__ import annotations

import numpy as np
import pytest

from byhand.checking.codec import MAX_ITEMS, decode, encode
from byhand.checking.compare import ANY_NUMBER, EQUAL, Tolerance, describe, difference

ROW = np.zeros(3)


def said(expected, returned, names=()):
    """The sentence about what a function returned, after its way through a record."""
    found = difference(expected, decode(encode(returned)), Tolerance(), names)
    assert found is not None
    return found.sentence


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        ((ROW,), "comma at the end of the line"),
        ((n for n in range(3)), "`yield`"),
        (lambda: 0, "brackets of a call"),
        (ROW.sum, "`x.sum()`"),
        (np.exp, "`np.exp(x)`"),
        (range(3), "np.arange"),
        (map(abs, [1]), "np.array(list(...))"),
        ({1, 2}, "square brackets"),
        (..., "holds the place of an answer"),
        ("0.5", "take the quotes away"),
        ([0.0] * 3, "Try np.array(...)"),
        (np.array([None, 1]), "an array of Python objects (dtype object)"),
        (np.array(["a"]), "an array of texts"),
        (np.zeros(3, np.longdouble), "the unusual type"),
        ({(1, 2): 3}, "a dict with keys that are neither numbers nor texts"),
        (tuple(range(MAX_ITEMS + 1)), "too large to compare"),
        (
            np.zeros((5000, 5000)),
            "an array of shape (5000, 5000), too large to compare; an array of numbers was",
        ),
    ],
)
def test_a_wrong_type_says_how_it_came_about(returned, words):
    assert words in said(ROW, returned)


def test_a_forgotten_cache_says_what_to_return():
    for returned in (ROW, (ROW,), (ROW, 1, 2)):
        assert "must end with `return out, cache`" in said((ROW, (ROW,)), returned, ("out", "_cache"))
    assert "return" not in said([1, 2], [1, 2, 3])


def test_keys_are_few_and_short_in_a_sentence():
    sentence = said({"a": 1}, {f"{n}{'k' * 500}": n for n in range(5000)})
    assert len(sentence) < 700 and sentence.count("k'") == 0 and ", …" in sentence


@pytest.mark.parametrize(
    "value", [None, True, 3, 0.5, 1j, "a", (1,), [1], {"a": 1}, ROW, ROW * 1j, np.float64(1)]
)
def test_everything_has_a_name_in_words(value):
    assert describe(value)[0].isalpha() and "type" not in describe(value)


def test_exactly_equal_and_any_number():
    assert difference(1.0, 1.0 + 1e-12, EQUAL) is not None
    assert difference(1.0, 1e9, ANY_NUMBER) is None
    assert difference(1.0, np.nan, ANY_NUMBER) is not None


def test_true_and_false_are_no_distance_apart():
    assert difference(True, False, Tolerance()).detail == ""
