"""The class report: what to talk about, who needs a person, and nobody named without need."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import small_chapter
from publishing import SIGN, graded, mark_by_hand, not_written, plain, results, small, wrong

from byhand.exercises import find
from grader.model import Chapter, Graded, Status
from grader.publish.class_report import render_class_report, write_class_report
from grader.record.recorder import record

ROWS_ID = "standardize/by-row"
ROWS = find("standardize").sentence_of("by-row")


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> Chapter:
    return small(tmp_path_factory.mktemp("solutions"))


def idle(chapter: Chapter, student: str) -> Graded:
    """A submission that nobody worked on."""
    reports = {name: not_written(name) for name in chapter.exercises}
    submission = graded(chapter, student, reports=reports, answer=None)
    return replace(submission, rebuilt=replace(submission.rebuilt, cells=chapter.cells))


@pytest.fixture(scope="module")
def class_folder(chapter: Chapter, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class-7b")
    long = {"sigmoid": "def sigmoid(x):\n    # a longer way\n    return 1 / (1 + np.exp(x))"}
    both = ["sigmoid", "relu"]
    for submission in (
        graded(chapter, "ada", both),
        graded(chapter, "ben", ["relu"]),
        graded(chapter, "chen", ["relu"], code=long),
        graded(chapter, "dara", [], reports={"relu": wrong("relu", ROWS_ID)}),
        graded(chapter, "elif", ["sigmoid"], reports={"relu": wrong("relu", None, "shape")}),
        idle(chapter, "femi"),
        graded(
            chapter,
            "gita",
            unreadable="The file is empty.",
            status=Status.UNREADABLE,
            note="The file is empty.",
        ),
        graded(chapter, "hugo", both, status=Status.NEEDS_REVIEW, note="Cell 4 disturbed the grader."),
    ):
        record(submission, folder)
    return folder


@pytest.fixture(scope="module")
def page(class_folder: Path) -> str:
    return write_class_report(results(class_folder), class_folder).read_text()


def test_the_page_begins_with_what_most_learners_got_wrong(page: str) -> None:
    topics = plain(page[page.index('id="topics"') : page.index('id="people"')])
    assert "sigmoid : not right for 3 of 6 learners who tried it" in topics
    assert f"3 learners: {SIGN}" in topics
    assert topics.index("sigmoid") < topics.index("relu")


def test_each_mistake_has_its_count_and_the_shortest_example(page: str) -> None:
    mistakes = page[page.index("Known mistakes") :]
    assert re.search(r'class="number">3</td><th scope="row"><code>sigmoid</code>', mistakes)
    assert "return 1 / (1 + np.exp(x))" in mistakes and "a longer way" not in page
    assert ROWS in mistakes and "returned another shape (1)" in plain(mistakes)


def test_each_exercise_is_counted_as_right_not_yet_or_not_tried_the_hardest_first(page: str) -> None:
    number = r'<td class="number">(\d+)</td>'
    assert re.findall(rf'<th scope="row"><code>(\w+)</code></th>{number}{number}{number}', page) == [
        ("sigmoid", "3", "3", "1"),
        ("relu", "4", "2", "1"),
    ]


def test_who_needs_a_person_and_why(page: str) -> None:
    people = plain(page[page.index('id="people"') : page.index("<section")])
    assert "gita 77_small unreadable The file is empty." in people
    assert "hugo 77_small needs review Cell 4 disturbed the grader." in people
    assert not re.search(r"\b(ada|ben|chen|dara|elif|femi)\b", people)
    assert "needs review : look at the notebook with make formgrade ." in people
    assert "timed out" not in people  # nothing to do about what nobody has


def test_written_answers_that_wait_are_counted(page: str, class_folder: Path) -> None:
    assert "77_small: 6 answers by 6 learners." in plain(page)
    mark_by_hand(class_folder, "written-why", 4, student="ada")
    again = render_class_report(results(class_folder), "x")
    assert "77_small: 5 answers by 5 learners." in plain(again)


def test_nobody_is_named_where_no_person_has_to_do_something(page: str) -> None:
    rest = page.replace(page[page.index('id="people"') : page.index("<section")], "")
    assert not re.search(r"\b(ada|ben|chen|dara|elif|femi|gita|hugo)\b", plain(rest))


def test_the_scores_are_drawn_and_written_as_a_table(page: str) -> None:
    assert page.count("<svg") == 1 and 'role="img"' in page
    counts = dict(
        re.findall(r'<th scope="row">(\d+ to (?:below )?\d+)</th><td class="number">(\d+)</td>', page)
    )
    assert counts == {
        "0 to below 1": "2",
        "1 to below 2": "0",
        "2 to below 3": "1",
        "3 to below 4": "2",
        "4 to 5": "2",
    }
    assert "Half of them have 3 or more of 5; all points: 2; no points: 2." in plain(page)
    assert "Without the 1 that could not be read." in plain(page)


def test_learners_who_stopped_half_way_are_named(tmp_path: Path) -> None:
    names = ("sigmoid", "relu", "tanh", "softmax")
    cells = [text for name in names for text in (small_chapter.solution(name), small_chapter.check(name))]
    chapter = small(tmp_path / "solutions", *cells)
    begun = {"sigmoid": "def sigmoid(x): return x"}
    everything = {name: f"def {name}(x): return x" for name in names}
    reports = {name: not_written(name) for name in names[1:]}
    stopped = graded(chapter, "ben", ["sigmoid"], reports=reports, code=begun, answer=None)
    cells = tuple(replace(cell, changed=cell.name == "sigmoid") for cell in stopped.rebuilt.cells)
    record(replace(stopped, rebuilt=replace(stopped.rebuilt, cells=cells)), tmp_path)
    record(graded(chapter, "ada", names, code=everything, answer=None), tmp_path)
    page = render_class_report(results(tmp_path), "x")
    assert "Stopped half way ben (after sigmoid )." in plain(page)


def test_the_same_class_gives_the_same_bytes(class_folder: Path) -> None:
    found = results(class_folder)
    assert render_class_report(found, "x") == render_class_report(found[::-1], "x")


def test_nothing_on_the_page_runs_or_comes_from_elsewhere(page: str) -> None:
    assert "default-src 'none'" in page
    assert not re.search(r"<script|<link|<img|<iframe|javascript:|https?://|@import|url\(", page)


def test_what_learners_wrote_is_shown_as_text(chapter: Chapter, tmp_path: Path) -> None:
    code = {"sigmoid": "<script>alert(1)</script>"}
    record(graded(chapter, "<b>", [], code=code, status=Status.NEEDS_REVIEW, note="<i>"), tmp_path)
    page = render_class_report(results(tmp_path), "<u>")
    assert "&lt;script&gt;" in page and not re.search("<script|<b>|<i>|<u>", page)


def test_a_class_without_submissions_has_a_page_too() -> None:
    page = plain(render_class_report([], "empty"))
    assert "0 submissions of 0 students." in page and "Nothing: every answer that was tried is right." in page


@pytest.mark.parametrize("end", ["", "\n    return (  # by Ada"])
def test_an_example_tells_nobody_whose_it_is(chapter: Chapter, tmp_path: Path, end: str) -> None:
    named = (
        f"# Ada Lovelace, 1843\ndef sigmoid(x):\n    # mine: Ada\n    y = '#1'  # (c) Ada\n    return -y{end}"
    )
    record(graded(chapter, "student-1", [], code={"sigmoid": named}), tmp_path)
    page = render_class_report(results(tmp_path), "x")
    assert "y = &#39;#1&#39;" in page and "Ada" not in page
