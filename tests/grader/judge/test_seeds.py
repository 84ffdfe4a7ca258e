"""What a hand-in is asked about: other inputs for other code, the same for the same, and nobody can know them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import small_chapter

from byhand.checking.collect import encode_cases
from byhand.exercises import Chapter as Contents
from byhand.exercises import chapters
from grader.chapters import source
from grader.errors import UserError
from grader.judge.seeds import (
    KEY_FILE,
    asking_order,
    class_key,
    code_digest,
    draw_cases,
    in_drawn_order,
    seed,
)
from grader.model import Chapter
from grader.rebuild.notebook import rebuild

KEY = b"k" * 32
SIGMOID = "def sigmoid(x):\n    # e to the minus x\n    return 1 / (1 + np.exp(-x))"


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> Chapter:
    return source.load("77_small", small_chapter.write(tmp_path_factory.mktemp("solutions")))


def notebook(chapter: Chapter) -> dict[str, Any]:
    """The small chapter with one answer, as JupyterLab saves it."""
    tree = json.loads(json.dumps(source.released_notebook(chapter)))
    cell(tree, "sigmoid")["source"] = SIGMOID
    return tree


def cell(tree: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in tree["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == name)


def code(tree: dict[str, Any], chapter: Chapter, **form: Any) -> str:
    return code_digest(rebuild(json.dumps(tree, **form).encode(), chapter))


def by_colab(tree: dict[str, Any]) -> None:
    tree["metadata"] = {"colab": {"provenance": []}, "kernelspec": {"name": "python3"}}
    for number, one in enumerate(tree["cells"]):
        one["metadata"] |= {"id": f"a{number}", "executionInfo": {"elapsed": 12, "status": "ok"}}
        one.pop("id", None)
        one["source"] = [line + "\n" for line in "".join(one["source"]).split("\n")]


def by_vs_code(tree: dict[str, Any]) -> None:
    for number, one in enumerate(tree["cells"]):
        one["id"] = f"{number:08x}"
        one["source"] = "".join(one["source"]).replace("\n", "\r\n") + "\r\n"
        if one["cell_type"] == "code":
            one |= {
                "execution_count": 7,
                "outputs": [{"output_type": "stream", "name": "stdout", "text": "1\n"}],
            }


def with_prose(tree: dict[str, Any]) -> None:
    note = {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": "A note of mine."}
    tree["cells"].insert(2, note)
    cell(tree, "written-why")["source"] = "Because."


def with_another_demo(tree: dict[str, Any]) -> None:
    demo = next(one for one in tree["cells"] if "demo" in one["metadata"].get("tags", ()))
    demo["source"] = "print('tried')"


@pytest.mark.parametrize("save", [by_colab, by_vs_code, with_prose, with_another_demo])
def test_the_same_code_is_asked_about_the_same(
    save: Callable[[dict[str, Any]], None], chapter: Chapter
) -> None:
    before = code(notebook(chapter), chapter)
    tree = notebook(chapter)
    save(tree)
    assert code(tree, chapter) == before
    assert code(tree, chapter, indent=1, ensure_ascii=False) == before


def another_answer(tree: dict[str, Any]) -> None:
    cell(tree, "sigmoid")["source"] = SIGMOID.replace("1 / ", "1.0 / ")


def another_comment(tree: dict[str, Any]) -> None:
    cell(tree, "sigmoid")["source"] = SIGMOID.replace("minus", "negative")  # `inspect` can read it


def another_answer_elsewhere(tree: dict[str, Any]) -> None:
    cell(tree, "relu")["source"] = "def relu(x):\n    return x"


def a_cell_of_ones_own(tree: dict[str, Any]) -> None:
    own = {"cell_type": "code", "id": "mine", "metadata": {}, "source": "x = 1", "outputs": []}
    tree["cells"].insert(4, own | {"execution_count": None})


def an_import_at_the_top(tree: dict[str, Any]) -> None:
    given = next(one for one in tree["cells"] if one["source"] == small_chapter.IMPORTS)
    given["source"] += "\nimport math"


@pytest.mark.parametrize(
    "change",
    [another_answer, another_comment, another_answer_elsewhere, a_cell_of_ones_own, an_import_at_the_top],
)
def test_other_code_is_asked_about_other_inputs(
    change: Callable[[dict[str, Any]], None], chapter: Chapter
) -> None:
    before = code(notebook(chapter), chapter)
    tree = notebook(chapter)
    change(tree)
    now = code(tree, chapter)
    assert now != before
    asked = [encode_cases(draw_cases(["relu"], "ada", KEY, one)["relu"]) for one in (before, now)]
    assert asked[0] != asked[1]


def test_a_corrected_text_of_the_course_leaves_the_inputs(chapter: Chapter, tmp_path: Path) -> None:
    cells = [
        one.replace(small_chapter.IMPORTS, "import numpy as np  # as ever") for one in small_chapter.CELLS
    ]
    corrected = source.load("77_small", small_chapter.write(tmp_path, *cells))
    assert code(notebook(corrected), corrected) == code(notebook(chapter), chapter)


def test_a_seed_is_of_one_key_learner_exercise_and_code() -> None:
    seeds = [
        seed(key, student, exercise, text)
        for key in (KEY, b"l" * 32)
        for student in ("ada", "ben")
        for exercise in ("relu", "tanh")
        for text in ("a", "b")
    ]
    assert len({tuple(one) for one in seeds}) == 16


def test_the_key_is_made_once_and_is_its_owners(tmp_path: Path) -> None:
    key = class_key(tmp_path)
    assert class_key(tmp_path) == key and len(key) == 32
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize("content", ["", "abc", "zz" * 32, "é" * 10])
def test_a_damaged_key_is_said_and_never_replaced(content: str, tmp_path: Path) -> None:
    path = tmp_path / KEY_FILE
    path.write_text(content, "utf-8")
    with pytest.raises(UserError, match="restore it from a backup"):
        class_key(tmp_path)
    assert path.read_text("utf-8") == content


def test_functions_are_asked_in_an_order_that_follows_from_the_key() -> None:
    encoded = encode_cases(draw_cases(["relu"], "ada", KEY, "")["relu"])
    order = asking_order(KEY, encoded)
    assert sorted(order) == list(range(len(encoded)))
    assert order == asking_order(KEY, encoded)
    assert len({tuple(asking_order(bytes([number]) * 32, encoded)) for number in range(20)}) > 5
    asked = [encoded[number] for number in order]
    assert in_drawn_order(order, asked) == encoded
    assert in_drawn_order(order, None) is None
    assert in_drawn_order(order, asked[1:]) == asked[1:]


@pytest.mark.parametrize("one", chapters(), ids=lambda one: one.name)
def test_the_next_hand_in_is_asked_about_other_inputs_wherever_there_are_any(one: Contents) -> None:
    names = [exercise.name for exercise in one.exercises]
    first, second = (draw_cases(names, "ada", KEY, code) for code in ("first", "second"))
    same = {name for name in names if encode_cases(first[name]) == encode_cases(second[name])}
    without = {name for name in names if not any(case.arguments or case.keywords for case in first[name])}
    assert same == without  # what is worked out by hand
