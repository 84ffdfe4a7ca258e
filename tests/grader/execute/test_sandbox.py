"""The sandbox: what learner code must not reach, and what must not outlive it."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import sandboxed
from sandboxed import QUICK, SIGMOID, answers, check, run, shown, troubles

from grader.execute import bubblewrap_options, fork_server, sandbox
from grader.execute.sandbox import SandboxMissing, check_sandbox
from grader.execute.session import Limits
from grader.model import Executed, Trouble

TRY = """
def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error).__name__
def read(path):
    return attempt(lambda: open(path, 'rb').read())
def write(path):
    return attempt(lambda: open(path, 'w').write('x'))
"""
LIBC = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="module", params=[False, True], ids=["forked", "fresh"])
def probes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """What cells saw from inside, by a name for each."""
    folder = tmp_path_factory.mktemp("class")
    gradebook = folder / "gradebook.db"
    gradebook.write_text("marks")
    os.environ["SECRET_TOKEN"] = "hidden"
    tcp = socket.create_server(("127.0.0.1", 0))
    abstract, local = (socket.socket(socket.AF_UNIX) for _ in range(2))
    abstract.bind("\0byhand-test")
    local.bind(str(folder / "socket"))
    abstract.listen()
    local.listen()
    cells = {
        "tools": TRY,
        "user": "import os\nos.getresuid(), os.getresgid(), os.getgroups()",
        "root": "sorted(os.listdir('/'))",
        "environment": "sorted(os.environ)",
        "host": "os.uname().nodename",
        "processes": "[pid for pid in range(1, 5000) if attempt(os.kill, pid, 0) != 'ProcessLookupError']",
        "others": f"attempt(os.kill, {os.getpid()}, 0)",
        "descriptors": "sum(attempt(os.fstat, number) != 'OSError' for number in range(128))",
        "secrets": "[read(path) for path in "
        + str(
            [
                str(gradebook),
                str(REPOSITORY / "pyproject.toml"),
                str(Path(bubblewrap_options.__file__)),
                str(Path("~/.bashrc").expanduser()),
                "/etc/passwd",
                "/etc/shadow",
                f"/proc/{os.getpid()}/environ",
                "/proc/1/root/etc/passwd",
            ]
        )
        + "]",
        "homes": "[attempt(os.listdir, path) for path in ('/home', '/root', '/etc', '/var', '/sys', '/proc')]",
        "writing": "[write(path + '/x') for path in"
        " ('', '/usr/lib', '/course', '/course/byhand', '/dev', '/etc', '/python/lib', '/proc')],"
        " write('/runner.py'), write('/tmp/mine'), write('/dev/shm/mine'), write('mine')",
        "tcp": "import socket\n"
        f"attempt(lambda: socket.create_connection(('127.0.0.1', {tcp.getsockname()[1]}), 1)),"
        " attempt(socket.getaddrinfo, 'example.org', 80)",
        "unix": "[attempt(lambda: socket.socket(socket.AF_UNIX).connect(name))"
        f" for name in ('\\0byhand-test', {str(folder / 'socket')!r})], attempt(socket.socketpair)",
        "families": "[attempt(socket.socket, family, socket.SOCK_DGRAM) for family in"
        " (socket.AF_INET, socket.AF_INET6, socket.AF_VSOCK, socket.AF_NETLINK, socket.AF_PACKET, 38)]",
        "calls": LIBC
        + "[libc.unshare(0x10000000), libc.syscall(435, 0, 0), libc.mount(b'a', b'/tmp', b'tmpfs', 0, 0),"
        " libc.ptrace(16, 1, 0, 0), libc.memfd_create(b'x', 0), libc.shmget(0, 4096, 0o1666),"
        " libc.chroot(b'/tmp'), libc.setuid(0), libc.setgid(0), libc.sethostname(b'x', 1)]",
        "keyring": "add_key = 248 if os.uname().machine == 'x86_64' else 217\n"
        "libc.syscall(add_key, b'user', b'note', b'to the next', 11, -3)",
        "limits": "import resource\n[attempt(resource.setrlimit, kind, (2**40, 2**40)) for kind in"
        " (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)]",
        "output": "os.write(1, b'out'), os.write(2, b'err')",
        "disk": "attempt(lambda: open('/tmp/big', 'wb').write(b'x' * 2**27)),"
        " attempt(lambda: open('/dev/shm/big', 'wb').write(b'x' * 2**27))",
        "open files": "attempt(lambda: [open('/dev/null') for _ in range(1000)])",
        "answers": "[attempt(__import__, name) for name in"
        " ('byhand.exercises.activations.elementwise', 'byhand.checking.judge', 'grader', 'solutions')]",
    }
    try:
        executed = run(*cells.values(), fresh=request.param)
    finally:
        del os.environ["SECRET_TOKEN"]
        for listener in (tcp, abstract, local):
            listener.close()
    assert executed.incidents == ()
    yield {name: shown(executed, index) for index, name in enumerate(cells)}


def values(text: str) -> Any:
    return ast.literal_eval(text)


@pytest.mark.sandbox
def test_learner_code_has_no_rights(probes: dict[str, str]) -> None:
    user, group, groups = values(probes["user"])
    assert user == group == (1000, 1000, 1000)
    assert groups == [] or os.geteuid() != 0  # only root can give its groups up
    assert set(values(probes["limits"])) == {"ValueError"}


@pytest.mark.sandbox
def test_nothing_of_the_machine_is_visible(probes: dict[str, str]) -> None:
    expected = {
        "course",
        "dev",
        "etc",
        "proc",
        "python",
        "runner.py",
        "calls.py",
        "forker.py",
        "tmp",
        "usr",
        "venv",
        "lib",
        "lib32",
        "lib64",
    }
    assert set(values(probes["root"])) <= expected
    assert values(probes["host"]) == "sandbox"
    assert "SECRET_TOKEN" not in values(probes["environment"])
    assert len(values(probes["environment"])) == 11
    assert set(values(probes["secrets"])) <= {"FileNotFoundError", "PermissionError"}
    home, root, etc, *others = values(probes["homes"])
    assert {home, root, *others} == {"FileNotFoundError"}
    assert set(etc) <= {"ld.so.cache"}


@pytest.mark.sandbox
def test_no_other_process_is_visible(probes: dict[str, str]) -> None:
    assert values(probes["processes"]) == [1, 2]  # bubblewrap and the learner's
    assert values(probes["others"]) == "ProcessLookupError"
    assert values(probes["descriptors"]) == 4  # the three standard ones and the channel


@pytest.mark.sandbox
def test_nothing_can_be_written_but_the_scratch(probes: dict[str, str]) -> None:
    outside, runner, *scratch = values(probes["writing"])
    assert set(outside) <= {"OSError", "PermissionError", "FileNotFoundError"}
    assert runner in ("OSError", "PermissionError")
    assert scratch == [1, 1, 1]


@pytest.mark.sandbox
def test_there_is_no_network(probes: dict[str, str]) -> None:
    assert values(probes["tcp"]) == ("PermissionError", "gaierror")
    assert values(probes["unix"]) == (["PermissionError"] * 2, "PermissionError")
    assert set(values(probes["families"])) == {"PermissionError"}


@pytest.mark.sandbox
def test_calls_that_reach_past_the_walls_are_refused(probes: dict[str, str]) -> None:
    assert set(values(probes["calls"])) == {-1}
    assert values(probes["keyring"]) == -1


@pytest.mark.sandbox
def test_scratch_and_files_are_limited(probes: dict[str, str]) -> None:
    assert values(probes["disk"]) == ("OSError", "OSError")
    assert values(probes["open files"]) == "OSError"


@pytest.mark.sandbox
def test_what_is_written_past_the_streams_is_lost(probes: dict[str, str]) -> None:
    assert values(probes["output"]) == (3, 3)


@pytest.mark.sandbox
def test_neither_specs_nor_judge_nor_grader_are_there(probes: dict[str, str]) -> None:
    assert set(values(probes["answers"])) == {"ModuleNotFoundError"}


@pytest.mark.sandbox
def test_nothing_stays_for_the_next_learner() -> None:
    leave = (
        "import os\nos.mkdir('/tmp/note')\nopen('/dev/shm/note', 'w').write('sigmoid')\nopen('note.py', 'w')"
    )
    assert run(leave).incidents == ()
    assert (
        shown(run("import glob\nglob.glob('/tmp/*') + glob.glob('/dev/shm/*') + glob.glob('*')"), 0) == "[]"
    )


@pytest.mark.sandbox
def test_processes_and_threads_are_limited() -> None:
    count = (
        "import os, signal, threading, time\n"
        "made = 0\n"
        "try:\n"
        "    while made < 500:\n"
        "        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "        made += 1\n"
        "except RuntimeError:\n"
        "    pass\n"
        "made, made < 64"
    )
    assert shown(run(count), 0).endswith("True)")


@pytest.mark.sandbox
def test_a_fork_bomb_is_stopped_and_the_rest_runs() -> None:
    bomb = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
    executed = run(SIGMOID, bomb, check("sigmoid"), limits=QUICK)
    assert [cell for cell, _ in troubles(executed)] == [1]
    assert answers(executed, "sigmoid")


FILL = "n = 0\nwhile True:\n    open(f'/tmp/{n}', 'w').close()\n    n += 1"


@pytest.mark.sandbox
def test_files_without_content_count_as_memory() -> None:
    limits = Limits(memory_bytes=170 * 2**20, cell_seconds=30)
    executed = run(SIGMOID, FILL, check("sigmoid"), limits=limits, fresh=True)
    assert troubles(executed) == [(1, Trouble.MEMORY)]


@pytest.mark.sandbox
def test_a_forked_sandbox_holds_so_many_files() -> None:
    executed = run(SIGMOID, FILL, "n > 1000", check("sigmoid"), limits=Limits(cell_seconds=30))
    assert "No space left on device" in shown(executed, 1)
    assert shown(executed, 2) == "True"
    assert answers(executed, "sigmoid")


STAYS = """
import threading, time
for _ in range(3):
    threading.Thread(target=time.sleep, args=(120,)).start()
"""


def filtered(parent: int) -> list[psutil.Process]:
    """The processes behind a filter of system calls that descend from `parent`."""
    found = []
    for one in psutil.Process(parent).children(recursive=True):
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{one.pid}/status").read_text()
            if (
                "\nSeccomp:\t2" in status and "\nState:\tZ" not in status
            ):  # one that is gone may not be reaped yet
                found.append(one)
    return found


def learners(parent: int) -> list[psutil.Process]:
    """The process that runs `STAYS`."""
    return [one for one in filtered(parent) if one.num_threads() == 4]


@pytest.mark.sandbox
def test_nothing_outlives_the_call() -> None:
    fork_server.cool_down()
    before = set(psutil.Process().children(recursive=True))  # other tests may keep a pool of processes
    executed = run(STAYS, "threading.active_count()")
    assert shown(executed, 1) == "4"
    assert filtered(os.getpid()) == []
    fork_server.cool_down()
    assert set(psutil.Process().children(recursive=True)) - before == set()


@pytest.mark.sandbox
def test_nothing_has_rights_and_nothing_outlives_a_grader_that_is_killed(tmp_path: Path) -> None:
    program = f"from sandboxed import run\nrun({STAYS + 'time.sleep(120)'!r})"
    path = os.pathsep.join([str(Path(sandboxed.__file__).parent), *filter(None, sys.path)])
    environment = {**os.environ, "PYTHONPATH": path, "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", program], env=environment) as grader:
        patience = time.monotonic() + 30
        while not (started := learners(grader.pid)) and time.monotonic() < patience:
            grader.poll()
        assert started
        inside = psutil.Process(grader.pid).children(recursive=True)
        status = Path(f"/proc/{started[0].pid}/status").read_text()
        grader.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs([*inside, *started], timeout=10)
    assert alive == []
    rights = dict(line.split(":\t", 1) for line in status.splitlines())
    nobody = str(os.geteuid() or bubblewrap_options.NOBODY)
    assert rights["Uid"] == "\t".join([nobody] * 4)
    assert [int(rights[f"Cap{which}"], 16) for which in ("Eff", "Prm", "Inh", "Amb")] == [0] * 4
    assert (rights["NoNewPrivs"], rights["Seccomp"]) == ("1", "2")


def test_a_missing_bubblewrap_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    check_sandbox.cache_clear()
    with pytest.raises(SandboxMissing, match=r"not installed.*apt-get install bubblewrap.*dnf") as told:
        check_sandbox()
    assert "\n" not in str(told.value)
    with pytest.raises(SandboxMissing, match="not installed"):
        run(SIGMOID, fresh=True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("bwrap: No permissions to create new namespace, likely because", "administrator can allow it"),
        ("bwrap: setting up uid map: Permission denied", "administrator can allow it"),
        ("ModuleNotFoundError: No module named 'IPython'", "chmod -R a+rX"),
        ("bwrap: Can't mount proc on /newroot/proc", "could not start: bwrap: Can't mount proc"),
    ],
)
def test_a_sandbox_that_cannot_start_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: str, sentence: str
) -> None:
    fake = tmp_path / "bwrap"
    fake.write_text(f'#!/bin/sh\necho "{words}" >&2\nexit 1\n')
    fake.chmod(0o755)
    tmp_path.chmod(0o755)
    monkeypatch.setattr(sandbox, "find_bubblewrap", lambda: str(fake))
    check_sandbox.cache_clear()
    with pytest.raises(SandboxMissing, match=re.escape(sentence)):
        check_sandbox()


@pytest.mark.sandbox
def test_this_machine_can_run_a_sandbox() -> None:
    check_sandbox.cache_clear()
    check_sandbox()


def test_an_installed_course_is_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    packages = Path(psutil.__file__).parents[1]
    monkeypatch.setattr(bubblewrap_options.byhand, "__file__", str(packages / "byhand" / "__init__.py"))
    options = [str(option) for option in bubblewrap_options.options("/usr/bin/bwrap", Path("/view"), 1)]
    inside = bubblewrap_options._inside(packages, bubblewrap_options._mounts()[0])
    assert inside is not None
    assert options[options.index(str(inside / "byhand")) - 1] == "--tmpfs"


def test_an_old_kernel_counts_processes_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.platform, "release", lambda: "5.10.0-28-amd64")
    if os.geteuid() == 0:
        monkeypatch.setattr(bubblewrap_options, "NOBODY", 0)
    assert sandbox._processes_allowed(Limits(processes=64)) > 64
    monkeypatch.setattr(sandbox.platform, "release", lambda: "5.14.0")
    assert sandbox._processes_allowed(Limits(processes=64)) == 64


@pytest.mark.sandbox
def test_probes_see_what_is_there() -> None:
    """The probes above would also pass if they could read nothing at all."""
    executed: Executed = run(TRY, "read('/course/byhand/__init__.py')[:3], read('/usr/lib/nothing')")
    assert shown(executed, 1) == "(b'\"\"\"', 'FileNotFoundError')"
