"""The rooms are as docs/architecture.md says: imports run one way, and every chapter has the rooms that it needs."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from byhand import explore
from byhand.exercises import chapters

ROOT = Path(__file__).resolve().parents[2]
LIB = ROOT / "lib" / "byhand"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
ROOMS = [chapter.room for chapter in chapters()]


def test_imports_run_one_way_and_in_no_circle() -> None:
    program = str(Path(sys.executable).with_name("lint-imports"))
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in done.stdout


def test_the_drawing_is_as_the_imports_are() -> None:
    command = [sys.executable, str(ROOT / "docs" / "draw_architecture.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_contracts_name_every_chapter() -> None:
    (reference,) = (one for one in CONTRACTS if one.get("containers") == ["byhand.reference"])
    assert reference["layers"] == ROOMS[::-1], "a chapter's reference may import earlier ones alone"
    (pictures,) = (one for one in CONTRACTS if one.get("containers") == ["byhand.explore"])
    with_pictures = [room for room in ROOMS if (LIB / "explore" / room).is_dir()]
    assert pictures["layers"][0].split(" | ") == with_pictures


def test_the_contracts_name_every_room_of_the_grader() -> None:
    (stages,) = (one for one in CONTRACTS if one.get("containers") == ["grader"])
    named = {name for layer in stages["layers"] for name in layer.split(" | ")}
    there = {path.stem for path in (ROOT / "grader").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert named == there - {"__init__", "__pycache__"}


@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.name)
def test_the_specs_of_a_module_stand_beside_its_reference(chapter) -> None:
    for exercise in chapter.exercises:
        module = exercise.reference.__module__
        assert module.startswith(f"byhand.reference.{chapter.room}."), (
            f"{exercise.name} is defined in {module}"
        )
        topic = module.rpartition(".")[2]
        assert topic in chapter.topics, (
            f"{exercise.name}: its spec belongs into exercises/{chapter.room}/{topic}.py"
        )
        spec = (LIB / "exercises" / chapter.room / f"{topic}.py").read_text("utf-8")
        assert re.search(rf"^(def {exercise.name}\(|{exercise.name} = )", spec, re.MULTILINE), exercise.name


def test_no_exercise_has_the_name_of_a_module_or_of_another_chapter() -> None:
    names = {exercise.name for chapter in chapters() for exercise in chapter.exercises}
    modules = {
        path.stem for room in ("reference", "explore", "mine") for path in (LIB / room).rglob("[a-z]*.py")
    }
    # `neuron` is what chapter 01 is about, and the function that it ends in: there is no better word for either.
    assert names & (modules | set(ROOMS)) == {"neuron"}


def test_a_picture_has_the_name_of_its_module_and_no_chapters() -> None:
    for name, module in explore.pictures().items():
        assert callable(getattr(explore, name)), f"{module} holds no function {name}"
        assert name not in ROOMS
