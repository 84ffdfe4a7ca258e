"""Hints, model answers and marking schemes, a file a chapter; made from the source by ``make course``.

A class can be given the course without these files; then there are no hints beyond the notebook's own, and no answers.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def of_chapter(name: str) -> dict[str, dict[str, Any]]:
    """What there is for a chapter, by the names of exercises and written tasks; empty where the files were left out."""
    path = files(__name__) / f"{name}.json"
    if not path.is_file():
        return {}
    found: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return found
