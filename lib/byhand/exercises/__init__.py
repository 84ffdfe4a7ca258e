"""The exercises, a room a chapter. One module a topic, beside the reference's of the same name; each holds specs.

A chapter's room says what the chapter is: `CHAPTER` in ``byhand/exercises/<room>/__init__.py``.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from byhand.exercises.chapter import Chapter
from byhand.exercises.spec import Exercise


class UnknownExercise(LookupError):
    """No exercise, or no chapter, of that name."""


@cache
def chapters() -> tuple[Chapter, ...]:
    """Every chapter, in order."""
    rooms = (found.name for found in iter_modules(__path__) if found.ispkg)
    return tuple(sorted((import_module(f"{__name__}.{room}").CHAPTER for room in rooms), key=_number))


def _number(one: Chapter) -> int:
    return one.number


def chapter(name: str) -> Chapter:
    """The chapter called `name`, such as ``"02_activations"``."""
    for one in chapters():
        if one.name == name:
            return one
    known = ", ".join(one.name for one in chapters())
    raise UnknownExercise(f"There is no chapter called {name!r}. The chapters are: {known}.")


@cache
def _by_name() -> dict[str, Exercise]:
    found: dict[str, Exercise] = {}
    for one in chapters():
        for spec in one.exercises:
            if spec.name in found:
                raise ValueError(
                    f"Two exercises are called {spec.name!r}; a name must be unique in the course."
                )
            found[spec.name] = spec
    return found


def find_or_none(name: str) -> Exercise | None:
    """The exercise called `name`; None if there is none."""
    return _by_name().get(name)


def chapter_of(name: str) -> Chapter:
    """The chapter that asks for the exercise called `name`.

    Raises
    ------
    UnknownExercise
        With the nearest names, if there is none.
    """
    find(name)
    return _chapters_by_name()[name]


@cache
def _chapters_by_name() -> dict[str, Chapter]:
    return {exercise.name: one for one in chapters() for exercise in one.exercises}


def find(name: str) -> Exercise:
    """The exercise called `name`.

    Raises
    ------
    UnknownExercise
        With the nearest names, if there is none.
    """
    try:
        return _by_name()[name]
    except KeyError:
        near = get_close_matches(name, _by_name(), n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise UnknownExercise(f"There is no exercise called {name!r}.{hint}") from None
