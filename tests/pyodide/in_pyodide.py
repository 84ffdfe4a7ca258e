"""Inside Pyodide: references pass their checks, mistakes do not, pictures are made, and the rules of `mine` hold.

The last expression is the exit code.
"""

import os
import sys
from pathlib import Path

import matplotlib
import numpy as np

sys.path[:0] = ["/repository/lib", "/repository/tests/mine"]
sys.path.append("/packages")  # pytest, which is Python alone; NumPy is found before it
sys.dont_write_bytecode = True
os.environ.pop("BYHAND_MINE", None)
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # the other plugins need what a browser lacks

from byhand import explore  # noqa: E402
from byhand.checking.collect import collect, encode_cases  # noqa: E402
from byhand.checking.judge import judge  # noqa: E402
from byhand.exercises import chapters  # noqa: E402

passed, failed = 0, []
for chapter in chapters():
    for exercise in chapter.exercises:
        cases = exercise.cases(7)
        report = judge(exercise, cases, collect(exercise.reference, encode_cases(cases)))
        wrong = judge(exercise, cases, collect(exercise.mistakes[0].function, encode_cases(cases)))
        passed += report.passed and not wrong.passed
        if not report.passed or wrong.passed:
            failed.append(exercise.name)
for name in explore.pictures():
    page = getattr(explore, name)().html()
    passed += "<script" in page
    if "<script" not in page:
        failed.append(name)
print(f"Python {sys.version.split()[0]}, NumPy {np.__version__}, Matplotlib {matplotlib.__version__}")

import pytest  # noqa: E402

Path("/learner/notebooks").mkdir(parents=True, exist_ok=True)
os.chdir("/learner/notebooks")
arguments = [
    "-q",
    "-c",
    "/dev/null",
    "--rootdir",
    "/repository/tests/mine",
    "-p",
    "no:cacheprovider",
    "--capture=sys",
]
arguments += [
    "--import-mode=importlib",
    "-k",
    "not take_home",
    "/repository/tests/mine",
]  # that one starts a process
rules = int(pytest.main(arguments))
print(f"{passed} passed, {len(failed)} failed" + (f": {', '.join(failed)}" if failed else ""))
int(bool(failed) or rules != 0)
