"""What an exercise is tried on: drawn numbers, functions and random generators.

Everything here can cross into the grader's sandbox as plain text and bytes, so a function is made
from its text and a random generator from its seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

GIVEN_FUNCTION = "<given function>"  # the file name that a traceback shows for a `Function`


@dataclass(frozen=True)
class Function:
    """A function that an exercise receives as an argument, made from its text.

    Parameters
    ----------
    text : str
        A NumPy expression, such as ``"x**3 - 2*x"`` or ``"np.sum(x**2)"``.
    parameters : str
        The names in the expression, ``"x"`` or ``"a, b"``.

    Examples
    --------
    >>> Function("x**2")(3)
    9
    """

    text: str
    parameters: str = "x"

    def __post_init__(self) -> None:
        # compiled here, once: a mistyped text fails where it stands, not inside a learner's check
        code = compile(f"lambda {self.parameters}: {self.text}", GIVEN_FUNCTION, "eval")
        object.__setattr__(self, "_call", eval(code, {"np": np, "__builtins__": {"abs": abs, "max": max}}))

    def __reduce__(self) -> tuple[Any, ...]:  # a pickle, too, holds the text and never the code
        return Function, (self.text, self.parameters)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return self._call(*arguments, **keywords)  # type: ignore[attr-defined]

    @property
    def __name__(self) -> str:
        return "f"

    def __repr__(self) -> str:
        return f"({self.parameters}) → {self.text}"


@dataclass(frozen=True)
class Rng:
    """A random generator by its seed: each call under test receives a fresh ``numpy`` Generator."""

    seed: int

    def __repr__(self) -> str:
        return f"np.random.default_rng({self.seed})"


@dataclass(frozen=True)
class Case:
    """One call in a check: its positional and its keyword arguments."""

    arguments: tuple[Any, ...]
    keywords: dict[str, Any] = field(default_factory=dict)


def case(*arguments: Any, **keywords: Any) -> Case:
    """Make a case with keyword arguments, or with a tuple as its only argument."""
    return Case(arguments, keywords)


class Draw:
    """Draws the inputs of one check. The same seed draws the same inputs.

    Parameters
    ----------
    seed : int or sequence of int
        Fresh at home at every check; secret and reproducible in the grader.
    """

    def __init__(self, seed: int | Sequence[int] | None = None) -> None:
        self._generator = np.random.default_rng(seed)

    def normal(self, *shape: int) -> Any:
        """Standard normal numbers, rounded to 2 decimals so that a report is easy to read.

        No shape gives a Python float.
        """
        return self._rounded(self._generator.standard_normal(shape))

    def uniform(self, low: float, high: float, *shape: int) -> Any:
        """Numbers between `low` and `high`, rounded to 2 decimals. No shape gives a Python float."""
        return self._rounded(self._generator.uniform(low, high, shape))

    def integers(self, low: int, high: int, *shape: int) -> Any:
        """Whole numbers k with ``low <= k < high``. No shape gives a Python int."""
        drawn = self._generator.integers(low, high, shape)
        return drawn if shape else int(drawn)

    def choice(self, options: Sequence[Any]) -> Any:
        """One of `options`."""
        return options[int(self._generator.integers(len(options)))]

    def permutation(self, n: int) -> np.ndarray:
        """The numbers 0 … n − 1 in a drawn order."""
        return self._generator.permutation(n)

    def seed(self) -> int:
        """A seed."""
        return int(self._generator.integers(2**31))

    def rng(self) -> Rng:
        """A random generator for the function under test."""
        return Rng(self.seed())

    @staticmethod
    def _rounded(drawn: np.ndarray) -> Any:
        rounded = np.round(drawn, 2) + 0.0  # + 0.0 turns -0.0 into 0.0
        return rounded if np.ndim(rounded) else float(rounded)
