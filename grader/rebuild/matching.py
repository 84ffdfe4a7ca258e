"""Which cell of the course each cell of a submission stands for, and which are the learner's own.

By nbgrader's name first, then by the cell's id, then by its text. Nothing is trusted here: a cell that
claims a name wins nothing by it but the place where its text goes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from grader.chapters.identity import text_id
from grader.intake.reading import HandedIn
from grader.model import Cell, Chapter, Role

ANSWERS = (Role.SOLUTION, Role.WRITTEN)


@dataclass(frozen=True)
class Own:
    """A cell of the learner's own, behind the course cell number `anchor` (-1: on top), or before it."""

    anchor: int
    before: bool
    cell: HandedIn


@dataclass(frozen=True)
class Matched:
    """A submission, sorted.

    `copies` are the learner's cells that stand for a course cell, by its number. `answers` holds, for
    the answer cells among those, the copy that counts.
    """

    copies: dict[int, tuple[HandedIn, ...]]
    answers: dict[int, HandedIn]
    own: tuple[Own, ...]
    reordered: bool


def match(cells: Sequence[HandedIn], chapter: Chapter) -> Matched:
    """Sort the cells of a submission."""
    owned = _owned(cells, chapter)
    copies = defaultdict(list)
    first: dict[int, int] = {}
    for where, (owner, cell) in enumerate(owned):
        if owner is not None:
            copies[owner].append(cell)
            first.setdefault(owner, where)
    answers = {
        number: chosen(found, chapter.cells[number])
        for number, found in copies.items()
        if chapter.cells[number].role in ANSWERS
    }
    placed = [number for number in first if place_matters(chapter.cells[number])]
    return Matched(
        copies={number: tuple(found) for number, found in copies.items()},
        answers=answers,
        own=tuple(_own(owned, first, answers, chapter)),
        reordered=placed != sorted(placed),
    )


def essence(text: str) -> str:
    """A text without its white space: whether two of them really differ."""
    return "".join(text.split())


def defines(text: str, name: str) -> bool:
    """Whether some code defines a function of that name."""
    return bool(re.search(rf"^def[ \t]+{re.escape(name)}[ \t]*\(", text, re.MULTILINE))


def place_matters(cell: Cell) -> bool:
    """Whether the place of a course cell can change what its notebook computes or answers."""
    return cell.role is Role.WRITTEN or (cell.cell_type == "code" and cell.role is not Role.DEMO)


def chosen(copies: Sequence[HandedIn], stub: Cell) -> HandedIn:
    """The one that counts of all cells marked as one answer, as a fair reader would choose.

    The last that holds an answer: the learner went on from the earlier ones. Splitting a cell in
    JupyterLab leaves both halves marked; the half that defines the function is the answer.
    """
    answered = [cell for cell in copies if essence(cell.text) not in ("", essence(stub.source))]
    defining = [cell for cell in answered if stub.role is Role.SOLUTION and defines(cell.text, stub.name)]
    return (defining or answered or copies)[-1]


def _owned(cells: Sequence[HandedIn], chapter: Chapter) -> list[tuple[int | None, HandedIn]]:
    """Each cell with the number of the course cell that it stands for; None for the learner's own.

    Left out are second copies of course cells that are no answers, and course cells of another release.
    """
    by_name = {cell.name: number for number, cell in enumerate(chapter.cells) if cell.name}
    by_id = {cell.id: number for number, cell in enumerate(chapter.cells)}
    by_text = defaultdict(list)
    for number, given in enumerate(chapter.cells):
        if given.role not in ANSWERS:
            by_text[essence(given.source)].append(number)
    sure = [by_name.get(cell.name, by_id.get(cell.id)) for cell in cells]
    taken = set(sure)
    owned: list[tuple[int | None, HandedIn]] = []
    for cell, owner in zip(cells, sure, strict=True):
        alike = by_text.get(essence(cell.text))
        if owner is None and alike:
            owner = next((number for number in alike if number not in taken), None)
            if owner is None:
                continue
            taken.add(owner)
        if owner is not None or not _of_another_release(cell):
            owned.append((owner, cell))
    return _without_pasted(owned, chapter)


def _without_pasted(
    owned: list[tuple[int | None, HandedIn]], chapter: Chapter
) -> list[tuple[int | None, HandedIn]]:
    """A check that was pasted and then rewritten is a cell of the learner's own: the check itself is there."""
    there = {owner for owner, cell in owned if owner is not None and _is(cell, chapter.cells[owner])}

    def pasted(owner: int | None, cell: HandedIn) -> bool:
        return (
            owner in there
            and chapter.cells[owner].role not in ANSWERS
            and not _is(cell, chapter.cells[owner])
        )

    return [(None if pasted(owner, cell) else owner, cell) for owner, cell in owned]


def _is(copy: HandedIn, course: Cell) -> bool:
    return essence(copy.text) == essence(course.source)


def _of_another_release(cell: HandedIn) -> bool:
    """Whether an unknown cell is the course's own: an untouched text that its id was made from, or a check."""
    exercise = cell.name.removeprefix("check-")
    if exercise != cell.name and cell.text.strip() == f"check({exercise})":
        return True
    made = text_id(cell.text)
    return cell.id == made or cell.id.startswith(f"{made}-")


def _own(
    owned: list[tuple[int | None, HandedIn]],
    first: dict[int, int],
    answers: dict[int, HandedIn],
    chapter: Chapter,
) -> list[Own]:
    own, anchor, counted = [], -1, set()
    for where, (owner, cell) in enumerate(owned):
        if owner is None:
            own.append(Own(anchor, False, cell))
            continue
        if first[owner] == where:
            anchor = owner
        if cell is answers.get(owner):
            counted.add(owner)
        elif _kept_beside(cell, chapter.cells[owner]):
            earlier = owner in answers and owner not in counted
            own.append(Own(owner if earlier else anchor, earlier, cell))
    return [one for one in own if one.cell.text.strip()]


def _kept_beside(copy: HandedIn, course: Cell) -> bool:
    """Whether a copy of a course cell is also kept as a cell of the learner's own.

    Answers that do not count are: the one that counts may call what they define. So are changed given
    cells, because that is where learners add their imports and notes.
    """
    open_to_learners = course.role in ANSWERS or (course.role is Role.GIVEN and not course.name)
    return open_to_learners and bool(copy.text.strip()) and not _is(copy, course)
