"""The filter of system calls: its numbers are the kernel's, and what it refuses is refused."""

from __future__ import annotations

import ast
import errno
import platform
import re
import struct
from pathlib import Path

import pytest
from sandboxed import run, shown

from grader.execute import seccomp, system_calls

HEADERS = [
    *Path("/usr/include").glob("*-linux-gnu/asm/unistd_64.h"),
    Path("/usr/include/asm/unistd_64.h"),
    Path("/usr/include/asm-generic/unistd.h"),
]
ALL = {**system_calls.KNOWN, **system_calls.UNKNOWN}
NUMBER = re.compile(r"#define __NR(?:3264)?_(\w+)\s+(\d+)")
ALLOW, EPERM, ENOSYS = seccomp._ALLOW, seccomp._REFUSE | errno.EPERM, seccomp._REFUSE | errno.ENOSYS
MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}


def answer(machine: str, number: int, *arguments: int, trap: bool = False) -> int:
    """What the filter answers to a call, by a small machine that runs it as the kernel would."""
    program = seccomp.program(machine, trap=trap)
    shown_to_it = struct.pack("=IIQ6Q", number, MACHINES[machine][0], 0, *[*arguments, *[0] * 6][:6])
    loaded, at = 0, 0
    while True:
        code, if_true, if_false, value = struct.unpack_from("=HBBI", program, 8 * at)
        at += 1
        if code == 0x20:
            loaded = struct.unpack_from("=I", shown_to_it, value)[0]
        elif code == 0x54:
            loaded &= value
        elif code == 0x06:
            return value
        else:
            holds = {0x15: loaded == value, 0x35: loaded >= value, 0x45: bool(loaded & value)}[code]
            at += if_true if holds else if_false


@pytest.mark.parametrize("table", [0, 1], ids=["x86_64", "generic"])
def test_numbers_are_those_of_the_systems_headers(table: int) -> None:
    generic = table == 1
    headers = [path for path in HEADERS if path.exists() and ("generic" in str(path)) == generic]
    if not generic and platform.machine() != "x86_64":
        headers = []
    written = {name: int(number) for path in headers for name, number in NUMBER.findall(path.read_text())}
    if generic and written:
        written["newfstatat"] = written["fstatat"]  # the kernel has two names for it
    wrong = {
        name: numbers[table]
        for name, numbers in ALL.items()
        if numbers[table] != written.get(name, numbers[table])
    }
    assert wrong == {}


@pytest.mark.parametrize("table", [0, 1])
def test_no_two_calls_have_one_number(table: int) -> None:
    numbers = [numbers[table] for numbers in ALL.values() if numbers[table] is not None]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("machine", MACHINES)
def test_every_call_is_answered_as_its_list_says(machine: str) -> None:
    table = MACHINES[machine][1]
    expected = {ALLOW: system_calls.ALLOWED, EPERM: system_calls.REFUSED, ENOSYS: system_calls.UNKNOWN}
    for wanted, calls in expected.items():
        found = {
            name: answer(machine, numbers[table])
            for name, numbers in calls.items()
            if numbers[table] is not None
        }
        assert found == dict.fromkeys(found, wanted)
    known = {numbers[table] for numbers in system_calls.KNOWN.values()}
    assert {answer(machine, number) for number in range(2000) if number not in known} == {ENOSYS}


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("call", "arguments", "wanted"),
    [
        ("clone", (0x3D0F00,), ALLOW),  # a thread, as the C library starts it
        ("clone", (17,), EPERM),
        ("clone", (0x4111,), EPERM),  # what starts another program
        ("clone", (0x3D0F00 | 0x20000000,), EPERM),
        ("clone", (0x3D0F00 & ~0x400,), EPERM),  # with open files of its own
        ("mmap", (0, 4096, 3, 0x22), ALLOW),
        ("mmap", (0, 4096, 1, 0x1), ALLOW),
        ("mmap", (0, 4096, 3, 0x21), EPERM),
        ("mmap", (0, 4096, 3, 0x23), EPERM),
        ("mmap", (0, 4096, 3, 0x40022), EPERM),
        ("fcntl", (3, 1), ALLOW),
        ("fcntl", (3, 6), EPERM),
        ("fcntl", (3, 1026), EPERM),
        ("fcntl", (3, 1031), EPERM),
        ("ioctl", (1, 0x5401), ALLOW),
        ("ioctl", (0, 0x5412), seccomp._REFUSE | errno.ENOTTY),
        ("prctl", (15,), ALLOW),
        ("prctl", (41,), seccomp._REFUSE | errno.EINVAL),
        ("close_range", (3, 9, 0), ALLOW),
        ("close_range", (3, 9, 2), EPERM),
    ],
)
def test_calls_that_are_allowed_for_some_arguments(
    machine: str, call: str, arguments: tuple[int, ...], wanted: int
) -> None:
    number = system_calls.CHECKED[call][MACHINES[machine][1]]
    assert answer(machine, number, *arguments) == wanted


def test_calls_of_another_architecture_end_the_process() -> None:
    program = seccomp.program("aarch64")
    assert struct.unpack_from("=HBBI", program, 8) == (0x15, 1, 0, 0xC00000B7)
    assert struct.unpack_from("=HBBI", program, 16) == (0x06, 0, 0, seccomp._KILL)
    assert answer("x86_64", 0x40000000) == ENOSYS


def test_what_starts_a_process_is_never_trapped() -> None:
    """The C library blocks all signals meanwhile, and a trap that is blocked ends the process."""
    clone, clone3 = system_calls.CHECKED["clone"][0], system_calls.UNKNOWN["clone3"][0]
    assert answer("x86_64", clone, 17, trap=True) == EPERM
    assert answer("x86_64", clone3, trap=True) == ENOSYS
    keyctl = system_calls.REFUSED["keyctl"][0]
    assert answer("x86_64", keyctl, trap=True) == seccomp._TRAP | errno.EPERM


@pytest.mark.sandbox
@pytest.mark.parametrize("fresh", [False, True], ids=["forked", "fresh"])
def test_a_process_is_refused_without_the_help_of_python(fresh: bool) -> None:
    numbers = {name: ALL[name][seccomp._ARCHITECTURES[platform.machine()][1]] for name in ("clone", "clone3")}
    calls = (
        "import ctypes, errno\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "def tried(result):\n"
        "    return result, errno.errorcode[ctypes.get_errno()]\n"
        f"tried(libc.syscall({numbers['clone']}, 17, 0, 0, 0, 0)), tried(libc.fork()),"
        f" tried(libc.syscall({numbers['clone3']}, 0, 0)), tried(libc.socketpair(1, 1, 0, (ctypes.c_int * 2)())),"
        " tried(libc.inotify_init()), tried(libc.syscall(9999))"
    )
    refused = (-1, "EPERM")
    assert ast.literal_eval(shown(run(calls, fresh=fresh), 0)) == (
        *(refused, refused, (-1, "ENOSYS"), refused, refused, (-1, "ENOSYS")),
    )


@pytest.mark.sandbox
@pytest.mark.parametrize("fresh", [False, True], ids=["forked", "fresh"])
def test_numpy_pictures_and_threads_work(fresh: bool) -> None:
    executed = run(
        "import threading\nimport numpy as np\nimport matplotlib.pyplot as plt",
        "plt.plot(np.linalg.svd(np.random.default_rng(0).normal(size=(50, 50)))[1]);",
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(4) as pool:\n"
        "    total = sum(pool.map(lambda n: float(np.ones(1000).sum()), range(8)))\n"
        "total",
        "np.save('kept.npy', np.arange(4)); np.load('kept.npy', mmap_mode='r').sum()\n"
        "np.memmap('m', mode='w+', shape=3)",
        "import os, pathlib\npathlib.Path('new').touch()\nopen(os.devnull, 'w').write('x')",
        fresh=fresh,
    )
    assert executed.incidents == ()
    assert "image/png" in executed.outputs[1][0]["data"]
    assert shown(executed, 2) == "8000.0"
    assert "memmap([0, 0, 0]" in shown(executed, 3)
    assert shown(executed, 4) == "1"


@pytest.mark.sandbox
@pytest.mark.parametrize("fresh", [False, True], ids=["forked", "fresh"])
def test_a_watched_sandbox_tells_what_was_refused(fresh: bool) -> None:
    code = "import os, time\ntry:\n    os.utime('/dev/null')\nexcept PermissionError as error:\n    print(error.errno)"
    executed = run("import resource", code, fresh=fresh, watched=True)
    assert shown(executed, 1) == "1"
    told = {seccomp.call_name(number) for number in executed.refused}
    assert told - {"mbind"} == {"utimensat"}  # OpenBLAS tries the other when it is imported
    assert run(code, fresh=fresh).refused == ()


@pytest.mark.sandbox
def test_files_that_all_share_cannot_be_marked() -> None:
    tried = (
        "import fcntl, os\n"
        "def attempt(function, *arguments):\n"
        "    try:\n        return function(*arguments)\n"
        "    except OSError as error:\n        return type(error).__name__\n"
        "file = open('/course/byhand/__init__.py', 'rb')\n"
        "attempt(os.utime, '/dev/null'), attempt(fcntl.flock, file, fcntl.LOCK_SH),"
        " attempt(fcntl.lockf, file, fcntl.LOCK_SH), attempt(os.posix_fadvise, file.fileno(), 0, 0, 4),"
        " sorted(os.listdir('/dev'))"
    )
    *refused, devices = ast.literal_eval(shown(run(tried), 0))
    assert refused == ["PermissionError"] * 4
    assert devices == ["null", "random", "shm", "urandom"]
