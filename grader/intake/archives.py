"""Notebooks in a folder or a zip, zips inside included, read within limits.

Whoever made the archive may be hostile: links, absolute and parent paths, and archives that unpack to far
more than they weigh are left out, each with the reason. Nothing is ever unpacked to a place that the
archive names; only notebooks are unpacked at all.
"""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from grader.intake.reading import FILE_LIMIT, MEGABYTE

TOTAL_LIMIT = 8_000 * MEGABYTE  # of all notebooks of a class
FILES_LIMIT = 200_000
INNER_ZIP_LIMIT = 60 * MEGABYTE  # a zip of one learner's,
INNER_TOTAL_LIMIT = 200 * MEGABYTE  # and its notebooks
INNER_FILES_LIMIT = 1_000
CONTENTS_LIMIT = 16 * MEGABYTE  # of a zip's list of contents, which Python reads at once
MOST_PACKED = 200  # times; a notebook packs to a tenth or so
MOST_LEVELS = 2  # a learner's zip in a zip of the LMS's in a folder

ONLY_NOTEBOOKS = "the grader reads only notebooks"
LINK = "it is a link"
NO_FILE = "it is no ordinary file"
OUTSIDE = "its path leads out of the archive"
TOO_BIG = f"it is larger than {FILE_LIMIT // MEGABYTE} MB"
ZIP_TOO_BIG = f"the zip is larger than {INNER_ZIP_LIMIT // MEGABYTE} MB or holds too many files"
BOMB = "it unpacks to far more than a notebook would"
LOCKED = "it needs a password"
METHOD = "it is packed in an unusual way; pack it as an ordinary zip"
DAMAGED = "it is damaged"
TOO_DEEP = "it lies in too many zips, one inside the other"
TOO_MANY = "it holds too many files, or too large ones; the rest of it was not looked at"
OTHER_ARCHIVE = "only .zip archives are opened; unpack it, or pack it as a zip"

# What operating systems and JupyterLab leave beside files; not worth a word.
_LITTER = re.compile(r"__MACOSX|\._.*|\.DS_Store|Thumbs\.db|desktop\.ini|\.ipynb_checkpoints", re.IGNORECASE)
_ARCHIVES = (".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz")


class NotAnArchive(Exception):
    """What was given is neither a folder nor a zip."""


@dataclass(frozen=True)
class Notebook:
    """A notebook as it was found.

    `levels` are the parts of its path, once for each archive around it: ``(("ada.zip",), ("02", "02.ipynb"))``.
    """

    levels: tuple[tuple[str, ...], ...]
    modified: float
    content: bytes = field(repr=False)

    @property
    def shown(self) -> str:
        """Its path in one line that is safe to print."""
        return shown(self.levels)


@dataclass(frozen=True)
class NotTaken:
    """A file that was left out, and why."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: not taken; {self.reason}."


def shown(levels: tuple[tuple[str, ...], ...]) -> str:
    """A path for people: nothing in it can write to a terminal."""
    text = " > ".join("/".join(parts) for parts in levels)
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def notebooks(source: Path) -> Iterator[Notebook | NotTaken]:
    """Every notebook in a folder or a zip, one at a time, and every file that is left out.

    Raises
    ------
    NotAnArchive
        If `source` is neither.
    """
    if source.is_dir():
        found = _in_folder(source)
    elif source.is_file() and zipfile.is_zipfile(source):
        found = _in_zip(source, ())
    else:
        raise NotAnArchive
    yield from _within(found, source.name, FILES_LIMIT, TOTAL_LIMIT)


def _within(
    found: Iterator[Notebook | NotTaken], name: str, files: int, size: int
) -> Iterator[Notebook | NotTaken]:
    """What is found, up to so many files and bytes."""
    for item in found:
        files -= 1
        size -= len(item.content) if isinstance(item, Notebook) else 0
        if files < 0 or size < 0:
            yield NotTaken(name, TOO_MANY)
            return
        yield item


def _in_folder(folder: Path) -> Iterator[Notebook | NotTaken]:
    for where, folders, names in os.walk(folder):
        inside = Path(where).relative_to(folder).parts
        links = [name for name in folders if (Path(where) / name).is_symlink()]
        folders[:] = sorted(name for name in folders if name not in links and not _LITTER.fullmatch(name))
        for name in sorted([*names, *links]):
            if not _LITTER.fullmatch(name):
                yield from _file(Path(where) / name, ((*inside, name),))


def _file(path: Path, levels: tuple[tuple[str, ...], ...]) -> Iterator[Notebook | NotTaken]:
    try:
        about = path.lstat()
        if not stat.S_ISREG(about.st_mode):
            yield NotTaken(shown(levels), LINK if path.is_symlink() else NO_FILE)
        elif _kind(path.name) == ".zip" and about.st_size <= INNER_ZIP_LIMIT:
            inside = _in_zip(path, levels)
            yield from _within(inside, shown(levels), INNER_FILES_LIMIT, INNER_TOTAL_LIMIT)
        elif reason := _too_big(path.name, about.st_size) or _why_not(path.name):
            yield NotTaken(shown(levels), reason)
        else:
            yield Notebook(levels, max(0.0, about.st_mtime), path.read_bytes())
    except OSError as error:
        yield NotTaken(shown(levels), f"it cannot be read ({error.strerror})")


def _in_zip(file: Path | io.BytesIO, levels: tuple[tuple[str, ...], ...]) -> Iterator[Notebook | NotTaken]:
    """The notebooks of a zip; `levels` say where it was found, none for the one that was given."""
    if len(levels) > MOST_LEVELS:
        yield NotTaken(shown(levels), TOO_DEEP)
        return
    try:
        archive = zipfile.ZipFile(file) if _contents_size(file) <= CONTENTS_LIMIT else None
    except Exception:  # a damaged zip raises almost anything
        yield NotTaken(shown(levels) or "the zip", DAMAGED)
        return
    if archive is None:
        yield NotTaken(shown(levels) or "the zip", ZIP_TOO_BIG)
        return
    with archive:
        for info in archive.infolist():
            parts = tuple(part for part in re.split(r"[/\\]", info.filename) if part not in ("", "."))
            if not info.is_dir() and not any(_LITTER.fullmatch(part) for part in parts):
                yield from _entry(archive, info, parts, (*levels, parts))


def _entry(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, parts: tuple[str, ...], here: tuple[tuple[str, ...], ...]
) -> Iterator[Notebook | NotTaken]:
    """What one file of a zip is: a notebook, more notebooks, or nothing that is taken."""
    reason = _refused(info, parts)
    content = b"" if reason else _unpacked(archive, info)
    if reason or content is None:
        yield NotTaken(shown(here), reason or DAMAGED)
    elif _kind(parts[-1]) == ".zip":
        inside = _in_zip(io.BytesIO(content), here)
        yield from _within(inside, shown(here), INNER_FILES_LIMIT, INNER_TOTAL_LIMIT)
    else:
        yield Notebook(here, _modified(info), content)


def _kind(name: str) -> str:
    return Path(name).suffix.lower()


def _why_not(name: str) -> str | None:
    """Why a file of that name is not read."""
    if _kind(name) == ".ipynb":
        return None
    return OTHER_ARCHIVE if _kind(name) in _ARCHIVES else ONLY_NOTEBOOKS


def _too_big(name: str, size: int) -> str | None:
    if _kind(name) == ".zip":
        return ZIP_TOO_BIG if size > INNER_ZIP_LIMIT else None
    return TOO_BIG if _kind(name) == ".ipynb" and size > FILE_LIMIT else None


def _refused(info: zipfile.ZipInfo, parts: tuple[str, ...]) -> str | None:
    """Why a file of a zip is not unpacked."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return LINK if kind == stat.S_IFLNK else NO_FILE
    if not parts or ".." in parts or re.match(r"[/\\]|[a-zA-Z]:", info.filename):
        return OUTSIDE
    if _kind(parts[-1]) != ".zip" and (reason := _why_not(parts[-1])):
        return reason
    if info.flag_bits & 1:
        return LOCKED
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return METHOD
    if reason := _too_big(parts[-1], info.file_size):
        return reason
    bomb = info.file_size > MEGABYTE and info.file_size > MOST_PACKED * info.compress_size
    return BOMB if bomb else None


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a file; none if it is damaged or holds more than the size that was said."""
    try:
        with archive.open(info) as file:
            content = file.read(info.file_size + 1)
    except Exception:  # a damaged zip raises almost anything
        return None
    return content if len(content) == info.file_size else None


def _modified(info: zipfile.ZipInfo) -> float:
    try:
        return datetime(*info.date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def _contents_size(file: Path | io.BytesIO) -> int:
    """How large a zip says that its list of contents is: the largest figure that Python might go by."""
    end = _end(file)
    sizes = [struct.unpack_from("<I", end, at.start() + 12)[0] for at in re.finditer(b"PK\x05\x06", end)]
    large = [struct.unpack_from("<Q", end, at.start() + 40)[0] for at in re.finditer(b"PK\x06\x06", end)]
    if large:  # a very large archive says 0xFFFFFFFF in the first place and the figure in the second
        sizes = [size for size in sizes if size != 0xFFFFFFFF]
    return int(max(sizes + large))


def _end(file: Path | io.BytesIO, length: int = 70_000) -> bytes:
    if isinstance(file, io.BytesIO):
        return bytes(file.getbuffer()[-length:])
    with file.open("rb") as opened:
        opened.seek(max(0, opened.seek(0, os.SEEK_END) - length))
        return opened.read()
