"""The first stage of everything: a chapter's source, read into what learners get and what solves it.

The released form is what ``nbgrader generate_assignment`` would write: the steps that it runs are run
here, one after the other, without its application, database and folders, which take seconds.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

import jupytext
from nbformat import NotebookNode, ValidationError, from_dict
from nbformat.v4 import new_notebook
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import CheckCellMetadata, NbGraderPreprocessor, SaveCells

from grader.errors import UserError
from grader.identity import SOLUTIONS, chapter_names, digest, plain, release_digest, text_digest, text_id
from grader.model import Cell, Chapter, Role
from grader.source_rules import name_of, problems, role_of

_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


class SourceError(UserError):
    """A source that cannot be released; the message says every place and what to do there."""


def load(name: str, folder: Path = SOLUTIONS) -> Chapter:
    """The chapter whose source is ``folder/name.py``.

    What was read is kept, and read again when the text of the file is another.

    Raises
    ------
    SourceError
        If there is no such source, or if it breaks a rule; the message has a line for each.
    """
    path = folder / f"{name}.py"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        known = ", ".join(chapter_names(folder)) or "none"
        raise SourceError(f"There is no {path}. The chapters there are: {known}.") from None
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8.") from None
    return _load(name, f"{folder.name}/{name}.py", text)


@lru_cache(maxsize=64)
def _load(name: str, file: str, text: str) -> Chapter:
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
    source.metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
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
    notebook, resources = deepcopy(source), {}
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


def released_notebook(chapter: Chapter) -> NotebookNode:
    """What a learner receives: stubs, no answers, no marking schemes, no outputs."""
    return _notebook(chapter, chapter.cells)


def solved_notebook(chapter: Chapter) -> NotebookNode:
    """What a learner with every answer right would hand in: the answers without their delimiters.

    ``chapter.solved`` keeps the source's own text, delimiters and marking schemes included.
    """
    return _notebook(chapter, [replace(cell, source=_answer(cell)) for cell in chapter.solved])


def _answer(cell: Cell) -> str:
    if cell.role is Role.SOLUTION:
        kept = [line for line in cell.source.split("\n") if not re.search(r"\b(BEGIN|END) SOLUTION\b", line)]
        return "\n".join(kept)
    if cell.role is Role.WRITTEN:
        scheme = re.compile(r"^[^\n]*BEGIN MARK SCHEME.*?END MARK SCHEME[^\n]*$", re.MULTILINE | re.DOTALL)
        return scheme.sub("", cell.source).strip()
    return cell.source


def _notebook(chapter: Chapter, cells: Iterable[Cell]) -> NotebookNode:
    nodes = []
    for cell in cells:  # nbformat's own makers check each against its schema, which takes most of the time
        node = {"cell_type": cell.cell_type, "id": cell.id, "metadata": cell.metadata, "source": cell.source}
        if cell.cell_type == "code":
            node |= {"execution_count": None, "outputs": []}
        nodes.append(from_dict(deepcopy(node)))
    mark = {
        "chapter": chapter.name,
        "release": release_digest(chapter),
        "text": text_digest((cell.cell_type, cell.source) for cell in chapter.cells),
    }
    metadata = {"byhand": mark, "kernelspec": dict(_KERNEL), "language_info": {"name": "python"}}
    # The version is said, so that a newer nbformat writes the same bytes.
    return new_notebook(cells=nodes, metadata=metadata, nbformat=4, nbformat_minor=5)
