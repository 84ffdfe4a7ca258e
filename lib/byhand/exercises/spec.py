"""What an exercise is: its reference, its inputs, its tolerance, and the mistakes people make."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from byhand.exercises.inputs import Case, Draw


@dataclass(frozen=True)
class Mistake:
    """A known misconception: a wrong implementation, and one sentence that teaches.

    Parameters
    ----------
    id : str
        Words joined by hyphens, unique in its exercise: ``"wrong-sign"``. Reports and gradebooks keep
        ``"sigmoid/wrong-sign"``, so that the sentence can be reworded or translated.
    sentence : str
        What the learner did, and what to think about; never the answer.
    function : callable
        The wrong implementation. Several mistakes may share an id and its sentence: one misconception, in the
        forms in which people write it.
    switches : mapping or None
        What was switched in the exercise's `Exercise.base`, if the mistake was made by `Exercise.switch`. The
        diagnosis tries two such mistakes together.
    """

    id: str
    sentence: str
    function: Callable[..., Any]
    switches: Mapping[str, Any] | None = None


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
    base: Callable[..., Any] | None = None

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

    def mistake(
        self, id: str, sentence: str | None = None
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Add a known mistake: decorate the wrong implementation with an id and the sentence that teaches.

        Another form of the same mistake repeats the id alone.

        Raises
        ------
        ValueError
            If the id is no words joined by hyphens, if it has a sentence already, or none yet.
        """
        sentence = self._sentence_for(id, sentence)

        def add(function: Callable[..., Any]) -> Callable[..., Any]:
            self.mistakes.append(Mistake(id, sentence, function))
            return function

        return add

    def _sentence_for(self, id: str, sentence: str | None) -> str:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
            raise ValueError(f"{self.name}: a mistake's id is words joined by hyphens, and not {id!r}.")
        known = self.sentence_of(id)
        if (known is None) == (sentence is None):
            raise ValueError(
                f"{self.name}: the mistake {id!r} needs one sentence, where it stands first and nowhere else."
            )
        return str(sentence or known)

    def switchable(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Name the computation that several mistakes share: the reference's, with a keyword-only switch for each.

        Left alone, it must give what the reference gives; `switch` makes a mistake of each of its switches.
        """
        self.base = function
        return function

    def switch(self, id: str, sentence: str | None = None, /, **switches: Any) -> None:
        """Add a known mistake: `base` with one switch set (or a few that belong together).

        Raises
        ------
        ValueError
            As `mistake`; also if `base` has no such switch, or is not there yet.
        """
        if self.base is None:
            raise ValueError(f"{self.name}: decorate a function with @{self.name}.switchable first.")
        parameters = inspect.signature(self.base).parameters
        there = {name for name, one in parameters.items() if one.kind is one.KEYWORD_ONLY}
        if not switches or set(switches) - there:
            raise ValueError(
                f"{self.name}: {id!r} switches {sorted(switches)}; there are {', '.join(sorted(there)) or 'none'}."
            )
        wrong = partial(self.base, **switches)
        self.mistakes.append(Mistake(id, self._sentence_for(id, sentence), wrong, switches))

    def sentence_of(self, id: str) -> str | None:
        """The sentence of the mistake with this id; None if there is none."""
        return next((mistake.sentence for mistake in self.mistakes if mistake.id == id), None)

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
