"""The final marks: checks, written answers and what lateness costs, as the gradebook has them."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader import api
from sqlalchemy import select
from sqlalchemy.orm import Session
from traitlets.config import Config

from grader.files import write_atomically
from grader.publish.grades_csv import number, spreadsheet_text
from grader.record.late import set_all_late_penalties

FILE = "marks.csv"
# nbgrader's own columns, in its order
COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


@dataclass(frozen=True)
class FinalMark:
    """One learner's final mark in one chapter, as the gradebook has it. `handed_in`: there is a submission."""

    chapter: str
    due: datetime | None
    handed_in: bool
    when: datetime | None
    student: api.Student
    raw: float
    penalty: float
    possible: float

    @property
    def score(self) -> float:
        """What counts, lateness included."""
        return max(0.0, self.raw - self.penalty)


def write_marks(
    session: Session,
    config: Config,
    path: Path,
    *,
    assignments: Collection[str] = (),
    students: Collection[str] = (),
) -> None:
    """Write a row for every student and chapter, as nbgrader's export does: 0 where nothing was handed in.

    Parameters
    ----------
    session : Session
        Of nbgrader's gradebook; the late penalties are brought up to date in it.
    config : Config
        nbgrader's settings, which hold the rule for late submissions.
    path : Path
    assignments, students : collection of str
        Only these, if any are named.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for mark in final_marks(session, config, assignments=assignments, students=students):
        who = mark.student
        writer.writerow(
            (
                spreadsheet_text(mark.chapter),
                mark.due or "",
                mark.when or "",
                *(
                    spreadsheet_text(text or "")
                    for text in (who.id, who.last_name, who.first_name, who.email)
                ),
                number(mark.raw),
                number(mark.penalty),
                number(mark.score),
                number(mark.possible),
            )
        )
    write_atomically(path, file.getvalue())


def final_marks(
    session: Session, config: Config, *, assignments: Collection[str] = (), students: Collection[str] = ()
) -> list[FinalMark]:
    """The final marks of every student in every chapter, by chapter and name; the late penalties are set first."""
    set_all_late_penalties(session, config)
    session.commit()
    submission = api.SubmittedAssignment
    marks = {
        (row.assignment_id, row.student_id): row
        for row in session.execute(
            select(
                submission.assignment_id,
                submission.student_id,
                submission.timestamp,
                submission.score.label("score"),
                submission.late_submission_penalty.label("penalty"),
            )
        )
    }
    people = session.scalars(
        select(api.Student).order_by(api.Student.last_name, api.Student.first_name, api.Student.id)
    ).all()
    chapters = session.execute(
        select(
            api.Assignment.id, api.Assignment.name, api.Assignment.duedate, api.Assignment.max_score
        ).order_by(api.Assignment.name)
    ).all()
    found = []
    for chapter_id, chapter, due, possible in chapters:
        for person in people:
            if (assignments and chapter not in assignments) or (students and person.id not in students):
                continue
            mark = marks.get((chapter_id, person.id))
            score, penalty = (mark.score, mark.penalty) if mark else (0.0, 0.0)
            when = mark.timestamp if mark else None
            found.append(FinalMark(chapter, due, mark is not None, when, person, score, penalty, possible))
    return found
