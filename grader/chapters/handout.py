"""The course as a class gets it, if its instructor wants it without answers: no source, no model answers, no tests."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from grader.errors import UserError

LEFT_OUT = ("solutions/", "lib/byhand/answers/", "tests/", "benchmarks/")
NEEDED = "lib/byhand/answers/__init__.py"  # says that there are none
NOT_EMPTY = "{folder} is not empty. Name a folder that is not there yet; nothing is overwritten."
NO_GIT = "A hand-out is made of the files that git tracks, and git says: {error}"
DONE = "{count} files written to {folder}, without sources, model answers and tests. Give that folder to your class."


def hand_out(root: Path, folder: Path) -> str:
    """Write the course without its answers into `folder`.

    The references stay, because the checks at home need them.

    Raises
    ------
    UserError
        If the folder holds something already, or git cannot tell the course's files.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UserError(NOT_EMPTY.format(folder=folder))
    count = 0
    for name in _tracked(root):
        if name.startswith(LEFT_OUT) and name != NEEDED:
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, target)
        count += 1
    return DONE.format(count=count, folder=folder)


def _tracked(root: Path) -> Iterator[str]:
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise UserError(NO_GIT.format(error=done.stderr.strip()))
    yield from (name for name in done.stdout.split("\0") if name and (root / name).is_file())
