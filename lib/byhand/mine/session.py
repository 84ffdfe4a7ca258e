"""Which function a name means: the notebook's, the kept one or the course's. And how one comes to be kept.

One session a kernel. Rule by rule (`docs/mine.md`):

- *an exercise of an earlier chapter*: the kept one, else the course's;
- *of this chapter, while a check runs*: what the notebook defines, else the kept one, else it is not written yet;
- *of this chapter, in a demo*: the kept one, else the course's. What the notebook defines is not used there: where its
  text is the one that passed, the kept one is the same, and calls what was kept in place of what the notebook has now.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, cached_property
from typing import Any, Protocol, cast

from byhand.exercises import chapter, chapter_of, chapters, find, find_or_none
from byhand.exercises.chapter import Chapter
from byhand.exercises.digest import digest_of
from byhand.exercises.spec import Exercise
from byhand.mine import sentences as say
from byhand.mine.file import Kept, digest, file_name, now, read, written
from byhand.mine.load import CannotLoad, load
from byhand.mine.package import ensure_package
from byhand.mine.storage import MemoryStorage, Storage, find_storage
from byhand.mine.text import CannotKeep, text_of

BEFORE = ".before"
MARK = "__kept_on__"

Function = Callable[..., Any]


class NotWritten(NotImplementedError):
    """An exercise of this chapter that neither the notebook nor the storage has."""


class NotRun:
    """What stands under an exercise's name until its cell was run, so that no other cell stops for want of the name."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        raise NotWritten(say.NOT_WRITTEN.format(name=self.__name__))

    def __repr__(self) -> str:
        return say.NOT_WRITTEN.format(name=self.__name__)


class Tried(Protocol):
    """What a check says of a function, as far as keeping it needs to know."""

    @property
    def passed(self) -> bool:
        """Whether every answer was right."""

    @property
    def headline(self) -> str:
        """The most useful sentence."""


@dataclass
class Session:
    """What this kernel knows of the learner's own functions.

    Parameters
    ----------
    check : callable
        Tries a function on fresh cases of an exercise. `byhand.checking` gives it.
    say : callable
        Shows the learner one line.
    """

    check: Callable[[Exercise, Function], Tried] | None = None
    say: Callable[[str], None] = print
    here: Chapter | None = None
    notebook: MutableMapping[str, Any] = field(default_factory=dict)
    in_check: bool = False
    from_course: set[str] = field(
        default_factory=set
    )  # whose the course's was used in this cell, or while `watching`
    used: set[str] = field(default_factory=set)  # and whose the learner's own was
    lent: set[str] = field(default_factory=set)  # whose the course's was used at any time in this session
    _files: dict[str, Kept | None] = field(default_factory=dict)
    _loaded: dict[str, Function | None] = field(default_factory=dict)
    _texts: dict[int, tuple[Function, str | None]] = field(default_factory=dict)
    _said: set[str] = field(default_factory=set)

    @cached_property
    def storage(self) -> Storage:
        """Where kept functions and progress lie; found when it is first needed, beside the notebook."""
        return find_storage()

    @property
    def off(self) -> bool:
        """Whether nothing is kept: for graders, authors and tests."""
        return os.environ.get("BYHAND_MINE") == "off"

    # Which function a name means.

    def resolve(self, name: str) -> Function:
        """The function that `mine.<name>` means now.

        Raises
        ------
        AttributeError
            If there is no such exercise.
        NotWritten
            While a check runs, if this chapter's notebook does not have it yet.
        """
        exercise = find_or_none(name)
        if exercise is None:
            raise AttributeError(_unknown(name))
        is_here = self.here is not None and chapter_of(name) is self.here
        own = self._own(name) if is_here else None
        if callable(own) and (self.in_check or self.off):
            self.used.add(name)
            return cast("Function", own)
        kept = None if self.off else self.kept(name)
        if kept is not None:
            self.used.add(name)
            return kept
        if is_here and self.in_check:
            raise NotWritten(say.NOT_WRITTEN.format(name=name))
        return self._course(exercise)

    def _own(self, name: str) -> Any:
        """What the notebook has under a name; nothing if that only waits for its cell."""
        own = self.notebook.get(name)
        return None if isinstance(own, NotRun) else own

    def _course(self, exercise: Exercise) -> Function:
        self._lend(exercise.name)
        if not self.off:
            self._say_once(say.COURSE.format(name=exercise.name), exercise.name)
        return exercise.reference

    def _lend(self, name: str) -> None:
        self.from_course.add(name)
        self.lent.add(name)

    def _is_what_passed(self, name: str, own: Function) -> bool:
        """Whether what the notebook defines is the version that is kept."""
        if getattr(own, MARK, None) is not None:
            return True
        known = self._texts.get(id(own))
        if known is None or known[0] is not own:
            try:
                text: str | None = digest(text_of(name, own, self.notebook))
            except CannotKeep:
                text = None
            known = self._texts[id(own)] = (own, text)
        kept = self._read(name)
        return kept is not None and known[1] == kept.digest

    def kept(self, name: str) -> Function | None:
        """The kept function; None if there is none, or none that passes."""
        if name not in self._loaded:
            self._loaded[name] = None  # while it is tried, it does not stand in for itself
            self._loaded[name] = self._usable(name)
        return self._loaded[name]

    def _usable(self, name: str) -> Function | None:
        kept = self._read(name)
        if kept is None:
            return None
        place = self.storage.place(file_name(name))
        exercise = find(name)
        try:
            function = load(name, kept.text, self.resolve, place)
        except CannotLoad as error:
            self._say_once(say.COURSE_BROKEN.format(name=name, place=place, headline=error), name)
            return None
        if kept.edited or kept.spec != digest_of(exercise):
            tried = self._try(exercise, function)
            if tried is not None and not tried.passed:
                self._say_once(
                    say.COURSE_BROKEN.format(name=name, place=place, headline=tried.headline), name
                )
                return None
        _mark(function, kept.date)
        return function

    def _try(self, exercise: Exercise, function: Function) -> Tried | None:
        if self.check is None:
            return None
        with self.checking():
            return self.check(exercise, function)

    def _read(self, name: str) -> Kept | None:
        """What the storage has; read once a session, for a name may be asked for at every step of a training."""
        if name not in self._files:
            whole = self.storage.read(file_name(name))
            self._files[name] = None if whole is None else read(name, whole)
        return self._files[name]

    def quick(self, name: str, *arguments: Any, times: float = 10.0) -> Function:
        """`resolve(name)`, or the course's where that is more than `times` as slow on these arguments."""
        own, course = self.resolve(name), find(name).reference
        if own is course:
            return own
        ratio = _seconds(own, arguments) / max(_seconds(course, arguments), 1e-6)
        if ratio <= times:
            return own
        self._lend(name)
        self._say_once(say.SLOWER.format(name=name, times=ratio), name)
        return course

    # How a function comes to be kept.

    def keep(self, exercise: Exercise, function: Function) -> str | None:
        """Keep a function that has just passed its check.

        Returns
        -------
        str or None
            Why it was not kept, a sentence for the learner; None if it was, or if nothing is to be kept.
        """
        if self.off or marked(function):
            return None
        name = exercise.name
        notebook = self.notebook or getattr(function, "__globals__", {})
        try:
            text = text_of(name, function, notebook)
            with self.watching() as from_course:
                tried = self._try(exercise, load(name, text, self.resolve))
        except CannotKeep as reason:
            return str(reason)
        except CannotLoad as error:
            return say.NOT_ALONE.format(name=name, reason=error)
        if tried is not None and not tried.passed:
            return say.NOT_ALONE.format(name=name, reason=tried.headline)
        return self._write(Kept(name, now(), text, digest_of(exercise), tuple(sorted(from_course))))

    def _write(self, kept: Kept) -> str | None:
        file = file_name(kept.exercise)
        before = self.storage.read(file)
        try:
            if before is not None and read(kept.exercise, before).digest != kept.digest:
                self.storage.write(f"{BEFORE}/{file}", before)
            self.storage.write(file, written(kept))
            ensure_package(self.storage)
        except OSError as error:
            self._to_memory()
            self.storage.write(file, written(kept))
            self._say_once(say.NOT_WRITABLE.format(error=error.strerror or error), "not writable")
        self._loaded.pop(kept.exercise, None)
        self._files.pop(kept.exercise, None)
        if not self.storage.lasts:
            self._say_once(say.NOT_WRITABLE.format(error="read-only"), "not writable")
        return None

    def _to_memory(self) -> None:
        """Go on in this session's memory, with what is kept so far."""
        memory = MemoryStorage()
        for name in self.storage.names():
            memory.write(name, self.storage.read(name) or "")
        self.storage = memory

    # What the setup cell and a check tell the session.

    def begin(self, chapter_name: str, notebook: MutableMapping[str, Any]) -> list[str]:
        """Say which chapter this notebook is, and bind its kept functions to their names, marked.

        Returns
        -------
        list of str
            What was bound.
        """
        self.here, self.notebook = chapter(chapter_name), notebook
        bound = []
        for name in (exercise.name for exercise in self.here.exercises):
            there = self._own(name)
            if there is not None and not marked(there):
                continue
            kept = None if self.off else self.kept(name)
            notebook[name] = NotRun(name) if kept is None else kept
            if kept is not None:
                bound.append(name)
        return bound

    @contextmanager
    def checking(self) -> Iterator[None]:
        """While a check runs: this chapter's names mean what the notebook defines, and never the course's."""
        before, self.in_check = self.in_check, True
        try:
            yield
        finally:
            self.in_check = before

    @contextmanager
    def watching(self) -> Iterator[set[str]]:
        """Collect for which exercises the course's function was used inside."""
        before, self.from_course = self.from_course, set()
        try:
            yield self.from_course
        finally:
            self.from_course = before | self.from_course

    def new_cell(self) -> None:
        """A cell begins: whose functions are used is counted from here on."""
        self.from_course, self.used = set(), set()

    def has_own(self, name: str) -> bool:
        """Whether the notebook defines it, passed or not."""
        return callable(self._own(name))

    def part(self, name: str) -> Kept | None:
        """What is kept under a name, if it passes and the notebook has no other text for it."""
        own = self._own(name)
        if callable(own) and not self._is_what_passed(name, own):
            return None
        return None if self.kept(name) is None else self._read(name)

    def whose(self) -> dict[str, str]:
        """Of every exercise, in the course's order: ``"yours"``, ``"the course's"`` or ``"not written yet"``."""
        lists: dict[str, str] = {}
        yours, course, nobody = say.HEADINGS
        for one in chapters():
            for exercise in one.exercises:
                if self.kept(exercise.name) is not None:
                    lists[exercise.name] = yours
                else:
                    used = exercise.name in self._said
                    lists[exercise.name] = course if used else nobody
        return lists

    def _say_once(self, sentence: str, key: str) -> None:
        if key not in self._said:
            self._said.add(key)
            self.say(sentence)


@cache
def current() -> Session:
    """The session of this kernel."""
    return Session()


def marked(function: Any) -> str | None:
    """The day of a kept function that a setup cell bound; None for what the notebook defines."""
    return getattr(function, MARK, None)


def _mark(function: Function, date: str) -> None:
    with suppress(AttributeError):  # a callable that takes no attributes is not told from the notebook's own
        setattr(function, MARK, date or "an earlier day")


def _seconds(function: Function, arguments: tuple[Any, ...]) -> float:
    """The shorter of two calls: the first may pay for imports."""
    times = []
    for _ in range(2):
        start = time.perf_counter()
        function(*arguments)
        times.append(time.perf_counter() - start)
    return min(times)


def _unknown(name: str) -> str:
    known = [exercise.name for one in chapters() for exercise in one.exercises]
    near = get_close_matches(name, known, n=3)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return say.UNKNOWN.format(name=name, hint=hint)
