"""Execute: a rebuilt notebook in, its outputs and what its checks collected out.

Learner code runs in a sandbox (`sandbox`, `inside.runner`), and what it says is not believed: at
worst it loses marks of its own. A cell that has to be killed from outside takes its sandbox with it; the
notebook then runs again without that cell, so that one bad cell costs no other exercise its marks.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from grader.execute.channel import Garbled, Message, Reader
from grader.execute.fork_server import start, warm_up
from grader.execute.sandbox import (
    DEFAULT,
    START_SECONDS,
    Limits,
    Running,
    SandboxMissing,
    check_sandbox,
    not_started,
)
from grader.execute.stripped_package import view_for
from grader.model import Executed, Incident, Rebuilt, Role, Trouble

__all__ = ["Limits", "SandboxMissing", "check_sandbox", "execute", "get_ready"]

# {it} is "This cell" or "The check of `sigmoid`"
SENTENCES = {
    Trouble.TIME: "{it} ran longer than {seconds:g} seconds and was stopped. Is there a loop that never ends?",
    Trouble.MEMORY: "{it} used more than {gigabytes:.2g} GB of memory and was stopped. "
    "Is there an array or a list much larger than you meant?",
    Trouble.DIED: "{it} made Python end. Does it call exit, or use a library in a way that crashes?",
    Trouble.GARBLED: "{it} disturbed the grader and was stopped. Does it write to files that it did not open?",
}
ALL_TOO_LONG = (
    "The notebook ran longer than {seconds:g} seconds. It was stopped here: the cells below did not run."
)
TOO_OFTEN = "The notebook was stopped for the last of {times} times here: the cells below did not run."
TOO_SLOW = f"it was not ready after {START_SECONDS:g} seconds"
ERROR_NAMES = {Trouble.TIME: "TimeoutError", Trouble.MEMORY: "MemoryError"}

GRACE = 1.0  # seconds that the runner's own alarm has to stop a cell before it is killed
LOOK = 0.1  # seconds between two looks at the memory


def execute(
    rebuilt: Rebuilt,
    cases: dict[str, Any],
    limits: Limits = DEFAULT,
    *,
    fresh: bool = False,
    watched: bool = False,
) -> Executed:
    """Run a notebook's cells in the sandbox, and collect the answers of its checks there.

    Parameters
    ----------
    rebuilt : Rebuilt
    cases : dict
        By exercise, from `byhand.checking.collect.encode_cases`.
    limits : Limits
    fresh : bool
        Whether to start a sandbox for this notebook alone, and not to fork one from a warmed sandbox.
    watched : bool
        Whether to note which system calls were refused. Only for a notebook that is trusted.

    Returns
    -------
    Executed
        Whatever the notebook does.

    Raises
    ------
    SandboxMissing
        If this machine cannot run a sandbox; never because of anything in the notebook.
    """
    execution = _Execution(rebuilt, cases, limits, fresh, watched)
    for _ in range(limits.restarts + 1):
        if execution.attempt():
            break
    else:
        execution.give_up(TOO_OFTEN.format(times=limits.restarts + 1))
    return execution.result()


def get_ready(chapter_name: str, limits: Limits = DEFAULT) -> None:
    """Begin to start what `execute` will need for this chapter; it takes a moment, in which to do something else."""
    warm_up(view_for(chapter_name), limits)


class _Execution:
    """What is known of one notebook, over all attempts to run it. The first answer of a cell counts."""

    def __init__(
        self, rebuilt: Rebuilt, cases: dict[str, Any], limits: Limits, fresh: bool, watched: bool
    ) -> None:
        self._rebuilt, self._cases, self._limits = rebuilt, cases, limits
        self._fresh, self._watched = fresh, watched
        self._refused: set[int] = set()
        self._view = view_for(rebuilt.chapter.name)
        self._seconds_left = limits.submission_seconds
        self._outputs: dict[int, tuple[dict[str, Any], ...]] = {}
        self._collected: dict[str, Any] = {}
        self._incidents: dict[int, Incident] = {}
        self._left_out: set[int] = set()  # the cells that had to be killed

    def attempt(self) -> bool:
        """Run what is still to be run. Whether there is nothing more to try."""
        cells = list(self._to_run())
        for fresh in (False, True)[self._fresh :]:
            with start(self._view, cells, self._limits, fresh=fresh, watched=self._watched) as sandbox:
                run = _Run([cell["index"] for cell in cells], sandbox, self._limits, self._seconds_left)
                trouble = run.follow(self._take)
            if run.ready and (trouble is None or not sandbox.lost()):
                break
        if not run.ready:
            raise not_started(TOO_SLOW if trouble is Trouble.TIME else sandbox.complaint)
        self._seconds_left -= run.seconds()
        self._refused.update(run.refused)
        if trouble is None:
            return True
        self._left_out.add(run.cell)
        if self._seconds_left <= 0:
            self._note(run.cell, Trouble.TIME, ALL_TOO_LONG.format(seconds=self._limits.submission_seconds))
            return True
        self._note(run.cell, trouble)
        return not run.waiting

    def give_up(self, sentence: str) -> None:
        """Add to the last incident that nothing below it ran."""
        last = list(self._incidents.values())[-1]
        self._note(last.cell, last.trouble, f"{last.sentence} {sentence}")

    def result(self) -> Executed:
        outputs = []
        for index in range(len(self._rebuilt.cells)):
            shown = self._outputs.get(index, ())
            if incident := self._incidents.get(index):
                shown = (*shown, _as_error(incident))
            outputs.append(shown)
        incidents = tuple(self._incidents[index] for index in sorted(self._incidents))
        return Executed(tuple(outputs), self._collected, incidents, tuple(sorted(self._refused)))

    def _to_run(self) -> Iterator[dict[str, Any]]:
        for index, cell in enumerate(self._rebuilt.cells):
            if index in self._left_out or cell.cell_type != "code":
                continue
            if cell.role is Role.CHECK:
                if cell.exercise and index not in self._outputs:
                    yield {"index": index, "exercise": cell.exercise, "cases": self._cases[cell.exercise]}
            elif cell.role is not Role.DEMO:
                yield {"index": index, "source": cell.source}

    def _take(self, message: Message) -> None:
        """Keep what a cell showed, or what its check collected."""
        index = message.cell
        if index in self._outputs:
            return
        self._outputs[index] = message.outputs
        exercise = self._rebuilt.cells[index].exercise
        if exercise and message.collected is not None:
            self._collected[exercise] = message.collected
        if message.stopped:
            self._note(index, Trouble.TIME)

    def _note(self, index: int, trouble: Trouble, sentence: str = "") -> None:
        exercise = self._rebuilt.cells[index].exercise
        sentence = sentence or SENTENCES[trouble].format(
            it=f"The check of `{exercise}`" if exercise else "This cell",
            seconds=self._limits.cell_seconds,
            gigabytes=self._limits.memory_bytes / 2**30,
        )
        self._incidents[index] = Incident(index, trouble, sentence)


class _Run:
    """One attempt: follows a sandbox from its first word to its last.

    Attributes
    ----------
    ready : bool
        Whether it came as far as a learner's first line.
    waiting : list of int
        The cells that have not begun.
    cell : int
        The cell that runs or that ran last: what goes wrong is put down to it.
    refused : tuple of int
        Numbers of the system calls that were refused, if the sandbox was watched and came to its end.
    """

    def __init__(self, cells: list[int], sandbox: Running, limits: Limits, seconds: float) -> None:
        self.waiting = cells
        self._sandbox, self._limits, self._seconds = sandbox, limits, seconds
        self.ready = False
        self.refused: tuple[int, ...] = ()
        self.cell = cells[0] if cells else 0
        self._open = False  # begun and not done
        self._ended = False
        self._deadline = self._started = time.monotonic()

    def seconds(self) -> float:
        """How long learner code has had by now."""
        return time.monotonic() - self._started

    def follow(self, take: Callable[[Message], None]) -> Trouble | None:
        """Give every cell's message to `take`, until the end or until something is wrong."""
        reader = Reader(self._limits)
        self._deadline = time.monotonic() + START_SECONDS
        look = time.monotonic() + LOOK
        while not self._ended:
            received = self._sandbox.receive(min(look, self._deadline) - time.monotonic())
            if received is None:
                died = Trouble.MEMORY if self._sandbox.out_of_memory() else Trouble.DIED
                return self._unless_done(died)
            try:
                for message in reader.messages(received):
                    self._step(message)
                    if message.kind == "done":
                        take(message)
            except Garbled:
                return self._unless_done(Trouble.GARBLED)
            now = time.monotonic()
            if now > self._deadline or (self.ready and self.seconds() > self._seconds):
                return self._unless_done(Trouble.TIME)
            if now > look:
                look = now + LOOK
                # before it is ready, its walls may not be there yet, and folders are those of the machine
                if self.ready and self._sandbox.memory() > self._limits.memory_bytes:
                    return self._unless_done(Trouble.MEMORY)
        return None

    def _unless_done(self, trouble: Trouble) -> Trouble | None:
        return trouble if self._open or self.waiting or not self.ready else None

    def _step(self, message: Message) -> None:
        """The runner's messages come in one order only; what comes in another is not the runner's."""
        self._deadline = time.monotonic() + self._limits.cell_seconds + GRACE
        if message.kind == "ready" and not self.ready:
            self.ready = True
            self._started = time.monotonic()
        elif message.kind == "begin" and self.ready and not self._open and self.waiting[:1] == [message.cell]:
            self.cell = self.waiting.pop(0)
            self._open = True
        elif message.kind == "done" and self._open and message.cell == self.cell:
            self._open = False
        elif message.kind == "end" and self.ready and not self._open and not self.waiting:
            self._ended = True
            self.refused = message.refused
        else:
            raise Garbled("a message out of order")


def _as_error(incident: Incident) -> dict[str, Any]:
    name = ERROR_NAMES.get(incident.trouble, "Stopped")
    return {
        "output_type": "error",
        "ename": name,
        "evalue": incident.sentence,
        "traceback": [f"{name}: {incident.sentence}"],
    }
