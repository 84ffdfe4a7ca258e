"""Small graded submissions for the tests of what is recorded and published."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import small_chapter
from nbgrader import api
from sqlalchemy import select

from byhand.checking.report import Report
from byhand.exercises import find
from grader.chapters import source
from grader.model import Cell, Chapter, Executed, Graded, HandIn, Incident, Rebuilt, Role, Status
from grader.publish.results import Result, read_results
from grader.record.gradebook import Gradebook

SIGN_ID = "sigmoid/wrong-sign"
SIGN = find("sigmoid").sentence_of("wrong-sign")
CODE = {"sigmoid": "def sigmoid(x):\n    return 1 / (1 + np.exp(x))", "relu": "def relu(x):\n    return x"}


def small(folder: Path, *cells: str) -> Chapter:
    """A chapter with the exercises sigmoid (2 points) and relu (3), and the question why (5)."""
    return source.load("77_small", small_chapter.write(folder, *cells))


def right(name: str) -> Report:
    return Report(name, True, "right", "Right.", cases=3, right=3)


def wrong(name: str, mistake: str | None = SIGN_ID, kind: str = "") -> Report:
    x = np.array([0.0, 1.0, -2.0])
    kind = kind or ("mistake" if mistake else "values")
    shown = dict(number=0, arguments=(("x", x),), expected=x, actual=-x, answered=True, index=(1,))
    return Report(name, False, kind, "" if mistake else "The values differ.", mistake, cases=3, **shown)


def not_written(name: str) -> Report:
    return Report(name, False, "not written", "Not written yet.", cases=3)


def graded(
    chapter: Chapter,
    student: str = "ada",
    passed: Sequence[str] = ("sigmoid",),
    *,
    reports: Mapping[str, Report] | None = None,
    code: Mapping[str, str] | None = None,
    answer: str | None = "Because I say so.",
    extra: Sequence[Cell] = (),
    outputs: Callable[[Cell], Sequence[dict[str, Any]]] = lambda cell: (),
    incidents: Sequence[tuple[str, Any, str]] = (),
    repairs: Sequence[str] = (),
    unreadable: str | None = None,
    status: Status = Status.GRADED,
    note: str = "",
) -> Graded:
    """A graded submission: exercises in `passed` are right, the others are not."""
    texts = (
        {} if unreadable else CODE | dict(code or {}) | ({} if answer is None else {"written-why": answer})
    )
    cells = [
        replace(cell, source=texts[cell.name], changed=True) if cell.name in texts else cell
        for cell in chapter.cells
    ]
    cells += extra
    chosen = {name: right(name) if name in passed else wrong(name) for name in chapter.exercises}
    chosen |= dict(reports or {})
    if unreadable:
        chosen = {name: not_written(name) for name in chapter.exercises}
    places = {cell.name or cell.id: number for number, cell in enumerate(cells)}
    stopped = tuple(Incident(places[name], trouble, sentence) for name, trouble, sentence in incidents)
    executed = Executed(tuple(tuple(outputs(cell)) for cell in cells), {}, stopped)
    rebuilt = Rebuilt(chapter, tuple(cells), tuple(repairs), unreadable)
    seen = repr((student, chapter.digest, cells, sorted(chosen.items())))
    fingerprint = hashlib.sha256(seen.encode("utf-8", "surrogatepass")).hexdigest()
    return Graded(
        HandIn.of(student, chapter.name, seen.encode("utf-8", "replace")),
        rebuilt,
        executed,
        chosen,
        status,
        note,
        fingerprint,
    )


def markdown(text: str, id_: str = "own-1") -> Cell:
    return Cell(id_, Role.EXTRA, "markdown", text)


def grades(class_folder: Path, student: str = "ada") -> dict[str, tuple[float | None, float | None, bool]]:
    """(automatic mark, a person's mark, waits for a person) by the name of the cell."""
    rows = (
        select(api.BaseCell.name, api.Grade.auto_score, api.Grade.manual_score, api.Grade.needs_manual_grade)
        .join(api.Grade, api.Grade.cell_id == api.BaseCell.id)
        .join(api.SubmittedNotebook, api.Grade.notebook_id == api.SubmittedNotebook.id)
        .join(api.SubmittedAssignment, api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id)
        .where(api.SubmittedAssignment.student_id == student)
    )
    with Gradebook(class_folder) as book, book.reading() as session:
        return {name: (auto, manual, waits) for name, auto, manual, waits in session.execute(rows)}


def mark_by_hand(
    class_folder: Path, cell: str, mark: float, comment: str | None = None, student: str = "ada"
) -> None:
    """What formgrader does when a person types a mark and a comment."""
    url = f"sqlite:///{class_folder / 'gradebook.db'}"
    with api.Gradebook(url) as book:
        names = "77_small", "77_small", student
        grade = book.find_grade(cell, *names)
        grade.manual_score, grade.needs_manual_grade = mark, False
        if comment is not None:
            book.find_comment(cell.removeprefix("check-"), *names).manual_comment = comment
        book.db.commit()


def results(class_folder: Path) -> list[Result]:
    return list(read_results(class_folder))


def plain(page: str) -> str:
    """What a reader sees, on one line."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())
