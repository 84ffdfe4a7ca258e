"""What a learner has passed and what is left. It never leaves the learner's machine.

Each check appends one line to ``.progress.jsonl`` in the folder of the notebooks. Appending needs no
lock: two notebooks that run at once lose nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from byhand.checking import sentences as say
from byhand.checking.report import Report
from byhand.exercises import Chapter, chapter, chapters

FILE = ".progress.jsonl"
BAR = 20


def remember(report: Report, folder: Path | None = None) -> str | None:
    """Note a check's result in `folder` (the current one by default).

    Returns
    -------
    str or None
        A sentence for the learner if it could not be saved. A full disk must not fail a check.
    """
    line = {"exercise": report.exercise, "passed": report.passed, "kind": report.kind, "at": _now()}
    try:
        with ((folder or Path.cwd()) / FILE).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    except OSError as error:
        return say.PROGRESS_UNSAVED.format(error=error.strerror)
    return None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def passed_exercises(folder: Path) -> set[str]:
    """The exercises whose latest check passed."""
    try:
        lines = (folder / FILE).read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return set()
    latest: dict[str, bool] = {}
    for line in lines:
        try:
            entry = json.loads(line)
            latest[str(entry["exercise"])] = entry["passed"] is True
        except (ValueError, KeyError, TypeError):
            continue  # a line cut off by a crash
    return {name for name, passed in latest.items() if passed}


@dataclass(frozen=True)
class Row:
    """One chapter's exercises: those passed, and those left."""

    chapter: Chapter
    passed: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def total(self) -> int:
        return len(self.passed) + len(self.left)


@dataclass(frozen=True)
class Progress:
    """Progress through some chapters; shows itself as a table."""

    rows: tuple[Row, ...]

    @property
    def passed(self) -> int:
        """How many exercises are passed."""
        return sum(len(row.passed) for row in self.rows)

    @property
    def total(self) -> int:
        """How many exercises there are."""
        return sum(row.total for row in self.rows)

    def __str__(self) -> str:
        lines = [self._title()]
        width = max(len(row.chapter.name) for row in self.rows)
        for row in self.rows:
            done = round(BAR * len(row.passed) / row.total) if row.total else 0
            bar = "█" * done + "░" * (BAR - done)
            lines.append(f"{row.chapter.name:<{width}}  {bar}  {len(row.passed)} of {row.total}")
            if row.passed and row.left:
                lines.append(f"{'':<{width}}  {say.PROGRESS_LEFT}: {', '.join(row.left)}")
        lines.append(say.PROGRESS_NOTHING if not self.passed else say.PROGRESS_FOOTNOTE.format(file=FILE))
        return "\n".join(lines)

    __repr__ = __str__

    def _title(self) -> str:
        return f"{say.PROGRESS_TITLE}: {self.passed} of {self.total} exercises"

    def _repr_html_(self) -> str:
        rows = "".join(_html_row(row) for row in self.rows)
        foot = say.PROGRESS_NOTHING if not self.passed else say.PROGRESS_FOOTNOTE.format(file=FILE)
        return (
            f'<table style="text-align:left"><caption style="text-align:left"><b>{escape(self._title())}</b></caption>'
            f"<thead><tr>{_heading(say.PROGRESS_CHAPTER)}{_heading(say.PROGRESS_DONE)}"
            f"{_heading(say.PROGRESS_LEFT)}</tr></thead><tbody>{rows}</tbody></table>"
            f"<p>{escape(foot)}</p>"
        )


def _heading(text: str) -> str:
    return f'<th scope="col" style="text-align:left">{escape(text.capitalize())}</th>'


def _html_row(row: Row) -> str:
    left = ", ".join(f"<code>{escape(name)}</code>" for name in row.left) or "✓ all passed"
    count = f"{len(row.passed)} of {row.total}"
    meter = f'<meter min="0" max="{max(row.total, 1)}" value="{len(row.passed)}" aria-label="{count}"></meter> {count}'
    name = f"<b>{escape(row.chapter.name)}</b><br>{escape(row.chapter.title)}"
    return (
        f'<tr><td style="text-align:left">{name}</td><td style="white-space:nowrap">{meter}</td>'
        f'<td style="text-align:left">{left}</td></tr>'
    )


def progress(name: str | None = None, folder: Path | None = None) -> Progress:
    """Your progress through one chapter, such as ``"02_activations"``, or through the course.

    Parameters
    ----------
    name : str, optional
        A chapter's name.
    folder : Path, optional
        Where the notebooks are; the current folder by default.
    """
    done = passed_exercises(folder or Path.cwd())
    wanted = chapters() if name is None else (chapter(name),)
    rows = []
    for one in wanted:
        names = [exercise.name for exercise in one.exercises]
        rows.append(Row(one, tuple(n for n in names if n in done), tuple(n for n in names if n not in done)))
    return Progress(tuple(rows))
