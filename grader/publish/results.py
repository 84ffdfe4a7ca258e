"""What there is to publish: each graded notebook together with the marks that the gradebook holds now.

Marks and comments that people gave in formgrader since the grading are in the gradebook alone, so both are
read each time. Nothing is graded here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from nbgrader import api
from sqlalchemy import select

from grader.classroom.class_folder import autograded_notebooks, notebook_path
from grader.publish.result import Late, Mark, Result
from grader.record.autograded import read_autograded
from grader.record.gradebook import Gradebook
from grader.record.late import set_all_late_penalties


@dataclass(frozen=True)
class Marked:
    """What the gradebook holds of a graded submission. It is small, and can be sent to another process."""

    student: str
    chapter: str
    marks: dict[str, Mark]
    comments: dict[str, str]
    late: Late | None

    def result(self, class_folder: Path) -> Result | None:
        """The submission with these marks; None if its graded notebook cannot be read."""
        facts = read_autograded(notebook_path(class_folder, "autograded", self.student, self.chapter))
        if facts is None:
            return None
        return Result(self.student, self.chapter, facts, self.marks, self.comments, self.late)


def read_marks(class_folder: Path, gradebook: Gradebook) -> Iterator[Marked]:
    """The marks of every graded submission of a class, by chapter and student.

    Late penalties are brought up to date first, because marks given by hand change what they take off.
    """
    with gradebook.transaction() as session:
        set_all_late_penalties(session, gradebook.config)
    book = _Book(gradebook)
    for student, chapter in autograded_notebooks(class_folder):
        yield book.marked(student, chapter)


def read_results(class_folder: Path, gradebook: Gradebook | None = None) -> Iterator[Result]:
    """Every graded submission of a class with its marks, by chapter and student."""
    if gradebook is None:
        with Gradebook(class_folder) as opened:
            yield from read_results(class_folder, opened)
        return
    for marked in read_marks(class_folder, gradebook):
        result = marked.result(class_folder)
        if result is not None:
            yield result


def read_result(student: str, chapter: str, class_folder: Path, gradebook: Gradebook) -> Result | None:
    """One graded submission; None if there is none."""
    return _Book(gradebook, student).marked(student, chapter).result(class_folder)


class _Book:
    """The gradebook's marks, read in three queries whatever the size of the class."""

    def __init__(self, gradebook: Gradebook, student: str | None = None) -> None:
        self._marks: dict[tuple[str, str], dict[str, Mark]] = defaultdict(dict)
        self._comments: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        self._late: dict[tuple[str, str], Late] = {}
        with gradebook.reading() as session:
            grade = api.Grade
            columns = (grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade)
            for who, what, cell, auto, manual, extra, waits in session.execute(
                _rows(grade, student, *columns)
            ):
                self._marks[who, what][cell] = Mark(auto, manual, extra or 0.0, waits)
            text = api.Comment.manual_comment
            for who, what, cell, comment in session.execute(_rows(api.Comment, student, text)):
                if comment and comment.strip():
                    self._comments[who, what][cell] = comment.strip()
            for who, what, due, when, extension, penalty in session.execute(_late_rows(student)):
                late = _lateness(due, when, extension)
                if late:
                    self._late[who, what] = Late(late, penalty or 0.0)

    def marked(self, student: str, chapter: str) -> Marked:
        key = student, chapter
        return Marked(
            student,
            chapter,
            dict(sorted(self._marks.get(key, {}).items())),
            dict(sorted(self._comments.get(key, {}).items())),
            self._late.get(key),
        )


def _rows(kind: Any, student: str | None, *columns: Any) -> Any:
    """(student, chapter, name of the cell, *columns) of every row of a kind."""
    rows = (
        select(api.SubmittedAssignment.student_id, api.Assignment.name, api.BaseCell.name, *columns)
        .select_from(kind)
        .join(api.BaseCell, kind.cell_id == api.BaseCell.id)
        .join(api.SubmittedNotebook, kind.notebook_id == api.SubmittedNotebook.id)
        .join(api.SubmittedAssignment, api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id)
        .join(api.Assignment, api.SubmittedAssignment.assignment_id == api.Assignment.id)
    )
    return rows if student is None else rows.where(api.SubmittedAssignment.student_id == student)


def _late_rows(student: str | None) -> Any:
    submission = api.SubmittedAssignment
    rows = (
        select(
            submission.student_id,
            api.Assignment.name,
            api.Assignment.duedate,
            submission.timestamp,
            submission.extension,
            api.SubmittedNotebook.late_submission_penalty,
        )
        .join(api.Assignment, submission.assignment_id == api.Assignment.id)
        .join(api.SubmittedNotebook, api.SubmittedNotebook.assignment_id == submission.id)
        .where(api.Assignment.duedate.is_not(None), submission.timestamp.is_not(None))
    )
    return rows if student is None else rows.where(submission.student_id == student)


def _lateness(due: datetime, when: datetime, extension: timedelta | None) -> timedelta | None:
    late = when - due - (extension or timedelta())
    return late if late > timedelta() else None
