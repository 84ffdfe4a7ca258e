"""Workers: side by side, in any order, whatever becomes of one of them; and what is kept between runs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import psutil
import pytest
import worker_jobs
from worker_jobs import double, process, wait_for_others

from grader.chapters import file_cache
from grader.workers import Workers, _Worker

HERE = worker_jobs.__name__


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(2, HERE) as made:
        yield made


def test_every_job_has_an_outcome_and_one_that_ends_its_process_costs_no_other(workers: Workers) -> None:
    outcomes = {outcome.job: outcome for outcome in workers.run(double, range(100))}
    assert {job: outcome.result for job, outcome in outcomes.items()} == {
        job: None if job in (13, 17) else 2 * job for job in range(100)
    }
    assert str(outcomes[13].error) == "unlucky"
    assert type(outcomes[17].error).__name__ == "BrokenProcessPool"
    assert [outcome.result for outcome in workers.run(double, [4])] == [8]


def test_work_begins_before_anybody_asks_for_an_outcome(workers: Workers, tmp_path: Path) -> None:
    mark = tmp_path / "begun"
    outcomes = workers.run(Path.touch, [mark])
    patience = time.monotonic() + 60
    while not mark.exists() and time.monotonic() < patience:
        pass
    assert mark.exists()
    assert [outcome.error for outcome in outcomes] == [None]


def test_a_worker_gets_jobs_of_one_kind(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[object, list[str]] = {}

    def begin(worker: _Worker, function: object, job: str) -> bool:
        given.setdefault(worker, []).append(job)
        worker.line[Future()] = job
        return True

    monkeypatch.setattr(_Worker, "begin", begin)
    workers.run(double, "aaaabbbbccccdddd", key=lambda job: job)
    assert sorted("".join(jobs) for jobs in given.values()) == ["aaaacccc", "bbbbdddd"]
    for worker in given:
        worker.line.clear()


def test_a_worker_with_nothing_left_helps_another(workers: Workers, tmp_path: Path) -> None:
    jobs = [(tmp_path, number) for number in range(13)]
    outcomes = {outcome.job[1]: outcome.result for outcome in workers.run(wait_for_others, jobs)}
    assert outcomes == dict.fromkeys(range(13), True)


def test_processes_end_with_the_context_and_with_a_grader_that_is_killed() -> None:
    with Workers(2, HERE) as workers:
        numbers = {outcome.result for outcome in workers.run(process, range(8))}
    assert not any(psutil.pid_exists(number) for number in numbers)

    program = (
        f"import sys; sys.path.insert(0, {str(Path(worker_jobs.__file__).parent)!r})\n"
        f"import os, signal, {HERE}\nfrom grader.workers import Workers\n"
        f"with Workers(2, {HERE!r}) as workers:\n"
        f"    print(*{{one.result for one in workers.run({HERE}.process, range(8))}}, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    left = [psutil.Process(int(number)) for number in done.stdout.split() if psutil.pid_exists(int(number))]
    assert done.stdout.split(), done.stderr
    assert psutil.wait_procs(left, timeout=30)[1] == []


def test_an_interrupted_command_does_not_wait_for_what_runs() -> None:
    with pytest.raises(KeyboardInterrupt), Workers(2, HERE) as workers:
        numbers = [next(workers.run(process, range(1))).result]
        workers.run(time.sleep, [3600, 3600])
        raise KeyboardInterrupt
    left = [psutil.Process(number) for number in numbers if psutil.pid_exists(number)]
    assert psutil.wait_procs(left, timeout=30)[1] == []


def test_what_is_kept_is_made_once_for_what_it_follows_from(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(file_cache, "CACHE", tmp_path / "kept")
    file_cache.place.cache_clear()
    made = []

    def write(folder: Path) -> None:
        made.append(folder)
        (folder / "text").write_text("x")

    first = file_cache.folder_of("thing", file_cache.key_of(["a"]), write)
    assert file_cache.folder_of("thing", file_cache.key_of(["a"]), write) == first
    assert file_cache.folder_of("thing", file_cache.key_of(["b"]), write) != first
    assert len(made) == 2
    assert sorted(path.name[0] for path in (tmp_path / "kept").iterdir()) == ["t", "t"]
    os.utime(first, (0, 0))
    os.utime(file_cache.folder_of("other", file_cache.key_of(["c"]), write), (0, 0))
    file_cache.folder_of("thing", file_cache.key_of(["d"]), write)
    assert not first.exists()  # replaced, and old
    assert len(list((tmp_path / "kept").glob("other-*"))) == 1
    file_cache.place.cache_clear()


def test_nothing_is_trusted_where_others_can_write(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(file_cache, "CACHE", tmp_path)
    monkeypatch.setattr(file_cache.os, "geteuid", lambda: 12345)  # so that it is another user's
    tmp_path.chmod(0o777)
    file_cache.place.cache_clear()
    chosen = file_cache.place()
    assert chosen != tmp_path
    file_cache.place.cache_clear()
    assert chosen.stat().st_mode & 0o022 == 0


@pytest.mark.parametrize("module", ["grader.publish.publisher", "grader.pipeline.command"])
def test_what_every_process_imports_is_quick_to_import(module: str) -> None:
    slow = {"nbgrader", "nbconvert", "nbformat", "jupytext", "sqlalchemy", "alembic", "matplotlib"}
    program = f"import sys, {module}\nprint(*({slow!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
