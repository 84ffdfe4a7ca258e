"""The view: a chapter sees what earlier chapters built, and no answer of its own or of a later one."""

from __future__ import annotations

import ast
import os
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

import byhand
from byhand.exercises import chapters
from grader.execute import stripped_package
from grader.execute.stripped_package import BrokenOrder, cut, view_for, write_view

NEURON = '''
"""The answer is in this docstring."""
from __future__ import annotations
import numpy as np
from byhand.tools import _square, scale

RATE = 0.1
_SECRET = 42
Pair = tuple[float, float]

def step(z):
    # the answer is in this comment
    return _threshold(z)

def neuron(x, step=None):
    """Earlier."""
    relu = scale(x)
    return relu * RATE

def relu(x):
    return _rectify(x) + _SECRET

def _threshold(z): return z > 0
def _rectify(x): return max(x, 0)

def layer(x):
    return neuron(relu(x))

class Network:
    def forward(self, x): return layer(x)

leaky = relu
__all__ = ["Network", "layer", "neuron", "relu", "step"]
'''
TOOLS = '''
"""Tools."""
import byhand.reference.neuron.layers
from byhand.reference.neuron import layers as n

def scale(x): return _square(x)
def _square(x): return x * x
def used(x): return n.neuron(x)
def also(x): return byhand.reference.neuron.layers.relu(x)
'''
SOURCES = {"byhand.reference.neuron.layers": NEURON, "byhand.tools": TOOLS}
HIDDEN = [("byhand.reference.neuron.layers", "step"), ("byhand.reference.neuron.layers", "relu")]


def names(source: str) -> set[str]:
    """What a module defines at its top."""
    found = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def test_hidden_functions_go_with_all_that_only_they_used() -> None:
    left = cut(SOURCES, HIDDEN)["byhand.reference.neuron.layers"]
    assert names(left) == {"RATE", "Pair", "neuron", "__all__"}
    for trace in ("_rectify", "_threshold", "_SECRET", "42", "answer", "leaky", "max("):
        assert trace not in left


def test_what_needs_a_hidden_function_goes_too_wherever_it_is() -> None:
    assert names(cut(SOURCES, HIDDEN)["byhand.tools"]) == {"scale", "_square", "used"}


def test_a_local_variable_of_the_same_name_is_no_use_of_it() -> None:
    assert "relu = scale(x)" in cut(SOURCES, HIDDEN)["byhand.reference.neuron.layers"]


def test_what_is_left_runs() -> None:
    left = cut(SOURCES, [*HIDDEN, ("byhand.tools", "scale")])
    assert names(left["byhand.reference.neuron.layers"]) == {"RATE", "Pair", "__all__"}
    space: dict[str, object] = {}
    exec(left["byhand.reference.neuron.layers"], space)  # its import of byhand.tools is gone as well
    assert space["__all__"] == []


def test_nothing_changes_where_nothing_is_hidden() -> None:
    everything = cut(SOURCES, [])
    assert names(everything["byhand.reference.neuron.layers"]) == names(NEURON)
    assert ast.get_docstring(ast.parse(everything["byhand.tools"])) == "Tools."


def test_a_module_of_hidden_functions_alone_vanishes() -> None:
    assert "byhand.late" not in cut(
        {"byhand.late": "def late(): return _l()\ndef _l(): pass"}, [("byhand.late", "late")]
    )


def test_an_earlier_chapter_that_needs_a_later_one_is_refused() -> None:
    with pytest.raises(
        BrokenOrder, match=r"byhand\.reference\.neuron\.layers\.layer: belongs to an earlier chapter"
    ):
        cut(SOURCES, HIDDEN, promised=[("byhand.reference.neuron.layers", "layer")])


@dataclass
class Tried:
    """A chapter's view, imported in a Python of its own."""

    folder: Path

    def python(self, code: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-I", "-c", f"import sys\nsys.path.insert(0, {str(self.folder)!r})\n{code}"],
            capture_output=True,
            text=True,
            check=False,
        )
        return ran.stdout.strip() or ran.stderr.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def activations(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    folder = tmp_path_factory.mktemp("view")
    write_view("02_activations", folder)
    return Tried(folder)


def test_earlier_chapters_can_be_called_and_this_one_cannot(activations: Tried) -> None:
    works = "import numpy as np\nfrom byhand.reference.neuron.layers import dense_forward\n"
    assert (
        activations.python(works + "print(dense_forward(np.eye(2), np.eye(2), np.ones(2))[0].sum())") == "6.0"
    )
    assert activations.python("from byhand.reference.activations.elementwise import sigmoid") == (
        "ImportError: sigmoid is what this chapter, or a later one, asks for: "
        "the grader has only what comes before."
    )
    assert activations.python("import byhand.reference.activations.elementwise as a\na.nothing").startswith(
        "AttributeError"
    )


@pytest.mark.parametrize("chapter", [chapter.name for chapter in chapters()])
def test_no_view_holds_an_answer_of_its_chapter_or_of_a_later_one(chapter: str, tmp_path: Path) -> None:
    write_view(chapter, tmp_path)
    position = [one.name for one in chapters()].index(chapter)
    for one in chapters()[position:]:
        for exercise in one.exercises:
            source = (tmp_path / f"{exercise.reference.__module__.replace('.', '/')}.py").read_text()
            assert exercise.name not in names(source)
    for one in chapters()[:position]:
        for exercise in one.exercises:
            source = (tmp_path / f"{exercise.reference.__module__.replace('.', '/')}.py").read_text()
            assert exercise.name in names(source)


def test_a_view_holds_what_collecting_needs_and_nothing_else_of_the_checks(activations: Tried) -> None:
    package = activations.folder / "byhand"
    found = {str(path.relative_to(package)) for path in package.rglob("*.py")}
    whole = Path(byhand.__file__).parent
    reference = {str(path.relative_to(whole)) for path in (whole / "reference").rglob("*.py")}
    assert found - reference == {
        "__init__.py",
        "arrays.py",
        "checking/__init__.py",
        "checking/codec.py",
        "checking/collect.py",
        "data/__init__.py",
        "exercises/__init__.py",
        "exercises/inputs.py",
        "explore/__init__.py",
        "figures/__init__.py",
        "mine/__init__.py",
    }
    assert activations.python("from byhand.checking.collect import collect\nprint(collect(abs, [])) ") == "[]"
    assert activations.python("from byhand import data\nprint(len(data.iris().labels))") == "150"


def test_checks_and_explorables_stand_in(activations: Tried) -> None:
    code = "from byhand import check, explore, milestone, progress, working\n"
    assert activations.python(code + "check(len)") == "The grader runs this check itself."
    assert activations.python(code + "print(working(len) is len, explore.anything(1, x=2), progress())") == (
        "True None None"
    )
    assert activations.python(code + "print(milestone('03', {}, [], 1.0))") == "None"


def test_mine_is_what_the_notebook_defines_and_what_came_before(activations: Tried) -> None:
    code = "import numpy as np\nfrom byhand import begin, mine\nbegin('02_activations')\n"
    assert activations.python(code + "print(mine.step(2.0))") == "1.0"
    assert activations.python(code + "def relu(x): return 'own'\nprint(mine.relu(1))") == "own"
    assert activations.python(code + "mine.relu").startswith("AttributeError: relu is not written yet")
    assert activations.python(code + "mine.softmax").startswith("AttributeError")


def test_everyone_can_read_a_view_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write_view("01_neuron", tmp_path)
    finally:
        os.umask(before)
    for path in (tmp_path / "byhand").rglob("*"):
        wanted = 0o755 if path.is_dir() else 0o644
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_a_view_is_written_once_per_process() -> None:
    assert view_for("01_neuron") == view_for("01_neuron")
    assert view_for("01_neuron") != view_for("02_activations")


def test_an_unknown_chapter_is_named() -> None:
    with pytest.raises(LookupError, match="'99_nothing'"):
        view_for("99_nothing")


def test_references_are_hidden_where_they_are_defined(monkeypatch: pytest.MonkeyPatch) -> None:
    def reference() -> None: ...

    reference.__module__ = "byhand.reference.neuron.layers"
    made = [
        SimpleNamespace(name="00_a", exercises=[]),
        SimpleNamespace(name="01_b", exercises=[SimpleNamespace(reference=reference)]),
    ]
    monkeypatch.setattr(stripped_package, "chapters", lambda: made)
    assert stripped_package._hidden_and_promised("01_b") == (
        {("byhand.reference.neuron.layers", "reference")},
        set(),
    )
