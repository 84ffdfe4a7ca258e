"""Judging in a process of its own, with a clock and a limit on memory.

What was collected comes from a stranger, and comparing it takes the time and the memory that it asks for. So a
process that lives as long as its worker decodes and compares; the worker waits, and ends it when it takes too long.
Inputs go there pickled, since they are ours; what was collected goes as JSON, and bounded JSON comes back: for each
exercise the verdict, and then, where it fails, the same with a diagnosis. A diagnosis that is too slow costs itself.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import multiprocessing
import os
import pickle
import resource
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from multiprocessing.util import Finalize
from typing import Any, BinaryIO, NoReturn

import psutil

from byhand.checking.codec import Other
from byhand.checking.diagnose import diagnose
from byhand.checking.judge import judge as judge_at_once
from byhand.checking.judge import report_of
from byhand.checking.outcome import Garbled
from byhand.checking.report import Report
from byhand.checking.verdict import verdict
from byhand.exercises import find
from byhand.exercises.inputs import Case

NOT_JUDGED = "This answer could not be judged: {error}. Please tell your instructor; it is not your fault."
NOT_IN_TIME = (
    "This answer could not be judged in time: comparing it took more than {seconds:g} seconds. "
    "Is it much larger than what was asked for?"
)
DIED = "the program that compares answers ended while it looked at this one"
TOO_LARGE = Other("value", "a value too large to show")

EXERCISE_SECONDS, HAND_IN_SECONDS = 10.0, 20.0  # of the processor's time, so that a busy machine judges alike
PATIENCE = 6  # times as long by the clock: a process that only sleeps uses no processor
MEMORY_BYTES = 2 * 2**30  # beyond what it begins with
REPORT_BYTES = 2**20  # of one report
START_SECONDS = 60.0  # for all imports, on a busy machine
LOOK = 0.25  # seconds between two looks at its processor time
PR_SET_PDEATHSIG = 1  # of the kernel's headers


@dataclass(frozen=True)
class Asked:
    """One exercise to judge; ``collected`` is JSON."""

    name: str
    cases: list[Case]
    collected: str


class Judge:
    """The process, started when it is first needed and again after it has ended."""

    def __init__(self) -> None:
        self._process = 0
        self._watched: psutil.Process | None = None
        self._to: BinaryIO | None = None
        self._back = -1
        self._text = b""

    def reports(self, asked: list[Asked]) -> Iterator[Report]:
        """A report for each of what is asked, whatever was collected."""
        left, waiting = HAND_IN_SECONDS, list(asked)
        died: set[str] = set()
        while waiting:
            if left <= 0:
                yield from (late(one) for one in waiting)
                return
            self._send(waiting)
            while waiting:
                one, began, clock = waiting[0], self._seconds(), time.monotonic()
                report, whole = self._one(one, began, min(left, EXERCISE_SECONDS))
                left -= self._seconds() - began if whole else min(time.monotonic() - clock, EXERCISE_SECONDS)
                if report is None and one.name not in died:  # somebody else may have ended it: once more
                    died.add(one.name)
                else:
                    yield report or failed(one, NOT_JUDGED.format(error=DIED))
                    del waiting[0]
                if not whole:
                    self.end()
                    break

    def _one(self, asked: Asked, began: float, seconds: float) -> tuple[Report | None, bool]:
        """The report of what is judged now, none if the process ended, and whether it goes on."""
        report, patience = None, time.monotonic() + PATIENCE * seconds
        while True:
            try:
                line = self._line(LOOK)
            except EOFError:
                return report, False
            if line:
                report, last = _read(line, asked)
                if last:
                    return report, True
            if self._seconds() - began > seconds or time.monotonic() > patience:
                return report or late(asked), False

    def _send(self, asked: list[Asked]) -> None:
        request = pickle.dumps(asked)
        for _ in range(2):
            if self._process == 0:
                self._start()
            assert self._to is not None
            try:
                self._to.write(len(request).to_bytes(8, "little") + request)
                self._to.flush()
                return
            except BrokenPipeError:  # it ended after its last answer
                self.end()

    def _line(self, seconds: float) -> bytes:
        """The next line, or nothing if it does not come in time."""
        while b"\n" not in self._text:
            if not select.select([self._back], [], [], seconds)[0]:
                return b""
            more = os.read(self._back, 2**16)
            if not more:
                raise EOFError
            self._text += more
        line, _, self._text = self._text.partition(b"\n")
        return line

    def _seconds(self) -> float:
        """The processor's time that it has used."""
        with contextlib.suppress(psutil.Error):
            if self._watched is not None:
                used = self._watched.cpu_times()
                return float(used.user + used.system)
        return 0.0

    def _start(self) -> None:
        theirs, to = os.pipe()
        self._back, back = os.pipe()
        self._to, self._text = os.fdopen(to, "wb"), b""
        if _may_fork():
            self._process = os.fork()
            if self._process == 0:
                _become(theirs, back)
        else:
            command = [sys.executable, "-m", "grader.judge.process"]
            place = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            self._process = subprocess.Popen(command, stdin=theirs, stdout=back, env=place).pid
        self._watched = psutil.Process(self._process)
        os.close(theirs)
        os.close(back)
        with contextlib.suppress(EOFError):
            self._line(START_SECONDS)  # its first says that it is ready

    def end(self) -> None:
        """Kill it, and wait until it is gone."""
        if self._process == 0:
            return
        with contextlib.suppress(OSError):
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
        with contextlib.suppress(OSError):
            if self._to is not None:
                self._to.close()
        os.close(self._back)
        self._process = 0


def _may_fork() -> bool:
    """Whether this process may become two: it has one thread, or is a worker, whose other thread only waits."""
    return threading.active_count() == 1 or multiprocessing.parent_process() is not None


def late(asked: Asked) -> Report:
    """The report of an answer that took too long to judge."""
    return failed(asked, NOT_IN_TIME.format(seconds=EXERCISE_SECONDS))


def failed(asked: Asked, told: str) -> Report:
    """The report of an answer that was not judged."""
    return Report(exercise=asked.name, passed=False, kind="not judged", told=told, cases=len(asked.cases))


def _read(line: bytes, asked: Asked) -> tuple[Report, bool]:
    tree = json.loads(line)
    report = Report.from_dict(tree["report"])
    if report.number is not None:  # inputs need not cross: they are here
        case = asked.cases[report.number]
        names = find(asked.name).parameters
        report = replace(
            report, arguments=(*zip(names, case.arguments, strict=False), *case.keywords.items())
        )
    return report, tree["last"]


def _become(requests: int, answers: int) -> NoReturn:
    """Be the process: nothing of the worker's stays open, and its end is this one's."""
    try:
        for kept, place in ((requests, 0), (answers, 1)):
            os.dup2(kept, place)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        serve(0, 1)
    finally:
        os._exit(0)


def serve(requests: int, answers: int) -> None:
    """Judge what comes until nothing more can come."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the worker's to see
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    most = psutil.Process().memory_info().vms + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))
    os.write(answers, b"ready\n")
    with os.fdopen(requests, "rb", closefd=False) as file:
        while length := file.read(8):
            asked = pickle.loads(file.read(int.from_bytes(length, "little")))
            _limit_seconds()
            for one in asked:
                for report, last in judged(one):
                    _answer(answers, report, last)


def _limit_seconds() -> None:
    """End this process some time after the worker should have, should that not do it."""
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    _, hardest = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used + 2 * HAND_IN_SECONDS), hardest))


def judged(asked: Asked) -> Iterator[tuple[Report, bool]]:
    """The verdict's report, and then the one with a diagnosis; the last is marked."""
    try:
        exercise = find(asked.name)
        collected = json.loads(asked.collected)
        try:
            found = None if collected is None else verdict(exercise, asked.cases, collected)
        except Garbled:
            found = None
        if found is None:  # nothing to compare: at once
            yield judge_at_once(exercise, asked.cases, collected), True
            return
        yield report_of(found, None), found.passed
        if not found.passed:
            yield report_of(found, diagnose(found)), True
    except Exception as error:  # a fault of ours must cost nobody else a mark; it is a row in the report
        yield failed(asked, NOT_JUDGED.format(error=f"{type(error).__name__}: {error}"[:300])), True


def _answer(answers: int, report: Report, last: bool) -> None:
    line = b""
    left_out: tuple[dict[str, Any], ...] = ({}, {"actual": TOO_LARGE}, {"expected": TOO_LARGE})
    for part in left_out:
        place: dict[str, Any] = {"path": (), "index": None} if part else {}
        report = replace(report, arguments=(), **part, **place)
        line = json.dumps({"report": report.to_dict(), "last": last}).encode("ascii") + b"\n"
        if len(line) <= REPORT_BYTES:
            break
    while line:
        line = line[os.write(answers, line) :]


class _Mine(threading.local):
    """A thread's own."""

    def __init__(self) -> None:
        self.judge = Judge()
        Finalize(self.judge, self.judge.end, exitpriority=0)


_mine = _Mine()


def reports(cases: dict[str, list[Case]], collected: dict[str, Any]) -> dict[str, Report]:
    """A report for every exercise, whatever was collected.

    Parameters
    ----------
    cases : dict
        By exercise, what its function was called on.
    collected : dict
        By exercise, what came out of the sandbox; none where there was no function.
    """
    asked = [Asked(name, drawn, _as_json(collected.get(name))) for name, drawn in cases.items()]
    return {report.exercise: report for report in _mine.judge.reports(asked)}


def _as_json(tree: Any) -> str:
    try:
        return json.dumps(tree)
    except (ValueError, TypeError, RecursionError):  # nested more deeply than JSON's writer can go
        return '"garbled"'


def end() -> None:
    """End this thread's process, if there is one."""
    _mine.judge.end()


if __name__ == "__main__":
    serve(sys.stdin.fileno(), sys.stdout.fileno())
