"""The exercises, chapter by chapter. One module a topic; each holds nothing but specs.

`CHAPTERS` is the table of contents: which topics a chapter asks for, in which order.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import import_module

from byhand.exercises.spec import Exercise


class UnknownExercise(LookupError):
    """No exercise, or no chapter, of that name."""


@dataclass(frozen=True)
class Chapter:
    """A chapter: the name of its notebook, its title, and the topics that it asks for."""

    name: str
    title: str
    topics: tuple[str, ...]

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """The chapter's exercises, in the order of their specs."""
        return tuple(spec for topic in self.topics for spec in _specs(topic))


CHAPTERS = (
    Chapter("00_start", "How this works, and the tools", ("basics", "derivatives")),
    Chapter("01_neuron", "What can one neuron do?", ("neuron", "perceptron")),
    Chapter(
        "02_activations", "Why a bend, and what it costs", ("activations", "saturation", "probabilities")
    ),
    Chapter(
        "03_backprop",
        "Who is to blame for the error?",
        ("losses", "graph", "gradients", "backward", "networks", "initialization", "training"),
    ),
    Chapter(
        "04_convolution",
        "The same small window everywhere",
        ("filters", "sizes", "windows", "convolution", "pooling"),
    ),
    Chapter("05_recurrent", "A network that remembers", ("rnn", "sequences", "lstm", "gru", "text")),
    Chapter(
        "06_optimizers",
        "Which way down, how far?",
        ("landscape", "optimizers", "adaptive", "adam", "schedules"),
    ),
    Chapter(
        "07_regularization",
        "Learning, not memorising",
        ("validation", "penalties", "weight_decay", "dropout", "augmentation", "normalization"),
    ),
)


@cache
def _specs(topic: str) -> tuple[Exercise, ...]:
    module = import_module(f"byhand.exercises.{topic}")
    return tuple(value for value in vars(module).values() if isinstance(value, Exercise))


def chapters() -> tuple[Chapter, ...]:
    """Every chapter, in order."""
    return CHAPTERS


def chapter(name: str) -> Chapter:
    """The chapter called `name`, such as ``"02_activations"``."""
    for one in CHAPTERS:
        if one.name == name:
            return one
    known = ", ".join(one.name for one in CHAPTERS)
    raise UnknownExercise(f"There is no chapter called {name!r}. The chapters are: {known}.")


@cache
def _by_name() -> dict[str, Exercise]:
    found: dict[str, Exercise] = {}
    for one in CHAPTERS:
        for spec in one.exercises:
            if spec.name in found:
                raise ValueError(
                    f"Two exercises are called {spec.name!r}; a name must be unique in the course."
                )
            found[spec.name] = spec
    return found


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
