"""What the corpus is made of: one entry a submission, with what it tries and what must happen.

Every entry hands in the same honest work, a right `relu` and nothing else, and a trick on top. The trick must
never earn a point, must never show what it was not given, and must never cost anybody their row.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from grader.chapters import source
from grader.classroom.sample_class import answer, extra

CHAPTER = "02_activations"
EXERCISES = tuple(source.load(CHAPTER).exercises)
OTHERS = tuple(name for name in EXERCISES if name != "relu")
RELU = "def relu(x):\n    return np.maximum(x, 0)"
WRONG = "def sigmoid(x):\n    return 1 / (1 + np.exp(x))"

GRADED, REPAIRED, UNREADABLE = "graded", "repaired", "unreadable"
TIMED_OUT, REVIEW = "timed out", "needs review"
RAN = (GRADED, REVIEW)  # it went through, or a person is asked to look


@dataclass(frozen=True)
class Ground:
    """Where the attack takes place: what an attacker could know at worst, paths and addresses included."""

    class_folder: str
    home: str
    repository: str
    python: str
    mark: str  # in the name of whatever an attack leaves behind
    port: int  # of a listener on this machine
    abstract: str  # the name of its abstract socket
    socket: str  # and of one in the file system
    process: int  # a process that is not the attacker's


@dataclass(frozen=True)
class Entry:
    """One hostile or broken submission.

    Parameters
    ----------
    name : str
        The student.
    tries : str
        What it tries.
    file : callable
        Makes the bytes that are handed in.
    state : tuple of str
        The states that its row may have.
    earns : frozenset of str
        The exercises that pass.
    loses : bool
        Whether it may cost itself what it would have earned.
    says : str
        What its note must say.
    """

    name: str
    tries: str
    file: Callable[[Ground], bytes]
    state: tuple[str, ...] = RAN
    earns: frozenset[str] = frozenset({"relu"})
    loses: bool = False
    says: str = ""


def notebook(
    *,
    first: str = "",
    last: str = "",
    answers: dict[str, str] | None = None,
    every: str = "",
    edit: Callable[[NotebookNode], None] | None = None,
) -> NotebookNode:
    """The honest notebook with cells on top and at the end, other answers, or any other change.

    `every` is the body of all other answers: the name of the exercise is `name`, its inputs `given`.
    """
    made = source.released_notebook(source.load(CHAPTER))
    for name in OTHERS if every else ():
        body = textwrap.indent(textwrap.dedent(every).strip(), "    ")
        answer(name, f"def {name}(*given):\n    name = {name!r}\n{body}")(made)
    for name, code in {"relu": RELU, **(answers or {})}.items():
        answer(name, code)(made)
    if first:
        extra(first, first=True)(made)
    if last:
        made.cells.append(new_code_cell(textwrap.dedent(last).strip(), id="own-last"))
    if edit:
        edit(made)
    return made


def raw(made: NotebookNode | dict[str, Any]) -> bytes:
    """A notebook as bytes; without nbformat's help, which would mend it."""
    return json.dumps(made).encode()


def attack(name: str, tries: str, *, about: dict[str, Any] | None = None, **parts: Any) -> Entry:
    """An entry whose code may name places on this machine, as ``$class_folder`` and so on."""

    def file(ground: Ground) -> bytes:
        text = raw(notebook(**parts)).decode()
        for key, value in vars(ground).items():
            text = text.replace(f"${key}", str(value))
        return text.encode()

    return Entry(name, tries, file, **(about or {}))
