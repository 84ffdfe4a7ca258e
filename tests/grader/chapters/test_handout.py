"""A class can be given the course without its answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.chapters.handout import hand_out
from grader.chapters.identity import SOLUTIONS
from grader.errors import UserError


def test_a_hand_out_has_the_course_and_no_answers(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    assert "files written" in hand_out(SOLUTIONS.parent, folder)
    assert (folder / "course" / "02_activations.ipynb").is_file() and (folder / "Makefile").is_file()
    assert not (folder / "solutions").exists() and not (folder / "tests").exists()
    assert [path.name for path in (folder / "lib" / "byhand" / "answers").iterdir()] == ["__init__.py"]


def test_a_hand_out_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    with pytest.raises(UserError, match="is not empty"):
        hand_out(SOLUTIONS.parent, tmp_path)


def test_where_git_knows_no_files_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    with pytest.raises(UserError, match="git says"):
        hand_out(tmp_path / "root", tmp_path / "class")
