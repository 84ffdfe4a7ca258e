"""The final marks as files that an LMS takes in.

Moodle (*Grades, Import, CSV file*) reads any columns, and asks which one tells the learner and which one belongs to
which grade item. Canvas (*Grades, Import*) asks for its own columns in its own order, and below them for a row with
the possible points. In both, an empty field leaves a mark as it is: who handed nothing in has one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from grader.files import write_atomically
from grader.hand_back.final_marks import FinalMark
from grader.publish.grades_csv import number, spreadsheet_text

MOODLE, CANVAS = "marks-moodle.csv", "marks-canvas.csv"
MOODLE_COLUMNS = ("Student id", "First name", "Last name", "Email address")
CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POSSIBLE = "    Points Possible"  # with these spaces, as Canvas writes it

Row = tuple[FinalMark, dict[str, str]]  # any mark of a learner's, and the marks by chapter


def write_moodle(marks: Iterable[FinalMark], path: Path) -> None:
    """Write a row for each learner and a column for each chapter."""
    chapters, rows = _table(marks)
    lines = [(*MOODLE_COLUMNS, *chapters)]
    for one, scores in rows:
        who = one.student
        about = (who.id, who.first_name, who.last_name, who.email)
        lines.append((*_plain(about), *(scores.get(chapter, "") for chapter in chapters)))
    _write(path, lines)


def write_canvas(marks: Iterable[FinalMark], path: Path) -> list[str]:
    """Write Canvas's own columns, and say for whom its number is not known, if it is for anybody."""
    chapters, rows = _table(marks)
    lines = [
        (*CANVAS_COLUMNS, *chapters),
        (POSSIBLE, *[""] * (len(CANVAS_COLUMNS) - 1), *(number(points) for points in chapters.values())),
    ]
    unknown, known = [], False
    for one, scores in rows:
        who = one.student
        canvas = _canvas_number(who.id, who.lms_user_id or "")
        known = known or bool(canvas)
        if not canvas and not who.email:
            unknown.append(who.id)
        name = ", ".join(filter(None, (who.last_name, who.first_name))) or who.id
        about = (name, canvas, "", "" if canvas else who.email, "")
        lines.append((*_plain(about), *(scores.get(chapter, "") for chapter in chapters)))
    _write(path, lines)
    return unknown if known else []


def _table(marks: Iterable[FinalMark]) -> tuple[dict[str, float], list[Row]]:
    """The chapters with their points, and the learners who handed anything in."""
    chapters: dict[str, float] = {}
    rows: dict[str, Row] = {}
    for mark in marks:
        chapters[mark.chapter] = mark.possible
        if mark.handed_in:
            rows.setdefault(mark.student.id, (mark, {}))[1][mark.chapter] = number(mark.score)
    return chapters, list(rows.values())


def _canvas_number(student: str, known: str) -> str:
    """Canvas's number: from the class list, or from the name that its download had."""
    if known.split():
        return known.split()[0]
    found = re.fullmatch(r".+_(\d+)", student)
    return found[1] if found else ""


def _plain(texts: Iterable[str | None]) -> list[str]:
    return [spreadsheet_text(text or "") for text in texts]


def _write(path: Path, lines: Iterable[Iterable[str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(lines)
    write_atomically(path, file.getvalue())
