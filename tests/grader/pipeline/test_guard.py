"""Whatever one submission does, in any stage, ends in its own row, and everybody else's is as before."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
from whole_run import Here, rows, run

from grader.classroom.class_folder import collected_path, feedback_path, notebook_path
from grader.classroom.sample_class import MEMBERS
from grader.errors import UserError
from grader.execute.session import Executed
from grader.intake.downloads import Found
from grader.model import Status
from grader.pipeline import grading, submission
from grader.pipeline.grading import Grading
from grader.pipeline.submission import Setting
from grader.publish import publisher
from grader.publish.publisher import publish
from grader.record import recorder
from grader.record.autograded import read_autograded
from grader.record.gradebook import Gradebook
from grader.workers import Outcome

CHAPTER = "01_neuron"
OTHERS = ("ada", "ben")
ODD = "odd"
FILES = {
    member.student: member.file(CHAPTER) for member in MEMBERS if member.student in ("ada", "ben", "chen")
}


def hand_in(folder: Path, student: str, raw: bytes) -> None:
    path = notebook_path(folder, "submitted", student, CHAPTER)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A sandbox that collects nothing, and notes that it was asked."""
    asked: list[str] = []

    def execute(rebuilt: Any, cases: Any, limits: Any, *, fresh: bool) -> Executed:
        asked.append(rebuilt.chapter.name)
        return Executed(tuple(() for _ in rebuilt.cells), {})

    monkeypatch.setattr(submission, "execute", execute)
    monkeypatch.setattr(submission, "get_ready", lambda *_: None)
    return asked


@pytest.fixture
def folder(tmp_path: Path, nothing_runs: list[str]) -> Path:
    """A class of three, none of whom is graded."""
    for student, name in zip((*OTHERS, ODD), FILES, strict=True):
        hand_in(tmp_path, student, FILES[name])
    return tmp_path


def breaking(
    where: Any, name: str, monkeypatch: pytest.MonkeyPatch, odd: Callable[..., bool], error: Exception
):
    """Let a function fail for the odd one."""
    right = getattr(where, name)

    def fails(*given: Any, **named: Any) -> Any:
        if odd(*given):
            raise error
        return right(*given, **named)

    monkeypatch.setattr(where, name, fails)


ERRORS = [
    ValueError("of ours"),
    UnicodeEncodeError("utf-8", "\ud800", 0, 1, "x"),
    RecursionError(),
    MemoryError(),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("stage", ["rebuild", "judge", "record", "publish", "report"])
def test_a_stage_that_fails_is_one_row(
    stage: str, error: Exception, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd_one = "odd answer to nothing"
    hand_in(folder, ODD, FILES["chen"].replace(b"import numpy", f"# {odd_one}\\nimport numpy".encode()))
    if stage == "rebuild":
        breaking(submission, "rebuild", monkeypatch, lambda raw, *_: odd_one.encode() in raw, error)
    elif stage == "judge":
        breaking(submission, "code_digest", monkeypatch, lambda one: odd_one in str(one.cells), error)
    elif stage == "record":
        breaking(recorder, "record_finished", monkeypatch, lambda one, *_: one.student == ODD, error)
    elif stage == "publish":
        breaking(publisher, "write_feedback", monkeypatch, lambda one, *_: one.student == ODD, error)
    else:
        for name in ("write_class_report", "render_class_report"):
            breaking(publisher, name, monkeypatch, lambda some, *_: any(map(is_odd_and_whole, some)), error)
    run(folder)
    found = rows(folder)
    assert set(found) == {*OTHERS, ODD}
    assert found[ODD]["status"] == "needs review"
    assert type(error).__name__ in found[ODD]["note"]
    assert [found[student]["status"] for student in OTHERS] == ["graded"] * 2
    assert all(feedback_path(folder, student, CHAPTER).exists() for student in OTHERS)
    assert (folder / "report" / "index.html").exists()


def is_odd_and_whole(result: Any) -> bool:
    return result.student == ODD and "counted" not in result.facts.note


def test_a_fault_of_the_machine_ends_the_run_and_the_next_one_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = OSError(28, "No space left on device")
    with monkeypatch.context() as patch:
        breaking(recorder, "record_finished", patch, lambda one, *_: one.student == "ben", full)
        with pytest.raises(UserError, match="The disk is full"):
            run(folder)
    assert read_autograded(notebook_path(folder, "autograded", "ada", CHAPTER)) is not None
    assert run(folder).graded == 2
    assert {row["status"] for row in rows(folder).values()} == {"graded"}


def test_a_folder_in_the_place_of_a_graded_notebook_or_a_page_is_one_row(folder: Path) -> None:
    notebook_path(folder, "autograded", ODD, CHAPTER).mkdir(parents=True)
    feedback_path(folder, "ben", CHAPTER).mkdir(parents=True)
    summary = run(folder)
    found = rows(folder)
    assert [one.student for one in summary.lost] == [ODD]
    assert {student: row["status"] for student, row in found.items()} == {
        "ada": "graded",
        "ben": "needs review",
        ODD: "needs review",
    }
    assert "IsADirectoryError" in found[ODD]["note"] and "IsADirectoryError" in found["ben"]["note"]
    notebook_path(folder, "autograded", ODD, CHAPTER).rmdir()
    feedback_path(folder, "ben", CHAPTER).rmdir()
    run(folder)
    assert {row["status"] for row in rows(folder).values()} == {"graded"}


def test_a_graded_notebook_that_is_damaged_has_a_row_in_the_report(folder: Path) -> None:
    run(folder)
    notebook_path(folder, "autograded", ODD, CHAPTER).write_text("{")
    with Gradebook(folder) as book:
        publish(folder, book, Here())
    found = rows(folder)
    assert (found[ODD]["status"], found["ada"]["status"]) == ("needs review", "graded")
    assert "cannot be read: run `make grade`" in found[ODD]["note"]


# Judged again, and not run again.


@pytest.fixture
def digests(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets what the marks and the pages of every chapter follow from."""
    from grader.pipeline import digests as module

    def now(mark: str = "m", page: str = "p") -> None:
        monkeypatch.setattr(module, "digests_of", lambda chapter: module.Digests(mark, page))

    now()
    return now


def test_what_has_to_be_done_again_is_done_and_no_more(
    folder: Path, nothing_runs: list[str], digests: Callable[..., None]
) -> None:
    def done() -> tuple[int, int, int, int]:
        nothing_runs.clear()
        summary = run(folder)
        return summary.graded, summary.judged_again, summary.unchanged, len(nothing_runs)

    assert done() == (3, 0, 0, 3)
    assert done() == (0, 0, 3, 0)
    digests(page="another sentence")
    assert done() == (3, 3, 0, 0)
    digests(mark="another reference", page="another sentence")
    assert done() == (3, 0, 0, 3)
    digests(mark="m", page="another sentence")  # and back again
    assert done() == (3, 0, 0, 3)
    tree = json.loads(FILES["ben"])
    tree["metadata"]["colab"] = {"provenance": []}
    hand_in(folder, "ben", json.dumps(tree, indent=1).encode())  # the same work, saved by another program
    assert done() == (1, 1, 2, 0)
    hand_in(folder, "ben", FILES["ada"])
    assert done() == (1, 0, 2, 1)
    collected_path(folder, "ada", CHAPTER).write_bytes(b"damaged")
    digests(page="a third sentence")
    assert done() == (3, 2, 0, 1)
    assert done() == (0, 0, 3, 0)


def test_what_is_kept_is_nobody_elses_to_read(folder: Path) -> None:
    run(folder)
    top = folder / ".collected"
    assert stat.S_IMODE(top.stat().st_mode) == 0o700
    assert {path.parent.name for path in top.rglob("*.z")} == {*OTHERS, ODD}


def test_the_time_of_a_hand_in_is_in_its_row_and_costs_no_run(folder: Path, nothing_runs: list[str]) -> None:
    run(folder)
    path = notebook_path(folder, "submitted", "ada", CHAPTER).with_name("timestamp.txt")
    path.write_text("2026-03-01 10:00:00 UTC\n")
    nothing_runs.clear()
    summary = run(folder)
    facts = read_autograded(notebook_path(folder, "autograded", "ada", CHAPTER))
    assert facts is not None and facts.handed_in == "2026-03-01 10:00:00 UTC" and len(facts.digest) == 64
    assert (summary.graded, summary.judged_again, nothing_runs) == (1, 1, [])


def test_nbgraders_door_has_the_same_guard(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(submission, "rebuild", monkeypatch, lambda *_: True, ValueError("of ours"))
    found = Found(ODD, CHAPTER, notebook_path(folder, "submitted", ODD, CHAPTER))
    with Gradebook(folder) as book:
        grading.grade_and_record(found, folder, book)
    facts = read_autograded(notebook_path(folder, "autograded", ODD, CHAPTER))
    assert facts is not None and facts.status == Status.NEEDS_REVIEW and "ValueError: of ours" in facts.note


@pytest.mark.parametrize("error", [BrokenProcessPool("died"), MemoryError()])
def test_what_a_worker_could_not_bear_is_not_read_again(
    error: Exception, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    monkeypatch.setattr(submission, "rebuild", lambda raw, chapter: read.append(raw))

    class Broken(Here):
        def run(self, function, jobs, key=None):
            def fail():
                raise error

            return (Outcome(job, fail) for job in list(jobs))

    with Gradebook(folder) as book:
        assert Grading(Setting.of(folder), Broken()).finish(book).graded == 3
    facts = read_autograded(notebook_path(folder, "autograded", ODD, CHAPTER))
    assert facts is not None and type(error).__name__ in facts.note
    assert read == []
