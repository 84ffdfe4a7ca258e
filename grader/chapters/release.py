"""Make ``course/`` from ``solutions/``, and never touch a notebook in which a learner has worked.

A released notebook carries a digest of its own texts. As long as they fit it, nobody has worked in the
notebook: running it changes its outputs alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import nbformat

from byhand.released import mark, untouched
from grader.chapters import answers
from grader.chapters.identity import SOLUTIONS, chapter_names
from grader.chapters.source import load, released_notebook
from grader.files import write_atomically
from grader.model import Chapter

CURRENT = "{path} is up to date."
WRITTEN = "{path} was written."
REFRESHED = "{path} was written again; nobody had worked in it."
KEPT = (
    "{path} was left as it is, because somebody has worked in it. It is the present version of the chapter."
)
BESIDE = (
    "{path} was left as it is, because somebody has worked in it. The new version of the chapter is {beside}: "
    "copy your answers into it, then give it the name of the old one. The old one can still be handed in."
)
MISSING = "{path} is missing. Run `make course`."
OUTDATED = "{path} is not what solutions/ makes. Run `make course`."
WITHOUT_SOURCE = "{path} has no source in solutions/. Remove it, or bring its source back."


@dataclass(frozen=True)
class Outcome:
    """What was done about one notebook: a sentence, and whether the notebook is now what its source makes."""

    path: Path
    sentence: str
    current: bool

    def __str__(self) -> str:
        return self.sentence


def release(course: Path, solutions: Path = SOLUTIONS, *, check: bool = False) -> list[Outcome]:
    """Write a notebook into `course` for every source in `solutions`.

    Parameters
    ----------
    course, solutions : Path
    check : bool
        Only say which notebooks are not what their sources make.

    Raises
    ------
    grader.chapters.source.SourceError
        If a source is wrong; nothing is written then.
    """
    chapters = [load(name, solutions) for name in chapter_names(solutions)]
    ours = solutions == SOLUTIONS
    if not check:
        if ours:
            for chapter in chapters:
                write_atomically(answers.file_of(chapter), answers.text_of(chapter))
        return [_release_one(chapter, course) for chapter in chapters]
    names = {chapter.name for chapter in chapters}
    others = [path for path in sorted(course.glob("*.ipynb")) if re.fullmatch(r"\d\d_\w+", path.stem)]
    alone = [_outcome(path, WITHOUT_SOURCE, False) for path in others if path.stem not in names]
    stale = [
        _outcome(answers.file_of(chapter), OUTDATED, False)
        for chapter in chapters
        if ours and _stale(chapter)
    ]
    return [_check_one(chapter, course) for chapter in chapters] + stale + alone


def _stale(chapter: Chapter) -> bool:
    path = answers.file_of(chapter)
    return not path.exists() or path.read_text("utf-8") != answers.text_of(chapter)


def _release_one(chapter: Chapter, course: Path) -> Outcome:
    path = course / f"{chapter.name}.ipynb"
    new = notebook_bytes(chapter)
    if not _exists(path):
        write_atomically(path, new)
        return _outcome(path, WRITTEN, True)
    old = _read(path)
    if old == new:
        return _outcome(path, CURRENT, True)
    if untouched(old):
        write_atomically(path, new)
        return _outcome(path, REFRESHED, True)
    if mark(old).get("release") == mark(new)["release"]:
        return _outcome(path, KEPT, False)
    beside = _free_place(path)
    if _read(beside) != new:
        write_atomically(beside, new)
    return _outcome(path, BESIDE, False, beside=f"{course.name}/{beside.name}")


def _check_one(chapter: Chapter, course: Path) -> Outcome:
    path = course / f"{chapter.name}.ipynb"
    if not _exists(path):
        return _outcome(path, MISSING, False)
    current = _read(path) == notebook_bytes(chapter)
    return _outcome(path, CURRENT if current else OUTDATED, current)


def _outcome(path: Path, sentence: str, current: bool, **more: str) -> Outcome:
    return Outcome(path, sentence.format(path=f"{path.parent.name}/{path.name}", **more), current)


def notebook_bytes(chapter: Chapter) -> bytes:
    """A released notebook as it lies in ``course/``: the same source gives the same bytes."""
    # JupyterLab writes in this very way, so that opening and saving changes nothing but outputs.
    text: str = nbformat.writes(released_notebook(chapter))
    return (text.rstrip("\n") + "\n").encode()


def _free_place(path: Path) -> Path:
    """Where a new version can stand beside a notebook without touching anybody's work."""
    numbers = ("" if number == 1 else f"-{number}" for number in count(1))
    places = (path.with_name(f"{path.stem}.new{number}.ipynb") for number in numbers)
    return next(place for place in places if not _exists(place) or untouched(_read(place)))


def _exists(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _read(path: Path) -> bytes:
    """The bytes of a file; none, if it is not a plain file, which is then never written over."""
    return path.read_bytes() if path.is_file() and not path.is_symlink() else b""
