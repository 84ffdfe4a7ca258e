"""What the stages hand to one another."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from byhand.checking.report import Report

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


class Role(StrEnum):
    """What a cell is for; decided by the source in ``solutions/``, never by the learner's copy."""

    GIVEN = "given"  # prose or code that the course provides
    DEMO = "demo"  # only shows something; grading skips it
    SOLUTION = "solution"  # the learner's answer to an exercise
    CHECK = "check"  # ``check(name)``: where the answer is collected
    WRITTEN = "written"  # a written answer, marked by a person
    EXTRA = "extra"  # a cell that the learner added


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook that we trust in everything but the text of learners' cells.

    ``name`` is nbgrader's ``grade_id``, empty for cells that have none. ``exercise`` is set for a
    check cell alone. ``points`` belong to check and written cells. ``id`` is the notebook format's
    cell id, unique in a notebook.
    """

    id: str
    role: Role
    cell_type: str  # "code" or "markdown"
    source: str
    name: str = ""
    points: float = 0.0
    exercise: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)  # the source's own (nbgrader, tags)
    changed: bool = False  # a solution or written cell whose text is not the untouched one


@dataclass(frozen=True)
class Chapter:
    """A chapter's released form, read from ``solutions/NN_topic.py``.

    ``cells`` hold what a learner receives (stubs, no answers, no marking schemes); ``solved`` the
    same cells with the answers in. ``digest`` changes whenever either does.
    """

    name: str  # "02_activations"
    cells: tuple[Cell, ...]
    solved: tuple[Cell, ...]
    digest: str

    @property
    def exercises(self) -> list[str]:
        """The exercises in the order of their checks."""
        return [cell.exercise for cell in self.cells if cell.exercise]


@dataclass(frozen=True)
class HandIn:
    """One file that a learner handed in for a chapter: the key of a row.

    ``digest`` is the SHA-256 of its bytes; ``time`` when it was handed in, as ``timestamp.txt`` says it, empty if
    nobody said.
    """

    student: str
    chapter: str
    digest: str
    time: str = ""

    @classmethod
    def of(cls, student: str, chapter: str, raw: bytes, time: str = "") -> HandIn:
        """The hand-in of these bytes."""
        return cls(student, chapter, hashlib.sha256(raw).hexdigest(), time)


@dataclass(frozen=True)
class Rebuilt:
    """A submission after rebuild: the source's cells in the source's order, plus the learner's text.

    ``repairs`` says, a sentence each, what had to be mended. ``unreadable`` is the reason why nothing
    of the learner's could be read; the cells are then the untouched ones.
    """

    chapter: Chapter
    cells: tuple[Cell, ...]
    repairs: tuple[str, ...] = ()
    unreadable: str | None = None

    @property
    def running(self) -> list[int]:
        """The cells that are run, by number: all code but what only shows something."""
        return [
            number
            for number, cell in enumerate(self.cells)
            if cell.cell_type == "code" and cell.role is not Role.DEMO
        ]


class Trouble(StrEnum):
    """Why a cell was stopped from outside."""

    TIME = "time"  # ran longer than the limit
    MEMORY = "memory"  # used more memory than the limit
    DIED = "died"  # the process ended: a crash, an exit, a kill
    GARBLED = "garbled"  # sent something that is no message of ours


@dataclass(frozen=True)
class Incident:
    """Something that stopped a cell (`cell` indexes ``Rebuilt.cells``), told in a sentence."""

    cell: int
    trouble: Trouble
    sentence: str


@dataclass(frozen=True)
class Executed:
    """What came out of the sandbox. Nothing here is trusted; every value was decoded from plain text.

    ``outputs[i]`` are notebook-format outputs of ``Rebuilt.cells[i]``, limited to text and PNG.
    ``collected[exercise]`` is what `byhand.checking.collect.collect` packed, or missing.
    """

    outputs: tuple[tuple[dict[str, Any], ...], ...]
    collected: dict[str, Any]
    incidents: tuple[Incident, ...] = ()
    refused: tuple[int, ...] = ()  # numbers of the system calls that were refused, if the sandbox was watched


class Status(StrEnum):
    """The `status` column of ``grades.csv``."""

    GRADED = "graded"
    REPAIRED = "repaired"
    UNREADABLE = "unreadable"
    TIMED_OUT = "timed out"
    NEEDS_REVIEW = "needs review"


@dataclass(frozen=True)
class Graded:
    """A hand-in with its marks, ready to be recorded and published."""

    hand_in: HandIn
    rebuilt: Rebuilt
    executed: Executed
    reports: dict[str, Report]  # by exercise, for every exercise of the chapter
    status: Status
    note: str  # plain sentences, one line
    fingerprint: str  # of all that marks and sentences follow from; the same fingerprint is not graded twice
    kept: bytes = b""  # what came out of the sandbox, to judge it again without running it again

    @property
    def student(self) -> str:
        """Whose it is."""
        return self.hand_in.student
