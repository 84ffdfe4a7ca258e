"""The folder where a learner works is filled, and nobody's work in it is ever overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from byhand.released import text_digest
from byhand.work import fill


def notebook(text: str, release: str) -> bytes:
    """A released notebook with one cell."""
    cells = [{"cell_type": "code", "source": [text]}]
    mark = {"release": release, "text": text_digest([("code", text)])}
    return json.dumps({"cells": cells, "metadata": {"byhand": mark}}).encode()


def edited(raw: bytes) -> bytes:
    return raw.replace(b"stub", b"my own answer")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "01_neuron.ipynb").write_bytes(notebook("stub", "one"))
    (folder / "notes.ipynb").write_bytes(b"{}")
    return folder


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path / "work"


def said(course: Path, work: Path) -> list[str]:
    return [done.sentence for done in fill(course, work)]


def test_what_is_new_comes_in_and_the_second_time_nothing_is_said(course: Path, work: Path) -> None:
    assert said(course, work) == ["01_neuron.ipynb is new."]
    assert said(course, work) == []
    assert [path.name for path in work.iterdir()] == ["01_neuron.ipynb"]


def test_a_notebook_in_which_nobody_worked_is_brought_up_to_date(course: Path, work: Path) -> None:
    fill(course, work)
    new = notebook("stub, reworded", "two")
    (course / "01_neuron.ipynb").write_bytes(new)
    assert said(course, work) == ["01_neuron.ipynb was brought up to date; nobody had worked in it."]
    assert (work / "01_neuron.ipynb").read_bytes() == new


def test_work_stays_and_the_newer_version_lies_beside_it(course: Path, work: Path) -> None:
    fill(course, work)
    path = work / "01_neuron.ipynb"
    path.write_bytes(edited(path.read_bytes()))
    assert said(course, work) == [], "the same release"
    (course / "01_neuron.ipynb").write_bytes(notebook("stub, reworded", "two"))
    (line,) = said(course, work)
    assert line.startswith("01_neuron.ipynb was left as you have it") and "01_neuron.new.ipynb" in line
    assert b"my own answer" in path.read_bytes()
    assert said(course, work) == [], "it is put there once"
    beside = work / "01_neuron.new.ipynb"
    beside.write_bytes(edited(beside.read_bytes()))
    (course / "01_neuron.ipynb").write_bytes(notebook("stub, again", "three"))
    assert "01_neuron.new-2.ipynb" in said(course, work)[0]
    assert b"my own answer" in beside.read_bytes() and b"my own answer" in path.read_bytes()


def test_what_is_no_notebook_any_more_counts_as_work(course: Path, work: Path) -> None:
    fill(course, work)
    (work / "01_neuron.ipynb").write_bytes(b"half a file")
    fill(course, work)
    assert (work / "01_neuron.ipynb").read_bytes() == b"half a file"


def test_a_folder_that_cannot_be_written_is_said(course: Path, work: Path, monkeypatch) -> None:
    def full(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert said(course, work) == ["01_neuron.ipynb could not be written (No space left on device)."]
