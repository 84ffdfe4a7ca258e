"""nbgrader's own doors, led to the same rooms.

A class folder's ``nbgrader_config.py`` names these classes, so that ``nbgrader autograde``, ``nbgrader
generate_feedback``, ``nbgrader export`` and formgrader's buttons grade in the sandbox, write our feedback
page and export marks that a spreadsheet can open.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter, NotebookExporter
from nbgrader.api import Gradebook as NbgraderGradebook
from nbgrader.plugins import ExportPlugin
from traitlets import default

from grader.chapters import source
from grader.classroom.class_folder import notebook_path
from grader.hand_back.final_marks import FILE, write_marks
from grader.intake.downloads import TIMESTAMP, Found
from grader.publish.feedback import render_feedback
from grader.publish.results import read_result
from grader.record.gradebook import Gradebook
from grader.record.late import set_all_late_penalties
from grader.record.prepare import enter_chapter

Resources = dict[str, Any]


class _ClassFolderExporter(Exporter):
    """An exporter that knows the class folder of the nbgrader command it works for.

    No preprocessor ever runs: nbgrader's own would execute the notebook outside the sandbox.
    """

    def register_preprocessor(self, preprocessor: Any, enabled: bool = False) -> None:
        """Take no preprocessor, whatever nbgrader or its settings ask for."""

    @property
    def _command(self) -> Any:
        """The nbgrader command that made this exporter."""
        return self.parent

    @property
    def class_folder(self) -> Path:
        """The root of nbgrader's course."""
        return Path(self._command.coursedir.root)

    def open_gradebook(self) -> Gradebook:
        """The gradebook that the nbgrader command works on."""
        return Gradebook(self.class_folder, self._command.coursedir.db_url)

    def answer(self, text: str, resources: Resources) -> tuple[str, Resources]:
        """What nbgrader writes to its file."""
        resources["output_extension"] = self.file_extension
        return text, resources


def _names(filename: str, resources: Resources) -> tuple[str, str]:
    """(student, chapter) of what nbgrader converts."""
    about = resources["nbgrader"]
    if about["notebook"] != about["assignment"]:
        raise ValueError(
            f"{filename} is not a chapter's notebook: it should be called {about['assignment']}.ipynb."
        )
    return about["student"], about["assignment"]


class SandboxExporter(_ClassFolderExporter, NotebookExporter):
    """Grades a submission the way `make grade` does, in place of nbgrader's two passes over it.

    The first pass asks for the submitted file and receives the graded notebook; the second asks for that
    and receives it unchanged.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # nbgrader asks its database for the assignment before it converts the first notebook
        chapter = self.parent.coursedir.assignment_id if self.parent else ""
        if chapter in source.chapter_names():
            with self.open_gradebook() as gradebook:
                enter_chapter(source.load(chapter), self.class_folder, gradebook)

    def from_filename(  # type: ignore[override]  # nbconvert's own exporters return text, too
        self, filename: str, resources: Resources | None = None, **kw: Any
    ) -> tuple[str, Resources]:
        """The graded notebook of a submitted one."""
        resources = resources or {}
        student, chapter = _names(filename, resources)
        graded_path = notebook_path(self.class_folder, "autograded", student, chapter)
        if Path(filename).resolve() != graded_path.resolve():
            self._grade(Path(filename), student, chapter)
        return self.answer(graded_path.read_text(encoding="utf-8"), resources)

    def _grade(self, path: Path, student: str, chapter: str) -> None:
        # the whole pipeline; the other doors need none of it
        from grader.classroom.class_lock import class_lock
        from grader.pipeline.grading import grade_and_record

        handed_in = notebook_path(self.class_folder.resolve(), "submitted", student, chapter)
        if path.resolve() != handed_in:
            raise ValueError(
                f"{path} is a link, and what it leads to is not graded. Put the file itself there."
            )
        _drop_copies(notebook_path(self.class_folder, "autograded", student, chapter).parent)
        with class_lock(self.class_folder), self.open_gradebook() as gradebook:
            grade_and_record(Found(student, chapter, path), self.class_folder, gradebook)


def _drop_copies(folder: Path) -> None:
    """Remove what nbgrader copied from beside the submission: formgrader would serve a learner's pages."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != TIMESTAMP:
            path.unlink()


class FeedbackExporter(_ClassFolderExporter):
    """Makes our feedback page from a graded notebook."""

    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_filename(  # type: ignore[override]  # nbconvert's own exporters return text, too
        self, filename: str, resources: Resources | None = None, **kw: Any
    ) -> tuple[str, Resources]:
        """The feedback page of a graded notebook."""
        resources = resources or {}
        student, chapter = _names(filename, resources)
        with self.open_gradebook() as gradebook:
            with gradebook.transaction() as session:
                set_all_late_penalties(session, gradebook.config)
            result = read_result(student, chapter, self.class_folder, gradebook)
        if result is None:
            raise ValueError(f"{filename} was not graded by this grader: grade it again.")
        return self.answer(render_feedback(result), resources)


class MarksExport(ExportPlugin):
    """Final marks as nbgrader exports them, in a CSV that any spreadsheet opens safely."""

    def export(self, gradebook: NbgraderGradebook) -> None:
        """Write ``marks.csv``, or the file that ``--to`` names."""
        path = Path(self.to or FILE)
        students = [str(student) for student in self.student]
        write_marks(gradebook.db, self.config, path, assignments=self.assignment, students=students)
        self.log.info("Exported the marks to %s", path)
