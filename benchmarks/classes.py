"""Classes to measure on: honest submissions from the sample class, as many as are wanted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

from grader.classroom.sample_class import ALL, MEMBERS

BIN = Path(sys.executable).parent
HONEST = ("ada", "ben", "chen", "dara", "elif", "hugo")
LOOK = 1.0  # seconds between two looks at the memory


@cache
def _notebook(member: str, chapter: str) -> dict:
    (found,) = [one for one in MEMBERS if one.student == member]
    return json.loads(found.file(chapter))


def _submissions(count: int) -> Iterator[tuple[str, str, bytes]]:
    """(student, chapter, file): chapters and honest members in turn, and no two files are the same."""
    for number in range(count):
        who, chapter = number // len(ALL), ALL[number % len(ALL)]
        student = f"student{who:04}"
        notebook = _notebook(HONEST[number % len(HONEST)], chapter)
        note = {"cell_type": "markdown", "id": "note", "metadata": {}, "source": f"The work of {student}."}
        whole = {**notebook, "cells": [*notebook["cells"], note]}
        yield student, chapter, json.dumps(whole).encode()


def without_demos(notebook: dict) -> dict:
    """The same notebook without the cells on which no mark depends."""
    cells = [cell for cell in notebook["cells"] if "demo" not in cell["metadata"].get("tags", ())]
    return {**notebook, "cells": cells}


def write_class(folder: Path, count: int) -> None:
    """Write ``submitted/`` with `count` notebooks."""
    for student, chapter, file in _submissions(count):
        path = folder / "submitted" / student / chapter / f"{chapter}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file)


@dataclass(frozen=True)
class Ran:
    """What a command took: seconds, and bytes of memory at its fullest (its own, and that of all its processes)."""

    seconds: float
    own: int = 0
    together: int = 0


def run(program: str, *arguments: str, folder: Path, watched: bool = False, **environment: str) -> Ran:
    """Run one of the environment's programs in `folder`, and stop the benchmark if it fails."""
    clean = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder), "MPLBACKEND": "agg"}
    log = folder / ".bench-log"
    start = time.perf_counter()
    with log.open("wb") as file:
        process = subprocess.Popen(
            [BIN / program, *arguments], cwd=folder, env=clean | environment, stdout=file, stderr=file
        )
        own, together = _watch(process) if watched else (0, 0)
        process.wait()
    seconds = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"{program} {' '.join(arguments)} failed:\n{log.read_text('utf-8')[-2000:]}")
    return Ran(seconds, own, together)


def _watch(process: subprocess.Popen) -> tuple[int, int]:
    own = together = 0
    while True:
        try:
            first = psutil.Process(process.pid)
            own = max(own, first.memory_info().rss)
            # forks share most of their pages, which count once
            family = [first, *first.children(recursive=True)]
            together = max(together, sum(map(_share, family)))
        except psutil.Error:
            pass
        try:
            process.wait(LOOK)
            return own, together
        except subprocess.TimeoutExpired:
            pass


def _share(process: psutil.Process) -> int:
    try:
        return process.memory_full_info().pss
    except psutil.Error:
        return 0


def machine() -> str:
    """What was measured on, for the head of a table."""
    import platform

    from nbgrader._version import __version__

    return (
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"nbgrader {__version__}"
    )
