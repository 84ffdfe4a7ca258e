"""A seccomp filter: system calls that no notebook needs, and that reach past a sandbox's walls.

Namespaces do not cover everything. Virtual-machine sockets ignore the network namespace, the kernel's
keyrings outlive the process that wrote them, and memory files are charged to nobody that we could watch.
The filter refuses those, and what would build new namespaces or inspect other processes.
"""

from __future__ import annotations

import platform
import struct
from collections.abc import Iterator

# by architecture: the kernel's name for it, and which of its two tables of system calls it uses
_ARCHITECTURES = {
    "x86_64": (0xC000003E, 0),
    "aarch64": (0xC00000B7, 1),
    "riscv64": (0xC00000F3, 1),
}
_REFUSED = {
    # new namespaces and mounts
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    # keyrings: shared between all processes of a user
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    # other processes, and the kernel
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "fanotify_init": (300, 262),
    "syslog": (103, 116),
    # memory that belongs to no process, so that watching processes does not see it
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
}
_CLONE, _CLONE3, _SOCKET, _SOCKETPAIR = (56, 220), (435, 435), (41, 198), (53, 199)
_NEW_NAMESPACES = 0x7E020000  # the CLONE_NEW… flags
_UNIX = 1  # the one family of sockets that a program needs to talk to its own processes

_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOSYS, _EAFNOSUPPORT = 1, 38, 97
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in what the filter is shown

_LOAD, _RETURN, _JUMP_IF_EQUAL, _JUMP_IF_LARGER_OR_EQUAL, _JUMP_IF_ANY_BIT = 0x20, 0x06, 0x15, 0x35, 0x45


def supported() -> bool:
    """Whether there is a filter for this machine."""
    return platform.machine() in _ARCHITECTURES


def program() -> bytes:
    """The filter for this machine, as bubblewrap's ``--seccomp`` reads it."""
    architecture, table = _ARCHITECTURES[platform.machine()]
    return b"".join(struct.pack("=HBBI", *step) for step in _steps(architecture, table))


def _steps(architecture: int, table: int) -> Iterator[tuple[int, int, int, int]]:
    """Instructions ``(code, steps to skip if true, if false, value)``."""
    yield _LOAD, 0, 0, _ARCHITECTURE
    yield _JUMP_IF_EQUAL, 1, 0, architecture
    yield _RETURN, 0, 0, _KILL  # calls of another architecture have other numbers
    yield _LOAD, 0, 0, _NUMBER
    if table == 0:
        yield _JUMP_IF_LARGER_OR_EQUAL, 0, 1, 0x40000000  # the x32 doubles of all calls
        yield _RETURN, 0, 0, _REFUSE | _ENOSYS
    for numbers in _REFUSED.values():
        yield _JUMP_IF_EQUAL, 0, 1, numbers[table]
        yield _RETURN, 0, 0, _REFUSE | _EPERM
    yield _JUMP_IF_EQUAL, 0, 1, _CLONE3[table]  # its flags are out of a filter's sight;
    yield _RETURN, 0, 0, _REFUSE | _ENOSYS  # the C library then uses `clone`
    yield _JUMP_IF_EQUAL, 0, 3, _CLONE[table]
    yield _LOAD, 0, 0, _FIRST_ARGUMENT
    yield _JUMP_IF_ANY_BIT, 0, 6, _NEW_NAMESPACES
    yield _RETURN, 0, 0, _REFUSE | _EPERM
    yield _JUMP_IF_EQUAL, 1, 0, _SOCKET[table]
    yield _JUMP_IF_EQUAL, 0, 3, _SOCKETPAIR[table]
    yield _LOAD, 0, 0, _FIRST_ARGUMENT
    yield _JUMP_IF_EQUAL, 1, 0, _UNIX
    yield _RETURN, 0, 0, _REFUSE | _EAFNOSUPPORT
    yield _RETURN, 0, 0, _ALLOW
