"""What runs inside the sandbox: the cells of one notebook, under IPython.

A script that stands alone, because the grader is not there to be imported::

    python runner.py CHANNEL USER PACKAGES < job

(or it is imported by `inside.forker`, which stands alone too, and runs in a fork of that).

The job is JSON: ``{"limits": {…}, "filter": "…", "watched": false, "cells": [{"index": 3, "source": "…"},
{"index": 4, "exercise": "sigmoid", "cases": […]}, …]}``. The answer goes down the channel, a JSON object a
line: ``ready``, then ``begin`` and ``done`` for each cell, then ``end``. Learner code shares this process and can
write there what it likes; so nobody may believe what comes out, and nothing here decides a mark.
"""

from __future__ import annotations

import base64
import builtins
import contextlib
import ctypes
import io
import itertools
import json
import os
import re
import resource
import signal
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import calls  # beside this file, where Python, started without trust, does not look by itself

del sys.path[0]

CUT = "\n… The rest is left out: a cell may show {limit:,} characters here."
NO_PICTURE = "(A picture is left out: those of a notebook may have {limit:,} bytes together.)"
NO_COMMANDS = "Commands with ! or % that start programs do nothing in the grader."
NO_PROCESSES = "The grader starts no other programs and no processes. Threads work."
NO_SOCKETS = "There is no network in the grader, and no socket."
NO_INPUT = "input() finds nobody to answer in the grader. Write the value into the code instead."
TOO_LARGE = "too large to send"
CELL = "Cell In"  # what a cell is called in a traceback
PR_SET_DUMPABLE, CAPABILITY_VERSION = 4, 0x20080522  # of the kernel's headers
STARTS = ("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "subprocess.Popen")
AGAIN = 0.25  # seconds from one alarm to the next
FRAMES = 20  # of a traceback: enough for a learner's own functions, few enough for endless recursion


def confine(limits: dict[str, Any], user: int) -> None:
    """Set what this process may use, for good, and give up every right that it has here."""
    libc = ctypes.CDLL(None)
    for kind, limit in {
        resource.RLIMIT_AS: limits["memory_bytes"],
        resource.RLIMIT_DATA: limits["memory_bytes"],
        resource.RLIMIT_CPU: int(limits["submission_seconds"]) + 5,
        resource.RLIMIT_FSIZE: limits["scratch_bytes"],
        resource.RLIMIT_NOFILE: limits["open_files"],
        resource.RLIMIT_NPROC: limits["processes"],
        resource.RLIMIT_STACK: 8 * 2**20,
        resource.RLIMIT_SIGPENDING: 1024,  # signals that wait, and timers, are in the kernel's memory
        resource.RLIMIT_CORE: 0,
    }.items():
        _, hardest = resource.getrlimit(kind)
        if hardest != resource.RLIM_INFINITY:
            limit = min(limit, hardest)
        resource.setrlimit(kind, (limit, limit))
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    # becoming another user leaves the capabilities that are to be inherited; an ordinary user may have had some too
    libc.capset((ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)())
    # a crash must not start the system's collector of core dumps, which a limit of 0 does not keep away
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


class Outputs:
    """What one cell shows, in the notebook format, within bounds."""

    def __init__(self, characters: int, pictures: list[int]) -> None:
        self.items: list[dict[str, Any]] = []
        self._limit = characters
        self._pictures = pictures  # [bytes allowed, bytes left], for all cells together
        self._used = 0

    def stream(self, name: str, text: str) -> None:
        if not (text := self._within(text)):
            return
        last = self.items[-1] if self.items else {}
        if last.get("name") == name:
            last["text"].append(text)
        else:
            self.items.append({"output_type": "stream", "name": name, "text": [text]})

    def show(self, kind: str, data: dict[str, Any], count: int | None = None) -> None:
        kept = {}
        if isinstance(plain := data.get("text/plain"), str) and (plain := self._within(plain)):
            kept["text/plain"] = plain
        if (picture := data.get("image/png")) is not None:
            picture = picture if isinstance(picture, bytes) else base64.b64decode(str(picture))
            if len(picture) > self._pictures[1]:
                self.stream("stderr", NO_PICTURE.format(limit=self._pictures[0]) + "\n")
            else:
                self._pictures[1] -= len(picture)
                kept["image/png"] = base64.b64encode(picture).decode("ascii")
        if kept:
            item = {"output_type": kind, "data": kept, "metadata": {}}
            self.items.append(item if count is None else {**item, "execution_count": count})

    def error(self, name: str, message: str, lines: list[str]) -> None:
        # always shown, whatever was printed before: it is what a learner needs most
        cut = [line[:2000] for line in lines]
        self.items.append(
            {"output_type": "error", "ename": name[:200], "evalue": message[:2000], "traceback": cut}
        )

    def clear(self) -> None:
        self.items.clear()

    def plain(self) -> list[dict[str, Any]]:
        return [{**i, "text": "".join(i["text"])} if i["output_type"] == "stream" else i for i in self.items]

    def _within(self, text: str) -> str:
        left = self._limit - self._used
        self._used += len(text)
        if len(text) <= left:
            return text
        return text[:left] + CUT.format(limit=self._limit) if left > 0 else ""


class Stream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of learner code."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, runner: Runner) -> None:
        self.name = name
        self._runner = runner

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._runner.outputs.stream(self.name, text)
        return len(text)


class Runner:
    """Runs the cells of one job and tells the channel. It may be made long before there is a job."""

    def __init__(self) -> None:
        from byhand.checking.collect import Stopped, collect

        self.stopped = False
        self._collect, self._stop = collect, Stopped
        self._running = False
        self._shell = make_shell(self)

    def take(self, channel: int, limits: dict[str, Any]) -> None:
        """Get ready for one job.

        Parameters
        ----------
        channel : int
            Where to write.
        limits : dict
            Those of `grader.execute.sandbox.Limits`.
        """
        self.limits = limits
        self._channel = channel
        self._pictures = [limits["image_bytes"], limits["image_bytes"]]
        self.new_outputs()
        sys.stdout, sys.stderr = Stream("stdout", self), Stream("stderr", self)
        builtins.input = no_input
        sys.addaudithook(say_what_is_refused)
        signal.signal(signal.SIGALRM, self._alarm)

    def new_outputs(self) -> Outputs:
        self.outputs = Outputs(self.limits["output_bytes"], self._pictures)
        return self.outputs

    def tell(self, **message: Any) -> None:
        """Write one line down the channel."""
        line = json.dumps(message).encode("ascii") + b"\n"
        while line:
            line = line[os.write(self._channel, line) :]

    def run(self, cells: list[dict[str, Any]]) -> None:
        """Run all cells, whatever happens in any of them."""
        self.tell(ready=True)
        for cell in cells:
            self.tell(begin=cell["index"])
            outputs, self.stopped = self.new_outputs(), False
            answer: dict[str, Any] = {}
            try:
                if "exercise" in cell:
                    answer["collected"] = self._answers(cell["exercise"], cell["cases"])
                else:
                    with self._limited():
                        self._shell.run_cell(cell["source"], store_history=True)
            except self._stop:
                self.stopped = True
            except BaseException as error:
                # out of IPython itself: learner code can break anything around it
                outputs.error(type(error).__name__, text_of(error), [])
            shown = [] if "exercise" in cell else outputs.plain()
            self.tell(done=cell["index"], outputs=shown, stopped=self.stopped, **answer)
        self.tell(end=True, **({"refused": calls.refused} if calls.refused else {}))

    def _answers(self, exercise: str, cases: list[Any]) -> Any:
        function = self._shell.user_ns.get(exercise)
        if not callable(function):
            return None
        with self._limited():
            records = self._collect(function, cases)
        room = self.limits["message_bytes"] // 2
        if len(json.dumps(records)) > room:
            for record in records:
                if len(json.dumps(record)) > room // len(records):
                    record["returned"] = {"other": TOO_LARGE, "text": ""}
        return records

    @contextlib.contextmanager
    def _limited(self) -> Iterator[None]:
        self._running = True
        # again and again, because an exception can get lost, for instance in a destructor
        signal.setitimer(signal.ITIMER_REAL, self.limits["cell_seconds"], AGAIN)
        try:
            yield
        finally:
            self._running = False
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _alarm(self, *_: Any) -> None:
        if self._running:
            self.stopped = True
            raise self._stop


def no_input(prompt: object = "", /) -> str:
    raise EOFError(NO_INPUT)


def say_what_is_refused(event: str, _: tuple[Any, ...]) -> None:
    """Say in words what the filter of system calls would refuse without any."""
    if event in STARTS:
        raise PermissionError(NO_PROCESSES)
    if event == "socket.__new__":
        raise PermissionError(NO_SOCKETS)


def text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # an exception class of the learner's may not even have a text
        return ""


def displays(runner: Runner) -> tuple[Any, Any]:
    """What IPython shows results and displayed things with: both go through `runner`."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher

    class Hook(DisplayHook):
        """Shows the value of a cell's last expression."""

        def write_output_prompt(self) -> None:
            pass

        def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
            runner.outputs.show("execute_result", format_dict, self.prompt_count)

        def finish_displayhook(self) -> None:
            self._is_active = False

    class Publisher(DisplayPublisher):
        """Shows what ``display`` is given."""

        def publish(self, data: dict[str, Any], metadata: Any = None, *_: Any, **__: Any) -> None:
            runner.outputs.show("display_data", data)

        def clear_output(self, wait: bool = False) -> None:
            runner.outputs.clear()

    return Hook, Publisher


def make_shell(runner: Runner) -> Any:
    """IPython's shell, showing its results through `runner`."""
    from IPython.core.compilerop import CachingCompiler
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.text import SList
    from traitlets import Any as AnyTrait
    from traitlets import Type
    from traitlets.config import Config, Configurable

    Hook, Publisher = displays(runner)

    class Compiler(CachingCompiler):
        def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
            return f"{CELL}[{number}]"

    class Shell(InteractiveShell):
        compiler_class = Type(Compiler)
        displayhook_class = Type(Hook)
        display_pub_class = Type(Publisher)

        def system(self, command: str) -> None:
            print(NO_COMMANDS)

        def getoutput(self, command: str, split: bool = True, depth: int = 0) -> Any:
            print(NO_COMMANDS)
            return SList() if split else ""

        def enable_gui(self, gui: str | None = None) -> None:
            pass

        def enable_matplotlib(self, gui: str | None = None) -> tuple[str, str]:
            return "inline", "inline"  # the environment asks for it already

        def ask_exit(self) -> None:
            pass

        def _tee(self, channel: str) -> Any:
            return contextlib.nullcontext()  # IPython would keep all that is printed, for its history

        def showtraceback(self, exc_tuple: Any = None, *_: Any, **__: Any) -> None:
            kind, error, trace = self._get_exc_info(exc_tuple)
            if kind.__name__ == "UsageError":
                self.show_usage_error(error)
                return
            if isinstance(error, runner._stop):
                runner.stopped = True
                return
            runner.outputs.error(kind.__name__, text_of(error), describe(error, trace))

        def showsyntaxerror(self, filename: Any = None, running_compiled_code: bool = False) -> None:
            self.showtraceback()

        def _format_exception_for_storage(self, *_: Any, **__: Any) -> dict[str, Any]:
            return {}  # slow, and nobody asks the history for it

        def showindentationerror(self) -> None:
            self.showtraceback()

    class InlineBackend(Configurable):
        """Takes ``%config InlineBackend.figure_format = …``, with which many notebooks begin."""

        figure_format = AnyTrait().tag(config=True)
        figure_formats = AnyTrait().tag(config=True)
        rc = AnyTrait().tag(config=True)

    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    shell = Shell.instance(config=settings)
    shell.configurables.append(InlineBackend(parent=shell))
    assert shell.display_formatter is not None  # IPython makes one with every shell
    shell.display_formatter.active_types = ["text/plain", "image/png"]
    return shell


PACKAGE = re.compile(r".*/(?:site-packages[^/]*|dist-packages|python3\.\d+|course)/")


def describe(error: BaseException, trace: Any) -> list[str]:
    """A traceback that begins in the learner's own cell, without colours and without this machine's folders."""
    frames = [frame for frame in traceback.extract_tb(trace) if frame.filename != __file__]
    while frames and not frames[0].filename.startswith(CELL):
        del frames[0]
    calls = []
    for frame in frames:
        function = "" if frame.name == "<module>" else f", in {frame.name}"
        call = f"  {PACKAGE.sub('', frame.filename)}, line {frame.lineno}{function}"
        calls.append(f"{call}\n    {frame.line}" if frame.line else call)
    lines = ["Traceback (most recent call last):"] if calls else []
    for call, same in itertools.groupby(calls):
        times = len(list(same))
        lines.append(call if times == 1 else f"{call}\n    … {times} times")
    if len(lines) > FRAMES:
        lines[1:-FRAMES] = ["  …"]
    told = traceback.TracebackException(type(error), error, None, compact=True)
    lines.extend(re.sub(rf'File "({CELL}[^"]*)"', r"\1", line) for line in told.format_exception_only())
    return "\n".join(line.rstrip("\n") for line in lines).splitlines()


def find_packages(packages: str) -> None:
    """Let imports find the view and the packages: nothing of the machine's, and nothing beside this file."""
    sys.prefix = sys.exec_prefix = "/venv"  # where packages are; a check looks there for frames to leave out
    sys.path[:] = ["", "/course", *(entry for entry in sys.path if entry), *packages.split(":")]


def let_go_of_the_standard_streams() -> None:
    """What is written past `Stream` is lost."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)


def filter_calls(job: dict[str, Any]) -> None:
    """Set the job's filter of system calls; no process can be started from here on."""
    if job["watched"]:
        calls.count_refused()
    calls.filter_calls(base64.b64decode(job["filter"]))


def main(channel: str, user: str, packages: str) -> None:
    """Read the job, be confined, run it, and end without a goodbye: nothing of a learner's runs then."""
    job = json.load(sys.stdin)
    confine(job["limits"], int(user))
    filter_calls(job)
    find_packages(packages)
    os.set_inheritable(int(channel), False)
    runner = Runner()
    runner.take(int(channel), job["limits"])
    let_go_of_the_standard_streams()
    runner.run(job["cells"])
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
