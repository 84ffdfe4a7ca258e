"""Who is stuck finds a way out, and nobody is handed the answer at once."""

from __future__ import annotations

import json
import linecache
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from byhand import answers, begin, check
from byhand.checking import stuck
from byhand.checking.check import CheckFailed
from byhand.exercises import chapters
from byhand.mine.session import current


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A kernel that begins in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BYHAND_MINE", raising=False)
    monkeypatch.setattr(stuck, "_given", {})
    current.cache_clear()
    yield
    current.cache_clear()


def defined(text: str, name: str) -> Any:
    """A function as a cell defines it."""
    file = f"<cell {hash(text)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    space: dict[str, Any] = {"np": np, "__name__": "__main__"}
    exec(compile(text, file, "exec"), space)
    return space[name]


def tried(body: str) -> None:
    function = defined(f"def sigmoid(x):\n    return {body}\n", "sigmoid")
    with pytest.raises(CheckFailed):
        check(function)


def test_every_exercise_has_a_hint_a_model_answer_and_every_written_task_a_scheme() -> None:
    for chapter in chapters():
        known = answers.of_chapter(chapter.name)
        for exercise in chapter.exercises:
            assert "def " in known[exercise.name]["answer"] and "BEGIN" not in known[exercise.name]["answer"]
        for name, found in known.items():
            assert found["answer"].strip(), name
            if "scheme" in found:
                assert "point" in found["scheme"], name


@pytest.mark.parametrize("name", [one.name for one in chapters()])
def test_every_exercise_has_a_nudge_and_a_second_hint(name: str) -> None:
    known = answers.of_chapter(name)
    (here,) = (one for one in chapters() if one.name == name)
    hints = {exercise.name: known[exercise.name]["hints"] for exercise in here.exercises}
    assert {name: len(found) for name, found in hints.items() if len(found) != 2} == {}


def test_hints_come_one_after_the_other_and_the_last_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "of_chapter", lambda name: {"sigmoid": {"hints": ["a nudge", "more"]}})
    first, second, third = (stuck.hint("sigmoid") for _ in range(3))
    assert "a nudge" in first and "Hint 1 of 2" in first and "more" in second and "more" in third
    assert "solution(" in second


def test_the_model_answer_opens_after_three_honest_tries() -> None:
    tried("1 / (1 + np.exp(x))")
    tried("1 / (1 + np.exp(x))")  # the same text is no other try
    with pytest.raises(CheckFailed):
        check(defined("def sigmoid(x):\n    raise NotImplementedError()\n", "sigmoid"))
    assert "2 to go" in stuck.solution("sigmoid")
    tried("1 / np.exp(-x)")
    assert "1 to go" in stuck.solution("sigmoid")
    tried("0 * x")
    shown = stuck.solution("sigmoid")
    assert "model answer" in shown and "def sigmoid(x):" in shown
    assert json.loads((Path("mine") / ".progress" / "sigmoid.json").read_text())["looked"] is True


def test_the_model_answer_stands_beside_ones_own_once_that_passes() -> None:
    text = "def sigmoid(x):\n    return 0.5 * (1 + np.tanh(x / 2))  # mine\n"
    function = defined(text, "sigmoid")
    begin("02_activations")
    current().notebook["sigmoid"] = function
    current().notebook["np"] = np
    check(function)
    shown = stuck.solution("sigmoid")
    assert "# mine" in shown and shown.count("def sigmoid(x):") == 2


def test_a_written_tasks_scheme_opens_once_ones_own_is_saved(tmp_path: Path) -> None:
    def save(text: str) -> None:
        cell = {
            "cell_type": "markdown",
            "source": [text],
            "metadata": {"nbgrader": {"grade_id": "written-xor"}},
        }
        (tmp_path / "01_neuron.ipynb").write_text(json.dumps({"cells": [cell]}))

    assert "first, and save" in stuck.solution("written-xor")
    save("YOUR ANSWER HERE")
    assert "first, and save" in stuck.solution("written-xor")
    save("Because a line cannot.")
    assert "marking scheme:" in stuck.solution("written-xor")


def test_a_copy_without_answers_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "of_chapter", lambda name: {})
    assert "no model answers" in stuck.solution("sigmoid")
    assert "no hint" in stuck.hint("sigmoid")


def test_trying_shows_what_comes_back_and_judges_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    def seen(text: str, *arguments: Any) -> str:
        stuck.try_it(defined(text, "f"), *arguments)
        return capsys.readouterr().out

    assert seen("def f(x): return np.abs(x).sum()", [3, -4]).startswith("f([3, -4])\n")
    assert seen("def f(x): return np.abs(x).sum()", [3, -4]).endswith("\n7, a value of type int64\n")
    assert "an array of shape (2,)" in seen("def f(x): return x * 2.0", [3, -4])
    assert "returned nothing (None)" in seen("def f(x): x", [3])
    assert "not written yet" in seen("def f(x): raise NotImplementedError()", [3])
    assert "a tuple of 2" in seen("def f(x): return x, 1", [3])
    assert "stopped with ZeroDivisionError" in seen("def f(x): return 1 / 0", [3])
    assert seen("def f(x, axis=-1): return x").startswith("f takes x, axis. Write a value for each")
    assert seen("def f(): return 1", 3).startswith("f takes no arguments")
    assert not Path("mine").exists()
