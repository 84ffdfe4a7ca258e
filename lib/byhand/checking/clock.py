"""A time limit for a check at home, where the platform has one."""

from __future__ import annotations

import linecache
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from byhand.checking.collect import NOT_THE_LEARNERS, Stopped

SECONDS = 60.0
AGAIN = 0.25  # seconds from one alarm to the next: an exception can get lost, in a bare `except` for instance


class OutOfPatience(Stopped):
    """A call ran longer than the limit; ``line`` and ``source`` say where it was."""

    def __init__(self, line: int | None, source: str) -> None:
        super().__init__(line, source)
        self.line, self.source = line, source


@contextmanager
def limited(seconds: float = SECONDS) -> Iterator[None]:
    """Stop what runs longer than `seconds`.

    It needs POSIX signals, and so the main thread of Linux or macOS. On Windows and in a web browser there is no
    limit: there, the square button of the toolbar stops a cell. A timer that is running already is left alone.

    Raises
    ------
    OutOfPatience
        With the line in which the learner's code was.
    """
    if not _possible():
        yield
        return
    before = signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _possible() -> bool:
    if threading.current_thread() is not threading.main_thread():
        return False
    if sys.platform == "emscripten" or not hasattr(
        signal, "setitimer"
    ):  # a browser has the names, and no alarms
        return False
    try:
        return signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    except OSError:  # a platform that has the call and no timers
        return False


def _stop(number: int, frame: FrameType | None) -> Any:
    while frame and frame.f_code.co_filename.startswith(NOT_THE_LEARNERS):
        frame = frame.f_back
    if frame is None:
        raise OutOfPatience(None, "")
    source = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
    raise OutOfPatience(frame.f_lineno, source)
