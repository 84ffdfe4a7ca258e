"""The state of a row: what a person learns from ``grades.csv`` at a glance."""

from __future__ import annotations

from collections.abc import Mapping

from byhand.checking.report import Report
from grader.messages import OLDER_RELEASE
from grader.model import Executed, Rebuilt, Status, Trouble

FOR_A_PERSON = ("not judged", "memory")  # the kinds of reports that a person should look at


def status_of(rebuilt: Rebuilt, executed: Executed, reports: Mapping[str, Report]) -> Status:
    """The state of a hand-in that went through all stages."""
    troubles = {incident.trouble for incident in executed.incidents}
    if rebuilt.unreadable:
        return Status.UNREADABLE
    if troubles - {Trouble.TIME} or any(report.kind in FOR_A_PERSON for report in reports.values()):
        return Status.NEEDS_REVIEW
    if troubles:
        return Status.TIMED_OUT
    # after a correction of the course everybody's notebook is of an earlier version: that is no repair of anybody's
    return Status.REPAIRED if set(rebuilt.repairs) - {OLDER_RELEASE} else Status.GRADED
