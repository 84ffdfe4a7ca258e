"""The final marks: checks, written answers and what lateness costs, as the gradebook has them."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from pathlib import Path

from nbgrader import api
from sqlalchemy import select
from sqlalchemy.orm import Session
from traitlets.config import Config

from grader.class_folder import write_atomically
from grader.grades import number, spreadsheet_text
from grader.late import set_all_late_penalties

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
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for chapter_id, chapter, due, possible in chapters:
        for person in people:
            if (assignments and chapter not in assignments) or (students and person.id not in students):
                continue
            mark = marks.get((chapter_id, person.id))
            score, penalty = (mark.score, mark.penalty) if mark else (0.0, 0.0)
            about = (person.id, person.last_name, person.first_name, person.email)
            writer.writerow(
                (
                    spreadsheet_text(chapter),
                    due or "",
                    (mark.timestamp if mark else None) or "",
                    *(spreadsheet_text(text or "") for text in about),
                    number(score),
                    number(penalty),
                    number(max(0.0, score - penalty)),
                    number(possible),
                )
            )
    write_atomically(path, file.getvalue())
