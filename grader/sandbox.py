"""One process behind bubblewrap's walls: how it is started, watched and ended.

Inside there is no network, no home, no gradebook and no other submission: only the system's libraries,
Python with its packages, the course as a chapter may see it (`grader.view`) and an empty scratch folder.
All of it is read-only but the scratch, which is in memory, small, and gone afterwards.

As an ordinary user, learner code runs as that user in a user namespace that holds nothing else. As root
that would not do: the kernel enforces no process limit for root and lets it read what only root may.
`grader.namespace` then makes a user namespace with a second, unprivileged user; bubblewrap builds the walls
as the first, and `grader.runner` becomes the second before it reads a line of a learner's.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import platform
import select
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

import byhand
from grader import seccomp
from grader.view import write_without_topics

HERE = Path(__file__).parent
LEARNER = 1000  # the user that learner code is, inside
NOBODY = 65534  # and outside, if the grader is root
PYTHON = Path("/python")  # neutral places: no path inside tells whose machine it is
PACKAGES = Path("/venv/lib") / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"

NOT_INSTALLED = (
    "Grading runs learners' code inside bubblewrap, which is not installed. "
    "Install it with `apt-get install bubblewrap` (Debian, Ubuntu) or `dnf install bubblewrap` (Fedora, RHEL)."
)
NOT_ALLOWED = (
    "Grading runs learners' code inside bubblewrap, but this system does not let ordinary programs make user "
    "namespaces ({reason}). An administrator can allow it: on Ubuntu "
    "`sysctl kernel.apparmor_restrict_unprivileged_userns=0`, on Debian "
    "`sysctl kernel.unprivileged_userns_clone=1`; a container must be started with the permission to."
)
NOT_READABLE = (
    "Grading runs learners' code as a user without rights, who cannot read Python's packages ({reason}). "
    "Make them readable (`chmod -R a+rX` on the environment's folder), or grade as an ordinary user."
)
NOT_STARTED = "Grading runs learners' code inside bubblewrap, which could not start: {reason}"
NO_FILTER = (
    "Grading runs learners' code behind a filter of system calls, which is not made for {machine} yet."
)


START_SECONDS = 30.0  # from the command to the first line of a learner's, on a busy machine
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
        For each process, and for all of them together.
    processes : int
        Processes and threads.
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
    open_files: int = 256
    output_bytes: int = 100_000
    image_bytes: int = 1_000_000
    message_bytes: int = 16 * 2**20
    restarts: int = 4


DEFAULT = Limits()


class Sandbox:
    """A running sandbox. A context manager: nothing in it outlives the block.

    Parameters
    ----------
    view : Path
        From `grader.view`: what ``import byhand`` finds.
    job : bytes
        What `grader.runner` reads from its standard input.
    limits : Limits

    Attributes
    ----------
    complaint : str
        Once it has ended: the last words of a sandbox that could not start.
    """

    complaint = ""

    def __init__(self, view: Path, job: bytes, limits: Limits) -> None:
        bubblewrap = _bubblewrap()
        with contextlib.ExitStack() as opened:
            # whatever happens, what the child holds is closed here, and on failure all of it
            self._channel, channel = _pipe(opened)
            self._info, info = _pipe(opened)
            rules = _file(opened, seccomp.program())
            walls = ["--info-fd", info, "--seccomp", rules, *_walls(view, limits)]
            # through a file: inside, a process can read the command lines of those around it
            options = _file(opened, b"".join(f"{option}\0".encode() for option in walls))
            self._process = subprocess.Popen(
                [*_as_nobody(), bubblewrap, "--args", str(options), "--", *_runner(channel)],
                stdin=_file(opened, job),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,  # until the runner is ready: then it closes its end
                pass_fds=(channel, info, rules, options),
                env={},
                cwd="/",
            )
            self._channel, self._info = os.dup(self._channel), os.dup(self._info)
        self._first: psutil.Process | None = None

    def __enter__(self) -> Sandbox:
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
        """The memory that its processes use together, in bytes."""
        processes = self._processes()
        total = sum(_of(process, "memory_info", "rss") for process in processes)
        if total > _WORTH_A_CLOSER_LOOK and len(processes) > 3:  # forks share pages, which count once
            total = sum(_of(process, "memory_full_info", "pss") for process in processes)
        return total

    def end(self) -> None:
        """Kill all that runs in it, and wait until it is gone."""
        first = self._first_process()
        with contextlib.suppress(psutil.Error):
            # the first process of a process namespace takes all others with it
            (first or psutil.Process(self._process.pid)).kill()
        _, said = self._process.communicate()
        lines = said[-_COMPLAINT_BYTES:].decode("utf-8", "replace").strip().splitlines()
        self.complaint = lines[-1] if lines else "it ended without a word"
        os.close(self._channel)
        os.close(self._info)

    def _processes(self) -> list[psutil.Process]:
        first = self._first_process()
        try:
            return [first, *first.children(recursive=True)] if first else []
        except psutil.Error:
            return []

    def _first_process(self) -> psutil.Process | None:
        """The first process inside, whose number outside bubblewrap tells."""
        if self._first is None:
            told = b""
            while b"}" not in told and (more := os.read(self._info, 1000)):
                told += more
            with contextlib.suppress(ValueError, psutil.Error):
                self._first = psutil.Process(json.loads(told)["child-pid"])
                if self._first.ppid() != self._process.pid:
                    self._first = None  # it ended already, and the number is another's now
        return self._first


def _of(process: psutil.Process, question: str, figure: str) -> int:
    try:
        return getattr(getattr(process, question)(), figure)
    except psutil.Error:  # it ended, or must not be asked
        return 0


def _pipe(opened: contextlib.ExitStack) -> tuple[int, int]:
    ends = os.pipe()
    for end in ends:
        opened.callback(os.close, end)
    return ends


def _file(opened: contextlib.ExitStack, content: bytes) -> int:
    """A file without a name that holds `content`."""
    descriptor = os.memfd_create("job")
    opened.callback(os.close, descriptor)
    with open(descriptor, "wb", closefd=False) as file:
        file.write(content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _runner(channel: int) -> list[str]:
    """The command inside. Not `site`: its ``.pth`` files are slow, and name places outside."""
    packages = ":".join(str(inside) for _, inside in _packages())
    return [str(_executable()[1]), "-I", "-S", "-B", "/runner.py", str(channel), str(LEARNER), packages]


def _as_nobody() -> list[str]:
    if os.geteuid() != 0:
        return []
    return [sys.executable, "-I", "-S", "-B", str(HERE / "namespace.py"), str(LEARNER), str(NOBODY)]


def _walls(view: Path, limits: Limits) -> Iterator[object]:
    """The options of bubblewrap, the order of which matters: a later mount lies over an earlier one."""
    for namespace in ("ipc", "pid", "net", "uts", "cgroup-try"):
        yield f"--unshare-{namespace}"
    yield from ("--hostname", "sandbox", "--new-session", "--die-with-parent", "--cap-drop", "ALL")
    if os.geteuid() == 0:  # the runner needs these two to become the learner; then they are gone
        yield from ("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID")
    else:
        yield from ("--unshare-user", "--uid", LEARNER, "--gid", LEARNER)
        if _can_disable_namespaces(_bubblewrap()):
            yield "--disable-userns"
    yield "--clearenv"
    for name, value in _environment().items():
        yield from ("--setenv", name, value)

    mounts = list(_mounts())
    folders = {folder for _, inside in mounts for folder in inside.parents if folder != Path("/")}
    for folder in sorted(folders):
        yield from ("--perms", "0755", "--dir", folder)
    for outside, inside in mounts:
        if outside.is_symlink():
            yield from ("--symlink", outside.readlink(), inside)
        else:
            yield from ("--ro-bind", outside, inside)
    for answers in _answers(mounts):
        yield from ("--perms", "0555", "--tmpfs", answers)
    yield from ("--ro-bind", view, "/course", "--ro-bind", HERE / "runner.py", "/runner.py")
    yield from ("--proc", "/proc", "--dev", "/dev")
    for scratch in ("/tmp", "/dev/shm"):
        yield from ("--perms", "1777", "--size", limits.scratch_bytes, "--tmpfs", scratch)
    yield from ("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp")


def _environment() -> dict[str, str]:
    variables = {
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "LOGNAME": "learner",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PATH": "/usr/bin:/bin",
        "TMPDIR": "/tmp",
    }
    for library in ("OPENBLAS", "OMP", "MKL"):  # the learners next door need the other cores
        variables[f"{library}_NUM_THREADS"] = "1"
    if _base()[1] == PYTHON:
        variables["LD_LIBRARY_PATH"] = f"{PYTHON}/lib"  # libpython may be named by its old place
    return variables


def _mounts() -> Iterator[tuple[Path, Path]]:
    """What is visible: ``(outside, inside)``. A symbolic link stays one."""
    for name in ("lib", "lib32", "lib64"):
        for path in (Path("/usr", name), Path("/", name)):
            if path.is_symlink() or path.is_dir():
                yield path, path
    if Path("/etc/ld.so.cache").exists():
        yield Path("/etc/ld.so.cache"), Path("/etc/ld.so.cache")
    base, inside = _base()
    if inside == PYTHON:
        for name in ("lib", "lib64"):
            if (base / name).is_dir():
                yield base / name, inside / name
    yield _executable()
    for packages, place in _packages():
        if not packages.is_relative_to(base):
            yield packages, place


def _base() -> tuple[Path, Path]:
    """Where Python is installed, and where that is inside."""
    base = Path(sys.base_prefix).resolve()
    return base, (base if base == Path("/usr") else PYTHON)


def _executable() -> tuple[Path, Path]:
    executable = Path(sys.executable).resolve()
    return executable, _base()[1] / "bin" / executable.name


def _packages() -> list[tuple[Path, Path]]:
    """Where installed packages are, and where those are inside."""
    base, inside = _base()
    places = []
    for entry in dict.fromkeys(Path(entry).resolve() for entry in sys.path):
        if entry.name in ("site-packages", "dist-packages") and entry.is_dir():
            if entry.is_relative_to(base):
                places.append((entry, inside / entry.relative_to(base)))
            else:
                places.append((entry, PACKAGES.with_name(f"{PACKAGES.name}{len(places) or ''}")))
    return places


def _answers(mounts: list[tuple[Path, Path]]) -> Iterator[Path]:
    """Where the course itself would be visible: with its answers, if it is installed and not just linked."""
    for package in (Path(byhand.__file__).parent, HERE):
        for outside, inside in mounts:
            if package.is_relative_to(outside):
                yield inside / package.relative_to(outside)


def _bubblewrap() -> str:
    path = shutil.which("bwrap")
    if path is None:
        raise SandboxMissing(NOT_INSTALLED)
    if not seccomp.supported():
        raise SandboxMissing(NO_FILTER.format(machine=platform.machine()))
    return path


@functools.cache
def _can_disable_namespaces(bubblewrap: str) -> bool:
    """Version 0.8 and later can, unless it is installed setuid."""
    if Path(bubblewrap).stat().st_mode & stat.S_ISUID:
        return False
    shown = subprocess.run([bubblewrap, "--help"], capture_output=True, text=True, check=False)
    return "--disable-userns" in shown.stdout + shown.stderr


def not_started(reason: str) -> SandboxMissing:
    """The error for a sandbox that could not start, from its last words."""
    if any(word in reason for word in ("namespace", "uid map", "gid map", "uid_map")):
        return SandboxMissing(NOT_ALLOWED.format(reason=reason))
    if "ModuleNotFoundError" in reason or "PermissionError" in reason or "execvp" in reason:
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
    job = json.dumps({"limits": asdict(DEFAULT), "cells": []}).encode()
    with tempfile.TemporaryDirectory(prefix="byhand-view-") as folder:
        Path(folder).chmod(0o755)
        write_without_topics(Path(folder))
        with Sandbox(Path(folder), job, DEFAULT) as sandbox:
            patience = time.monotonic() + START_SECONDS
            answer: bytes | None = b""
            while answer == b"" and time.monotonic() < patience:
                answer = sandbox.receive(1.0)
    if not answer:
        raise not_started(sandbox.complaint)
