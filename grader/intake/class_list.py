"""The class list, if there is one: ``students.csv`` in the class's folder.

Its columns are those of ``nbgrader db student import``: ``id``, ``first_name``, ``last_name``, ``email`` and
``lms_user_id``; only ``id`` is needed. With it, `make collect` knows learners by the LMS's number or by their name,
two learners of one name are told apart, and the exports have the names and addresses that an LMS asks for.
"""

from __future__ import annotations

import csv
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from grader.errors import UserError
from grader.intake.ownership import Owner, student_id

FILE = "students.csv"
NO_ID = "{path} has no column called id. Its first line must name the columns: {columns}."
BAD_ID = "{path}, line {line}: {id!r} cannot be a student id; use letters, digits, - and _ alone."
TWICE = "{path}, line {line}: {what} {value!r} stands in another line, too."
NO_TEXT = "{path} is not UTF-8 text; save it as CSV (UTF-8)."
COLUMNS = ("id", "first_name", "last_name", "email", "lms_user_id")


class SeveralOfTheName(LookupError):
    """Several learners of the list have the name, and the number tells nothing."""


@dataclass(frozen=True)
class Person:
    """A line of the list. `numbers` are the LMS's: Canvas has one, Moodle one for each assignment."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    numbers: tuple[str, ...] = ()


@dataclass
class ClassList:
    """The learners of a class, by what an LMS calls them."""

    people: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_number = {number: one.id for one in self.people.values() for number in one.numbers}
        self._by_name: dict[str, set[str]] = defaultdict(set)
        for one in self.people.values():
            for name in (one.id, one.first_name + one.last_name, one.last_name + one.first_name):
                if key := _letters(name):
                    self._by_name[key].add(one.id)

    def has_number(self, owner: Owner) -> bool:
        """Whether the list tells by the LMS's number who it is."""
        return owner.number in self._by_number

    def find(self, owner: Owner) -> str | None:
        """The id of whoever handed something in; None if the list does not have them.

        Raises
        ------
        SeveralOfTheName
            If only the LMS's number could tell who it is, and the list does not have it.
        """
        if owner.number in self._by_number:
            return self._by_number[owner.number]
        if owner.name in self.people:
            return owner.name
        found = self._by_name.get(_letters(owner.called), set())
        if len(found) > 1:
            raise SeveralOfTheName(", ".join(sorted(found)))
        return next(iter(found), None)


def read_class_list(class_folder: Path) -> ClassList:
    """The list of a class, empty if it has none.

    Raises
    ------
    UserError
        If a line cannot be right; the message says which and why.
    """
    path = Path(class_folder) / FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ClassList()
    except UnicodeDecodeError:
        raise UserError(NO_TEXT.format(path=path)) from None
    separator = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    lines = csv.DictReader(text.splitlines(), delimiter=separator)
    if "id" not in (lines.fieldnames or ()):
        raise UserError(NO_ID.format(path=path, columns=", ".join(COLUMNS)))
    people: dict[str, Person] = {}
    numbers: set[str] = set()
    for row in lines:
        values = {name: (row.get(name) or "").strip() for name in COLUMNS}
        if not any(values.values()):
            continue
        if student_id(values["id"]) != values["id"]:
            raise UserError(BAD_ID.format(path=path, line=lines.line_num, id=values["id"]))
        mine = tuple(values.pop("lms_user_id").replace(",", " ").split())
        for what, value, taken in [
            ("the id", values["id"], people),
            *(("the number", n, numbers) for n in mine),
        ]:
            if value in taken:
                raise UserError(TWICE.format(path=path, line=lines.line_num, what=what, value=value))
        numbers.update(mine)
        people[values["id"]] = Person(**values, numbers=mine)
    return ClassList(people)


def _letters(name: str) -> str:
    """A name as its letters alone: without case, accents, spaces and signs."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(sign for sign in plain if sign.isalnum())
