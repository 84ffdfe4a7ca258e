"""A fault of the machine is one sentence that says what to do; a submission's own fault is none of the machine's."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, exc, text

from grader.faults import fault_of
from grader.record.gradebook import Gradebook


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "The disk is full (a/b). Make room there."),
        (errno.EDQUOT, "The disk is full"),
        (errno.EROFS, "the disk is read-only"),
        (errno.EMFILE, "too many files open"),
        (errno.EIO, "Look at the machine's log"),
    ],
)
def test_a_disk_says_what_it_lacks(number: int, said: str) -> None:
    assert said in str(fault_of(OSError(number, "x", "a/b")))


def test_a_right_that_one_file_lacks_is_its_own_fault_unless_nothing_else_is_at_work() -> None:
    error = PermissionError(errno.EACCES, "x", "a/b")
    assert fault_of(error) is None
    assert "no right to read or write (a/b)" in str(fault_of(error, rights=True))
    assert fault_of(IsADirectoryError(errno.EISDIR, "x", "a")) is None
    assert "Move it away" in str(fault_of(IsADirectoryError(errno.EISDIR, "x", "a"), rights=True))


@pytest.mark.parametrize(
    "error", [ValueError("x"), UnicodeEncodeError("utf-8", "\ud800", 0, 1, "x"), OSError("x")]
)
def test_what_a_submission_causes_is_no_fault_of_the_machine(error: Exception) -> None:
    assert fault_of(error) is None


def test_one_row_that_a_database_refuses_is_that_row_s_fault() -> None:
    assert fault_of(exc.IntegrityError("x", {}, sqlite3.IntegrityError("UNIQUE constraint failed"))) is None
    assert (
        fault_of(exc.DataError("x", {}, ValueError("value too long for type character varying(128)"))) is None
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("database or disk is full", "The disk is full where the gradebook is."),
        ("attempt to write a readonly database", "no right to write the gradebook"),
        ("database is locked", "Another program has been writing into the gradebook for too long"),
        ("connection refused", "could not be opened (connection refused)"),
    ],
)
def test_a_gradebook_says_what_it_lacks(words: str, said: str) -> None:
    error = exc.OperationalError("SELECT 1", {}, sqlite3.OperationalError(words))
    assert said in str(fault_of(error))


def report(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "grader", "report", str(folder)], capture_output=True, text=True
    )


@pytest.fixture
def class_folder(tmp_path: Path) -> Path:
    """A class with an empty gradebook."""
    Gradebook(tmp_path).close()
    return tmp_path


def garbage(path: Path) -> str:
    path.write_bytes(b"garbage " * 1000)
    return "The gradebook is damaged, or is no gradebook"


def half(path: Path) -> str:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return "The gradebook is damaged, or is no gradebook"


def old(path: Path) -> str:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE submitted_assignment RENAME COLUMN timestamp TO stamp"))
    engine.dispose()
    return "another version of nbgrader"


def foreign(path: Path) -> str:
    (path.parent / "other").mkdir()
    Gradebook(path.parent / "other").close()
    shutil.copy(path.parent / "other" / "gradebook.db", path)
    return "belongs to another class than"


def damaged_key(path: Path) -> str:
    (path.parent / ".grading-key").write_text("not a key")
    return "does not hold a key"


@pytest.mark.parametrize("harm", [garbage, half, old, foreign, damaged_key])
def test_the_command_ends_with_one_sentence_and_changes_nothing(harm, class_folder: Path) -> None:
    path = class_folder / "gradebook.db"
    said = harm(path)
    before = path.read_bytes()
    done = report(class_folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr and "Traceback" not in done.stderr and done.stderr.count("\n") == 1
    assert path.read_bytes() == before


def test_a_gradebook_of_before_is_taken_by_the_first_class_that_opens_it(class_folder: Path) -> None:
    engine = create_engine(f"sqlite:///{class_folder / 'gradebook.db'}")
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE byhand_class"))
    engine.dispose()
    Gradebook(class_folder).close()
    assert report(class_folder).returncode == 0
