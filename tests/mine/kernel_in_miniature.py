"""A learner's notebook in miniature: cells that run, a storage, and a check like the real one."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from byhand.checking.collect import collect, encode_cases
from byhand.checking.judge import judge
from byhand.checking.report import Report
from byhand.exercises import find
from byhand.exercises.spec import Exercise
from byhand.mine.session import Session
from byhand.mine.storage import Storage

_numbers = count(1)


def check(exercise: Exercise, function: Callable[..., Any]) -> Report:
    cases = exercise.cases()
    return judge(exercise, cases, collect(function, encode_cases(cases)))


@dataclass
class Notebook:
    """Cells run in one namespace, as a kernel runs them; `passed` is what `check(f)` does once `f` passes."""

    chapter: str
    storage: Storage
    said: list[str] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__"})

    def __post_init__(self) -> None:
        self.session = Session(check=check, say=self.said.append)
        self.session.storage = self.storage
        self.begin()

    def begin(self) -> list[str]:
        return self.session.begin(self.chapter, self.names)

    def run(self, text: str) -> None:
        file = f"<cell {next(_numbers)}>"
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        exec(compile(text, file, "exec"), self.names)

    def passed(self, name: str) -> str | None:
        exercise = find(name)
        with self.session.checking():
            report = check(exercise, self.names[name])
        assert report.passed, report
        return self.session.keep(exercise, self.names[name])

    def again(self, chapter: str = "") -> Notebook:
        """The same folder, opened another day."""
        return Notebook(chapter or self.chapter, self.storage)
