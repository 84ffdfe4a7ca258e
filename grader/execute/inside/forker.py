"""What waits in a warmed sandbox: for each notebook it forks a child, which walls itself off and runs it.

A script that stands alone but for `inside.runner`::

    python forker.py CONTROL USER PACKAGES SCRATCH_BYTES

All that takes time is done before there is a job: Python, NumPy, IPython and the view of the course are
imported, IPython's shell is made. This process never sees anything of a learner's. What comes through the
socket `CONTROL`, the descriptors of a job and of the channel to answer on, it passes on unread; so a child's
memory, which begins as a copy of this one's, holds nothing of the learners before.

A child makes namespaces of its own (processes, mounts, network, IPC, host name), empty scratch folders and a
session, and tells the grader who it is: by a descriptor of itself, with which it can be ended. Then it gives
up every right, as `inside.runner` does, and forks once more. The learner's code is the second process of its
namespace, as under bubblewrap, and the last: the filter of system calls, set after that fork, lets it start no
other. When it ends, its namespace does.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).parent))
import runner  # beside this file, where Python, started without trust, does not look by itself

del sys.path[0]

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000  # of the kernel's headers
CLONE_NEWPID, CLONE_NEWNET = 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x4000, 0x40000
PR_CAPBSET_READ, PR_CAPBSET_DROP = 23, 24
FILE_BYTES = 4096  # a scratch folder holds one file for so many bytes of its size

SCRATCH = ("/tmp", "/dev/shm")
# what notebooks import first, and what that imports when it first draws
WARMED = (
    *("numpy.random", "matplotlib.pyplot", "matplotlib_inline.backend_inline"),
    *("byhand.data", "byhand.explore", "byhand.mine"),
)

libc = ctypes.CDLL(None, use_errno=True)


def must(result: int, what: str) -> None:
    """Stop where the kernel refuses: a wall would be missing."""
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def warmed() -> runner.Runner:
    """A runner without a job, after all imports that notebooks need."""
    ready = runner.Runner()  # first: Matplotlib shows pictures in the shell that is there when it is imported
    for name in WARMED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for path in sorted(Path("/course/byhand/reference").rglob("*.py")):
        module = path.relative_to("/course").with_suffix("")
        with contextlib.suppress(ImportError):
            importlib.import_module(".".join(part for part in module.parts if part != "__init__"))
    return ready


def serve(control: int, user: int, scratch_bytes: int) -> None:
    """Fork a child for every job that comes, until nobody is there to send one."""
    ready = warmed()
    gc.collect()
    gc.freeze()  # a collection in a child need not touch, and so copy, what they share
    with socket.socket(fileno=control) as door:
        while True:
            asked, descriptors, _, _ = socket.recv_fds(door, 1, 2)
            if not asked:
                return
            if len(descriptors) != 2:
                door.send(b"here")
                continue
            between = os.fork()
            if between == 0:
                job, channel = descriptors
                begin(door, job, channel, ready, user, scratch_bytes)
            for descriptor in descriptors:
                os.close(descriptor)
            os.waitpid(between, 0)  # what it began goes on


def begin(
    door: socket.socket,
    job: int,
    channel: int,
    ready: runner.Runner,
    user: int,
    scratch_bytes: int,
) -> NoReturn:
    """Wall off, fork the first process of the new namespace, and go."""
    try:
        wall_off(scratch_bytes)
        if os.fork() == 0:
            first(door, job, channel, ready, user)
    except BaseException as error:
        door.send(f"{type(error).__name__}: {error}"[:1000].encode())
    finally:
        os._exit(0)


def wall_off(scratch_bytes: int) -> None:
    """Leave all namespaces that others are in, but for that of users, in which all of them have no rights."""
    apart = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET
    must(libc.unshare(apart), "no new namespaces")
    must(libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "mounts stay shared")
    for folder in SCRATCH:
        options = f"mode=1777,size={scratch_bytes},nr_inodes={scratch_bytes // FILE_BYTES}".encode()
        must(
            libc.mount(b"tmpfs", folder.encode(), b"tmpfs", MS_NOSUID | MS_NODEV, options),
            f"no scratch folder at {folder}",
        )
    os.chdir("/tmp")


def first(door: socket.socket, job: int, channel: int, ready: runner.Runner, user: int) -> NoReturn:
    """The first process of a child's namespace: starts the learner's, and takes all with it when that ends."""
    os.setsid()  # a signal to one's own group must not reach a process outside
    itself = os.pidfd_open(os.getpid())
    socket.send_fds(door, [b"ready"], [itself])
    os.close(itself)
    door.close()
    with open(job, "rb") as file:
        asked = json.load(file)
    runner.let_go_of_the_standard_streams()
    give_up_rights(asked["limits"], user)
    learners = os.fork()
    if learners == 0:
        run(asked, channel, ready)
    runner.filter_calls(asked)
    os.closerange(0, 256)
    while os.wait()[0] != learners:
        pass
    os._exit(0)


def give_up_rights(limits: dict, user: int) -> None:
    """Drop what `inside.runner` drops, and what bubblewrap would have dropped before."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the first process of a namespace then cannot be signalled
    capability = 0
    while libc.prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0:
        must(libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0), "a capability stays in the bounding set")
        capability += 1
    runner.confine(limits, user)


def run(asked: dict, channel: int, ready: runner.Runner) -> NoReturn:
    """Run the learner's cells, with no seed that the learners before had."""
    import numpy as np

    runner.filter_calls(asked)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    np.random.seed()  # Python's own `random` does so by itself in a fork
    os.set_inheritable(channel, False)
    ready.take(channel, asked["limits"])
    ready.run(asked["cells"])
    os._exit(0)


def main(control: str, user: str, packages: str, scratch_bytes: str) -> None:
    """Warm up, and serve."""
    os.set_inheritable(int(control), False)
    runner.find_packages(packages)
    libc.prctl(runner.PR_SET_DUMPABLE, 0, 0, 0, 0)
    serve(int(control), int(user), int(scratch_bytes))


if __name__ == "__main__":
    main(*sys.argv[1:])
