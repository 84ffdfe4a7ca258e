"""grades.csv: a row for each submission, for people and for spreadsheets."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from publishing import graded, mark_by_hand, results, small

from grader.model import Chapter, Status
from grader.publish.grades_csv import duration, note, number, spreadsheet_text, write_grades
from grader.publish.results import Late
from grader.record.recorder import record


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> Chapter:
    return small(tmp_path_factory.mktemp("solutions"))


def rows(class_folder: Path) -> list[dict[str, str]]:
    path = write_grades(results(class_folder), class_folder)
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_row_says_what_the_checks_gave_and_what_is_left_to_do(chapter: Chapter, tmp_path: Path) -> None:
    mended = graded(chapter, "ben", ["relu"], status=Status.REPAIRED, note="A cell was missing.")
    record(graded(chapter, "ada", ["sigmoid", "relu"], answer=None), tmp_path)
    record(mended, tmp_path)
    assert rows(tmp_path) == [
        {
            "student": "ada",
            "chapter": "77_small",
            "score": "5",
            "max_score": "5",
            "status": "graded",
            "note": "",
        },
        {
            "student": "ben",
            "chapter": "77_small",
            "score": "3",
            "max_score": "5",
            "status": "repaired",
            "note": "A cell was missing. 1 written answer waits for marking (5 points).",
        },
    ]


def test_the_columns_are_exactly_these(chapter: Chapter, tmp_path: Path) -> None:
    record(graded(chapter), tmp_path)
    text = write_grades(results(tmp_path), tmp_path).read_bytes().decode("utf-8")
    assert text.startswith("student,chapter,score,max_score,status,note\r\n")


def test_a_marked_written_answer_changes_the_note_and_not_the_score(chapter: Chapter, tmp_path: Path) -> None:
    record(graded(chapter), tmp_path)
    mark_by_hand(tmp_path, "written-why", 5)
    (row,) = rows(tmp_path)
    assert (row["score"], row["max_score"], row["note"]) == ("2", "5", "")


def test_a_persons_mark_for_a_check_counts_instead_of_the_grader_s(chapter: Chapter, tmp_path: Path) -> None:
    record(graded(chapter, answer=None), tmp_path)
    mark_by_hand(tmp_path, "check-relu", 1.5)
    (row,) = rows(tmp_path)
    assert (row["score"], row["note"]) == ("3.5", "1 check was marked by hand.")


def test_the_same_marks_give_the_same_bytes_in_the_same_order(chapter: Chapter, tmp_path: Path) -> None:
    for student in ("zoe", "Ada", "ben", "42"):
        record(graded(chapter, student), tmp_path)
    first = write_grades(results(tmp_path), tmp_path).read_bytes()
    assert write_grades(reversed(results(tmp_path)), tmp_path).read_bytes() == first
    assert [row["student"] for row in rows(tmp_path)] == ["42", "Ada", "ben", "zoe"]


@pytest.mark.parametrize(
    ("student", "cell"),
    [
        ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\t=1+1", "'=1+1"),
        ("a\r\nb", "a b"),
        ("x;=1+1", "x;'=1+1"),
        ("x; @y;-1", "x; '@y;'-1"),
        ("one; two", "one; two"),
        ('Ó Briain, "Liam"', 'Ó Briain, "Liam"'),
        ("ada.lovelace-7@uni.example", "ada.lovelace-7@uni.example"),
        ("0042", "0042"),
    ],
)
def test_no_spreadsheet_takes_a_cell_for_a_formula(
    chapter: Chapter, tmp_path: Path, student: str, cell: str
) -> None:
    assert spreadsheet_text(student) == cell
    (result,) = _with_student(chapter, tmp_path, student)
    write_grades([result], tmp_path)
    with (tmp_path / "grades.csv").open(newline="", encoding="utf-8") as file:
        assert next(csv.DictReader(file))["student"] == cell


def _with_student(chapter: Chapter, folder: Path, student: str) -> list:
    record(graded(chapter), folder)
    return [replace(result, student=student) for result in results(folder)]


def test_a_late_submission_says_how_late_and_what_it_costs(chapter: Chapter, tmp_path: Path) -> None:
    record(graded(chapter, answer=None), tmp_path)
    (result,) = results(tmp_path)
    late = replace(result, late=Late(timedelta(hours=3, minutes=5), 2.0))
    assert note(late) == "Handed in 3 hours late. 2 points are taken off in the final marks."
    assert note(replace(result, late=Late(timedelta(minutes=5), 0.0))) == "Handed in less than an hour late."


@pytest.mark.parametrize(
    ("value", "text"),
    [(5.0, "5"), (0, "0"), (2.5, "2.5"), (1 / 3, "0.3333"), (1e6, "1000000"), (0.1 + 0.2, "0.3")],
)
def test_numbers_are_written_plainly(value: float, text: str) -> None:
    assert number(value) == text


def test_times_are_told_in_words() -> None:
    assert [duration(hours) for hours in (0.5, 1, 47, 49, 100)] == [
        "less than an hour",
        "1 hour",
        "47 hours",
        "2 days",
        "4 days",
    ]
