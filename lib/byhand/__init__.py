"""Deep Learning by Hand: what the notebooks import.

    from byhand import begin, check, explore, mine, progress

`byhand.reference` holds the reference, a room a chapter; it needs NumPy and nothing else. The names above
load what they need when they are first asked for, so that a notebook starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_FROM_CHECKING = ("begin", "check", "hint", "progress", "quick", "solution", "try_it", "working")

__all__ = [*_FROM_CHECKING, "data", "explore", "milestone", "mine"]


def __getattr__(name: str) -> Any:
    if name in _FROM_CHECKING:
        return getattr(import_module("byhand.checking"), name)
    if name == "milestone":
        return import_module("byhand.mine.milestone").milestone
    if name in ("explore", "data", "mine"):
        return import_module(f"byhand.{name}")
    raise AttributeError(f"module 'byhand' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
