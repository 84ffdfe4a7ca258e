"""Checks: run a learner's function (`collect`), compare it with the reference (`judge`), say so (`Report`).

Knows specs, not topics.
"""

from byhand.checking.check import CheckError, CheckFailed, begin, check, quick, working
from byhand.checking.progress import progress
from byhand.checking.report import Report
from byhand.checking.stuck import hint, solution, try_it

__all__ = [
    "CheckError",
    "CheckFailed",
    "Report",
    "begin",
    "check",
    "hint",
    "progress",
    "quick",
    "solution",
    "try_it",
    "working",
]
