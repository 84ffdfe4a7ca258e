"""A kept text, loaded alone: without the notebook, in a module of its own."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable
from itertools import count
from types import ModuleType
from typing import Any, cast

LookUp = Callable[[str], Callable[..., Any]]

_numbers = count(1)


class CannotLoad(Exception):
    """The text is no module, or holds no such function; the message says what is wrong."""


def load(name: str, text: str, look_up: LookUp, file: str = "") -> Callable[..., Any]:
    """The function called `name` that a text defines.

    Parameters
    ----------
    name : str
    text : str
        From `byhand.mine.text.text_of`.
    look_up : callable
        Gives the function that another exercise's name means, at each call.
    file : str
        What a traceback calls it.

    Raises
    ------
    CannotLoad
        If it cannot be loaded.
    """
    file = file or f"<mine {name} {next(_numbers)}>"
    mine = ModuleType("mine")
    mine.later = lambda other: _later(other, look_up)  # type: ignore[attr-defined]
    mine.__getattr__ = look_up  # type: ignore[method-assign]
    before = sys.modules.get("mine")
    sys.modules["mine"] = (
        mine  # `from mine import later` and `mine.f` in the text mean the course's way to look up
    )
    space: dict[str, Any] = {"__name__": f"mine.{name}", "__file__": file}
    try:
        exec(compile(text, file, "exec"), space)
    except Exception as error:
        raise CannotLoad(f"{type(error).__name__}: {error}") from error
    finally:
        if before is None:
            del sys.modules["mine"]
        else:
            sys.modules["mine"] = before
    linecache.cache[file] = (
        len(text),
        None,
        text.splitlines(keepends=True),
        file,
    )  # for tracebacks and inspect
    function = space.get(name)
    if not callable(function):
        raise CannotLoad(f"it defines no function {name}")
    return cast("Callable[..., Any]", function)


def _later(name: str, look_up: LookUp) -> Callable[..., Any]:
    def call(*arguments: Any, **keywords: Any) -> Any:
        return look_up(name)(*arguments, **keywords)

    call.__name__ = call.__qualname__ = name
    return call
