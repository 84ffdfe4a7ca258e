"""A chapter's source, as learners get it and as it is solved.

What is read from a source (`grader.chapters.reader`) is kept for the next run, by a digest of its text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from byhand.exercises import chapters
from byhand.released import digest, text_digest
from grader.chapters import file_cache
from grader.chapters.identity import SOLUTIONS, chapter_names, plain, release_digest
from grader.errors import SourceError
from grader.model import KERNEL, Cell, Chapter, Role

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["SOLUTIONS", "SourceError", "chapter_names", "load", "released_notebook", "solved_notebook"]

KEPT = "chapter.json"


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
    return _load(name, f"{folder.name}/{name}.py", text, folder == SOLUTIONS)


@lru_cache(maxsize=64)
def _load(name: str, file: str, text: str, keep: bool) -> Chapter:
    if not keep:
        return _read(name, file, text)
    names = sorted(exercise.name for chapter in chapters() for exercise in chapter.exercises)
    here = Path(__file__).parent
    code = [here.parent / "model.py", *sorted(here.glob("*.py"))]
    tools = [version(package) for package in ("nbgrader", "jupytext", "nbformat")]

    def write(folder: Path) -> None:
        chapter = _read(name, file, text)
        (folder / KEPT).write_text(json.dumps([plain(chapter.cells), plain(chapter.solved)]), "utf-8")

    folder = file_cache.folder_of(
        f"chapter-{name}", file_cache.key_of([name, file, text, *names, *tools], code), write
    )
    cells, solved = (
        tuple(Cell(**{**cell, "role": Role(cell["role"])}) for cell in cells)
        for cells in json.loads((folder / KEPT).read_text("utf-8"))
    )
    return Chapter(name, cells, solved, digest([name, plain(cells), plain(solved)]))


def _read(name: str, file: str, text: str) -> Chapter:
    from grader.chapters.reader import read  # imports nbgrader, which takes a second

    return read(name, file, text)


def released_notebook(chapter: Chapter) -> NotebookNode:
    """What a learner receives: stubs, no answers, no marking schemes, no outputs."""
    return _notebook(chapter, chapter.cells)


def solved_notebook(chapter: Chapter) -> NotebookNode:
    """What a learner with every answer right would hand in: the answers without their delimiters.

    ``chapter.solved`` keeps the source's own text, delimiters and marking schemes included.
    """
    return _notebook(chapter, [replace(cell, source=answer_of(cell)) for cell in chapter.solved])


def answer_of(cell: Cell) -> str:
    """The answer in a solved cell as a learner would write it: no delimiters, no marking scheme."""
    if cell.role is Role.SOLUTION:
        kept = [line for line in cell.source.split("\n") if not re.search(r"\b(BEGIN|END) SOLUTION\b", line)]
        return "\n".join(kept)
    if cell.role is Role.WRITTEN:
        scheme = re.compile(r"^[^\n]*BEGIN MARK SCHEME.*?END MARK SCHEME[^\n]*$", re.MULTILINE | re.DOTALL)
        return scheme.sub("", cell.source).strip()
    return cell.source


def _notebook(chapter: Chapter, cells: Iterable[Cell]) -> NotebookNode:
    from nbformat import from_dict
    from nbformat.v4 import new_notebook

    nodes = []
    for cell in cells:  # nbformat's own makers check each against its schema, which takes most of the time
        node: dict[str, Any] = {
            "cell_type": cell.cell_type,
            "id": cell.id,
            "metadata": cell.metadata,
            "source": cell.source,
        }
        if cell.cell_type == "code":
            node |= {"execution_count": None, "outputs": []}
        nodes.append(from_dict(deepcopy(node)))
    mark = {
        "chapter": chapter.name,
        "release": release_digest(chapter),
        "text": text_digest((cell.cell_type, cell.source) for cell in chapter.cells),
    }
    metadata = {"byhand": mark, "kernelspec": dict(KERNEL), "language_info": {"name": "python"}}
    # The version is said, so that a newer nbformat writes the same bytes.
    made: NotebookNode = new_notebook(cells=nodes, metadata=metadata, nbformat=4, nbformat_minor=5)
    return made
