"""Warmed sandboxes: notebooks that are forked one after another know nothing of one another.

What holds for each of them alone is in ``test_sandbox.py``, which asks it of both kinds of sandbox.
"""

from __future__ import annotations

import ast
import contextlib
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from sandboxed import DEFAULT, SIGMOID, answers, check, run, shown, troubles

from grader.execute import bubblewrap_options, fork_server, sandbox
from grader.execute.stripped_package import view_for
from grader.model import Trouble

MARK = "ein-Geheimnis-" + "des-Vorigen"
LEAVE = f"""
import builtins, os, random, socket, sys, threading, time
import numpy as np
from byhand.reference.neuron import layers
secret = {MARK!r}
layers.note = np.note = builtins.note = secret
sys.modules["note"] = sys
os.environ["NOTE"] = secret
sys.path.append(secret)
for folder in ("/tmp", "/dev/shm"):
    open(folder + "/note", "w").write(secret)
    open(folder + "/full", "w").truncate(2**25)
os.umask(0o777)
np.random.seed(1)
random.seed(1)
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
door = socket.socket(socket.AF_UNIX)
door.bind("\\0note")
door.listen()
if os.fork() == 0:
    os.setsid()
    time.sleep(60)
"""
LOOK = """
import builtins, gc, os, random, socket, sys, threading
import numpy as np
from byhand.reference.neuron import layers
def answers_at(name):
    try:
        socket.socket(socket.AF_UNIX).connect(name)
        return True
    except OSError:
        return False
def there(pid):
    try:
        os.kill(pid, 0)
        return True
    except ProcessLookupError:
        return False
({
    "patched": [hasattr(module, "note") for module in (layers, np, builtins)] + ["note" in sys.modules],
    "environment": ["NOTE" in os.environ, sys.path[-1]],
    "files": os.listdir("/tmp") + os.listdir("/dev/shm"),
    "room": [os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize for folder in ("/tmp", "/dev/shm")],
    "umask": os.umask(0o22),
    "sockets": answers_at("\\0note"),
    "processes": [pid for pid in range(1, 3000) if there(pid)],
    "threads": threading.active_count(),
})
"""


@pytest.fixture
def nest() -> Iterator[fork_server.Warmed]:
    """A warmed sandbox that `run` uses, new for this test."""
    fork_server.cool_down()
    fork_server.warm_up(view_for("02_activations"), DEFAULT)
    assert fork_server._mine.warmed is not None
    yield fork_server._mine.warmed
    fork_server.cool_down()


def forker(nest: fork_server.Warmed) -> psutil.Process:
    """The Python that waits inside."""
    (first,) = psutil.Process(nest._process.pid).children()
    return min(first.children(), key=lambda process: process.create_time())  # the others it began


def see(look: str) -> Any:
    return ast.literal_eval(shown(run(look), 0))


@pytest.mark.sandbox
def test_nothing_that_one_learner_leaves_reaches_the_next(nest: fork_server.Warmed) -> None:
    untouched = see(LOOK)
    assert untouched["processes"] == [1, 2]
    assert untouched["files"] == []
    assert untouched["sockets"] is False
    before = forker(nest)
    assert run(LEAVE).incidents == ()
    assert see(LOOK) == untouched
    assert forker(nest) == before


@pytest.mark.sandbox
def test_two_learners_draw_different_numbers() -> None:
    draw = "import random, tempfile\nimport numpy as np\n" + (
        "random.random(), np.random.rand(), np.random.default_rng().random(), tempfile.mktemp()"
    )
    first, second = see(draw), see(draw)
    assert all(one != other for one, other in zip(first, second, strict=True))


@pytest.mark.sandbox
def test_what_waits_keeps_nothing_of_a_learners(nest: fork_server.Warmed) -> None:
    run("1")
    process = forker(nest)
    if os.geteuid() != 0:  # to others the kernel shows nothing of it, which is a wall of its own
        with pytest.raises(psutil.AccessDenied):
            process.num_fds()
        return
    descriptors = process.num_fds()
    executed = run(f"held = {MARK!r} * 1000", SIGMOID, check("sigmoid"))
    assert answers(executed, "sigmoid")
    assert process.num_fds() == descriptors
    maps = Path(f"/proc/{process.pid}/maps").read_text()
    kinds = {line.split()[1] for line in maps.splitlines()}
    assert not {kind for kind in kinds if "w" in kind and "s" in kind}  # no memory shared with its children
    found = 0
    with Path(f"/proc/{process.pid}/mem").open("rb", buffering=0) as memory:
        for start, end in re.findall(r"^(\w+)-(\w+) rw", maps, re.MULTILINE):
            memory.seek(int(start, 16))
            held = memory.read(int(end, 16) - int(start, 16))
            assert MARK.encode() not in held
            found += b"sigmoid" in held
    assert found  # of the course itself: what was read is its memory


@pytest.mark.sandbox
def test_a_child_is_in_no_namespace_of_the_others_and_has_no_rights(nest: fork_server.Warmed) -> None:
    view, limits = view_for("02_activations"), DEFAULT
    cells = [{"index": 0, "source": "import time\ntime.sleep(60)"}]
    with fork_server.start(view, cells, limits) as child:
        assert isinstance(child, fork_server.Child)
        heard = b""
        while b"begin" not in heard:
            heard += child.receive(1.0) or b""
        (learners,) = child._processes()
        waiting = forker(nest)
        for kind in ("mnt", "uts", "ipc", "pid", "net"):
            here, there = (Path(f"/proc/{pid}/ns/{kind}").readlink() for pid in (learners.pid, waiting.pid))
            assert here != there
        status = dict(
            line.split(":\t", 1) for line in Path(f"/proc/{learners.pid}/status").read_text().splitlines()
        )
        first = dict(
            line.split(":\t", 1) for line in Path(f"/proc/{learners.ppid()}/status").read_text().splitlines()
        )
    assert not learners.is_running()
    for rights in (status, first):
        assert [int(rights[f"Cap{which}"], 16) for which in ("Eff", "Prm", "Inh", "Bnd", "Amb")] == [0] * 5
        assert (rights["NoNewPrivs"], rights["Seccomp"]) == ("1", "2")
        assert rights["Uid"] == "\t".join([str(os.geteuid() or bubblewrap_options.NOBODY)] * 4)


@pytest.mark.sandbox
@pytest.mark.parametrize("whom", ["0", "-1", "1", "os.getppid()"])
def test_a_signal_hits_nobody_outside(nest: fork_server.Warmed, whom: str) -> None:
    run("1")
    before = forker(nest)
    every = f"import os, signal\nfor number in (2, 15, 1, 9):\n    os.kill({whom}, number)"
    executed = run(SIGMOID, every, check("sigmoid"))
    assert set(troubles(executed)) <= {(1, Trouble.DIED)}
    assert answers(executed, "sigmoid")
    assert forker(nest) == before


@pytest.mark.sandbox
def test_a_notebook_whose_warmed_sandbox_ends_runs_in_one_of_its_own(nest: fork_server.Warmed) -> None:
    run("1")
    view = view_for("02_activations")
    started = fork_server.start(view, [{"index": 0, "source": "import time\ntime.sleep(60)"}], DEFAULT)
    with started as child:
        assert not child.lost()
        for process in psutil.Process(nest._process.pid).children():
            process.kill()
        while child.receive(1.0) is not None:
            pass
        assert child.lost()
    assert answers(run(SIGMOID, check("sigmoid")), "sigmoid")  # and the next has a warmed one again
    assert fork_server._mine.warmed not in (None, nest)


@pytest.mark.sandbox
def test_where_namespaces_cannot_be_made_inside_every_notebook_gets_its_own_sandbox(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = bubblewrap_options.options

    def refused(*arguments: Any, forks: bool = False) -> Iterator[object]:
        for option in given(*arguments, forks=forks):
            yield "CAP_NET_RAW" if option == "CAP_SYS_ADMIN" else option

    fork_server.cool_down()
    monkeypatch.setattr(bubblewrap_options, "options", refused)
    monkeypatch.setattr(fork_server._mine, "impossible", False)
    executed = run(SIGMOID, check("sigmoid"))
    assert answers(executed, "sigmoid")
    assert executed.incidents == ()
    assert fork_server._mine.impossible
    assert fork_server._mine.warmed is None


def test_without_bubblewrap_nothing_is_warmed(monkeypatch: pytest.MonkeyPatch) -> None:
    fork_server.cool_down()
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(sandbox.SandboxMissing, match="not installed"):
        run(SIGMOID)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C raises, even where a shell has started the tests in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.sandbox
@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_grader_leaves_no_child(nest: fork_server.Warmed) -> None:
    view = view_for("02_activations")
    cells = [{"index": 0, "source": "import time\ntime.sleep(60)"}]
    with pytest.raises(KeyboardInterrupt), fork_server.start(view, cells, DEFAULT) as child:
        first = child._first_process()
        signal.raise_signal(signal.SIGINT)
    assert first is not None
    with contextlib.suppress(psutil.NoSuchProcess):  # it may go at any moment
        assert first.status() == psutil.STATUS_ZOMBIE
    assert forker(nest).children() == []
