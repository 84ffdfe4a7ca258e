"""Make a class folder one that nbgrader's own commands and formgrader work on."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from nbgrader import api
from sqlalchemy.orm import Session

from grader.chapters import source
from grader.classroom.class_folder import write_config
from grader.files import write_atomically
from grader.intake.class_list import ClassList, read_class_list
from grader.model import Chapter
from grader.record.autograded import notebook_text
from grader.record.gradebook import Gradebook


def ensure_class_folder(
    class_folder: Path, gradebook: Gradebook | None = None, *, db_url: str | None = None
) -> list[str]:
    """Provide nbgrader's settings, and the source and the gradebook's entry of each chapter handed in.

    Parameters
    ----------
    class_folder : Path
    gradebook : Gradebook, optional
        An open one.
    db_url : str, optional
        The address of the gradebook, for settings that are not written yet.

    Returns
    -------
    list of str
        What the instructor must know about settings that were there already.
    """
    class_folder = Path(class_folder)
    for step in ("submitted", "autograded"):
        (class_folder / step).mkdir(parents=True, exist_ok=True)
    warnings = write_config(class_folder, db_url)
    if gradebook is None:
        with Gradebook(class_folder) as opened:
            _enter(class_folder, opened)
    else:
        _enter(class_folder, gradebook)
    return warnings


def _enter(class_folder: Path, gradebook: Gradebook) -> None:
    with gradebook.transaction() as session:
        enter_class_list(session, read_class_list(class_folder))
    handed_in = {path.name for path in class_folder.glob("submitted/*/*") if path.is_dir()}
    for name in source.chapter_names():
        if name in handed_in:
            enter_chapter(source.load(name), class_folder, gradebook)


def enter_chapter(chapter: Chapter, class_folder: Path, gradebook: Gradebook) -> None:
    """Enter a chapter in the gradebook, and put its solved notebook where nbgrader looks for the source.

    formgrader lists only chapters that have a folder there; a marker finds the marking schemes in it.
    """
    gradebook.register(chapter)
    cells: list[dict[str, Any]] = []
    for cell in chapter.solved:
        made: dict[str, Any] = {
            "cell_type": cell.cell_type,
            "id": cell.id,
            "metadata": copy.deepcopy(cell.metadata),
            "source": cell.source,
        }
        cells.append(made | ({"execution_count": None, "outputs": []} if cell.cell_type == "code" else {}))
    path = class_folder / "source" / chapter.name / f"{chapter.name}.ipynb"
    text = notebook_text(cells, {})
    if not path.exists() or path.read_bytes() != text.encode("utf-8"):
        write_atomically(path, text)


def enter_class_list(session: Session, class_list: ClassList) -> None:
    """Write the list into the gradebook: those who hand nothing in are then in its exports, too."""
    known = {one.id: one for one in session.query(api.Student)}
    for person in class_list.people.values():
        student = known.get(person.id)
        if student is None:
            student = api.Student(id=person.id)
            session.add(student)
        values = {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "email": person.email,
            "lms_user_id": " ".join(person.numbers),
        }
        for name, value in values.items():
            if value and getattr(student, name) != value:
                setattr(student, name, value)
