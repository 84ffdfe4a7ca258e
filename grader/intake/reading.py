"""A file that was handed in, read into cells, whatever its bytes are.

Nothing here knows the course. The notebook format's own reader is not used: it is made for notebooks
that are valid, and stops at the first thing that is not.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass, field
from typing import Any

from grader import messages

MEGABYTE = 1_000_000
FILE_LIMIT = 20 * MEGABYTE
CELL_LIMIT = 500_000  # characters
CELLS_LIMIT = 2_000


class Unreadable(Exception):
    """Nothing can be read; the message is a sentence for the learner."""


@dataclass(frozen=True)
class HandedIn:
    """One cell as it was handed in. None of it is trusted; `name` is the ``grade_id`` that it claims."""

    cell_type: str  # "code" or "markdown"
    text: str
    id: str = ""
    name: str = ""
    marks: dict[str, Any] = field(default_factory=dict)  # nbgrader's metadata, plain values alone
    tags: frozenset[str] = frozenset()
    pictures: bool = False


@dataclass(frozen=True)
class Submitted:
    """What could be read of a file: its cells, what it says that it was made from, and what was lost."""

    cells: tuple[HandedIn, ...]
    chapter: str = ""
    release: str = ""
    repairs: tuple[str, ...] = ()


def read(raw: bytes) -> Submitted:
    """The cells of a notebook of any version, with everything of a wrong type left out.

    Raises
    ------
    Unreadable
        If there is no notebook in these bytes. Nothing else is ever raised.
    """
    if len(raw) > FILE_LIMIT:
        size, limit = -(-len(raw) // MEGABYTE), FILE_LIMIT // MEGABYTE
        raise Unreadable(messages.TOO_BIG.format(size=size, limit=limit))
    text, lost = _decoded(raw)
    document = _parsed(text)
    said = [messages.ODD_BYTES] if lost else []
    found, broken, long = [], 0, 0
    items = _cell_list(document)
    for item in items[:CELLS_LIMIT]:
        cell = _cell(item)
        if cell is None:
            broken += 1
        elif len(cell.text) > CELL_LIMIT:
            long += 1
        else:
            found.append(cell)
    if broken:
        said.append(messages.BROKEN_CELLS.format(cells=messages.cells(broken)))
    if long:
        said.append(messages.LONG_CELLS.format(cells=messages.cells(long), limit=CELL_LIMIT))
    if len(items) > CELLS_LIMIT:
        said.append(messages.MANY_CELLS.format(limit=CELLS_LIMIT))
    made_from = _dict(_dict(document.get("metadata")).get("byhand"))
    return Submitted(
        tuple(found), _text(made_from.get("chapter")), _text(made_from.get("release")), tuple(said)
    )


_OTHER_FILES = ((b"PK\x03\x04", messages.ZIP), (b"<", messages.WEB_PAGE), (b"%PDF", messages.PDF))


def _decoded(raw: bytes) -> tuple[str, bool]:
    beginning = raw[:1000].lstrip()
    for start, sentence in _OTHER_FILES:
        if beginning.startswith(start) and not beginning.startswith(b"<<<<"):  # a merge conflict of git's
            raise Unreadable(sentence)
    encoding = "utf-8-sig"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    text = raw.decode(encoding, errors="replace")
    if not text.strip("\0 \t\r\n"):
        raise Unreadable(messages.ZEROS if "\0" in text else messages.EMPTY)
    # A file that was read without loss may hold the replacement sign itself.
    return text, "\ufffd" in text and "\ufffd".encode() not in raw


def _parsed(text: str) -> dict[str, Any]:
    try:
        # Not strict: control characters inside a text are no reason to refuse a notebook.
        document = json.loads(text.rstrip("\0 \t\r\n"), strict=False, parse_int=_integer)
    except json.JSONDecodeError as error:
        rest = text[error.pos :].strip()
        cut = not rest or "Unterminated" in error.msg
        raise Unreadable(messages.CUT if cut else messages.DAMAGED.format(line=error.lineno)) from None
    except RecursionError:
        raise Unreadable(messages.TOO_DEEP) from None
    if not isinstance(document, dict):
        raise Unreadable(messages.NO_NOTEBOOK)
    return document


def _integer(digits: str) -> int:
    return int(digits) if len(digits) < 20 else 0  # Python refuses to read very long ones


def _cell_list(document: dict[str, Any]) -> list[Any]:
    """``cells`` (versions 1 and 4) or the cells of all ``worksheets`` (versions 2 and 3)."""
    if isinstance(document.get("cells"), list):
        return list(document["cells"])
    worksheets = document.get("worksheets")
    if isinstance(worksheets, list):
        sheets = [_dict(sheet).get("cells") for sheet in worksheets]
        return [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    raise Unreadable(messages.NO_CELLS if "nbformat" in document else messages.NO_NOTEBOOK)


def _cell(item: Any) -> HandedIn | None:
    if not isinstance(item, dict):
        return None
    texts = (_joined(item[key]) for key in ("source", "input", "code") if key in item)
    text = next((text for text in texts if text is not None), None)
    if text is None:
        return None
    metadata = _dict(item.get("metadata"))
    marks = _dict(metadata.get("nbgrader"))
    if item.get("cell_type") == "heading":  # version 3
        text = f"{_hashes(item.get('level'))} {text}"
    return HandedIn(
        cell_type="code" if _runs(item) else "markdown",
        text=_clean(text),
        id=_text(item.get("id")) or _text(metadata.get("id")),  # Colab keeps it in the metadata
        name=_text(marks.get("grade_id")),
        marks={key: value for key, value in marks.items() if isinstance(value, str | int | float)},
        tags=_tags(metadata.get("tags")),
        pictures=bool(_dict(item.get("attachments"))),
    )


def _runs(item: dict[str, Any]) -> bool:
    """Whether a cell is code; one of no known type is, if it holds what only code has."""
    kind = item.get("cell_type")
    known = kind in ("code", "markdown", "raw", "heading", "html", "text")
    return kind == "code" or (not known and ("outputs" in item or "input" in item))


def _hashes(level: Any) -> str:
    return "#" * (level if isinstance(level, int) and 1 <= level <= 6 else 1)


def _tags(tags: Any) -> frozenset[str]:
    return frozenset(_text(tag) for tag in tags) if isinstance(tags, list) else frozenset()


def _joined(value: Any) -> str | None:
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value if isinstance(value, str) else None


def _clean(text: str) -> str:
    """Text that every later stage can store: no NUL, no half characters, one kind of line end, and none at the end.

    Programs differ in the white space that they save behind a cell; the same work must stay the same.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").rstrip()
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= 200 else ""
