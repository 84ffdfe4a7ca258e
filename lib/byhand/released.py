"""What a released notebook says of itself, and whether somebody has worked in it since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any


def digest(value: Any) -> str:
    """The SHA-256 of anything that JSON takes."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def text_digest(cells: Iterable[tuple[str, str]]) -> str:
    """Of the types and texts of a notebook's cells: what a learner's work changes, and running does not."""
    return digest([list(cell) for cell in cells])


def mark(raw: bytes) -> dict[str, Any]:
    """What a released notebook says of itself (chapter, release, text); empty if it says nothing of ours."""
    try:
        found = json.loads(raw)["metadata"]["byhand"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def untouched(raw: bytes) -> bool:
    """Whether the texts of a notebook are still those that were released. In doubt they are not."""
    try:
        cells = json.loads(raw)["cells"]
        texts = text_digest((cell["cell_type"], "".join(cell["source"])) for cell in cells)
    except (ValueError, LookupError, TypeError, RecursionError):
        return False
    return mark(raw).get("text") == texts
