"""One submission through all stages, and what becomes of it when the grader itself fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.chapters import source
from grader.classroom.class_folder import notebook_path
from grader.classroom.sample_class import MEMBERS
from grader.execute.sandbox import SandboxMissing
from grader.intake.downloads import Found
from grader.model import HandIn, Status
from grader.pipeline import grading
from grader.pipeline.grading import Grading
from grader.pipeline.submission import Setting, grade_one
from grader.record.autograded import autograded
from grader.record.gradebook import Gradebook
from grader.workers import Outcome, Workers

CHAPTER = "01_neuron"
BY_NAME = {member.student: member for member in MEMBERS}


@pytest.fixture
def handed_in(tmp_path: Path) -> Found:
    """Chen's notebook, which has a mistake in every exercise, in a class's folder."""
    path = tmp_path / "submitted" / "chen" / CHAPTER / f"{CHAPTER}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(BY_NAME["chen"].file(CHAPTER))
    return Found("chen", CHAPTER, path)


def failing(error: Exception) -> Workers:
    """Workers whose every job ends with an error."""

    class Failing(Workers):
        def run(self, function, jobs, key=None):
            def fail():
                raise error

            return (Outcome(job, fail) for job in jobs)

    return Failing(1, "grader.publish.publisher")


@pytest.mark.sandbox
def test_a_forked_and_a_fresh_sandbox_come_to_the_same(handed_in: Found, tmp_path: Path) -> None:
    raw = handed_in.read()
    facts = [
        autograded(grade_one(HandIn.of("chen", CHAPTER, raw), raw, Setting.of(tmp_path, fresh=fresh)))
        for fresh in (False, True)
    ]
    assert str(facts[0]) == str(facts[1])
    assert any(answer.report.mistake for answer in facts[0].answers)


@pytest.mark.sandbox
def test_a_failure_of_the_grader_is_a_row_and_is_tried_again(handed_in: Found, tmp_path: Path) -> None:
    setting = Setting.of(tmp_path)
    with Gradebook(tmp_path) as gradebook:
        run = Grading(setting, failing(ValueError("of ours")))
        summary = run.finish(gradebook)
        path = notebook_path(tmp_path, "autograded", "chen", CHAPTER)
        facts = grading.read_autograded(path)
        assert summary.graded == run.total == 1
        assert facts is not None
        assert facts.status == Status.NEEDS_REVIEW
        assert "ValueError: of ours" in facts.note
        assert set(facts.auto_scores().values()) <= {0.0, None}

        with Workers(1, "grader.publish.publisher") as workers:
            assert Grading(setting, workers).finish(gradebook).graded == 1
            again = Grading(setting, workers).finish(gradebook)
        assert (again.graded, again.unchanged) == (0, 1)
    assert grading.read_autograded(path).status == Status.GRADED


def test_a_submission_that_vanishes_is_a_row_too(handed_in: Found, tmp_path: Path) -> None:
    handed_in.path.unlink()
    done = grading._crashed(grading._Job(handed_in, Setting.of(tmp_path)), FileNotFoundError("gone"))
    assert len(done.facts.answers) == len(source.load(CHAPTER).exercises)


def test_a_machine_without_a_sandbox_stops_the_whole_run(handed_in: Found, tmp_path: Path) -> None:
    grading = Grading(Setting.of(tmp_path), failing(SandboxMissing("not installed")))
    with Gradebook(tmp_path) as gradebook, pytest.raises(SandboxMissing):
        grading.finish(gradebook)
    assert not (tmp_path / "autograded").exists()
