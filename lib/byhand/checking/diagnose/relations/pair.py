"""One expected array and the learner's, with what they may be related to."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

# What a relation finds in one case: which sentence, and what goes into it.
Fact = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Pair:
    """What was expected and what came, in one case, for one part of the answer.

    ``inputs`` are the arrays among the arguments, ``others`` the other parts as they were expected.
    """

    expected: np.ndarray
    actual: np.ndarray
    inputs: dict[str, np.ndarray] = field(default_factory=dict)
    others: dict[str, np.ndarray] = field(default_factory=dict)
    rtol: float = 1e-6
    atol: float = 1e-9

    @cached_property
    def wanted(self) -> np.ndarray:
        """The expected numbers as floats."""
        return self.expected.astype(float)

    @cached_property
    def given(self) -> np.ndarray:
        """The learner's numbers as floats."""
        return self.actual.astype(float)

    @cached_property
    def wrong(self) -> np.ndarray:
        """Which numbers differ, where the shapes agree."""
        close = np.isclose(self.given, self.wanted, rtol=self.rtol, atol=self.atol, equal_nan=True)
        return np.asarray(~close)

    @property
    def right(self) -> bool:
        """Whether every number is right."""
        return self.expected.shape == self.actual.shape and not self.wrong.any()

    @property
    def aligned(self) -> bool:
        """Whether the shapes agree and all numbers are finite."""
        return self.expected.shape == self.actual.shape and self.finite

    @cached_property
    def finite(self) -> bool:
        """Whether there are numbers in both, and none that is infinite or nan."""
        both = self.wanted, self.given
        return all(one.size > 0 and bool(np.isfinite(one).all()) for one in both)

    def near(self, guess: np.ndarray, given: np.ndarray | None = None) -> bool:
        """Whether the learner's numbers are all those of `guess`."""
        given = self.given if given is None else given
        if guess.shape != given.shape or not np.isfinite(guess).all():
            return False
        return bool(np.allclose(given, guess, rtol=self.rtol, atol=self.atol))
