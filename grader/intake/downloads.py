"""Intake: an LMS's download, or a folder, sorted into ``submitted/<student>/<chapter>/``.

nbgrader's ``zip_collect`` is not used: it unpacks whatever an archive holds, to wherever it says.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from grader.chapters.identity import chapter_names
from grader.errors import UserError
from grader.intake.archives import (
    LINK,
    NO_FILE,
    ONLY_NOTEBOOKS,
    NotAnArchive,
    Notebook,
    NotTaken,
    notebooks,
    shown,
)
from grader.intake.class_list import ClassList, SeveralOfTheName, read_class_list
from grader.intake.ownership import Owner, chapter_of, owner_of, preference, student_id
from grader.intake.reading import FILE_LIMIT

TIMESTAMP = "timestamp.txt"  # nbgrader's: when a submission was handed in
LAYOUTS = (
    "A notebook is placed if it lies in a folder named after the student (ada/02_activations.ipynb), "
    "or if it is named as Moodle and Canvas do in their downloads."
)
NO_OWNER = "nothing tells whose it is"
NO_CHAPTER = "neither its name nor its contents tell the chapter; name it like {example}.ipynb"
NO_NAME = "the student's name has no letter or digit"
TWO_OWNERS = "several folders give the student {student}; rename them"
SEVERAL_IN_LIST = (
    "students.csv has several of that name ({students}); write {number} there, into lms_user_id of one"
)
NOT_IN_LIST = "Not in students.csv, and placed under the LMS's name: {students}."
WRONG_TIME = "{text!r} is no time; write it like 2026-03-01 23:59."
SEVERAL_ZIPS = (
    "the folder {student} has several zips with this chapter; if it is a whole class, collect it by itself"
)
NOT_THE_ONE = "{other} was taken for this student and chapter"
NOT_NEWER = "another one that is not older is in submitted/ already; delete that one if this should count"
IN_THE_WAY = "there is a link, or no file, in the place where it belongs: {path}"
HIDDEN = "its name begins with a dot, so it is hidden; rename it"
BAD_NAME = "its name holds signs that cannot be shown; rename it"
MISPLACED = "a submission lies in submitted/<student>/<chapter>/; `make collect` puts it there"
UNKNOWN_CHAPTER = "there is no chapter of that name"
NONE_OF_THE_NAME = "there are several notebooks here; name the one that counts {name}.ipynb"


@dataclass(frozen=True)
class Found:
    """A submission in a class's folder."""

    student: str
    chapter: str
    path: Path

    def read(self) -> bytes:
        """Its bytes; of a file that is too large, enough to be told so."""
        with self.path.open("rb") as file:
            return file.read(FILE_LIMIT + 1)

    def time(self) -> str:
        """When it was handed in, as nbgrader's ``timestamp.txt`` beside it says; empty if nobody said."""
        return stamp_of(self.path.parent) or ""


def stamp_of(folder: Path) -> str | None:
    """The text of nbgrader's ``timestamp.txt`` in the folder of a submission; None if there is none to read."""
    try:
        return (folder / TIMESTAMP).read_bytes()[:100].decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


@dataclass
class Collected:
    """What was placed, what was there already, and what was not taken and why."""

    folder: Path
    placed: list[Found] = field(default_factory=list)
    replaced: list[Found] = field(default_factory=list)
    unchanged: list[Found] = field(default_factory=list)
    not_taken: list[NotTaken] = field(default_factory=list)
    not_in_list: list[str] = field(default_factory=list)  # students; empty where there is no class list

    def __str__(self) -> str:
        students = {found.student for found in (*self.placed, *self.replaced, *self.unchanged)}
        lines = [
            f"{len(students)} students: {len(self.placed)} new notebooks in {self.folder / 'submitted'}, "
            f"{len(self.replaced)} newer ones, {len(self.unchanged)} that were there already."
        ]
        if self.replaced:
            lines.append(f"The notebooks that were replaced are kept in {self.folder / 'replaced'}.")
        if self.not_in_list:
            lines.append(NOT_IN_LIST.format(students=", ".join(self.not_in_list)))
        if self.not_taken:
            lines += ["", f"{len(self.not_taken)} files were not taken. {LAYOUTS}"]
            lines += [f"  {one}" for one in self.not_taken]
        return "\n".join(lines)


def collect(
    source: Path,
    class_folder: Path,
    chapters: Sequence[str] | None = None,
    handed_in: datetime | None = None,
) -> Collected:
    """Sort the notebooks of a zip or a folder into a class.

    Nothing is lost: a newer notebook takes the place of an older one, which is kept in ``replaced/``.

    Parameters
    ----------
    source : Path
        A zip or folder from Moodle or Canvas, or folders named after the students.
    class_folder : Path
    chapters : sequence of str, optional
        The chapters to look for; those that have a source by default.
    handed_in : datetime, optional
        When the notebooks were handed in at the latest: nbgrader's late penalties go by it. A download does
        not tell; the times in it are those of the learners' own clocks, or of the download.

    Raises
    ------
    UserError
        If `source` is neither a zip nor a folder, or if the class list cannot be right.
    """
    known = chapter_names() if chapters is None else chapters
    collected = Collected(class_folder)
    class_list = read_class_list(class_folder)
    class_folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".collecting-", dir=class_folder) as spool:
        try:
            waiting = _waiting(source, Path(spool), known, collected.not_taken)
        except NotAnArchive:
            raise UserError(f"{source} is neither a folder nor a zip that can be read.") from None
        for (student, chapter), several in sorted(
            _by_place(waiting, class_list, collected.not_taken).items()
        ):
            best, *others = sorted(several, key=lambda one: one.preference, reverse=True)
            reason = NOT_THE_ONE.format(other=best.shown)
            collected.not_taken += [
                NotTaken(one.shown, reason) for one in others if one.digest != best.digest
            ]
            _place(best, Found(student, chapter, _place_of(class_folder, student, chapter)), collected)
    for found in (*collected.placed, *collected.replaced):
        _stamp(found, handed_in)
    if class_list.people:
        taken = (*collected.placed, *collected.replaced, *collected.unchanged)
        collected.not_in_list = sorted({one.student for one in taken} - set(class_list.people))
    collected.not_taken.sort(key=lambda one: one.path)
    return collected


def time_of(text: str) -> datetime:
    """A time as a person writes it; without a zone it is the one of this machine.

    Raises
    ------
    UserError
        If it is none.
    """
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UserError(WRONG_TIME.format(text=text)) from None


def _stamp(found: Found, handed_in: datetime | None) -> None:
    """Write nbgrader's ``timestamp.txt``; of a newer notebook whose time nobody said, the old one is wrong."""
    path = found.path.with_name(TIMESTAMP)
    if handed_in is not None:
        path.write_text(f"{handed_in:%Y-%m-%d %H:%M:%S} UTC\n")
    else:
        path.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Waiting:
    """A notebook that was read and lies in the spool until all are read."""

    file: Path
    shown: str
    archives: tuple[tuple[str, ...], ...]
    owner: Owner
    chapter: str
    modified: float
    digest: str
    preference: tuple[bool, float, int]


def _waiting(source: Path, spool: Path, chapters: Sequence[str], not_taken: list[NotTaken]) -> list[_Waiting]:
    waiting = []
    for number, item in enumerate(notebooks(source)):
        if isinstance(item, NotTaken):
            not_taken.append(item)
            continue
        owner, chapter = owner_of(item, chapters), chapter_of(item, chapters)
        if owner is None or chapter is None:
            example = chapters[-1] if chapters else "02_activations"
            not_taken.append(
                NotTaken(item.shown, NO_OWNER if owner is None else NO_CHAPTER.format(example=example))
            )
            continue
        file = spool / str(number)
        file.write_bytes(item.content)
        waiting.append(_wait(item, file, owner, chapter))
    return waiting


def _wait(item: Notebook, file: Path, owner: Owner, chapter: str) -> _Waiting:
    digest = hashlib.sha256(item.content).hexdigest()
    return _Waiting(
        file, item.shown, item.levels[:-1], owner, chapter, item.modified, digest, preference(item, chapter)
    )


def _by_place(
    waiting: Sequence[_Waiting], class_list: ClassList, not_taken: list[NotTaken]
) -> dict[tuple[str, str], list[_Waiting]]:
    """The notebooks by student and chapter; those of which it is not clear whose they are, left out."""
    students = _students({one.owner for one in waiting}, class_list)
    owners: dict[str | None, set[Owner]] = defaultdict(set)
    for owner, student in students.items():
        if isinstance(student, str):
            owners[student].add(owner)
    places = defaultdict(list)
    for one in waiting:
        owner, student = one.owner, students[one.owner]
        if isinstance(student, SeveralOfTheName):
            reason = SEVERAL_IN_LIST.format(students=student, number=owner.number or "the LMS's number")
            not_taken.append(NotTaken(one.shown, reason))
        elif student is None:
            not_taken.append(NotTaken(one.shown, NO_NAME))
        elif len(owners[student]) == 1 or class_list.has_number(owner):
            places[student, one.chapter].append(one)
        elif owner.number and student not in class_list.people:
            places[f"{student}_{owner.number}", one.chapter].append(one)
        else:
            not_taken.append(NotTaken(one.shown, TWO_OWNERS.format(student=student)))
    return _of_one_zip_each(places, not_taken)


def _of_one_zip_each(
    places: dict[tuple[str, str], list[_Waiting]], not_taken: list[NotTaken]
) -> dict[tuple[str, str], list[_Waiting]]:
    """Without the places for which several zips have a notebook: their names do not tell whose each is."""
    clear = {}
    for (student, chapter), several in places.items():
        zips = {one.archives for one in several if not one.owner.lms and one.archives and one.archives[0][1:]}
        if len(zips) > 1:
            not_taken += [NotTaken(one.shown, SEVERAL_ZIPS.format(student=student)) for one in several]
        else:
            clear[student, chapter] = several
    return clear


def _students(owners: Iterable[Owner], class_list: ClassList) -> dict[Owner, str | SeveralOfTheName | None]:
    """The student that each owner is, as far as the class list and the names tell."""
    students: dict[Owner, str | SeveralOfTheName | None] = {}
    for owner in owners:
        try:
            students[owner] = class_list.find(owner) or student_id(owner.name)
        except SeveralOfTheName as error:
            students[owner] = error
    return students


def _place_of(class_folder: Path, student: str, chapter: str) -> Path:
    return class_folder / "submitted" / student / chapter / f"{chapter}.ipynb"


def _place(one: _Waiting, found: Found, collected: Collected) -> None:
    path = found.path
    for step in (*reversed(path.parents[:3]), path):
        if step.is_symlink() or (step.exists() and step.is_dir() == (step == path)):
            collected.not_taken.append(NotTaken(one.shown, IN_THE_WAY.format(path=step)))
            return
    if not path.exists():
        _move(one, path)
        collected.placed.append(found)
    elif hashlib.sha256(path.read_bytes()).hexdigest() == one.digest:
        collected.unchanged.append(found)
    elif one.modified <= path.stat().st_mtime:
        collected.not_taken.append(NotTaken(one.shown, NOT_NEWER))
    else:
        _keep_aside(found, collected.folder)
        _move(one, path)
        collected.replaced.append(found)


def _move(one: _Waiting, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.utime(one.file, (one.modified, one.modified))
    one.file.replace(path)  # on one file system, so at any moment the old one or the new one is there


def _keep_aside(found: Found, class_folder: Path) -> None:
    """Copy a notebook to ``replaced/``, under the time when it was last changed."""
    content = found.path.read_bytes()
    changed = time.strftime("%Y-%m-%d-%H%M%S", time.localtime(found.path.stat().st_mtime))
    name = f"{changed}-{hashlib.sha256(content).hexdigest()[:8]}.ipynb"
    kept = class_folder / "replaced" / found.student / found.chapter / name
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(content)


def scan(class_folder: Path, chapters: Sequence[str] | None = None) -> tuple[list[Found], list[str]]:
    """The submissions in a class's folder, and a sentence for each file there that is not one.

    A submission is a notebook in ``submitted/<student>/<chapter>/``. Links are not followed.
    """
    known = chapter_names() if chapters is None else chapters
    top = class_folder / "submitted"
    found: list[Found] = []
    ignored: list[NotTaken] = []
    for student in _folders(top, ignored):
        if not student.name.isprintable():  # also a name that is no text at all
            ignored.append(_ignored(student, BAD_NAME))
            continue
        for chapter in _folders(student, ignored):
            if chapter.name not in known:
                ignored.append(_ignored(chapter, UNKNOWN_CHAPTER))
            elif (path := _submission(chapter, ignored)) is not None:
                found.append(Found(student.name, chapter.name, path))
    return found, [str(one) for one in ignored]


def _folders(folder: Path, ignored: list[NotTaken]) -> list[Path]:
    ignored += [_ignored(path, HIDDEN) for path in _hidden_folders(folder)]
    kinds = {path: path.lstat().st_mode for path in _inside(folder)}
    for path, mode in kinds.items():
        if not stat.S_ISDIR(mode):
            ignored.append(_ignored(path, LINK if stat.S_ISLNK(mode) else MISPLACED))
    return [path for path, mode in kinds.items() if stat.S_ISDIR(mode)]


def _submission(folder: Path, ignored: list[NotTaken]) -> Path | None:
    """The notebook of a chapter's folder: the one of the chapter's name, or the only one there is."""
    files = []
    for path in _inside(folder):
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode):
            ignored.append(_ignored(path, LINK if stat.S_ISLNK(mode) else NO_FILE))
        elif path.suffix.lower() == ".ipynb":
            files.append(path)
        elif path.name != TIMESTAMP:
            ignored.append(_ignored(path, ONLY_NOTEBOOKS))
    named = [path for path in files if path.stem == folder.name]
    best = named[0] if named else files[0] if len(files) == 1 else None
    reason = NOT_THE_ONE.format(other=best.name) if best else NONE_OF_THE_NAME.format(name=folder.name)
    ignored += [_ignored(path, reason) for path in files if path != best]
    return best


def _inside(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _hidden_folders(folder: Path) -> list[Path]:
    """Folders that a learner's work may lie in; not those that programs make for themselves."""
    hidden = [path for path in folder.iterdir() if path.name.startswith(".")] if folder.is_dir() else []
    return sorted(
        path for path in hidden if stat.S_ISDIR(path.lstat().st_mode) and path.name != ".ipynb_checkpoints"
    )


def _ignored(path: Path, reason: str) -> NotTaken:
    depth = next(number for number, parent in enumerate(path.parents, 1) if parent.name == "submitted")
    return NotTaken(shown((path.parts[-depth - 1 :],)), reason)
