"""Any text and any message of one learner: files are written, pages are made, and everybody else is as before."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_any_message import conversations, saying
from whole_run import rows, run

from byhand.exercises import find
from grader.chapters import source
from grader.classroom.class_folder import feedback_path, notebook_path
from grader.classroom.sample_class import MEMBERS
from grader.model import Chapter, Executed, Rebuilt
from grader.pipeline import submission
from grader.rebuild.notebook import rebuild

CHAPTER = "01_neuron"
ODD = "odd"
FILES = {member.student: member.file(CHAPTER) for member in MEMBERS if member.student in ("ada", "chen")}
SIGNS = "ab \n\t`$<>&\"'\\{}[]()*_#=@\0\x07\x1b\u202e\u2066\ud800\udfff\ufeff\u2028é𝜎"
texts = st.text(st.sampled_from(SIGNS) | st.characters(), max_size=60)
NOT_ON_A_PAGE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def hand_in(folder: Path, student: str, raw: bytes) -> None:
    path = notebook_path(folder, "submitted", student, CHAPTER)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


def notebook(code: str, prose: str) -> bytes:
    """Chen's, with a text in one answer, a cell of code and a cell of prose."""
    tree: dict[str, Any] = json.loads(FILES["chen"])
    names = {one["metadata"].get("nbgrader", {}).get("grade_id", ""): one for one in tree["cells"]}
    names["weighted_sum"]["source"] = f"def weighted_sum(x, w, b):\n    return {code!r}\n{code}"
    next(one for name, one in names.items() if name.startswith("written-"))["source"] = prose
    own = {"cell_type": "code", "id": "own", "metadata": {}, "source": f"# {code}\nx = 1"}
    tree["cells"].append(own | {"execution_count": None, "outputs": []})
    return json.dumps(tree).encode()


@pytest.fixture(scope="module")
def class_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A class in which two are graded already; whoever comes next has the sandbox that a test gives."""
    folder = tmp_path_factory.mktemp("class")
    for student, name in {"ada": "ada", "ben": "chen"}.items():
        hand_in(folder, student, FILES[name])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(submission, "get_ready", lambda *_: None)
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(
                submission, "execute", lambda one, *_, **__: Executed(tuple(() for _ in one.cells), {})
            )
            run(folder)
        yield folder


@pytest.fixture(scope="module")
def chapter() -> Chapter:
    return source.load(CHAPTER)


def of_others(folder: Path) -> dict[str, bytes]:
    """The files of everybody else."""
    return {
        str(path): path.read_bytes()
        for student in ("ada", "ben")
        for path in (
            notebook_path(folder, "autograded", student, CHAPTER),
            feedback_path(folder, student, CHAPTER),
        )
    }


def half_signs(rebuilt: Rebuilt) -> bytes:
    """What a runner says of answers whose type has half a sign in its name, one record a case.

    Every other exercise's has a text besides, which is shown in place of the type.
    """
    collected = {}
    for number, name in enumerate(rebuilt.chapter.exercises):
        returned = {"other": "\ud800.T", "text": "\u202e" if number % 2 else ""}
        record = {"returned": returned, "changed": [], "warnings": ["\ud800"]}
        collected[name] = [record] * len(find(name).cases(0))
    lines: list[dict[str, Any]] = [{"ready": True}]
    for place, number in enumerate(rebuilt.running):
        records = collected.get(rebuilt.cells[number].exercise or "", [])
        done = {"done": place, "outputs": [], "stopped": False, "collected": records}
        lines += [{"begin": place}, done]
    return "".join(json.dumps(line) + "\n" for line in [*lines, {"end": True}]).encode()


@settings(max_examples=40, deadline=None)
@given(more=st.data(), code=texts, prose=texts)
def test_whatever_one_says_and_writes(
    more: st.DataObject, code: str, prose: str, class_folder: Path, chapter: Chapter
) -> None:
    raw = notebook(code, prose)
    rebuilt = rebuild(raw, chapter)
    script = more.draw(st.just(half_signs(rebuilt)) | conversations(list(range(len(rebuilt.running)))))
    graded_and_published(class_folder, raw, script)


@pytest.mark.parametrize("text", ["\ud800", "\x1b[31m", "\0", "\u202eabc", "'''", "`$$\\href{x}{y}$$"])
def test_one_line_ends_no_run(text: str, class_folder: Path, chapter: Chapter) -> None:
    raw = notebook(text, text)
    graded_and_published(class_folder, raw, half_signs(rebuild(raw, chapter)))
    assert rows(class_folder)[ODD]["status"] == "graded"  # so its answers came as far as the judge
    page = feedback_path(class_folder, ODD, CHAPTER).read_text("utf-8")
    assert "\ufffd.T" in page or "?.T" in page


def graded_and_published(folder: Path, raw: bytes, script: bytes) -> None:
    (folder / ".collected" / ODD / f"{CHAPTER}.json.z").unlink(missing_ok=True)
    hand_in(folder, ODD, raw)
    before = of_others(folder)
    with saying(script):
        run(folder)
    assert of_others(folder) == before
    found = rows(folder)
    assert set(found) == {"ada", "ben", ODD}
    assert float(found[ODD]["score"]) == 0
    assert "The grader itself stopped" not in found[ODD]["note"]
    graded = notebook_path(folder, "autograded", ODD, CHAPTER).read_text("utf-8")
    nbformat.validate(nbformat.reads(graded, as_version=4))
    pages = [feedback_path(folder, ODD, CHAPTER), folder / "grades.csv", folder / "report" / "index.html"]
    assert not [path.name for path in pages if NOT_ON_A_PAGE.search(path.read_text("utf-8"))]
