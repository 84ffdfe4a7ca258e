"""Where everything of a class lies, and what nbgrader needs to find there.

submitted/<student>/<chapter>/<chapter>.ipynb    what was handed in
autograded/<student>/<chapter>/<chapter>.ipynb   the graded notebook; it is there once all is recorded
feedback/<student>/<chapter>/<chapter>.html      the learner's page
source/<chapter>/<chapter>.ipynb                 the solved chapter, for formgrader and for markers
.collected/<student>/<chapter>.json.z            what came out of the sandbox; for the grader alone
gradebook.db, nbgrader_config.py, grades.csv, report/index.html
"""

from __future__ import annotations

import os
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from grader.files import write_atomically

CONFIG = "nbgrader_config.py"

# What must stand in nbgrader's settings, so that a learner's code never runs outside the sandbox.
SANDBOX_EXPORTER = "grader.nbgrader_entry.exporters.SandboxExporter"

CONFIG_TEXT = f'''"""nbgrader's settings for this class. They were written once; they are yours to change.

Keep the line about Autograde: with it, `nbgrader autograde` and formgrader's button run a learner's
code in the sandbox only. Without it they run that code on this machine, unprotected.
"""

c = get_config()  # noqa: F821

c.Autograde.exporter_class = "{SANDBOX_EXPORTER}"
c.GenerateFeedback.exporter_class = "grader.nbgrader_entry.exporters.FeedbackExporter"
c.ExportApp.plugin_class = "grader.nbgrader_entry.exporters.MarksExport"

# The gradebook is gradebook.db in this folder. For another database give its address:
# c.CourseDirectory.db_url = "postgresql://user:password@host/database"

# What a late submission costs: "none" (the default), "zero", or a class of your own:
# c.LateSubmissionPlugin.penalty_method = "zero"
# c.AssignLatePenalties.plugin_class = "my_module.MyPlugin"

# What a submission may use. A cell that runs longer is stopped; what it has earned before stays.
# c.Sandbox.cell_seconds = 10
# c.Sandbox.submission_seconds = 60
# c.Sandbox.memory_bytes = 2 * 2**30
'''

UNPROTECTED = (
    f"{{path}} does not set c.Autograde.exporter_class to {SANDBOX_EXPORTER!r}: `nbgrader autograde` and "
    "formgrader's Autograde button would run learners' code on this machine, unprotected. Add that line, or "
    "move the file away and run `make grade` again."
)


def notebook_path(class_folder: Path, step: str, student: str, chapter: str) -> Path:
    """A student's notebook of a chapter in one of the folders: ``"submitted"`` or ``"autograded"``."""
    return Path(class_folder) / step / student / chapter / f"{chapter}.ipynb"


def feedback_path(class_folder: Path, student: str, chapter: str) -> Path:
    """A student's feedback page of a chapter."""
    return Path(class_folder) / "feedback" / student / chapter / f"{chapter}.html"


def collected_path(class_folder: Path, student: str, chapter: str) -> Path:
    """Where what a submission returned is kept, so that it can be judged again without running it."""
    return Path(class_folder) / ".collected" / student / f"{chapter}.json.z"


def autograded_notebooks(class_folder: Path) -> list[tuple[str, str]]:
    """(student, chapter) of every graded notebook, in a fixed order."""
    found = Path(class_folder).glob("autograded/*/*/*.ipynb")
    pairs = [(path.parts[-3], path.parts[-2]) for path in found if path.stem == path.parts[-2]]
    return sorted(pairs, key=lambda pair: (pair[1], pair[0]))


def nbgrader_config(class_folder: Path) -> Config:
    """nbgrader's settings of this class, empty if there are none."""
    path = Path(class_folder) / CONFIG
    if not path.exists():
        return Config()
    return PyFileConfigLoader(CONFIG, path=str(path.parent.resolve())).load_config()


def gradebook_url(class_folder: Path, config: Config | None = None) -> str:
    """The address of the gradebook: from nbgrader's settings, or ``gradebook.db`` in the folder."""
    config = nbgrader_config(class_folder) if config is None else config
    folder = Path(class_folder).resolve()
    url = config.CourseDirectory.get("db_url") or f"sqlite:///{folder / 'gradebook.db'}"
    prefix = "sqlite:///"
    if isinstance(url, str) and url.startswith(prefix):
        return prefix + os.path.join(folder, url.removeprefix(prefix))  # noqa: PTH118  keeps an absolute path
    return str(url)


def write_config(class_folder: Path, db_url: str | None = None) -> list[str]:
    """Write nbgrader's settings if there are none; never change those that are there.

    Returns
    -------
    list of str
        What the instructor must know about the settings that were found, a sentence each.

    Raises
    ------
    ValueError
        If the settings name another gradebook than `db_url`.
    """
    path = Path(class_folder) / CONFIG
    if not path.exists():
        text = CONFIG_TEXT
        if db_url:
            text += f"\nc.CourseDirectory.db_url = {db_url!r}\n"
        write_atomically(path, text)
        return []
    config = nbgrader_config(class_folder)
    if db_url and gradebook_url(class_folder, config) != db_url:
        raise ValueError(
            f"{path} names the gradebook {gradebook_url(class_folder, config)}, not {db_url}. "
            "Change c.CourseDirectory.db_url there."
        )
    exporter = config.Autograde.get("exporter_class")
    name = (
        exporter
        if isinstance(exporter, str)
        else f"{exporter.__module__}.{exporter.__qualname__}"
        if exporter
        else ""
    )
    return [] if name == SANDBOX_EXPORTER else [UNPROTECTED.format(path=path)]
