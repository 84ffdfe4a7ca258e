"""How long does a class take: stock nbgrader and this grader, side by side, on the same submissions.

    make bench            writes benchmarks/grading.md

Both grade the same honest submissions from the sample class and make the feedback pages. Stock nbgrader
runs them unprotected, one after another; `make grade` runs them in the sandbox and leaves out the demos, on
which no mark depends. So that this alone does not decide it, stock nbgrader also grades the same notebooks with
their demos cut out. All take turns, and the ratio is taken turn by turn, so that a machine whose speed
drifts does not decide it either.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import stages
from classes import machine, run, without_demos, write_class

from grader.chapters import source
from grader.classroom.sample_class import ALL

HERE = Path(__file__).parent
NOTEBOOKS = 24

BOUND = (
    "What bounds it: for a small class the start, which is importing; for a large one the learners' own code and the "
    "judge, which every core does for another submission. Only `record` is done by one process for all."
)


@dataclass(frozen=True)
class Turn:
    """Seconds of one turn."""

    autograde: float
    lean: float  # the same with the demos cut out
    feedback: float
    ours: float

    @property
    def stock(self) -> float:
        """All that stock nbgrader needs to give marks and feedback."""
        return self.autograde + self.feedback

    @property
    def lean_stock(self) -> float:
        """The same where no demo is run."""
        return self.lean + self.feedback


def stock_course(folder: Path) -> None:
    """A course as nbgrader's own documentation sets one up; not part of what is timed."""
    for chapter in ALL:
        path = folder / "source" / chapter / f"{chapter}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(source.solved_notebook(source.load(chapter)), path)
        run("nbgrader", "generate_assignment", chapter, "--force", folder=folder)


def stock_seconds(command: str, folder: Path) -> float:
    """Seconds of one of nbgrader's own commands over all chapters."""
    return sum(run("nbgrader", command, chapter, folder=folder).seconds for chapter in ALL)


def turn(jobs: int) -> Turn:
    """Grade a fresh class each way."""
    with tempfile.TemporaryDirectory() as scratch:
        stock, lean, ours = (Path(scratch) / name for name in ("stock", "lean", "ours"))
        write_class(stock, NOTEBOOKS)
        shutil.copytree(stock / "submitted", ours / "submitted")
        stock_course(stock)
        shutil.copytree(stock, lean)
        for path in lean.glob("submitted/*/*/*.ipynb"):
            path.write_text(json.dumps(without_demos(json.loads(path.read_text("utf-8")))), "utf-8")
        graded = run("python", "-m", "grader", "grade", str(ours), "--jobs", str(jobs), folder=ours)
        autograde = stock_seconds("autograde", stock)
        feedback = stock_seconds("generate_feedback", stock)
        return Turn(autograde, stock_seconds("autograde", lean), feedback, graded.seconds)


def stages_alone() -> stages.Stages:
    """Each stage of ours by itself, on the same submissions."""
    with tempfile.TemporaryDirectory() as scratch:
        write_class(Path(scratch), NOTEBOOKS)
        return stages.measure(Path(scratch))


def table(turns: list[Turn], alone: stages.Stages, notebooks: int, jobs: int) -> str:
    """The result as Markdown."""

    def row(name: str, seconds: list[float], protected: str) -> str:
        middle = statistics.median(seconds)
        spread = f"{min(seconds):.1f} to {max(seconds):.1f}"
        return f"| {name} | {middle:.1f} | {spread} | {middle / notebooks:.2f} | {protected} |"

    def times(stock: Callable[[Turn], float]) -> str:
        ratios = [stock(one) / one.ours for one in turns]
        spread = f"{min(ratios):.1f} to {max(ratios):.1f}, turn by turn"
        return f"**{statistics.median(ratios):.1f} times** as fast ({spread})"

    return "\n".join(
        [
            "# Grading a class: stock nbgrader and `make grade`",
            "",
            f"{notebooks} honest submissions of {len(ALL)} chapters, marks and feedback pages.",
            "Stock nbgrader runs every cell; `make grade` leaves out the demos, on which no mark depends.",
            "To see what that alone does, stock nbgrader also graded the same notebooks with the demos cut out.",
            "",
            f"Measured on {machine()}. Turns, both in each: {len(turns)}. Made by `make bench`.",
            "",
            "| | seconds (median) | least to most | seconds a notebook | learners' code runs |",
            "| --- | ---: | ---: | ---: | --- |",
            row("`nbgrader autograde`", [one.autograde for one in turns], "unprotected"),
            row("`nbgrader generate_feedback`", [one.feedback for one in turns], "–"),
            row("both together", [one.stock for one in turns], "unprotected"),
            row("both together, demos cut out", [one.lean_stock for one in turns], "unprotected"),
            row(f"`make grade JOBS={jobs}`", [one.ours for one in turns], "in the sandbox"),
            "",
            f"`make grade` is {times(lambda one: one.stock)}; "
            f"with the demos cut out for stock nbgrader too, {times(lambda one: one.lean_stock)}.",
            "",
            "## Where the time goes",
            "",
            *stages.table(alone, statistics.median(one.ours for one in turns) / notebooks, jobs),
            "",
            BOUND,
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    turns = []
    for number in range(options.turns):
        print(f"turn {number + 1} of {options.turns} …", flush=True)
        turns.append(turn(options.jobs))
        print(
            f"  stock {turns[-1].stock:.1f} s, without demos {turns[-1].lean_stock:.1f} s, ours {turns[-1].ours:.1f} s",
            flush=True,
        )
    text = table(turns, stages_alone(), NOTEBOOKS, options.jobs)
    (HERE / "grading.md").write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
