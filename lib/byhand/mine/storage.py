"""Where what a learner keeps lies: a folder beside the notebooks, or this session's memory where it cannot.

One storage serves kept functions and progress. Each entry is one small text file, written beside its place and then
moved there, so that two kernels at once lose nothing and a crash leaves the old text or the new one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

FOLDER = "mine"


class Storage(Protocol):
    """Texts by their names, such as ``"ch02_activations/sigmoid.py"``."""

    lasts: bool  # whether what is written is there in the next session

    def read(self, name: str) -> str | None:
        """The text of that name; None if there is none."""

    def write(self, name: str, text: str) -> None:
        """Put a text in place of whatever had its name."""

    def names(self, folder: str = "") -> Iterator[str]:
        """The names of the texts in a folder, in order."""

    def place(self, name: str) -> str:
        """Where a person finds it; for messages."""


class FolderStorage:
    """Texts as files in a folder."""

    lasts = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, name: str) -> str | None:
        """The file's text; None if there is none, or it cannot be read."""
        try:
            return (self.folder / name).read_text("utf-8", errors="replace")
        except OSError:
            return None

    def write(self, name: str, text: str) -> None:
        """Write the file as a whole.

        Raises
        ------
        OSError
            If the folder cannot be written to.
        """
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # The process in the name: another kernel that writes the same entry has a file of its own until it is moved.
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            part.write_text(text, "utf-8")
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def names(self, folder: str = "") -> Iterator[str]:
        """The files below a folder; what begins with a dot is nobody's entry."""
        top = self.folder / folder
        for path in sorted(top.rglob("*")):
            parts = path.relative_to(top).parts
            if path.is_file() and not any(part.startswith((".", "__")) for part in parts):
                yield path.relative_to(self.folder).as_posix()

    def place(self, name: str) -> str:
        """The file's path, from the folder of the notebooks on."""
        return f"{self.folder.name}/{name}"


class MemoryStorage:
    """Texts of this session alone."""

    lasts = False

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def read(self, name: str) -> str | None:
        """The text of that name; None if there is none."""
        return self._texts.get(name)

    def write(self, name: str, text: str) -> None:
        """Put a text in place of whatever had its name."""
        self._texts[name] = text

    def names(self, folder: str = "") -> Iterator[str]:
        """The names below a folder."""
        for name in sorted(self._texts):
            rest = name.removeprefix(f"{folder}/") if folder else name
            hidden = any(part.startswith((".", "__")) for part in rest.split("/"))
            if (not folder or rest != name) and not hidden:
                yield name

    def place(self, name: str) -> str:
        """There is no file; the name says what it is."""
        return name or FOLDER


def find_storage() -> Storage:
    """The storage of this kernel: ``BYHAND_MINE`` if it is set, else ``mine/`` beside the notebook.

    ``BYHAND_MINE=off`` keeps nothing. Where the folder cannot be written to, this session's memory stands in, with
    what lies there already.
    """
    chosen = os.environ.get("BYHAND_MINE", "")
    if chosen == "off":
        return MemoryStorage()
    folder = FolderStorage(Path(chosen) if chosen else Path.cwd() / FOLDER)
    try:
        folder.write(".writable", "")
        (folder.folder / ".writable").unlink()
    except OSError:
        memory = MemoryStorage()
        for name in folder.names():
            memory.write(name, folder.read(name) or "")
        return memory
    return folder
