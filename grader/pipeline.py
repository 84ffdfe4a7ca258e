"""Grade a class: the stages one after another for each submission, submissions side by side.

Only this process writes the gradebook. What is recorded stays recorded: stopped by Ctrl-C, by a crash
or by a power cut, the next run goes on from there.
"""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path

import byhand.checking
import byhand.exercises
from byhand.checking.collect import encode_cases
from byhand.checking.report import Report
from grader import source
from grader.class_limits import limits_of
from grader.collect import Found, scan
from grader.execute import execute
from grader.judge import class_key, draw_cases, judge_submission
from grader.model import Executed, Graded, Incident, Rebuilt, Status, Trouble
from grader.rebuild import rebuild

CRASHED = "The grader itself stopped while it graded this submission ({error}). Grade it again, or look at it by hand."
# the modules of ours that decide a mark, or what a graded notebook holds
DECIDING = (
    *("identity", "submitted", "matching", "repairs", "rebuild", "source", "source_reader", "source_rules"),
    *("execute", "channel", "runner", "sandbox", "warmed", "forker", "walls", "namespace", "seccomp", "view"),
    *("judge", "autograded", "safe"),
)
NOT_JUDGED = "Some answers could not be judged: {names}."
NO_MEMORY = "The memory of a submission was not enough for: {names}."


@dataclass
class Summary:
    """What a run did: how many were graded now, how many had not changed, and what was not taken."""

    graded: list[Graded] = field(default_factory=list)
    unchanged: int = 0
    ignored: list[str] = field(default_factory=list)


def grade_one(student: str, chapter_name: str, raw: bytes, class_folder: Path) -> Graded:
    """Rebuild, execute and judge one submission. Writes nothing."""
    chapter = source.load(chapter_name)
    rebuilt = rebuild(raw, chapter)
    cases = draw_cases(chapter.exercises, student, class_key(class_folder))
    if rebuilt.unreadable:
        executed = Executed(outputs=tuple(() for _ in rebuilt.cells), collected={})
    else:
        encoded = {name: encode_cases(drawn) for name, drawn in cases.items()}
        executed = execute(rebuilt, encoded, limits_of(class_folder))
    reports = judge_submission(cases, executed.collected)
    review = _for_a_person(reports)
    return Graded(
        student=student,
        rebuilt=rebuilt,
        executed=executed,
        reports=reports,
        status=_status(rebuilt, executed, bool(review)),
        note=_note(rebuilt, executed.incidents, review),
        fingerprint=fingerprint(student, chapter_name, raw, class_folder),
    )


def _for_a_person(reports: dict[str, Report]) -> list[str]:
    """What the reports hold that a person should look at, a sentence each."""
    not_judged = [name for name, report in reports.items() if report.kind == "not judged"]
    greedy = [name for name, report in reports.items() if "MemoryError" in report.headline]
    sentences = [NOT_JUDGED.format(names=", ".join(not_judged))] if not_judged else []
    return sentences + ([NO_MEMORY.format(names=", ".join(greedy))] if greedy else [])


def _status(rebuilt: Rebuilt, executed: Executed, review: bool) -> Status:
    troubles = {incident.trouble for incident in executed.incidents}
    if rebuilt.unreadable:
        return Status.UNREADABLE
    if review or troubles - {Trouble.TIME}:
        return Status.NEEDS_REVIEW
    if troubles:
        return Status.TIMED_OUT
    return Status.REPAIRED if rebuilt.repairs else Status.GRADED


def _note(rebuilt: Rebuilt, incidents: tuple[Incident, ...], review: list[str]) -> str:
    sentences = [rebuilt.unreadable] if rebuilt.unreadable else []
    for incident in incidents:
        cell = rebuilt.cells[incident.cell]
        where = cell.exercise or cell.name or f"cell {incident.cell + 1}"
        sentences.append(f"{where}: {incident.sentence}")
    return " ".join(" ".join([*sentences, *review, *rebuilt.repairs]).split())


def fingerprint(student: str, chapter_name: str, raw: bytes, class_folder: Path) -> str:
    """A digest of all that the marks follow from: submission, chapter, specs, grader, limits and key."""
    digest = hashlib.sha256(f"{student}\0{chapter_name}\0".encode("utf-8", "surrogatepass"))
    digest.update(class_key(class_folder))
    digest.update(source.load(chapter_name).digest.encode())
    digest.update(_code_digest(chapter_name))
    digest.update(repr(limits_of(class_folder)).encode())
    digest.update(raw)
    return digest.hexdigest()


@cache
def _code_digest(chapter_name: str) -> bytes:
    """A digest of the code that decides this chapter's marks: a changed spec regrades its chapter alone."""
    chapter = byhand.exercises.chapter(chapter_name)
    files = {Path(import_module(exercise.reference.__module__).__file__) for exercise in chapter.exercises}
    files |= {Path(import_module(f"byhand.exercises.{topic}").__file__) for topic in chapter.topics}
    files |= {Path(byhand.exercises.__file__).with_name(name) for name in ("spec.py", "inputs.py")}
    files |= set(Path(byhand.checking.__file__).parent.glob("*.py"))
    files |= {Path(__file__).with_name(f"{name}.py") for name in DECIDING}
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.digest()


@dataclass(frozen=True)
class _Job:
    found: Found
    class_folder: Path


def _run(job: _Job) -> Graded:
    return grade_one(job.found.student, job.found.chapter, job.found.read(), job.class_folder)


def _crashed(job: _Job, error: BaseException) -> Graded:
    """The row of a submission on which the grader itself failed: nothing lost, a person looks at it."""
    student = job.found.student
    chapter = source.load(job.found.chapter)
    rebuilt = rebuild(job.found.read(), chapter)
    executed = Executed(outputs=tuple(() for _ in rebuilt.cells), collected={})
    cases = draw_cases(chapter.exercises, student, class_key(job.class_folder))
    return Graded(
        student=student,
        rebuilt=rebuilt,
        executed=executed,
        reports=judge_submission(cases, {}),
        status=Status.NEEDS_REVIEW,
        note=CRASHED.format(error=f"{type(error).__name__}: {error}"[:300]),
        fingerprint="",  # never counts as done: the next run tries again
    )


def grade_class(
    class_folder: Path,
    jobs: int,
    *,
    on_start: Callable[[int], None] = lambda total: None,
    on_done: Callable[[Graded], None] = lambda graded: None,
    only: Callable[[Found], bool] = lambda found: True,
    again: bool = False,
) -> Summary:
    """Grade what is new or changed in ``submitted/`` and record it.

    Parameters
    ----------
    class_folder : Path
    jobs : int
        How many submissions run at once.
    on_start, on_done : callable
        Told how many there are to grade, and each one that is recorded.
    only : callable
        Which submissions to look at; all by default.
    again : bool
        Grade what has not changed, too.
    """
    # these import SQLAlchemy and nbgrader, which the workers do without
    from grader.gradebook import Gradebook
    from grader.record import is_recorded, record

    found, ignored = scan(class_folder)
    summary = Summary(ignored=ignored)
    todo = []
    with Gradebook(class_folder) as gradebook:
        for item in filter(only, found):
            mark = fingerprint(item.student, item.chapter, item.read(), class_folder)
            if not again and is_recorded(item.student, item.chapter, mark, class_folder, gradebook):
                summary.unchanged += 1
            else:
                todo.append(_Job(item, class_folder))
        on_start(len(todo))
        for graded in _grade_all(todo, jobs):
            record(graded, class_folder, gradebook)
            summary.graded.append(graded)
            on_done(graded)
    return summary


def _grade_all(todo: list[_Job], jobs: int) -> Iterator[Graded]:
    """Grade side by side; a job that breaks its worker is tried once more, alone."""
    broken: list[_Job] = []
    if todo:
        with _pool(min(jobs, len(todo))) as pool:
            futures = {pool.submit(_run, job): job for job in todo}
            try:
                for future in as_completed(futures):
                    try:
                        yield future.result()
                    except BrokenProcessPool:
                        broken.append(futures[future])
                    except Exception as error:  # our fault, and one submission's row
                        yield _crashed(futures[future], error)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)  # Ctrl-C: what is done stays done
                raise
    for job in broken:
        with _pool(1) as pool:
            try:
                yield pool.submit(_run, job).result()
            except Exception as error:
                yield _crashed(job, error)


def _pool(jobs: int) -> Executor:
    context = multiprocessing.get_context("forkserver")  # forks from a clean process, without our threads
    context.set_forkserver_preload([__name__])
    return ProcessPoolExecutor(jobs, mp_context=context)
