"""What a late submission costs, by nbgrader's own rule: due dates, extensions and the plugin of the class."""

from __future__ import annotations

from nbgrader import api
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from traitlets.config import Config


def set_late_penalty(session: Session, assignment_id: str, student: str, config: Config) -> None:
    """Set the penalty of one submission from the marks that it has now.

    nbgrader takes the marks of the moment of grading; a mark given by hand afterwards would then escape
    the penalty. So this is done again before marks are published.
    """
    submission = session.scalar(
        select(api.SubmittedAssignment).where(
            api.SubmittedAssignment.assignment_id == assignment_id,
            api.SubmittedAssignment.student_id == student,
        )
    )
    if submission is None:
        return
    session.flush()
    for notebook in session.scalars(
        select(api.SubmittedNotebook).where(api.SubmittedNotebook.assignment_id == submission.id)
    ):
        penalty = _penalty(session, submission, notebook, config)
        if notebook.late_submission_penalty != penalty:
            notebook.late_submission_penalty = penalty


def set_all_late_penalties(session: Session, config: Config) -> None:
    """Set the penalties of every submission of a chapter that has a due date, or had one."""
    had = select(api.SubmittedNotebook.assignment_id).where(
        api.SubmittedNotebook.late_submission_penalty.is_not(None)
    )
    rows = select(api.SubmittedAssignment.assignment_id, api.SubmittedAssignment.student_id).join(
        api.Assignment, api.SubmittedAssignment.assignment_id == api.Assignment.id
    )
    for assignment_id, student in session.execute(
        rows.where(api.Assignment.duedate.is_not(None) | api.SubmittedAssignment.id.in_(had))
    ).all():
        set_late_penalty(session, assignment_id, student, config)


def _penalty(
    session: Session, submission: api.SubmittedAssignment, notebook: api.SubmittedNotebook, config: Config
) -> float | None:
    assignment = session.get(api.Assignment, submission.assignment_id)
    due = assignment.duedate if assignment is not None else None
    if due is None or submission.timestamp is None:
        return None
    seconds = (submission.timestamp - due).total_seconds()
    if submission.extension is not None:
        seconds -= submission.extension.total_seconds()
    if seconds <= 0:
        return None
    score = session.scalar(
        select(func.coalesce(func.sum(api.Grade.score), 0.0)).where(api.Grade.notebook_id == notebook.id)
    )
    rule = AssignLatePenalties(config=config)
    rule.init_plugin()
    penalty = rule.plugin_inst.late_submission_penalty(submission.student_id, score, seconds)
    return None if penalty is None else min(max(penalty, 0.0), score)
