"""Whatever comes out of a sandbox, a row comes of it: no mark, no crash, nothing alive."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from publishing import small

from byhand.checking.collect import collect, encode_cases
from byhand.exercises import find
from grader.execute import session
from grader.judge.seeds import code_digest, draw_cases
from grader.judge.verdicts import judge_submission
from grader.model import Chapter, Graded, HandIn, Rebuilt, Role, Status
from grader.publish.feedback import render_feedback
from grader.publish.results import Result
from grader.record.autograded import assemble, autograded

KEY = b"k" * 32


class Scripted:
    """A sandbox that says what it is told to say, in pieces."""

    complaint = ""

    def __init__(self, said: bytes) -> None:
        self._said = [said[at : at + 1000] for at in range(0, len(said), 1000)]

    def __enter__(self) -> Scripted:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def receive(self, seconds: float) -> bytes | None:
        return self._said.pop(0) if self._said else None

    def memory(self) -> int:
        return 0

    def lost(self) -> bool:
        return False


texts = st.sampled_from(
    ["", "x", "<script>alert(1)</script>", "\x1b[31m", "\ud800", "\0", "float64", "NotImplementedError"]
)
RECORD = ["returned", "raised", "changed", "warnings", "seconds"]
VALUE = [
    "array",
    "shape",
    "data",
    "scalar",
    "tuple",
    "dict",
    "float",
    "other",
    "text",
    "function",
    "parameters",
    "rng",
]
ERROR = ["type", "message", "line", "source", "inside"]
keys = st.sampled_from([*RECORD, *VALUE, *ERROR])
data = st.binary(max_size=24).map(lambda raw: base64.b64encode(raw).decode())
trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | data,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=20,
)
records = st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(RECORD, trees)), max_size=5)
kinds = st.sampled_from(["stream", "error", "display_data", "execute_result", "x"])
shown = {"text/plain": texts | trees, "image/png": data | trees, "text/html": texts}
fields = {
    "name": trees,
    "text": texts | trees,
    "ename": texts | trees,
    "evalue": texts,
    "traceback": st.lists(texts | trees, max_size=3) | trees,
    "data": st.fixed_dictionaries({}, optional=shown) | trees,
    "execution_count": trees,
}
outputs = st.lists(st.fixed_dictionaries({"output_type": kinds}, optional=fields), max_size=3)


@st.composite
def conversations(draw: st.DrawFn, indexes: list[int]) -> bytes:
    """What a runner could say of these cells, with anything in it, and anything between."""
    lines = [b'{"ready": true}']
    for index in indexes:
        said: dict[str, Any] = {"done": index, "outputs": draw(outputs), "stopped": draw(st.booleans())}
        said["collected"] = draw(records | trees)
        lines += [json.dumps({"begin": index}).encode(), json.dumps(said).encode()]
    lines.append(b'{"end": true}')
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(1, len(lines)))
        what = draw(st.sampled_from(["insert", "drop", "repeat", "cut"]))
        if what == "insert":
            lines.insert(
                place, draw(st.binary(max_size=20) | trees.map(lambda tree: json.dumps(tree).encode()))
            )
        elif place < len(lines):
            line = lines.pop(place)
            lines[place:place] = {"drop": [], "repeat": [line, line], "cut": [line[: len(line) // 2]]}[what]
    return b"\n".join(lines) + b"\n"


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> Chapter:
    return small(tmp_path_factory.mktemp("solutions"))


@contextmanager
def saying(script: bytes) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "view_for", lambda name: Path("/nowhere"))
        patch.setattr(session, "start", lambda *given, **named: Scripted(script))
        yield


def to_run(chapter: Chapter) -> list[int]:
    return [
        n for n, cell in enumerate(chapter.cells) if cell.cell_type == "code" and cell.role is not Role.DEMO
    ]


def graded(chapter: Chapter, script: bytes) -> Graded:
    rebuilt = Rebuilt(chapter, chapter.cells)
    cases = draw_cases(chapter.exercises, "ada", KEY, code_digest(rebuilt))
    with saying(script):
        executed = session.execute(rebuilt, {name: encode_cases(one) for name, one in cases.items()})
    reports = judge_submission(cases, executed.collected)
    hand_in = HandIn.of("ada", chapter.name, script)
    return Graded(hand_in, rebuilt, executed, reports, Status.GRADED, "", "f")


@settings(max_examples=80, deadline=None)
@given(more=st.data())
def test_whatever_a_sandbox_says_a_row_and_pages_come_of_it(more: st.DataObject, chapter: Chapter) -> None:
    made = graded(chapter, more.draw(conversations(to_run(chapter))))
    assert len(made.executed.outputs) == len(chapter.cells)
    assert set(made.executed.collected) <= set(chapter.exercises) == set(made.reports)
    assert not [name for name, report in made.reports.items() if report.passed]
    facts = autograded(made)
    notebook = assemble(made, facts)
    assert json.loads(notebook)["nbformat"] == 4
    assert "<script>" not in render_feedback(Result("ada", chapter.name, facts))


def test_a_right_answer_said_in_this_way_passes(chapter: Chapter) -> None:
    """The conversations above would also earn nothing if nothing could."""
    lines: list[dict[str, Any]] = [{"ready": True}]
    for index in to_run(chapter):
        lines += [{"begin": index}, {"done": index, "outputs": [], "stopped": False}]
        if exercise := chapter.cells[index].exercise:
            code = code_digest(Rebuilt(chapter, chapter.cells))
            cases = encode_cases(draw_cases([exercise], "ada", KEY, code)[exercise])
            lines[-1]["collected"] = collect(find(exercise).reference, cases)
    script = "".join(json.dumps(line) + "\n" for line in [*lines, {"end": True}]).encode()
    assert all(report.passed for report in graded(chapter, script).reports.values())
