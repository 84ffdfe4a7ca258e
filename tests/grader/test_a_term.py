"""A term with a class: whatever changes after the first grading, no mark and no comment of a person is lost.

The course is a copy, so that a test of it can be corrected as an author would, with submissions already there.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader import api

from grader.chapters import source
from grader.classroom.class_folder import gradebook_url, notebook_path
from grader.classroom.sample_class import answer

pytestmark = pytest.mark.sandbox

REPOSITORY = Path(__file__).parents[2]
CHAPTER, QUESTION = "01_neuron", "written-xor"
NEARLY = "def weighted_sum(x, w, b):\n    return float(np.dot(x, w) + b) + 1e-4"


class Term:
    """A class, and the course that it is graded by."""

    def __init__(self, folder: Path) -> None:
        self.course, self.folder = folder / "course", folder / "class"
        for name in ("lib", "grader", "solutions"):
            shutil.copytree(
                REPOSITORY / name, self.course / name, ignore=shutil.ignore_patterns("__pycache__")
            )

    def hand_in(self, student: str, chapter: str = CHAPTER, **answers: str) -> None:
        """The solved notebook, with other answers."""
        notebook = source.solved_notebook(source.load(chapter))
        for name, text in answers.items():
            answer(name.replace("written_", "written-"), text)(notebook)
        path = notebook_path(self.folder, "submitted", student, chapter)
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)

    def grade(self, *options: str) -> str:
        """Grade by the copy; what is said."""
        path = os.pathsep.join([str(self.course / "lib"), str(self.course)])
        done = subprocess.run(
            [sys.executable, "-m", "grader", "grade", str(self.folder), *options],
            capture_output=True,
            text=True,
            cwd=self.course,
            env=os.environ | {"PYTHONPATH": path},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def edit(self, file: str, before: str, after: str) -> None:
        """Correct the course."""
        path = self.course / file
        text = path.read_text("utf-8")
        assert text.count(before) == 1
        path.write_text(text.replace(before, after), "utf-8")

    def mark(self, student: str, cell: str, points: float, comment: str, extra: float | None = None) -> None:
        """What a person does in formgrader."""
        with api.Gradebook(gradebook_url(self.folder)) as book:
            grade = book.find_grade(cell, CHAPTER, CHAPTER, student)
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, extra, False
            book.find_comment(cell.removeprefix("check-"), CHAPTER, CHAPTER, student).manual_comment = comment
            book.db.commit()

    def marks(self, student: str, cell: str) -> tuple[float | None, float | None, bool, str | None]:
        """The grader's mark, a person's, whether it waits for one, and the comment."""
        with api.Gradebook(gradebook_url(self.folder)) as book:
            grade = book.find_grade(cell, CHAPTER, CHAPTER, student)
            comment = book.find_comment(cell.removeprefix("check-"), CHAPTER, CHAPTER, student)
            return grade.auto_score, grade.manual_score, grade.needs_manual_grade, comment.manual_comment

    def page(self, student: str) -> str:
        return (self.folder / "feedback" / student / CHAPTER / f"{CHAPTER}.html").read_text("utf-8")

    def row(self, student: str, chapter: str = CHAPTER) -> dict[str, str]:
        with (self.folder / "grades.csv").open(encoding="utf-8", newline="") as file:
            return next(
                row for row in csv.DictReader(file) if (row["student"], row["chapter"]) == (student, chapter)
            )


@pytest.fixture
def term(tmp_path: Path) -> Term:
    return Term(tmp_path)


def test_no_work_of_a_person_is_lost_whatever_changes(term: Term) -> None:
    term.hand_in("ada")
    term.hand_in("ada", "00_start")
    term.hand_in("ben", weighted_sum=NEARLY)
    assert "3 graded now" in term.grade()
    assert term.marks("ben", "check-weighted_sum") == (0, None, False, None)
    term.mark("ada", QUESTION, 5, "A clear picture.")
    term.mark("ben", QUESTION, 2, "Which line?", extra=0.5)
    term.mark("ben", "check-step", 0.25, "Right for the wrong reason.")

    def kept() -> None:
        assert term.marks("ada", QUESTION) == (None, 5, False, "A clear picture.")
        assert term.marks("ben", QUESTION) == (None, 2, False, "Which line?")
        assert term.marks("ben", "check-step")[1:] == (0.25, False, "Right for the wrong reason.")
        assert "A clear picture." in term.page("ada") and "Which line?" in term.page("ben")

    # a learner is added later
    term.hand_in("chen")
    assert "1 graded now, 3 unchanged" in term.grade()
    kept()

    # a test was too strict, and is corrected
    term.edit(
        "lib/byhand/exercises/neuron/layers.py",
        "@exercise(reference.weighted_sum)",
        "@exercise(reference.weighted_sum, atol=1e-3)",
    )
    assert "3 graded now, 1 unchanged" in term.grade()  # this chapter alone
    assert term.marks("ben", "check-weighted_sum")[0] == 2
    assert float(term.row("ben")["score"]) == float(term.row("ada")["score"]) - 0.75
    kept()

    # one learner is graded again, then one chapter, though nothing has changed
    assert "1 graded now, 0 unchanged" in term.grade("--student", "ben")
    assert "3 graded now, 0 unchanged" in term.grade("--chapter", CHAPTER)
    kept()

    # a written answer is handed in anew, and points are changed: marks stay, and those that were given for
    # something else ask for another look
    term.hand_in("ada", written_xor="No single line can do it.")
    check = '"grade_id": "check-step", "locked": true, "points": '
    term.edit("solutions/01_neuron.py", f"{check}1", f"{check}4")
    assert "3 graded now, 1 unchanged" in term.grade()
    assert term.marks("ada", QUESTION) == (None, 5, True, "A clear picture.")
    assert "1 written answer waits for marking" in term.row("ada")["note"]
    assert term.marks("chen", "check-step")[0] == 4
    assert term.marks("ben", "check-step") == (4, 0.25, True, "Right for the wrong reason.")
    assert term.marks("ben", QUESTION) == (None, 2, False, "Which line?")
