"""``grades.csv``: a row for each student and chapter that was handed in.

``score`` and ``max_score`` count the automatic checks alone, so everybody of a chapter has the same
``max_score``. The final marks, written answers included, come from ``make export``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from grader.files import write_atomically
from grader.publish.result import Result

COLUMNS = ("student", "chapter", "score", "max_score", "status", "note")
_SECOND_CELL = re.compile(r"(;\s*)(?=[=+\-@])")  # where lists are separated by semicolons


def write_grades(results: Iterable[Result], class_folder: Path) -> Path:
    """Write ``grades.csv``; the same results give the same bytes."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for result in sorted(results, key=lambda one: (one.chapter, one.student)):
        writer.writerow(
            (
                spreadsheet_text(result.student),
                spreadsheet_text(result.chapter),
                number(result.score),
                number(result.max_score),
                result.facts.status,
                spreadsheet_text(note(result)),
            )
        )
    path = Path(class_folder) / "grades.csv"
    write_atomically(path, file.getvalue())
    return path


def note(result: Result) -> str:
    """Everything that a person should know about a submission, on one line."""
    sentences = [result.facts.note, *waiting(result), *_by_hand(result), *_late(result)]
    return " ".join(sentence for sentence in sentences if sentence)


def waiting(result: Result) -> list[str]:
    """Which work is left for a person, in a sentence; nothing if none is."""
    written = result.waiting
    if not written:
        return []
    points = number(sum(one.points for one in written))
    if len(written) == 1:
        return [f"1 written answer waits for marking ({points} points)."]
    return [f"{len(written)} written answers wait for marking ({points} points)."]


def _by_hand(result: Result) -> list[str]:
    marks = [result.mark(answer) for answer in result.facts.answers]
    again = sum(mark.waits for mark in marks)
    count = sum(mark.manual is not None for mark in marks)
    said = []
    if count:
        said.append(f"{count} {'check was' if count == 1 else 'checks were'} marked by hand.")
    if again:
        said.append(f"{again} of them changed since then and should be looked at again.")
    return said


def _late(result: Result) -> list[str]:
    if result.late is None:
        return []
    hours = result.late.by.total_seconds() / 3600
    said = [f"Handed in {duration(hours)} late."]
    if result.late.penalty:
        said.append(f"{number(result.late.penalty)} points are taken off in the final marks.")
    return said


def duration(hours: float) -> str:
    """A time in words: ``"3 days"``, ``"1 hour"``, ``"less than an hour"``."""
    if hours < 1:
        return "less than an hour"
    count, unit = (int(hours // 24), "day") if hours >= 48 else (int(hours), "hour")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def number(value: float) -> str:
    """A number of points without a needless ``.0``."""
    value = round(value, 4)
    return str(int(value)) if value == int(value) else str(value)


def spreadsheet_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula, on one line; ordinary text is unchanged."""
    text = " ".join(text.split()) if any(character in text for character in "\r\n\t") else text
    text = _SECOND_CELL.sub(r"\1'", text)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
