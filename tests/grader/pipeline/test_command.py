"""What `make grade` says when it is done: what a person has to look at by name, what concerns all once."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console
from whole_run import Here, rows, run

from grader.classroom.class_folder import notebook_path
from grader.classroom.sample_class import MEMBERS
from grader.model import Executed, Status
from grader.pipeline import command, submission
from grader.pipeline.grading import Summary
from grader.publish.publisher import publish
from grader.record.gradebook import Gradebook

CHAPTER = "01_neuron"
FILES = {
    member.student: member.file(CHAPTER) for member in MEMBERS if member.student in ("ada", "ben", "chen")
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A class of three whose notebooks come from another release; nothing of them is run."""
    monkeypatch.setattr(submission, "get_ready", lambda *_: None)
    monkeypatch.setattr(
        submission, "execute", lambda one, *_, **__: Executed(tuple(() for _ in one.cells), {})
    )
    for student, raw in FILES.items():
        tree = json.loads(raw)
        tree["metadata"]["byhand"]["release"] = "0" * 64
        path = notebook_path(tmp_path, "submitted", student, CHAPTER)
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(tree))
    return tmp_path


def said(folder: Path) -> str:
    summary = run(folder)
    with Gradebook(folder) as book:
        results = publish(folder, book, Here())
    out = io.StringIO()
    command._tell(Console(file=out, width=200, highlight=False), folder, summary, results)
    return out.getvalue()


def test_an_earlier_version_of_a_chapter_is_counted_once_and_is_nobodys_repair(folder: Path) -> None:
    text = said(folder)
    assert text.count("3 notebooks come from an earlier version of the chapter") == 1
    assert "Worth a look" not in text
    assert {row["status"] for row in rows(folder).values()} == {"graded"}
    assert all("another version of the chapter" in row["note"] for row in rows(folder).values())


def test_what_was_mended_besides_is_still_told_by_name(folder: Path) -> None:
    path = notebook_path(folder, "submitted", "ben", CHAPTER)
    tree = json.loads(path.read_text())
    tree["cells"].reverse()
    path.write_text(json.dumps(tree))
    text = said(folder)
    assert "Worth a look (1):\n  ben · 01_neuron · repaired:" in text
    assert "3 notebooks come from an earlier version" in text


def test_what_was_judged_again_and_what_is_gone_is_said(folder: Path) -> None:
    assert "3 graded now, 0 unchanged" in said(folder)
    path = notebook_path(folder, "submitted", "ada", CHAPTER)
    path.write_text(path.read_text() + "\n")
    shutil.rmtree(notebook_path(folder, "submitted", "ben", CHAPTER).parent)
    text = said(folder)
    assert (
        "1 graded now (1 of them judged again from what they had returned, without running them), 1 unchanged"
        in text
    )
    assert (
        "No longer in submitted/, and still in the gradebook, in grades.csv and in feedback/: ben · 01_neuron."
        in text
    )
    assert set(rows(folder)) == set(FILES)


def test_the_median_of_two_scores_lies_between_them() -> None:
    def result(score: float) -> SimpleNamespace:
        return SimpleNamespace(
            chapter=CHAPTER, score=score, max_score=64.0, facts=SimpleNamespace(status=Status.GRADED)
        )

    table = command._table(Summary(graded=2), [result(64.0), result(28.0)])  # type: ignore[list-item]
    out = io.StringIO()
    Console(file=out, width=200).print(table)
    assert "46 of 64" in out.getvalue()
