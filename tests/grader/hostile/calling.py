"""Submissions that make system calls: each says that it reached something if the kernel lets one through.

They call past Python, which would only name a refusal sooner. Numbers are this machine's.
"""

from __future__ import annotations

import platform

from corpus import RAN, Entry, attack

from grader.execute import seccomp
from grader.execute.system_calls import KNOWN, UNKNOWN

_TABLE = seccomp._ARCHITECTURES.get(platform.machine(), (0, 0))[1]
NUMBERS = {name: numbers[_TABLE] for name, numbers in {**KNOWN, **UNKNOWN}.items()}
CALL = f"""
import ctypes, errno, fcntl, mmap, os, time
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
NUMBERS = {NUMBERS!r}
room = ctypes.create_string_buffer(1 << 16)
def call(name, *given):
    if NUMBERS[name] is None:
        return -1
    return libc.syscall(NUMBERS[name], *[ctypes.c_long(one) if isinstance(one, int) else one for one in given])
def must_not(name, *given):
    if call(name, *given) >= 0:
        print("REACH" + "ED", name)
def attempt(function, *given):
    try:
        return function(*given)
    except OSError:
        return None
"""
WAYS = {
    "clone3": (
        "a process, by the newest call for it",
        "room[:88] = (0).to_bytes(32, 'little') + (17).to_bytes(8, 'little') + bytes(48)\n"
        "must_not('clone3', room, 88)\nmust_not('clone3', room, 64)",
    ),
    "clone": (
        "a process, by every set of flags that is no thread",
        "for flags in (17, 0x100 | 17, 0x4111, 0x10000, 0x11000, 0x7E020011, 0x20000011, 0x10000011, 0x80000011):\n"
        "    made = call('clone', flags, 0, 0, 0, 0)\n"
        "    if made == 0:\n        os._exit(0)\n"
        "    if made > 0:\n        print('REACH' + 'ED', hex(flags))",
    ),
    "fork": (
        "a process, by the C library",
        "for start in (libc.fork, libc.vfork):\n    if start() >= 0:\n        print('REACH' + 'ED')",
    ),
    "execve": (
        "another program in its place",
        "names = (ctypes.c_char_p * 2)(b'/usr/bin/true', None)\n"
        "must_not('execve', b'/usr/bin/true', names, None)\n"
        "must_not('execveat', -100, b'/usr/bin/true', names, None, 0)",
    ),
    "ptrace": (
        "the process above it, word by word",
        "must_not('ptrace', 16, 1, 0, 0)\nmust_not('ptrace', 0x4206, 1, 0, 0)\nmust_not('ptrace', 0, 0, 0, 0)\n"
        "must_not('process_vm_readv', 1, room, 1, room, 1, 0)\nmust_not('kcmp', 1, os.getpid(), 0, 0, 0)",
    ),
    "pidfd": (
        "open files of the process above it",
        "for process in (1, os.getppid(), os.getpid()):\n"
        "    must_not('pidfd_open', process, 0)\nmust_not('pidfd_getfd', 3, 1, 0)",
    ),
    "io-uring": (
        "calls without calls",
        "must_not('io_uring_setup', 8, room)\nmust_not('io_uring_enter', 3, 1, 0, 0, 0)\n"
        "must_not('io_setup', 8, room)",
    ),
    "keyctl": (
        "a keyring, in which to leave a note",
        "must_not('add_key', b'user', b'note', b'NOT' + b'ED', 5, -3)\nmust_not('keyctl', 0, -3, 1)\n"
        "must_not('keyctl', 1, b'note')\nmust_not('request_key', b'user', b'note', None, -3)",
    ),
    "userfaultfd": ("faults of its own to handle", "must_not('userfaultfd', 0)\nmust_not('userfaultfd', 1)"),
    "bpf": (
        "programs in the kernel",
        "must_not('bpf', 0, room, 64)\nmust_not('bpf', 5, room, 64)\nmust_not('perf_event_open', room, 0, -1, -1, 0)",
    ),
    "seccomp": (
        "a filter of its own, over this one",
        "must_not('seccomp', 1, 0, room)\nmust_not('prctl', 22, 2, room, 0, 0)\nmust_not('seccomp', 2, 0, room)",
    ),
    "inotify": (
        "to hear what others open",
        "must_not('inotify_init1', 0)\nmust_not('inotify_add_watch', 3, b'/course', 0xFFF)\n"
        "must_not('fanotify_init', 0, 0)\n"
        "if attempt(fcntl.fcntl, os.open('/course', 0), 1026, 0x7FFFFFFF) is not None:\n"
        "    print('REACH' + 'ED notes of a folder')",
    ),
    "locks": (
        "a lock on a file that all share",
        "file = open('/course/byhand/__init__.py', 'rb')\n"
        "for how in (lambda: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB),\n"
        "            lambda: fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB), lambda: fcntl.fcntl(file, 1024, 0),\n"
        "            lambda: fcntl.fcntl(file, 37, bytes(32))):\n"
        "    try:\n        how()\n        print('REACH' + 'ED')\n    except OSError:\n        pass",
    ),
    "page-cache": (
        "a note in what is cached of a file that all share",
        "file = os.open('/course/byhand/__init__.py', 0)\nmust_not('fadvise64', file, 0, 0, 4)\n"
        "must_not('readahead', file, 0, 4096)\nmust_not('cachestat', file, room, room, 0)\n"
        "view = mmap.mmap(file, 0, prot=mmap.PROT_READ)\nmust_not('mincore', 0, 4096, room)",
    ),
    "file-times": (
        "a note in the times of device nodes",
        "for name in ('null', 'random', 'urandom', 'zero', 'full', 'tty', 'ptmx'):\n"
        "    must_not('utimensat', -100, f'/dev/{name}'.encode(), None, 0)\n"
        "must_not('utimensat', -100, b'/tmp', None, 0)",
    ),
    "device-nodes": (
        "a disk, the machine's memory and a terminal",
        "for name, number in (('disk', 0x800), ('memory', 0x101), ('zero', 0x105), ('terminal', 0x500)):\n"
        "    must_not('mknodat', -100, f'/tmp/{name}'.encode(), 0o60666, number)\n"
        "    must_not('mknodat', -100, f'/tmp/{name}'.encode(), 0o20666, number)\n"
        "for name in os.listdir('/dev'):\n    if name not in ('null', 'random', 'urandom', 'shm'):\n"
        "        print('REACH' + 'ED', name)\n"
        "for name in ('/dev/zero', '/dev/tty', '/dev/ptmx', '/dev/console', '/dev/mem', '/dev/fuse', '/dev/kvm'):\n"
        "    if attempt(os.open, name, os.O_RDWR) is not None:\n        print('REACH' + 'ED', name)",
    ),
    "terminal": (
        "keys on the grader's terminal",
        "for number in range(3):\n    for command in (0x5412, 0x541C, 0x540E, 0x5414):\n"
        "        try:\n            fcntl.ioctl(number, command, b'x')\n"
        "            print('REACH' + 'ED', hex(command))\n"
        "        except OSError:\n            pass",
    ),
    "mounts": (
        "where everything lies on the host",
        "room[:32] = (24).to_bytes(4, 'little') + bytes(4) + b'\\xff' * 8 + bytes(16)\n"
        "must_not('listmount', room, room, 100, 0)\nmust_not('statmount', room, room, 8192, 0)\n"
        "must_not('name_to_handle_at', -100, b'/course', room, room, 0)\n"
        "must_not('open_tree', -100, b'/', 1)\nmust_not('fsopen', b'tmpfs', 0)\n"
        "must_not('mount', b'a', b'/tmp', b'tmpfs', 0, 0)",
    ),
    "namespaces": (
        "a namespace in which it is root",
        "for kind in (0x10000000, 0x20000, 0x40000000, 0x20000000, 0x400, 0):\n    must_not('unshare', kind)\n"
        "must_not('setns', 3, 0)\nmust_not('chroot', b'/tmp')\nmust_not('pivot_root', b'/', b'/')",
    ),
    "users": (
        "another user's rights",
        "for name in ('setuid', 'setgid', 'setfsuid', 'setfsgid'):\n    must_not(name, 0)\n"
        "must_not('setresuid', 0, 0, 0)\nmust_not('setresgid', 0, 0, 0)\nmust_not('setgroups', 0, room)\n"
        "room[:8] = (0x20080522).to_bytes(4, 'little') + bytes(4)\nmust_not('capset', room, room)",
    ),
    "shared-memory": (
        "memory without an owner, by every call for it",
        "must_not('memfd_create', b'x', 0)\nmust_not('memfd_secret', 0)\nmust_not('shmget', 0, 4096, 0o1666)\n"
        "must_not('msgget', 0, 0o1666)\nmust_not('semget', 0, 1, 0o1666)\nmust_not('mq_open', b'x', 0o102, 0o600, 0)\n"
        "must_not('mmap', 0, 4096, 3, 0x21, -1, 0)\nmust_not('mmap', 0, 4096, 3, 0x23, -1, 0)\n"
        "must_not('mmap', 0, 2 << 20, 3, 0x40022, -1, 0)",
    ),
    "sockets": (
        "sockets, past Python",
        "for family in range(46):\n    for kind in (1, 2, 3, 5):\n        must_not('socket', family, kind, 0)\n"
        "must_not('socketpair', 1, 1, 0, room)\nmust_not('sendmsg', 3, room, 0)\nmust_not('recvmsg', 3, room, 0)",
    ),
    "own-files": (
        "open files of a thread's own, beyond their limit",
        "must_not('close_range', 100, 110, 2)\nmust_not('unshare', 0x400)",
    ),
    "x32": (
        "the same calls by their other numbers",
        "for name in ('execve', 'ptrace', 'keyctl', 'socket', 'memfd_create'):\n"
        "    if libc.syscall(NUMBERS[name] | 0x40000000, 0, 0, 0, 0) >= 0:\n        print('REACH' + 'ED', name)",
    ),
    "every-number": (
        "every number there is, with nothing to work on",
        "known = {n for n in NUMBERS.values() if n is not None}\n"
        "for number in range(1000):\n"
        "    if number not in known and libc.syscall(number, -1, -1, -1, -1, -1, -1) >= 0:\n"
        "        print('REACH' + 'ED', number)",
    ),
}
ENTRIES: list[Entry] = [
    attack(f"calls-{name}", tries, first=CALL + code, about={"state": RAN})
    for name, (tries, code) in WAYS.items()
]
