"""A way out when stuck: try a function before it is judged, two hints, the model answer after three honest tries."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from contextlib import suppress
from html import escape
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np

from byhand import answers
from byhand.checking import sentences as say
from byhand.checking.progress import facts_of, note
from byhand.exercises import chapter_of, chapters, find
from byhand.mine.cells import definition
from byhand.mine.session import current

TRIES = 3
UNWRITTEN = "YOUR ANSWER HERE"

_given: dict[str, int] = {}  # how many hints this kernel has shown, by exercise


class Shown(str):
    """Markdown that a notebook renders and a terminal prints."""

    def _repr_markdown_(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return str(self)


def try_it(function: Callable[..., Any], *arguments: Any, **keywords: Any) -> None:
    """Call your function and look at what comes back, before a check judges it.

    Lists become arrays, as in a check: ``try_it(l1_norm, [3, -4])``.
    """
    name = getattr(function, "__name__", "f")
    given = [np.array(one) if isinstance(one, list) else one for one in arguments]
    shown = ", ".join(
        [*(repr(one) for one in arguments), *(f"{key}={value!r}" for key, value in keywords.items())]
    )
    if (names := _asked_otherwise(function, given, keywords)) is not None:
        print(say.TRIED_ARGUMENTS.format(name=name, signature=names or "no arguments"))
        return
    try:
        answer = function(*given, **keywords)
    except NotImplementedError:
        print(say.TRIED_NOT_WRITTEN.format(name=name))
        return
    except Exception as error:
        line = traceback.extract_tb(error.__traceback__)[-1].line or ""
        print(
            say.TRIED_RAISED.format(
                call=f"{name}({shown})", kind=type(error).__name__, error=error, line=line
            )
        )
        return
    print(f"{name}({shown})\n{_described(answer)}")


def _asked_otherwise(function: Callable[..., Any], given: list[Any], keywords: dict[str, Any]) -> str | None:
    """The names of a function's arguments, if those given are not the ones that it takes."""
    with suppress(ValueError):  # some functions of NumPy do not tell their arguments
        takes = signature(function)
        try:
            takes.bind(*given, **keywords)
        except TypeError:
            return ", ".join(takes.parameters)
    return None


def _described(answer: Any) -> str:
    if answer is None:
        return say.TRIED_NOTHING
    if isinstance(answer, np.ndarray):
        return say.TRIED_ARRAY.format(value=answer, shape=answer.shape, kind=answer.dtype)
    if isinstance(answer, tuple):
        parts = "\n".join(f"  {place}: {_described(part)}" for place, part in enumerate(answer))
        return say.TRIED_TUPLE.format(count=len(answer), parts=parts)
    value = answer.item() if isinstance(answer, np.generic) else answer  # 7, and not np.int64(7)
    return say.TRIED_VALUE.format(value=repr(value), kind=type(answer).__name__)


def hint(exercise: str | Callable[..., Any]) -> Shown:
    """The next hint for an exercise: the first time a nudge, the second time more.

    Raises
    ------
    LookupError
        If there is no such exercise.
    """
    name = _name(exercise)
    hints = answers.of_chapter(chapter_of(name).name).get(name, {}).get("hints", [])
    if not hints:
        return Shown(say.NO_HINT.format(name=name))
    number = min(_given.get(name, 0), len(hints) - 1)
    _given[name] = number + 1
    left = say.ONE_MORE_HINT.format(name=name) if number + 1 < len(hints) else say.LAST_HINT.format(name=name)
    return Shown(
        f"**{say.HINT_TITLE.format(number=number + 1, count=len(hints), name=name)}** {hints[number]}\n\n*{left}*"
    )


def solution(exercise: str | Callable[..., Any]) -> Shown:
    """The model answer: of an exercise beside your own, once it passes or after three honest tries; of a written task
    with its marking scheme, once you have written your own.

    A try is honest if it is another text than the one before, and if it ran on a case.

    Raises
    ------
    LookupError
        If there is no such exercise or written task.
    """
    if isinstance(exercise, str) and (task := _written_task(exercise)) is not None:
        return _of_written_task(exercise, *task)
    name = _name(exercise)
    known = answers.of_chapter(chapter_of(name).name).get(name)
    if known is None:
        return Shown(say.NO_ANSWERS)
    facts = facts_of(name)
    tries = len(facts.get("tries", []))
    if not facts.get("passed") and tries < TRIES:
        return Shown(say.TRY_FIRST.format(name=name, tries=tries, needed=TRIES, left=TRIES - tries))
    note(name, looked=True)
    parts = [f"**{say.MODEL_ANSWER.format(name=name)}**", _code(known["answer"])]
    own = current().notebook.get(name)
    if own is not None and (text := definition(name, own)) is not None:
        parts += [f"**{say.YOUR_OWN}**", _code(text)]
    return Shown("\n\n".join(parts))


def _written_task(name: str) -> tuple[str, dict[str, Any]] | None:
    """The chapter of a written task, and what there is for it."""
    for chapter in chapters():
        found = answers.of_chapter(chapter.name).get(name)
        if found is not None and "scheme" in found:
            return chapter.name, found
    return None


def _of_written_task(name: str, chapter: str, known: dict[str, Any]) -> Shown:
    own = _own_text(Path.cwd() / f"{chapter}.ipynb", name)
    if own is None or not own.strip() or UNWRITTEN in own:
        return Shown(say.WRITE_FIRST.format(name=name))
    note(name, looked=True)
    return Shown(
        f"**{say.MODEL_ANSWER.format(name=name)}**\n\n{known['answer']}\n\n**{say.SCHEME}**\n\n{known['scheme']}"
    )


def _own_text(notebook: Path, name: str) -> str | None:
    """What the saved notebook holds as the answer to a written task."""
    try:
        cells = json.loads(notebook.read_text("utf-8"))["cells"]
        for cell in cells:
            if cell.get("metadata", {}).get("nbgrader", {}).get("grade_id") == name:
                return "".join(cell["source"])
    except (OSError, ValueError, LookupError, AttributeError, TypeError):
        pass
    return None


def _code(text: str) -> str:
    return f"<pre>{escape(text.rstrip())}</pre>" if "```" in text else f"```python\n{text.rstrip()}\n```"


def _name(exercise: str | Callable[..., Any]) -> str:
    name = exercise if isinstance(exercise, str) else getattr(exercise, "__name__", "?")
    return find(name).name
