"""nbgrader's own commands and formgrader grade in the sandbox, and work on what `make grade` recorded."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbgrader import api
from nbgrader.apps import AutogradeApp, ExportApp, GenerateFeedbackApp
from publishing import graded, grades, mark_by_hand, plain, small

from grader.chapters import source
from grader.classroom.class_folder import (
    CONFIG,
    UNPROTECTED,
    feedback_path,
    gradebook_url,
    notebook_path,
    write_config,
)
from grader.intake.downloads import Found
from grader.model import Chapter, HandIn
from grader.nbgrader_entry import formgrade
from grader.pipeline.digests import fingerprint
from grader.pipeline.submission import Setting
from grader.record.autograded import read_autograded
from grader.record.gradebook import Gradebook
from grader.record.prepare import ensure_class_folder
from grader.record.recorder import is_recorded, record

CHAPTER = "02_activations"
CHECKS = sum(cell.points for cell in source.load(CHAPTER).cells if cell.exercise)
ALL = sum(cell.points for cell in source.load(CHAPTER).cells)  # written answers included
ESCAPE = """\
import os, pathlib
for place in ({folder!r}, {home!r}, "/tmp"):
    try:
        pathlib.Path(place, "byhand-escaped").write_text("out")
    except OSError:
        pass
"""
RIGHT = "def relu(x):\n    return np.maximum(x, 0)"


def hand_in(class_folder: Path, student: str, raw: bytes) -> Path:
    path = notebook_path(class_folder, "submitted", student, CHAPTER)
    path.parent.mkdir(parents=True)
    path.write_bytes(raw)
    return path


def notebook(answers: dict[str, str], extra: str = "") -> bytes:
    made = source.released_notebook(source.load(CHAPTER))
    for cell in made.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell.source = answers[name]
        if name == "relu" and extra:
            cell.source += "\n" + extra
    return nbformat.writes(made).encode()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., None]]:
    """Run one of nbgrader's commands as in a terminal: in the class folder, with its settings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", list(sys.path))
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))

        def command(app: type, class_folder: Path, *arguments: str) -> None:
            patch.chdir(class_folder)
            one = app()
            one.initialize(list(arguments))
            one.start()
            one.reset()

        yield command


@pytest.fixture(scope="module")
def class_folder(tmp_path_factory: pytest.TempPathFactory, run: Callable[..., None]) -> Path:
    """A class that was graded by ``nbgrader autograde`` alone."""
    folder = tmp_path_factory.mktemp("class")
    escape = ESCAPE.format(folder=str(folder), home=os.environ["HOME"])
    path = hand_in(
        folder, "ada", notebook({"relu": RIGHT, "written-relu-slope": "<script>x</script>"}, escape)
    )
    path.with_name("page.html").write_text("<script>alert(1)</script>")
    path.with_name("numpy.py").write_text("raise SystemExit")
    path.with_name("timestamp.txt").write_text("2026-03-01 12:00:00 UTC")
    hand_in(folder, "ben", b'{"cells": [')
    hand_in(folder, "chen", notebook({}))
    assert ensure_class_folder(folder) == []
    run(AutogradeApp, folder, CHAPTER)
    return folder


@pytest.mark.sandbox
def test_autograde_records_the_marks_of_our_own_stages(class_folder: Path) -> None:
    marks = grades(class_folder, "ada")
    assert marks["check-relu"] == (1, None, False) and marks["check-sigmoid"] == (0, None, False)
    assert marks["written-relu-slope"] == (None, None, True)
    assert marks["written-sigmoid-slope"] == (0, None, False)


@pytest.mark.sandbox
def test_a_broken_file_is_a_row_and_stops_nobody(class_folder: Path) -> None:
    facts = read_autograded(notebook_path(class_folder, "autograded", "ben", CHAPTER))
    assert facts.status == "unreadable"
    assert {auto for auto, _, _ in grades(class_folder, "ben").values()} == {0}
    assert {auto for auto, _, _ in grades(class_folder, "chen").values()} == {0}


@pytest.mark.sandbox
def test_no_learner_s_code_ran_outside_the_sandbox(class_folder: Path) -> None:
    places = class_folder, Path(os.environ["HOME"]), Path("/tmp")
    assert not [place for place in places if (place / "byhand-escaped").exists()]


@pytest.mark.sandbox
def test_nothing_from_beside_a_submission_is_served_by_formgrader(class_folder: Path) -> None:
    folder = notebook_path(class_folder, "autograded", "ada", CHAPTER).parent
    assert {path.name for path in folder.iterdir()} == {f"{CHAPTER}.ipynb", "timestamp.txt"}


@pytest.mark.sandbox
def test_make_grade_takes_what_nbgrader_graded_as_done(class_folder: Path) -> None:
    setting = Setting.of(class_folder)
    for student in ("ada", "ben", "chen"):
        found = Found(student, CHAPTER, notebook_path(class_folder, "submitted", student, CHAPTER))
        hand_in = HandIn.of(student, CHAPTER, found.read(), found.time())
        mark = fingerprint(hand_in, setting.key, setting.limits, source.load(CHAPTER))
        assert is_recorded(student, CHAPTER, mark, class_folder)


@pytest.mark.sandbox
def test_a_link_is_not_followed(class_folder: Path, run: Callable[..., None]) -> None:
    link = notebook_path(class_folder, "submitted", "linus", CHAPTER)
    link.parent.mkdir(parents=True)
    link.symlink_to(notebook_path(class_folder, "submitted", "ada", CHAPTER))
    with pytest.raises(SystemExit):
        run(AutogradeApp, class_folder, CHAPTER)
    assert not notebook_path(class_folder, "autograded", "linus", CHAPTER).exists()
    shutil.rmtree(link.parent.parent)
    with api.Gradebook(gradebook_url(class_folder)) as book:
        book.remove_student("linus")


@pytest.mark.sandbox
def test_generate_feedback_writes_our_page(class_folder: Path, run: Callable[..., None]) -> None:
    run(GenerateFeedbackApp, class_folder, CHAPTER)
    page = feedback_path(class_folder, "ada", CHAPTER).read_text()
    assert f"1 of {CHECKS:g} points from the checks" in plain(page) and "default-src 'none'" in page
    assert "could not be read" in feedback_path(class_folder, "ben", CHAPTER).read_text()


@pytest.mark.sandbox
def test_export_writes_final_marks_that_a_spreadsheet_can_open(
    class_folder: Path, run: Callable[..., None]
) -> None:
    with api.Gradebook(gradebook_url(class_folder)) as book:
        book.update_or_create_student("chen", last_name='Chen, "C"', first_name="=1+1")
    run(ExportApp, class_folder)
    assert not (class_folder / "grades.csv").exists()
    with (class_folder / "marks.csv").open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert (rows["ada"]["score"], rows["ada"]["max_score"]) == ("1", f"{ALL:g}")
    assert rows["ada"]["timestamp"] == "2026-03-01 12:00:00"
    assert (rows["chen"]["last_name"], rows["chen"]["first_name"]) == ('Chen, "C"', "'=1+1")
    before = (class_folder / "marks.csv").read_bytes()
    assert formgrade.export(class_folder).files[0].read_bytes() == before


# formgrader


@pytest.fixture(scope="module")
def formgrader(class_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """A real server with formgrader on the class: give a path, get its page; with data, send that."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = (f"--port={port}", "--ServerApp.port_retries=0", "--no-browser", "--IdentityProvider.token=key")
    command = formgrade.server_command(class_folder, options)
    log = tmp_path_factory.mktemp("log") / "server.log"
    environment = formgrade.environment() | {"JUPYTER_RUNTIME_DIR": str(log.parent)}
    with log.open("w") as file:
        server = subprocess.Popen(command, cwd=class_folder, env=environment, stdout=file, stderr=file)

    def ask(path: str, data: object = None, method: str | None = None) -> str:
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{port}/formgrader{path}", body, method=method)
        request.add_header("Authorization", "token key")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode()

    try:
        until = time.monotonic() + 180
        while True:
            try:
                ask("/api/status")
                break
            except (urllib.error.URLError, ConnectionError):
                assert server.poll() is None and time.monotonic() < until, log.read_text()[-3000:]
        yield ask
    finally:
        server.kill()
        server.wait()


def submission_id(class_folder: Path, student: str) -> str:
    with api.Gradebook(gradebook_url(class_folder)) as book:
        return book.find_submission_notebook(CHAPTER, CHAPTER, student).id


@pytest.mark.sandbox
def test_formgrader_lists_the_chapter_and_its_submissions(formgrader: Callable[..., str]) -> None:
    (assignment,) = json.loads(formgrader("/api/assignments"))
    assert (assignment["name"], assignment["num_submissions"], assignment["max_score"]) == (CHAPTER, 3, ALL)
    listed = json.loads(formgrader(f"/api/submissions/{CHAPTER}"))
    assert {one["student"]: (one["score"], one["autograded"]) for one in listed} == {
        "ada": (1, True),
        "ben": (0, True),
        "chen": (0, True),
    }


@pytest.mark.sandbox
def test_a_written_answer_is_marked_in_formgrader_and_the_mark_stays(
    class_folder: Path, formgrader: Callable[..., str]
) -> None:
    submission = submission_id(class_folder, "ada")
    page = formgrader(f"/submissions/{submission}/")
    assert "relu: right on all" in page and "&lt; script&gt;x" in page
    assert "<script>x" not in page

    marks = json.loads(formgrader(f"/api/grades?submission_id={submission}"))
    (written,) = (one for one in marks if one["name"] == "written-relu-slope")
    formgrader(f"/api/grade/{written['id']}", {"manual_score": 2, "extra_credit": None}, "PUT")
    comments = json.loads(formgrader(f"/api/comments?submission_id={submission}"))
    (comment,) = (one for one in comments if one["name"] == "written-relu-slope")
    formgrader(f"/api/comment/{comment['id']}", {"manual_comment": "Good."}, "PUT")
    assert grades(class_folder, "ada")["written-relu-slope"] == (None, 2, False)

    answer = json.loads(formgrader(f"/api/submission/{CHAPTER}/ada/autograde", {}, "POST"))
    assert answer["success"], answer
    # formgrader's button removes the graded notebook first, so the mark asks for another look, as nbgrader has it
    assert grades(class_folder, "ada")["written-relu-slope"] == (None, 2, True)
    assert grades(class_folder, "ada")["check-relu"] == (1, None, False)
    answer = json.loads(formgrader(f"/api/assignment/{CHAPTER}/ada/generate_feedback", {}, "POST"))
    assert answer["success"], answer
    assert "Good." in plain(feedback_path(class_folder, "ada", CHAPTER).read_text())


# The class folder's settings


def test_settings_that_are_there_are_never_changed(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text("c.Autograde.force = True\n")
    assert ensure_class_folder(tmp_path) == [UNPROTECTED.format(path=tmp_path / CONFIG)]
    assert (tmp_path / CONFIG).read_text() == "c.Autograde.force = True\n"


def test_settings_of_ours_that_were_added_to_are_fine(tmp_path: Path) -> None:
    assert write_config(tmp_path) == []
    with (tmp_path / CONFIG).open("a") as file:
        file.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    assert write_config(tmp_path) == []


def test_the_gradebook_s_address_comes_from_the_settings(tmp_path: Path) -> None:
    assert gradebook_url(tmp_path) == f"sqlite:///{tmp_path / 'gradebook.db'}"
    ensure_class_folder(tmp_path, db_url=f"sqlite:///{tmp_path / 'book.db'}")
    assert (tmp_path / "book.db").exists() and not (tmp_path / "gradebook.db").exists()
    (tmp_path / CONFIG).write_text("c.CourseDirectory.db_url = 'sqlite:///other.db'")
    assert gradebook_url(tmp_path) == f"sqlite:///{tmp_path / 'other.db'}"
    with pytest.raises(ValueError, match=r"Change c\.CourseDirectory\.db_url there"):
        write_config(tmp_path, "postgresql://elsewhere/marks")


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> Chapter:
    return small(tmp_path_factory.mktemp("solutions"))


def test_final_marks_hold_written_answers_and_extra_points(chapter: Chapter, tmp_path: Path) -> None:
    record(graded(chapter), tmp_path)
    mark_by_hand(tmp_path, "written-why", 4)
    with Gradebook(tmp_path) as book, book.transaction() as session:
        session.query(api.Grade).filter(api.Grade.manual_score == 4).one().extra_credit = 0.5
    text = formgrade.export(tmp_path).files[0].read_text()
    assert re.search(r"^77_small,,,ada,,,,6\.5,0,6\.5,10$", text, re.MULTILINE)
