"""Two commands never work on one class at once, and a killed one leaves nothing that blocks."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader.classroom.class_lock import LOCK, class_lock
from grader.errors import UserError

HOLD = """
import sys
from pathlib import Path
from grader.classroom.class_lock import class_lock
with class_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_one_says_so_and_a_killed_one_blocks_nobody(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        busy = rf"Another command is at work .*process {holder.pid}"
        with pytest.raises(UserError, match=busy), class_lock(tmp_path):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert (tmp_path / LOCK).exists()
    with class_lock(tmp_path):
        pass
    with class_lock(tmp_path), class_lock_of(tmp_path / "other"):
        pass


def class_lock_of(folder: Path):
    folder.mkdir()
    return class_lock(folder)


def test_the_command_ends_with_the_sentence(tmp_path: Path) -> None:
    (tmp_path / "submitted").mkdir()
    with class_lock(tmp_path):
        done = subprocess.run(
            [sys.executable, "-m", "grader", "grade", str(tmp_path)], capture_output=True, text=True
        )
    assert done.returncode == 1
    assert done.stderr.startswith("Another command is at work on ") and done.stderr.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"submitted", LOCK}
