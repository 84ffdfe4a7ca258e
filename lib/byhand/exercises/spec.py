"""What an exercise is: its reference, its inputs, its tolerance, and the mistakes people make."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from byhand.exercises.inputs import Case, Draw


@dataclass(frozen=True)
class Mistake:
    """A known misconception: a wrong implementation, and one sentence that teaches."""

    sentence: str
    function: Callable[..., Any]


@dataclass
class Exercise:
    """One function that learners write.

    Parameters
    ----------
    reference : callable
        The right implementation; its name is the exercise's name.
    inputs : callable
        Takes a `Draw` and yields the cases, the simplest first. A tuple is the list of arguments,
        anything else the one argument; `byhand.exercises.inputs.case` makes cases with keywords.
    returns : tuple of str
        Names of what is returned, for the report. A name that starts with ``_``, such as a cache's, is compared
        last, once the others are right; a mistake need not return it.
    rtol, atol : float
        A number is right if ``|yours - expected| <= atol + rtol * |expected|``.
    seconds : float
        A case that takes longer gets a remark; it never costs points.
    """

    reference: Callable[..., Any]
    inputs: Callable[[Draw], Iterator[Any]]
    returns: tuple[str, ...] = ()
    rtol: float = 1e-6
    atol: float = 1e-9
    seconds: float = 1.0
    mistakes: list[Mistake] = field(default_factory=list)
    acceptance: Callable[..., str | None] | None = None

    @property
    def name(self) -> str:
        """The name that learner, reference and report share."""
        return self.reference.__name__

    @property
    def parameters(self) -> list[str]:
        """The names of the arguments, as the reference has them."""
        return list(inspect.signature(self.reference).parameters)

    def cases(self, seed: Any = None) -> list[Case]:
        """Draw the cases of one check; fresh ones without a seed."""
        drawn = []
        for item in self.inputs(Draw(seed)):
            if isinstance(item, Case):
                drawn.append(item)
            elif isinstance(item, tuple):
                drawn.append(Case(item))
            else:
                drawn.append(Case((item,)))
        return drawn

    def mistake(self, sentence: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Add a known mistake: decorate the wrong implementation with the sentence that teaches."""

        def add(function: Callable[..., Any]) -> Callable[..., Any]:
            self.mistakes.append(Mistake(sentence, function))
            return function

        return add

    def accept(self, judge: Callable[..., str | None]) -> Callable[..., str | None]:
        """Judge by a property instead of by equality, where several answers are right.

        Decorate a function of ``(answer, *arguments)`` that returns None if the answer is right, and
        otherwise one sentence for the learner.
        """
        self.acceptance = judge
        return judge


def exercise(
    reference: Callable[..., Any],
    *,
    returns: str = "",
    rtol: float = 1e-6,
    atol: float = 1e-9,
    seconds: float = 1.0,
) -> Callable[[Callable[[Draw], Iterator[Any]]], Exercise]:
    """Make an `Exercise` of the function below, which draws its inputs.

    ``returns`` names the returned values, separated by commas: ``"out, _cache"``.
    """
    names = tuple(name.strip() for name in returns.split(",") if name.strip())

    def make(inputs: Callable[[Draw], Iterator[Any]]) -> Exercise:
        return Exercise(reference, inputs, names, rtol, atol, seconds)

    return make
