"""Every field of a notebook, gone or of every wrong type: the answer is found, or a sentence says why not."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from corpus import CHAPTER, RELU, notebook, raw

from grader.chapters import source
from grader.model import Role
from grader.rebuild.notebook import rebuild

HONEST = json.loads(raw(notebook()))
GONE = object()
WRONG: list[Any] = [GONE, None, True, 0, -1, 1.5, "", "x", [], [[]], ["x", 1], {}, {"x": {}}, 10**30]
TOP = ["cells", "metadata", "nbformat", "nbformat_minor", "worksheets"]
CELL = [
    "id",
    "cell_type",
    "source",
    "metadata",
    "outputs",
    "execution_count",
    "attachments",
    "input",
    "level",
]
MARKS = ["grade", "grade_id", "locked", "points", "schema_version", "solution", "task"]
PLACES = [
    *((name,) for name in TOP),
    *(("metadata", name) for name in ("byhand", "kernelspec", "language_info")),
    *(("metadata", "byhand", name) for name in ("chapter", "release", "text")),
    *(("cells", ..., name) for name in CELL),
    *(("cells", ..., "metadata", name) for name in ("nbgrader", "tags", "id", "trusted")),
    *(("cells", ..., "metadata", "nbgrader", name) for name in MARKS),
]
NEEDED = {("cells",), ("cells", ..., "source")}  # without these there is no answer to find


def put(tree: Any, place: tuple[Any, ...], value: Any) -> None:
    """Set a field, of every cell where the place says so; where there is no such place, nothing is done."""
    key, *rest = place
    if key is ...:
        for one in tree:
            put(one, tuple(rest), value)
    elif rest and isinstance(tree, dict):
        put(tree.get(key), tuple(rest), value)
    elif isinstance(tree, dict):
        tree.pop(key, None)
        if value is not GONE:
            tree[key] = copy.deepcopy(value)


@pytest.mark.parametrize(
    "place", PLACES, ids=lambda place: ".".join("*" if key is ... else key for key in place)
)
def test_a_field_of_a_wrong_type_costs_only_itself(place: tuple[Any, ...]) -> None:
    chapter = source.load(CHAPTER)
    for value in WRONG:
        tree = copy.deepcopy(HONEST)
        put(tree, place, value)
        rebuilt = rebuild(json.dumps(tree).encode(), chapter)
        ours = [cell for cell in rebuilt.cells if cell.role is not Role.EXTRA]
        assert [(cell.id, cell.points) for cell in ours] == [(cell.id, cell.points) for cell in chapter.cells]
        found = any(RELU in cell.source for cell in rebuilt.cells if cell.cell_type == "code")
        assert found or rebuilt.unreadable or place in NEEDED, (value, rebuilt.repairs)
        if place not in NEEDED:
            assert found, (value, rebuilt.unreadable)
