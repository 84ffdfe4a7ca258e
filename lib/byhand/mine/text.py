"""The text of a kept function: what it needs, gathered from the notebook, and the function as it was written."""

from __future__ import annotations

import builtins
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np

from byhand.exercises import find_or_none
from byhand.mine import sentences as say
from byhand.mine.cells import definition, free_names

LONGEST = 2_000  # characters of a constant: a table of data is no part of a function


class CannotKeep(Exception):
    """A file cannot hold what the function needs; the message says what, for the learner."""


@dataclass
class _Parts:
    imports: dict[str, None] = field(default_factory=dict)  # lines, each once, in order
    constants: dict[str, str] = field(default_factory=dict)
    helpers: dict[str, str] = field(default_factory=dict)
    others: dict[str, None] = field(default_factory=dict)  # exercises that are looked up when they are called
    seen: set[str] = field(default_factory=set)


def text_of(name: str, function: Callable[..., Any], notebook: Mapping[str, Any]) -> str:
    """A module that holds one exercise: imports, constants and helpers that the function reaches, then the function.

    Parameters
    ----------
    name : str
        The exercise.
    function : callable
        What the notebook calls so.
    notebook : mapping
        The notebook's names.

    Raises
    ------
    CannotKeep
        If it needs something that a file cannot hold.
    """
    whole = definition(name, function)
    if whole is None:
        raise CannotKeep(say.NO_TEXT.format(name=name))
    parts = _Parts(seen={name})
    _gather(parts, whole, notebook)
    lines = [*parts.imports]
    if parts.others:
        lines += ["from mine import later"]
    blocks = ["\n".join(lines)] if lines else []
    if parts.others:
        blocks.append("\n".join(f'{one} = later("{one}")' for one in parts.others))
    if parts.constants:
        blocks.append("\n".join(f"{key} = {value}" for key, value in parts.constants.items()))
    head = "\n\n".join(blocks)
    bodies = "\n\n".join(text.rstrip("\n") + "\n" for text in (*parts.helpers.values(), whole))
    return f"{head}\n\n\n{bodies}" if head else bodies


def _gather(parts: _Parts, text: str, notebook: Mapping[str, Any]) -> None:
    """Add what a statement takes from around it, and what that takes in turn."""
    for name in free_names(text):
        if name in parts.seen:
            continue
        parts.seen.add(name)
        if name not in notebook:
            if not hasattr(builtins, name) and find_or_none(name) is not None:
                parts.others[name] = None
            continue  # a builtin, or a name that the function itself would miss
        _take(parts, name, notebook[name], notebook)


def _take(parts: _Parts, name: str, value: Any, notebook: Mapping[str, Any]) -> None:
    if find_or_none(name) is not None and callable(value):
        parts.others[name] = None
    elif (line := _import(name, value)) is not None:
        parts.imports[line] = None
    elif (constant := _constant(value)) is not None:
        parts.constants[name] = constant
        if isinstance(value, np.ndarray):
            parts.imports["import numpy as np"] = None
    elif (text := definition(name, value)) is not None:
        _gather(parts, text, notebook)
        parts.helpers[name] = text
    else:
        raise CannotKeep(say.NEEDS.format(name=name, kind=type(value).__name__))


def _import(name: str, value: Any) -> str | None:
    """The line that imports `value` as `name`; None if it is not to be imported."""
    if isinstance(value, types.ModuleType):
        whole = value.__name__
        if whole == "byhand.mine":  # the learner's own library, in which this file lies
            return "import mine" if name == "mine" else f"import mine as {name}"
        package, _, last = whole.rpartition(".")
        if package and last == name:
            return f"from {package} import {name}"
        return f"import {whole}" if whole == name else f"import {whole} as {name}"
    module, known = getattr(value, "__module__", None), getattr(value, "__name__", None)
    if not isinstance(module, str) or not isinstance(known, str) or module == "__main__":
        return None
    try:
        found = getattr(import_module(module), known, None)
    except ImportError:
        return None
    if found is not value:
        return None
    return f"from {module} import {known}" + ("" if known == name else f" as {name}")


def _constant(value: Any) -> str | None:
    """How a plain constant is written: numbers, texts, and small lists, tuples, dicts and arrays of them."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf" and value.size <= 64:
        inner = _constant(value.tolist())
        return inner and f"np.array({inner}, dtype={str(value.dtype)!r})"
    written = repr(value) if _plain(value) else ""
    return written if 0 < len(written) <= LONGEST else None


def _plain(value: Any) -> bool:
    """Whether `repr` writes it so that Python reads the same."""
    if isinstance(value, list | tuple | set | frozenset):
        return all(_plain(one) for one in value)
    if isinstance(value, dict):
        return all(_plain(one) for pair in value.items() for one in pair)
    if type(value) in (float, complex):
        return bool(np.isfinite(value))  # "nan" and "inf" are no Python
    return value is None or type(value) in (bool, int, str, bytes)
