"""Known mistakes: made everywhere, beside a change in place, in parts, on some cases, two at once."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest
from judged import report_on, verdict_on

from byhand.checking import diagnose as room
from byhand.checking import report as reports
from byhand.checking.diagnose import diagnose
from byhand.checking.report import Report
from byhand.exercises.spec import exercise


def scale(x, y):
    return 2 * x + 1, 3 * y


@exercise(scale, returns="a, b")
def spec(draw):
    for n in (2, 3, 4, 5):
        yield draw.normal(n, 2), draw.normal(n, 2)


@spec.switchable
def _base(x, y, *, offset=1, factor=3, power=1, both=0):
    return 2 * x**power + offset + both, factor * y + both


spec.switch("no-offset", "You forgot the offset of a.", offset=0)
spec.switch("wrong-factor", "Your b has another factor.", factor=4)
spec.switch("squared", "You squared x, which stays as it is.", power=2)


@spec.mistake("in-place", "You write into y, which the caller still needs.")
def _(x, y):
    y *= 3
    return 2 * x + 1, y


@spec.mistake("cubed", "You cubed x, which stays as it is.")
def _(x, y):
    return 2 * x**3 + 1, 3 * y


@spec.mistake("divided", "You divided y by 3.")
def _(x, y):
    return 2 * x + 1, y / 3


@spec.mistake("only-positive", "You forgot that numbers may be negative, so cut them off at zero.")
def _(x, y):
    return 2 * np.maximum(x, 0) + 1, 3 * np.maximum(y, 0)


@spec.mistake("swapped", "You exchanged x and y: what belongs to which?")
def _(x, y):
    return scale(y, x)


@pytest.fixture(autouse=True)
def _in_the_course(monkeypatch):
    monkeypatch.setattr(reports, "find", lambda name: spec)  # a report looks its sentences up


def test_a_mistake_on_every_case_is_named():
    report = report_on(spec, lambda x, y: (2 * x, 3 * y))
    assert (report.kind, report.mistake, report.also) == ("mistake", "scale/no-offset", ())
    assert report.headline == "You forgot the offset of a."


def test_two_switches_at_once_are_both_named():
    report = report_on(spec, lambda x, y: (2 * x, 4 * y))
    assert (report.mistake, report.also) == ("scale/no-offset", ("scale/wrong-factor",))
    assert report.headline == (
        "Two things at once. First: You forgot the offset of a.\nThen: Your b has another factor."
    )
    again = Report.from_dict(json.loads(json.dumps(report.to_dict())))
    assert str(again) == str(report)


def test_parts_with_a_mistake_each_are_named_with_theirs():
    report = report_on(spec, lambda x, y: (2 * x**3 + 1, y / 3))
    assert (report.mistake, report.also) == ("scale/cubed", ("scale/divided",))
    assert report.headline == "Your `a`: You cubed x, which stays as it is.\nYour `b`: You divided y by 3."


@pytest.mark.parametrize(
    "function",
    [
        lambda x, y: (2 * x**3 + 1, np.tanh(5 * y)),  # one part is not explained
        lambda x, y: (2 * np.maximum(x, 0) + 1, 3 * y),  # that mistake would spoil b as well
        lambda x, y: (2 * y + 1, np.tanh(5 * y)),
    ],
)
def test_a_mistake_that_explains_only_half_is_not_said(function):
    assert report_on(spec, function).mistake is None


def test_a_mistake_on_all_cases_but_one_says_on_how_many():
    def mostly(x, y):
        return (2 * y + 1, 3 * x) if len(x) > 2 else (np.cos(7 * x), 3 * y)

    report = report_on(spec, mostly)
    assert report.mistake == "scale/swapped"
    assert report.headline.startswith(
        "In 3 of the 4 cases your answer is the one that a common mistake gives. Is it yours? You"
    )

    def sometimes(x, y):
        return (2 * y + 1, 3 * x) if len(x) > 3 else (np.cos(7 * x), 3 * y)

    assert report_on(spec, sometimes).mistake is None


def test_answers_of_0_and_1_are_not_enough_for_a_mistake_on_some_cases():
    @exercise(lambda x: (x > 0) * 1.0)
    def gate(draw):
        yield from (draw.normal(20) for _ in range(5))

    gate.mistake("never", "Your gate never fires.")(lambda x: 0 * x)
    report = report_on(gate, lambda x: 0 * x if x[0] != gate.cases(0)[1].arguments[0][0] else 1 - (x > 0))
    assert report.mistake is None


def test_in_place_and_wrong_are_both_said():
    def known(x, y):
        x *= 2
        return x, 3 * y

    report = report_on(spec, known)
    assert report.mistake == "scale/no-offset"
    assert "changed its input x" in report.headline and report.headline.endswith(
        "You forgot the offset of a."
    )

    def unknown(x, y):
        x *= 2
        return np.cos(9 * x), 3 * y

    report = report_on(spec, unknown)
    assert report.kind == "changed"
    assert "changed its input x" in report.headline and "The values differ" in report.headline


def test_in_place_alone_is_the_mistake_that_knows_it():
    def in_place(x, y):
        y *= 3
        return 2 * x + 1, y

    assert report_on(spec, in_place).headline == "You write into y, which the caller still needs."

    def the_other(x, y):
        x += 0.5
        return 2 * x, 3 * y

    assert "changed its input x" in report_on(spec, the_other).headline
    assert report_on(spec, the_other).mistake is None  # a mistake that spoils y is none that spoils x


def test_each_mistake_runs_once_a_case():
    calls = []

    @exercise(lambda x: x, returns="")
    def counted(draw):
        yield from (draw.normal(2, 3) for _ in range(4))

    @counted.mistake("counted", "A mistake that counts how often it is asked.")
    def _(x):
        calls.append(1)
        return x + 1

    report_on(counted, np.tanh)
    assert 0 < len(calls) <= 4


def test_what_outlives_a_call_is_named():
    calls = []

    def counts(x, y):
        calls.append(1)
        return 2 * x + len(calls), 3 * y

    assert "something outlives the call" in report_on(spec, counts).headline


def step(w, dw, state):
    count = state.get("step", 0) + 1
    return w - dw / count, {"step": count, "mean": state.get("mean", np.zeros_like(w)) + dw}


@exercise(step, returns="w, state")
def step_spec(draw):
    yield draw.normal(3), draw.normal(3), {}
    for count in (1, 4):
        yield draw.normal(3), draw.normal(3), {"step": count, "mean": draw.normal(3)}


@pytest.mark.parametrize("key", ["step", "mean"])
def test_a_state_that_is_not_brought_up_to_date_is_named(key):
    def forgets(w, dw, state):
        w, after = step(w, dw, state)
        return w, {**after, key: state.get(key, 0 if key == "step" else np.zeros_like(w))}

    assert f"`state['{key}']` comes back as it came in" in report_on(step_spec, forgets).headline


def test_a_diagnosis_that_fails_or_runs_out_of_time_leaves_the_verdict(monkeypatch):
    def breaks(evidence):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(room, "LAYERS", (breaks,))
    report = report_on(spec, lambda x, y: (2 * x, 3 * y))
    assert not report.passed and report.headline == "The values differ from what was expected."

    slow = exercise(lambda x: x)(lambda draw: iter([draw.normal(2, 3) for _ in range(3)]))
    for number in range(200):
        slow.mistake(f"slow-{number}", "A mistake that takes its time, so that not all can be tried.")(
            lambda x: [time.sleep(0.001), sum(range(30_000)), x + 7][2]
        )
    monkeypatch.undo()
    assert not report_on(slow, np.tanh).passed


def test_without_time_no_mistake_runs():
    tried = []
    quick = exercise(lambda x: x)(lambda draw: iter([draw.normal(2, 3) for _ in range(3)]))
    quick.mistake("tried", "A mistake that notes that it was tried.")(lambda x: tried.append(1))
    assert diagnose(verdict_on(quick, lambda x: -x), seconds=-1.0) is None and not tried
    assert "opposite sign" in diagnose(verdict_on(quick, lambda x: -x)).sentence and tried
