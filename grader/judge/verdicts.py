"""Judge, outside the sandbox: draw each learner's inputs from a secret seed, compare what was collected.

The seed follows from the class's key, the student and the exercise. So no learner can know the inputs,
two learners get different ones, and an appeal is judged on the same ones again.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Any

from byhand.checking.judge import judge
from byhand.checking.report import Report
from byhand.exercises import find
from byhand.exercises.inputs import Case

KEY_FILE = ".grading-key"
NOT_JUDGED = "This answer could not be judged: {error}. Please tell your instructor; it is not your fault."


def class_key(class_folder: Path) -> bytes:
    """The class's secret key, made when it is first asked for and readable by its owner alone."""
    path = class_folder / KEY_FILE
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return _read_key(path)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return _read_key(path)


def _read_key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text("ascii"))
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ValueError(
            f"{path} does not hold a key. If grading was killed while it wrote the file, delete it and "
            "run again; otherwise restore it from a backup: without it, marks cannot be reproduced."
        )
    return key


def seed(key: bytes, student: str, exercise: str) -> list[int]:
    """The seed of one student's inputs for one exercise."""
    digest = hmac.new(key, f"{student}\0{exercise}".encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return [int.from_bytes(digest[i : i + 4], "little") for i in range(0, 32, 4)]


def draw_cases(exercises: list[str], student: str, key: bytes) -> dict[str, list[Case]]:
    """Each exercise's cases for this student."""
    return {name: find(name).cases(seed(key, student, name)) for name in exercises}


def judge_submission(cases: dict[str, list[Case]], collected: dict[str, Any]) -> dict[str, Report]:
    """A report for every exercise, whatever was collected. Never raises for one exercise alone."""
    return {name: _judge_one(name, drawn, collected.get(name)) for name, drawn in cases.items()}


def _judge_one(name: str, cases: list[Case], collected: Any) -> Report:
    try:
        return judge(find(name), cases, collected)
    except Exception as error:  # a fault of ours must cost nobody else a mark; it is a row in the report
        return Report(
            exercise=name,
            passed=False,
            kind="not judged",
            told=NOT_JUDGED.format(error=f"{type(error).__name__}: {error}"[:300]),
            cases=len(cases),
        )
