"""What a mark follows from is found from the imports: nothing that decides is missed, nothing else counts."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest

from byhand.exercises import chapter as chapter_of
from byhand.exercises import chapters
from byhand.exercises.digest import without_docstrings
from grader.chapters import source
from grader.model import Cell
from grader.pipeline import digests
from grader.pipeline.closure import Sources
from grader.pipeline.digests import Digests, deciding_part

NETWORKS = "03_backprop"  # its references import others, which import others


class Changed(Sources):
    """Our packages, one module of which has another text."""

    def __init__(self, module: str, change: Callable[[str], str]) -> None:
        super().__init__(digests.PACKAGES)
        ours = digests.our_sources()
        self._trees, self._imports, self._texts = dict(ours._trees), dict(ours._imports), dict(ours._texts)
        file = self.file_of(module)
        assert file is not None
        text = file.read_text("utf-8")
        changed = change(text)
        assert changed != text
        self._trees[module] = without_docstrings(ast.parse(changed))
        self._imports.pop(module, None)
        self._texts = {known: value for known, value in self._texts.items() if known[0] != module}


def behind(more: str) -> Callable[[str], str]:
    return lambda text: f"{text}\n{more}\n"


def now(chapter: str) -> Digests:
    return digests.compute(source.load(chapter))


def after(chapter: str, module: str, change: Callable[[str], str]) -> Digests:
    return digests.compute(source.load(chapter), Changed(module, change))


def test_a_module_that_a_reference_imports_decides_wherever_it_is_used() -> None:
    module = "byhand.reference.activations.elementwise"

    def change(text: str) -> str:
        return text.replace("return np.maximum(", "return 1 + np.maximum(")

    assert module not in {spec.reference.__module__ for spec in chapter_of(NETWORKS).exercises}
    assert after(NETWORKS, module, change).mark != now(NETWORKS).mark
    assert after("01_neuron", module, change) == now("01_neuron")  # it does not use it


@pytest.mark.parametrize(
    "module",
    [
        "byhand.checking.compare",
        "byhand.checking.codec",
        "byhand.checking.collect",
        "byhand.checking.judge",
        "byhand.exercises.inputs",
        "byhand.exercises.spec",
        "byhand.exercises.backprop.networks",
        "byhand.arrays",
        "grader.rebuild.matching",
        "grader.intake.reading",
        "grader.execute.seccomp",
        "grader.execute.inside.runner",
        "grader.judge.seeds",
        "grader.pipeline.submission",
    ],
)
def test_all_that_decides_counts_and_no_comment_does(module: str) -> None:
    before = now(NETWORKS)
    assert after(NETWORKS, module, behind("ANOTHER = 1")).mark != before.mark
    assert after(NETWORKS, module, behind("# a comment")) == before


@pytest.mark.parametrize(
    ("module", "more"),
    [
        ("byhand.checking.sentences", 'ANOTHER = "A sentence."'),
        ("byhand.checking.render.html_report", 'ANOTHER = "color: red"'),
        ("grader.messages", 'ANOTHER = "A sentence."'),
        ("grader.record.autograded", "ANOTHER = 1"),
        (
            "byhand.exercises.activations.probabilities",
            '@softmax.mistake("of-this-test", "You did it otherwise.")\ndef _(x):\n    return x + 7',
        ),
    ],
)
def test_a_sentence_a_style_and_a_mistake_tell_and_do_not_decide(module: str, more: str) -> None:
    before, changed = now("02_activations"), after("02_activations", module, behind(more))
    assert changed.mark == before.mark
    assert changed.page != before.page


SPEC = """
@exercise(reference.noise)
def noise(draw):
    yield draw.normal(3), Function("np.where(x > 0, 1, 0)")

@noise.accept
def _(answer, x):
    if np.all(answer == 0):
        return "Nothing was added."
    return _spread(answer, 0.5) or _told(f"It is {x} wide. It should be {answer}.")

def _spread(answer, most):
    return None if np.std(answer) < most else "Your numbers lie too far apart."

@noise.mistake("no-noise", "You added nothing.")
def _(x):
    return x

@noise.switchable
def _base(x, *, scale=1):
    return x * scale

noise.switch("twice", "You doubled it.", scale=2)
"""


@pytest.mark.parametrize(
    ("before", "changed", "decides"),
    [
        ("Nothing was added.", "You added nothing at all.", False),
        ("Your numbers lie too far apart.", "Your numbers are too far from each other.", False),
        ("It is {x} wide. It should be {answer}.", "Its width is {x}. Make it {answer}.", False),
        ('("no-noise", "You added nothing.")', '("none", "It was not added.")', False),
        ("    return x\n", "    return x + 0\n", False),
        ("    return x * scale", "    return scale * x", False),
        ("scale=2)", "scale=3)", False),
        ("answer == 0", "answer == 1", True),
        ("np.std(answer) < most", "np.std(answer) <= most", True),
        ("0.5", "0.25", True),
        ("x > 0, 1, 0", "x > 0, 0, 1", True),
        ("draw.normal(3)", "draw.normal(4)", True),
        ('return "Nothing was added."', "return None", True),
    ],
)
def test_of_a_spec_the_inputs_and_the_property_decide(before: str, changed: str, decides: bool) -> None:
    assert SPEC.count(before) == 1
    texts = [ast.dump(deciding_part(ast.parse(text))) for text in (SPEC, SPEC.replace(before, changed))]
    assert (texts[0] != texts[1]) == decides


def test_points_tests_and_data_decide_and_prose_does_not() -> None:
    chapter = source.load("02_activations")
    before = digests.compute(chapter)

    def with_cell(change: Callable[[Cell], Cell]) -> Digests:
        return digests.compute(replace(chapter, cells=tuple(map(change, chapter.cells)), digest="another"))

    prose = with_cell(
        lambda cell: cell if cell.cell_type == "code" or cell.name else replace(cell, source="New.")
    )
    points = with_cell(lambda cell: replace(cell, points=cell.points + 1) if cell.points else cell)
    assert prose.mark == before.mark and prose.page != before.page
    assert points.mark != before.mark
    beside = {path.name for path in digests.our_sources().data_of(["byhand.data"])}
    assert {"iris.csv", "digits.csv.gz"} <= beside


GRADE = """
import sys, tempfile
from pathlib import Path
from nbformat import writes
from grader.chapters import source
from grader.model import HandIn
from grader.pipeline.submission import Setting, grade_one
from grader.record.autograded import finished
raw = writes(source.solved_notebook(source.load(sys.argv[1]))).encode()
with tempfile.TemporaryDirectory() as folder:
    done = finished(grade_one(HandIn.of("ada", sys.argv[1], raw), raw, Setting.of(Path(folder))))
assert any(answer.report.passed for answer in done.facts.answers)
print(*(name for name in sys.modules if name.partition(".")[0] in ("byhand", "grader")))
"""


@pytest.mark.sandbox
@pytest.mark.parametrize("name", ["01_neuron", NETWORKS])
def test_nothing_that_a_run_imports_is_in_neither_digest(name: str) -> None:
    done = subprocess.run([sys.executable, "-c", GRADE, name], capture_output=True, text=True, check=True)
    chapter, sources = source.load(name), digests.our_sources()
    counted = digests.deciding_modules(chapter, sources) | digests.telling_modules(chapter, sources)
    imported = {module for module in done.stdout.split() if sources.file_of(module)}
    assert "byhand.checking.judge" in imported
    # `find` loads the specs of all chapters; of those, this one's marks and pages have nothing
    others = [one for one in chapters() if one.name != name]
    loaded = {f"byhand.exercises.{one.room}.{topic}" for one in others for topic in one.topics}
    assert imported - counted - sources.closure(loaded, packages=True) == set()
