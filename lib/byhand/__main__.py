"""The learner's commands: ``byhand lab`` and ``byhand progress``, also as ``python -m byhand``."""

from __future__ import annotations

import argparse
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from byhand.work import NAME, fill

REPOSITORY = Path(__file__).resolve().parents[2]
FIRST = "00_start.ipynb"

NO_LAB = (
    "JupyterLab is not installed in this Python. Run `make lab` in the course's folder, or install it with "
    "pip install 'deep-learning-by-hand[lab]'."
)
NO_NOTEBOOKS = "There are no notebooks in {folder}: {first} should lie there. Name the folder that holds it."


def work_folder(named: str | None) -> Path:
    """The folder where the learner works: the one named, else the repository's ``work/``, else this one.

    ``work/`` is filled from ``course/`` first: what is new comes in, and nothing of theirs is overwritten.
    """
    if named:
        return Path(named)
    course = REPOSITORY / "course"
    if not (course / FIRST).is_file():
        return Path.cwd()
    for done in fill(course, REPOSITORY / NAME):
        print(done.sentence)
    return REPOSITORY / NAME


def lab(options: argparse.Namespace) -> int:
    """Open the course in JupyterLab; what stands behind the folder goes to JupyterLab."""
    if find_spec("jupyterlab") is None:
        print(NO_LAB, file=sys.stderr)
        return 1
    folder = REPOSITORY if options.author else work_folder(options.folder)
    if not options.author and not (folder / FIRST).is_file():
        print(NO_NOTEBOOKS.format(folder=folder, first=FIRST), file=sys.stderr)
        return 1
    # This Python's programs come first, so that the kernel is its own; so does the kernel that gives way to the
    # browser, where the repository is there.
    jupyter = REPOSITORY / "lib" / "jupyter"
    _put_first("PATH", Path(sys.executable).parent)
    if jupyter.is_dir():
        _put_first("JUPYTER_PATH", jupyter)
        if not options.author:  # a learner's window has none of nbgrader's tools for teachers
            _put_first("JUPYTER_CONFIG_PATH", jupyter / "learner")
    root = ["--allow-root"] if getattr(os, "geteuid", int)() == 0 and os.name == "posix" else []
    opened = "solutions" if options.author else FIRST
    command = ["-m", "jupyterlab", str(folder), f"--LabApp.default_url=/lab/tree/{opened}", *root]
    os.execv(sys.executable, [sys.executable, *command, *options.jupyterlab])


def _put_first(variable: str, folder: Path) -> None:
    before = os.environ.get(variable)
    os.environ[variable] = os.pathsep.join([str(folder), before] if before else [str(folder)])


def progress(options: argparse.Namespace) -> int:
    """Say what you have passed, and what is left."""
    from byhand.checking import progress as shown

    os.chdir(work_folder(options.folder))
    print(shown())
    return 0


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(prog="byhand", description="Deep Learning by Hand: the learner's commands.")
    commands = top.add_subparsers(required=True, metavar="command")
    for function in (lab, progress):
        one = commands.add_parser(function.__name__, help=(function.__doc__ or "").split("\n")[0])
        one.set_defaults(run=function)
        one.add_argument("--folder", help="the folder with the notebooks")
        if function is lab:
            one.add_argument(
                "--author", action="store_true", help="the source, with nbgrader's tools for teachers"
            )
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one command."""
    options, more = parser().parse_known_args(arguments)
    options.jupyterlab = more
    if more and options.run is not lab:
        parser().error(f"unrecognized arguments: {' '.join(more)}")
    return int(options.run(options))


if __name__ == "__main__":
    sys.exit(main())
