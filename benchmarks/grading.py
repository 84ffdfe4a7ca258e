"""How long does a class take: stock nbgrader and this grader, side by side, on the same submissions.

    make bench            writes benchmarks/grading.md

Both grade the same honest submissions from the sample class and make the feedback pages. Stock nbgrader
runs them unprotected, one after another; `make grade` runs them in the sandbox. The two take turns,
and the ratio is taken turn by turn, so that a machine whose speed drifts does not decide it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import nbformat
import stages
from classes import HONEST, machine, run, write_class

from grader import source
from grader.sample_class import ALL

HERE = Path(__file__).parent
NOTEBOOKS = len(ALL) * max(len(HONEST), ceil(24 / len(ALL)))  # each honest member hands in every chapter


BOUND = (
    "What bounds it: for a small class the start, which is importing; for a large one the learners' own code and the "
    "judge, which every core does for another submission. Only `record` is done by one process for all."
)


@dataclass(frozen=True)
class Turn:
    """Seconds of one turn."""

    autograde: float
    feedback: float
    ours: float

    @property
    def stock(self) -> float:
        """All that stock nbgrader needs to give marks and feedback."""
        return self.autograde + self.feedback


def stock_course(folder: Path) -> None:
    """A course as nbgrader's own documentation sets one up; not part of what is timed."""
    for chapter in ALL:
        path = folder / "source" / chapter / f"{chapter}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(source.solved_notebook(source.load(chapter)), path)
        run("nbgrader", "generate_assignment", chapter, "--force", folder=folder)


def turn(jobs: int) -> Turn:
    """Grade a fresh class both ways."""
    with tempfile.TemporaryDirectory() as scratch:
        stock, ours = Path(scratch) / "stock", Path(scratch) / "ours"
        write_class(stock, NOTEBOOKS)
        shutil.copytree(stock / "submitted", ours / "submitted")
        stock_course(stock)
        graded = run("python", "-m", "grader", "grade", str(ours), "--jobs", str(jobs), folder=ours)
        autograde = sum(run("nbgrader", "autograde", chapter, folder=stock).seconds for chapter in ALL)
        feedback = sum(run("nbgrader", "generate_feedback", chapter, folder=stock).seconds for chapter in ALL)
        return Turn(autograde, feedback, graded.seconds)


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

    ratios = [one.stock / one.ours for one in turns]
    return "\n".join(
        [
            "# Grading a class: stock nbgrader and `make grade`",
            "",
            f"{notebooks} honest submissions of {len(ALL)} chapters, marks and feedback pages.",
            "Stock nbgrader runs every cell; `make grade` leaves out the demos, on which no mark depends.",
            "",
            f"Measured on {machine()}. Turns, both in each: {len(turns)}. Made by `make bench`.",
            "",
            "| | seconds (median) | least to most | seconds a notebook | learners' code runs |",
            "| --- | ---: | ---: | ---: | --- |",
            row("`nbgrader autograde`", [one.autograde for one in turns], "unprotected"),
            row("`nbgrader generate_feedback`", [one.feedback for one in turns], "–"),
            row("both together", [one.stock for one in turns], "unprotected"),
            row(f"`make grade JOBS={jobs}`", [one.ours for one in turns], "in the sandbox"),
            "",
            f"`make grade` is **{statistics.median(ratios):.1f} times** as fast "
            f"({min(ratios):.1f} to {max(ratios):.1f}, turn by turn).",
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
        print(f"  stock {turns[-1].stock:.1f} s, ours {turns[-1].ours:.1f} s", flush=True)
    text = table(turns, stages_alone(), NOTEBOOKS, options.jobs)
    (HERE / "grading.md").write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
