"""Warmed sandboxes: one bubblewrap for many notebooks of a chapter, each in namespaces of its own.

Starting bubblewrap, Python, NumPy and IPython takes some tenths of a second, running a learner's cells often
less than one. So `inside.forker` starts once for a chapter and forks a child for each notebook. What a child
can and cannot do is the same as in a sandbox of its own (`sandbox.Sandbox`): it sees no process, file,
socket or memory of another learner's. Two things differ. The layout of its memory, and with it the seed of
Python's hashes, is that of the children before; they had no way to tell it on. And the walls between two
children are built by our forker and not by bubblewrap.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import threading
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

import psutil

from grader.execute import bubblewrap_options, sandbox
from grader.execute.cgroup import MemoryGroup, new_group
from grader.execute.sandbox import START_SECONDS, Limits, Running, Sandbox, file, job, last_words, pipe

_WORDS = 2000  # bytes of what the forker says


class NotWarmed(RuntimeError):
    """There is no warmed sandbox: it could not start here, or it has ended."""


class Warmed:
    """A bubblewrap in which `inside.forker` waits for notebooks of one chapter, one after another.

    Parameters
    ----------
    view : Path
        From `grader.execute.stripped_package`.
    limits : Limits
        The size of each child's scratch folders, and of the control group that all of it is in, if there is one.

    Attributes
    ----------
    serves : tuple
        Its `key`.
    worked : bool
        Whether it has had a child yet.
    """

    def __init__(self, view: Path, limits: Limits) -> None:
        bubblewrap = sandbox.find_bubblewrap()
        scratch_bytes = limits.scratch_bytes
        self.serves, self.worked = Warmed.key(view, limits), False
        self._group = new_group(limits.memory_bytes)
        with contextlib.ExitStack() as inherited:
            self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            inherited.callback(theirs.close)
            self._said = os.memfd_create("said")
            chosen = bubblewrap_options.options(bubblewrap, view, scratch_bytes, forks=True)
            options = file(inherited, bubblewrap_options.as_file(chosen))
            control = theirs.fileno()
            command = bubblewrap_options.command(bubblewrap, options, "forker.py", control, scratch_bytes)
            try:
                self._process = subprocess.Popen(
                    self._group.joined(command) if self._group else command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=self._said,
                    pass_fds=(control, options),
                    env={},
                    cwd="/",
                )
            except BaseException:
                self._door.close()
                os.close(self._said)
                raise

    @staticmethod
    def key(view: Path, limits: Limits) -> tuple[Path, int, int]:
        """What a sandbox is warmed for: it serves no others."""
        return view, limits.scratch_bytes, limits.memory_bytes

    def run(self, cells: list[dict[str, Any]], limits: Limits, *, watched: bool = False) -> Running:
        """Let a child run these cells; if `watched`, it tells which system calls were refused.

        Raises
        ------
        NotWarmed
            If there is no child; nothing has run then.
        """
        with contextlib.ExitStack() as inherited:
            reading, channel = pipe(inherited)
            try:
                with contextlib.suppress(OSError):  # it has ended, of which we hear below
                    socket.send_fds(
                        self._door, [b"run"], [file(inherited, job(cells, limits, watched)), channel]
                    )
                child = Child(reading, self._newborn(), self, self._group)
                self.worked = True
                return child
            except BaseException:
                os.close(reading)
                raise

    def answers(self) -> bool:
        """Whether the forker is still there; without it, its children are gone too."""
        with contextlib.suppress(OSError):
            self._door.send(b"?")
            return bool(self._hear()[0])
        return False

    def close(self) -> None:
        """End it, and wait until it is gone."""
        if self._door.fileno() < 0:
            return
        self._door.close()
        with contextlib.suppress(psutil.Error):
            for process in (*psutil.Process(self._process.pid).children(), self._process):
                process.kill()
        self._process.wait()
        os.close(self._said)
        if self._group:
            self._group.remove()

    def _newborn(self) -> int:
        """The descriptor of the child that has just walled itself off."""
        try:
            said, descriptors = self._hear()
        except OSError as error:
            raise NotWarmed(str(error)) from None
        if descriptors:
            os.set_inheritable(descriptors[0], False)
            return descriptors[0]
        os.lseek(self._said, 0, os.SEEK_SET)
        raise NotWarmed(said.decode("utf-8", "replace") or last_words(os.read(self._said, _WORDS)))

    def _hear(self) -> tuple[bytes, list[int]]:
        """What comes through the door; nothing once nobody is behind it."""
        waiting = select.poll()
        waiting.register(self._door, select.POLLIN)
        if not waiting.poll(START_SECONDS * 1000):
            raise TimeoutError(f"it was not ready after {START_SECONDS:g} seconds")
        said, descriptors, _, _ = socket.recv_fds(self._door, _WORDS, 1)
        return said, descriptors


class Child(Running):
    """One notebook's child of a `Warmed`.

    Parameters
    ----------
    channel : int
        The file descriptor that it answers on.
    first : int
        The descriptor of the first process of its namespace.
    parent : Warmed
    group : MemoryGroup or None
        The control group of the parent, which is in it, too.
    """

    complaint = "it ended before it was ready"

    def __init__(self, channel: int, first: int, parent: Warmed, group: MemoryGroup | None) -> None:
        super().__init__(channel, group)
        self._first, self._parent = first, parent

    def lost(self) -> bool:
        return not self._parent.answers()

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._first, signal.SIGKILL)
        gone = select.poll()
        gone.register(self._first, select.POLLIN)
        gone.poll()
        os.close(self._first)
        os.close(self._channel)

    def _processes(self) -> list[psutil.Process]:
        first = self._first_process()
        return sandbox.family(first)[1:] if first else []  # the first is ours, and only waits

    def _first_process(self) -> psutil.Process | None:
        number = self._number()
        with contextlib.suppress(psutil.Error):
            if number > 0 and (process := psutil.Process(number)) and self._number() == number:
                return process
        return None

    def _number(self) -> int:
        """The process's number here, or -1 once it has ended."""
        said = Path(f"/proc/self/fdinfo/{self._first}").read_text("ascii")
        return int(said.partition("\nPid:")[2].split()[0])


class _Mine(threading.local):
    """A thread's own: the kernel ends a sandbox when the thread that started it ends."""

    def __init__(self) -> None:
        self.warmed: Warmed | None = None
        self.impossible = not hasattr(os, "pidfd_open")

    def start(self, view: Path, limits: Limits) -> Warmed:
        """One that serves these, and no other."""
        if self.warmed is not None and self.warmed.serves != Warmed.key(view, limits):
            self.end()
        if self.warmed is None:
            self.warmed = Warmed(view, limits)
            Finalize(self.warmed, self.warmed.close, exitpriority=0)
        return self.warmed

    def end(self) -> None:
        if self.warmed is not None:
            self.warmed.close()
            self.warmed = None


_mine = _Mine()


def warm_up(view: Path, limits: Limits) -> None:
    """Begin to start what `start` will need, while there is something else to do."""
    if not _mine.impossible:
        _mine.start(view, limits)


def warmed() -> bool:
    """Whether this thread has a warmed sandbox, and the system so lets programs in bubblewrap make namespaces."""
    return _mine.warmed is not None and not _mine.impossible


def start(
    view: Path, cells: list[dict[str, Any]], limits: Limits, *, fresh: bool = False, watched: bool = False
) -> Running:
    """Run cells in a child of a warmed sandbox, or in a `fresh` one of their own.

    Where a system lets bubblewrap make namespaces and nobody inside it, all get one of their own.

    Parameters
    ----------
    view : Path
        From `grader.execute.stripped_package`.
    cells : list of dict
        As `inside.runner` describes them.
    limits : Limits
    fresh : bool
    watched : bool
        Whether it is to tell which system calls were refused. Only for code that is trusted.
    """
    while not fresh and not _mine.impossible:
        worked = _mine.warmed is not None and _mine.warmed.worked
        try:
            return _mine.start(view, limits).run(cells, limits, watched=watched)
        except NotWarmed:
            _mine.end()
            _mine.impossible = not worked  # one that worked, and ended, is replaced
    return Sandbox(view, cells, limits, watched=watched)


def cool_down() -> None:
    """End the warmed sandbox of this thread, if there is one."""
    _mine.end()
