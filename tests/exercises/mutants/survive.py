"""``make mutants``: mechanical mutants of every reference, judged by its check on five draws.

    python tests/exercises/mutants/survive.py [CHAPTER …]

What passes on all draws stands in ``survivors.toml``, each with the reason why it computes the same, or "open". Reasons
that are there stay; what no more survives goes.
"""

from __future__ import annotations

import ast
import inspect
import json
import signal
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FunctionType
from typing import Any

from mutate import mutants

from byhand.checking.collect import Stopped, collect, encode_cases
from byhand.checking.verdict import verdict
from byhand.exercises import chapters
from byhand.exercises.inputs import Case
from byhand.exercises.spec import Exercise

SURVIVORS = Path(__file__).parent / "survivors.toml"
HEAD = (
    "# Mutants of the references that every draw lets pass, with the reason: make mutants writes this file.\n"
)
DRAWS = 5
SECONDS = 3.0
OPEN = "open"


def main(names: list[str]) -> None:
    kept = tomllib.loads(SURVIVORS.read_text("utf-8")) if SURVIVORS.exists() else {}
    for chapter in chapters():
        if names and chapter.name not in names:
            continue
        found: Counter[str] = Counter()
        for exercise in chapter.exercises:
            passed = dict(tried(exercise, found))
            reasons = kept.get(exercise.name, {})
            kept[exercise.name] = {text: reasons.get(text, OPEN) for text in passed}
            write(kept)
        print(f"{chapter.name}: {dict(found)}", flush=True)


def write(kept: dict[str, dict[str, str]]) -> None:
    lines = [HEAD]
    for name in (exercise.name for chapter in chapters() for exercise in chapter.exercises):
        if kept.get(name):
            lines.append(f"[{name}]")
            lines += [f"{json.dumps(text)} = {json.dumps(reason)}" for text, reason in kept[name].items()]
            lines.append("")
    SURVIVORS.write_text("\n".join(lines), "utf-8")


def tried(exercise: Exercise, found: Counter[str]) -> Iterator[tuple[str, str]]:
    """The mutants that pass on every draw. Those that pass on some are counted and printed."""
    draws = [(cases, encode_cases(cases)) for cases in map(exercise.cases, range(DRAWS))]
    for text, function in functions(exercise):
        passes = sum(lets_pass(exercise, function, *draw) for draw in draws)
        found["survive" if passes == DRAWS else "sometimes" if passes else "killed"] += 1
        if 0 < passes < DRAWS:
            print(f"{exercise.name}: passes {passes} of {DRAWS}: {text}", flush=True)
        if passes == DRAWS:
            yield text, OPEN


def functions(exercise: Exercise) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The mutants of the reference and of the private helpers that it reaches in its module."""
    module = inspect.getmodule(exercise.reference)
    tree = ast.parse(inspect.getsource(module))
    reached = reached_from(exercise.reference)
    for place, node in enumerate(tree.body):
        if not isinstance(node, ast.FunctionDef) or node.name not in reached:
            continue
        for text, changed in mutants(node):
            body = [*tree.body[:place], changed, *tree.body[place + 1 :]]
            try:
                code = compile(ast.Module(body, []), module.__file__, "exec")
                namespace: dict[str, Any] = {"__name__": module.__name__, "__file__": module.__file__}
                exec(code, namespace)
            except Exception:  # no program any more
                continue
            yield text, namespace[exercise.name]


def reached_from(function: FunctionType) -> set[str]:
    found, waiting = {function.__name__}, [function]
    while waiting:
        one = waiting.pop()
        for name in one.__code__.co_names:
            other = one.__globals__.get(name)
            mine = isinstance(other, FunctionType) and other.__module__ == function.__module__
            if mine and name.startswith("_") and name not in found:
                found.add(name)
                waiting.append(other)
    return found


def lets_pass(
    exercise: Exercise, function: Callable[..., Any], cases: list[Case], encoded: list[Any]
) -> bool:
    try:
        with limited():
            records = collect(function, encoded)
        return verdict(exercise, cases, records).passed
    except Stopped:
        return False


@contextmanager
def limited() -> Iterator[None]:
    def stop(*_: Any) -> None:
        raise Stopped

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


if __name__ == "__main__":
    main(sys.argv[1:])
