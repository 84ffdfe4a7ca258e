"""Rebuild: a submission is rebuilt as a notebook that can be trusted in all but its answers.

The cells are the source's, in the source's order. From the learner come only the text of answers and
cells of their own, which stay behind the course cell that they followed. Whatever had to be mended is
said, a sentence each (`grader.messages`); nothing that a learner hands in stops the stage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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

    `elsewhere` are those defined in a cell that also answers something else; `own` what is left.
    """

    texts: dict[int, str]
    elsewhere: frozenset[int]
    own: tuple[Own, ...]


def _find_lost(matched: Matched, chapter: Chapter) -> _Found:
    texts: dict[int, str] = {}
    elsewhere = set()
    own = list(matched.own)
    for number, cell in enumerate(chapter.cells):
        if cell.role not in ANSWERS or number in matched.answers:
            continue
        if cell.role is Role.WRITTEN:  # what was written directly below its question
            here = [one for one in own if one.anchor == number - 1 and not one.before]
            takes = [one for one in here if one.cell.cell_type == "markdown"]
        else:
            code = [one for one in own if one.cell.cell_type == "code"]
            takes = [one for one in code if defines(one.cell.text, cell.name)][-1:]
        if takes:
            texts[number] = "\n\n".join(one.cell.text for one in takes)
            own = [one for one in own if not any(one is taken for taken in takes)]
        elif cell.role is Role.SOLUTION:
            others = [*texts.values(), *(answer.text for answer in matched.answers.values())]
            if any(defines(text, cell.name) for text in others):
                # Nothing in its place: the stub would replace the learner's function.
                texts[number] = ""
                elsewhere.add(number)
    return _Found(texts, frozenset(elsewhere), tuple(own))


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
    cells = dict(enumerate(chapter.cells))
    answers = [number for number, cell in cells.items() if cell.role in ANSWERS]
    missing = [number for number in answers if number not in matched.answers and number not in found.texts]
    turned = [n for n, answer in matched.answers.items() if answer.cell_type != cells[n].cell_type]
    several = [n for n in answers if len(matched.copies.get(n, ())) > 1]
    pictures = [cells[n].name for n, answer in matched.answers.items() if answer.pictures]
    if any(one.cell.pictures for one in (*matched.own, *found.own)):
        pictures.append("cells of the learner's own")
    for sentence, numbers in (
        (messages.MISSING_ANSWERS, missing),
        (messages.UNNAMED, [number for number in found.texts if number not in found.elsewhere]),
        (messages.ELSEWHERE, sorted(found.elsewhere)),
        (messages.DUPLICATES, several),
        (messages.WRONG_TYPE, sorted(turned)),
    ):
        if numbers:
            yield sentence.format(names=messages.names(cells[number].name for number in numbers))
    if pictures:
        yield messages.PICTURES.format(names=messages.names(pictures))


def _said_of_course_cells(matched: Matched, chapter: Chapter, older: bool) -> Iterator[str]:
    """Checks and given cells that were missing or not the course's. Demo cells are free to play with."""
    missing, gone, changed, locked, open_ = [], 0, [], [], 0
    for number, cell in enumerate(chapter.cells):
        if cell.role not in (Role.CHECK, Role.GIVEN):
            continue
        texts = [essence(copy.text) for copy in matched.copies.get(number, ())]
        differs = any(text not in ("", essence(cell.source)) for text in texts)
        if cell.role is Role.CHECK:
            missing += [] if texts else [cell.exercise]
            changed += [cell.exercise] if texts and set(texts) != {essence(cell.source)} else []
        elif not any(texts):
            gone += place_matters(cell) and not older
        elif differs and cell.name:
            locked += [] if older else [cell.name]
        elif differs:
            open_ += 1
    if missing:
        yield messages.MISSING_CHECKS.format(names=messages.names(missing))
    if gone:
        yield messages.MISSING_GIVEN.format(cells=messages.cells(gone, "code", "of the course"))
    if changed:
        yield messages.CHANGED_CHECKS.format(names=messages.names(changed))
    if locked:
        yield messages.CHANGED_LOCKED.format(names=messages.names(locked))
    if open_:
        yield messages.CHANGED_GIVEN.format(cells=messages.cells(open_, whose="of the course"))


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
