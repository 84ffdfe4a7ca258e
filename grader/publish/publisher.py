"""Publish: feedback pages, ``grades.csv`` and the class report, from what is recorded.

Whatever is wrong with one submission's page is in that one's row; everybody else's is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from grader.chapters import source
from grader.faults import fault_of
from grader.publish.class_report import render_class_report, write_class_report
from grader.publish.feedback import write_feedback
from grader.publish.grades_csv import write_grades
from grader.publish.result import Result
from grader.record.autograded import Finished, not_judged_at_all
from grader.workers import Workers

if TYPE_CHECKING:
    from grader.publish.results import Marked
    from grader.record.gradebook import Gradebook

TOGETHER = 16  # pages to a job
NOT_READABLE = "The graded notebook cannot be read: run `make grade`. If this stays, look at {path}."
NO_PAGE = "The grader stopped while it wrote the page of this submission ({error})."
NOT_IN_REPORT = "The grader stopped while it counted this submission into the class report ({error})."


@dataclass(frozen=True)
class _Job:
    class_folder: Path
    marked: tuple[Marked, ...]


def publish(
    class_folder: Path, gradebook: Gradebook, workers: Workers, lost: Iterable[Finished] = ()
) -> list[Result]:
    """Write what is not up to date.

    Parameters
    ----------
    class_folder : Path
    gradebook : Gradebook
        An open one.
    workers : Workers
    lost : iterable of Finished
        Rows that could not be recorded: they are published all the same.

    Returns
    -------
    list of Result
        Without the values that their reports show, so that a large class fits in memory.
    """
    from grader.publish.results import read_marks  # nbgrader, which the workers do without

    found = {
        (one.student, one.chapter): one
        for one in _written(workers, list(_jobs(class_folder, read_marks(class_folder, gradebook))))
    }
    for one in lost:
        row = found.get((one.student, one.chapter)) or Result(one.student, one.chapter, one.facts)
        found[one.student, one.chapter] = replace(row, facts=one.facts)
    results = sorted(found.values(), key=lambda one: (one.chapter, one.student))
    try:
        write_class_report(results, class_folder)
    except Exception as error:
        _raise_if_the_machines(error)
        results = [_countable(one) for one in results]
        write_class_report(results, class_folder)
    write_grades(results, class_folder)
    return results


def _jobs(class_folder: Path, marked: Iterator[Marked]) -> Iterator[_Job]:
    while together := tuple(islice(marked, TOGETHER)):
        yield _Job(class_folder, together)


def _written(workers: Workers, jobs: Sequence[_Job]) -> Iterator[Result]:
    broken: list[_Job] = []
    for outcome in workers.run(_write_pages, jobs):
        if outcome.error is None:
            yield from outcome.result or []
        else:  # one of them ended its process
            _raise_if_the_machines(outcome.error)
            broken += [replace(outcome.job, marked=(one,)) for one in outcome.job.marked]
    for outcome in workers.run(_write_pages, broken) if broken else ():
        if outcome.error is None:
            yield from outcome.result or []
        else:
            _raise_if_the_machines(outcome.error)
            yield _bare(outcome.job.marked[0], NO_PAGE.format(error=_told(outcome.error)))


def _write_pages(job: _Job) -> list[Result]:
    return [_write_page(one, job.class_folder) for one in job.marked]


def _write_page(marked: Marked, class_folder: Path) -> Result:
    """Write one page; if that fails, one that says that a person looks at it. The row."""
    try:
        result = marked.result(class_folder)
        if result is None:
            path = Path("autograded", marked.student, marked.chapter)
            result = _bare(marked, NOT_READABLE.format(path=path))
        write_feedback(result, class_folder)
        return result.without_values()
    except Exception as error:
        _raise_if_the_machines(error)
        result = _bare(marked, NO_PAGE.format(error=_told(error)))
    with suppress(Exception):  # the row is there in any case
        write_feedback(result, class_folder)
    return result


def _bare(row: Marked | Result, note: str) -> Result:
    """A row for a person, with the marks that are recorded and with nothing of the learner's."""
    facts = not_judged_at_all(source.load(row.chapter), note)
    return Result(row.student, row.chapter, facts, row.marks, row.comments, row.late)


def _countable(result: Result) -> Result:
    """The result, or a bare one if no report can be made of it."""
    try:
        render_class_report([result], "")
        return result
    except Exception as error:
        return _bare(result, NOT_IN_REPORT.format(error=_told(error)))


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _raise_if_the_machines(error: BaseException) -> None:
    if (fault := fault_of(error)) is not None:
        raise fault from error
