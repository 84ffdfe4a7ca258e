"""What a diagnosis has to go by: a verdict that failed, and what known mistakes would have answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from byhand.checking.compare import Tolerance, difference
from byhand.checking.outcome import Outcome, outcome_of
from byhand.checking.verdict import Verdict

Again = Callable[[list[Any]], list[dict[str, Any]]]
SLOW = 0.02  # seconds of a case that is compared after all others


def _thread_clock() -> Callable[[], float]:
    """A thread's own processor time, so that a busy machine does not decide what is said; else the time of day."""
    try:
        time.thread_time()
    except (AttributeError, OSError):  # a web browser has none
        return time.perf_counter
    return time.thread_time


_clock = _thread_clock()


class OutOfTime(Exception):
    """The diagnosis has used up its time."""


@dataclass(frozen=True)
class Diagnosis:
    """Why an answer is wrong.

    ``mistakes`` are ids of known mistakes, whose sentences stand in ``frame``, or ``sentence`` says it.
    ``in_place`` is whether this says already that an argument was changed.
    """

    mistakes: tuple[str, ...] = ()
    frame: str = "{1}"
    sentence: str = ""
    in_place: bool = False


class Evidence:
    """A verdict that failed. What a mistake answers is computed once a case, when it is first asked for."""

    def __init__(self, verdict: Verdict, again: Again | None = None, seconds: float = float("inf")) -> None:
        self.exercise = verdict.exercise
        self.cases = verdict.cases
        self.encoded = verdict.encoded
        self.expected = verdict.expected
        self.actual = verdict.actual
        self.failing = verdict.failing
        self.again = again
        self.number = self.failing[0]
        trouble = verdict.troubles[self.number]
        assert trouble is not None
        self.trouble = trouble
        self.tolerance = Tolerance(self.exercise.rtol, self.exercise.atol)
        # most mistakes are ruled out by the case that failed first; a slow one would use up the time for all of them
        self.order = sorted(
            range(len(self.cases)),
            key=lambda n: (self.actual[n].seconds > SLOW, n not in self.failing, n),
        )
        self._made: dict[tuple[Any, int], Outcome] = {}
        self._end = _clock() + seconds

    def keep_time(self) -> None:
        """Raise `OutOfTime` if there is none left."""
        if _clock() > self._end:
            raise OutOfTime

    def made(self, key: Any, function: Callable[..., Any], number: int) -> Outcome:
        """What a wrong function, known by its `key`, gives on one case."""
        if (key, number) not in self._made:
            self.keep_time()
            self._made[key, number] = outcome_of(function, self.encoded[number])
        return self._made[key, number]

    def same(self, one: Outcome, other: Outcome, *, in_place: bool = True) -> bool:
        """Whether two calls came out alike; with `in_place`, also in the arguments that they changed."""
        if one.raised or other.raised:
            return bool(one.raised and other.raised and one.raised.type == other.raised.type)
        if in_place and one.changed != other.changed:
            return False
        return difference(one.returned, other.returned, self.tolerance, self.exercise.returns) is None

    def all_same(self, key: Any, function: Callable[..., Any], *, in_place: bool = True) -> bool:
        """Whether a wrong function gives the learner's answer on every case."""
        return all(
            self.same(self.made(key, function, number), self.actual[number], in_place=in_place)
            for number in self.order
        )

    def inputs(self, number: int) -> Mapping[str, Any]:
        """The arguments of a case by their names."""
        case = self.cases[number]
        return {**dict(zip(self.exercise.parameters, case.arguments, strict=False)), **case.keywords}
