"""The sample class through the real grader: exact marks for honest work, none for forgery, no submission lost."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from byhand.checking import check
from grader.chapters import source
from grader.classroom.sample_class import ALL, MEMBERS, answer, write_sample_class
from grader.model import Role

pytestmark = pytest.mark.sandbox

BY_NAME = {member.student: member for member in MEMBERS}
UNREADABLE = {"ines", "jan"}
SLOW = {"nuri", "olga"}
NO_ANSWER = {"nuri": "tanh", "olga": "relu", "kofi": "tanh"}  # never ends, eats all memory, was deleted
FORGERS = {member.student for member in MEMBERS if member.student.startswith("forger-")}
PAIRS = [(member.student, chapter) for member in MEMBERS for chapter in member.chapters]


def grade(folder: Path, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "grader", "grade", str(folder)], capture_output=True, text=True, **options
    )


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Path:
    """The class, graded once."""
    folder = tmp_path_factory.mktemp("a class")  # a space, as on many machines
    write_sample_class(folder)
    done = grade(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "said.txt").write_text(done.stdout + done.stderr)
    return folder


def rows(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    with (folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {(row["student"], row["chapter"]): row for row in csv.DictReader(file)}


def passed(folder: Path, student: str, chapter: str) -> set[str]:
    notebook = nbformat.read(folder / "autograded" / student / chapter / f"{chapter}.ipynb", 4)
    return {answer.exercise for answer in notebook.metadata.byhand.answers if answer.report.passed}


def passed_at_home(student: str, chapter: str) -> set[str]:
    """What the student's own checks say of the work, without its tricks."""
    notebook = BY_NAME[student].notebook(chapter, tricks=False)
    if student in NO_ANSWER:
        answer(NO_ANSWER[student], f"def {NO_ANSWER[student]}(x):\n    raise TimeoutError()")(notebook)
    demos = {cell.id for cell in source.load(chapter).cells if cell.role is Role.DEMO}
    right = set()
    names = {"check": lambda f: right.add(f.__name__) if check(f, stop=False).passed else None}
    for cell in notebook.cells:
        if cell.cell_type != "code" or cell.id in demos:
            continue
        # the check that is asked here is the one above
        text = re.sub(r"^(from byhand import .*?)\bcheck, ", r"\1", cell.source, flags=re.MULTILINE)
        exec(compile(text, f"<{cell.id}>", "exec"), names)
    return right


@pytest.mark.parametrize(
    ("student", "chapter"), [pair for pair in PAIRS if pair[0] not in UNREADABLE | FORGERS]
)
def test_the_grader_passes_exactly_what_the_check_at_home_passes(graded, student, chapter):
    assert passed(graded, student, chapter) == passed_at_home(student, chapter)


@pytest.mark.parametrize("student", sorted(FORGERS))
def test_no_forger_gets_a_point_that_the_work_without_the_trick_would_not(graded, student):
    assert passed(graded, student, "02_activations") <= passed_at_home(student, "02_activations") == {"relu"}


@pytest.mark.parametrize(("student", "chapter"), PAIRS)
def test_everything_handed_in_has_a_row_whose_score_is_the_points_of_what_passed(graded, student, chapter):
    row = rows(graded)[student, chapter]
    points = {cell.exercise: cell.points for cell in source.load(chapter).cells if cell.exercise}
    right = passed(graded, student, chapter)
    assert float(row["score"]) == sum(points[name] for name in right)
    assert float(row["max_score"]) == sum(points.values())


def test_solved_is_full_marks_and_untouched_is_zero_in_every_chapter(graded):
    for chapter in ALL:
        full, none = rows(graded)["ada", chapter], rows(graded)["hugo", chapter]
        assert float(full["score"]) == float(full["max_score"]) > 0
        assert float(none["score"]) == 0


@pytest.mark.parametrize(
    ("student", "status", "words"),
    [
        ("ada", "graded", ""),
        ("gita", "graded", ""),
        ("hugo", "graded", ""),
        ("ines", "unreadable", "empty"),
        ("jan", "unreadable", ""),
        ("kofi", "repaired", "tanh"),
        ("lena", "repaired", "relu"),
        ("moe", "repaired", "order"),
        ("nuri", "timed out", "tanh"),
        ("olga", "needs review", "memory"),
        ("forger-tags", "repaired", "tag"),
        ("forger-points", "repaired", "points"),
    ],
)
def test_a_row_says_what_happened(graded, student, status, words):
    row = rows(graded)[student, "02_activations"]
    assert row["status"] == status, row
    assert words in row["note"], row
    assert bool(row["note"]) or status == "graded"


def test_only_the_notebooks_are_taken_and_the_rest_is_named(graded):
    assert "numpy.py" in (graded / "said.txt").read_text()


def test_every_submission_gets_a_page_and_the_class_a_report(graded):
    for student, chapter in PAIRS:
        page = (graded / "feedback" / student / chapter / f"{chapter}.html").read_text("utf-8")
        others = {name for name in BY_NAME if name != student and name not in student}
        assert "<script" not in page
        assert not [name for name in others if f">{name}<" in page]
    assert "wrong sign" in (graded / "report" / "index.html").read_text("utf-8")


def test_a_second_run_grades_nothing_and_changes_nothing(graded):
    before = snapshot(graded)
    done = grade(graded)
    assert done.returncode == 0
    assert f"{len(PAIRS)} unchanged" in done.stdout + done.stderr
    assert snapshot(graded) == before


def snapshot(folder: Path) -> dict[str, object]:
    """Everything that a rerun must reach again: marks, rows, pages, notebooks (without times)."""
    with sqlite3.connect(folder / "gradebook.db") as base:
        marks = base.execute(
            "select student.id, assignment.name, cell.name, grade.auto_score, grade.manual_score,"
            " grade.needs_manual_grade from grade"
            " join base_cell cell on grade.cell_id = cell.id"
            " join submitted_notebook on grade.notebook_id = submitted_notebook.id"
            " join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id"
            " join student on submitted_assignment.student_id = student.id"
            " join assignment on submitted_assignment.assignment_id = assignment.id"
            " order by 1, 2, 3"
        ).fetchall()
    assert marks
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for part in ("feedback", "report", "grades.csv")
        for path in [folder / part, *(folder / part).rglob("*")]
        if path.is_file()
    }
    notebooks = {}
    for path in sorted(folder.glob("autograded/*/*/*.ipynb")):
        about = json.loads(path.read_text("utf-8"))["metadata"]["byhand"]
        notebooks[str(path.relative_to(folder))] = about
    return {"marks": marks, "files": files, "notebooks": notebooks}


def test_killed_half_way_and_run_again_it_ends_as_if_undisturbed(graded, tmp_path):
    folder = tmp_path / "killed" / "class"
    quick = [student for student, _ in PAIRS if student not in SLOW]
    for student in dict.fromkeys(quick):
        shutil.copytree(graded / "submitted" / student, folder / "submitted" / student)
    shutil.copy(graded / ".grading-key", folder)
    reference = tmp_path / "undisturbed" / "class"
    shutil.copytree(folder, reference)
    assert grade(reference).returncode == 0

    command = [sys.executable, "-m", "grader", "grade", str(folder)]
    for wanted in (1, len(quick) // 2):  # killed once after the first, once about half way
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and len(list(folder.glob("autograded/*/*/*.ipynb"))) < wanted:
            time.sleep(0.01)
        assert process.poll() is None, "it ended before it could be killed"
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.wait()
        assert psutil.wait_procs(children, timeout=30)[1] == []
    assert grade(folder).returncode == 0
    assert snapshot(folder) == snapshot(reference)
