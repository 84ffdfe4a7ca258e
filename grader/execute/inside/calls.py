"""Sets the filter of system calls, for good, in the process that runs learner code.

A script's part that stands alone, as `inside.runner` does. The filter itself comes from `grader.execute.seccomp`.
"""

from __future__ import annotations

import ctypes
import platform
import signal
from typing import Any

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2  # of the kernel's headers
PR_SET_NO_NEW_PRIVS, PR_SET_THP_DISABLE = 38, 41
STEP = 8  # bytes of an instruction of a filter
SA_SIGINFO = 4
# in what a handler is given: the answer that the call will return, in the register that holds it
ANSWER = {"x86_64": 144, "aarch64": 184}
ERROR, CALL = 4, 24  # in what a handler is told of a trapped call: the error to return, and the call's number

libc = ctypes.CDLL(None, use_errno=True)
refused: dict[int, int] = {}  # by number: how often a call was refused, if they are trapped
_kept: list[Any] = []  # what the kernel holds an address of


class Program(ctypes.Structure):
    """The kernel's ``sock_fprog``: a filter of system calls."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


class Action(ctypes.Structure):
    """The C library's ``struct sigaction``, on 64-bit machines."""

    _fields_ = (
        ("handler", ctypes.c_void_p),
        ("mask", ctypes.c_ulong * 16),
        ("flags", ctypes.c_int),
        ("restorer", ctypes.c_void_p),
    )


def filter_calls(rules: bytes) -> None:
    """Let this process make no system calls but those of `rules`, and no child of it others.

    Raises
    ------
    OSError
        If the kernel does not take the filter: a wall would be missing.
    """
    # A huge page stays whole while a part of it is mapped, so a little address space would hold much.
    _must(libc.prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0), "huge pages stay")
    _must(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "new rights can be had")
    program = Program(len(rules) // STEP, rules)
    _must(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0), "no filter of calls")


def count_refused() -> None:
    """Count the calls that a filter with traps refuses, and answer them as one without would."""
    place = ANSWER[platform.machine()]
    kind = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)

    @kind
    def trapped(_: int, about: int, context: int) -> None:
        number = ctypes.c_int.from_address(about + CALL).value
        refused[number] = refused.get(number, 0) + 1
        error = ctypes.c_int.from_address(about + ERROR).value
        ctypes.c_long.from_address(context + place).value = -error

    action = Action(ctypes.cast(trapped, ctypes.c_void_p), flags=SA_SIGINFO)
    _kept.append(trapped)
    _must(libc.sigaction(int(signal.SIGSYS), ctypes.byref(action), None), "no handler of traps")


def _must(result: int, what: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), what)
