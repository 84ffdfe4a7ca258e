"""One sandbox: how it is started, limited, watched and ended. `bubblewrap_options` says what is in it."""

from __future__ import annotations

import base64
import contextlib
import functools
import json
import os
import platform
import re
import select
import shutil
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from grader.execute import bubblewrap_options, seccomp
from grader.execute.cgroup import MemoryGroup, new_group
from grader.execute.stripped_package import view_of_nothing

NOT_INSTALLED = (
    "Grading runs learners' code inside bubblewrap, which is not installed. "
    "Install it with `apt-get install bubblewrap` (Debian, Ubuntu) or `dnf install bubblewrap` (Fedora, RHEL)."
)
NOT_ALLOWED = (
    "Grading runs learners' code inside bubblewrap, but this system does not let ordinary programs make user "
    "namespaces ({reason}). An administrator can allow it: on Ubuntu with "
    "`sysctl kernel.apparmor_restrict_unprivileged_userns=0`, on Debian with "
    "`sysctl kernel.unprivileged_userns_clone=1`; a container must be started with the right to."
)
NOT_READABLE = (
    "Grading runs learners' code as a user without rights, who cannot read Python's packages ({reason}). "
    "Make them readable (`chmod -R a+rX` on the environment's folder), or grade as an ordinary user."
)
NOT_STARTED = "Grading runs learners' code inside bubblewrap, which could not start: {reason}"
NO_FILTER = (
    "Grading runs learners' code behind a filter of system calls, which is not made for {machine} yet."
)

START_SECONDS = 120.0  # from the command to the first line of a learner's, on a busy machine
_FILE_BYTES = 1500  # of the kernel's memory, whatever is in the file
_WORTH_A_CLOSER_LOOK = 256 * 2**20
_COMPLAINT_BYTES = 4000


class SandboxMissing(RuntimeError):
    """Learner code cannot be run safely on this machine; the message says what to do."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Parameters
    ----------
    cell_seconds, submission_seconds : float
        For one cell or check, and for all of them together, restarts included.
    memory_bytes : int
        For each process, and for all processes and files together.
    processes : int
        Threads, and the one process that waits for them.
    scratch_bytes : int
        In ``/tmp``, and as much again in ``/dev/shm``.
    open_files : int
    output_bytes : int
        Text that a cell may show.
    image_bytes : int
        Pictures that a submission may show.
    message_bytes : int
        One message out of the sandbox: a cell's outputs, or a check's answers.
    restarts : int
        How often a submission is run again without the cell that had to be killed.
    """

    cell_seconds: float = 10.0
    submission_seconds: float = 60.0
    memory_bytes: int = 2 * 2**30
    processes: int = 64
    scratch_bytes: int = 64 * 2**20
    open_files: int = 128
    output_bytes: int = 100_000
    image_bytes: int = 1_000_000
    message_bytes: int = 8 * 2**20
    restarts: int = 4


DEFAULT = Limits()


class Running:
    """Something that runs a learner's code. A context manager: nothing in it outlives the block.

    Parameters
    ----------
    channel : int
        The file descriptor that it answers on. It is closed at the end.
    group : MemoryGroup or None
        The control group that it is in.

    Attributes
    ----------
    complaint : str
        Once it has ended: the last words of a sandbox that could not start.
    """

    complaint = ""

    def __init__(self, channel: int, group: MemoryGroup | None) -> None:
        self._channel, self._group = channel, group
        self._killed_before = group.kills() if group else 0

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *exception: object) -> None:
        self.end()

    def receive(self, seconds: float) -> bytes | None:
        """What the sandbox wrote: empty if nothing came in time, None once nothing more can come."""
        waiting = select.poll()
        waiting.register(self._channel, select.POLLIN)
        if not waiting.poll(max(0.0, seconds) * 1000):
            return b""
        return os.read(self._channel, 65536) or None

    def memory(self) -> int:
        """The memory that its processes and its files use together, in bytes, once it has begun to answer."""
        first, processes = self._first_process(), self._processes()
        total = sum(_of(process, "memory_info", "rss") for process in processes)
        if total > _WORTH_A_CLOSER_LOOK and len(processes) > 3:  # forks share pages, which count once
            total = sum(_of(process, "memory_full_info", "pss") for process in processes)
        return total + (_scratch_memory(first.pid) if first else 0)

    def end(self) -> None:
        """Kill all that runs in it, and wait until it is gone."""
        raise NotImplementedError

    def out_of_memory(self) -> bool:
        """Whether the kernel ended something in it for its memory."""
        return self._group is not None and self._group.kills() > self._killed_before

    def lost(self) -> bool:
        """Whether it ended together with something that it needed, and through no fault of the learner's."""
        return False

    def _processes(self) -> list[psutil.Process]:
        first = self._first_process()
        return family(first) if first else []

    def _first_process(self) -> psutil.Process | None:
        """The first process inside, which takes all others with it when it ends."""
        raise NotImplementedError


class Sandbox(Running):
    """A sandbox of its own for one notebook: the strongest walls, and a Python that has to start.

    Parameters
    ----------
    view : Path
        From `grader.execute.stripped_package`: what ``import byhand`` finds.
    cells : list of dict
        What to run, as `inside.runner` describes it.
    limits : Limits
    watched : bool
        Whether it is to tell which system calls were refused. Only for code that is trusted.
    """

    def __init__(
        self, view: Path, cells: list[dict[str, Any]], limits: Limits, *, watched: bool = False
    ) -> None:
        bubblewrap = find_bubblewrap()
        self._first: psutil.Process | None = None
        group = new_group(limits.memory_bytes)
        with contextlib.ExitStack() as inherited:
            reading, channel = pipe(inherited)
            super().__init__(reading, group)
            self._info, info = pipe(inherited)
            chosen = bubblewrap_options.options(bubblewrap, view, limits.scratch_bytes)
            settings = ["--info-fd", info, *chosen]
            options = file(inherited, bubblewrap_options.as_file(settings))
            command = bubblewrap_options.command(bubblewrap, options, "runner.py", channel)
            try:
                self._process = subprocess.Popen(
                    group.joined(command) if group else command,
                    stdin=file(inherited, job(cells, limits, watched)),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,  # until the runner is ready, which then closes its end
                    pass_fds=(channel, info, options),
                    env={},
                    cwd="/",
                )
            except BaseException:
                self._close()
                raise

    def end(self) -> None:
        first = self._first_process()
        with contextlib.suppress(psutil.Error):
            # the first process of a process namespace takes all others with it
            (first or psutil.Process(self._process.pid)).kill()
        _, said = self._process.communicate()
        self.complaint = last_words(said) or f"it ended with status {self._process.returncode}"
        self._close()

    def _close(self) -> None:
        os.close(self._channel)
        os.close(self._info)
        if self._group:
            self._group.remove()

    def _first_process(self) -> psutil.Process | None:
        """The first process inside, whose number outside bubblewrap tells."""
        if self._first is None:
            told = b""
            while b"}" not in told and (more := os.read(self._info, 1000)):
                told += more
            with contextlib.suppress(ValueError, psutil.Error):
                first = psutil.Process(json.loads(told)["child-pid"])
                if first.ppid() == self._process.pid:  # otherwise it ended, and its number is another's now
                    self._first = first
        return self._first


def job(cells: list[dict[str, Any]], limits: Limits, watched: bool = False) -> bytes:
    """What `inside.runner` is told to do."""
    allowed = {**asdict(limits), "processes": _processes_allowed(limits)}
    rules = base64.b64encode(seccomp.program(trap=watched)).decode("ascii")
    asked = {"cells": cells, "limits": allowed, "filter": rules, "watched": watched}
    return json.dumps(asked).encode("ascii")


def last_words(said: bytes) -> str:
    """The last line of what a process said before it ended."""
    lines = said[-_COMPLAINT_BYTES:].decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""


def family(first: psutil.Process) -> list[psutil.Process]:
    """A process and all that descend from it."""
    try:
        return [first, *first.children(recursive=True)]
    except psutil.Error:
        return []


def _of(process: psutil.Process, question: str, figure: str) -> int:
    try:
        return int(getattr(getattr(process, question)(), figure))
    except psutil.Error:  # it ended, or must not be asked
        return 0


def _scratch_memory(first: int) -> int:
    """What the scratch folders use. An empty file uses memory too, and their number has no limit."""
    total = 0
    for folder in bubblewrap_options.SCRATCH:
        with contextlib.suppress(OSError):
            used = os.statvfs(f"/proc/{first}/root{folder}")
            total += (used.f_blocks - used.f_bfree) * used.f_frsize
            total += (used.f_files - used.f_ffree) * _FILE_BYTES
    return total


def _processes_allowed(limits: Limits) -> int:
    """The limit as the kernel counts: before Linux 5.14, all processes of the user and not of the sandbox."""
    version = tuple(map(int, re.findall(r"\d+", platform.release())[:2]))
    if version >= (5, 14):
        return limits.processes
    user = os.geteuid() or bubblewrap_options.NOBODY
    running = psutil.process_iter(["uids", "num_threads"])
    return limits.processes + sum(
        one.info["num_threads"] or 0 for one in running if one.info["uids"] and one.info["uids"].real == user
    )


def pipe(inherited: contextlib.ExitStack) -> tuple[int, int]:
    """A pipe whose writing end is for the child alone."""
    reading, writing = os.pipe()
    inherited.callback(os.close, writing)
    return reading, writing


def file(inherited: contextlib.ExitStack, content: bytes) -> int:
    """A file without a name, for the child to read."""
    descriptor = os.memfd_create("file")
    inherited.callback(os.close, descriptor)
    with open(descriptor, "wb", closefd=False) as written:
        written.write(content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def find_bubblewrap() -> str:
    """The program, if this machine can run it."""
    path = shutil.which("bwrap")
    if path is None:
        raise SandboxMissing(NOT_INSTALLED)
    if not seccomp.supported():
        raise SandboxMissing(NO_FILTER.format(machine=platform.machine()))
    return path


def not_started(reason: str) -> SandboxMissing:
    """The error for a sandbox that could not start, from its last words."""
    if any(word in reason for word in ("namespace", "uid map", "gid map", "uid_map")):
        return SandboxMissing(NOT_ALLOWED.format(reason=reason))
    if any(word in reason for word in ("ModuleNotFoundError", "PermissionError", "execvp")):
        return SandboxMissing(NOT_READABLE.format(reason=reason))
    return SandboxMissing(NOT_STARTED.format(reason=reason))


@functools.cache
def check_sandbox() -> None:
    """Try the sandbox once, so that a class is not begun in vain.

    Raises
    ------
    SandboxMissing
        If bubblewrap is not installed, not allowed, or cannot start.
    """
    with Sandbox(view_of_nothing(), [], DEFAULT) as sandbox:
        patience = time.monotonic() + START_SECONDS
        answer: bytes | None = b""
        while answer == b"" and time.monotonic() < patience:
            answer = sandbox.receive(1.0)
    if not answer:
        raise not_started(sandbox.complaint)
