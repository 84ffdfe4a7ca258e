"""Answers that are too alike: for a person to ask about, never for a mark.

Two answers are the same but for names if their syntax trees are equal once docstrings, comments, annotations and
the learner's own choice of names are gone. Short functions are often the same by chance, and so is what half of
the class wrote; neither counts.
"""

from __future__ import annotations

import ast
import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

from grader import source
from grader.autograded import Answer
from grader.marked import Result
from grader.model import Role

SHORTEST = 25  # nodes of a syntax tree: two or three lines; what is shorter is alike by chance
ENOUGH = 60  # nodes that two learners share in all before anybody is asked
FEW = 4  # learners: what more of them share, the course or the docstring suggests
LONGEST = 20_000  # characters; no answer of the course comes near


@dataclass(frozen=True)
class Form:
    """What an answer is once its looks are gone: `plain` without docstrings, `nameless` without names too."""

    plain: str
    nameless: str
    nodes: int


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


@lru_cache(maxsize=50_000)
def form(code: str) -> Form | None:
    """The form of a piece of code; None if it is no Python, or too short or too long to say anything."""
    if len(code) > LONGEST:
        return None
    try:
        tree = ast.parse(code)
        _without_looks(tree)
        nodes = sum(1 for node in ast.walk(tree) if not isinstance(node, ast.expr_context))
        plain = ast.dump(tree)
        _without_names(tree)
        nameless = ast.dump(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return Form(_digest(plain), _digest(nameless), nodes) if nodes >= SHORTEST else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _without_looks(tree: ast.AST) -> None:
    """Take docstrings and annotations out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            if ast.get_docstring(node, clean=False) is not None:
                node.body = node.body[1:] or [ast.Pass()]
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None


def _without_names(tree: ast.AST) -> None:
    """Number the names that the learner chose, in the order in which they appear."""
    chosen: dict[str, str] = {}
    for node in ast.walk(tree):
        for name in _bound(node):
            chosen.setdefault(name, f"_{len(chosen)}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = chosen.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = chosen.get(node.arg, node.arg)
        elif isinstance(node, ast.keyword) and node.arg in chosen:
            node.arg = chosen[node.arg]
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            node.name = chosen.get(node.name, node.name)


def _bound(node: ast.AST) -> Iterable[str]:
    if isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name


def alike(results: Iterable[Result]) -> list[Alike]:
    """The pairs of one chapter's learners with answers that are the same but for names, the most alike first."""
    groups: dict[tuple[str, str], list[tuple[str, Form]]] = defaultdict(list)
    for result in results:
        courses = {one.nameless for one in _courses_own(result.chapter).values()}
        for answer in _tried(result):
            found = form(answer.code)
            if found and found.nameless not in courses:
                groups[answer.exercise, found.nameless].append((result.student, found))
    pairs: dict[tuple[str, str], Alike] = {}
    for (exercise, _), shared in groups.items():
        if len(shared) <= FEW:
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
    for result in results:
        courses = _courses_own(result.chapter)
        one = Copied(result.student)
        for answer in _tried(result):
            mine, theirs = form(answer.code), courses.get(answer.exercise)
            if mine and theirs and mine.plain == theirs.plain:
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
    forms = {cell.name: form(source.answer_of(cell)) for cell in solved if cell.role is Role.SOLUTION}
    return {name: one for name, one in forms.items() if one}
