"""Nothing that a chapter's sandbox can import answers one of its exercises, under whatever name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from byhand.checking.collect import collect, encode_cases
from byhand.checking.judge import judge
from byhand.exercises import chapters
from byhand.exercises.spec import Exercise
from grader.execute.stripped_package import write_view

# every function, method and alias of every module, called as if it were the answer
TRY = """
import importlib, inspect, io, json, pkgutil, sys, warnings
from pathlib import Path
import numpy as np
sys.path.insert(0, sys.argv[1])
import byhand
from byhand.checking.collect import collect
warnings.simplefilter("ignore")
np.seterr(all="ignore")
functions = {}
for name in sys.argv[2:]:
    module = importlib.import_module(name)
    for name, value in list(vars(module).items()):
        if inspect.isfunction(value) and value.__module__.startswith("byhand") and name != "__getattr__":
            functions[f"{module.__name__}.{name}"] = value
        elif inspect.isclass(value) and value.__module__.startswith("byhand"):
            for method, function in vars(value).items():
                if isinstance(function, staticmethod) or inspect.isfunction(function):
                    functions[f"{module.__name__}.{name}.{method}"] = getattr(value, method)
out, sys.stdout = sys.stdout, io.StringIO()
found = {}
for exercise, cases in json.load(sys.stdin).items():
    for name, function in functions.items():
        try:
            first = collect(function, cases[:1])
            if "returned" in first[0]:
                found.setdefault(exercise, {})[name] = collect(function, cases)
        except BaseException:
            pass
json.dump([len(functions), found], out)
"""


def says_more_than_yes_or_no(spec: Exercise) -> bool:
    """An answer of 0 or 1 to a question of zeros and ones is right by chance."""
    records = collect(spec.reference, encode_cases(spec.cases(7)))
    return len({json.dumps(record.get("returned")) for record in records}) > 2


@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.name)
def test_no_function_in_a_view_answers_an_exercise_of_its_chapter(chapter, tmp_path: Path) -> None:
    write_view(chapter.name, tmp_path)
    specs = {spec.name: spec for spec in chapter.exercises if says_more_than_yes_or_no(spec)}
    topics = sorted({spec.reference.__module__ for one in chapters() for spec in one.exercises})
    drawn = {name: spec.cases(7) for name, spec in specs.items()}
    cases = json.dumps({name: encode_cases(one) for name, one in drawn.items()})
    command = [sys.executable, "-I", "-c", TRY, str(tmp_path), *topics]
    done = subprocess.run(command, input=cases, capture_output=True, text=True, check=True)
    tried, collected = json.loads(done.stdout)
    answers = {
        (name, function)
        for name, answered in collected.items()
        for function, records in answered.items()
        if judge(specs[name], drawn[name], records).passed
    }
    assert tried > 1
    assert answers == set()
