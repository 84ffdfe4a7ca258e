"""The judge's process: reports as without it, within limits of its own, whatever was collected."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import psutil
import pytest

from byhand.checking.collect import collect, encode_cases
from byhand.checking.report import Report
from byhand.exercises import find
from byhand.exercises.inputs import Case
from grader.chapters import source
from grader.judge import process
from grader.judge.seeds import draw_cases
from grader.judge.verdicts import judge_submission

CHAPTER = source.load("02_activations")
CASES = draw_cases(CHAPTER.exercises, "ada", bytes(32), "")


@pytest.fixture(autouse=True)
def own_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process for each test, which is forked with what the test has patched."""
    monkeypatch.setattr(process, "_may_fork", lambda: True)  # other tests may have left a thread that waits
    process.end()
    yield
    process.end()


def collected(wrong: tuple[str, ...] = ()) -> dict[str, Any]:
    """What right answers give, and for some exercises what their first mistake gives."""
    functions = {
        name: find(name).mistakes[0].function if name in wrong else find(name).reference for name in CASES
    }
    return {name: collect(function, encode_cases(CASES[name])) for name, function in functions.items()}


def slow_on(name: str, then: Callable[[], Any]) -> Callable[..., Any]:
    """A `verdict` that does something else first for one exercise."""
    judged = process.verdict

    def instead(exercise: Any, *given: Any) -> Any:
        if exercise.name == name:
            then()
        return judged(exercise, *given)

    return instead


def passed(reports: dict[str, Report]) -> set[str]:
    return {name for name, report in reports.items() if report.passed}


def endless() -> None:
    while True:
        pass


def test_reports_are_those_of_the_same_judge_without_a_process() -> None:
    given = collected(("sigmoid", "softmax", "tanh"))
    reports = judge_submission(CASES, given)
    assert list(reports) == list(CASES)
    assert passed(reports) == set(CASES) - {"sigmoid", "softmax", "tanh"}
    assert reports["sigmoid"].mistake == f"sigmoid/{find('sigmoid').mistakes[0].id}"
    for name, report in reports.items():
        here = process.judge_at_once(find(name), CASES[name], given[name])
        assert (report.html(), str(report)) == (here.html(), str(here))


def test_one_process_judges_many_hand_ins() -> None:
    judge_submission(CASES, collected())
    first = process._mine.judge._process
    judge_submission(CASES, collected(("relu",)))
    assert process._mine.judge._process == first


def test_what_is_not_judged_in_time_says_so_and_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "verdict", slow_on("sigmoid", endless))
    monkeypatch.setattr(process, "EXERCISE_SECONDS", 0.5)
    reports = judge_submission(CASES, collected())
    assert passed(reports) == set(CASES) - {"sigmoid"}
    assert reports["sigmoid"].kind == "not judged"
    assert reports["sigmoid"].headline == process.NOT_IN_TIME.format(seconds=0.5)


def test_one_that_only_sleeps_is_ended_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "verdict", slow_on("sigmoid", lambda: time.sleep(600)))
    monkeypatch.setattr(process, "EXERCISE_SECONDS", 0.2)
    reports = judge_submission(CASES, collected())
    assert passed(reports) == set(CASES) - {"sigmoid"}


def test_a_hand_in_has_a_limit_for_all_its_exercises(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(exercise: Any, *given: Any) -> Any:
        endless()

    monkeypatch.setattr(process, "verdict", slow)
    monkeypatch.setattr(process, "EXERCISE_SECONDS", 0.2)
    monkeypatch.setattr(process, "HAND_IN_SECONDS", 0.5)
    begun = psutil.Process().children()
    reports = judge_submission(CASES, collected())
    assert {report.kind for report in reports.values()} == {"not judged"}
    assert list(reports) == list(CASES)
    assert psutil.Process().children() == begun


def test_a_diagnosis_that_never_ends_leaves_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "diagnose", lambda found: endless())
    monkeypatch.setattr(process, "EXERCISE_SECONDS", 0.5)
    reports = judge_submission(CASES, collected(("sigmoid",)))
    assert passed(reports) == set(CASES) - {"sigmoid"}
    assert reports["sigmoid"].kind == "values"
    assert reports["sigmoid"].arguments[0][0] == "x"


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (lambda: np.ones(10**10), "could not be judged: "),
        (lambda: os.kill(os.getpid(), signal.SIGSEGV), process.DIED),
        (lambda: os._exit(0), process.DIED),
        (lambda: int("x"), "ValueError"),
    ],
)
def test_a_process_that_ends_costs_one_exercise(
    monkeypatch: pytest.MonkeyPatch, trouble: Callable[[], Any], said: str
) -> None:
    monkeypatch.setattr(process, "verdict", slow_on("sigmoid", trouble))
    reports = judge_submission(CASES, collected())
    assert passed(reports) == set(CASES) - {"sigmoid"}
    assert reports["sigmoid"].kind == "not judged"
    assert said in reports["sigmoid"].headline


def test_one_that_was_killed_is_started_again() -> None:
    judge_submission(CASES, collected())
    os.kill(process._mine.judge._process, signal.SIGKILL)
    assert passed(judge_submission(CASES, collected())) == set(CASES)


def test_a_program_with_threads_starts_it_without_a_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    waiting = threading.Event()
    thread = threading.Thread(target=waiting.wait)
    thread.start()
    try:
        assert passed(judge_submission(CASES, collected())) == set(CASES)
        assert "grader.judge.process" in psutil.Process(process._mine.judge._process).cmdline()
    finally:
        waiting.set()
        thread.join()


def test_what_nobody_collected_is_judged_as_such() -> None:
    nested: Any = []
    for _ in range(100_000):
        nested = [nested]
    reports = judge_submission(CASES, {"relu": None, "sigmoid": "text", "tanh": nested})
    assert reports["relu"].kind == "missing"
    assert reports["sigmoid"].kind == reports["tanh"].kind == "garbled"


def test_a_report_is_bounded() -> None:
    cases = {"relu": [Case((np.ones(3),))]}
    records = collect(lambda x: np.ones((700, 700)), encode_cases(cases["relu"]))
    report = judge_submission(cases, {"relu": records})["relu"]
    assert report.kind == "shape"
    assert report.actual == process.TOO_LARGE
    assert len(json.dumps(report.to_dict())) < process.REPORT_BYTES
    assert "too large to show" in str(report)


def test_many_keys_are_judged_within_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that share a hash once made judging ten times as slow."""
    monkeypatch.setattr(process, "EXERCISE_SECONDS", 5.0)
    same = 2**61 - 1
    pairs = [[number * same, 0] for number in range(-4, 5) if abs(number * same) < 2**63]
    pairs += [[float(2**power), 0] for power in range(0, 1000, 61)] * 600
    tuples = [[{"tuple": [number, number]}, 0] for number in range(40_000)]
    for keys in (pairs[:10_000], tuples, [[number, 0] for number in range(100_000)]):
        record = {"returned": {"dict": keys}, "seconds": 0.0, "changed": [], "warnings": []}
        given = collected() | {"tanh": [record] * len(CASES["tanh"])}
        reports = judge_submission(CASES, given)
        assert passed(reports) == set(CASES) - {"tanh"}
        assert reports["tanh"].kind in ("type", "garbled")
