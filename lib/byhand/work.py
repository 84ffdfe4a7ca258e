"""The folder where a learner works: filled from ``course/``, and never emptied.

A notebook that is not there yet is copied. One in which nobody has worked is brought up to date. One in which
somebody has worked stays as it is; a newer version of its chapter is put beside it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from byhand.released import mark, untouched

NAME = "work"

NEW = "{name} is new."
UPDATED = "{name} was brought up to date; nobody had worked in it."
BESIDE = (
    "{name} was left as you have it. There is a newer version of the chapter, {beside}: it lies beside yours, and you "
    "need it only if you want what has changed. What you passed is kept for both."
)
LOST = "{name} could not be written ({error})."


@dataclass(frozen=True)
class Filled:
    """What was done about one notebook, and the sentence that says so."""

    name: str
    sentence: str


def fill(course: Path, work: Path) -> list[Filled]:
    """Bring what is new in `course` to `work`, and overwrite nobody's work.

    Returns
    -------
    list of Filled
        A line for each notebook about which something was done.
    """
    work.mkdir(parents=True, exist_ok=True)
    return [done for path in sorted(course.glob("[0-9][0-9]_*.ipynb")) if (done := _one(path, work))]


def _one(path: Path, work: Path) -> Filled | None:
    new, target = path.read_bytes(), work / path.name
    if not target.exists():
        return _write(target, new, NEW)
    old = target.read_bytes()
    if old == new or mark(old).get("release") == mark(new).get("release"):
        return None
    if untouched(old):
        return _write(target, new, UPDATED)
    beside = _free_place(target, new)
    return None if beside.exists() else _write(beside, new, BESIDE, name=target.name)


def _write(target: Path, content: bytes, sentence: str, name: str = "") -> Filled:
    name = name or target.name
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        return Filled(name, LOST.format(name=target.name, error=error.strerror))
    return Filled(name, sentence.format(name=name, beside=target.name))


def _free_place(target: Path, new: bytes) -> Path:
    """Where a new version can stand without touching anybody's work: the name of the one before, if it is this one."""
    for number in count(1):
        place = target.with_name(f"{target.stem}.new{'' if number == 1 else f'-{number}'}.ipynb")
        if not place.exists() or mark(place.read_bytes()).get("release") == mark(new).get("release"):
            return place
    raise AssertionError("there is always another number")
