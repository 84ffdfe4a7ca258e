"""A check in a notebook: which exercise, whose fault, how long, and which code it is about."""

from __future__ import annotations

import functools
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from byhand import check
from byhand.checking import CheckError
from byhand.checking.clock import OutOfPatience, limited
from byhand.checking.helpers import at_fault, helpers
from byhand.checking.notebook import defines, is_edited, stopped_later

at_home = sys.modules["byhand.checking.check"]  # the package has a function of the same name


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def _clip(x, low):
    return np.maximum(x, low)


def _plus_nothing(function):
    def wrapper(x):
        return function(x) + 0

    return wrapper


class _Relu:
    def __call__(self, x):
        return np.maximum(x, 0)


@_plus_nothing
def _decorated(x):
    return np.maximum(x, 0)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.maximum(x, 0),
        functools.partial(_clip, low=0),
        np.vectorize(lambda z: max(z, 0.0), otypes=[float]),
        _decorated,
        _Relu(),
    ],
    ids=["lambda", "partial", "vectorize", "decorated", "object"],
)
def test_the_notebooks_name_tells_the_exercise_as_in_the_grader(function, monkeypatch):
    notebook = {"check": check, "relu": function}
    exec("report = check(relu, stop=False)", notebook)
    assert (notebook["report"].exercise, notebook["report"].passed) == ("relu", True)


def test_another_name_of_the_same_function_is_no_other_exercise():
    notebook = {"check": check, "np": np}
    exec("def relu(x):\n    return np.maximum(x, 0)\nmine = relu\nreport = check(mine, stop=False)", notebook)
    assert notebook["report"].exercise == "relu"


def test_a_function_without_an_exercises_name_is_told_of_the_way_out():
    with pytest.raises(CheckError, match=r"check\(f, of=\"sigmoid\"\)"):
        check(lambda x: x)


# how long


def test_a_loop_that_never_ends_is_stopped_with_its_line(monkeypatch):
    monkeypatch.setattr(at_home, "SECONDS", 0.2)

    def relu(x):
        while True:
            x = x + 0
        return x

    report = check(relu, stop=False)
    assert report.kind == "stopped" and not report.passed
    first, where = report.headline.split("\n")
    assert "still running after 0.2 s" in first
    assert where.startswith("Line ") and ("while True:" in where or "x = x + 0" in where)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_bare_except_is_stopped_too():
    def swallows():
        for _ in range(10**9):
            try:
                time.sleep(0.01)
            except BaseException:
                break
        while True:
            time.sleep(0.01)

    with pytest.raises(OutOfPatience), limited(0.1):
        swallows()


def test_where_there_is_no_alarm_there_is_no_limit():
    ended = []

    def in_a_thread():
        with limited(0.01):
            time.sleep(0.05)
            ended.append(True)

    thread = threading.Thread(target=in_a_thread)
    thread.start()
    thread.join()
    assert ended
    signal.setitimer(signal.ITIMER_REAL, 30)
    try:
        with limited(0.01):
            time.sleep(0.05)
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0  # somebody else's timer still runs
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


# whose fault


HELPED = """
import numpy as np
def sigmoid(x):
    return 1 / (1 + np.exp(x))
def tanh(x):
    return 2 * sigmoid(2 * x) - 1
"""


def test_a_wrong_helper_is_named_before_the_exercise_that_calls_it():
    notebook = {"check": check}
    exec(HELPED + "report = check(tanh, stop=False)", notebook)
    first, second = notebook["report"].headline.split("\n")[:2]
    assert (
        first
        == "Your sigmoid, which tanh calls, does not pass its own check. Mend it first: run check(sigmoid)."
    )
    assert second == "The values differ from what was expected."
    assert notebook["report"].mistake is None  # no mistake of tanh's was made


def test_a_right_helper_is_not_accused():
    notebook = {"check": check}
    exec(
        HELPED.replace("np.exp(x)", "np.exp(-np.clip(x, -700, 700))").replace("- 1\n", "- 2\n")
        + "report = check(tanh, stop=False)",
        notebook,
    )
    assert not notebook["report"].passed and "sigmoid" not in notebook["report"].headline


def test_the_innermost_helper_is_at_fault_and_circles_end():
    notebook: dict = {}
    exec(
        "def relu(x):\n    return tanh(x)\n"
        "def tanh(x):\n    return (lambda: sigmoid(x))()\n"
        "def sigmoid(x):\n    return relu(x)\n",
        notebook,
    )
    assert [name for name, _ in helpers(notebook["tanh"])] == ["sigmoid"]
    asked = []
    assert at_fault(notebook["relu"], "relu", lambda one, _: bool(asked.append(one.name))) == "sigmoid"
    assert asked == ["sigmoid"]
    assert at_fault(notebook["relu"], "relu", lambda one, _: True) is None
    assert at_fault(len, "relu", lambda one, _: False) is None


# which code


def test_a_later_cell_that_is_no_python_is_found():
    cell = "def relu(x):\n    return x\n"
    broken = "def relu(x):\n    return np.maximum(x, 0\n"
    assert stopped_later([cell, "x = 1", broken, "check(relu)"], "relu", cell).lineno == 2
    assert stopped_later([broken, cell, "check(relu)"], "relu", cell) is None
    assert stopped_later([cell, "relu(", "def relu2(:"], "relu", cell) is None
    assert stopped_later([cell, "relu = lambda x:"], "relu", cell) is not None


def test_an_edited_cell_is_found_in_a_saved_notebook():
    def notebook(*cells):
        return {"cells": [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]}

    cell = "def relu(x):\n    return x"
    assert is_edited(notebook("x = 1", "def relu(x):\n    return 2 * x"), "relu", cell)
    assert not is_edited(notebook("x = 1", cell + "\n"), "relu", cell)
    assert not is_edited(notebook("x = 1"), "relu", cell)
    assert defines("class A: pass\nrelu = 3", "relu") and not defines("relu == 3\n# def relu(", "relu")


SHELL = """
import os, sys, time
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
def run(text): return shell.run_cell(text, store_history=True)
run("import numpy as np\\nfrom byhand import check\\ncheck")
run("def relu(x):\\n    return np.minimum(x, 0)")
if sys.argv[1] == "broken":
    run("def relu(x):\\n    return np.maximum(x, 0")
if sys.argv[1] == "edited":
    import json, pathlib
    path = pathlib.Path("03.ipynb")
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": "def relu(x):\\n    return 0"}]}))
    os.utime(path, (time.time() + 5,) * 2)
    os.environ["JPY_SESSION_NAME"] = str(path.absolute())
run("report = check(relu, stop=False)\\nprint('>>>', report.first, report.judged)")
"""


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("nothing", ">>> () This is about the code that begins with `def relu(x):` and ran at "),
        ("broken", "A later cell with relu stopped with a SyntaxError (its line 2: '(' was never closed)"),
        ("edited", "has other code for relu than what ran"),
    ],
)
def test_a_kernel_says_which_code_was_judged(what, said, tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", SHELL, what],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "IPYTHONDIR": str(tmp_path), "BYHAND_MINE": "off"},
    )
    assert said in run.stdout, run.stdout + run.stderr
