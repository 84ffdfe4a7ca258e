"""The last stage: feedback pages, ``grades.csv`` and the class report, from what is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from grader.publish.class_report import write_class_report
from grader.publish.feedback import write_feedback
from grader.publish.grades_csv import write_grades
from grader.publish.result import Result
from grader.workers import Workers

if TYPE_CHECKING:
    from grader.publish.results import Marked
    from grader.record.gradebook import Gradebook

TOGETHER = 16  # pages to a job


@dataclass(frozen=True)
class _Job:
    class_folder: Path
    marked: tuple[Marked, ...]


def publish(class_folder: Path, gradebook: Gradebook, workers: Workers) -> list[Result]:
    """Write what is not up to date.

    Returns
    -------
    list of Result
        Without the values that their reports show, so that a large class fits in memory.
    """
    from grader.publish.results import read_marks  # nbgrader, which the workers do without

    marked = read_marks(class_folder, gradebook)
    results: list[Result] = []
    for outcome in workers.run(_write_pages, _jobs(class_folder, marked)):
        if outcome.error is not None:
            raise outcome.error
        results += outcome.result or []
    results.sort(key=lambda one: (one.chapter, one.student))
    write_grades(results, class_folder)
    write_class_report(results, class_folder)
    return results


def _jobs(class_folder: Path, marked: Iterator[Marked]) -> Iterator[_Job]:
    while together := tuple(islice(marked, TOGETHER)):
        yield _Job(class_folder, together)


def _write_pages(job: _Job) -> list[Result]:
    results = [result for one in job.marked if (result := one.result(job.class_folder))]
    for result in results:
        write_feedback(result, job.class_folder)
    return [result.without_values() for result in results]
