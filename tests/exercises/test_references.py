"""Every exercise's reference is held by a test that was not made from it: a broken one is found by its room's tests.

The spec tests cannot tell: there the reference judges itself. So each returned part of each reference is broken in
turn, and a test in ``tests/reference/<room>`` (finite differences, published figures, scikit-learn, a law) must fail.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from breaking import MARK

from byhand.exercises import chapters

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("room", [chapter.room for chapter in chapters()])
def test_a_broken_reference_is_found_by_its_rooms_tests(room: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "breaking", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "--break", room, f"tests/reference/{room}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )
    found = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    assert found, done.stdout[-2000:] + done.stderr[-2000:]
    assert json.loads(found[0].removeprefix(MARK)) == []
