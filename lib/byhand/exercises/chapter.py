"""What a chapter is: its number, its room, its title, and the topics that it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module

from byhand.exercises.spec import Exercise


@dataclass(frozen=True)
class Chapter:
    """A chapter of the course.

    Parameters
    ----------
    number : int
        Its place in the course.
    room : str
        Its one name, which its folders have in `byhand.reference`, `byhand.exercises` and `byhand.explore`.
    title : str
        What it asks.
    topics : tuple of str
        The modules with its specs, in the order in which the notebook comes to them.
    """

    number: int
    room: str
    title: str
    topics: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of its notebook, such as ``"02_activations"``."""
        return f"{self.number:02}_{self.room}"

    @cached_property
    def exercises(self) -> tuple[Exercise, ...]:
        """The chapter's exercises, in the order of their specs."""
        modules = (import_module(f"byhand.exercises.{self.room}.{topic}") for topic in self.topics)
        return tuple(
            value for module in modules for value in vars(module).values() if isinstance(value, Exercise)
        )
