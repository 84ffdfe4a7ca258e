"""A learner's path over several days: real kernels, one folder, and what becomes of what they wrote."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from byhand.mine.file import file_name
from grader.chapters.source import load, solved_notebook

SETUP = "import numpy as np\nfrom byhand import begin, check, mine\nbegin({chapter!r})"


def day(folder: Path, chapter: str, *cells: str) -> list[str]:
    """Open a notebook in a new kernel, run its setup cell and these cells; what each of them showed."""
    notebook = new_notebook(cells=[new_code_cell(text) for text in (SETUP.format(chapter=chapter), *cells)])
    client = NotebookClient(
        notebook, timeout=120, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    return [_shown(cell) for cell in notebook.cells[1:]]


def _shown(cell: nbformat.NotebookNode) -> str:
    texts = []
    for output in cell.outputs:
        texts += [
            output.get("text", ""),
            output.get("evalue", ""),
            output.get("data", {}).get("text/plain", ""),
        ]
    return "\n".join(texts)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a learner who has solved chapters 01 and 02, each in a kernel of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("BYHAND_MINE", raising=False)
        folder = tmp_path_factory.mktemp("work")
        for name in ("01_neuron", "02_activations"):
            notebook = solved_notebook(load(name))
            NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
        return folder


@pytest.fixture(autouse=True)
def _as_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BYHAND_MINE", raising=False)  # what passes is kept


def whose(folder: Path, *names: str) -> list[bool]:
    """Whether `mine.<name>` is the learner's own function, in chapter 03."""
    asked = f"print([getattr(mine, name).__module__.startswith('mine') for name in {names!r}])"
    return eval(day(folder, "03_backprop", asked)[0].strip().splitlines()[-1])


def test_every_exercise_of_a_solved_chapter_is_kept(folder: Path) -> None:
    for name in ("01_neuron", "02_activations"):
        missing = [
            cell.exercise
            for cell in load(name).cells
            if cell.exercise and not (folder / "mine" / file_name(cell.exercise)).is_file()
        ]
        assert missing == [], f"{name}: what was passed was not kept"


def test_a_later_chapter_is_built_from_what_was_written(folder: Path) -> None:
    assert whose(folder, "dense_forward", "sigmoid", "softmax") == [True, True, True]
    (answer,) = day(
        folder,
        "03_backprop",
        "print(mine.dense_forward(np.ones((1, 2)), np.ones((2, 1)), np.array([0.5]))[0])",
    )
    assert answer.strip() == "[[2.5]]"


def test_another_day_the_setup_cell_brings_a_chapter_back(folder: Path) -> None:
    shown, checked = day(folder, "02_activations", "print(sigmoid(0.0))", "check(sigmoid)")
    assert shown.strip() == "0.5"
    assert "right on all" in checked and "This is your version of" in checked


def test_an_answer_that_is_edited_badly_does_not_take_the_good_one_away(folder: Path) -> None:
    _, checked, used = day(
        folder,
        "02_activations",
        "def sigmoid(x):\n    return 1 / (1 + np.exp(x))",
        "check(sigmoid)",
        "print(mine.sigmoid(1.0).round(3))",
    )
    assert "wrong sign" in checked
    assert used.strip() == "0.731"


def test_a_kept_file_that_is_edited_badly_is_left_and_said(folder: Path) -> None:
    path = folder / "mine" / file_name("relu")
    good = path.read_text()
    path.write_text(good.replace("np.maximum", "np.minimum"))
    bad = path.read_text()
    assert bad != good
    (shown,) = day(folder, "03_backprop", "print(mine.relu(np.array([-1.0, 2.0])))")
    assert "does not pass its check now" in shown and "[0. 2.]" in shown
    assert path.read_text() == bad
    path.write_text(good)
    assert whose(folder, "relu") == [True]


def test_a_kept_file_that_is_deleted_gives_way_to_the_courses(folder: Path) -> None:
    path = folder / "mine" / file_name("tanh")
    text = path.read_text()
    path.unlink()
    (shown,) = day(folder, "03_backprop", "print(mine.tanh(0.0))")
    assert "The course's tanh is used here" in shown
    path.write_text(text)
    assert whose(folder, "tanh") == [True]


def test_a_course_update_that_changes_an_exercise_tries_the_kept_one_again(folder: Path) -> None:
    path = folder / "mine" / file_name("sigmoid")
    text = path.read_text()
    older = text.replace('"spec": "', '"spec": "0')  # as if the exercise had asked something else that day
    path.write_text(older)
    assert whose(folder, "sigmoid") == [True], "it still passes, so it is still used"
    path.write_text(text)
