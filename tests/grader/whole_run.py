"""A class graded and published in this very process, so that a test can change what happens there."""

from __future__ import annotations

import csv
from functools import partial
from pathlib import Path

from grader.pipeline.grading import Grading, Summary
from grader.pipeline.submission import Setting
from grader.publish.publisher import publish
from grader.record.gradebook import Gradebook
from grader.workers import Outcome, Workers


class Here(Workers):
    """Workers that are this process."""

    def __init__(self) -> None:
        super().__init__(0, "")

    def run(self, function, jobs, key=None):
        return (Outcome(job, partial(function, job)) for job in list(jobs))


def run(folder: Path) -> Summary:
    """Grade what is new and publish all, as `make grade` does."""
    with Gradebook(folder) as book:
        summary = Grading(Setting.of(folder), Here()).finish(book)
        publish(folder, book, Here(), summary.lost)
    return summary


def rows(folder: Path) -> dict[str, dict[str, str]]:
    """``grades.csv`` by student; for a class that handed in one chapter."""
    with (folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}
