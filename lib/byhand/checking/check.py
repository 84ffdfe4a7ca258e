"""`check` and `working`: both halves of a check, in the learner's notebook."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from byhand.checking import sentences as say
from byhand.checking.collect import collect, encode_cases
from byhand.checking.judge import judge
from byhand.checking.progress import remember
from byhand.checking.report import Report
from byhand.exercises import UnknownExercise, find
from byhand.exercises.spec import Exercise
from byhand.mine import sentences as kept
from byhand.mine.session import Session, current, marked


class CheckFailed(AssertionError):
    """A check that did not pass. It shows as one line, without a traceback: the report says the rest."""

    def _render_traceback_(self) -> list[str]:  # IPython asks an exception for this
        return [f"{type(self).__name__}: {self}"]


class CheckError(CheckFailed, LookupError):
    """`check` was asked for something that is no exercise."""


def check(function: Callable[..., Any], *, of: str | None = None, stop: bool = True) -> Report | None:
    """Check your function on fresh inputs, and show what is right or wrong.

    Parameters
    ----------
    function : callable
        Your function. Its name tells which exercise it answers.
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
    exercise = _exercise(function, of)
    with _session().checking():
        report = _report(function, exercise)
    if not stop:
        return report
    unsaved = remember(report)
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
    session.check = session.check or (lambda exercise, own: _report(own, exercise))
    return session


def working(function: Callable[..., Any]) -> Callable[..., Any]:
    """Your function if it passes its check, otherwise the course's own; says which.

    So that a picture further down works before every exercise is done.
    """
    exercise = _exercise(function, None)
    if _report(function, exercise).passed:
        print(say.YOURS_IS_USED.format(name=exercise.name))
        return function
    print(say.STANDS_IN.format(name=exercise.name))
    return exercise.reference


def _exercise(function: Callable[..., Any], of: str | None) -> Exercise:
    if not callable(function):
        raise CheckError(say.NO_FUNCTION.format(kind=type(function).__name__))
    try:
        return find(of or getattr(function, "__name__", "?"))
    except UnknownExercise as error:
        raise CheckError(say.UNKNOWN.format(error=error)) from None


def _report(function: Callable[..., Any], exercise: Exercise) -> Report:
    cases = exercise.cases()
    return judge(exercise, cases, collect(function, encode_cases(cases)))


def _show(report: Report) -> None:
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from IPython.display import display

        display(report)
    else:
        print(report)
