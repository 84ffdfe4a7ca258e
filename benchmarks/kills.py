"""Killed at random moments, does grading come to the same end?

    make bench KILLS=20

A small class is graded undisturbed. Then copies of it are graded by runs that are killed (SIGKILL) at random
moments, and then by one that is not. Everything that is recorded and published must be the same, and nothing
may be left of the killed: no process, no temporary folder.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from classes import write_class

KILLS_A_CLASS = 2  # so that what a killed run left is also killed over
TABLES = {
    "marks": "select submitted_assignment.student_id, base_cell.name, grade.auto_score, grade.manual_score,"
    " grade.needs_manual_grade from grade join base_cell on grade.cell_id = base_cell.id"
    " join submitted_notebook on grade.notebook_id = submitted_notebook.id"
    " join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id order by 1, 2",
    "comments": "select submitted_assignment.student_id, base_cell.name, comment.auto_comment,"
    " comment.manual_comment from comment join base_cell on comment.cell_id = base_cell.id"
    " join submitted_notebook on comment.notebook_id = submitted_notebook.id"
    " join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id order by 1, 2",
    "cells": "select base_cell.name, base_cell.type from base_cell order by 1, 2",
    "submissions": "select student_id, assignment.name, timestamp from submitted_assignment"
    " join assignment on assignment_id = assignment.id order by 1, 2",
}


def grade(folder: Path, kill: Callable[[], float] | None = None) -> float:
    """Grade a class, or be killed after some seconds; the seconds that it took."""
    command = [sys.executable, "-m", "grader", "grade", str(folder)]
    start = time.perf_counter()
    environment = {**os.environ, "TMPDIR": str(folder.parent)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            status = process.wait(kill() if kill else None)
        except subprocess.TimeoutExpired:
            children = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(signal.SIGKILL)
            process.wait()
            if psutil.wait_procs(children, timeout=30)[1]:
                raise SystemExit("Processes outlived a grader that was killed.") from None
            return time.perf_counter() - start
    if status:
        raise SystemExit(f"Grading ended with status {status}.")
    return time.perf_counter() - start


def state(folder: Path) -> dict[str, Any]:
    """Everything that grading records and publishes."""
    with sqlite3.connect(folder / "gradebook.db") as base:
        found: dict[str, Any] = {name: base.execute(query).fetchall() for name, query in TABLES.items()}
    for part in ("autograded", "feedback", "report", "grades.csv"):
        for path in [folder / part, *sorted((folder / part).rglob("*"))]:
            if path.is_file():
                found[str(path.relative_to(folder))] = path.read_bytes()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--submissions", type=int, default=12)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    options = parser.parse_args()
    chance = random.Random(options.seed)
    print(f"{options.kills} kills, {options.submissions} submissions, seed {options.seed}", flush=True)
    differences, moments = 0, []
    with tempfile.TemporaryDirectory() as scratch:
        reference = Path(scratch) / "undisturbed" / "class"
        write_class(reference, options.submissions)
        seconds = grade(reference)
        expected = state(reference)
        while len(moments) < options.kills:
            folder = Path(scratch) / f"killed-{len(moments)}" / "class"
            shutil.copytree(reference / "submitted", folder / "submitted")
            shutil.copy(reference / ".grading-key", folder)
            for _ in range(min(KILLS_A_CLASS, options.kills - len(moments))):
                moments.append(chance.uniform(0, seconds))
                grade(folder, lambda: moments[-1])
                done = len(list(folder.glob("autograded/*/*/*.ipynb")))
                print(f"  killed after {moments[-1]:.1f} of {seconds:.1f} s: {done} graded", flush=True)
            grade(folder)
            # what the last killed run left is removed by the next: this one
            left = [path.name for path in folder.parent.iterdir() if path != folder]
            same = state(folder) == expected and not left
            differences += not same
            print(
                f"    graded to the end: {'the same' if same else f'ANOTHER END, left: {left}'}", flush=True
            )
    print(f"{len(moments)} kills, {differences} classes with another end than the undisturbed one.")
    sys.exit(bool(differences))


if __name__ == "__main__":
    main()
