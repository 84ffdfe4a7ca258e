"""The inputs that a hand-in is judged on: drawn from a secret seed, and the same whenever it is judged again.

The seed follows from the class's key, the learner, the exercise and the code that was handed in. So nobody can
know the inputs beforehand, another version of the code is asked about other inputs (a page that shows them helps
nobody to hand in its numbers), and an appeal, or the same code saved by another program, is judged on the same.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Any

from byhand.exercises import find
from byhand.exercises.inputs import Case
from grader.errors import UserError
from grader.model import Rebuilt, Role

KEY_FILE = ".grading-key"
DAMAGED = (
    "{path} does not hold a key. If grading was killed while it wrote the file, delete it and run again; "
    "otherwise restore it from a backup: without it, marks cannot be reproduced."
)


def class_key(class_folder: Path) -> bytes:
    """The class's secret key, made when it is first asked for and readable by its owner alone.

    Raises
    ------
    UserError
        If the file holds something else.
    """
    path = class_folder / KEY_FILE
    if not path.exists():
        part = path.with_name(f"{KEY_FILE}.{os.getpid()}.part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):  # another process was quicker
            os.link(part, path)  # the whole key or none, also if this process is killed
        part.unlink()
    return _read_key(path)


def _read_key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text("ascii"))
    except ValueError:
        key = b""
    if len(key) != 32:
        raise UserError(DAMAGED.format(path=path))
    return key


def code_digest(rebuilt: Rebuilt) -> str:
    """Changes with every sign of code that a learner handed in, and with nothing else.

    Comments and docstrings count: code can read them (`inspect`), so two versions that differ there alone could
    answer differently. Of cells without a learner's text only the place counts, so that a corrected text of the
    course leaves the inputs as they are. Prose, outputs, metadata and the cells that are not run do not count.
    """
    digest = hashlib.sha256()
    for number in rebuilt.running:
        cell = rebuilt.cells[number]
        learners = cell.changed or cell.role is Role.EXTRA
        text = cell.source if learners else ""
        digest.update(repr((str(cell.role), cell.exercise, text)).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def seed(key: bytes, student: str, exercise: str, code: str) -> list[int]:
    """The seed of one hand-in's inputs for one exercise; `code` is from `code_digest`."""
    text = f"{student}\0{exercise}\0{code}".encode("utf-8", "surrogatepass")
    digest = hmac.new(key, text, hashlib.sha256).digest()
    return [int.from_bytes(digest[i : i + 4], "little") for i in range(0, 32, 4)]


def draw_cases(exercises: list[str], student: str, key: bytes, code: str) -> dict[str, list[Case]]:
    """Each exercise's cases for this hand-in."""
    return {name: find(name).cases(seed(key, student, name, code)) for name in exercises}


def asking_order(key: bytes, encoded: list[Any]) -> list[int]:
    """In which order a function is asked about its cases: another than that in which they are drawn and shown.

    A spec draws its cases in an order of its own, say one of each class, so that the expected answers in each place
    are often the same. Who copied them from a page would be right without looking at the inputs.
    """

    def place(number: int) -> bytes:
        return hmac.new(key, f"{number}\0{json.dumps(encoded[number])}".encode(), hashlib.sha256).digest()

    return sorted(range(len(encoded)), key=place)


def in_drawn_order(order: list[int], records: Any) -> Any:
    """What was collected in `asking_order`, in the order of the cases; anything else as it is."""
    if not isinstance(records, list) or len(records) != len(order):
        return records
    return [record for _, record in sorted(zip(order, records, strict=True), key=lambda pair: pair[0])]
