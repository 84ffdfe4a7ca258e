"""``course/`` is made from ``solutions/``, always in the same bytes, without answers, and over nobody's work."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest
import small_chapter
from nbgrader.validator import Validator
from small_chapter import code, prose

from byhand.released import untouched
from grader.chapters import source
from grader.chapters.identity import SOLUTIONS
from grader.chapters.release import notebook_bytes, release
from grader.model import Chapter, Role

ROOT = SOLUTIONS.parent
CHAPTERS = source.chapter_names()


@pytest.fixture
def solutions(tmp_path: Path) -> Path:
    return small_chapter.write(tmp_path / "solutions")


@pytest.fixture
def course(tmp_path: Path, solutions: Path) -> Path:
    release(tmp_path / "course", solutions)
    return tmp_path / "course"


def edit(path: Path, change: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    next(cell for cell in notebook.cells if cell.id == "sigmoid").source = change
    nbformat.write(notebook, path)


def renew(solutions: Path) -> None:
    small_chapter.write(solutions, prose("# A newer chapter"), *small_chapter.CELLS[1:])


def said(course: Path, solutions: Path) -> str:
    return " ".join(str(outcome) for outcome in release(course, solutions))


# What is committed.


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_committed_notebook_is_what_its_source_makes(name: str) -> None:
    path = ROOT / "course" / f"{name}.ipynb"
    assert path.exists(), "run `make course`"
    assert path.read_bytes() == notebook_bytes(source.load(name)), "run `make course`"


def test_there_is_no_committed_notebook_without_a_source() -> None:
    assert [str(outcome) for outcome in release(ROOT / "course", check=True) if not outcome.current] == []


def regions(text: str, what: str) -> list[str]:
    return re.findall(rf"BEGIN {what}[^\n]*\n(.*?)\n[^\n]*END {what}", text, re.DOTALL)


def bare(text: str) -> str:
    """Without white space and comment signs, so that no way of laying out an answer hides it."""
    return re.sub(r"[\s#]", "", text)


def secrets(chapter: Chapter) -> list[str]:
    """Answers, model answers and marking schemes of a chapter."""
    found = []
    for cell in chapter.solved:
        if cell.role is Role.SOLUTION:
            found += regions(cell.source, "SOLUTION")
        if cell.role is Role.WRITTEN:
            schemes = regions(cell.source, "MARK SCHEME")
            answer = cell.source.partition("=== BEGIN MARK SCHEME")[0]
            found += [
                line for text in (answer, *schemes) for line in text.split("\n") if len(bare(line)) > 10
            ]
    return found


@pytest.mark.parametrize("name", [*CHAPTERS, "77_small"])
def test_no_answer_stands_in_the_course(name: str, solutions: Path) -> None:
    chapter = source.load(name, SOLUTIONS if name in CHAPTERS else solutions)
    hidden = secrets(chapter)
    assert len(hidden) >= sum(cell.role in (Role.SOLUTION, Role.WRITTEN) for cell in chapter.cells)
    shown = bare("\n".join(cell["source"] for cell in nbformat.reads(notebook_bytes(chapter), 4).cells))
    assert [text for text in hidden if bare(text) in shown] == []


@pytest.mark.parametrize("name", [*CHAPTERS, "77_small"])
def test_every_released_answer_cell_raises_not_implemented(name: str, solutions: Path) -> None:
    chapter = source.load(name, SOLUTIONS if name in CHAPTERS else solutions)
    stubs = [cell for cell in chapter.cells if cell.role is Role.SOLUTION]
    assert stubs
    for stub in stubs:
        function = next(
            node
            for node in ast.parse(stub.source).body
            if isinstance(node, ast.FunctionDef) and node.name == stub.name
        )
        raised = [ast.unparse(node) for node in function.body if isinstance(node, ast.Raise)]
        assert raised == ["raise NotImplementedError()"], stub.name
        # a line below it may say what to return, a cache for instance; untouched, it is never reached
        ends = [node for node in function.body if isinstance(node, ast.Raise | ast.Return)]
        assert isinstance(ends[0], ast.Raise), stub.name


# How it is made.


def test_the_same_source_gives_the_same_bytes_which_name_no_tool(solutions: Path) -> None:
    first = notebook_bytes(source.load("77_small", solutions))
    source._load.cache_clear()
    assert notebook_bytes(source.load("77_small", solutions)) == first
    assert not re.search(rb"jupytext|nbformat_version|\d{4}-\d\d-\d\d|version\": \"\d", first)
    notebook = nbformat.reads(first, as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"


def test_opening_and_saving_changes_no_byte(course: Path) -> None:
    path = course / "77_small.ipynb"
    before = path.read_bytes()
    nbformat.write(nbformat.read(path, as_version=4), path)
    assert path.read_bytes() == before


def test_a_second_run_writes_nothing(course: Path, solutions: Path) -> None:
    path = course / "77_small.ipynb"
    before = path.stat().st_mtime_ns
    assert said(course, solutions) == "course/77_small.ipynb is up to date."
    assert path.stat().st_mtime_ns == before


def test_a_notebook_that_was_only_run_is_written_again(course: Path, solutions: Path) -> None:
    path = course / "77_small.ipynb"
    fresh = path.read_bytes()
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="hello")]
    notebook.cells[1].execution_count = 3
    notebook.metadata.language_info.version = "3.12.1"
    nbformat.write(notebook, path)
    assert untouched(path.read_bytes())
    assert "written again" in said(course, solutions)
    assert path.read_bytes() == fresh


def test_an_edited_notebook_of_the_present_version_is_left_alone(course: Path, solutions: Path) -> None:
    path = course / "77_small.ipynb"
    edit(path, "def sigmoid(x): ...  # my work")
    mine = path.read_bytes()
    assert "somebody has worked in it" in said(course, solutions)
    assert path.read_bytes() == mine
    assert [file.name for file in course.iterdir()] == ["77_small.ipynb"]


def own_cell(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_markdown_cell("a note"))
    nbformat.write(notebook, path)


def other_type(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].cell_type = "raw"
    nbformat.write(notebook, path)


def no_digest(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    del notebook.metadata["byhand"]
    nbformat.write(notebook, path)


WORK = {
    "answer": lambda path: edit(path, "my work"),
    "own cell": own_cell,
    "other type": other_type,
    "no digest": no_digest,
    "empty file": lambda path: path.write_bytes(b""),
    "broken file": lambda path: path.write_bytes(b'{"cells": [1, {"cell_type": 2}]}'),
    "deep file": lambda path: path.write_bytes(b"[" * 100_000),
}


@pytest.mark.parametrize("kind", WORK)
def test_a_learners_notebook_is_never_written_over(kind: str, course: Path, solutions: Path) -> None:
    path = course / "77_small.ipynb"
    WORK[kind](path)
    mine = path.read_bytes()
    renew(solutions)
    sentence = said(course, solutions)
    assert path.read_bytes() == mine
    beside = course / "77_small.new.ipynb"
    assert "course/77_small.new.ipynb" in sentence and "copy your answers into it" in sentence
    assert beside.read_bytes() == notebook_bytes(source.load("77_small", solutions))


def test_work_in_the_notebook_beside_is_not_written_over_either(course: Path, solutions: Path) -> None:
    edit(course / "77_small.ipynb", "my work")
    renew(solutions)
    release(course, solutions)
    edit(course / "77_small.new.ipynb", "my work in the new one")
    mine = (course / "77_small.new.ipynb").read_bytes()
    small_chapter.write(solutions, prose("# Newer still"), *small_chapter.CELLS[1:])
    assert "77_small.new-2.ipynb" in said(course, solutions)
    assert (course / "77_small.new.ipynb").read_bytes() == mine
    assert b"Newer still" in (course / "77_small.new-2.ipynb").read_bytes()


def test_a_link_or_a_folder_in_the_place_of_a_notebook_stays(
    course: Path, solutions: Path, tmp_path: Path
) -> None:
    path = course / "77_small.ipynb"
    elsewhere = tmp_path / "elsewhere.ipynb"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    renew(solutions)
    before = elsewhere.read_bytes()
    assert "left as it is" in said(course, solutions)
    assert path.is_symlink() and elsewhere.read_bytes() == before


def test_checking_says_what_is_not_current_and_writes_nothing(course: Path, solutions: Path) -> None:
    assert all(outcome.current for outcome in release(course, solutions, check=True))
    renew(solutions)
    small_chapter.write(solutions, name="78_more")
    (course / "66_gone.ipynb").write_text("{}")
    before = {path: path.read_bytes() for path in course.iterdir()}
    outcomes = release(course, solutions, check=True)
    assert [(outcome.path.name, outcome.current) for outcome in outcomes] == [
        ("77_small.ipynb", False),
        ("78_more.ipynb", False),
        ("66_gone.ipynb", False),
    ]
    assert {path: path.read_bytes() for path in course.iterdir()} == before


def test_a_wrong_source_stops_everything_before_anything_is_written(tmp_path: Path, solutions: Path) -> None:
    small_chapter.write(solutions, code("### BEGIN SOLUTION"), name="78_wrong")
    with pytest.raises(source.SourceError):
        release(tmp_path / "course", solutions)
    assert not (tmp_path / "course").exists()


def test_the_validate_button_works(tmp_path: Path) -> None:
    start = code("import numpy as np\nfrom byhand import check")
    chapter = source.load("77_small", small_chapter.write(tmp_path, start, *small_chapter.CELLS[3:5]))
    found = {}
    for name, notebook in {
        "untouched": source.released_notebook(chapter),
        "solved": source.solved_notebook(chapter),
    }.items():
        nbformat.write(notebook, tmp_path / f"{name}.ipynb")
        found[name] = Validator().validate(str(tmp_path / f"{name}.ipynb"))
    assert found["solved"] == {}
    assert [cell["source"] for cell in found["untouched"]["failed"]] == ["check(sigmoid)"]
    # The report above says why; Validate, which shows tracebacks, names the check and that it failed.
    assert [cell["error"] for cell in found["untouched"]["failed"]] == ["CheckFailed"]
