"""What there is to publish: each graded notebook together with the marks that the gradebook holds now.

Marks and comments that people gave in formgrader since the grading are in the gradebook alone, so both are
read each time. Nothing is graded here.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from nbgrader import api
from sqlalchemy import select

from grader.autograded import Answer, Autograded, WrittenAnswer, read_autograded
from grader.class_folder import autograded_notebooks, notebook_path
from grader.gradebook import Gradebook
from grader.late import set_all_late_penalties


@dataclass(frozen=True)
class Mark:
    """The gradebook's row of one graded cell."""

    auto: float | None = None
    manual: float | None = None
    extra: float = 0.0
    waits: bool = False  # for a person

    @property
    def points(self) -> float:
        """nbgrader's score: a person's mark before the grader's, and what was given on top."""
        mark = self.manual if self.manual is not None else self.auto
        return (mark or 0.0) + self.extra


@dataclass(frozen=True)
class Late:
    """How late a submission came, and what that costs in the final marks."""

    by: timedelta
    penalty: float


@dataclass(frozen=True)
class Result:
    """One submission, with the marks that count now."""

    student: str
    chapter: str
    facts: Autograded
    marks: dict[str, Mark] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)  # a person's, by the name of the answer's cell
    late: Late | None = None

    def mark(self, one: Answer | WrittenAnswer) -> Mark:
        """The mark of an answer; what its grading gave if the gradebook has no row for it."""
        if one.cell in self.marks:
            return self.marks[one.cell]
        auto = self.facts.auto_scores().get(one.cell)
        return Mark(auto, waits=auto is None)

    def comment(self, one: Answer | WrittenAnswer) -> str:
        """A person's comment on an answer, empty if there is none."""
        return self.comments.get(one.exercise if isinstance(one, Answer) else one.cell, "")

    @property
    def score(self) -> float:
        """Points of the automatic checks; a mark that a person gave instead counts instead."""
        marks = [self.mark(answer) for answer in self.facts.answers]
        return sum(mark.points - mark.extra for mark in marks)

    @property
    def max_score(self) -> float:
        """Points that the automatic checks can give: the same for everybody."""
        return sum(answer.points for answer in self.facts.answers)

    @property
    def waiting(self) -> list[WrittenAnswer]:
        """The written answers that a person still has to mark."""
        return [one for one in self.facts.written if self.mark(one).waits]

    def digest(self) -> str:
        """Changes whenever anything of this result does."""
        shown = (self.student, self.chapter, self.facts, self.marks, self.comments, self.late)
        return hashlib.sha256(repr(shown).encode("utf-8", "surrogatepass")).hexdigest()


def read_results(class_folder: Path, gradebook: Gradebook | None = None) -> Iterator[Result]:
    """Every graded submission of a class, by chapter and student.

    Late penalties are brought up to date first, because marks given by hand change what they take off.
    """
    if gradebook is None:
        with Gradebook(class_folder) as opened:
            yield from read_results(class_folder, opened)
        return
    with gradebook.transaction() as session:
        set_all_late_penalties(session, gradebook.config)
    book = _Book(gradebook)
    for student, chapter in autograded_notebooks(class_folder):
        facts = read_autograded(notebook_path(class_folder, "autograded", student, chapter))
        if facts is not None:
            yield book.result(student, chapter, facts)


def read_result(student: str, chapter: str, class_folder: Path, gradebook: Gradebook) -> Result | None:
    """One graded submission; None if there is none."""
    facts = read_autograded(notebook_path(class_folder, "autograded", student, chapter))
    return None if facts is None else _Book(gradebook, student).result(student, chapter, facts)


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

    def result(self, student: str, chapter: str, facts: Autograded) -> Result:
        key = student, chapter
        return Result(
            student,
            chapter,
            facts,
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
