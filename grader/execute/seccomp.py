"""A seccomp filter: which system calls learner code may make.

Namespaces do not cover everything: virtual-machine sockets ignore the network namespace, the kernel's keyrings
outlive the process that wrote them, and memory can be kept in places that no process is charged for. So the filter
lets through what `system_calls` allows, and closes those places. Learner code has threads, but no processes and no
sockets: then its address space and the scratch folders are all that it can hold memory in, and the kernel bounds both.

The filter is set by `inside.calls`, in the process that runs learner code and after its last fork.
"""

from __future__ import annotations

import errno
import platform
import struct
from collections.abc import Iterable, Iterator

from grader.execute.system_calls import ALLOWED, CHECKED, REFUSED, UNKNOWN, name

# by architecture: the kernel's name for it, and which of the two tables of system calls it uses
_ARCHITECTURES = {
    "x86_64": (0xC000003E, 0),
    "aarch64": (0xC00000B7, 1),
    "riscv64": (0xC00000F3, 1),
}

_ALLOW, _KILL, _REFUSE, _TRAP = 0x7FFF0000, 0x80000000, 0x00050000, 0x00030000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in what the filter is shown
_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_JUMP_IF_EQUAL, _JUMP_IF_LARGER_OR_EQUAL, _JUMP_IF_ANY_BIT = 0x15, 0x35, 0x45
_X32 = 0x40000000  # where x86_64 has the calls of its 32-bit form again

# of the kernel's headers
_CLONE_FILES, _CLONE_THREAD, _CLONE_NEW = 0x400, 0x10000, 0x7E020000
_MAP_SHARED, _MAP_ANONYMOUS, _MAP_HUGETLB = 0x1, 0x20, 0x40000
_CLOSE_RANGE_UNSHARE = 0x2
# no locks (two learners see those of one file), no larger pipes, no signals to others
_FCNTL = {
    "F_DUPFD": 0,
    "F_GETFD": 1,
    "F_SETFD": 2,
    "F_GETFL": 3,
    "F_SETFL": 4,
    "F_DUPFD_CLOEXEC": 1030,
    "F_GETPIPE_SZ": 1032,
}
_IOCTL = {
    "TCGETS": 0x5401,
    "TIOCGWINSZ": 0x5413,
    "FIONREAD": 0x541B,
    "FIONBIO": 0x5421,
    "FIONCLEX": 0x5450,
    "FIOCLEX": 0x5451,
    "TCGETS2": 0x802C542A,
}
_PRCTL = {
    "PR_GET_DUMPABLE": 3,
    "PR_SET_NAME": 15,
    "PR_GET_NAME": 16,
    "PR_GET_SECCOMP": 21,
    "PR_CAPBSET_READ": 23,
    "PR_GET_NO_NEW_PRIVS": 39,
    "PR_SET_VMA": 0x53564D41,
}
# made by the C library with all signals blocked, where a trap would end the process
_NEVER_TRAPPED = ("clone", "clone3", "fork", "vfork")

Step = tuple[int, int, int, int]  # code, steps to skip if true, if false, value


def supported() -> bool:
    """Whether there is a filter for this machine."""
    return platform.machine() in _ARCHITECTURES


def call_name(number: int) -> str:
    """What this machine's system call of this number is called."""
    return name(number, _ARCHITECTURES[platform.machine()][1])


def program(machine: str = "", *, trap: bool = False) -> bytes:
    """The filter, as the kernel reads it.

    Parameters
    ----------
    machine : str
        Its architecture; this machine's if empty.
    trap : bool
        Raise SIGSYS where a call is refused, for whom `inside.calls` counts them. Only for code that is trusted.
    """
    architecture, table = _ARCHITECTURES[machine or platform.machine()]
    return b"".join(struct.pack("=HBBI", *step) for step in _steps(architecture, table, trap))


def _steps(architecture: int, table: int, trap: bool) -> Iterator[Step]:
    refuse = _TRAP if trap else _REFUSE
    yield _LOAD, 0, 0, _ARCHITECTURE
    yield _JUMP_IF_EQUAL, 1, 0, architecture
    yield _RETURN, 0, 0, _KILL  # calls of another architecture have other numbers
    yield _LOAD, 0, 0, _NUMBER
    if table == 0:
        yield _JUMP_IF_LARGER_OR_EQUAL, 0, 1, _X32
        yield _RETURN, 0, 0, _REFUSE | errno.ENOSYS
    for call, numbers in CHECKED.items():
        steps = list(_checked(call, _REFUSE if call in _NEVER_TRAPPED else refuse))
        yield _JUMP_IF_EQUAL, 0, len(steps), _known(numbers[table])
        yield from steps
    yield from _ranges(_answers(table, refuse), refuse | errno.ENOSYS)


def _known(number: int | None) -> int:
    if number is None:
        raise ValueError("a call that is looked into must be in every table")
    return number


def _checked(call: str, refuse: int) -> Iterable[Step]:
    """The steps of a call that is allowed for some arguments; they end with an answer."""
    if call in ("fcntl", "prctl", "ioctl"):
        chosen, argument, otherwise = {
            "fcntl": (_FCNTL, 1, errno.EPERM),
            "prctl": (_PRCTL, 0, errno.EINVAL),
            "ioctl": (_IOCTL, 1, errno.ENOTTY),
        }[call]
        return _one_of(chosen.values(), argument, refuse | otherwise)
    no, yes = (_RETURN, 0, 0, refuse | errno.EPERM), (_RETURN, 0, 0, _ALLOW)
    if call == "clone":  # a thread, with the same open files
        thread = _CLONE_THREAD | _CLONE_FILES
        return (_load(0), (_AND, 0, 0, thread | _CLONE_NEW), (_JUMP_IF_EQUAL, 1, 0, thread), no, yes)
    if call == "close_range":  # no open files of a thread's own
        return _load(2), (_JUMP_IF_ANY_BIT, 0, 1, _CLOSE_RANGE_UNSHARE), no, yes
    # Shared memory without a file stays whole while a page of it is mapped: a little address space would hold much.
    return (
        _load(3),
        (_JUMP_IF_ANY_BIT, 2, 0, _MAP_HUGETLB),
        (_JUMP_IF_ANY_BIT, 0, 2, _MAP_ANONYMOUS),
        (_JUMP_IF_ANY_BIT, 0, 1, _MAP_SHARED),
        no,
        yes,
    )


def _load(argument: int) -> Step:
    return _LOAD, 0, 0, _ARGUMENTS + 8 * argument


def _one_of(values: Iterable[int], argument: int, otherwise: int) -> Iterator[Step]:
    yield _load(argument)
    for value in values:
        yield _JUMP_IF_EQUAL, 0, 1, value
        yield _RETURN, 0, 0, _ALLOW
    yield _RETURN, 0, 0, otherwise


def _answers(table: int, refuse: int) -> dict[int, int]:
    """By number: the answer to a call, whatever its arguments."""
    answers = {numbers[table]: _ALLOW for numbers in ALLOWED.values()}
    for call, numbers in {**REFUSED, "clone3": UNKNOWN["clone3"]}.items():
        how = _REFUSE if call in _NEVER_TRAPPED else refuse
        answers[numbers[table]] = how | (errno.ENOSYS if call == "clone3" else errno.EPERM)
    return {number: answer for number, answer in answers.items() if number is not None}


def _ranges(answers: dict[int, int], otherwise: int) -> Iterator[Step]:
    """The answer to the loaded number: neighbors with the same answer are one comparison."""
    last, begun = max(answers), answers.get(0, otherwise)
    for number in range(1, last + 2):
        answer = answers.get(number, otherwise)
        if answer != begun:
            yield _JUMP_IF_LARGER_OR_EQUAL, 1, 0, number
            yield _RETURN, 0, 0, begun
            begun = answer
    yield _RETURN, 0, 0, otherwise
