"""One setup cell is enough: after it, every cell of a notebook runs alone, in any order, on any day."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

import pytest

from byhand.exercises import chapter as contents_of
from byhand.mine.cells import free_names
from grader.chapters.identity import chapter_names
from grader.chapters.source import load
from grader.model import Cell, Role

each_chapter = pytest.mark.parametrize("name", chapter_names())


def code(name: str) -> list[Cell]:
    return [cell for cell in load(name).solved if cell.cell_type == "code"]


def bound_by(text: str) -> Iterator[str]:
    """The names that a cell gives to others: imports, definitions, assignments."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


@each_chapter
def test_every_cell_needs_the_setup_cell_alone(name: str) -> None:
    setup, *others = code(name)
    assert setup.role is Role.GIVEN and f'begin("{name}")' in setup.source, (
        "the first code cell begins the sitting"
    )
    exercises = {exercise.name for exercise in contents_of(name).exercises}  # `begin` binds them all
    known = {*bound_by(setup.source), *exercises, *dir(builtins), "display"}
    missing = {
        cell.name or cell.source[:60]: sorted(needed)
        for cell in others
        if cell.role is not Role.SOLUTION and (needed := set(free_names(cell.source)) - known)
    }
    assert missing == {}


@each_chapter
def test_a_learners_answer_needs_the_setup_cell_and_this_chapters_exercises_alone(name: str) -> None:
    setup, *others = code(name)
    known = {
        *bound_by(setup.source),
        *(exercise.name for exercise in contents_of(name).exercises),
        *dir(builtins),
    }
    answers = (cell for cell in others if cell.role is Role.SOLUTION)
    assert {cell.name: needed for cell in answers if (needed := set(free_names(cell.source)) - known)} == {}
