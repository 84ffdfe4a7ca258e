"""What a learner has passed and what is left. It never leaves the learner's machine.

Each exercise has a small file of its own beside what is kept (`byhand.mine.storage`), so two notebooks that run at once
lose nothing.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any

from byhand.checking import sentences as say
from byhand.checking.report import Report
from byhand.exercises import chapter, chapters
from byhand.exercises.chapter import Chapter
from byhand.mine.file import digest
from byhand.mine.session import current
from byhand.mine.storage import Storage

FOLDER = ".progress"
MOST_TRIES = 20
BAR = 20
SIGNS = "○◐✓"  # not begun, partly done, all passed


def remember(report: Report, storage: Storage | None = None, text: str | None = None) -> str | None:
    """Note a check's result in a storage (this kernel's by default), and what was tried: the function's text.

    Returns
    -------
    str or None
        A sentence for the learner if it could not be saved. A full disk must not fail a check.
    """
    tries = list(facts_of(report.exercise, storage).get("tries", []))
    if text and report.answered and digest(text) not in tries:
        tries = [*tries, digest(text)][-MOST_TRIES:]
    return note(report.exercise, storage, passed=report.passed, kind=report.kind, at=_now(), tries=tries)


def note(exercise: str, storage: Storage | None = None, **facts: Any) -> str | None:
    """Add facts to what is noted of an exercise. Returns a sentence for the learner if that failed."""
    storage = storage or current().storage
    entry = {"exercise": exercise, **facts_of(exercise, storage), **facts}
    try:
        storage.write(f"{FOLDER}/{exercise}.json", json.dumps(entry) + "\n")
    except OSError as error:
        return say.PROGRESS_UNSAVED.format(error=error.strerror)
    return None


def facts_of(exercise: str, storage: Storage | None = None) -> dict[str, Any]:
    """What is noted of an exercise: ``passed``, ``tries`` (a digest of each text that ran), ``looked``."""
    try:
        entry = json.loads((storage or current().storage).read(f"{FOLDER}/{exercise}.json") or "{}")
    except ValueError:  # a file that a person has edited
        return {}
    return entry if isinstance(entry, dict) else {}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def passed_exercises(storage: Storage) -> set[str]:
    """The exercises whose latest check passed."""
    passed = set()
    for name in storage.names(FOLDER):
        try:
            entry = json.loads(storage.read(name) or "")
            if entry["passed"] is True:
                passed.add(str(entry["exercise"]))
        except (ValueError, KeyError, TypeError):
            continue  # a file that a person has edited
    return passed


@dataclass(frozen=True)
class Row:
    """One chapter's exercises: those passed, and those left."""

    chapter: Chapter
    passed: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def total(self) -> int:
        return len(self.passed) + len(self.left)

    @property
    def state(self) -> int:
        """0: not begun, 1: partly done, 2: all passed."""
        return 2 if self.total and not self.left else int(bool(self.passed))


@dataclass(frozen=True)
class Progress:
    """Progress through some chapters; shows itself as a map of them and as a table."""

    rows: tuple[Row, ...]
    folder: str = "mine"

    @property
    def passed(self) -> int:
        """How many exercises are passed."""
        return sum(len(row.passed) for row in self.rows)

    @property
    def total(self) -> int:
        """How many exercises there are."""
        return sum(row.total for row in self.rows)

    @property
    def following(self) -> str:
        """A sentence that says where to go next."""
        row = next((row for row in self.rows if row.left), None)
        if row:
            return say.PROGRESS_NEXT.format(exercise=row.left[0], chapter=row.chapter.name)
        last = self.rows[-1].chapter
        later = chapters()[chapters().index(last) + 1 :]
        if not later:
            return say.PROGRESS_ALL_DONE.format(chapter=last.name)
        title = later[0].title
        names = {"chapter": last.name, "following": later[0].name, "title": title}
        return say.PROGRESS_CHAPTER_DONE.format(**names, stop="" if title.endswith("?") else ".")

    def __str__(self) -> str:
        lines = [self._title()]
        width = max(len(row.chapter.name) for row in self.rows)
        for row in self.rows:
            done = round(BAR * len(row.passed) / row.total) if row.total else 0
            bar = "█" * done + "░" * (BAR - done)
            sign = SIGNS[row.state]
            lines.append(f"{sign} {row.chapter.name:<{width}}  {bar}  {len(row.passed)} of {row.total}")
            if row.passed and row.left:
                lines.append(f"  {'':<{width}}  {say.PROGRESS_LEFT}: {', '.join(row.left)}")
        lines.append(self.following)
        lines.append(
            say.PROGRESS_NOTHING if not self.passed else say.PROGRESS_FOOTNOTE.format(folder=self.folder)
        )
        return "\n".join(lines)

    __repr__ = __str__

    def _title(self) -> str:
        return f"{say.PROGRESS_TITLE}: {self.passed} of {self.total} exercises"

    def _repr_html_(self) -> str:
        rows = "".join(_html_row(row) for row in self.rows)
        foot = say.PROGRESS_NOTHING if not self.passed else say.PROGRESS_FOOTNOTE.format(folder=self.folder)
        course = _map(self.rows) if len(self.rows) > 1 else ""
        return (
            f'{course}<table style="text-align:left">'
            f'<caption style="text-align:left"><b>{escape(self._title())}</b></caption>'
            f"<thead><tr>{_heading(say.PROGRESS_CHAPTER)}{_heading(say.PROGRESS_DONE)}"
            f"{_heading(say.PROGRESS_LEFT)}</tr></thead><tbody>{rows}</tbody></table>"
            f"<p><b>{escape(self.following)}</b></p><p>{escape(foot)}</p>"
        )


RADIUS = 20
AROUND = 2 * math.pi * RADIUS


def _map(rows: tuple[Row, ...]) -> str:
    """The chapters as rings on a way, each closed as far as its exercises are passed."""
    stops = "".join(
        f'<li style="flex:1 1 110px;max-width:150px;margin:0 0 10px;text-align:center;line-height:1.3">'
        f"{_ring(row)}<div><b>{escape(row.chapter.name)}</b></div><div>{escape(row.chapter.title)}</div>"
        f"<div>{len(row.passed)} of {row.total}, {say.PROGRESS_STATES[row.state]}</div></li>"
        for row in rows
    )
    style = (
        "display:flex;flex-wrap:wrap;gap:4px 8px;list-style:none;margin:8px 0 16px;padding:0;font-size:13px"
    )
    return f'<ol style="{style}">{stops}</ol>'


def _ring(row: Row) -> str:
    done = AROUND * len(row.passed) / row.total if row.total else 0
    sign = SIGNS[2] if row.state == 2 else escape(row.chapter.name[:2])
    circle = f'<circle cx="26" cy="26" r="{RADIUS}" fill="none" stroke-width='
    return (
        f'<svg width="52" height="52" aria-hidden="true">{circle}"2" stroke="currentColor" stroke-opacity="0.4"/>'
        f'{circle}"6" stroke="#009E73" stroke-dasharray="{done:.1f} {AROUND:.1f}" transform="rotate(-90 26 26)"/>'
        f'<text x="26" y="31" text-anchor="middle" font-size="14" fill="currentColor">{sign}</text></svg>'
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


def progress(name: str | None = None, storage: Storage | None = None) -> Progress:
    """Your progress through one chapter, such as ``"02_activations"``, or through the course.

    Parameters
    ----------
    name : str, optional
        A chapter's name.
    storage : Storage, optional
        Where it was noted; this kernel's by default.
    """
    storage = storage or current().storage
    done = passed_exercises(storage)
    wanted = chapters() if name is None else (chapter(name),)
    rows = []
    for one in wanted:
        names = [exercise.name for exercise in one.exercises]
        rows.append(Row(one, tuple(n for n in names if n in done), tuple(n for n in names if n not in done)))
    return Progress(tuple(rows), storage.place("").rstrip("/"))
