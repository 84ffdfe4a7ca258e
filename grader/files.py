"""Files that are written as a whole or not at all."""

from __future__ import annotations

from pathlib import Path


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file so that at any moment it holds either all of the old content or all of the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A fixed name: there is one writer, and what a killed run left is overwritten by the next.
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    part.replace(path)


def keep_private(path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all, in a folder that its owner alone may enter."""
    path.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_atomically(path, content)
