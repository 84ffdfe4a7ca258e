"""The learner's side of handing in: notebooks, packed so that the first stage places them."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from byhand.released import untouched
from grader.chapters.identity import chapter_names
from grader.errors import UserError
from grader.intake.left_behind import left_behind
from grader.intake.ownership import SUBMISSION, student_id
from grader.intake.reading import Unreadable, read

UNKNOWN = "There is no chapter called {chapter!r}.{hint} The chapters are: {known}."
MISSING = "There is no notebook {path}. Run `make lab` to get it."
UNTOUCHED = "{path} has no work in it yet. If you have just worked in it, save it (Ctrl+S) first."
NO_WORK = (
    "No notebook in {folder} has work in it yet. If you have just worked in one, save it (Ctrl+S) first."
)
UNREADABLE = "{path} cannot be handed in. {reason}"
BAD_STUDENT = "{student!r} cannot be a student id; use letters, digits, - and _ alone."


@dataclass(frozen=True)
class Packed:
    """The file to hand in, and a sentence for everything of the learner's that is not in it as it was kept."""

    path: Path
    left_behind: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join([*self.left_behind, f"Hand in this file: {self.path}"])


def make_submission(chapter: str | None, student: str, course: Path) -> Packed:
    """Pack a learner's work to hand it in.

    Parameters
    ----------
    chapter : str or None
        One chapter; if there is none, every chapter that has work in it.
    student : str
        The learner's id; may be empty if the LMS knows who hands in.
    course : Path
        Where the learner's notebooks are; the zip is written beside them, so that it can be seen and
        downloaded in JupyterLab.

    Raises
    ------
    UserError
        If there is nothing to hand in, or if it cannot be read.
    """
    if student and student_id(student) != student:
        raise UserError(BAD_STUDENT.format(student=student))
    paths = [_one(chapter, course)] if chapter else _all(course)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            inside = "/".join(part for part in (student, path.stem, path.name) if part)
            saved = max(time.localtime(path.stat().st_mtime)[:6], (1980, 1, 1, 0, 0, 0))
            archive.writestr(zipfile.ZipInfo(inside, saved), _checked(path), zipfile.ZIP_DEFLATED)
    what = paths[0].stem if chapter else "all"
    target = course / f"{'_'.join(part for part in (SUBMISSION, student, what) if part)}.zip"
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(packed.getvalue())
    sentences = tuple(sentence for path in paths for sentence in left_behind(path))
    return Packed(part.replace(target), sentences)


def _one(chapter: str, course: Path) -> Path:
    name = Path(chapter).name.removesuffix(".ipynb")
    path = course / f"{name}.ipynb"
    known = chapter_names()
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise UserError(UNKNOWN.format(chapter=name, hint=hint, known=", ".join(known)))
    if not path.is_file():
        raise UserError(MISSING.format(path=path))
    if untouched(path.read_bytes()):
        raise UserError(UNTOUCHED.format(path=path))
    return path


def _all(course: Path) -> list[Path]:
    paths = [course / f"{name}.ipynb" for name in chapter_names()]
    worked_in = [path for path in paths if path.is_file() and not untouched(path.read_bytes())]
    if not worked_in:
        raise UserError(NO_WORK.format(folder=course))
    return worked_in


def _checked(path: Path) -> bytes:
    """The bytes of a notebook that the grader can read: better told now than after the deadline."""
    content = path.read_bytes()
    try:
        read(content)
    except Unreadable as reason:
        raise UserError(UNREADABLE.format(path=path, reason=reason)) from None
    return content
