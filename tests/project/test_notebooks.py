"""Every notebook as a learner meets it: solved it runs clean, untouched only its checks fail."""

from __future__ import annotations

import ast
import doctest

import nbformat
import pytest
from nbclient import NotebookClient

from grader.chapters.identity import chapter_names
from grader.chapters.source import load, released_notebook, solved_notebook
from grader.model import Chapter, Role


@pytest.fixture(autouse=True)
def _as_at_home(monkeypatch):
    monkeypatch.delenv("BYHAND_MINE", raising=False)  # what passes is kept, in the notebook's folder


CHAPTERS = chapter_names()
each_chapter = pytest.mark.parametrize("name", CHAPTERS)


def run(notebook: nbformat.NotebookNode, folder, **options) -> nbformat.NotebookNode:
    """Run a notebook in a real kernel, in a folder of its own."""
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}, **options).execute()
    return notebook


def errors(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """The cells that ended with an error, and its name."""
    return {
        cell.id: output.ename
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "error"
    }


def warnings(notebook: nbformat.NotebookNode) -> list[str]:
    return [
        output.text
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stderr"
    ]


@each_chapter
def test_a_solved_notebook_runs_without_an_error_or_a_warning(name, tmp_path):
    done = run(solved_notebook(load(name)), tmp_path)
    assert errors(done) == {}
    assert warnings(done) == []


@each_chapter
def test_in_an_untouched_notebook_the_checks_fail_and_everything_else_runs(name, tmp_path):
    chapter = load(name)
    done = run(released_notebook(chapter), tmp_path, allow_errors=True)
    checks = {cell.id for cell in chapter.cells if cell.role is Role.CHECK}
    assert errors(done) == dict.fromkeys(checks, "CheckFailed")


@each_chapter
def test_nothing_but_demo_cells_needs_a_demo_cell(name):
    """Grading skips demo cells; the rest must run without them."""
    names: dict = {}
    for cell in load(name).solved:
        if cell.cell_type == "code" and cell.role is not Role.DEMO:
            exec(compile(cell.source, f"<{cell.id}>", "exec"), names)


@each_chapter
def test_the_examples_in_the_learners_docstrings_are_true(name):
    names: dict = {}
    tried = 0
    for cell in load(name).solved:
        if cell.cell_type != "code" or cell.role in (Role.DEMO, Role.CHECK):
            continue
        exec(compile(cell.source, f"<{cell.id}>", "exec"), names)
        if cell.role is Role.SOLUTION:
            definition = next(
                node for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef)
            )
            text = ast.get_docstring(definition) or ""
            examples = doctest.DocTestParser().get_doctest(text, names, cell.name, None, 0)
            result = doctest.DocTestRunner(verbose=False).run(examples, clear_globs=False)
            assert result.failed == 0
            tried += result.attempted
    assert tried > 0


@each_chapter
def test_a_chapter_has_what_every_chapter_has(name):
    chapter: Chapter = load(name)
    text = "\n".join(cell.source for cell in chapter.cells)
    for part in ("You will learn", "You need", "Time", "<summary>Hint</summary>", f'progress("{name}")'):
        assert part in text, f"{name} lacks {part!r}"
    assert sum(cell.points for cell in chapter.cells if cell.role is Role.CHECK) > 0
