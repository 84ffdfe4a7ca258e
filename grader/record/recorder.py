"""Record: what was graded goes into nbgrader's gradebook and into ``autograded/``.

What the sandbox gave is kept before all else. Then the gradebook is written, in one transaction; then the graded
notebook appears under its name in one step. The notebook is therefore the sign that all is recorded: killed at any
moment, the next run grades what has no such sign again, and comes to the same result.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from nbgrader import api
from nbgrader.utils import parse_utc
from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.classroom.class_folder import collected_path, notebook_path
from grader.files import keep_private, write_atomically
from grader.intake.downloads import TIMESTAMP, stamp_of
from grader.model import Chapter, Graded
from grader.record.autograded import Autograded, Finished, finished, read_autograded
from grader.record.gradebook import Gradebook, Registered
from grader.record.late import set_late_penalty

NO_RESPONSE = "No response."  # nbgrader's comment on an answer that was left untouched


def record(graded: Graded, class_folder: Path, gradebook: Gradebook | None = None) -> None:
    """Record one submission, as `record_finished` does; without an open gradebook, in one opened for it."""
    if gradebook is None:
        with Gradebook(class_folder) as opened:
            record(graded, class_folder, opened)
    else:
        record_finished(finished(graded), graded.rebuilt.chapter, class_folder, gradebook)


def record_finished(done: Finished, chapter: Chapter, class_folder: Path, gradebook: Gradebook) -> None:
    """Record one submission.

    Manual marks and comments of an earlier grading stay. A mark that a person gave asks for another look
    (nbgrader's ``needs_manual_grade``) when what it was given for has changed.

    Parameters
    ----------
    done : Finished
    chapter : Chapter
        What it was graded for.
    class_folder : Path
    gradebook : Gradebook
        An open one.
    """
    path = notebook_path(class_folder, "autograded", done.student, chapter.name)
    before = read_autograded(path)
    stamp = _timestamp_text(class_folder, done.student, chapter.name)

    registered = gradebook.register(chapter)
    if done.kept:
        keep_private(collected_path(class_folder, done.student, chapter.name), done.kept)
    with gradebook.transaction() as session:
        _write_marks(session, registered, done.student, _timestamp(stamp), done.facts, before)
        set_late_penalty(session, registered.assignment, done.student, gradebook.config)
    if stamp is not None:  # nbgrader compares the two to see what was handed in again
        write_atomically(path.with_name(TIMESTAMP), stamp)
    write_atomically(path, done.text)


def is_recorded(
    student: str, chapter: str, fingerprint: str, class_folder: Path, gradebook: Gradebook | None = None
) -> bool:
    """Whether this very submission is graded, and the gradebook has its marks too."""
    if gradebook is None:
        with Gradebook(class_folder) as opened:
            return is_recorded(student, chapter, fingerprint, class_folder, opened)
    facts = read_autograded(notebook_path(class_folder, "autograded", student, chapter))
    scores = recorded_scores(class_folder, gradebook, student).get((student, chapter))
    return facts is not None and facts.is_of(fingerprint, scores)


def recorded_scores(
    class_folder: Path, gradebook: Gradebook, student: str | None = None
) -> dict[tuple[str, str], dict[str, float | None]]:
    """What the grading gave each graded cell, by (student, chapter), as the gradebook has it.

    Left out is what was handed in at another time than the gradebook knows.
    """
    rows = (
        select(
            api.SubmittedAssignment.student_id,
            api.Assignment.name,
            api.SubmittedAssignment.timestamp,
            api.BaseCell.name,
            api.Grade.auto_score,
        )
        .select_from(api.Grade)
        .join(api.BaseCell, api.Grade.cell_id == api.BaseCell.id)
        .join(api.SubmittedNotebook, api.Grade.notebook_id == api.SubmittedNotebook.id)
        .join(api.SubmittedAssignment, api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id)
        .join(api.Assignment, api.SubmittedAssignment.assignment_id == api.Assignment.id)
    )
    scores: dict[tuple[str, str], dict[str, float | None]] = defaultdict(dict)
    times: dict[tuple[str, str], datetime | None] = {}
    with gradebook.reading() as session:
        chosen = rows if student is None else rows.where(api.SubmittedAssignment.student_id == student)
        for who, what, when, cell, score in session.execute(chosen):
            scores[who, what][cell] = score
            times[who, what] = when
    for (who, what), when in times.items():
        stamp = _timestamp(_timestamp_text(class_folder, who, what))
        if stamp is not None and stamp != when:
            del scores[who, what]
    return dict(scores)


def _timestamp_text(class_folder: Path, student: str, chapter: str) -> str | None:
    """When a submission was handed in."""
    return stamp_of(notebook_path(class_folder, "submitted", student, chapter).parent)


def _timestamp(stamp: str | None) -> datetime | None:
    """The time that a ``timestamp.txt`` says; one without a date says none, because it would be another every day."""
    if not stamp or not re.search(r"\d{4}-\d{2}-\d{2}", stamp):
        return None
    try:
        return cast(datetime, parse_utc(stamp.strip()))
    except (ValueError, OverflowError):
        return None


def _write_marks(
    session: Session,
    registered: Registered,
    student: str,
    stamp: datetime | None,
    facts: Autograded,
    before: Autograded | None,
) -> None:
    if session.get(api.Student, student) is None:
        session.add(api.Student(id=student))
        session.flush()
    submission = _submission(session, registered, student)
    if stamp is not None:
        submission.timestamp = stamp
    notebook_id = _notebook(session, registered, submission)

    settled = _unchanged(facts, before)
    grades = _by_cell(session, api.Grade, notebook_id)
    for name, score in facts.auto_scores().items():
        cell_id = registered.graded[name]
        grade = grades.get(cell_id) or _new(session, api.Grade, cell_id, notebook_id)
        grade.auto_score = score
        if grade.manual_score is None:
            grade.needs_manual_grade = score is None
        elif name not in settled:
            grade.needs_manual_grade = True

    untouched = _untouched(facts)
    comments = _by_cell(session, api.Comment, notebook_id)
    for name, cell_id in registered.answered.items():
        comment = comments.get(cell_id) or _new(session, api.Comment, cell_id, notebook_id)
        comment.auto_comment = NO_RESPONSE if name in untouched else None


def _submission(session: Session, registered: Registered, student: str) -> Any:
    submission = session.scalar(
        select(api.SubmittedAssignment).where(
            api.SubmittedAssignment.assignment_id == registered.assignment,
            api.SubmittedAssignment.student_id == student,
        )
    )
    if submission is None:
        submission = api.SubmittedAssignment(
            id=api.new_uuid(), assignment_id=registered.assignment, student_id=student
        )
        session.add(submission)
        session.flush()
    return submission


def _notebook(session: Session, registered: Registered, submission: Any) -> str:
    kind = api.SubmittedNotebook
    notebook_id = session.scalar(
        select(kind.id).where(kind.notebook_id == registered.notebook, kind.assignment_id == submission.id)
    )
    if notebook_id is None:
        notebook_id = api.new_uuid()
        session.add(kind(id=notebook_id, notebook_id=registered.notebook, assignment_id=submission.id))
        session.flush()
    return str(notebook_id)


def _by_cell(session: Session, kind: Any, notebook_id: str) -> dict[str, Any]:
    return {row.cell_id: row for row in session.scalars(select(kind).where(kind.notebook_id == notebook_id))}


def _new(session: Session, kind: Any, cell_id: str, notebook_id: str) -> Any:
    row = kind(id=api.new_uuid(), cell_id=cell_id, notebook_id=notebook_id)
    session.add(row)
    return row


def _unchanged(facts: Autograded, before: Autograded | None) -> set[str]:
    """The graded cells for which everything that a person may have marked is as it was."""
    if before is None:
        return set()
    now, then = _evidence(facts), _evidence(before)
    return {name for name, seen in now.items() if then.get(name) == seen}


def _evidence(facts: Autograded) -> dict[str, tuple[Any, ...]]:
    """What a person who marks a cell looks at."""
    checks = {answer.cell: (answer.code, answer.report.passed, answer.points) for answer in facts.answers}
    return checks | {one.cell: (one.text, one.points) for one in facts.written}


def _untouched(facts: Autograded) -> set[str]:
    """The answers that the learner left as they were."""
    written = {one.cell for one in facts.written if not one.changed}
    return written | {answer.exercise for answer in facts.answers if not answer.changed}
