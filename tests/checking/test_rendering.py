"""A report can be redone by hand: every input is in it, with its place, and as lines of Python."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from judged import report_on

from byhand.checking import Report
from byhand.checking.codec import decode, encode
from byhand.checking.render.as_python import MOST_NUMBERS, as_python, literal
from byhand.checking.render.window import parts
from byhand.exercises.inputs import Function, Rng, case
from byhand.exercises.spec import exercise


def backward(dout, cache, scale=1.0):
    x, state = cache
    return scale * dout * x + state["v"]


@exercise(backward)
def spec(draw):
    yield case(draw.normal(2, 2), (draw.normal(2, 2), {"v": draw.normal(2, 2), "step": 3}), scale=2.0)
    yield draw.normal(3, 2), (draw.normal(3, 2), {"v": draw.normal(3, 2), "step": 4})


def test_arrays_inside_of_a_cache_are_inputs_too():
    report = report_on(spec, lambda dout, cache, scale=1.0: np.sin(9 * dout))
    for shown in (str(report), re.sub(r"<[^>]*>", "", report.html())):
        for name in ("cache[0]", "cache[1]['v']", "cache[1]['step']", "scale"):
            assert f"input {name}" in shown.replace("&#x27;", "'")


def test_a_case_can_be_pasted_into_a_cell():
    report = report_on(spec, lambda dout, cache, scale=1.0: np.sin(9 * dout))
    again = Report.from_dict(json.loads(json.dumps(report.to_dict())))
    assert as_python(again) == as_python(report)
    *lines, call = as_python(report).split("\n")
    names = {"np": np, "backward": backward}
    exec("\n".join([*lines, f"out = {call}"]), names)
    np.testing.assert_array_equal(names["out"], report.expected)
    assert "<details>" in report.html() and "np.array(" in report.html()


@pytest.mark.parametrize(
    "value",
    [
        np.array([[1.5, np.nan], [-np.inf, 0.1]]),
        np.arange(3, dtype="int8"),
        np.zeros((0, 3)),
        np.array([True, False]),
        (1, [2.0, "a'b"], {"k": float("nan")}),
        (None,),
        np.float32(0.5),
    ],
)
def test_a_literal_is_the_value(value):
    back = eval(literal(value), {"np": np})
    assert encode(back) == encode(value) or np.float64(back) == np.float64(value)


def test_functions_and_generators_are_written_as_python():
    for value in (Function("x**2 + a", "x, a"), decode(encode(Function("x**2 + a", "x, a")))):
        assert literal(value) == "lambda x, a: x**2 + a"
    assert literal(Rng(5)) == literal(decode(encode(Rng(5)))) == "np.random.default_rng(5)"


def test_what_is_too_large_is_not_written_out_and_much_is_folded():
    facts = {"number": 0, "answered": True, "expected": 1.0, "actual": 2.0}
    large = Report("f", False, "values", "No.", arguments=(("x", np.zeros(MOST_NUMBERS + 1)),), **facts)
    assert "# x: too large to write out" in large.html()
    many = tuple((f"x{n}", np.ones((6, 8))) for n in range(9))
    html = Report("f", False, "values", "No.", arguments=many, **facts).html()
    assert "more inputs" in html and html.index("<details>") < html.index("input x8")


def test_a_plane_of_an_image_says_its_place_in_text_too():
    image = np.arange(96.0).reshape(2, 3, 4, 4)
    report = Report(
        "f", False, "values", "No.", number=0, answered=True, arguments=(("x", image),),
        expected=image, actual=image + (image == 50), index=(1, 0, 0, 2),
    )  # fmt: skip
    text = str(report)
    assert "input x[0, 0] · a part of shape (2, 3, 4, 4)" in text
    assert "expected[1, 0] · a part of shape" in text and "yours[1, 0]" in text


def test_single_numbers_say_how_far_they_are_apart():
    @exercise(lambda x: x)
    def number(draw):
        yield 4.0

    text = str(report_on(number, lambda x: 1.0))
    assert "Yours minus expected is -3." in text and "Yours divided by expected is 0.25." in text
    assert "minus" not in str(report_on(number, lambda x: float("inf")))


def test_what_was_judged_stands_at_the_foot_and_what_comes_first_at_the_head():
    report = Report("f", False, "values", "No.", first=("Old code.",), judged="This is about `def f(x):`.")
    assert str(report).index("Old code.") < str(report).index("No.") < str(report).index("This is about")
    assert "<code>def f(x):</code>" in report.html()


def test_parts_of_hostile_collections_are_few():
    deep: object = np.ones(2)
    for _ in range(10):
        deep = [deep] * 3
    assert len(parts("x", deep)) <= 40 and len(parts("x", [np.ones(2)] * 1000)) == 40
