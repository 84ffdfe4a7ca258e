"""The gradebook on PostgreSQL: what holds on SQLite holds there, too."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import postgres
import pytest
import small_chapter
from nbgrader import api
from publishing import graded, plain, results, small
from sqlalchemy import create_engine, text

from grader.classroom.class_folder import CONFIG, gradebook_url, notebook_path
from grader.model import Chapter
from grader.nbgrader_entry import formgrade
from grader.publish.feedback import render_feedback
from grader.record.gradebook import Gradebook
from grader.record.prepare import ensure_class_folder
from grader.record.recorder import is_recorded, record

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> Chapter:
    return small(tmp_path_factory.mktemp("solutions"))


@pytest.fixture
def class_folder(database: str, tmp_path: Path) -> Path:
    """A class whose settings name an empty database."""
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    assert ensure_class_folder(tmp_path, db_url=database) == []
    assert gradebook_url(tmp_path) == database
    with (tmp_path / CONFIG).open("a") as file:
        file.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    return tmp_path


def test_marks_are_recorded_marked_by_hand_graded_again_and_exported(
    class_folder: Path, chapter: Chapter
) -> None:
    first = graded(chapter)
    record(first, class_folder)
    record(graded(chapter, 'be"n, é', passed=()), class_folder)
    assert is_recorded("ada", "77_small", first.fingerprint, class_folder)
    assert not (class_folder / "gradebook.db").exists()

    names = "77_small", "77_small", "ada"
    with api.Gradebook(gradebook_url(class_folder)) as book:  # nbgrader itself, as formgrader opens it
        assert book.find_submission_notebook(*names).score == 2
        grade = book.find_grade("written-why", *names)
        grade.manual_score, grade.needs_manual_grade = 4.5, False
        book.find_comment("written-why", *names).manual_comment = "Good."
        book.update_or_create_assignment("77_small", duedate="2026-03-01 12:00:00 UTC")
        book.db.commit()

    record(graded(chapter, passed=["sigmoid", "relu"]), class_folder)
    (ada, ben) = results(class_folder)
    assert (ada.score, ada.mark(ada.facts.written[0]).points, ben.score) == (5, 4.5, 0)
    assert "Good." in plain(render_feedback(ada))
    with formgrade.export(class_folder).files[0].open(newline="") as file:
        rows = {row["student_id"]: row["score"] for row in csv.DictReader(file)}
    assert rows == {"ada": "9.5", 'be"n, é': "0"}


def test_a_late_submission_costs_what_nbgraders_rule_says(class_folder: Path, chapter: Chapter) -> None:
    record(graded(chapter), class_folder)
    with api.Gradebook(gradebook_url(class_folder)) as book:
        book.update_or_create_assignment("77_small", duedate="2026-03-01 12:00:00 UTC")
    stamp = notebook_path(class_folder, "submitted", "ada", "77_small").with_name("timestamp.txt")
    stamp.parent.mkdir(parents=True)
    stamp.write_text("2026-03-02 12:00:00 UTC")
    record(graded(chapter), class_folder)
    (ada,) = results(class_folder)
    assert (ada.late.by.days, ada.late.penalty) == (1, 2)


def test_a_question_that_is_gone_goes_and_nothing_of_a_person_with_it(
    class_folder: Path, chapter: Chapter, tmp_path_factory: pytest.TempPathFactory
) -> None:
    record(graded(chapter), class_folder)
    with api.Gradebook(gradebook_url(class_folder)) as book:
        book.find_grade("written-why", "77_small", "77_small", "ada").manual_score = 3
        book.db.commit()
    shorter = small(tmp_path_factory.mktemp("shorter"), *small_chapter.CELLS[:-2])
    record(graded(shorter, answer=None), class_folder)
    assert "ada,77_small,written-why,3" in (class_folder / "marks_of_removed_questions.csv").read_text()
    with Gradebook(class_folder) as book, book.reading() as session:
        assert session.query(api.GradeCell).count() == 2
