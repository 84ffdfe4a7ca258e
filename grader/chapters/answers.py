"""What a learner who is stuck may see: hints, model answers and schemes, taken from the source as package data.

They lie in ``lib/byhand/answers/``, a file a chapter. A sandbox has no such folder, and a class can be given the course
without it (`grader.chapters.handout`).
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from grader.chapters.identity import SOLUTIONS
from grader.chapters.source import answer_of
from grader.model import Cell, Chapter, Role

FOLDER = SOLUTIONS.parent / "lib" / "byhand" / "answers"

_HINT = re.compile(r"<details><summary>[^<]*</summary>\s*(.*?)\s*</details>", re.DOTALL)
_SCHEME = re.compile(r"^[^\n]*BEGIN MARK SCHEME[^\n]*\n(.*?)^[^\n]*END MARK SCHEME", re.MULTILINE | re.DOTALL)


def answers(chapter: Chapter) -> dict[str, dict[str, object]]:
    """Of each exercise its hints and its model answer, of each written task its model answer and its scheme."""
    found: dict[str, dict[str, object]] = {}
    for place, cell in enumerate(chapter.solved):
        if cell.role is Role.SOLUTION:
            found[cell.name] = {"hints": _hints(chapter.solved[place + 1 :]), "answer": answer_of(cell)}
        elif cell.role is Role.WRITTEN:
            scheme = _SCHEME.search(cell.source)
            found[cell.name] = {"answer": answer_of(cell), "scheme": scheme[1].strip() if scheme else ""}
    return found


def _hints(following: tuple[Cell, ...]) -> list[str]:
    """The hints that stand between an answer and its check."""
    hints: list[str] = []
    for cell in following:
        if cell.role in (Role.CHECK, Role.SOLUTION):
            break
        if cell.cell_type == "markdown":
            hints += _HINT.findall(cell.source)
    return hints


def file_of(chapter: Chapter) -> Path:
    """Where a chapter's answers lie."""
    return FOLDER / f"{chapter.name}.json"


def text_of(chapter: Chapter) -> str:
    """The file: the same source gives the same bytes."""
    return json.dumps(answers(chapter), indent=1, ensure_ascii=False) + "\n"
