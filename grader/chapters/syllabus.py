"""What the course asks for, counted: a row for each chapter, from its specs and its notebook."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from byhand import explore
from byhand.exercises import find
from grader.chapters.identity import chapter_names
from grader.chapters.source import load
from grader.model import Cell, Chapter, Role


@dataclass(frozen=True)
class Row:
    """One chapter, counted; or the sum of all of them.

    ``points`` are those of the checks, ``written_points`` those that a person gives. ``mistakes`` are the known
    ones that a check can name. An explorable counts once a chapter, however often it is shown.
    """

    chapter: str
    exercises: int
    points: float
    mistakes: int
    written: int
    written_points: float
    explorables: int


HEADINGS = ("chapter", "exercises", "points", "mistakes", "written", "by hand", "explorables")


def row(chapter: Chapter) -> Row:
    """Count what one chapter has."""
    checks = [cell for cell in chapter.cells if cell.role is Role.CHECK]
    written = [cell for cell in chapter.cells if cell.role is Role.WRITTEN]
    return Row(
        chapter.name,
        len(chapter.exercises),
        sum(cell.points for cell in checks),
        sum(len(find(name).mistakes) for name in chapter.exercises),
        len(written),
        sum(cell.points for cell in written),
        len(set().union(*(explorables(cell) for cell in chapter.cells))),
    )


def explorables(cell: Cell) -> set[str]:
    """The pictures with sliders that a cell shows: its calls of ``explore.name(…)``."""
    if cell.cell_type != "code" or "explore." not in cell.source:
        return set()
    called = (node.func for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call))
    return {
        function.attr
        for function in called
        if isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "explore"
        and function.attr in explore.pictures()
    }


def total(rows: list[Row]) -> Row:
    """The sum of all rows."""
    counts = zip(*(list(vars(one).values())[1:] for one in rows), strict=True)
    return Row("in all", *(sum(column) for column in counts))


def table() -> str:
    """The whole course as a table of text, a row a chapter and their sum below."""
    rows = [row(load(name)) for name in chapter_names()]
    body = [[_text(value) for value in vars(one).values()] for one in (*rows, total(rows))]
    widths = [max(map(len, column)) for column in zip(HEADINGS, *body, strict=True)]
    rule = "  ".join("-" * width for width in widths)
    lines = [_line(cells, widths) for cells in (list(HEADINGS), *body)]
    return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])


def _text(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _line(cells: tuple[str, ...] | list[str], widths: list[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])
