"""Due dates and extensions, in nbgrader's gradebook: its rule for late submissions goes by them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from nbgrader import api
from sqlalchemy import select

from grader.chapters import source
from grader.errors import UserError
from grader.record.gradebook import Gradebook

SET = "{chapter} is due on {when}."
REMOVED = "{chapter} is not due at any time."
EXTENDED = "{student} has until {when} for {chapter}."
NOT_EXTENDED = "{student} has no extension for {chapter} any more."
NO_DATE = "{chapter} has no due date yet: set that first, for all learners, without STUDENT."
NOT_HANDED_IN = (
    "{student} has not handed in {chapter} yet. Give the extension when it is graded: it counts from then on."
)
NO_CHAPTER = "There is no chapter {chapter}. There are: {known}."


def set_due(class_folder: Path, chapter: str, when: datetime | None, student: str | None = None) -> str:
    """Set when a chapter is due, for all or for one learner; None takes the date or the extension away.

    Returns
    -------
    str
        What was done, in a sentence.

    Raises
    ------
    UserError
        If there is no such chapter or submission.
    """
    if chapter not in source.chapter_names():
        raise UserError(NO_CHAPTER.format(chapter=chapter, known=", ".join(source.chapter_names())))
    said = {"chapter": chapter, "student": student, "when": _shown(when)}
    with Gradebook(class_folder) as gradebook:
        gradebook.register(source.load(chapter))
        with gradebook.transaction() as session:
            assignment = session.scalars(select(api.Assignment).where(api.Assignment.name == chapter)).one()
            if student is None:
                assignment.duedate = _utc(when)
                return (SET if when else REMOVED).format(**said)
            if assignment.duedate is None:
                raise UserError(NO_DATE.format(**said))
            submission = session.scalar(
                select(api.SubmittedAssignment).where(
                    api.SubmittedAssignment.assignment_id == assignment.id,
                    api.SubmittedAssignment.student_id == student,
                )
            )
            if submission is None:
                raise UserError(NOT_HANDED_IN.format(**said))
            submission.extension = _utc(when) - assignment.duedate if when else None
            return (EXTENDED if when else NOT_EXTENDED).format(**said)


def _utc(when: datetime | None) -> datetime | None:
    """As nbgrader keeps times: UTC, and without saying so."""
    return when.astimezone(UTC).replace(tzinfo=None) if when else None


def _shown(when: datetime | None) -> str:
    return f"{when.astimezone():%Y-%m-%d %H:%M %Z}".strip() if when else ""
