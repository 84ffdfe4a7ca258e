"""How a chapter's source is read.

The released form is what ``nbgrader generate_assignment`` would write: the steps that it runs are run
here, one after the other, without its application, database and folders, which take seconds.
"""

from __future__ import annotations

import json
from collections import Counter
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any

import jupytext
from nbformat import NotebookNode, ValidationError
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import CheckCellMetadata, NbGraderPreprocessor, SaveCells

from byhand.released import digest
from grader.chapters.identity import plain, text_id
from grader.chapters.rules import name_of, problems, role_of
from grader.errors import SourceError
from grader.model import KERNEL, Cell, Chapter, Role

MAY_FAIL = "raises-exception"  # the tag that Jupyter knows for this


def read(name: str, file: str, text: str) -> Chapter:
    """The chapter called `name` that `text` is the source of.

    Raises
    ------
    SourceError
        If it breaks a rule; the message has a line for each, and names `file`.
    """
    try:
        source = jupytext.reads(text, fmt={"extension": ".py", "format_name": "percent"})
    except ValidationError as error:
        at = ".".join(str(part) for part in error.absolute_path)
        raise SourceError(f"{file}: a cell is not valid: {error.message} (in {at}).") from None
    wrong = problems(file, text, source.cells)
    if wrong:
        raise SourceError("\n".join(wrong))
    bare = _without_jupytext(source)
    cells = tuple(_cell(cell) for cell in _released(bare).cells)
    solved = tuple(replace(cell, source=own.source) for cell, own in zip(cells, bare.cells, strict=True))
    return Chapter(name, cells, solved, digest([name, plain(cells), plain(solved)]))


def _without_jupytext(source: NotebookNode) -> NotebookNode:
    """The source with our ids, and nothing in it that names tools or their versions."""
    for cell, id_ in zip(source.cells, _ids(source.cells), strict=True):
        cell.id = id_
        cell.metadata = {key: cell.metadata[key] for key in ("nbgrader", "tags") if key in cell.metadata}
        if role_of(cell) in (Role.SOLUTION, Role.CHECK):
            # *Run All* goes on behind an open exercise, and behind an answer with a mistake in its Python.
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), MAY_FAIL]
    source.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return source


def _ids(cells: list[NotebookNode]) -> list[str]:
    """nbgrader's name where there is one, else from the text, counted where a text repeats."""
    times: Counter[str] = Counter()
    ids = []
    for cell in cells:
        own = name_of(cell) or text_id(cell.source)
        times[own] += 1
        ids.append(own if times[own] == 1 else f"{own}-{times[own]}")
    return ids


def _released(source: NotebookNode) -> NotebookNode:
    notebook, resources = deepcopy(source), dict[str, Any]()
    for step in _steps():
        notebook, resources = step.preprocess(notebook, resources)
    return notebook


@cache
def _steps() -> list[NbGraderPreprocessor]:
    """nbgrader's own steps, in its order, but for those that change no cell.

    These are the one that writes to its database, and the one that looks for wrong metadata, which
    `problems` has done.
    """
    steps = GenerateAssignment.class_traits()["preprocessors"].default()
    return [step() for step in steps if step not in (SaveCells, CheckCellMetadata)]


def _cell(cell: NotebookNode) -> Cell:
    role = role_of(cell)
    name = name_of(cell)
    return Cell(
        id=cell.id,
        role=role,
        cell_type=cell.cell_type,
        source=cell.source,
        name=name,
        points=float(cell.metadata.nbgrader.points) if role in (Role.CHECK, Role.WRITTEN) else 0.0,
        exercise=name.removeprefix("check-") if role is Role.CHECK else None,
        metadata=json.loads(json.dumps(cell.metadata)),
    )
