"""Before a learner hands in, what they have kept and the notebook does not say is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from byhand.mine.file import Kept, written
from grader.intake.left_behind import left_behind
from grader.intake.submit import make_submission

CHAPTER = "02_activations"
RIGHT = "def relu(x):\n    return np.maximum(x, 0)\n"
UNTOUCHED = 'def relu(x):\n    """max(0, x)"""\n    # YOUR CODE HERE\n    raise NotImplementedError()\n'
COURSE = Path(__file__).parents[3] / "course"


def folder_with(tmp_path: Path, *cells: str, kept: str = RIGHT, whole: str = "") -> Path:
    notebook = json.loads((COURSE / f"{CHAPTER}.ipynb").read_text("utf-8"))
    own = [
        {"cell_type": "code", "id": f"own{number}", "metadata": {}, "source": text, "outputs": []}
        for number, text in enumerate(cells)
    ]
    notebook["cells"] = [
        cell for cell in notebook["cells"] if "def relu" not in "".join(cell["source"])
    ] + own
    path = tmp_path / f"{CHAPTER}.ipynb"
    path.write_text(json.dumps(notebook), "utf-8")
    file = tmp_path / "mine" / f"ch{CHAPTER}" / "relu.py"
    file.parent.mkdir(parents=True)
    file.write_text(whole or written(Kept("relu", "2026-11-30 14:55", kept, "spec")), "utf-8")
    return path


@pytest.mark.parametrize(
    "cells",
    [
        (RIGHT,),
        ("%matplotlib inline\ndef relu(x):  # mine\n\n    return np.maximum(x,  0)",),
        ("def relu(x):\n    return x", RIGHT),
    ],
    ids=["as kept", "with comments and spaces", "the last of two"],
)
def test_a_notebook_that_says_what_was_kept_is_handed_in_without_a_word(
    tmp_path: Path, cells: tuple[str, ...]
) -> None:
    assert left_behind(folder_with(tmp_path, *cells)) == []


@pytest.mark.parametrize(
    "cells", [(), (UNTOUCHED,), ("def relu(x:", "\x00")], ids=["gone", "emptied", "broken"]
)
def test_what_is_kept_and_missing_in_the_notebook_is_named(tmp_path: Path, cells: tuple[str, ...]) -> None:
    (sentence,) = left_behind(folder_with(tmp_path, *cells))
    assert "02_activations.ipynb has no relu" in sentence and "2026-11-30 14:55" in sentence
    assert "mine/ch02_activations/relu.py" in sentence


def test_what_was_changed_after_it_passed_is_named(tmp_path: Path) -> None:
    (sentence,) = left_behind(folder_with(tmp_path, "def relu(x):\n    return np.minimum(x, 0)\n"))
    assert "relu is not the version that passed" in sentence


@pytest.mark.parametrize("whole", [RIGHT, "def relu(", "\x00"], ids=["by hand", "broken", "no text"])
def test_a_kept_file_that_nothing_passed_with_is_no_reason_to_worry(tmp_path: Path, whole: str) -> None:
    assert left_behind(folder_with(tmp_path, UNTOUCHED, whole=whole)) == []


def test_packing_names_it_and_packs_all_the_same(tmp_path: Path) -> None:
    packed = make_submission(CHAPTER, "", folder_with(tmp_path, "x = 1").parent)
    first, last = str(packed).splitlines()
    assert "has no relu" in first and last == f"Hand in this file: {packed.path}"
    assert packed.path.is_file()
