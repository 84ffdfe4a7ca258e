"""The second half of a check: the verdict first and alone, then, where it fails, why.

Everything that was collected is untrusted here. Reference and mistakes run through `collect` too, so
that all three are compared in the same form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from byhand.checking import sentences as say
from byhand.checking.codec import Other
from byhand.checking.diagnose import Again, Diagnosis, diagnose
from byhand.checking.outcome import Garbled, Outcome
from byhand.checking.report import Report
from byhand.checking.verdict import BrokenReference, Trouble, Verdict, verdict
from byhand.exercises.inputs import Case
from byhand.exercises.spec import Exercise

__all__ = ["BrokenReference", "judge"]

REFUSAL = Other("ValueError", "a ValueError")  # what is shown as expected where the inputs are to be refused


def judge(
    exercise: Exercise,
    cases: list[Case],
    collected: Any,
    again: Again | None = None,
    fault: Callable[[], str | None] | None = None,
) -> Report:
    """Say whether the collected answers are right, and what is wrong with them.

    Parameters
    ----------
    exercise : Exercise
    cases : list of Case
        The cases that the function was called on.
    collected : list or None
        What `collect` packed for these cases; None if there was no function. Anything else is
        reported, never raised.
    again : callable, optional
        Calls the function once more, as `collect` does: with it, a diagnosis can see what outlives a call.
    fault : callable, optional
        Asked once the verdict has failed: a sentence if what fails is not this function but one that it calls. It is
        said first, and no mistake is looked for where none may have been made.

    Returns
    -------
    Report

    Raises
    ------
    BrokenReference
        If the course's own function stops with an error.
    """
    if collected is None:
        return _failed(exercise, len(cases), "missing", say.MISSING.format(name=exercise.name))
    try:
        found = verdict(exercise, cases, collected)
    except Garbled:
        return _failed(exercise, len(cases), "garbled", say.GARBLED)
    if found.passed:
        return report_of(found, None)
    if fault is not None and (sentence := fault()):
        return report_of(found, None, first=(sentence,))
    return report_of(found, diagnose(found, again))


def report_of(found: Verdict, diagnosis: Diagnosis | None, first: tuple[str, ...] = ()) -> Report:
    """The report of a verdict, with the diagnosis of one that failed if there is one."""
    if found.passed:
        return _passed(found.exercise, found.actual)
    exercise, count = found.exercise, len(found.cases)
    number = found.failing[0]
    trouble = found.troubles[number]
    assert trouble is not None
    if trouble.kind == "not written":  # no use in showing numbers yet
        return _failed(exercise, count, trouble.kind, trouble.sentence)
    diagnosis = diagnosis or Diagnosis()
    place, actual, expected = trouble.difference, found.actual[number], found.expected[number]
    mistake, *also = (f"{exercise.name}/{id}" for id in diagnosis.mistakes or ("",))
    return Report(
        exercise=exercise.name,
        passed=False,
        kind="mistake" if diagnosis.mistakes else trouble.kind,
        told=_told(trouble, diagnosis),
        mistake=mistake if diagnosis.mistakes else None,
        also=tuple(also),
        frame=diagnosis.frame,
        first=first,
        remarks=_remarks(found.actual),
        cases=count,
        right=count - len(found.failing),
        number=number,
        arguments=_arguments(exercise, found.cases[number]),
        returns=exercise.returns,
        expected=REFUSAL if expected.raised else expected.returned,
        actual=actual.returned,
        answered=actual.raised is None,
        path=place.path if place else (),
        index=place.index if place else None,
        detail=place.detail if place else "",
        rtol=exercise.rtol,
        atol=exercise.atol,
    )


def _told(trouble: Trouble, diagnosis: Diagnosis) -> str:
    """What was told beside a known mistake, the most useful first."""
    if trouble.kind == "changed" and trouble.difference:  # wrong as well, so both are said
        why = diagnosis.sentence or ("" if diagnosis.mistakes else trouble.difference.sentence)
        return "\n".join(text for text in (trouble.sentence, why) if text) if not diagnosis.in_place else ""
    if diagnosis.mistakes:
        return ""
    if not diagnosis.sentence or trouble.kind == "values":
        return diagnosis.sentence or trouble.sentence
    if trouble.kind == "raised":  # a beginner's words, then Python's
        return f"{diagnosis.sentence}\n{trouble.sentence}"
    return f"{trouble.sentence}\n{diagnosis.sentence}"


def _failed(exercise: Exercise, cases: int, kind: str, told: str) -> Report:
    return Report(exercise=exercise.name, passed=False, kind=kind, told=told, cases=cases)


def _passed(exercise: Exercise, actual: list[Outcome]) -> Report:
    slowest = max(outcome.seconds for outcome in actual)
    slow = slowest > exercise.seconds
    return Report(
        exercise=exercise.name,
        passed=True,
        kind="slow" if slow else "right",
        told=say.PASSED_SLOW.format(seconds=slowest) if slow else say.PASSED,
        remarks=_remarks(actual),
        cases=len(actual),
        right=len(actual),
    )


def _arguments(exercise: Exercise, case: Case) -> tuple[tuple[str, Any], ...]:
    return (*zip(exercise.parameters, case.arguments, strict=False), *case.keywords.items())


def _remarks(actual: list[Outcome]) -> tuple[str, ...]:
    seen = dict.fromkeys(warning for outcome in actual for warning in outcome.warnings)
    return tuple(say.WARNED.format(warning=warning) for warning in list(seen)[:3])
