"""The learner's commands open what is there, and say what is missing."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from byhand import __main__ as commands


class Started(Exception):
    """JupyterLab would run now, in place of this process."""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    calls: list[list[str]] = []

    def execv(program: str, command: list[str]) -> None:
        calls.append(command)
        raise Started

    monkeypatch.setattr(commands.os, "execv", execv)
    return calls


def test_lab_opens_the_first_notebook_of_the_folder_and_hands_on_what_stands_behind(
    started: list[list[str]], tmp_path: Path
) -> None:
    (tmp_path / commands.FIRST).touch()
    with pytest.raises(Started):
        commands.main(["lab", "--folder", str(tmp_path), "--no-browser", "--port", "9999"])
    (command,) = started
    assert command[:4] == [sys.executable, "-m", "jupyterlab", str(tmp_path)]
    assert "--LabApp.default_url=/lab/tree/00_start.ipynb" in command
    assert command[-3:] == ["--no-browser", "--port", "9999"]


@pytest.mark.parametrize(("more", "tools"), [([], False), (["--author"], True)])
def test_a_learners_window_has_no_teachers_tools_and_an_authors_has(
    started: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str], tools: bool
) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/etc/theirs")
    (tmp_path / commands.FIRST).touch()
    with pytest.raises(Started):
        commands.main(["lab", "--folder", str(tmp_path), *more])
    (first, *rest) = os.environ["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert (first == "/etc/theirs") is tools
    if not tools:
        disabled = json.loads((Path(first) / "labconfig" / "page_config.json").read_text())
        assert disabled == {"disabledExtensions": {"@jupyter/nbgrader": True}}
        assert rest == ["/etc/theirs"]


def test_lab_says_what_is_missing(
    started: list[list[str]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert commands.main(["lab", "--folder", str(tmp_path)]) == 1
    assert "00_start.ipynb should lie there" in capsys.readouterr().err
    monkeypatch.setattr(commands, "find_spec", lambda name: None)
    assert commands.main(["lab"]) == 1
    assert "deep-learning-by-hand[lab]" in capsys.readouterr().err
    assert started == []


def test_where_the_repository_is_not_there_the_working_folder_is_the_course(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(commands, "REPOSITORY", tmp_path / "nowhere")
    assert commands.work_folder(None) == tmp_path
    assert commands.work_folder("mine") == Path("mine")


def test_progress_takes_no_other_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        commands.main(["progress", "everything"])
    assert "unrecognized arguments: everything" in capsys.readouterr().err


def test_without_the_systems_own_count_all_cores_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    from grader import __main__ as grader

    monkeypatch.setattr(grader, "os", SimpleNamespace(cpu_count=lambda: 3))  # as on Windows and macOS
    assert grader._cores() == 3
