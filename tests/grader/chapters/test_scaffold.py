"""A skeleton stands in every place that an exercise or a chapter touches, runs as it is, and says what to fill in."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from byhand.exercises import chapters
from grader.chapters import scaffold
from grader.chapters.identity import SOLUTIONS
from grader.errors import UserError

ROOT = SOLUTIONS.parent


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the parts of the repository that a skeleton touches."""
    for name in ("lib/byhand", "solutions", "tests/reference"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def known_there(root: Path, name: str) -> str:
    """What a fresh Python in that copy says of an exercise: its chapter, and whether its spec can be drawn."""
    code = (
        "from byhand.exercises import chapters, find\n"
        f"one = find({name!r})\n"
        "print(next(c.name for c in chapters() if one in c.exercises), len(one.cases(0)), len(one.mistakes))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, env={"PYTHONPATH": str(root / "lib")}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_an_exercise_is_known_as_soon_as_its_skeleton_stands(root: Path) -> None:
    written = scaffold.new_exercise(root, "softplus", "activations", "elementwise", 3)
    assert {str(path.relative_to(root)) for path in written.files} == {
        "lib/byhand/reference/activations/elementwise.py",
        "lib/byhand/exercises/activations/elementwise.py",
        "tests/reference/activations/test_elementwise.py",
        "solutions/02_activations.py",
    }
    assert known_there(root, "softplus") == "02_activations 2 1"
    source = (root / "solutions/02_activations.py").read_text()
    assert "# ### Exercise: `softplus` (3 points)" in source and '"points": 3,' in source
    assert source.index("check(softplus)") < source.index("## What you have learned")
    assert "FILL IN" in str(written) and "solutions/02_activations.py" in str(written)


def test_only_lines_are_added(root: Path) -> None:
    for path in scaffold.new_exercise(root, "softplus", "02_activations").files:
        before = (ROOT / path.relative_to(root)).read_text().splitlines()
        after = iter(path.read_text().splitlines())
        assert all(line in after for line in before), path


def test_a_new_topic_is_named_in_its_chapter(root: Path) -> None:
    scaffold.new_exercise(root, "maxout", "activations", "pieces")
    assert known_there(root, "maxout") == "02_activations 2 1"
    for path in ("lib/byhand/reference/activations/pieces.py", "tests/reference/activations/test_pieces.py"):
        ast.parse((root / path).read_text())


def test_a_chapter_is_the_next_one_and_has_every_room(root: Path) -> None:
    scaffold.new_chapter(root, "games", "Who wins?", "boards", "legal_moves", points=1)
    number = len(chapters())
    assert known_there(root, "legal_moves") == f"{number:02}_games 2 1"
    assert f"| `{number:02}_games` |" in (root / "README.md").read_text()
    assert 'layers = [\n    "games",' in (root / "pyproject.toml").read_text()
    notebook = (root / f"solutions/{number:02}_games.py").read_text()
    assert "(1 point)" in notebook and f'progress("{number:02}_games")' in notebook


@pytest.mark.parametrize(
    ("name", "chapter", "word"),
    [
        ("Soft Plus", "activations", "cannot be a name"),
        ("sigmoid", "activations", "an exercise called 'sigmoid' already"),
        ("recurrent", "activations", "a chapter or a module called"),
        ("softplus", "nothing", "no chapter 'nothing'"),
    ],
)
def test_a_name_that_cannot_be_is_refused_before_anything_is_written(
    root: Path, name: str, chapter: str, word: str
) -> None:
    with pytest.raises(UserError, match=word):
        scaffold.new_exercise(root, name, chapter)
    assert (root / "solutions/02_activations.py").read_text() == (
        ROOT / "solutions/02_activations.py"
    ).read_text()
