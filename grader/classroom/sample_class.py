"""A class to try the grader on: honest work, broken files, and attempts to forge marks.

Every submission is made from the solutions, so the sample class always fits the course. Each member
states its work and, apart from it, its trick: a trick must never earn what the work does not.
"""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import cast

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from byhand.exercises import find
from grader.chapters import source

Edit = Callable[[NotebookNode], None]
ALL = tuple(source.chapter_names())
LAST = ("02_activations",)


@dataclass(frozen=True)
class Member:
    """One student of the sample class.

    ``work`` edits a notebook that is solved (or, with ``solved=False``, untouched) into what the student
    honestly did; ``trick`` then tampers with it, ``spoil`` with the bytes of the file. ``beside`` are files
    handed in beside the notebook.
    """

    student: str
    story: str
    chapters: tuple[str, ...] = LAST
    solved: bool = True
    work: tuple[Edit, ...] = ()
    trick: tuple[Edit, ...] = ()
    spoil: Callable[[bytes], bytes] | None = None
    beside: dict[str, str] = field(default_factory=dict)

    def notebook(self, chapter_name: str, *, tricks: bool = True) -> NotebookNode:
        """The student's notebook, with or without the tricks."""
        chapter = source.load(chapter_name)
        notebook = source.solved_notebook(chapter) if self.solved else source.released_notebook(chapter)
        for edit in (*self.work, *(self.trick if tricks else ())):
            edit(notebook)
        return notebook

    def file(self, chapter_name: str) -> bytes:
        """The bytes that the student hands in."""
        raw = nbformat.writes(self.notebook(chapter_name)).encode()
        return self.spoil(raw) if self.spoil else raw


def _cell(notebook: NotebookNode, name: str) -> NotebookNode | None:
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name:
            return cast(NotebookNode, cell)
    return None


def answer(name: str, code: str) -> Edit:
    """Answer one exercise with `code`, in the chapters that ask for it."""

    def edit(notebook: NotebookNode) -> None:
        cell = _cell(notebook, name)
        if cell is not None:
            cell.source = textwrap.dedent(code).strip()

    return edit


def extra(code: str, *, first: bool = False) -> Edit:
    """Add a cell of the student's own, after the imports or at the end."""

    def edit(notebook: NotebookNode) -> None:
        code_cells = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
        position = code_cells[0] + 1 if first else len(notebook.cells)
        cell = new_code_cell(textwrap.dedent(code).strip(), id=f"own-{len(notebook.cells)}")
        notebook.cells.insert(position, cell)

    return edit


def mistakes(which: int, every: int = 1) -> Edit:
    """Make the known mistake number `which` in every `every`-th exercise that has one a student could write."""

    def edit(notebook: NotebookNode) -> None:
        for position, name in enumerate(_exercises(notebook)):
            if position % every == 0:
                written = (_code_of(mistake.function, name) for mistake in find(name).mistakes)
                code = next(islice(filter(None, written), which, None), None)
                if code:
                    answer(name, code)(notebook)

    return edit


def _exercises(notebook: NotebookNode) -> list[str]:
    names = (cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in notebook.cells)
    return [name.removeprefix("check-") for name in names if name.startswith("check-")]


def _code_of(function: Callable[..., object], name: str) -> str | None:
    """The text of a mistake as a student would write it; None if it needs more than NumPy.

    Of a mistake that is switched in a computation which several share, it is the computation, switched.
    """
    switched = function.keywords if isinstance(function, partial) else {}
    written = function.func if isinstance(function, partial) else function
    if not inspect.isfunction(written):  # one of NumPy's own
        return None
    try:
        definition = ast.parse(textwrap.dedent(inspect.getsource(written))).body[0]
    except SyntaxError:  # a lambda inside a longer line
        return None
    if not isinstance(definition, ast.FunctionDef):
        return None
    if not all(isinstance(value, bool | int | float | str | tuple | None) for value in switched.values()):
        return None
    for place, argument in enumerate(definition.args.kwonlyargs):
        if argument.arg in switched:
            definition.args.kw_defaults[place] = ast.parse(repr(switched[argument.arg]), mode="eval").body
    definition.decorator_list, definition.name = [], name
    names = {node.id for node in ast.walk(definition) if isinstance(node, ast.Name)}
    return None if names & set(written.__globals__) - {"np"} else ast.unparse(definition)


def _half(notebook: NotebookNode) -> None:
    names = _exercises(notebook)
    for name in names[len(names) // 2 :]:
        parameters = ", ".join(find(name).parameters)
        answer(name, f"def {name}({parameters}):\n    raise NotImplementedError()")(notebook)


def _drop(notebook: NotebookNode) -> None:
    gone = {"check-sigmoid", "tanh"}
    notebook.cells = [
        cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") not in gone
    ]


def _duplicate(notebook: NotebookNode) -> None:
    cell = _cell(notebook, "relu")
    assert cell is not None  # the chapter asks for it
    copy = nbformat.from_dict(json.loads(json.dumps(cell)))
    copy.id = "relu-copy"
    cell.source = "def relu(x):\n    return np.abs(x)  # first try"
    notebook.cells.insert(notebook.cells.index(cell) + 1, copy)


def _reverse(notebook: NotebookNode) -> None:
    notebook.cells.reverse()


def _skip_tags(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.metadata["tags"] = ["demo", "raises-exception", "skip-execution"]


def _more_points(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader.points = 1000


def _passed_output(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name.startswith("check-"):
            text = f"✓ {name.removeprefix('check-')}: right on all 4 cases"
            cell.execution_count = 1
            cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": text}, execution_count=1)]


def _no_check(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if cell.source.startswith("check("):
            cell.source = "print('✓ right')"


RELU_ALONE = (answer("relu", "def relu(x):\n    return np.maximum(x, 0)"),)
WRONG_SIGMOID = answer("sigmoid", "def sigmoid(x):\n    return 1 / (1 + np.exp(x))")

ALWAYS_EQUAL = """
class Agrees(np.ndarray):
    def __eq__(self, other): return np.ones(np.shape(other), bool)
    def __sub__(self, other): return np.zeros(np.shape(other))
    __rsub__ = __sub__
    def __array_ufunc__(self, *args, **kwargs): return np.zeros(3)

def sigmoid(x):
    return np.zeros(np.shape(x)).view(Agrees)
"""
PATCHES = """
import builtins, sys
import byhand
builtins.AssertionError = type("Quiet", (Exception,), {})
np.allclose = np.array_equal = lambda *a, **k: True
np.isclose = lambda a, *rest, **k: np.ones(np.shape(a), bool)
np.testing.assert_allclose = lambda *a, **k: None
byhand.check = check = lambda *a, **k: None
for name, module in list(sys.modules.items()):
    for attribute in ("judge", "difference", "encode", "collect", "decode"):
        if name.startswith(("byhand", "__main__")) and hasattr(module, attribute):
            try:
                setattr(module, attribute, lambda *a, **k: True)
            except Exception:
                pass
"""
FORGED_MESSAGES = """
import json, os
for fd in range(3, 64):
    for message in ({"passed": True}, {"report": {"exercise": "sigmoid", "passed": True}},
                    {"collected": "sigmoid", "records": []}, {"verdict": "sigmoid", "points": 1000}):
        try:
            os.write(fd, json.dumps(message).encode() + b"\\n")
        except OSError:
            pass
"""
REFERENCE = """
def sigmoid(x):
    from byhand.reference.activations.elementwise import sigmoid as theirs
    return theirs(x)
"""
SPYING = """
import glob, os, socket, urllib.request
seen = []
for path in ("gradebook.db", "../gradebook.db", "../../gradebook.db", "/etc/shadow", os.path.expanduser("~")):
    try:
        seen.append(open(path, "rb").read(100))
    except OSError as error:
        seen.append(error)
seen += glob.glob("/home/*") + glob.glob("/root/*") + glob.glob("../*/*.ipynb") + glob.glob("/*/gradebook.db")
try:
    socket.create_connection(("127.0.0.1", 22), timeout=1)
    urllib.request.urlopen("http://example.org", timeout=1)
except OSError as error:
    seen.append(error)
print(seen)
"""
HELPER = """
def stable_exponential(x):
    return np.exp(-np.abs(x))
"""
WITH_HELPER = """
def sigmoid(x):
    e = stable_exponential(x)
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))
"""
NOISY = """
import sys, warnings
print("still working on this", file=sys.stderr)
warnings.warn("a warning costs nothing")
"""

MEMBERS = (
    Member("ada", "everything solved", ALL),
    Member("ben", "the first half of every chapter", ALL, work=(_half,)),
    Member("chen", "the first known mistake in every exercise", ALL, work=(mistakes(0),)),
    Member("dara", "the second known mistake in every other exercise", ALL, work=(mistakes(1, every=2),)),
    Member("elif", "the third known mistake in every third exercise", ALL, work=(mistakes(2, every=3),)),
    Member("femi", "a sigmoid with the wrong sign, all else right", work=(WRONG_SIGMOID,)),
    Member(
        "gita",
        "helpers in extra cells, and warnings on stderr",
        work=(extra(HELPER, first=True), extra(NOISY, first=True), answer("sigmoid", WITH_HELPER)),
    ),
    Member("hugo", "untouched", ALL, solved=False),
    Member("ines", "an empty file", spoil=lambda raw: b""),
    Member("jan", "a file cut in the middle", spoil=lambda raw: raw[: len(raw) // 2]),
    Member("kofi", "cells deleted", trick=(_drop,)),
    Member("lena", "a cell pasted twice, with a first try above", trick=(_duplicate,)),
    Member("moe", "all cells in the opposite order", trick=(_reverse,)),
    Member(
        "nuri",
        "a loop that never ends",
        work=(answer("tanh", "def tanh(x):\n    while True:\n        pass"),),
    ),
    Member(
        "olga",
        "a function that asks for all the memory there is",
        work=(
            answer(
                "relu", "def relu(x):\n    keep = []\n    while True:\n        keep.append(np.empty(10**8))"
            ),
        ),
    ),
    Member("pia", "looks for the network and the gradebook", trick=(extra(SPYING, first=True),)),
    Member("forger-tags", "tags that skip cells", solved=False, work=RELU_ALONE, trick=(_skip_tags,)),
    Member(
        "forger-patches",
        "patched asserts, NumPy and checks",
        solved=False,
        work=(*RELU_ALONE, WRONG_SIGMOID),
        trick=(extra(PATCHES, first=True),),
    ),
    Member(
        "forger-equal",
        "an answer that always agrees",
        solved=False,
        work=RELU_ALONE,
        trick=(answer("sigmoid", ALWAYS_EQUAL),),
    ),
    Member(
        "forger-numpy",
        "a numpy.py beside the notebook",
        solved=False,
        work=(*RELU_ALONE, WRONG_SIGMOID),
        beside={"numpy.py": "allclose = isclose = array_equal = lambda *a, **k: True\n"},
    ),
    Member("forger-points", "edited points", solved=False, work=RELU_ALONE, trick=(_more_points,)),
    Member(
        "forger-output",
        "output that looks like passed checks, and no checks",
        solved=False,
        work=RELU_ALONE,
        trick=(_passed_output, _no_check),
    ),
    Member(
        "forger-messages",
        "messages to the grader on every open channel",
        solved=False,
        work=(*RELU_ALONE, WRONG_SIGMOID),
        trick=(extra(FORGED_MESSAGES, first=True),),
    ),
    Member(
        "forger-reference",
        "the course's own function as the answer",
        solved=False,
        work=RELU_ALONE,
        trick=(answer("sigmoid", REFERENCE),),
    ),
)


def write_sample_class(folder: Path) -> list[Path]:
    """Write ``submitted/`` of the sample class into `folder`; files that are right already stay untouched."""
    written = []
    for member in MEMBERS:
        for chapter in member.chapters:
            place = folder / "submitted" / member.student / chapter
            files = {f"{chapter}.ipynb": member.file(chapter)}
            files |= {name: text.encode() for name, text in member.beside.items()}
            for name, content in files.items():
                path = place / name
                if path.exists() and path.read_bytes() == content:
                    continue
                place.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                written.append(path)
    return written
