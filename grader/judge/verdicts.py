"""Judge, outside the sandbox: compare what was collected with the reference, an exercise at a time."""

from __future__ import annotations

from typing import Any

from byhand.checking.judge import judge
from byhand.checking.report import Report
from byhand.exercises import find
from byhand.exercises.inputs import Case

NOT_JUDGED = "This answer could not be judged: {error}. Please tell your instructor; it is not your fault."


def judge_submission(cases: dict[str, list[Case]], collected: dict[str, Any]) -> dict[str, Report]:
    """A report for every exercise, whatever was collected. Never raises for one exercise alone."""
    return {name: _judge_one(name, drawn, collected.get(name)) for name, drawn in cases.items()}


def _judge_one(name: str, cases: list[Case], collected: Any) -> Report:
    try:
        return judge(find(name), cases, collected)
    except Exception as error:  # a fault of ours must cost nobody else a mark; it is a row in the report
        return not_judged(name, error, len(cases))


def not_judged(name: str, error: BaseException, cases: int = 0) -> Report:
    """The report of an answer on which the grader itself failed."""
    told = NOT_JUDGED.format(error=f"{type(error).__name__}: {error}"[:300])
    return Report(exercise=name, passed=False, kind="not judged", told=told, cases=cases)
