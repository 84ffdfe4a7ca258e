"""A notebook of chapter 02 whose folder keeps nothing yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from kernel_in_miniature import Notebook

from byhand.mine.storage import FolderStorage


@pytest.fixture(autouse=True)
def on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BYHAND_MINE", raising=False)  # the tests as a whole run with it off


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mine"


@pytest.fixture
def activations(folder: Path) -> Notebook:
    """Chapter 02, with nothing kept yet."""
    return Notebook("02_activations", FolderStorage(folder))
