"""The rules of `mine`, one by one, as docs/mine.md tells them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from kernel_in_miniature import Notebook, check

from byhand.exercises import find
from byhand.mine.file import file_name, read
from byhand.mine.session import NotWritten, Session, marked
from byhand.mine.storage import FolderStorage, MemoryStorage, find_storage
from byhand.reference.activations import elementwise

SIGMOID = "import numpy as np\ndef sigmoid(x):\n    return 0.5 * (1 + np.tanh(x / 2))\n"
TANH = "def tanh(x):\n    return 2 * sigmoid(2 * x) - 1\n"


def file_of(folder: Path, name: str) -> Path:
    return folder / file_name(name)


# 1. One small text file an exercise: header, imports, helpers, constants, function. No cell statements.


def test_1_a_file_holds_what_the_function_reaches_and_nothing_else(
    activations: Notebook, folder: Path
) -> None:
    activations.run(
        "import numpy as np\nfrom math import pi\nHALF = 0.5\nunused = [1, 2]\nprint('a cell statement')\n"
        "def _soft(x):\n    # the stable form\n    return np.tanh(HALF * x)\n"
        "def sigmoid(x):\n    return HALF * (1 + _soft(x))\n"
    )
    assert activations.passed("sigmoid") is None
    text = file_of(folder, "sigmoid").read_text()
    title, facts, empty, *rest = text.split("\n")
    assert title.startswith("# sigmoid, chapter 2. It passed its check on 20") and not empty
    assert '"exercise": "sigmoid"' in facts and '"spec": "' in facts and '"text": "' in facts
    assert "\n".join(rest) == (
        "import numpy as np\n\nHALF = 0.5\n\n\n"
        "def _soft(x):\n    # the stable form\n    return np.tanh(HALF * x)\n\n\n"
        "def sigmoid(x):\n    return HALF * (1 + _soft(x))\n"
    )


def test_1_the_folder_is_a_package_to_take_home(activations: Notebook, folder: Path) -> None:
    activations.run(SIGMOID + TANH)
    activations.passed("sigmoid")
    activations.passed("tanh")
    code = "import mine\nfrom mine import tanh\nprint(round(float(tanh(1.0)), 4), mine.sigmoid(0.0))"
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(folder.parent)!r})\n{code}"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "0.7616 0.5\n"


# 2. Another exercise's name means `mine.<name>`, looked up when called.


def test_2_another_exercise_is_looked_up_and_never_copied(activations: Notebook, folder: Path) -> None:
    activations.run(SIGMOID + TANH)
    activations.passed("sigmoid")
    activations.passed("tanh")
    assert 'sigmoid = later("sigmoid")' in file_of(folder, "tanh").read_text()
    assert "np.tanh" not in file_of(folder, "tanh").read_text()


def test_2_what_is_called_by_mine_is_looked_up_too_and_the_file_needs_no_course(
    activations: Notebook, folder: Path
) -> None:
    activations.run(
        "from byhand import mine\n" + SIGMOID + "def tanh(x):\n    return 2 * mine.sigmoid(2 * x) - 1\n"
    )
    activations.passed("sigmoid")
    assert activations.passed("tanh") is None
    text = file_of(folder, "tanh").read_text()
    assert "\nimport mine\n" in text and "byhand import" not in text
    code = "from mine import tanh\nprint(round(float(tanh(1.0)), 4))"
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(folder.parent)!r})\n{code}"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "0.7616\n"
    again = activations.again("03_backprop")
    again.session.resolve("tanh")(np.array(0.5))
    assert again.session.used == {"tanh", "sigmoid"} and again.said == []


def test_2_an_argument_a_local_or_an_own_constant_of_that_name_is_none(
    activations: Notebook, folder: Path
) -> None:
    activations.run(
        "import numpy as np\ntanh = 3.0\n"
        "def sigmoid(x):\n    relu = np.abs(x)\n    def soft(step):\n        return np.exp(-step)\n"
        "    e = soft(relu)\n    return np.where(x < 0, e, 1) / (1 + e) + 0 * tanh\n"
    )
    assert activations.passed("sigmoid") is None
    text = file_of(folder, "sigmoid").read_text()
    assert "later" not in text and "tanh = 3.0" in text


def test_2_an_exercise_that_is_passed_on_as_a_function_is_looked_up_too(
    activations: Notebook, folder: Path
) -> None:
    activations.run(
        SIGMOID
        + "def _twice(f, x):\n    return f(2 * x)\ndef tanh(x):\n    return 2 * _twice(sigmoid, x) - 1\n"
    )
    activations.passed("sigmoid")
    assert activations.passed("tanh") is None
    assert 'sigmoid = later("sigmoid")' in file_of(folder, "tanh").read_text()


def test_2_a_better_helper_serves_what_was_kept_before(activations: Notebook) -> None:
    activations.run(SIGMOID + TANH)
    activations.passed("sigmoid")
    activations.passed("tanh")
    activations.run("def sigmoid(x):\n    calls.append(1)\n    e = np.exp(-np.abs(x))\n"
                    "    return np.where(x < 0, e, 1) / (1 + e)\ncalls = []\n")  # fmt: skip
    activations.passed("sigmoid")
    assert "def sigmoid" in read("sigmoid", activations.storage.read(file_name("sigmoid")) or "").text


# 3. Saved when the check passes and the file, loaded alone, passes too. The version before is not lost.


def test_3_what_a_file_cannot_hold_is_said_and_nothing_is_written(
    activations: Notebook, folder: Path
) -> None:
    activations.run("import numpy as np\nstate = iter([0.5])\nlast = object()\n"
                    "def sigmoid(x):\n    last\n    return 0.5 * (1 + np.tanh(x / 2))\n")  # fmt: skip
    said = activations.passed("sigmoid")
    assert said is not None and "last, a value of type object" in said
    assert not file_of(folder, "sigmoid").exists()


def test_3_a_file_that_fails_alone_is_not_written(activations: Notebook, folder: Path) -> None:
    activations.run("import numpy as np\nscale = [0.5]\ndef sigmoid(x):\n    scale[0] /= 1\n"
                    "    return scale[-1] * (1 + np.tanh(x / 2)) if len(seen) else 0 * x\nseen = {}\n")  # fmt: skip
    activations.run("seen[1] = 1")
    activations.run("del seen\nclass seen:\n    def __len__(self): return 1\nseen = seen()\n")
    said = activations.passed("sigmoid")
    assert said is not None and not file_of(folder, "sigmoid").exists()


def test_3_the_version_before_goes_to_the_side(activations: Notebook, folder: Path) -> None:
    activations.run(SIGMOID)
    activations.passed("sigmoid")
    first = file_of(folder, "sigmoid").read_text()
    activations.passed("sigmoid")
    assert not (folder / ".before").exists(), "the same text is no new version"
    activations.run(
        "def sigmoid(x):\n    e = np.exp(-np.abs(x))\n    return np.where(x < 0, e, 1) / (1 + e)\n"
    )
    activations.passed("sigmoid")
    assert (folder / ".before" / file_name("sigmoid")).read_text() == first
    assert "np.exp" in file_of(folder, "sigmoid").read_text()
    assert not list(folder.rglob("*.part"))


# 4. Which function a name means.


def test_4_an_earlier_chapters_is_yours_else_the_courses_said_once(activations: Notebook) -> None:
    activations.run(SIGMOID)
    activations.passed("sigmoid")
    later = activations.again("03_backprop")
    assert later.session.resolve("sigmoid") is not elementwise.sigmoid
    assert later.session.resolve("relu") is later.session.resolve("relu") is elementwise.relu
    assert len(later.said) == 1 and "The course's relu is used here" in later.said[0]


def test_4_in_a_check_this_chapters_is_the_notebooks_and_never_the_courses(activations: Notebook) -> None:
    activations.run("def sigmoid(x):\n    return 7.0\n")
    with activations.session.checking():
        assert activations.session.resolve("sigmoid")(0) == 7.0
        with pytest.raises(NotWritten, match="relu is not written yet"):
            activations.session.resolve("relu")


def test_4_in_a_demo_what_did_not_pass_is_not_used(activations: Notebook) -> None:
    activations.run(SIGMOID)
    activations.passed("sigmoid")
    activations.run(TANH)
    activations.passed("tanh")
    activations.run("def sigmoid(x):\n    return 7.0  # edited badly since\n")
    assert activations.session.resolve("sigmoid")(0.0) == 0.5
    assert activations.session.resolve("tanh")(0.0) == 0.0, "what tanh calls is what was kept, too"
    activations.run("def relu(x):\n    return 7.0\n")
    assert activations.session.resolve("relu") is elementwise.relu


def test_4_the_list_tells_yours_the_courses_and_what_is_not_written(activations: Notebook) -> None:
    activations.run(SIGMOID)
    activations.passed("sigmoid")
    activations.session.resolve("relu")
    whose = activations.session.whose()
    assert (whose["sigmoid"], whose["relu"], whose["tanh"]) == ("yours", "the course's", "not written yet")


def test_4_what_passed_with_the_courses_help_says_so(activations: Notebook, folder: Path) -> None:
    backprop = activations.again("03_backprop")
    backprop.run(
        "import numpy as np\ndef sigmoid_backward(dout, cache):\n    return dout * cache * (1 - cache)\n"
    )
    exercise = find("sigmoid_backward")
    with backprop.session.watching() as used:
        backprop.session.resolve("softmax")
    assert used == {"softmax"}
    assert exercise.name not in used


# 5. The setup cell binds this chapter's kept functions, marked.


def test_5_another_day_the_setup_cell_brings_back_what_was_kept(activations: Notebook, folder: Path) -> None:
    activations.run(SIGMOID)
    activations.passed("sigmoid")
    day_two = activations.again()
    assert day_two.names["sigmoid"](0.0) == 0.5
    assert (marked(day_two.names["sigmoid"]) or "").startswith("20")
    before = file_of(folder, "sigmoid").stat().st_mtime_ns
    assert day_two.session.keep(find("sigmoid"), day_two.names["sigmoid"]) is None
    assert file_of(folder, "sigmoid").stat().st_mtime_ns == before, "a check of a marked one saves nothing"
    day_two.run("def sigmoid(x):\n    return 1.0\n")
    day_two.begin()
    assert marked(day_two.names["sigmoid"]) is None, "what the notebook defines stays"


def test_5_until_its_cell_was_run_a_name_says_that_it_is_not_written(activations: Notebook) -> None:
    with pytest.raises(NotWritten, match="relu is not written yet"):
        activations.names["relu"](1.0)
    assert activations.session.resolve("relu") is elementwise.relu
    report = check(find("relu"), activations.names["relu"])
    assert not report.passed
    activations.run("import numpy as np\ndef relu(x):\n    return np.maximum(x, 0)\n")
    activations.begin()
    assert activations.names["relu"](-1.0) == 0


# 6. An edited file, or one whose exercise changed, is checked at first use.


def test_6_an_edited_file_that_still_passes_is_used(activations: Notebook, folder: Path) -> None:
    activations.run(SIGMOID)
    activations.passed("sigmoid")
    path = file_of(folder, "sigmoid")
    path.write_text(path.read_text().replace("0.5 * (1 + np.tanh(x / 2))", "(1 + np.tanh(x / 2)) / 2"))
    day_two = activations.again("03_backprop")
    assert day_two.session.resolve("sigmoid") is not elementwise.sigmoid
    assert day_two.said == []


@pytest.mark.parametrize("edit", ["0.5 * (2 + np.tanh(x / 2))", "0.5 * (1 +"])
def test_6_an_edited_file_that_fails_is_neither_used_nor_touched(
    activations: Notebook, folder: Path, edit: str
) -> None:
    activations.run(SIGMOID)
    activations.passed("sigmoid")
    path = file_of(folder, "sigmoid")
    path.write_text(path.read_text().replace("0.5 * (1 + np.tanh(x / 2))", edit))
    bad = path.read_text()
    day_two = activations.again("03_backprop")
    assert day_two.session.resolve("sigmoid") is elementwise.sigmoid
    assert "mine/ch02_activations/sigmoid.py" in day_two.said[0]
    assert path.read_text() == bad


def test_6_a_file_whose_exercise_changed_is_tried_again(
    activations: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    activations.run(SIGMOID)
    activations.passed("sigmoid")
    monkeypatch.setattr("byhand.mine.session.digest_of", lambda exercise: "another")
    tried: list[str] = []
    day_two = Notebook("03_backprop", activations.storage)
    real = day_two.session.check
    day_two.session.check = lambda exercise, f: tried.append(exercise.name) or real(exercise, f)  # type: ignore
    day_two.session.resolve("sigmoid")
    assert tried == ["sigmoid"]


def test_6_a_right_function_that_is_too_slow_gives_way_in_a_demo(activations: Notebook) -> None:
    activations.run(
        "import numpy as np\ndef sigmoid(x):\n    for _ in range(300):\n"
        "        y = 0.5 * (1 + np.tanh(x / 2))\n    return y\n"
    )
    activations.passed("sigmoid")
    x = np.zeros(10_000)
    assert activations.session.quick("sigmoid", x, times=20) is elementwise.sigmoid
    assert "times as slow" in activations.said[-1]
    assert activations.session.quick("sigmoid", x, times=1e9) is not elementwise.sigmoid


# 7. In the grader, for authors and tests there are no files.


def test_7_off_means_the_notebook_here_and_the_reference_for_what_came_before(
    activations: Notebook, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setenv("BYHAND_MINE", "off")
    backprop = Notebook("03_backprop", FolderStorage(folder))
    backprop.run("def mse_loss(prediction, target):\n    return 1.0, 2.0\n")
    assert backprop.session.resolve("mse_loss")(0, 0) == (1.0, 2.0)
    assert backprop.session.resolve("sigmoid") is elementwise.sigmoid
    assert backprop.session.keep(find("mse_loss"), backprop.names["mse_loss"]) is None
    assert not folder.exists() and backprop.said == []


# 8. Without write access: this session's memory, said once.


def test_8_where_nothing_can_be_written_the_session_remembers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class ReadOnly(FolderStorage):
        def write(self, name: str, text: str) -> None:
            raise OSError(30, "Read-only file system")

    notebook = Notebook("02_activations", ReadOnly(tmp_path / "mine"))
    notebook.run(SIGMOID + TANH)
    assert notebook.passed("sigmoid") is None
    assert notebook.passed("tanh") is None
    assert len([line for line in notebook.said if "Read-only file system" in line]) == 1
    assert notebook.session.kept("sigmoid") is not None
    assert isinstance(notebook.session.storage, MemoryStorage)


def test_8_a_folder_that_cannot_be_made_is_found_out_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("BYHAND_MINE", str(tmp_path / "file" / "mine"))
    assert isinstance(find_storage(), MemoryStorage)
    monkeypatch.setenv("BYHAND_MINE", str(tmp_path / "good"))
    assert isinstance(find_storage(), FolderStorage)
    assert list((tmp_path / "good").iterdir()) == []


def test_two_kernels_at_once_lose_nothing(activations: Notebook, folder: Path) -> None:
    other = activations.again()
    activations.run(SIGMOID)
    other.run("import numpy as np\ndef relu(x):\n    return np.maximum(x, 0)\n")
    activations.passed("sigmoid")
    other.passed("relu")
    third = activations.again()
    assert {"sigmoid", "relu"} <= {name for name, whose in third.session.whose().items() if whose == "yours"}


def test_a_name_that_is_no_exercise_names_its_neighbors() -> None:
    with pytest.raises(AttributeError, match=r"no exercise called 'sigmoidd'.*sigmoid"):
        Session().resolve("sigmoidd")
