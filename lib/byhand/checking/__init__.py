"""Checks: run a learner's function (`collect`), compare it with the reference (`judge`), say so (`Report`).

Knows specs, not topics.
"""

from byhand.checking.check import CheckError, CheckFailed, begin, check, working
from byhand.checking.progress import progress
from byhand.checking.report import Report

__all__ = ["CheckError", "CheckFailed", "Report", "begin", "check", "progress", "working"]
