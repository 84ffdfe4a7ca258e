"""How the grader knows its own again: chapters by their names, course text and releases by digests.

Small and quick to import, for the stages that read learners' files and need nothing of nbgrader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from byhand.released import digest
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


def plain(cells: Iterable[Cell]) -> list[dict[str, Any]]:
    """Cells as JSON takes them."""
    return [vars(cell) for cell in cells]
