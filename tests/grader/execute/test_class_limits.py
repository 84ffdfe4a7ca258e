"""A class may give its submissions more time or less, in nbgrader's settings file."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.chapters import source
from grader.classroom.class_folder import CONFIG, write_config
from grader.errors import UserError
from grader.execute.class_limits import limits_of
from grader.execute.sandbox import DEFAULT
from grader.model import HandIn
from grader.pipeline.digests import fingerprint


def settings(class_folder: Path, *lines: str) -> None:
    (class_folder / CONFIG).write_text("\n".join(lines))


def test_a_class_without_a_word_about_it_has_the_usual_limits(tmp_path: Path) -> None:
    assert limits_of(tmp_path) == DEFAULT
    write_config(tmp_path)
    assert limits_of(tmp_path) == DEFAULT


def test_a_class_may_give_more_time(tmp_path: Path) -> None:
    settings(tmp_path, "c.Sandbox.cell_seconds = 30", "c.Sandbox.memory_bytes = 4e9")
    limits = limits_of(tmp_path)
    assert (limits.cell_seconds, limits.memory_bytes, limits.processes) == (
        30.0,
        4 * 10**9,
        DEFAULT.processes,
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("c.Sandbox.seconds = 30", "does not exist.*cell_seconds"),
        ("c.Sandbox.cell_seconds = 0", "above 0"),
        ("c.Sandbox.cell_seconds = True", "above 0"),
        ("c.Sandbox.cell_seconds = '30'", "must be a number"),
    ],
)
def test_a_setting_that_is_wrong_is_said(tmp_path: Path, line: str, said: str) -> None:
    settings(tmp_path, line)
    with pytest.raises(UserError, match=said):
        limits_of(tmp_path)


def test_another_limit_is_a_reason_to_grade_again(tmp_path: Path) -> None:
    hand_in, chapter = HandIn.of("ada", "00_start", b""), source.load("00_start")
    before = fingerprint(hand_in, b"key", limits_of(tmp_path), chapter)
    settings(tmp_path, "c.Sandbox.cell_seconds = 30")
    assert fingerprint(hand_in, b"key", limits_of(tmp_path), chapter) != before
