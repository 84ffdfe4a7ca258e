"""Does a class of a thousand take ten times as long as one of a hundred, and no more memory?

    make bench CLASS=1000      writes benchmarks/large_class.md

The class is graded; graded again with nothing changed; and again after the spec of one exercise changed, in
a copy of the course. All with the sandbox on.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from classes import Ran, machine, run, write_class

from grader.classroom.sample_class import ALL

HERE = Path(__file__).parent
PARTS = ("grader", "lib", "solutions")
CHANGED = "neuron"  # a topic of the chapter 01_neuron
OF_CHAPTER = "01_neuron"


@dataclass(frozen=True)
class Graded:
    """The three runs on one class."""

    count: int
    first: Ran
    again: Ran
    changed: Ran
    regraded: int  # submissions, after the change
    marks: bool  # whether all ended with the same marks


def measure(count: int, jobs: int) -> Graded:
    """Grade a class of `count` submissions three times."""
    with tempfile.TemporaryDirectory() as scratch:
        course, folder = Path(scratch) / "course", Path(scratch) / "class"
        for part in PARTS:
            shutil.copytree(HERE.parent / part, course / part, ignore=shutil.ignore_patterns("__pycache__"))
        write_class(folder, count)
        first = _grade(course, folder, jobs)
        marks, before = _marks(folder), _times(folder)
        again = _grade(course, folder, jobs)
        if _times(folder) != before:
            raise SystemExit("A run with nothing changed graded something.")
        with (course / "lib" / "byhand" / "exercises" / f"{CHANGED}.py").open("a") as file:
            file.write("\n# another tolerance, say\n")
        changed = _grade(course, folder, jobs)
        after = _times(folder)
        regraded = {path for path, written in after.items() if before[path] != written}
        if {path.parent.name for path in regraded} != {OF_CHAPTER}:
            raise SystemExit("A changed spec regraded another chapter than its own.")
        return Graded(count, first, again, changed, len(regraded), _marks(folder) == marks)


def _grade(course: Path, folder: Path, jobs: int) -> Ran:
    path = os.pathsep.join([str(course), str(course / "lib")])
    command = ("-m", "grader", "grade", str(folder), "--jobs", str(jobs))
    return run("python", *command, folder=course, watched=True, PYTHONPATH=path)


def _times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.glob("autograded/*/*/*.ipynb")}


def _marks(folder: Path) -> list[tuple]:
    with sqlite3.connect(folder / "gradebook.db") as base:
        return base.execute(
            "select submitted_assignment.student_id, base_cell.name, grade.auto_score from grade"
            " join base_cell on grade.cell_id = base_cell.id"
            " join submitted_notebook on grade.notebook_id = submitted_notebook.id"
            " join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id"
            " order by 1, 2"
        ).fetchall()


def table(classes: list[Graded], jobs: int) -> str:
    """The result as Markdown."""
    megabytes = 2**20
    lines = [
        "# A large class",
        "",
        f"Honest submissions of {len(ALL)} chapters, graded by `make grade JOBS={jobs}` in the sandbox, pages "
        f"and report included. Measured on {machine()}. Made by `make bench CLASS={classes[-1].count}`.",
        "",
        "| submissions | " + " | ".join(f"{one.count:,}" for one in classes) + " |",
        "| --- |" + " ---: |" * len(classes),
    ]
    for name, cell in {
        "graded for the first time": lambda one: f"{one.first.seconds:.0f} s",
        "for one submission": lambda one: f"{1000 * one.first.seconds / one.count:.0f} ms",
        "graded again, nothing changed": lambda one: f"{one.again.seconds:.1f} s",
        f"graded again, a spec of {OF_CHAPTER} changed": lambda one: f"{one.changed.seconds:.0f} s",
        "submissions regraded then": lambda one: f"{one.regraded:,} (that chapter's)",
        "memory of the grader's own process, at most": lambda one: f"{one.first.own / megabytes:.0f} MB",
        "memory of all processes, learners' included": lambda one: f"{one.first.together / megabytes:.0f} MB",
        "the same marks each time": lambda one: "yes" if one.marks else "no",
    }.items():
        lines.append(f"| {name} | " + " | ".join(cell(one) for one in classes) + " |")
    return "\n".join([*lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--submissions", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    classes = []
    for count in sorted({options.submissions // 10, options.submissions}):
        print(f"{count} submissions …", flush=True)
        classes.append(measure(count, options.jobs))
    text = table(classes, options.jobs)
    (HERE / "large_class.md").write_text(text, "utf-8")
    print(text)
    sys.exit(0 if all(one.marks for one in classes) else 1)


if __name__ == "__main__":
    main()
