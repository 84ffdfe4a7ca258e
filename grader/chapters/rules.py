"""What a chapter's source must be like, and what its author is told when it is not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft4Validator
from jsonschema.exceptions import best_match
from nbformat import NotebookNode
from nbgrader.nbgraderformat import SCHEMA_VERSION, MetadataValidator

from byhand.exercises import UnknownExercise, find
from grader.model import Role

# Also the rule of the notebook format for cell ids, so that a name can be an id.
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def role_of(cell: NotebookNode) -> Role:
    """What a cell of the source is for, by nbgrader's metadata and the tag ``demo``."""
    marks = cell.metadata.get("nbgrader", {})
    if marks.get("grade") and marks.get("solution"):
        return Role.WRITTEN
    if marks.get("grade"):
        return Role.CHECK
    if marks.get("solution"):
        return Role.SOLUTION
    if "demo" in cell.metadata.get("tags", []):
        return Role.DEMO
    return Role.GIVEN


def name_of(cell: NotebookNode) -> str:
    """nbgrader's ``grade_id``; empty for cells that nbgrader does not look at."""
    marks = cell.metadata.get("nbgrader", {})
    looked_at = marks.get("grade") or marks.get("solution") or marks.get("locked")
    return marks.get("grade_id", "") if looked_at else ""


def problems(file: str, text: str, cells: list[NotebookNode]) -> list[str]:
    """Everything that is wrong with a source, one line each: file, line, cell, what to do."""
    lines = [number for number, line in enumerate(text.splitlines(), 1) if re.match(r"# %%", line)]
    # Text above the first marker is a cell too, and has no marker.
    lines = [1] * (len(cells) - len(lines)) + lines
    found = []
    for number, (cell, line) in enumerate(zip(cells, lines, strict=False), 1):
        name = _claimed_name(cell) or f"number {number}"
        found += [f"{file}, line {line}, cell {name}: {wrong}" for wrong in _wrong_alone(cell)]
    # What cells have to do with each other can be judged only when each of them is sound.
    return found or [f"{file}: {wrong}" for wrong in _wrong_together(cells)]


def _claimed_name(cell: NotebookNode) -> str:
    marks = cell.metadata.get("nbgrader")
    return str(marks.get("grade_id") or "") if isinstance(marks, dict) else ""


def _wrong_alone(cell: NotebookNode) -> Iterator[str]:
    metadata = cell.metadata
    if "incorrectly_encoded_metadata" in metadata or not isinstance(metadata.get("nbgrader", {}), dict):
        yield "the text after `# %%` cannot be read; look at the quotes and braces of nbgrader={…}."
        return
    if cell.cell_type not in ("code", "markdown"):
        yield f"a {cell.cell_type} cell; use code or markdown."
        return
    if not cell.source.strip():
        yield "an empty cell; remove it (two empty lines below the header make one, too)."
    if re.search(r"BEGIN HIDDEN TESTS|### (HASHED )?AUTOTEST", cell.source):
        yield "hidden tests and autotests have no place here; a check draws its inputs afresh instead."
    role = role_of(cell)
    if role is not Role.SOLUTION and re.search(r"(BEGIN|END) SOLUTION", cell.source):
        yield "BEGIN SOLUTION stands in a cell that is no solution cell, so learners would see the answer."
    if role is not Role.WRITTEN and re.search(r"(BEGIN|END) MARK SCHEME", cell.source):
        yield "a marking scheme stands in a cell that is no written question, so learners would see it."
    if "nbgrader" not in metadata:
        return
    yield from _wrong_metadata(cell) or _RULES[role](cell, metadata.nbgrader)


def _wrong_metadata(cell: NotebookNode) -> list[str]:
    """The first thing that is wrong with a cell's metadata; the order matters, for later rules trust earlier ones."""
    marks = cell.metadata.nbgrader
    for rule in (_wrong_name, _wrong_form, _wrong_use):
        if wrong := rule(cell, marks):
            return [wrong]
    return []


def _wrong_name(cell: NotebookNode, marks: NotebookNode) -> str | None:
    name = str(marks.get("grade_id") or "-")
    if marks.get("grade") and "points" not in marks:
        return 'it has no points; add "points": 2 (or what it is worth) to its nbgrader={…}.'
    if name.startswith(("course-", "extra-")):
        return 'a grade_id must not start with "course-" or "extra-", which stand for cells without one.'
    return (
        None if _NAME.fullmatch(name) else "its grade_id must be 1 to 64 of the characters a-z A-Z 0-9 - _."
    )


def _wrong_form(cell: NotebookNode, marks: NotebookNode) -> str | None:
    if marks.get("schema_version") != SCHEMA_VERSION:
        return f'its nbgrader={{…}} needs "schema_version": {SCHEMA_VERSION}.'
    if error := best_match(_metadata_schema().iter_errors(marks)):
        return f"nbgrader does not accept its metadata: {error.message}"
    if not marks.get("grade_id") and (marks["grade"] or marks["solution"] or marks["locked"]):
        return "it has no grade_id; give it the name of what it asks for."
    return None


def _wrong_use(cell: NotebookNode, marks: NotebookNode) -> str | None:
    if cell.cell_type == "markdown" and marks["grade"] != marks["solution"]:
        return 'a written answer has both "grade": true and "solution": true; other prose has neither.'
    if marks.get("task"):
        return "nbgrader's task cells are not used here; ask a written question instead."
    if "demo" in cell.metadata.get("tags", []):
        return "a demo cell is skipped by grading, so it cannot be an answer, a check or locked."
    return "its points must be more than 0." if marks.get("grade") and not marks["points"] > 0 else None


@cache
def _metadata_schema() -> Draft4Validator:
    """nbgrader's own rules for its metadata, read once: its validator reads them again for every cell."""
    return Draft4Validator(MetadataValidator().schema)


def _wrong_solution(cell: NotebookNode, marks: dict[str, Any]) -> Iterator[str]:
    name = marks["grade_id"]
    yield from _wrong_region(cell.source, "SOLUTION")
    if not re.search(rf"^def {re.escape(name)}\(", cell.source, re.MULTILINE):
        yield f"its grade_id is {name!r}, so it must define `def {name}(`."
    elif "BEGIN SOLUTION" in cell.source.partition(f"def {name}(")[0]:
        yield f"BEGIN SOLUTION stands above `def {name}(`, so learners would not see what to define."
    if marks["locked"]:
        yield 'an answer cell must be open to the learner; write "locked": false.'


def _wrong_check(cell: NotebookNode, marks: dict[str, Any]) -> Iterator[str]:
    exercise = _exercise(marks["grade_id"])
    if exercise is None:
        yield 'the grade_id of a check is "check-" and the name of the exercise.'
        return
    if cell.source.strip() != f"check({exercise})":
        yield f"its text must be exactly `check({exercise})`."
    if not marks["locked"]:
        yield 'a check must be locked; write "locked": true.'
    try:
        find(exercise)
    except UnknownExercise as error:
        yield str(error)


def _wrong_written(cell: NotebookNode, marks: dict[str, Any]) -> Iterator[str]:
    if cell.cell_type == "code":
        yield "a code cell cannot be both answer and check; make a solution cell and a check cell of it."
        return
    if not re.fullmatch(r"written-.+", marks["grade_id"]):
        yield 'the grade_id of a written question starts with "written-".'
    if marks["locked"]:
        yield 'a written answer must be open to the learner; write "locked": false.'
    yield from _wrong_region(cell.source, "MARK SCHEME")
    if not cell.source.partition("=== BEGIN MARK SCHEME")[0].strip():
        yield "it has no model answer; write one above the marking scheme."


def _wrong_given(cell: NotebookNode, marks: dict[str, Any]) -> Iterator[str]:
    return iter(())


_RULES = {
    Role.SOLUTION: _wrong_solution,
    Role.CHECK: _wrong_check,
    Role.WRITTEN: _wrong_written,
    Role.GIVEN: _wrong_given,
}


def _wrong_region(source: str, what: str) -> Iterator[str]:
    order = re.findall(rf"\b(BEGIN|END) {what}\b", source)
    if not order:
        yield f"it needs a line with BEGIN {what} and one with END {what}."
    elif order != ["BEGIN", "END"] * (len(order) // 2):
        yield f"every BEGIN {what} needs its END {what}, one after the other."


def _exercise(name: str) -> str | None:
    return name.removeprefix("check-") if re.fullmatch(r"check-.+", name) else None


def _wrong_together(cells: list[NotebookNode]) -> Iterator[str]:
    names = [name for cell in cells if (name := name_of(cell))]
    for name, times in Counter(names).items():
        if times > 1:
            yield f"the grade_id {name!r} is used by {times} cells; each needs its own."
    solutions = [name_of(cell) for cell in cells if role_of(cell) is Role.SOLUTION]
    for name in solutions:
        if f"check-{name}" not in names:
            yield f"the answer cell {name!r} has no check; add a cell check-{name} with `check({name})`."
    seen: set[str] = set()
    for cell in cells:
        exercise = _exercise(name_of(cell)) if role_of(cell) is Role.CHECK else None
        if exercise and exercise not in seen:
            where = "comes before" if exercise in solutions else "has no"
            yield f"the check {name_of(cell)!r} {where} answer cell; an answer cell {exercise!r} must stand above it."
        seen.add(name_of(cell))
