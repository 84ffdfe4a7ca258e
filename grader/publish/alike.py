"""Answers that are too alike: for a person to ask about, never for a mark.

Two answers are the same but for names if their syntax trees are equal once docstrings, comments, annotations and
the learner's own choice of names are gone. Short functions are often the same by chance, and so is what half of
the class wrote; neither counts.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import combinations
from typing import Any

from grader.chapters import source
from grader.model import Role
from grader.publish.result import Result
from grader.record.autograded import Answer

SHORTEST = 25  # nodes of a syntax tree: two or three lines; what is shorter is alike by chance
ENOUGH = 60  # nodes that two learners share in all before anybody is asked
FEW = 4  # learners: what more of them share, the course or the docstring suggests
MANY = 40  # learners with an answer of one skeleton: nobody is asked about what so many wrote
LONGEST = 20_000  # characters; no answer of the course comes near


@dataclass(frozen=True)
class Form:
    """What an answer is once its looks are gone: `plain` without docstrings, `nameless` without names too."""

    plain: str
    nameless: str
    nodes: int
    skeleton: str = ""


@dataclass
class Alike:
    """Two learners, and the exercises in which their answers are the same but for names."""

    students: tuple[str, str]
    exercises: list[str] = field(default_factory=list)
    word_for_word: int = 0  # of those, how many have the same names too
    nodes: int = 0


@dataclass
class Copied:
    """A learner, and the exercises in which the answer is the course's own, names included."""

    student: str
    exercises: list[str] = field(default_factory=list)
    nodes: int = 0


# What is left of a code without it: brackets, operators and signs. Texts, comments and heads of functions may differ.
_CHANGES_EASILY = re.compile(r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|#[^\n]*|\bdef [^\n]*|[\w\s]+')
_SKIPPED = frozenset({"annotation", "returns", "type_comment", "ctx", "kind", "type_ignores"})
_NAMES = {ast.Name: "id", ast.arg: "arg", ast.keyword: "arg", ast.FunctionDef: "name", ast.ClassDef: "name"}


@lru_cache(maxsize=50_000)
def skeleton(code: str) -> str:
    """What two answers that are the same but for names surely share; quick, for there may be many answers."""
    return _CHANGES_EASILY.sub("", code)


@lru_cache(maxsize=50_000)
def form(code: str) -> Form | None:
    """The form of a piece of code; None if it is no Python, or too short or too long to say anything."""
    if len(code) > LONGEST:
        return None
    try:
        tree = ast.parse(code)
        spelled = _Spelled({name for node in ast.walk(tree) for name in _bound(node)})
        spelled.add(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    enough = spelled.nodes >= SHORTEST
    return Form(_digest(spelled.plain), _digest(spelled.nameless), spelled.nodes) if enough else None


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


class _Spelled:
    """A syntax tree as words, twice: as it is, and with the learner's own names numbered as they appear."""

    def __init__(self, own: set[str]) -> None:
        self.plain: list[str] = []
        self.nameless: list[str] = []
        self.nodes = 0
        self._own = own
        self._numbers: dict[str, int] = {}

    def add(self, node: ast.AST) -> None:
        self.nodes += 1
        self._say(type(node).__name__)
        named = _NAMES.get(type(node))
        for field_name in node._fields:
            if field_name in _SKIPPED:
                continue
            value = getattr(node, field_name, None)
            if field_name == named and value in self._own:
                self._say(value, f"_{self._numbers.setdefault(value, len(self._numbers))}")
            elif isinstance(value, ast.AST):
                self.add(value)
            elif isinstance(value, list):
                self._add_all(value[_has_docstring(node) :] if field_name == "body" else value)
            else:
                self._say(repr(value))

    def _add_all(self, values: list[Any]) -> None:
        self._say("[")
        for value in values:
            if isinstance(value, ast.AST):
                self.add(value)
            else:
                self._say(repr(value))
        self._say("]")

    def _say(self, word: str, instead: str | None = None) -> None:
        self.plain.append(word)
        self.nameless.append(word if instead is None else instead)


def _has_docstring(node: ast.AST) -> bool:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
        return False
    return ast.get_docstring(node, clean=False) is not None


def _bound(node: ast.AST) -> Iterable[str]:
    if isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name


def alike(results: Iterable[Result]) -> list[Alike]:
    """The pairs of one chapter's learners with answers that are the same but for names, the most alike first."""
    results = list(results)
    likely: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for result in results:
        for answer in _tried(result):
            likely[answer.exercise, skeleton(answer.code)].append((result.student, answer.code))
    courses = {
        one.nameless for name in {one.chapter for one in results} for one in _courses_own(name).values()
    }
    groups: dict[tuple[str, str], list[tuple[str, Form]]] = defaultdict(list)
    for (exercise, _), together in likely.items():
        for student, code in together if 1 < len(together) <= MANY else ():
            found = form(code)
            if found and found.nameless not in courses:
                groups[exercise, found.nameless].append((student, found))
    return _pairs((exercise, shared) for (exercise, _), shared in groups.items() if len(shared) <= FEW)


def _pairs(groups: Iterable[tuple[str, list[tuple[str, Form]]]]) -> list[Alike]:
    """Each two learners whose answers share enough, over all exercises."""
    pairs: dict[tuple[str, str], Alike] = {}
    for exercise, shared in groups:
        for (one, first), (other, second) in combinations(sorted(shared, key=lambda item: item[0]), 2):
            pair = pairs.setdefault((one, other), Alike((one, other)))
            pair.exercises.append(exercise)
            pair.nodes += first.nodes
            pair.word_for_word += first.plain == second.plain
    enough = [pair for pair in pairs.values() if pair.nodes >= ENOUGH]
    return sorted(enough, key=lambda pair: (-pair.nodes, pair.students))


def copied(results: Iterable[Result]) -> list[Copied]:
    """The learners of one chapter with answers that are the course's own, the most of them first."""
    found = []
    results = list(results)
    own = {name: _courses_own(name) for name in {result.chapter for result in results}}
    for result in results:
        courses = own[result.chapter]
        one = Copied(result.student)
        for answer in _tried(result):
            theirs = courses.get(answer.exercise)
            if theirs is None or skeleton(answer.code) != theirs.skeleton:
                continue
            mine = form(answer.code)
            if mine and mine.plain == theirs.plain:
                one.exercises.append(answer.exercise)
                one.nodes += mine.nodes
        if one.nodes >= ENOUGH:
            found.append(one)
    return sorted(found, key=lambda one: (-one.nodes, one.student))


def _tried(result: Result) -> list[Answer]:
    return [answer for answer in result.facts.answers if answer.changed and answer.code]


def _courses_own(chapter: str) -> dict[str, Form]:
    """The course's answers of a chapter; none for a chapter that the course no longer has."""
    try:
        solved = source.load(chapter).solved
    except source.SourceError:
        return {}
    codes = {cell.name: source.answer_of(cell) for cell in solved if cell.role is Role.SOLUTION}
    forms = {name: (form(code), skeleton(code)) for name, code in codes.items()}
    return {name: replace(one, skeleton=bare) for name, (one, bare) in forms.items() if one}
