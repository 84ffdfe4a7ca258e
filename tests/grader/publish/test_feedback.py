"""A feedback page: understood alone, safe to open, and about one learner only."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from publishing import SIGN, graded, mark_by_hand, markdown, not_written, plain, results, small, wrong

from grader.classroom.class_folder import feedback_path
from grader.model import Chapter, Status, Trouble
from grader.publish.feedback import publish_feedback, render_feedback
from grader.publish.results import Late, Result
from grader.record.recorder import record


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> Chapter:
    return small(tmp_path_factory.mktemp("solutions"))


def result_of(folder: Path, chapter: Chapter, **about: object) -> Result:
    record(graded(chapter, **about), folder)
    (result,) = results(folder)
    return result


def test_a_page_says_what_was_asked_what_was_written_and_what_the_check_said(
    chapter: Chapter, tmp_path: Path
) -> None:
    page = render_feedback(result_of(tmp_path, chapter, passed=["relu"]))
    text = plain(page)
    assert "3 of 5 points from the checks" in text and "1 of 2 exercises are right." in text
    assert "What sigmoid is." in text and "return 1 / (1 + np.exp(x))" in text
    assert SIGN in text and "expected" in text and "What to try:" in text
    assert "Because I say so." in text and "Why is it so?" in text
    assert "1 written answer is not marked yet (5 points)." in text


def test_an_exercise_that_is_right_asks_for_nothing(chapter: Chapter, tmp_path: Path) -> None:
    page = render_feedback(result_of(tmp_path, chapter, passed=["sigmoid", "relu"]))
    assert "What to try" not in page and "not right yet" not in page


def test_an_exercise_that_was_not_tried_is_not_called_wrong(chapter: Chapter, tmp_path: Path) -> None:
    stub = next(cell.source for cell in chapter.cells if cell.name == "relu")
    submission = graded(
        chapter, passed=["sigmoid"], reports={"relu": not_written("relu")}, code={"relu": stub}
    )
    cells = tuple(replace(one, changed=one.name != "relu") for one in submission.rebuilt.cells)
    record(replace(submission, rebuilt=replace(submission.rebuilt, cells=cells)), tmp_path)
    (result,) = results(tmp_path)
    text = plain(render_feedback(result))
    assert "relu · not tried · 0 of 3 points" in text and "not right yet" not in text


def test_a_persons_marks_and_comments_are_shown(chapter: Chapter, tmp_path: Path) -> None:
    record(graded(chapter), tmp_path)
    mark_by_hand(tmp_path, "written-why", 4, "Nearly: *why* <b>?")
    mark_by_hand(tmp_path, "check-relu", 1, "The idea is right.")
    (result,) = results(tmp_path)
    page = render_feedback(result)
    text = plain(page)
    assert "4 of 5 points from written answers." in text and "The idea is right." in text
    assert "not right yet, marked by hand · 1 of 3 points" in text
    assert "Nearly: <em>why</em> &lt;b&gt;?" in page


def test_what_was_mended_and_what_was_stopped_is_told_at_the_top(chapter: Chapter, tmp_path: Path) -> None:
    result = result_of(
        tmp_path,
        chapter,
        status=Status.NEEDS_REVIEW,
        extra=[markdown("my own", "own-1")],
        repairs=["The check of `relu` was missing and was put back."],
        incidents=[
            ("own-1", Trouble.TIME, "This cell ran too long."),
            ("relu", Trouble.TIME, "The cell of relu ran too long."),
            ("check-relu", Trouble.TIME, "The check of `relu` ran too long."),
        ],
        reports={"relu": not_written("relu")},
    )
    text = plain(render_feedback(result))
    top, exercises = text.split("Exercise by exercise")
    assert "relu was missing and was put back." in top and "This cell ran too long." in top
    assert "Your instructor will look at this by hand" in top
    assert "The cell of relu ran too long. The check of relu ran too long." in exercises
    assert "stopped" in exercises and "Not written yet" not in exercises


def test_an_unreadable_submission_gets_a_page_that_says_what_to_do(chapter: Chapter, tmp_path: Path) -> None:
    reason = "The file is empty. Save the notebook in JupyterLab (Ctrl+S) and hand it in again."
    page = render_feedback(result_of(tmp_path, chapter, unreadable=reason, status=Status.UNREADABLE))
    text = plain(page)
    assert reason in text and "Your file could not be read" in text and "Exercise by exercise" not in text


@pytest.mark.parametrize(
    ("penalty", "said"), [(2.0, "2 points will be taken off."), (0.0, "It costs no points.")]
)
def test_lateness_is_told(chapter: Chapter, tmp_path: Path, penalty: float, said: str) -> None:
    result = result_of(tmp_path, chapter)
    late = replace(result, late=Late(timedelta(hours=30), penalty))
    assert f"You handed this in 30 hours late. {said}" in plain(render_feedback(late))


def test_nothing_on_a_page_runs_or_comes_from_elsewhere(chapter: Chapter, tmp_path: Path) -> None:
    page = render_feedback(result_of(tmp_path, chapter))
    assert "default-src 'none'" in page
    assert not re.search(r"<script|<link|<img|<iframe|javascript:|https?://|@import|url\(", page)


def test_code_is_shown_as_text(chapter: Chapter, tmp_path: Path) -> None:
    code = {"sigmoid": 'x = "</code></pre><b>& bold"'}
    page = render_feedback(result_of(tmp_path, chapter, code=code))
    assert "&lt;/code&gt;&lt;/pre&gt;&lt;b&gt;&amp; bold" in page and "<b>" not in page


def test_a_page_is_about_one_learner_only(chapter: Chapter, tmp_path: Path) -> None:
    record(graded(chapter, "ada", code={"relu": "def relu(x): return 'from-ada'"}), tmp_path)
    record(graded(chapter, "zacharias", code={"relu": "def relu(x): return 'from-z'"}), tmp_path)
    publish_feedback(results(tmp_path), tmp_path)
    page = feedback_path(tmp_path, "ada", "77_small").read_text()
    assert "from-ada" in page and "zacharias" not in page and "from-z" not in page


def test_only_pages_whose_marks_changed_are_written_again(chapter: Chapter, tmp_path: Path) -> None:
    record(graded(chapter, "ada"), tmp_path)
    record(graded(chapter, "ben"), tmp_path)
    assert publish_feedback(results(tmp_path), tmp_path) == 2
    assert publish_feedback(results(tmp_path), tmp_path) == 0
    mark_by_hand(tmp_path, "written-why", 4, student="ben")
    assert publish_feedback(results(tmp_path), tmp_path) == 1
    feedback_path(tmp_path, "ada", "77_small").write_text("<!DOCTYPE html>")
    assert publish_feedback(results(tmp_path), tmp_path) == 1


def test_every_part_has_a_heading_and_every_table_its_headers(chapter: Chapter, tmp_path: Path) -> None:
    page = render_feedback(result_of(tmp_path, chapter, reports={"relu": wrong("relu", None)}))
    levels = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert levels[0] == 1 and all(after - before <= 1 for before, after in pairwise(levels))
    summary = page[page.index("At a glance") : page.index("Exercise by exercise")]
    assert summary.count('scope="col"') == 3 and summary.count('scope="row"') == 3
    identifiers = re.findall(r'id="([^"]+)"', page)
    assert len(identifiers) == len(set(identifiers))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(identifiers)
