"""Serve nbgrader's formgrader on a class, and write the final marks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from grader.class_folder import nbgrader_config
from grader.gradebook import Gradebook
from grader.marks import FILE, write_marks
from grader.prepare import ensure_class_folder

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


def export(class_folder: Path) -> Path:
    """Write the final marks, written answers included, to ``marks.csv``.

    Returns
    -------
    Path
        Of the file.
    """
    path = Path(class_folder) / FILE
    with Gradebook(class_folder) as gradebook, Session(gradebook.engine) as session:
        write_marks(session, nbgrader_config(class_folder), path)
    return path
