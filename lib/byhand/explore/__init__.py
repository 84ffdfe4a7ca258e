"""Explorables: pictures that answer one question, with sliders that move in the browser.

    from byhand import explore

    explore.saturation()                # the reference
    explore.saturation(sigmoid, tanh)   # your own functions

Each returns an `Explorable`: the notebook shows it, `.still()` is a matplotlib figure for print, `.value`
is where the sliders were left.

A picture is a function in a module of its name, in its chapter's room; whatever lies there is found.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any


@cache
def pictures() -> dict[str, str]:
    """The module of each picture, by the picture's name."""
    found: dict[str, str] = {}
    for path in sorted(Path(__file__).parent.glob("*/[a-z]*.py")):
        room, name = path.parent.name, path.stem
        if room != "engine" and not name.startswith("_"):
            if name in found:
                raise ValueError(f"Two pictures are called {name!r}; a name must be unique in the course.")
            found[name] = f"{__name__}.{room}.{name}"
    return found


def __getattr__(name: str) -> Any:
    if name.startswith("_") or name not in pictures():
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(pictures()[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *pictures()})
