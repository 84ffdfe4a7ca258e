"""What was graded stands in nbgrader's gradebook and in autograded/, whatever interrupts the recording."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
import small_chapter
from nbgrader import api
from nbgrader.utils import determine_grade
from publishing import graded, grades, mark_by_hand, markdown, small, wrong
from sqlalchemy import event
from sqlalchemy.engine import Engine

from grader.classroom.class_folder import notebook_path
from grader.hand_back.final_marks import write_marks
from grader.model import Chapter, Role, Status
from grader.record.autograded import read_autograded
from grader.record.gradebook import REMOVED_MARKS, Gradebook
from grader.record.recorder import is_recorded, record

TEXT = {"output_type": "stream", "name": "stdout", "text": "1 2 3\n"}


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> Chapter:
    return small(tmp_path_factory.mktemp("solutions"))


def autograded(class_folder: Path, student: str = "ada") -> Path:
    return notebook_path(class_folder, "autograded", student, "77_small")


def nbgraders(class_folder: Path) -> api.Gradebook:
    return api.Gradebook(f"sqlite:///{class_folder / 'gradebook.db'}")


def hand_in(class_folder: Path, stamp: str) -> None:
    path = notebook_path(class_folder, "submitted", "ada", "77_small").with_name("timestamp.txt")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(stamp)


# What nbgrader sees


def test_nbgraders_own_gradebook_reads_the_marks(chapter: Chapter, tmp_path: Path) -> None:
    record(graded(chapter, passed=["sigmoid"]), tmp_path)
    with nbgraders(tmp_path) as book:
        notebook = book.find_submission_notebook("77_small", "77_small", "ada")
        assert (notebook.score, notebook.max_score) == (2, 10)
        assert (notebook.code_score, notebook.max_code_score) == (2, 5)
        assert notebook.needs_manual_grade and notebook.failed_tests
        assert book.find_comment("sigmoid", "77_small", "77_small", "ada").comment is None


def test_the_chapter_is_entered_as_nbgraders_own_step_would(chapter: Chapter, tmp_path: Path) -> None:
    with Gradebook(tmp_path) as book:
        book.register(chapter)
    with nbgraders(tmp_path) as book:
        notebook = book.find_notebook("77_small", "77_small")
        assert {cell.name: cell.max_score for cell in notebook.grade_cells} == {
            "check-sigmoid": 2,
            "check-relu": 3,
            "written-why": 5,
        }
        assert {cell.name for cell in notebook.solution_cells} == {"sigmoid", "relu", "written-why"}
        locked = {cell.name: cell.locked for cell in notebook.source_cells}
        assert locked["check-sigmoid"] and not locked["sigmoid"] and not locked["written-why"]
        own = {cell.name: cell.metadata.get("nbgrader", {}).get("checksum") for cell in chapter.cells}
        assert all(cell.checksum == own[cell.name] for cell in notebook.source_cells)


def test_the_graded_notebook_is_valid_and_nbgrader_would_give_it_the_same_marks(
    chapter: Chapter, tmp_path: Path
) -> None:
    record(graded(chapter, passed=["sigmoid"], outputs=lambda cell: [TEXT]), tmp_path)
    notebook = nbformat.read(autograded(tmp_path), as_version=4)
    nbformat.validate(notebook)
    marks = grades(tmp_path)
    cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert {cell.metadata.nbgrader.grade_id: determine_grade(cell)[0] for cell in cells} == {
        name: auto for name, (auto, _, _) in marks.items()
    }


def test_a_check_shows_its_report_and_nothing_that_the_learner_printed(
    chapter: Chapter, tmp_path: Path
) -> None:
    record(graded(chapter, passed=[], outputs=lambda cell: [TEXT]), tmp_path)
    notebook = nbformat.read(autograded(tmp_path), as_version=4)
    outputs = {cell.id: cell.get("outputs") for cell in notebook.cells}
    assert [output.output_type for output in outputs["check-relu"]] == ["display_data", "error"]
    assert "not right yet" in outputs["check-relu"][0].data["text/html"]
    assert outputs["sigmoid"] == [TEXT]
    shown_only = [cell for cell in chapter.cells if cell.role is Role.DEMO]
    assert outputs[shown_only[0].id] == []


def test_an_untouched_written_answer_gets_zero_and_waits_for_nobody(chapter: Chapter, tmp_path: Path) -> None:
    record(graded(chapter, answer=None), tmp_path)
    assert grades(tmp_path)["written-why"] == (0, None, False)
    with nbgraders(tmp_path) as book:
        assert book.find_comment("written-why", "77_small", "77_small", "ada").comment == "No response."


def test_an_unreadable_submission_is_recorded_with_nothing(chapter: Chapter, tmp_path: Path) -> None:
    record(graded(chapter, unreadable="The file is empty.", status=Status.UNREADABLE), tmp_path)
    assert {marks[:2] for marks in grades(tmp_path).values()} == {(0, None)}
    facts = read_autograded(autograded(tmp_path))
    assert facts.status == "unreadable" and facts.unreadable == "The file is empty."


@pytest.mark.parametrize("text", ["lone \ud800 surrogate", "nul \x00 and bell \x07", "𝜎 é \u2028 x"])
def test_any_text_of_a_learner_can_be_recorded(chapter: Chapter, tmp_path: Path, text: str) -> None:
    submission = graded(chapter, code={"relu": text}, answer=text, extra=[markdown(text)])
    record(submission, tmp_path)
    nbformat.validate(nbformat.read(autograded(tmp_path), as_version=4))
    assert is_recorded("ada", "77_small", submission.fingerprint, tmp_path)


# Regrading


def test_a_persons_mark_and_comment_survive_a_regrade(chapter: Chapter, tmp_path: Path) -> None:
    record(graded(chapter, passed=["sigmoid"]), tmp_path)
    mark_by_hand(tmp_path, "written-why", 4, "Nearly.")
    mark_by_hand(tmp_path, "check-relu", 1.5, "The idea is right.")
    record(graded(chapter, passed=["sigmoid"]), tmp_path)
    marks = grades(tmp_path)
    assert marks["written-why"] == (None, 4, False)
    assert marks["check-relu"] == (0, 1.5, False)
    with nbgraders(tmp_path) as book:
        assert book.find_comment("written-why", "77_small", "77_small", "ada").comment == "Nearly."
        assert book.find_submission_notebook("77_small", "77_small", "ada").score == 2 + 4 + 1.5


@pytest.mark.parametrize(
    ("change", "again"),
    [
        ({"answer": "A better answer."}, {"written-why"}),
        ({"answer": None}, {"written-why"}),
        ({"code": {"relu": "def relu(x):\n    return abs(x)"}}, {"check-relu"}),
        ({"passed": ["sigmoid", "relu"]}, {"check-relu"}),
        ({"code": {"sigmoid": "sigmoid = 1"}}, set()),
    ],
)
def test_a_persons_mark_asks_for_another_look_only_when_its_answer_changed(
    chapter: Chapter, tmp_path: Path, change: dict, again: set[str]
) -> None:
    record(graded(chapter, passed=["sigmoid"]), tmp_path)
    mark_by_hand(tmp_path, "written-why", 4)
    mark_by_hand(tmp_path, "check-relu", 1)
    record(graded(chapter, **({"passed": ["sigmoid"]} | change)), tmp_path)
    marks = grades(tmp_path)
    assert {name for name, (_, _, waits) in marks.items() if waits} == again
    assert marks["written-why"][1] == 4 and marks["check-relu"][1] == 1


def test_a_chapter_whose_points_change_keeps_what_people_gave(chapter: Chapter, tmp_path: Path) -> None:
    record(graded(chapter), tmp_path)
    mark_by_hand(tmp_path, "written-why", 4, "Nearly.")
    cells = [cell.replace('"points": 2', '"points": 7') for cell in small_chapter.CELLS]
    changed = small(tmp_path / "new", *cells)
    record(graded(changed), tmp_path)
    with nbgraders(tmp_path) as book:
        notebook = book.find_submission_notebook("77_small", "77_small", "ada")
        assert (notebook.score, notebook.max_score) == (7 + 4, 15)


def test_a_question_that_is_removed_takes_its_points_along_but_no_work_of_a_person_is_lost(
    chapter: Chapter, tmp_path: Path
) -> None:
    record(graded(chapter), tmp_path)
    mark_by_hand(tmp_path, "written-why", 4, "Nearly, =1+1.")
    mark_by_hand(tmp_path, "check-sigmoid", 1)
    kept = [cell for cell in small_chapter.CELLS if "written-why" not in cell]
    changed = small(tmp_path / "new", *kept)
    record(graded(changed), tmp_path)
    with nbgraders(tmp_path) as book:
        notebook = book.find_submission_notebook("77_small", "77_small", "ada")
        assert (notebook.score, notebook.max_score) == (1, 5)
    removed = (tmp_path / REMOVED_MARKS).read_text()
    assert "ada,77_small,written-why,4.0" in removed and "Nearly" in removed
    assert "check-sigmoid" not in removed


def test_a_question_that_is_added_gets_its_row(chapter: Chapter, tmp_path: Path) -> None:
    few = [cell for cell in small_chapter.CELLS if "relu" not in cell]
    record(graded(small(tmp_path / "few", *few)), tmp_path)
    assert "check-relu" not in grades(tmp_path)
    record(graded(chapter, passed=["relu"]), tmp_path)
    assert grades(tmp_path)["check-relu"] == (3, None, False)


# What is done, and what is not


def test_only_the_same_submission_counts_as_done(chapter: Chapter, tmp_path: Path) -> None:
    submission = graded(chapter)
    assert not is_recorded("ada", "77_small", submission.fingerprint, tmp_path)
    record(submission, tmp_path)
    assert is_recorded("ada", "77_small", submission.fingerprint, tmp_path)
    assert not is_recorded("ada", "77_small", "another", tmp_path)
    assert not is_recorded("ben", "77_small", submission.fingerprint, tmp_path)
    record(replace(submission, fingerprint=""), tmp_path)
    assert not is_recorded("ada", "77_small", "", tmp_path)


def test_what_the_gradebook_does_not_have_is_not_done(chapter: Chapter, tmp_path: Path) -> None:
    submission = graded(chapter)
    record(submission, tmp_path)
    (tmp_path / "gradebook.db").rename(tmp_path / "kept.db")
    assert not is_recorded("ada", "77_small", submission.fingerprint, tmp_path)
    (tmp_path / "kept.db").replace(tmp_path / "gradebook.db")
    with nbgraders(tmp_path) as book:
        book.find_grade("check-sigmoid", "77_small", "77_small", "ada").auto_score = 0
        book.db.commit()
    assert not is_recorded("ada", "77_small", submission.fingerprint, tmp_path)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"cells": []}', '{"cells": [], "metadata": {"byhand": 3}}']
)
def test_a_graded_notebook_that_is_not_whole_is_not_done(
    chapter: Chapter, tmp_path: Path, content: str
) -> None:
    submission = graded(chapter)
    record(submission, tmp_path)
    autograded(tmp_path).write_text(content)
    assert not is_recorded("ada", "77_small", submission.fingerprint, tmp_path)


@pytest.mark.parametrize("stamp", ["12:00", "Friday", "2026-13-45", "", "\0"])
def test_what_is_no_date_is_no_time_of_a_hand_in(chapter: Chapter, tmp_path: Path, stamp: str) -> None:
    hand_in(tmp_path, stamp)
    submission = graded(chapter)
    record(submission, tmp_path)
    with nbgraders(tmp_path) as book:
        assert book.find_submission("77_small", "ada").timestamp is None
    assert is_recorded("ada", "77_small", submission.fingerprint, tmp_path)


def test_a_submission_with_another_timestamp_is_not_done(chapter: Chapter, tmp_path: Path) -> None:
    submission = graded(chapter)
    hand_in(tmp_path, "2026-03-01 12:00:00 UTC")
    record(submission, tmp_path)
    assert is_recorded("ada", "77_small", submission.fingerprint, tmp_path)
    hand_in(tmp_path, "2026-03-02 12:00:00 UTC")
    assert not is_recorded("ada", "77_small", submission.fingerprint, tmp_path)


def test_a_submission_is_one_transaction(chapter: Chapter, tmp_path: Path) -> None:
    with Gradebook(tmp_path) as book:
        book.register(chapter)
        commits = []
        event.listen(book.engine, "commit", commits.append)
        record(graded(chapter), tmp_path, book)
        assert len(commits) == 1


def test_killed_at_any_moment_a_rerun_ends_as_an_undisturbed_run(chapter: Chapter, tmp_path: Path) -> None:
    students = [f"s{number}" for number in range(6)]
    first = [graded(chapter, student, passed=["sigmoid"]) for student in students]
    better = [graded(chapter, student, passed=["relu"], answer="New.") for student in students]

    def run(folder: Path, submissions: list) -> None:
        with Gradebook(folder) as book:
            for submission in submissions:
                if not is_recorded(submission.student, "77_small", submission.fingerprint, folder, book):
                    record(submission, folder, book)

    start = tmp_path / "start"
    start.mkdir()
    run(start, first)
    for student in students[1::2]:
        mark_by_hand(start, "written-why", 4, "Fine.", student)
    undisturbed = shutil.copytree(start, tmp_path / "undisturbed")
    steps = _Steps()
    with steps.counted():
        run(undisturbed, better)

    for attempt in range(10):
        folder = shutil.copytree(start, tmp_path / f"killed-{attempt}")
        child = os.fork()
        if child == 0:
            with _Steps(kill_at=1 + steps.count * attempt // 10).counted():
                run(folder, better)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        run(folder, better)
        for student in students:
            assert grades(folder, student) == grades(undisturbed, student)
            assert autograded(folder, student).read_bytes() == autograded(undisturbed, student).read_bytes()
        assert not list(folder.rglob("*.part"))


class _Steps:
    """Counts the statements, commits and file operations of a recording; kills the process at one of them."""

    def __init__(self, kill_at: int | None = None) -> None:
        self.count, self.kill_at = 0, kill_at

    def step(self) -> None:
        self.count += 1
        if self.count == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def counted(self) -> Iterator[None]:
        def hook(*_: object) -> None:
            self.step()

        hooks = [(Engine, name, hook) for name in ("before_cursor_execute", "commit")]
        for one in hooks:
            event.listen(*one)
        write, rename = Path.write_bytes, Path.replace
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "write_bytes", lambda path, data: (self.step(), write(path, data))[1])
            patch.setattr(Path, "replace", lambda path, target: (self.step(), rename(path, target))[1])
            yield
        for one in hooks:
            event.remove(*one)


@pytest.mark.parametrize("step", ["gradebook", "notebook"])
def test_stopped_between_gradebook_and_notebook_a_mark_still_asks_for_another_look(
    chapter: Chapter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    record(graded(chapter), tmp_path)
    mark_by_hand(tmp_path, "written-why", 4)
    changed = graded(chapter, answer="A better answer.")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    where = {
        "gradebook": "grader.record.recorder.set_late_penalty",
        "notebook": "grader.record.recorder.write_atomically",
    }
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(where[step], stop)
        record(changed, tmp_path)
    assert not is_recorded("ada", "77_small", changed.fingerprint, tmp_path)
    record(changed, tmp_path)
    assert grades(tmp_path)["written-why"] == (None, 4, True)


# Due dates


@pytest.mark.parametrize(
    ("rule", "stamp", "extra_days", "taken"),
    [
        ("zero", "2026-03-02 12:00:00 UTC", 0, 2),
        ("zero", "2026-03-02T13:59:00+02:00", 0, 0),
        ("zero", "2026-03-02 12:00:00 UTC", 7, 0),
        ("none", "2026-03-02 12:00:00 UTC", 0, 0),
        ("zero", "not a time", 0, 0),
    ],
)
def test_late_penalties_are_nbgraders(
    chapter: Chapter, tmp_path: Path, rule: str, stamp: str, extra_days: int, taken: float
) -> None:
    (tmp_path / "nbgrader_config.py").write_text(f"c.LateSubmissionPlugin.penalty_method = {rule!r}")
    hand_in(tmp_path, "2026-03-01 12:00:00 UTC")
    record(graded(chapter), tmp_path)
    with nbgraders(tmp_path) as book:
        book.update_or_create_assignment("77_small", duedate="2026-03-02 11:59:30 UTC")
        if extra_days:
            book.grant_extension("77_small", "ada", days=extra_days)
    hand_in(tmp_path, stamp)
    record(graded(chapter), tmp_path)
    with nbgraders(tmp_path) as book:
        assert book.find_submission("77_small", "ada").late_submission_penalty == taken


def test_a_mark_given_after_the_grading_does_not_escape_the_penalty(chapter: Chapter, tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c.LateSubmissionPlugin.penalty_method = 'zero'")
    hand_in(tmp_path, "2026-03-02 12:00:00 UTC")
    with Gradebook(tmp_path) as book:
        book.register(chapter)
    with nbgraders(tmp_path) as book:
        book.update_or_create_assignment("77_small", duedate="2026-03-01")
    record(graded(chapter), tmp_path)
    mark_by_hand(tmp_path, "written-why", 5)
    with Gradebook(tmp_path) as book, book.reading() as session:
        write_marks(session, book.config, tmp_path / "marks.csv")
    last = (tmp_path / "marks.csv").read_text().splitlines()[-1].split(",")
    assert last[-4:] == ["7", "7", "0", "10"]


def test_an_unfinished_gradebook_is_completed(chapter: Chapter, tmp_path: Path) -> None:
    version = api.text("SELECT version_num FROM alembic_version")
    with Gradebook(tmp_path) as book, book.transaction() as session:
        before = session.execute(version).scalar()
        session.execute(api.text("DELETE FROM alembic_version"))
        session.execute(api.text("DROP TABLE comment"))
    record(graded(chapter), tmp_path)
    with Gradebook(tmp_path) as book, book.reading() as session:
        assert before and session.execute(version).scalars().all() == [before]


def test_reports_come_back_from_the_graded_notebook_as_they_were(chapter: Chapter, tmp_path: Path) -> None:
    submission = graded(chapter, "student-7", passed=["relu"], note="A note.", repairs=["Mended."])
    record(submission, tmp_path)
    facts = read_autograded(autograded(tmp_path, "student-7"))
    assert str(facts.answers[0].report) == str(wrong("sigmoid"))
    assert [answer.asked for answer in facts.answers] == ["What sigmoid is.", "What relu is."]
    assert facts.written[0].question == small_chapter.QUESTION
    assert (facts.note, facts.repairs) == ("A note.", ("Mended.",))
    assert "student-7" not in autograded(tmp_path, "student-7").read_text()
