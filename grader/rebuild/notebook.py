"""Rebuild: a submission is rebuilt as a notebook that can be trusted in all but its answers.

The cells are the source's, in the source's order. From the learner come only the text of answers and
cells of their own, which stay behind the course cell that they followed. Whatever had to be mended is
said, a sentence each (`grader.messages`); nothing that a learner hands in stops the stage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from grader import messages
from grader.chapters.identity import release_digest
from grader.intake.reading import Submitted, Unreadable, read
from grader.model import Cell, Chapter, Rebuilt, Role
from grader.rebuild.matching import ANSWERS, Matched, Own, defines, essence, match, place_matters


def rebuild(raw: bytes, chapter: Chapter) -> Rebuilt:
    """What can be graded of a submission, whatever its bytes are.

    Parameters
    ----------
    raw : bytes
        The file as it was handed in.
    chapter : Chapter
        What it was handed in for.
    """
    try:
        submitted = read(raw)
        matched = match(submitted.cells, chapter)
        found = _find_lost(matched, chapter)
        if not found.texts and not any(chapter.cells[number].name for number in matched.copies):
            raise Unreadable(_of_no_use(submitted.chapter, chapter.name))
    except Unreadable as reason:
        return Rebuilt(chapter, chapter.cells, unreadable=str(reason))
    cells = [_filled(number, cell, matched, found) for number, cell in enumerate(chapter.cells)]
    said = _said(submitted, matched, found, chapter)
    return Rebuilt(chapter, tuple(_in_order(cells, found.own)), tuple(said))


def _of_no_use(theirs: str, chapter: str) -> str:
    if theirs != chapter and re.fullmatch(r"[0-9]{2}_[a-z0-9_]{1,60}", theirs):
        return messages.OTHER_CHAPTER.format(theirs=theirs, chapter=chapter)
    return messages.NOTHING_OF_THE_CHAPTER.format(chapter=chapter)


@dataclass(frozen=True)
class _Found:
    """Answers whose cell was gone: their texts, by number, where a cell without a mark holds them.

    `elsewhere` are those defined in a cell that also answers something else, `below` those written into another cell
    than the empty one that is there for them; `own` is what is left.
    """

    texts: dict[int, str]
    elsewhere: frozenset[int]
    below: frozenset[int]
    own: tuple[Own, ...]


def _find_lost(matched: Matched, chapter: Chapter) -> _Found:
    texts: dict[int, str] = {}
    elsewhere, below = set(), set()
    own = list(matched.own)
    for number, cell in enumerate(chapter.cells):
        if cell.role not in ANSWERS or (number in matched.answers and not _left_empty(number, cell, matched)):
            continue
        takes = _unmarked(number, cell, own, there=number in matched.answers)
        if takes:
            texts[number] = "\n\n".join(one.cell.text for one in takes)
            own = [one for one in own if not any(one is taken for taken in takes)]
            if number in matched.answers:
                below.add(number)
        elif cell.role is Role.SOLUTION and _defined_elsewhere(cell.name, texts, matched):
            # Nothing in its place: the stub would replace the learner's function.
            texts[number] = ""
            elsewhere.add(number)
    return _Found(texts, frozenset(elsewhere), frozenset(below), tuple(own))


def _left_empty(number: int, cell: Cell, matched: Matched) -> bool:
    """Whether a written answer's own cell holds none: then what stands below it may be the answer."""
    text = essence(matched.answers[number].text)
    return cell.role is Role.WRITTEN and text in ("", essence(cell.source))


def _unmarked(number: int, cell: Cell, own: Iterable[Own], *, there: bool) -> list[Own]:
    """The learner's cells that hold an answer whose own cell is gone, or is `there` and empty."""
    if cell.role is Role.WRITTEN:  # what was written directly below its question, or below its cell
        place = number if there else number - 1
        here = [one for one in own if one.anchor == place and not one.before]
        return [one for one in here if one.cell.cell_type == "markdown"]
    code = [one for one in own if one.cell.cell_type == "code"]
    return [one for one in code if defines(one.cell.text, cell.name)][-1:]


def _defined_elsewhere(name: str, texts: dict[int, str], matched: Matched) -> bool:
    others = [*texts.values(), *(answer.text for answer in matched.answers.values())]
    return any(defines(text, name) for text in others)


def _filled(number: int, cell: Cell, matched: Matched, found: _Found) -> Cell:
    """A course cell with the learner's text, where it is an answer and they gave one."""
    if number in found.texts:
        return replace(cell, source=found.texts[number], changed=True)
    answer = matched.answers.get(number)
    if answer is None or essence(answer.text) == essence(cell.source):
        return cell
    if cell.role is Role.WRITTEN and not answer.text.strip():
        return cell  # an empty answer needs no person to mark it
    return replace(cell, source=answer.text, changed=True)


def _in_order(cells: list[Cell], own: tuple[Own, ...]) -> Iterator[Cell]:
    count = 0
    for number, cell in enumerate([None, *cells], -1):
        here = [one for one in own if one.anchor == number]
        for one in [*(one for one in here if one.before), cell, *(one for one in here if not one.before)]:
            if isinstance(one, Own):
                count += 1
                yield Cell(f"extra-{count}", Role.EXTRA, one.cell.cell_type, one.cell.text)
            elif one is not None:
                yield one


def _said(submitted: Submitted, matched: Matched, found: _Found, chapter: Chapter) -> Iterator[str]:
    """What had to be mended, a sentence each."""
    yield from submitted.repairs
    older = bool(submitted.release) and submitted.release != release_digest(chapter)
    if older:
        yield messages.OLDER_RELEASE
    if matched.reordered:
        yield messages.REORDERED
    yield from _said_of_answers(matched, found, chapter)
    yield from _said_of_course_cells(matched, chapter, older)
    if not older:
        yield from _said_of_marks(matched, chapter)


def _said_of_answers(matched: Matched, found: _Found, chapter: Chapter) -> Iterator[str]:
    cells = chapter.cells
    answers = [number for number, cell in enumerate(cells) if cell.role in ANSWERS]
    for sentence, numbers in (
        (messages.MISSING_ANSWERS, [n for n in answers if n not in matched.answers and n not in found.texts]),
        (messages.UNNAMED, sorted(found.texts.keys() - found.elsewhere - found.below)),
        (messages.BELOW, sorted(found.below)),
        (messages.ELSEWHERE, sorted(found.elsewhere)),
        (messages.DUPLICATES, [n for n in answers if len(matched.copies.get(n, ())) > 1]),
        (messages.WRONG_TYPE, _of_another_type(matched, chapter)),
    ):
        if numbers:
            yield sentence.format(names=messages.names(cells[number].name for number in numbers))
    if pictures := _with_pictures(matched, found, chapter):
        yield messages.PICTURES.format(names=messages.names(pictures))


def _of_another_type(matched: Matched, chapter: Chapter) -> list[int]:
    """The answers whose cell was turned from code into text, or the other way round."""
    kinds = {number: answer.cell_type for number, answer in matched.answers.items()}
    return sorted(number for number, kind in kinds.items() if kind != chapter.cells[number].cell_type)


def _with_pictures(matched: Matched, found: _Found, chapter: Chapter) -> list[str]:
    """Where pictures were pasted into."""
    named = [chapter.cells[number].name for number, answer in matched.answers.items() if answer.pictures]
    own = any(one.cell.pictures for one in (*matched.own, *found.own))
    return [*named, "cells of the learner's own"] if own else named


def _said_of_course_cells(matched: Matched, chapter: Chapter, older: bool) -> Iterator[str]:
    """Checks and given cells that were missing or not the course's. Demo cells are free to play with."""
    yield from _said_of_checks(matched, chapter)
    gone, locked, open_ = 0, [], 0
    for number, cell in enumerate(chapter.cells):
        if cell.role is not Role.GIVEN:
            continue
        texts = _texts(number, matched)
        if not any(texts):
            gone += place_matters(cell) and not older
        elif any(text not in ("", essence(cell.source)) for text in texts):
            if cell.name:
                locked.append(cell.name)
            else:
                open_ += 1
    if gone:
        yield messages.MISSING_GIVEN.format(cells=messages.cells(gone, "code", "of the course"))
    if locked and not older:
        yield messages.CHANGED_LOCKED.format(names=messages.names(locked))
    if open_:
        yield messages.CHANGED_GIVEN.format(cells=messages.cells(open_, whose="of the course"))


def _said_of_checks(matched: Matched, chapter: Chapter) -> Iterator[str]:
    missing, changed = [], []
    for number, cell in enumerate(chapter.cells):
        if cell.role is Role.CHECK:
            texts = _texts(number, matched)
            if not texts:
                missing.append(str(cell.exercise))
            elif set(texts) != {essence(cell.source)}:
                changed.append(str(cell.exercise))
    if missing:
        yield messages.MISSING_CHECKS.format(names=messages.names(missing))
    if changed:
        yield messages.CHANGED_CHECKS.format(names=messages.names(changed))


def _texts(number: int, matched: Matched) -> list[str]:
    """What the learner's copies of a course cell hold."""
    return [essence(copy.text) for copy in matched.copies.get(number, ())]


def _said_of_marks(matched: Matched, chapter: Chapter) -> Iterator[str]:
    points, marks, tags = [], [], False
    for number, copies in sorted(matched.copies.items()):
        cell = chapter.cells[number]
        own = cell.metadata.get("nbgrader", {})
        for copy in copies:
            theirs = {key: value for key, value in copy.marks.items() if key in own}
            if cell.points and theirs.get("points", cell.points) != cell.points:
                points.append(cell.name)
            keys = ("grade", "grade_id", "locked", "solution", "task")
            if any(theirs.get(key, own[key]) != own[key] for key in keys if key in own):
                marks.append(cell.name)
            tags = tags or bool(copy.tags - set(cell.metadata.get("tags", ())))
    if points:
        yield messages.CHANGED_POINTS.format(names=messages.names(points))
    if marks:
        yield messages.CHANGED_MARKS.format(names=messages.names(marks))
    if tags:
        yield messages.CHANGED_TAGS
