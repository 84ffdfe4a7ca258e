"""What one call gave: the record that `collect` packed, read again, and nothing else.

Everything in a record is untrusted: texts are cut, times and lines bounded, and what does not fit is `Garbled`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from byhand.checking.codec import decode
from byhand.checking.collect import collect

MAX_TEXT = 600
MAX_NAMES = 20
MAX_SECONDS = 1e6
MAX_LINE = 10**6


class Garbled(ValueError):
    """A record that `collect` did not write."""


@dataclass(frozen=True)
class Raised:
    """An exception: its type and message, and the learner's own line that it came from, if there is one."""

    type: str
    message: str = ""
    value_error: bool = False
    line: int | None = None
    source: str = ""
    inside: str = ""
    shapes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """One call: what it returned or raised, which arguments it changed, its warnings and its time."""

    returned: Any = None
    raised: Raised | None = None
    changed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0


def read(collected: Any, count: int) -> list[Outcome]:
    """Read the records of `count` calls.

    Raises
    ------
    Garbled
        If they are anything that `collect` does not write.
    """
    if not isinstance(collected, list) or len(collected) != count:
        raise Garbled("not one record a call")
    return [read_record(record) for record in collected]


def read_record(record: Any) -> Outcome:
    """Read one record; see `read`."""
    try:
        raised = record.get("raised")
        if raised is None and "returned" not in record:
            raise Garbled("neither returned nor raised")
        return Outcome(
            returned=decode(record.get("returned")),
            raised=None if raised is None else _read_raised(raised),
            changed=_texts(record.get("changed", ())),
            warnings=_texts(record.get("warnings", ()))[:5],
            seconds=_seconds(record.get("seconds", 0.0)),
        )
    except (AttributeError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise Garbled(type(error).__name__) from error


def _read_raised(raised: Any) -> Raised:
    line, shapes = raised.get("line"), raised.get("shapes", {})
    if not isinstance(shapes, dict):
        raise Garbled("no shapes")
    return Raised(
        **{name: _text(raised.get(name, "")) for name in ("type", "message", "source", "inside")},
        value_error=raised.get("value_error") is True,
        line=line if type(line) is int and 0 < line < MAX_LINE else None,
        shapes={_text(name): _text(shape) for name, shape in list(shapes.items())[:MAX_NAMES]},
    )


def _texts(texts: Any) -> tuple[str, ...]:
    if not isinstance(texts, list | tuple):
        raise Garbled("not a list of texts")
    return tuple(_text(text) for text in texts[:MAX_NAMES])


def _text(text: Any) -> str:
    if not isinstance(text, str):
        raise Garbled("not a text")
    return text[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8")


def _seconds(seconds: Any) -> float:
    if not isinstance(seconds, int | float) or math.isnan(seconds):
        raise Garbled("not a time")
    return float(min(max(seconds, 0), MAX_SECONDS))


def outcome_of(function: Callable[..., Any], case: Any) -> Outcome:
    """Call a function of the course's own on one encoded case.

    Whatever a notebook did to NumPy's error state stays out of it.
    """
    with np.errstate(all="ignore"):
        (record,) = collect(function, [case])
    return read_record(record)
