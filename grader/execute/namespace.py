"""For a grader that is root: run a command in a user namespace that has an unprivileged user too.

A script of its own, because it must unshare, and a program with threads cannot::

    python namespace.py LEARNER NOBODY COMMAND...

The command runs as the namespace's root, who is root outside as well and so may reach every folder that
is to be bound. User `LEARNER` inside is `NOBODY` outside. Nobody in there can make further namespaces.
"""

from __future__ import annotations

import ctypes
import os
import sys

CLONE_NEWUSER = 0x10000000


def main(learner: str, nobody: str, *command: str) -> None:
    """Make the namespace and become `command` in it."""
    here = os.getpid()
    unshared, tell = os.pipe()
    writer = os.fork()
    if writer == 0:  # stays outside, where it may say who is who inside
        os.close(tell)
        if os.read(unshared, 1):
            for kind in ("uid_map", "gid_map"):
                _write(f"/proc/{here}/{kind}", f"0 0 1\n{learner} {nobody} 1\n")
        os._exit(0)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER):
        sys.exit(f"no new user namespace: {os.strerror(ctypes.get_errno())}")
    os.write(tell, b"x")
    os.close(tell)
    os.waitpid(writer, 0)
    _write("/proc/sys/user/max_user_namespaces", "0")
    os.execv(command[0], command)


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    os.write(descriptor, text.encode())  # in one call: a map is written once
    os.close(descriptor)


if __name__ == "__main__":
    main(*sys.argv[1:])
