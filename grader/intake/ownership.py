"""Whose a notebook is and for which chapter, told by where it was found.

What the LMS says of a learner counts before anything inside the learner's own upload, so that nobody
can hand in under another's name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from byhand.released import mark
from grader.intake.archives import Notebook

# "Ada Lovelace_12345_assignsubmission_file_" as a folder, or in front of the file's name.
_MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)(?:_|$)", re.IGNORECASE
)
# "lovelaceada_LATE_12345_67890_02_activations-1.ipynb"; the first number is the learner's in Canvas.
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?:LATE_)?(?P<number>\d+)_\d+_(?P<file>.+)", re.IGNORECASE)
SUBMISSION = "submission"  # how the files that `make submit` writes begin


@dataclass(frozen=True)
class Owner:
    """Who handed something in. `source` tells two of the same name apart."""

    name: str
    source: tuple[str, ...]
    lms: bool = False  # whether the LMS said so
    number: str = ""  # the LMS's

    @property
    def called(self) -> str:
        """The name without the number that Canvas's has."""
        return self.name.removesuffix(f"_{self.number}") if self.number else self.name


def owner_of(notebook: Notebook, chapters: Sequence[str]) -> Owner | None:
    """Whose a notebook is, by the outermost part of its path that tells; None if nothing does."""
    flat = notebook.levels[0]
    if len(flat) == 1 and (found := _CANVAS.fullmatch(flat[0])):
        # With Canvas's number, which stays the same for all that a learner hands in.
        return Owner(f"{found['name']}_{found['number']}", (found["number"],), True, found["number"])
    for parts in notebook.levels:
        for part in parts:
            if found := _MOODLE.match(part):
                return Owner(found["name"], (found["number"],), True, found["number"])
        if folders := [part for part in parts[:-1] if part not in chapters]:
            return Owner(folders[-1], tuple(folders))
    # A zip that holds nothing but the notebook, and has been given a name: "ada.zip".
    stem = flat[-1].rpartition(".")[0]
    if len(notebook.levels) > 1 and not stem.lower().startswith(SUBMISSION) and stem not in chapters:
        return Owner(stem, (stem,))
    return None


def chapter_of(notebook: Notebook, chapters: Sequence[str]) -> str | None:
    """The chapter that a notebook was handed in for: by its name, its folder, or what it says itself."""
    parts = notebook.levels[-1]
    for name in chapters:
        if re.search(rf"(?<![a-z0-9]){name}(?![a-z0-9])", parts[-1].lower()):
            return name
    for part in reversed(parts[:-1]):
        if part in chapters:
            return part
    own = mark(notebook.content).get("chapter")
    return own if own in chapters else None


def preference(notebook: Notebook, chapter: str) -> tuple[bool, float, int]:
    """Of several notebooks for one chapter, the one with the largest of these counts.

    A plain name goes before "-Copy1" and ".new", then the newest, then the LMS's count of uploads.
    """
    rest = notebook.levels[-1][-1].lower().rpartition(chapter)[2].removesuffix(".ipynb")
    upload = re.fullmatch(r"[-_ ]?\(?(\d*)\)?", rest)
    return upload is not None, notebook.modified, int(upload[1] or 0) if upload else 0


def student_id(name: str) -> str | None:
    """A name as a folder, as nbgrader and file systems take it; None if nothing is left of it."""
    text = re.sub(r"\s+", "_", unicodedata.normalize("NFC", name).strip())
    text = "".join(sign for sign in text if sign.isalnum() or sign in "-_.@+")
    text = text.strip("-_.@+")
    return text[:80].encode("utf-8", "ignore").decode()[:80] or None
