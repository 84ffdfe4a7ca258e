"""What a sandbox holds and what it does not: the options of bubblewrap, and the command that runs inside.

Visible are the system's libraries, Python with its packages, and the course as a chapter may see it, all
of them read-only, and an empty scratch folder in memory. There is no network, no home, no repository, no
gradebook and no other submission; nor ``/proc``, which tells much of a machine, and which some containers
do not let us mount. Places inside have neutral names: a traceback that is shown to a learner does not tell
on whose machine it arose.

As an ordinary user, learner code runs as that user in a user namespace that holds nothing else. As root
that would not do: the kernel enforces no process limit for root, and lets it read what only root may.
`grader.execute.namespace` then makes a user namespace with a second, unprivileged user; bubblewrap builds the walls
as the first, and `inside.runner` becomes the second before it reads a line of a learner's.
"""

from __future__ import annotations

import functools
import os
import stat
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import byhand

HERE = Path(__file__).parent
LEARNER = 1000  # the user that learner code is, inside
NOBODY = 65534  # and outside, if the grader is root
SCRATCH = ("/tmp", "/dev/shm")
DEVICES = (
    "null",
    "random",
    "urandom",
)  # no terminal, and no /dev/zero: it makes shared memory without a name

_PYTHON = Path("/python")
_PACKAGES = Path("/venv/lib") / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"

Mount = tuple[Path, Path]  # outside, inside


def command(bubblewrap: str, options: int, script: str, channel: int, *more: object) -> list[str]:
    """The command that starts a sandbox.

    Parameters
    ----------
    bubblewrap : str
        The program.
    options : int
        A file descriptor with the options, each ended by a NUL.
    script : str
        What runs inside: ``"runner.py"`` or ``"forker.py"``.
    channel : int
        The file descriptor on which it answers.
    more : object
        What else the script is told.
    """
    namespace = []
    if os.geteuid() == 0:
        maker = str(HERE / "namespace.py")
        namespace = [sys.executable, "-I", "-S", "-B", maker, str(LEARNER), str(NOBODY)]
    # without `site`: the .pth files of installed packages are slow, and name places outside
    python = [str(_executable()[1]), "-I", "-S", "-B"]
    packages = ":".join(str(inside) for inside in _mounts()[1])
    inside = [*python, f"/{script}", str(channel), str(LEARNER), packages, *map(str, more)]
    # through a file: inside, a process can read the command lines of those around it
    return [*namespace, bubblewrap, "--args", str(options), "--", *inside]


def options(bubblewrap: str, view: Path, scratch_bytes: int, *, forks: bool = False) -> Iterator[object]:
    """The options of bubblewrap, the order of which matters: a later mount lies over an earlier one.

    Parameters
    ----------
    bubblewrap : str
        The program.
    view : Path
        From `grader.execute.stripped_package`.
    scratch_bytes : int
    forks : bool
        Whether `inside.forker` runs inside, which makes namespaces and keeps the rights to do so.
    """
    yield from _rights(bubblewrap, forks)
    yield "--clearenv"
    for name, value in _environment().items():
        yield from ("--setenv", name, value)
    yield from _read_only(view, forks)
    yield from ("--tmpfs", "/dev")
    for device in DEVICES:
        yield from ("--dev-bind", f"/dev/{device}", f"/dev/{device}")
    yield from ("--perms", "0755", "--dir", "/dev/shm")
    for scratch in SCRATCH:
        yield from ("--perms", "1777", "--size", scratch_bytes, "--tmpfs", scratch)
    yield from ("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp")


def _rights(bubblewrap: str, forks: bool) -> Iterator[object]:
    """The namespaces, and who the learner's code is in them."""
    for namespace in ("ipc", "pid", "net", "uts", "cgroup-try"):
        yield f"--unshare-{namespace}"
    yield from ("--hostname", "sandbox", "--new-session", "--die-with-parent", "--cap-drop", "ALL")
    kept = ["CAP_SYS_ADMIN", "CAP_SETPCAP"] if forks else []
    if os.geteuid() == 0:
        kept += ["CAP_SETUID", "CAP_SETGID"]  # to become the learner; then they are gone
    else:
        yield from ("--unshare-user", "--uid", LEARNER, "--gid", LEARNER)
        if _can_disable_namespaces(bubblewrap):
            yield "--disable-userns"
    for capability in kept:
        yield from ("--cap-add", capability)


def _read_only(view: Path, forks: bool) -> Iterator[object]:
    """The system's libraries, Python and its packages, the course as the chapter may see it, and our scripts."""
    mounts = _mounts()[0]
    for folder in sorted({folder for _, inside in mounts for folder in inside.parents[:-1]}):
        yield from ("--perms", "0755", "--dir", folder)
    for outside, inside in mounts:
        if outside.is_symlink():
            yield from ("--symlink", outside.readlink(), inside)
        else:
            yield from ("--ro-bind", outside, inside)
    for package in (Path(byhand.__file__).parent, HERE.parent):
        # visible if the course is installed and not just linked; and it holds the answers
        if (hidden := _inside(package, mounts)) is not None:
            yield from ("--perms", "0555", "--tmpfs", hidden)
    yield from ("--ro-bind", view, "/course")
    for script in ("runner.py", "calls.py", "forker.py")[: 3 if forks else 2]:
        yield from ("--ro-bind", HERE / "inside" / script, f"/{script}")


def as_file(options: Iterable[object]) -> bytes:
    """Options as bubblewrap reads them from a file."""
    return b"".join(os.fsencode(f"{option}\0") for option in options)


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
    if _base()[1] == _PYTHON:
        variables["LD_LIBRARY_PATH"] = f"{_PYTHON}/lib"  # libpython may be named by its old place
    return variables


@functools.cache
def _mounts() -> tuple[list[Mount], list[Path]]:
    """What is visible besides the course, and where inside the folders of packages are."""
    mounts: list[Mount] = []
    for name in ("lib", "lib32", "lib64"):
        for path in (Path("/usr", name), Path("/", name)):
            if path.is_symlink() or path.is_dir():
                mounts.append((path, path))
    if Path("/etc/ld.so.cache").exists():
        mounts.append((Path("/etc/ld.so.cache"), Path("/etc/ld.so.cache")))
    base, place = _base()
    if place == _PYTHON:
        mounts.extend((base / name, place / name) for name in ("lib", "lib64") if (base / name).is_dir())
    mounts.append(_executable())
    packages: list[Path] = []
    for folder in dict.fromkeys(Path(entry).resolve() for entry in sys.path):
        if folder.name in ("site-packages", "dist-packages") and folder.is_dir():
            inside = _inside(folder, mounts)
            if inside is None:
                inside = _PACKAGES.with_name(f"{_PACKAGES.name}{len(packages) or ''}")
                mounts.append((folder, inside))
            packages.append(inside)
    return mounts, packages


def _inside(path: Path, mounts: list[Mount]) -> Path | None:
    """Where `path` is visible inside."""
    for outside, inside in mounts:
        if not outside.is_symlink() and path.is_relative_to(outside):
            return inside / path.relative_to(outside)
    return None


def _base() -> Mount:
    """Where Python is installed, and where that is inside."""
    base = Path(sys.base_prefix).resolve()
    return base, (base if base == Path("/usr") else _PYTHON)


def _executable() -> Mount:
    executable = Path(sys.executable).resolve()
    return executable, _base()[1] / "bin" / executable.name


@functools.cache
def _can_disable_namespaces(bubblewrap: str) -> bool:
    """Version 0.8 and later can, unless it is installed setuid."""
    if Path(bubblewrap).stat().st_mode & stat.S_ISUID:
        return False
    shown = subprocess.run([bubblewrap, "--help"], capture_output=True, text=True, check=False)
    return "--disable-userns" in shown.stdout + shown.stderr
