"""Processes that work side by side, for as long as one command needs them.

Each worker is a process with a line of jobs of its own, so that jobs which share something slow to start (the
warmed sandbox of a chapter, say) can go to the same one. A worker with nothing left takes from another's line.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing.util import get_temp_dir
from typing import Any, Generic, TypeVar, cast

from grader.chapters.file_cache import temporary_folder

AHEAD = 16  # jobs in a worker's line: enough that none waits, few enough that results do not pile up

Job = TypeVar("Job")
Result = TypeVar("Result")


class Workers:
    """A number of processes, started with the first job. A context manager.

    Left through an exception (Ctrl-C, say), it begins nothing more and does not wait.

    Parameters
    ----------
    count : int
        How many work at once.
    prepared : str
        The module that holds what they do, imported once for all of them.
    """

    def __init__(self, count: int, prepared: str) -> None:
        self._all = [_Worker(prepared) for _ in range(count)]

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for worker in self._all:
            worker.close(wait_for_it=kind is None)
        if kind is not None:
            for process in multiprocessing.active_children():
                process.terminate()  # otherwise Python would wait for the jobs that run

    def run(
        self,
        function: Callable[[Job], Result],
        jobs: Iterable[Job],
        key: Callable[[Job], Hashable] = lambda job: None,
    ) -> Iterator[Outcome[Job, Result]]:
        """Begin at once, and give each outcome as it comes, in any order.

        A job that breaks its process is tried once more, alone, after all others.

        Parameters
        ----------
        function : callable
        jobs : iterable
        key : callable
            Jobs of the same key share something that is slow to start: one worker does many of them in a row.
        """
        return _Run(self._all, function, jobs, key).outcomes()


class Outcome(Generic[Job, Result]):
    """What came of one job: a result, or the error that it ended with."""

    def __init__(self, job: Job, get: Callable[[], Result]) -> None:
        self.job = job
        self.error: Exception | None = None
        self.result: Result | None = None
        try:
            self.result = get()
        except Exception as error:
            self.error = error


class _Worker:
    """One process, started with its first job and again after it has died, and its line of jobs."""

    def __init__(self, prepared: str) -> None:
        self.line: dict[Future[Any], Any] = {}
        self.key: Hashable = None
        self._prepared = prepared
        self._pool: ProcessPoolExecutor | None = None

    def begin(self, function: Callable[[Job], Result], job: Job) -> bool:
        """Put a job into the line; False if the process has died, and not all of the line has been heard of."""
        if self._pool is None:
            self._pool = _process(self._prepared)
        try:
            self.line[self._pool.submit(function, job)] = job
        except BrokenProcessPool:
            if self.line:
                return False
            self.close()
            return self.begin(function, job)
        return True

    def give_back(self) -> Any:
        """A job of the line that has not begun, for another worker; None if there is none."""
        for future in reversed(self.line):
            if future.cancel():
                return self.line.pop(future)
        return None

    def close(self, wait_for_it: bool = True) -> None:
        """End the process."""
        if self._pool is not None:
            self._pool.shutdown(wait=wait_for_it, cancel_futures=True)
            self._pool = None


class _Run(Generic[Job, Result]):
    """The jobs of one `Workers.run`: in the workers' lines, to be tried again alone, or still to come."""

    def __init__(
        self,
        workers: list[_Worker],
        function: Callable[[Job], Result],
        jobs: Iterable[Job],
        key: Callable[[Job], Hashable],
    ) -> None:
        self._workers, self._function = workers, function
        self._waiting: dict[Hashable, deque[Job]] = defaultdict(deque)
        for job in jobs:
            self._waiting[key(job)].append(job)
        self._broken: list[Job] = []
        self._begin()

    def outcomes(self) -> Iterator[Outcome[Job, Result]]:
        while begun := {future: worker for worker in self._workers for future in worker.line}:
            done, _ = wait(begun, return_when=FIRST_COMPLETED)
            for future in done:
                outcome = Outcome(begun[future].line.pop(future), future.result)
                if isinstance(outcome.error, BrokenProcessPool):
                    self._broken.append(outcome.job)
                else:
                    yield outcome
            self._begin()
        for job in self._broken:
            self._workers[0].begin(self._function, job)
            ((future, _),) = self._workers[0].line.items()
            yield Outcome(job, future.result)
            self._workers[0].line.clear()

    def _begin(self) -> None:
        """Fill the lines, the shortest first."""
        open_ = list(self._workers)
        while open_:
            worker = min(open_, key=lambda one: len(one.line))
            job = self._next(worker) if len(worker.line) < AHEAD else None
            if job is None:
                open_.remove(worker)
            elif not worker.begin(self._function, job):
                self._waiting[worker.key].appendleft(job)
                open_.remove(worker)

    def _next(self, worker: _Worker) -> Job | None:
        """A job for this worker: like its last, or of the kind with most to do that is nobody's yet."""
        if not self._waiting.get(worker.key):
            others = {one.key for one in self._workers if one.line and one is not worker}
            left = [key for key, jobs in self._waiting.items() if jobs]
            if not left:
                return self._from_another() if not worker.line else None
            worker.key = max(left, key=lambda key: (key not in others, len(self._waiting[key])))
        return self._waiting[worker.key].popleft()

    def _from_another(self) -> Job | None:
        longest = max(self._workers, key=lambda one: len(one.line))
        return cast("Job | None", longest.give_back())


def _process(prepared: str) -> ProcessPoolExecutor:
    _put_the_socket_where_it_is_removed()
    context = multiprocessing.get_context("forkserver")  # forks from a clean process, without our threads
    context.set_forkserver_preload([prepared])
    return ProcessPoolExecutor(1, mp_context=context, initializer=_end_with_the_grader)


@cache
def _put_the_socket_where_it_is_removed() -> None:
    """Let multiprocessing have its folder in ours: it would leave its own behind when it is killed."""
    before, tempfile.tempdir = tempfile.tempdir, str(temporary_folder())
    try:
        get_temp_dir()
    finally:
        tempfile.tempdir = before


def _end_with_the_grader() -> None:
    """Begin to watch, in a process, for the end of the grader: killed, it can tell nobody to end."""
    threading.Thread(target=_end_after_the_grader, daemon=True).start()


def _end_after_the_grader() -> None:
    grader = multiprocessing.parent_process()
    if grader is not None:
        grader.join()
        os._exit(1)  # and the kernel ends the sandbox that was begun here
