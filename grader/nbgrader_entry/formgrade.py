"""Serve nbgrader's formgrader on a class, and write the final marks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbgrader import api
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grader.hand_back import lms
from grader.hand_back.final_marks import FILE, final_marks, write_marks
from grader.intake.class_list import read_class_list
from grader.record.gradebook import Gradebook
from grader.record.prepare import ensure_class_folder, enter_class_list

WAITING = "{marks} for a person (`make formgrade`); without it, points are missing in these files."
NO_NUMBER = "Canvas does not know these; write their numbers into lms_user_id of students.csv: {students}."
ADDRESS = "/formgrader/gradebook"  # formgrader's list of what is to be marked


def serve(class_folder: Path, arguments: Sequence[str] = ()) -> int:
    """Serve formgrader until Ctrl-C, and open it in the browser.

    Parameters
    ----------
    class_folder : Path
    arguments : sequence of str
        More options for JupyterLab, such as ``--no-browser``.

    Returns
    -------
    int
        The server's exit status.
    """
    folder = Path(class_folder).resolve()
    for warning in ensure_class_folder(folder):
        print(warning, file=sys.stderr)
    print("formgrader opens in your browser; if it does not, open the address below. Ctrl-C here ends it.")
    try:
        return subprocess.run(server_command(folder, arguments), cwd=folder, env=environment()).returncode
    except KeyboardInterrupt:
        return 0


def server_command(folder: Path, arguments: Sequence[str] = ()) -> list[str]:
    """The command that serves a class folder; nbgrader reads its settings from where it is started."""
    command = [sys.executable, "-m", "jupyterlab", f"--LabApp.default_url={ADDRESS}"]
    command.append(f"--ServerApp.root_dir={folder}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return [*command, *arguments]


def environment() -> dict[str, str]:
    """The environment with this Python's commands in front: nbgrader calls some of them by name."""
    commands = str(Path(sys.executable).parent)
    return os.environ | {"PATH": os.pathsep.join([commands, os.environ.get("PATH", "")])}


@dataclass(frozen=True)
class Exported:
    """The files with the final marks, and what is missing in them."""

    files: tuple[Path, ...]
    waiting: int  # written answers, and marks that should be looked at again
    without_number: tuple[str, ...]  # learners whom Canvas cannot know

    def __str__(self) -> str:
        table, moodle, canvas = self.files
        lines = [f"The final marks are in {table}; for Moodle in {moodle.name}, for Canvas in {canvas.name}."]
        if self.waiting:
            marks = "1 mark waits" if self.waiting == 1 else f"{self.waiting} marks wait"
            lines.append(WAITING.format(marks=marks))
        if self.without_number:
            lines.append(NO_NUMBER.format(students=", ".join(self.without_number)))
        return "\n".join(lines)


def export(class_folder: Path) -> Exported:
    """Write the final marks, written answers included: ``marks.csv``, and a file for Moodle and for Canvas."""
    folder = Path(class_folder)
    files = tuple(folder / name for name in (FILE, lms.MOODLE, lms.CANVAS))
    with Gradebook(folder) as gradebook:
        with gradebook.transaction() as session:
            enter_class_list(session, read_class_list(folder))
        with Session(gradebook.engine) as session:
            write_marks(session, gradebook.config, files[0])
            marks = final_marks(session, gradebook.config)
            lms.write_moodle(marks, files[1])
            unknown = lms.write_canvas(marks, files[2])
            waiting = session.scalar(select(func.count()).where(api.Grade.needs_manual_grade))
    return Exported(files, waiting or 0, tuple(unknown))
