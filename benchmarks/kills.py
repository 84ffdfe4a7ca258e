"""Killed at random moments, does grading come to the same end?

    make bench KILLS=20        writes benchmarks/kills.md

A small class is graded undisturbed. Then copies of it are graded by runs that are killed (SIGKILL) at random
moments, and then by one that is not. A moment is a number of submissions that are recorded, from none to all, and
then a part of a second; so as many fall between two submissions and while pages are written as before the first.
Everything that is recorded and published must be the same, and nothing
may be left of the killed: no process, no temporary folder.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from classes import write_class

HERE = Path(__file__).parent
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


def grade(folder: Path, kill: tuple[int, float] | None = None) -> bool:
    """Grade a class, or kill what grades it: once so many are recorded, after so many seconds. Whether it was."""
    command = [sys.executable, "-m", "grader", "grade", str(folder)]
    environment = {**os.environ, "TMPDIR": str(folder.parent)}
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=nowhere, stderr=nowhere) as process:
        if kill:
            while process.poll() is None and recorded(folder) < kill[0]:
                time.sleep(0.005)
            time.sleep(kill[1])
            if process.poll() is None:
                children = psutil.Process(process.pid).children(recursive=True)
                process.kill()
                process.wait()
                if psutil.wait_procs(children, timeout=30)[1]:
                    raise SystemExit("Processes outlived a grader that was killed.")
                return True
        if process.wait():
            raise SystemExit(f"Grading ended with status {process.returncode}.")
    return False


def recorded(folder: Path) -> int:
    """How many submissions are graded and recorded."""
    return len(list(folder.glob("autograded/*/*/*.ipynb")))


def _copy(reference: Path, place: Path) -> Path:
    """The same class, not graded: the same submissions and the same secret key."""
    shutil.copytree(reference / "submitted", place / "class" / "submitted")
    shutil.copy(reference / ".grading-key", place / "class")
    return place / "class"


def state(folder: Path) -> dict[str, Any]:
    """Everything that grading records and publishes."""
    with sqlite3.connect(folder / "gradebook.db") as base:
        found: dict[str, Any] = {name: base.execute(query).fetchall() for name, query in TABLES.items()}
    for part in ("autograded", "feedback", "report", "grades.csv"):
        for path in [folder / part, *sorted((folder / part).rglob("*"))]:
            if path.is_file():
                found[str(path.relative_to(folder))] = path.read_bytes()
    return found


def table(caught: list[int], submissions: int, differences: int, seed: int) -> str:
    """The result as Markdown."""
    between = sum(0 < number < submissions for number in caught)
    rows = {
        "runs of `make grade` killed (SIGKILL)": len(caught),
        "before the first submission was recorded": caught.count(0),
        "between two submissions": between,
        "with all recorded: in a run that wrote pages, or had nothing to do": caught.count(submissions),
        "classes that ended otherwise than the undisturbed one": differences,
        "processes and temporary folders left behind": "0" if not differences else "see the log",
    }
    about = (
        f"A class of {submissions} submissions. Each copy of it was graded by {KILLS_A_CLASS} runs that were killed, "
        "one after the other, and then by one that was not. Gradebook, graded notebooks, pages, `grades.csv` and "
        f"report are compared. Made by `make bench KILLS={len(caught)}` (seed {seed})."
    )
    body = [f"| {what} | {number} |" for what, number in rows.items()]
    return "\n".join(["# Killed at random moments", "", about, "", "| | |", "| --- | ---: |", *body, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--submissions", type=int, default=12)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    options = parser.parse_args()
    chance = random.Random(options.seed)
    print(f"{options.kills} kills, {options.submissions} submissions, seed {options.seed}", flush=True)
    differences, caught = 0, []  # how many were recorded at each kill
    with tempfile.TemporaryDirectory() as scratch:
        reference = Path(scratch) / "undisturbed" / "class"
        write_class(reference, options.submissions)
        grade(reference)
        expected = state(reference)
        while len(caught) < options.kills:
            folder = _copy(reference, Path(scratch) / f"killed-{len(caught)}")
            for _ in range(KILLS_A_CLASS):
                moment = (chance.randint(recorded(folder), options.submissions), chance.uniform(0, 1) ** 2)
                if grade(folder, moment):
                    caught.append(recorded(folder))
                    print(f"  killed with {caught[-1]} of {options.submissions} recorded", flush=True)
            grade(folder)
            # what the last killed run left is removed by the next: this one
            left = [path.name for path in folder.parent.iterdir() if path != folder]
            found = state(folder)
            left += [name for name in expected.keys() | found if expected.get(name) != found.get(name)]
            differences += bool(left)
            print(f"    graded to the end: {f'ANOTHER END: {left}' if left else 'the same'}", flush=True)
    text = table(caught, options.submissions, differences, options.seed)
    (HERE / "kills.md").write_text(text, "utf-8")
    print(text)
    sys.exit(bool(differences))


if __name__ == "__main__":
    main()
