"""nbgrader's gradebook, opened once and written by one writer, one transaction a submission.

The tables are nbgrader's own (`nbgrader.api`). Its helper methods commit at each step, which is slow and
leaves half a submission behind when the process is killed; here a session is committed once.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader import api, dbutil
from sqlalchemy import create_engine, delete, event, func, inspect, select, text
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.orm import Session
from traitlets.config import Config

from grader.classroom.class_folder import gradebook_url, nbgrader_config
from grader.errors import UserError
from grader.judge.seeds import class_key
from grader.model import KERNEL, Chapter

COURSE = "default_course"  # what nbgrader calls a course that was given no name
REMOVED_MARKS = "marks_of_removed_questions.csv"
OWNER = "byhand_class"  # a table of ours, which nbgrader does not look at
FOREIGN = (
    "The gradebook at {url} belongs to another class than {folder}. Give each class a database of its own "
    "(c.CourseDirectory.db_url in nbgrader_config.py). If this is the class's own gradebook, its .grading-key was "
    "lost: restore that file from a backup."
)
BUSY_SECONDS = 60  # how long to wait while formgrader writes


@dataclass(frozen=True)
class Registered:
    """The rows of a chapter: the assignment, its notebook, and its cells by name."""

    assignment: str
    notebook: str
    graded: dict[str, str]  # name of a grade cell -> id
    answered: dict[str, str]  # name of a solution cell -> id


class Gradebook:
    """The gradebook of a class folder. Use it as a context manager.

    Parameters
    ----------
    class_folder : Path
    url : str, optional
        Any database that nbgrader supports; by default what the folder's nbgrader settings name, else
        ``gradebook.db`` in the folder.

    Raises
    ------
    UserError
        If the gradebook is another class's.
    """

    def __init__(self, class_folder: Path, url: str | None = None):
        self.class_folder = Path(class_folder)
        self.config: Config = nbgrader_config(class_folder)
        self.url = url or gradebook_url(class_folder, self.config)
        self._chapters: dict[str, tuple[str, Registered]] = {}
        self.engine = _engine(self.url)
        _create_tables(self.engine)
        _claim(self.engine, self.class_folder)

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose changes are all written at its end, or not at all."""
        with Session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session to read with; it does not keep formgrader from writing."""
        with Session(self.engine.execution_options(reading=True)) as session:
            yield session

    def register(self, chapter: Chapter) -> Registered:
        """Enter a chapter as nbgrader's generate step would, or bring its entry up to date.

        Marks and comments of questions that are still there stay. Those that a person gave on a question
        that is gone are first written to ``marks_of_removed_questions.csv``.
        """
        known = self._chapters.get(chapter.name)
        if known is None or known[0] != chapter.digest:
            with self.transaction() as session:
                registered = _register(session, chapter, self.class_folder / REMOVED_MARKS)
            self._chapters[chapter.name] = (chapter.digest, registered)
        return self._chapters[chapter.name][1]


def _engine(url: str) -> Engine:
    sqlite = make_url(url).get_backend_name() == "sqlite"
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS} if sqlite else {})
    if sqlite:
        event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _begin_sqlite(connection: Connection) -> None:
    # Python's sqlite3 would begin a transaction at its first write. Asking for the right to write at once
    # waits while formgrader writes, where asking for it half way through would fail.
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _create_tables(engine: Engine) -> None:
    """Create what is missing; a second run mends a creation that was killed half way."""
    version, course = text("SELECT version_num FROM alembic_version"), api.Course.__table__
    has_course = select(course.c.id).where(course.c.id == COURSE)
    names = set(inspect(engine).get_table_names())
    complete = {table.name for table in api.Base.metadata.sorted_tables} | {"alembic_version"} <= names
    if complete:
        with engine.execution_options(reading=True).connect() as connection:
            if connection.execute(version).first() and connection.execute(has_course).first():
                return
    from alembic.script import ScriptDirectory  # slow to import, and needed once in the life of a class

    with engine.begin() as connection:
        api.Base.metadata.create_all(connection)
        if "alembic_version" not in names:
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        if connection.execute(version).first() is None:
            head = ScriptDirectory(dbutil.ALEMBIC_DIR).get_current_head()
            connection.execute(
                text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": head}
            )
        if connection.execute(has_course).first() is None:
            connection.execute(course.insert().values(id=COURSE))


def _claim(engine: Engine, class_folder: Path) -> None:
    """Note in a gradebook whose it is; it is refused where it is another class's."""
    ours = hashlib.sha256(b"gradebook" + class_key(class_folder)).hexdigest()
    owner = text(f"SELECT id FROM {OWNER}")
    if inspect(engine).has_table(OWNER):
        with engine.execution_options(reading=True).connect() as connection:
            known = connection.execute(owner).scalars().all()
        if known == [ours]:
            return
        if known:
            url = engine.url.render_as_string(hide_password=True)
            raise UserError(FOREIGN.format(url=url, folder=class_folder))
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE IF NOT EXISTS {OWNER} (id VARCHAR(64) PRIMARY KEY)"))
        if connection.execute(owner).first() is None:
            connection.execute(text(f"INSERT INTO {OWNER} (id) VALUES (:ours)"), {"ours": ours})


def _register(session: Session, chapter: Chapter, removed_marks: Path) -> Registered:
    assignment = session.scalar(select(api.Assignment).where(api.Assignment.name == chapter.name))
    if assignment is None:
        assignment = api.Assignment(chapter.name, course_id=COURSE)
        session.add(assignment)
        session.flush()
    notebook = session.scalar(
        select(api.Notebook).where(
            api.Notebook.assignment_id == assignment.id, api.Notebook.name == chapter.name
        )
    )
    if notebook is None:
        notebook = api.Notebook(name=chapter.name, assignment_id=assignment.id, kernelspec=json.dumps(KERNEL))
        session.add(notebook)
        session.flush()

    graded, answered, sources = _nbgrader_cells(chapter)
    _remove_cells(session, chapter.name, notebook.id, set(graded), set(answered), removed_marks)
    grade_cells = _update(session, api.GradeCell, notebook.id, graded)
    solution_cells = _update(session, api.SolutionCell, notebook.id, answered)
    gone = [
        row.id
        for name, row in _update(session, api.SourceCell, notebook.id, sources).items()
        if name not in sources
    ]
    session.execute(delete(api.SourceCell).where(api.SourceCell.id.in_(gone)))
    session.flush()
    return Registered(
        assignment.id,
        notebook.id,
        {name: grade_cells[name].id for name in graded},
        {name: solution_cells[name].id for name in answered},
    )


_Rows = dict[str, dict[str, Any]]  # by the cell's name


def _nbgrader_cells(chapter: Chapter) -> tuple[_Rows, _Rows, _Rows]:
    """The grade, solution and source cells of a chapter by name, as nbgrader's SaveCells would save them."""
    graded: dict[str, dict[str, Any]] = {}
    answered: dict[str, dict[str, Any]] = {}
    sources: dict[str, dict[str, Any]] = {}
    for cell in chapter.cells:
        about = cell.metadata.get("nbgrader", {})
        grade, solution = bool(about.get("grade")), bool(about.get("solution"))
        locked = not solution and (grade or bool(about.get("locked")))
        if grade:
            graded[cell.name] = {"max_score": float(cell.points), "cell_type": cell.cell_type}
        if solution:
            answered[cell.name] = {}
        if grade or solution or locked:
            sources[cell.name] = {
                "cell_type": cell.cell_type,
                "locked": locked,
                "source": cell.source,
                "checksum": about.get("checksum"),
            }
    return graded, answered, sources


def _update(
    session: Session, kind: Any, notebook_id: str, wanted: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """All rows of one kind of cell by name, after those wanted were made or brought up to date."""
    rows = {row.name: row for row in session.scalars(select(kind).where(kind.notebook_id == notebook_id))}
    for name, values in wanted.items():
        if name not in rows:
            rows[name] = kind(name=name, notebook_id=notebook_id, **values)
            session.add(rows[name])
        for key, value in values.items():
            if getattr(rows[name], key) != value:
                setattr(rows[name], key, value)
    session.flush()
    return rows


def _remove_cells(
    session: Session,
    chapter: str,
    notebook_id: str,
    graded: set[str],
    answered: set[str],
    removed_marks: Path,
) -> None:
    """Delete the cells that the chapter no longer has, with their grades and comments."""
    gone: list[Any] = []
    for kind, kept in ((api.GradeCell, graded), (api.SolutionCell, answered), (api.TaskCell, set())):
        rows = session.scalars(select(kind).where(kind.notebook_id == notebook_id))
        gone += [row for row in rows if row.name not in kept]
    if not gone:
        return
    ids = [row.id for row in gone]
    _keep_what_people_wrote(session, chapter, ids, removed_marks)
    session.execute(delete(api.Grade).where(api.Grade.cell_id.in_(ids)))
    session.execute(delete(api.Comment).where(api.Comment.cell_id.in_(ids)))
    for row in gone:
        session.delete(row)
    session.flush()


def _keep_what_people_wrote(session: Session, chapter: str, cell_ids: Iterable[str], path: Path) -> None:
    owner = (
        (api.SubmittedNotebook, api.SubmittedAssignment),
        api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id,
    )
    marks = session.execute(
        select(
            api.SubmittedAssignment.student_id,
            api.BaseCell.name,
            api.Grade.manual_score,
            api.Grade.extra_credit,
        )
        .join(api.SubmittedNotebook, api.Grade.notebook_id == api.SubmittedNotebook.id)
        .join(owner[0][1], owner[1])
        .join(api.BaseCell, api.Grade.cell_id == api.BaseCell.id)
        .where(api.Grade.cell_id.in_(cell_ids))
        .where((api.Grade.manual_score.is_not(None)) | (func.coalesce(api.Grade.extra_credit, 0) != 0))
    )
    comments = session.execute(
        select(api.SubmittedAssignment.student_id, api.BaseCell.name, api.Comment.manual_comment)
        .join(api.SubmittedNotebook, api.Comment.notebook_id == api.SubmittedNotebook.id)
        .join(owner[0][1], owner[1])
        .join(api.BaseCell, api.Comment.cell_id == api.BaseCell.id)
        .where(api.Comment.cell_id.in_(cell_ids), api.Comment.manual_comment.is_not(None))
    )
    rows = [(student, chapter, name, mark, extra, "") for student, name, mark, extra in marks]
    rows += [(student, chapter, name, "", "", comment) for student, name, comment in comments]
    if not rows:
        return
    new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if new:
            writer.writerow(("student", "chapter", "question", "mark", "extra_credit", "comment"))
        writer.writerows(rows)
