"""Submissions whose file says more than a learner may say: points, tags, names, checks, results."""

from __future__ import annotations

import nbformat
from corpus import GRADED, OTHERS, REPAIRED, WRONG, Entry, Ground, attack, notebook, raw
from nbformat import NotebookNode


def _points(made: NotebookNode) -> None:
    for cell in made.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader.update(points=1000, locked=False)


def _tags(made: NotebookNode) -> None:
    for cell in made.cells:
        cell.metadata["tags"] = ["demo", "raises-exception", "skip-execution", "remove-cell"]


def _printed(made: NotebookNode) -> None:
    for cell in made.cells:
        if cell.source.startswith("check("):
            text = f"✓ {cell.source[6:-1]}: right on all 4 cases"
            cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": text}, execution_count=1)]
            cell.source = f"print({text!r})"


def _own_checks(made: NotebookNode) -> None:
    marks = {"grade": True, "grade_id": "check-bonus", "locked": True, "points": 500}
    marks |= {"schema_version": 3, "solution": False, "task": False}
    made.cells.append(nbformat.v4.new_code_cell("print(1)", id="bonus", metadata={"nbgrader": marks}))
    for cell in made.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name in ("check-sigmoid", "check-tanh"):
            cell.metadata.nbgrader.grade_id = "check-relu"
            cell.source = "check(relu)"


def _swapped(made: NotebookNode) -> None:
    """The answer to `relu` under every other name and id."""
    for cell in made.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution") and marks.get("grade_id") in OTHERS:
            cell.source = f"def {marks['grade_id']}(x):\n    return relu(x)"
            cell.id, marks["grade_id"] = f"check-{marks['grade_id']}", f"check-{marks['grade_id']}"


def _graded(ground: Ground) -> bytes:
    """Its own graded notebook, in which all is right."""
    made = notebook(answers={"sigmoid": WRONG})
    right = {"passed": True, "kind": "right", "headline": "Right.", "cases": 4, "right": 4}
    answers = [
        {"exercise": name, "cell": f"check-{name}", "points": 100, "asked": "", "changed": True}
        | {"report": {"exercise": name, **right}}
        for name in OTHERS
    ]
    facts = {"format": 1, "status": "graded", "note": "", "fingerprint": "0" * 64, "repairs": []}
    facts |= {"unreadable": None, "incidents": [], "answers": answers, "written": []}
    made.metadata["byhand"] = {**made.metadata["byhand"], **facts}
    return raw(made)


MARKERS = """
### BEGIN SOLUTION
sigmoid = tanh = lambda x: x
### END SOLUTION
### BEGIN HIDDEN TESTS
assert True
### END HIDDEN TESTS
### AUTOTEST sigmoid(1)
"""
ENTRIES = [
    attack("file-points", "raises the points of every check", edit=_points, about={"state": (REPAIRED,)}),
    attack("file-tags", "tags that skip cells", edit=_tags, about={"state": (REPAIRED,)}),
    attack("file-outputs", "shows passed checks that never ran", edit=_printed, about={"state": (REPAIRED,)}),
    attack("file-checks", "adds a check of its own", edit=_own_checks, about={"state": (REPAIRED,)}),
    attack("file-names", "gives answers the names of checks", edit=_swapped, about={"state": (REPAIRED,)}),
    attack("file-markers", "uses nbgrader's own markers", first=MARKERS, about={"state": (GRADED,)}),
    Entry("file-graded", "hands in a graded notebook in which all is right", _graded, (GRADED, REPAIRED)),
]
