"""Processes that work side by side, for as long as one command needs them."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing.util import get_temp_dir
from typing import Generic, TypeVar

from grader.kept import temporary_folder

AHEAD = 16  # jobs a worker: enough that none waits, few enough that results do not pile up

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
        self.count = count
        self._prepared = prepared
        self._pool: ProcessPoolExecutor | None = None
        self._single: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._close(wait_for_them=kind is None)
        if kind is not None:
            for process in multiprocessing.active_children():
                process.terminate()  # otherwise Python would wait for the jobs that run

    def run(self, function: Callable[[Job], Result], jobs: Iterable[Job]) -> Iterator[Outcome[Job, Result]]:
        """Begin at once, and give each outcome as it comes, in any order.

        A job that breaks its process is tried once more, alone, after all others.
        """
        return _Run(self, function, iter(jobs)).outcomes()

    def submit(self, function: Callable[[Job], Result], job: Job) -> Future[Result]:
        """Begin one job, in new processes if the last were broken."""
        if self._pool is None:
            self._pool = _pool(self.count, self._prepared)
        return self._pool.submit(function, job)

    def alone(self, function: Callable[[Job], Result], job: Job) -> Result:
        """Do one job in a process that does nothing else meanwhile."""
        if self._single is None:
            self._single = _pool(1, self._prepared)
        try:
            return self._single.submit(function, job).result()
        except BrokenProcessPool:
            self._single = _closed(self._single)
            raise

    def give_up_the_broken(self) -> None:
        """Forget processes of which one has died; the next job starts others."""
        self._pool = _closed(self._pool)

    def _close(self, wait_for_them: bool) -> None:
        self._pool = _closed(self._pool, wait_for_them)
        self._single = _closed(self._single, wait_for_them)


def _closed(pool: ProcessPoolExecutor | None, wait_for_them: bool = True) -> None:
    if pool is not None:
        pool.shutdown(wait=wait_for_them, cancel_futures=True)


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


class _Run(Generic[Job, Result]):
    """The jobs of one `Workers.run`: some running or waiting for a process, some broken, the rest to come."""

    def __init__(self, workers: Workers, function: Callable[[Job], Result], jobs: Iterator[Job]) -> None:
        self._workers, self._function, self._jobs = workers, function, jobs
        self._begun: dict[Future[Result], Job] = {}
        self._broken: list[Job] = []
        self._ended = False  # a process ended that should not have, and with it all of them
        self._begin()

    def outcomes(self) -> Iterator[Outcome[Job, Result]]:
        while self._begun:
            done, _ = wait(self._begun, return_when=FIRST_COMPLETED)
            for future in done:
                outcome = Outcome(self._begun.pop(future), future.result)
                if isinstance(outcome.error, BrokenProcessPool):
                    self._ended = True
                    self._broken.append(outcome.job)
                else:
                    yield outcome
            self._begin()
        for job in self._broken:
            yield Outcome(job, lambda job=job: self._workers.alone(self._function, job))

    def _begin(self) -> None:
        """Begin as many as there is room for; after an end, once all that had begun are heard of."""
        if self._ended and not self._begun:
            self._workers.give_up_the_broken()
            self._ended = False
        while not self._ended and len(self._begun) < AHEAD * self._workers.count:
            job = next(self._jobs, None)
            if job is None:
                return
            try:
                self._begun[self._workers.submit(self._function, job)] = job
            except BrokenProcessPool:
                self._ended = True
                self._broken.append(job)
        if self._ended and not self._begun:
            self._begin()


def _pool(count: int, prepared: str) -> ProcessPoolExecutor:
    _put_the_socket_where_it_is_removed()
    context = multiprocessing.get_context("forkserver")  # forks from a clean process, without our threads
    context.set_forkserver_preload([prepared])
    return ProcessPoolExecutor(count, mp_context=context, initializer=_end_with_the_grader)


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
