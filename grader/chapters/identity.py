"""How the grader knows its own again: chapters by their names, course text and releases by digests.

Small and quick to import, for the stages that read learners' files and need nothing of nbgrader.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from grader.model import Cell, Chapter

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"


def chapter_names(folder: Path = SOLUTIONS) -> list[str]:
    """The names of the chapters that have a source, in order: ``["00_start", …]``."""
    return sorted(path.stem for path in folder.glob("*.py") if re.fullmatch(r"\d\d_\w+", path.stem))


def text_id(text: str) -> str:
    """The id of a course cell without a name: whoever has both can tell that the text is the course's."""
    return f"course-{digest(text)[:12]}"


def release_digest(chapter: Chapter) -> str:
    """Changes whenever anything that learners receive does, and not with the answers."""
    return digest([chapter.name, plain(chapter.cells)])


def text_digest(cells: Iterable[tuple[str, str]]) -> str:
    """Of the types and texts of a notebook's cells: what a learner's work changes, and running does not."""
    return digest([list(cell) for cell in cells])


def mark(raw: bytes) -> dict[str, Any]:
    """What a released notebook says of itself (chapter, release, text); empty if it says nothing of ours."""
    try:
        found = json.loads(raw)["metadata"]["byhand"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def untouched(raw: bytes) -> bool:
    """Whether the texts of a notebook are still those that were released. In doubt they are not."""
    try:
        cells = json.loads(raw)["cells"]
        texts = text_digest((cell["cell_type"], "".join(cell["source"])) for cell in cells)
    except (ValueError, LookupError, TypeError, RecursionError):
        return False
    return mark(raw).get("text") == texts


def plain(cells: Iterable[Cell]) -> list[dict[str, Any]]:
    """Cells as JSON takes them."""
    return [vars(cell) for cell in cells]


def digest(value: Any) -> str:
    """The SHA-256 of anything that JSON takes."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
