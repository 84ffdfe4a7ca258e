"""What a mark and what a page follow from, as two digests for each chapter; both are computed from the imports.

The *mark* digest covers what decides: references, how inputs are drawn, acceptance, verdict, rebuild, sandbox and
all that they import, with the data that lie beside it, the chapter's cells that run or count, Python and NumPy.
The *page* digest covers the rest of what a graded notebook is made from: mistakes, diagnosis, sentences, styles,
prose. Where the mark digest is another, a hand-in is run again; where only the page digest is, it is judged again
from what its run gave. A module decides unless `TELLING` says that it only tells.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

import byhand
import byhand.exercises
import grader
from byhand.exercises import Chapter as Contents
from byhand.exercises import find_or_none
from byhand.exercises.digest import is_mistake
from grader.chapters import file_cache
from grader.execute.sandbox import Limits
from grader.execute.stripped_package import STAND_INS
from grader.model import Cell, Chapter, HandIn, Rebuilt, Role
from grader.pipeline.closure import Sources, imported

PACKAGES = {"byhand": Path(byhand.__file__).parent, "grader": Path(grader.__file__).parent}
# Every module of these: what runs inside a sandbox is started by its path, and imported by nobody.
DECIDING = ("grader.rebuild", "grader.execute", "grader.judge")
# Rooms that say something about a verdict and have no part in it, and what is in the digest by its value (limits,
# cells) and not by its code. Nothing else is left out of the mark digest.
TELLING = (
    "byhand.checking.diagnose",
    "byhand.checking.render",
    "byhand.checking.report",
    "byhand.checking.sentences",
    "grader.chapters.file_cache",
    "grader.classroom",
    "grader.execute.class_limits",
    "grader.messages",
)
# What makes a graded notebook of a verdict.
NOTEBOOK = ("grader.pipeline.submission", "grader.record.autograded")
COMPUTED = "digests.json"


@dataclass(frozen=True)
class Digests:
    """What a chapter's marks and its pages follow from."""

    mark: str
    page: str


def digests_of(chapter: Chapter) -> Digests:
    """The digests of a chapter. They are kept for the next run, as long as no file of ours changes."""
    known = chapter.name, chapter.digest
    if known not in _COMPUTED:
        _COMPUTED[known] = _kept(chapter)
    return _COMPUTED[known]


_COMPUTED: dict[tuple[str, str], Digests] = {}


def _kept(chapter: Chapter) -> Digests:
    def write(folder: Path) -> None:
        found = compute(chapter)
        (folder / COMPUTED).write_text(json.dumps([found.mark, found.page]), "utf-8")

    files = [
        path
        for package in PACKAGES.values()
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc" and "explore" not in path.parts
    ]
    key = file_cache.key_of([chapter.digest, *_versions()], files)
    folder = file_cache.folder_of(f"digests-{chapter.name}", key, write)
    return Digests(*json.loads((folder / COMPUTED).read_text("utf-8")))


@cache
def our_sources() -> Sources:
    """Our packages, read once."""
    return Sources(PACKAGES)


def compute(chapter: Chapter, sources: Sources | None = None) -> Digests:
    """The digests of a chapter, from the sources as they stand on the disk."""
    sources = sources or our_sources()
    deciding = deciding_modules(chapter, sources)
    telling = telling_modules(chapter, sources)
    mark, page = hashlib.sha256(), hashlib.sha256()
    for text in (*_versions(), *_cells(chapter), *_code(sources, deciding, only_deciding=True)):
        mark.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    for path in sources.data_of(deciding):
        mark.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    for text in (chapter.digest, *_code(sources, telling)):
        page.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    for path in sources.data_of(telling):
        page.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return Digests(mark.hexdigest(), page.hexdigest())


def deciding_modules(chapter: Chapter, sources: Sources) -> set[str]:
    """The modules that a mark of this chapter follows from."""
    roots = [*_contents(chapter), *(module for room in DECIDING for module in sources.below(room))]
    cells = map(sources.module_of, _imported_by_cells(chapter))
    found = sources.closure([*roots, *cells], _tells)
    return found | {"grader.pipeline.submission"}  # it leads the stages; what else it imports is named above


def telling_modules(chapter: Chapter, sources: Sources) -> set[str]:
    """The modules that a graded notebook of this chapter follows from, those that decide included."""
    roots = [*_contents(chapter), *(module for room in DECIDING for module in sources.below(room))]
    return sources.closure([*roots, *NOTEBOOK], packages=True)


def fingerprint(hand_in: HandIn, key: bytes, limits: Limits, chapter: Chapter) -> str:
    """A digest of all that a graded hand-in follows from."""
    digests = digests_of(chapter)
    text = repr((hand_in, repr(limits), digests.mark, digests.page))
    return hashlib.sha256(key + text.encode("utf-8", "surrogatepass")).hexdigest()


def run_digest(hand_in: HandIn, rebuilt: Rebuilt, key: bytes, limits: Limits) -> str:
    """A digest of all that a run of a hand-in follows from: its code, what decides marks, and the limits."""
    cells = [rebuilt.cells[number] for number in rebuilt.running]
    code = [(str(cell.role), cell.exercise, cell.source) for cell in cells]
    mark = digests_of(rebuilt.chapter).mark
    text = repr((hand_in.student, hand_in.chapter, repr(limits), mark, code, rebuilt.unreadable is None))
    return hashlib.sha256(key + text.encode("utf-8", "surrogatepass")).hexdigest()


def _contents(chapter: Chapter) -> list[str]:
    """The modules of a chapter's specs and references."""
    try:
        found: Contents = byhand.exercises.chapter(chapter.name)
    except byhand.exercises.UnknownExercise:  # a chapter of a test: its exercises are in others
        specs = [byhand.exercises.find(name) for name in chapter.exercises]
        return sorted(
            {spec.reference.__module__ for spec in specs} | {spec.inputs.__module__ for spec in specs}
        )
    room = f"byhand.exercises.{found.room}"
    references = {exercise.reference.__module__ for exercise in found.exercises}
    return [room, *(f"{room}.{topic}" for topic in found.topics), *sorted(references)]


def _imported_by_cells(chapter: Chapter) -> Iterator[str]:
    """What the chapter's own cells import in the sandbox; what has a stand-in there is not what it is here."""
    stand_ins = tuple(f"byhand.{Path(file).parent}" for file in STAND_INS if "/" in file)
    for cell in chapter.solved:
        if cell.cell_type == "code" and cell.role is not Role.DEMO:
            try:
                tree = ast.parse(cell.source)
            except SyntaxError:  # IPython's own commands
                continue
            yield from (name for name in imported(tree) if not name.startswith(stand_ins))
            yield from _through_mine(tree)


def _through_mine(tree: ast.Module) -> Iterator[str]:
    """The modules of the references that `mine.<name>` means in the grader."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "mine":
            exercise = find_or_none(node.attr)
            if exercise is not None:
                yield exercise.reference.__module__


def _cells(chapter: Chapter) -> Iterator[str]:
    """The cells of the source that run, are answered, or bear points."""
    for cell in chapter.cells:
        if cell.points or cell.role in (Role.SOLUTION, Role.WRITTEN) or _runs(cell):
            yield repr((str(cell.role), cell.cell_type, cell.name, cell.points, cell.exercise, cell.source))


def _runs(cell: Cell) -> bool:
    return cell.cell_type == "code" and cell.role is not Role.DEMO


def _versions() -> tuple[str, str]:
    return sys.version, np.__version__


def _tells(module: str) -> bool:
    return module.startswith(TELLING)


def _code(sources: Sources, modules: Iterable[str], *, only_deciding: bool = False) -> Iterator[str]:
    for module in sorted(modules):
        specs = only_deciding and module.startswith("byhand.exercises.")
        yield module + sources.text(module, deciding_part if specs else None)


def deciding_part(tree: ast.Module) -> ast.Module:
    """A module of specs without what has no part in a verdict: its mistakes, and the sentences of its acceptance."""
    kept = [node for node in tree.body if not is_mistake(node)]
    judging = _judging([node for node in kept if isinstance(node, ast.FunctionDef)])
    sentences = _Blank()
    return ast.Module(
        [sentences.visit(deepcopy(node)) if any(node is one for one in judging) else node for node in kept],
        [],
    )


def _judging(functions: list[ast.FunctionDef]) -> list[ast.FunctionDef]:
    """The functions that accept an answer, and those that they use."""
    named = {function.name: function for function in functions}
    waiting = [one for one in functions if "accept" in map(_called, one.decorator_list)]
    found: list[ast.FunctionDef] = []
    while waiting:
        function = waiting.pop()
        if not any(function is one for one in found):
            found.append(function)
            names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
            waiting += [named[name] for name in names & named.keys()]
    return found


def _called(node: ast.expr) -> str:
    """``"accept"`` of ``@relu.accept``."""
    function = node.func if isinstance(node, ast.Call) else node
    return function.attr if isinstance(function, ast.Attribute) else ""


class _Blank(ast.NodeTransformer):
    """Puts the same text in the place of every sentence."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Constant("…") if isinstance(node.value, str) and _is_sentence(node.value) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        parts = [one.value if isinstance(one, ast.Constant) else "…" for one in node.values]
        return ast.Constant("…") if _is_sentence("".join(map(str, parts))) else node


def _is_sentence(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z].* .*[.?!]", text, re.DOTALL))
