"""The corpus: wrong and right answers to the exercises of chapters 00 to 07, each with a note.

``blind/`` was written by somebody who had seen the notebooks' text only, and is frozen; ``described/`` after what
people were seen to write; ``right/`` holds answers of another structure than the course's own. A file a chapter; a
function is called ``exercise__id``, and its docstring says what is wrong, or what is different.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Answer:
    """One answer to one exercise."""

    kind: str
    exercise: str
    id: str
    function: Callable[..., Any]
    note: str

    def __str__(self) -> str:
        return f"{self.exercise}/{self.id}"


def answers(kind: str) -> list[Answer]:
    """All the answers of a kind: blind, described or right."""
    return [answer for path in sorted((HERE / kind).glob("*.py")) for answer in _of_file(kind, path)]


def _of_file(kind: str, path: Path) -> Iterator[Answer]:
    name = f"corpus_{kind}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for function_name, function in vars(module).items():
        exercise, separator, slip = function_name.partition("__")
        if separator and exercise and callable(function) and function.__doc__:
            yield Answer(kind, exercise, slip, function, function.__doc__.strip())
