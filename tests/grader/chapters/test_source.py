"""Sources are read into exactly what nbgrader would release, and wrong ones are told what is wrong."""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from pathlib import Path

import jupytext
import nbformat
import pytest
import small_chapter
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from small_chapter import check, code, demo, marks, prose, solution, written
from traitlets.config import Config

from byhand.exercises import chapter as chapter_of_the_course
from grader.chapters import source
from grader.chapters.identity import SOLUTIONS, release_digest, text_id
from grader.chapters.reader import MAY_FAIL
from grader.model import Role

CHAPTERS = source.chapter_names()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return small_chapter.write(tmp_path / "solutions")


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a stock ``nbgrader generate_assignment`` makes of all sources, in one run."""
    root = tmp_path_factory.mktemp("course")
    small_chapter.write(root / "small")
    place = root / "source" / "all"
    place.mkdir(parents=True)
    for path in [*SOLUTIONS.glob("*.py"), *root.glob("small/*.py")]:
        notebook = jupytext.read(path, fmt="py:percent")
        for cell in notebook.cells:
            cell.metadata.pop("lines_to_next_cell", None)  # Jupytext's own
            marks = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "code" and (marks.get("solution") or marks.get("grade")):
                cell.metadata["tags"] = [*cell.metadata.get("tags", []), MAY_FAIL]  # ours: Run All goes on
        nbformat.write(notebook, place / f"{path.stem}.ipynb")
    database = f"sqlite:///{root / 'gradebook.db'}"
    config = Config({"CourseDirectory": {"root": str(root), "assignment_id": "all", "db_url": database}})
    log = logging.getLogger("generate")
    log.setLevel(logging.CRITICAL)
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader calls the program `alembic`, which stands beside this Python.
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        GenerateAssignment(coursedir=CourseDirectory(config=config, log=log), config=config, log=log).start()
    return root / "release" / "all"


@pytest.mark.parametrize("name", ["77_small", *CHAPTERS])
def test_the_released_notebook_is_what_nbgrader_generates(name: str, stock: Path, small: Path) -> None:
    theirs = nbformat.read(stock / f"{name}.ipynb", as_version=4)
    ours = source.released_notebook(source.load(name, SOLUTIONS if name in CHAPTERS else small))

    def without_ids(notebook: nbformat.NotebookNode) -> list[dict]:
        return [{key: value for key, value in cell.items() if key != "id"} for cell in notebook.cells]

    assert without_ids(ours) == without_ids(theirs)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_read_quickly(name: str, tmp_path: Path) -> None:
    text = (SOLUTIONS / f"{name}.py").read_text(encoding="utf-8")

    def seconds(more: int) -> float:
        (tmp_path / f"{name}.py").write_text(text + "\n# more" * more, encoding="utf-8")  # not yet known
        start = time.process_time()
        source.load(name, tmp_path)
        return time.process_time() - start

    best = min(seconds(more) for more in range(1, 5))  # a busy machine spoils the others
    assert best < 0.3 * max(1, len(text) / 50_000)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_asks_for_every_exercise_of_its_topics(name: str) -> None:
    specs = {exercise.name for exercise in chapter_of_the_course(name).exercises}
    assert set(source.load(name).exercises) == specs


def test_cells_know_what_they_are_for(small: Path) -> None:
    chapter = source.load("77_small", small)
    given, demo_, answer, check_, text = Role.GIVEN, Role.DEMO, Role.SOLUTION, Role.CHECK, Role.WRITTEN
    assert [cell.role for cell in chapter.cells] == [
        *(given, given, demo_, answer, check_, given, answer, check_, given, text)
    ]
    assert chapter.exercises == ["sigmoid", "relu"]
    assert [(cell.name, cell.points) for cell in chapter.cells if cell.points] == [
        ("check-sigmoid", 2.0),
        ("check-relu", 3.0),
        ("written-why", 5.0),
    ]
    assert chapter.cells[3].source.endswith("    # YOUR CODE HERE\n    raise NotImplementedError()")
    assert "1 / (1 + np.exp(-x))" in chapter.solved[3].source
    assert chapter.cells[9].source == "YOUR ANSWER HERE"


def test_ids_are_valid_unique_and_stay_when_other_cells_change(tmp_path: Path) -> None:
    cells = [prose("Again."), code("1 + 1"), prose("Again."), *small_chapter.CELLS]
    before = [cell.id for cell in source.load("77_small", small_chapter.write(tmp_path, *cells)).cells]
    after = [
        cell.id
        for cell in source.load("77_small", small_chapter.write(tmp_path, prose("New."), *cells)).cells
    ]
    assert len(set(before)) == len(before)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", id_) for id_ in before)
    assert after[1:] == before
    assert before[0] == text_id("Again.") and before[2] == text_id("Again.") + "-2"
    assert "sigmoid" in before and "check-sigmoid" in before


def test_a_chapter_is_read_once_until_its_text_changes(small: Path) -> None:
    first = source.load("77_small", small)
    assert source.load("77_small", small) is first
    path = small / "77_small.py"
    path.write_text(path.read_text().replace("np.maximum(x, 0)", "x * (x > 0)"))
    second = source.load("77_small", small)
    assert second.digest != first.digest
    assert release_digest(second) == release_digest(first)  # learners receive the same


def test_the_solved_notebook_is_what_a_learner_would_write(small: Path) -> None:
    notebook = source.solved_notebook(source.load("77_small", small))
    nbformat.validate(notebook)
    texts = [cell.source for cell in notebook.cells]
    assert not any(re.search("BEGIN|END|point for the reason", text) for text in texts)
    assert texts[3].endswith("    return 1 / (1 + np.exp(-x))")
    assert texts[9] == "Because it is so."


def test_notebooks_made_of_a_chapter_do_not_share_its_metadata(small: Path) -> None:
    chapter = source.load("77_small", small)
    source.released_notebook(chapter).cells[4].metadata.nbgrader["points"] = 100
    assert chapter.cells[4].metadata["nbgrader"]["points"] == 2


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


WRONG = {
    "no check": ([solution("sigmoid")], "the answer cell 'sigmoid' has no check"),
    "no answer cell": ([check("sigmoid")], "the check 'check-sigmoid' has no answer cell"),
    "check first": ([check("sigmoid"), solution("sigmoid")], "comes before answer cell"),
    "check says more": (
        [solution("sigmoid"), changed(check("sigmoid"), "check(sigmoid)", "check(sigmoid); x = 1")],
        "line 20, cell check-sigmoid: its text must be exactly `check(sigmoid)`",
    ),
    "two of a name": (
        [solution("sigmoid"), solution("sigmoid"), check("sigmoid")],
        "the grade_id 'sigmoid' is used by 2 cells",
    ),
    "unknown exercise": ([solution("sigmoyd"), check("sigmoyd")], "Did you mean sigmoid"),
    "no points": ([solution("relu"), changed(check("relu"), '"points": 2, ', "")], "it has no points"),
    "no worth": ([solution("relu"), check("relu", points=0)], "its points must be more than 0"),
    "no region": (
        [changed(solution("relu"), "### BEGIN SOLUTION", "pass"), check("relu")],
        "every BEGIN SOLUTION needs its END SOLUTION",
    ),
    "whole cell": (
        [code("def relu(x):\n    return x", marks(grade_id="relu", solution=True)), check("relu")],
        "it needs a line with BEGIN SOLUTION",
    ),
    "another function": (
        [changed(solution("relu"), "def relu", "def rellu"), check("relu")],
        "it must define `def relu(`",
    ),
    "hidden signature": (
        [
            code(
                "### BEGIN SOLUTION\ndef relu(x):\n    return x\n### END SOLUTION",
                marks(grade_id="relu", solution=True),
            ),
            check("relu"),
        ],
        "learners would not see what to define",
    ),
    "answer shown": ([code("# BEGIN SOLUTION\nx = 1\n# END SOLUTION")], "learners would see the answer"),
    "scheme shown": ([prose("=== BEGIN MARK SCHEME ===\nsecret")], "learners would see it"),
    "no scheme": (
        [changed(written("why"), "BEGIN MARK SCHEME", "---")],
        "needs its END MARK SCHEME",
    ),
    "no model answer": ([written("why", answer="")], "it has no model answer"),
    "hidden tests": (
        [solution("relu"), check("relu"), code("### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS")],
        "hidden tests",
    ),
    "bad braces": ([code("x = 1", 'nbgrader={"grade": true')], "cannot be read"),
    "empty": ([code(""), prose("text")], "an empty cell"),
    "raw": (["# %% [raw]\n# text"], "a raw cell"),
    "bad name": ([written("why?")], "its grade_id must be"),
    "name of ours": (
        [code("x = 1", marks(grade_id="extra-1", locked=True))],
        "must not start with",
    ),
    "unlocked check": (
        [solution("relu"), changed(check("relu"), '"locked": true', '"locked": false')],
        "a check must be locked",
    ),
    "demo check": (
        [solution("relu"), changed(check("relu"), "nbgrader=", 'tags=["demo"] nbgrader=')],
        "a demo cell is skipped by grading",
    ),
    "no name": ([code("x = 1", marks(locked=True))], "it has no grade_id"),
    "check in prose": (
        [solution("relu"), changed(check("relu"), "# %%", "# %% [markdown]")],
        'has both "grade": true and "solution": true',
    ),
    "marks that are none": ([code("x = 1", "nbgrader=3")], "cannot be read"),
    "tags that are none": ([code("x = 1", 'tags="demo"')], "(in metadata.tags)"),
    "old metadata": (
        [solution("relu"), changed(check("relu"), '"schema_version": 3', '"schema_version": 1')],
        '"schema_version": 3',
    ),
    "unknown key": (
        [solution("relu"), changed(check("relu"), '"task"', '"tusk"')],
        "nbgrader does not accept",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_source_is_refused_with_place_and_reason(case: str, tmp_path: Path) -> None:
    cells, sentence = WRONG[case]
    with pytest.raises(source.SourceError) as caught:
        source.load("77_small", small_chapter.write(tmp_path / "solutions", *cells))
    assert sentence in str(caught.value)
    assert "solutions/77_small.py" in str(caught.value)


def test_every_wrong_cell_is_named_with_its_line(tmp_path: Path) -> None:
    cells = [demo("1"), changed(solution("relu"), "def relu", "def rellu"), check("relu", points=0)]
    folder = small_chapter.write(tmp_path / "solutions", *cells)
    with pytest.raises(source.SourceError) as caught:
        source.load("77_small", folder)
    lines = (folder / "77_small.py").read_text().splitlines()
    places = re.findall(r"line (\d+), cell (\S+):", str(caught.value))
    assert [name for _, name in places] == ["relu", "check-relu"]
    assert all(lines[int(number) - 1].startswith("# %%") for number, _ in places)


def test_a_missing_source_is_named_with_those_there_are(small: Path) -> None:
    with pytest.raises(source.SourceError, match="77_small"):
        source.load("78_none", small)


def test_a_source_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "77_small.py").write_bytes("# Größe".encode("latin-1"))
    with pytest.raises(source.SourceError, match="save it as UTF-8"):
        source.load("77_small", tmp_path)
