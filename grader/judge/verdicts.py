"""Judge, outside the sandbox: compare what was collected with the reference, an exercise at a time."""

from __future__ import annotations

from typing import Any

from byhand.checking.report import Report
from byhand.exercises.inputs import Case
from grader.judge import process


def judge_submission(cases: dict[str, list[Case]], collected: dict[str, Any]) -> dict[str, Report]:
    """A report for every exercise, whatever was collected. Never raises for one exercise alone."""
    return process.reports(cases, collected)


def not_judged(name: str, error: BaseException, cases: int = 0) -> Report:
    """The report of an answer on which the grader itself failed."""
    told = process.NOT_JUDGED.format(error=f"{type(error).__name__}: {error}"[:300])
    return Report(exercise=name, passed=False, kind="not judged", told=told, cases=cases)
