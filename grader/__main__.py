"""The command line: ``python -m grader <command>``. The Makefile has a line for each."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from grader.errors import UserError
from grader.faults import fault_of

ROOT = Path(__file__).resolve().parent.parent
CLASS = Path("class")
SAMPLE = Path("build") / "sample-class"

NOT_INSTALLED = (
    "The grader needs {package}, which is not installed in this Python. Run `make setup` in the course's folder, or "
    "install what it needs with pip install 'deep-learning-by-hand[grader]'."
)


def class_folder(given: str | None) -> Path:
    """The class to work on: the one named, else ``class/``, else the bundled sample class."""
    if given:
        folder = Path(given)
        if not folder.is_dir():
            raise UserError(f"There is no folder {folder}. A class is a folder that holds submitted/.")
        return folder
    if CLASS.is_dir():
        return CLASS
    from grader.classroom.sample_class import write_sample_class

    print(f"There is no folder {CLASS}/ yet, so the bundled sample class is used, in {SAMPLE}/.")
    write_sample_class(SAMPLE)
    return SAMPLE


def course(options: argparse.Namespace) -> int:
    """Make course/ from solutions/."""
    from grader.chapters.handout import hand_out
    from grader.chapters.release import release

    if options.handout:
        print(hand_out(ROOT, Path(options.handout)))
        return 0
    outcomes = release(ROOT / "course", check=options.check)
    for outcome in outcomes:
        print(outcome)
    return int(options.check and not all(outcome.current for outcome in outcomes))


def exercise(options: argparse.Namespace) -> int:
    """Write the skeleton of a new exercise."""
    from grader.chapters.scaffold import new_exercise

    print(new_exercise(ROOT, options.name, options.chapter, options.topic, options.points))
    return 0


def chapter(options: argparse.Namespace) -> int:
    """Write the skeleton of the next chapter, with its first exercise."""
    from grader.chapters.scaffold import new_chapter

    print(new_chapter(ROOT, options.name, options.title, options.topic, options.exercise, options.points))
    return 0


def syllabus(options: argparse.Namespace) -> int:
    """Count what the course asks for."""
    from grader.chapters.syllabus import table

    print(table())
    return 0


def grade(options: argparse.Namespace) -> int:
    """Mark a class."""
    from grader.pipeline.command import grade_and_tell

    return grade_and_tell(
        class_folder(options.folder), options.jobs, options.student, options.chapter, fresh=options.fresh
    )


def sandbox_check(options: argparse.Namespace) -> int:
    """Try the sandbox of this machine with the solved chapters."""
    from grader.chapters.identity import chapter_names
    from grader.pipeline.sandbox_check import GOOD, checked

    said = ""
    for said in checked([options.chapter] if options.chapter else chapter_names()):
        print(said, flush=True)
    return int(said != GOOD)


def report(options: argparse.Namespace) -> int:
    """Write feedback, grades.csv and the class report again from the gradebook."""
    from grader.pipeline.command import publish_again

    folder = class_folder(options.folder)
    publish_again(folder, len(os.sched_getaffinity(0)))
    print(f"The class report is {folder / 'report' / 'index.html'}.")
    return 0


def formgrade(options: argparse.Namespace) -> int:
    """Serve nbgrader's formgrader on the class."""
    from grader.nbgrader_entry.formgrade import serve

    return serve(class_folder(options.folder))


def export(options: argparse.Namespace) -> int:
    """Write the final marks."""
    from grader.nbgrader_entry.formgrade import export as write_marks

    print(write_marks(class_folder(options.folder)))
    return 0


def due(options: argparse.Namespace) -> int:
    """Say when a chapter is due, for all or for one learner."""
    from grader.intake.downloads import time_of
    from grader.record.due import set_due

    when = None if options.date == "none" else time_of(options.date)
    print(set_due(class_folder(options.folder), options.chapter, when, options.student))
    return 0


def collect(options: argparse.Namespace) -> int:
    """Sort an LMS's download into the class."""
    from grader.intake.downloads import collect as place
    from grader.intake.downloads import time_of

    folder = Path(options.folder) if options.folder else CLASS
    handed_in = time_of(options.handed_in) if options.handed_in else None
    print(place(Path(options.source), folder, handed_in=handed_in))
    return 0


def submit(options: argparse.Namespace) -> int:
    """Pack chapters to hand them in."""
    from grader.intake.submit import make_submission

    work = ROOT / "work"
    folder = work if work.is_dir() else Path.cwd()
    print(make_submission(options.chapter, options.student, folder))
    return 0


def sample(options: argparse.Namespace) -> int:
    """Write the sample class into a folder."""
    from grader.classroom.sample_class import MEMBERS, write_sample_class

    written = write_sample_class(Path(options.folder))
    print(f"{len(MEMBERS)} students, {len(written)} files written to {options.folder}.")
    return 0


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(prog="python -m grader", description="Make the course, grade a class.")
    commands = top.add_subparsers(required=True, metavar="command")

    def command(function: Callable[..., int], *, takes_folder: bool = False) -> argparse.ArgumentParser:
        one = commands.add_parser(
            function.__name__.replace("_", "-"), help=(function.__doc__ or "").split("\n")[0]
        )
        one.set_defaults(run=function)
        if takes_folder:
            one.add_argument("folder", nargs="?", help="the class's folder (class/)")
        return one

    releasing = command(course)
    releasing.add_argument("--check", action="store_true", help="only say what is out of date")
    releasing.add_argument("--handout", help="write the course without answers into this folder")
    command(syllabus)
    writing = command(exercise)
    writing.add_argument("name", help="the function's name, such as softplus")
    writing.add_argument("chapter", help="such as activations")
    writing.add_argument(
        "--topic", default="", help="the module it belongs into; the chapter's last by default"
    )
    opening = command(chapter)
    opening.add_argument("name", help="the chapter's one name, such as preparing")
    opening.add_argument("title", help="what it asks")
    opening.add_argument("topic", help="its first module, such as tables")
    opening.add_argument("exercise", help="its first exercise, such as column_means")
    for one in (writing, opening):
        one.add_argument("--points", type=int, default=2)
    grading = command(grade, takes_folder=True)
    grading.add_argument("--jobs", type=_jobs, default=_cores(), help="submissions at once")
    grading.add_argument("--student", help="grade this one again, changed or not")
    grading.add_argument("--chapter", help="grade this one again, changed or not")
    grading.add_argument(
        "--fresh", action="store_true", help="start a sandbox for each submission; slower, and the strongest"
    )
    command(sandbox_check).add_argument("--chapter", help="try this one alone")
    command(report, takes_folder=True)
    command(formgrade, takes_folder=True)
    command(export, takes_folder=True)
    dating = command(due)
    dating.add_argument("chapter", help="such as 01_neuron")
    dating.add_argument("date", help="'2026-03-01 23:59', or none")
    dating.add_argument("folder", nargs="?", help="the class's folder (class/)")
    dating.add_argument("--student", help="an extension, for this one alone")
    collecting = command(collect)
    collecting.add_argument("source", help="a zip or a folder")
    collecting.add_argument("folder", nargs="?", help="the class's folder (class/)")
    collecting.add_argument("--handed-in", help="when they were handed in at the latest: '2026-03-01 23:59'")
    submitting = command(submit)
    submitting.add_argument("chapter", nargs="?", help="such as 01_neuron; all by default")
    submitting.add_argument("--student", default="", help="your student id, for the name of the file")
    command(sample).add_argument("folder")
    return top


def _cores() -> int:
    """The cores that this process may use, where the system can tell."""
    may_use = getattr(os, "sched_getaffinity", None)
    return len(may_use(0)) if may_use else os.cpu_count() or 1


def _jobs(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of jobs; give 1 or more")
    return int(text)


def main() -> int:
    """Run one command; what the user can put right is told in one line."""
    options = parser().parse_args()
    try:
        from grader.execute.sandbox import SandboxMissing
    except ModuleNotFoundError as missing:
        print(NOT_INSTALLED.format(package=missing.name), file=sys.stderr)
        return 1
    try:
        return int(options.run(options))
    except (UserError, SandboxMissing) as error:
        print(error, file=sys.stderr)
        return 1
    except Exception as error:
        fault = fault_of(error, rights=True)
        if fault is None:
            raise
        print(fault, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
