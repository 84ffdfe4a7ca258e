"""`check` and `working`: both halves of a check, in the learner's notebook."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

from byhand.checking import notebook
from byhand.checking import sentences as say
from byhand.checking.clock import SECONDS, OutOfPatience, limited
from byhand.checking.collect import collect, encode_cases
from byhand.checking.helpers import at_fault
from byhand.checking.judge import BrokenReference, judge
from byhand.checking.progress import remember
from byhand.checking.report import Report
from byhand.checking.verdict import verdict
from byhand.exercises import UnknownExercise, find, find_or_none
from byhand.exercises.spec import Exercise
from byhand.mine import sentences as kept
from byhand.mine.cells import definition
from byhand.mine.session import NotRun, Session, current, marked

notebook.watch()


class CheckFailed(AssertionError):
    """A check that did not pass. It shows as one word, without a traceback: the report above it says the rest."""

    def _render_traceback_(self) -> list[str]:  # IPython asks an exception for this
        return [type(self).__name__]


class CheckError(CheckFailed, LookupError):
    """`check` was asked for something that is no exercise."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]  # there is no report that says it


def check(function: Callable[..., Any], *, of: str | None = None, stop: bool = True) -> Report | None:
    """Check your function on fresh inputs, and show what is right or wrong.

    A function that runs longer than a minute is stopped, where the platform allows it: see `byhand.checking.clock`.

    Parameters
    ----------
    function : callable
        Your function. The name that the notebook gives it tells which exercise it answers.
    of : str, optional
        The exercise's name, if the function is called otherwise.
    stop : bool
        Whether a check that fails stops the notebook here. With ``stop=False`` the report is returned,
        and nothing is remembered for your progress.

    Returns
    -------
    Report or None
        None with ``stop=True``: nbgrader takes the value of a graded cell for points.

    Raises
    ------
    CheckFailed
        If the check does not pass.
    CheckError
        If there is no such exercise.
    """
    exercise = _exercise(function, of, sys._getframe(1).f_globals)
    with _session().checking():
        report = _report(function, exercise)
    if not stop:
        return report
    unsaved = remember(report, text=definition(exercise.name, function))
    if unsaved:
        print(unsaved, file=sys.stderr)
    _show(_with_what_became_of_it(report, exercise, function))
    if report.passed:
        return None
    raise CheckFailed(f"{report.exercise}: {report.headline}".split("\n")[0])


def begin(chapter: str) -> None:
    """Begin a sitting: the setup cell of a chapter's notebook calls it, ``begin("03_backprop")``.

    What you passed in this chapter on another day is bound to its name again, so that one cell is enough to go on
    anywhere. What the notebook has defined since stays as it is.

    Raises
    ------
    UnknownExercise
        If there is no such chapter.
    """
    names = _session().begin(chapter, sys._getframe(1).f_globals)
    if names:
        print(say.BROUGHT_BACK.format(names=", ".join(names)))


def quick(exercise: str | Callable[..., Any], *arguments: Any, times: float = 10.0) -> Callable[..., Any]:
    """For a demo that calls a function very often: yours, unless it is far slower on these arguments than the course's.

    Says so where the course's is used, and how much slower yours is.
    """
    name = exercise if isinstance(exercise, str) else exercise.__name__
    return _session().quick(name, *arguments, times=times)


def _with_what_became_of_it(report: Report, exercise: Exercise, function: Callable[..., Any]) -> Report:
    """The report, with a line on what was kept where there is something to say."""
    if day := marked(function):
        return replace(report, remarks=(*report.remarks, kept.THAT_DAY.format(date=day)))
    if report.passed and (reason := _session().keep(exercise, function)):
        return replace(report, remarks=(*report.remarks, reason))
    return report


def _session() -> Session:
    """This kernel's session, which checks what it keeps as a learner's own check would."""
    session = current()
    if session.check is None:
        session.check = _tried
    return session


def _tried(exercise: Exercise, own: Callable[..., Any]) -> Report:
    return _report(own, exercise)


def working(function: Callable[..., Any]) -> Callable[..., Any]:
    """Your function if it passes its check, otherwise the course's own; says which.

    So that a picture further down works before every exercise is done.
    """
    exercise = _exercise(function, None, sys._getframe(1).f_globals)
    if _report(function, exercise).passed:
        print(say.YOURS_IS_USED.format(name=exercise.name))
        return function
    print(say.STANDS_IN.format(name=exercise.name))
    return exercise.reference


def _exercise(function: Callable[..., Any], of: str | None, names: Mapping[str, Any]) -> Exercise:
    """The exercise that a function answers: as it says, as the caller calls it, or as it is called itself."""
    if not callable(function):
        raise CheckError(say.NO_FUNCTION.format(kind=type(function).__name__))
    own = str(getattr(function, "__name__", "?"))
    if of is None and not (names.get(own) is function and find_or_none(own)):
        given = [name for name, value in names.items() if value is function and find_or_none(name)]
        of = given[0] if len(given) == 1 else own
    try:
        return find(of or own)
    except UnknownExercise as error:
        shown = own if own.isidentifier() else "f"
        raise CheckError(say.UNKNOWN.format(error=error, name=shown)) from None


def _report(function: Callable[..., Any], exercise: Exercise) -> Report:
    """The report on a function; what must be known before anything else stands first in it."""
    cases = exercise.cases()
    encoded = encode_cases(cases)
    try:
        with limited(SECONDS):
            collected = None if isinstance(function, NotRun) else collect(function, encoded)
            report = judge(
                exercise,
                cases,
                collected,
                again=lambda asked: collect(function, asked),
                fault=lambda: _fault(function, exercise),
            )
    except OutOfPatience as stopped:
        report = _stopped(exercise, stopped)
    except BrokenReference as error:
        raise CheckError(say.BROKEN_REFERENCE.format(name=exercise.name, error=error)) from None
    return _about(report, function)


def _stopped(exercise: Exercise, stopped: OutOfPatience) -> Report:
    told = say.STOPPED.format(seconds=SECONDS)
    if stopped.source:
        told += "\n" + say.RAISED_AT.format(line=stopped.line, source=stopped.source)
    return Report(exercise=exercise.name, passed=False, kind="stopped", told=told)


def _fault(function: Callable[..., Any], exercise: Exercise) -> str | None:
    helper = at_fault(function, exercise.name, _passes)
    return say.HELPER_AT_FAULT.format(helper=helper, name=exercise.name) if helper else None


def _passes(exercise: Exercise, function: Callable[..., Any]) -> bool:
    cases = exercise.cases()
    return verdict(exercise, cases, collect(function, encode_cases(cases))).passed


def _about(report: Report, function: Callable[..., Any]) -> Report:
    """The report, with what it is about; and whether the screen shows other code by now."""
    old = notebook.out_of_date(function, report.exercise)
    if report.passed:
        return replace(report, remarks=(*report.remarks, old)) if old else report
    return replace(
        report, first=(old, *report.first) if old else report.first, judged=notebook.judged(function)
    )


def _show(report: Report) -> None:
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        import_module("IPython.display").display(report)
    else:
        print(report)
