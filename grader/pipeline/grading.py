"""Grade a class: the stages one after another for each submission, submissions side by side.

Only this process writes the gradebook. What is recorded stays recorded: stopped by Ctrl-C, by a crash
or by a power cut, the next run goes on from there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import byhand.checking
import byhand.exercises
from byhand.checking.collect import encode_cases
from byhand.checking.report import Report
from grader.chapters import source
from grader.classroom.class_folder import notebook_path
from grader.errors import UserError
from grader.execute.class_limits import limits_of
from grader.execute.sandbox import Limits
from grader.execute.session import SandboxMissing, execute, get_ready
from grader.intake.downloads import Found, scan
from grader.judge.verdicts import class_key, draw_cases, judge_submission
from grader.model import Executed, Graded, Incident, Rebuilt, Status, Trouble
from grader.rebuild.notebook import rebuild
from grader.record.autograded import Finished, finished, read_autograded
from grader.workers import Outcome, Workers

if TYPE_CHECKING:
    from grader.record.gradebook import Gradebook

CRASHED = "The grader itself stopped while it graded this submission ({error}). Grade it again, or look at it by hand."
# the rooms of ours that decide a mark
DECIDING = ("chapters", "rebuild", "execute", "judge")
NOT_JUDGED = "Some answers could not be judged: {names}."
NO_MEMORY = "The memory of a submission was not enough for: {names}."


@dataclass
class Summary:
    """What a run did: how many were graded now, how many had not changed, and what was not taken."""

    graded: int = 0
    unchanged: int = 0
    ignored: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Setting:
    """What holds for every submission of a class; read once.

    ``fresh``: each submission gets a sandbox of its own (`grader.execute.sandbox`), not a fork of a warmed one.
    """

    class_folder: Path
    key: bytes
    limits: Limits
    fresh: bool = False

    @classmethod
    def of(cls, class_folder: Path, *, fresh: bool = False) -> Setting:
        """The setting of a class, whose key is made if there is none."""
        return cls(Path(class_folder), class_key(class_folder), limits_of(class_folder), fresh)


def grade_one(student: str, chapter_name: str, raw: bytes, setting: Setting) -> Graded:
    """Rebuild, execute and judge one submission. Writes nothing."""
    chapter = source.load(chapter_name)
    if not setting.fresh:
        get_ready(chapter_name, setting.limits)
    rebuilt = rebuild(raw, chapter)
    cases = draw_cases(chapter.exercises, student, setting.key)
    if rebuilt.unreadable:
        executed = Executed(outputs=tuple(() for _ in rebuilt.cells), collected={})
    else:
        encoded = {name: encode_cases(drawn) for name, drawn in cases.items()}
        executed = execute(rebuilt, encoded, setting.limits, fresh=setting.fresh)
    reports = judge_submission(cases, executed.collected)
    review = _for_a_person(reports)
    return Graded(
        student=student,
        rebuilt=rebuilt,
        executed=executed,
        reports=reports,
        status=_status(rebuilt, executed, bool(review)),
        note=_note(rebuilt, executed.incidents, review),
        fingerprint=fingerprint(student, chapter_name, raw, setting),
    )


def _for_a_person(reports: dict[str, Report]) -> list[str]:
    """What the reports hold that a person should look at, a sentence each."""
    not_judged = [name for name, report in reports.items() if report.kind == "not judged"]
    greedy = [name for name, report in reports.items() if report.kind == "memory"]
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
        # of a check the sentence itself says which
        where = "" if cell.exercise else f"{cell.name or f'cell {incident.cell + 1}'}: "
        sentences.append(f"{where}{incident.sentence}")
    return " ".join(" ".join([*sentences, *review, *rebuilt.repairs]).split())


def fingerprint(student: str, chapter_name: str, raw: bytes, setting: Setting) -> str:
    """A digest of all that the marks follow from: submission, chapter, specs, grader, limits and key."""
    digest = hashlib.sha256(f"{student}\0{chapter_name}\0".encode("utf-8", "surrogatepass"))
    digest.update(setting.key)
    digest.update(source.load(chapter_name).digest.encode())
    digest.update(_code_digest(chapter_name))
    digest.update(repr(setting.limits).encode())
    digest.update(raw)
    return digest.hexdigest()


@cache
def _code_digest(chapter_name: str) -> bytes:
    """A digest of the code that decides this chapter's marks: a changed spec regrades its chapter alone."""
    chapter = byhand.exercises.chapter(chapter_name)
    files = {Path(import_module(exercise.reference.__module__).__file__) for exercise in chapter.exercises}
    exercises = Path(byhand.exercises.__file__).parent
    files |= {exercises / chapter.room / f"{topic}.py" for topic in chapter.topics}
    files |= {exercises / name for name in ("spec.py", "inputs.py")}
    files |= set(Path(byhand.checking.__file__).parent.rglob("*.py"))
    grader = Path(__file__).parents[1]
    files |= {path for room in DECIDING for path in (grader / room).rglob("*.py")}
    files |= {grader / "sanitize.py", grader / "record" / "autograded.py"}
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.digest()


@dataclass(frozen=True)
class _Job:
    found: Found
    setting: Setting
    recorded: dict[str, float | None] | None = None  # what the gradebook has of it, if it may count


def _grade(job: _Job) -> Finished | None:
    """Grade a submission, in a process of its own; None if what is recorded is of this very submission."""
    found, setting = job.found, job.setting
    raw = found.read()
    if job.recorded is not None:
        facts = read_autograded(_graded_notebook(found, setting))
        mark = fingerprint(found.student, found.chapter, raw, setting)
        if facts is not None and facts.is_of(mark, job.recorded):
            return None
    return finished(grade_one(found.student, found.chapter, raw, setting))


def _chapter(job: _Job) -> str:
    """What jobs share: a worker's warmed sandbox serves one chapter."""
    return job.found.chapter


def _graded_notebook(found: Found, setting: Setting) -> Path:
    return notebook_path(setting.class_folder, "autograded", found.student, found.chapter)


def _crashed(job: _Job, error: BaseException) -> Finished:
    """The row of a submission on which the grader itself failed: nothing lost, a person looks at it."""
    student = job.found.student
    chapter = source.load(job.found.chapter)
    try:
        raw = job.found.read()
    except OSError:
        raw = b""
    rebuilt = rebuild(raw, chapter)
    executed = Executed(outputs=tuple(() for _ in rebuilt.cells), collected={})
    graded = Graded(
        student=student,
        rebuilt=rebuilt,
        executed=executed,
        reports=judge_submission(draw_cases(chapter.exercises, student, job.setting.key), {}),
        status=Status.NEEDS_REVIEW,
        note=CRASHED.format(error=f"{type(error).__name__}: {error}"[:300]),
        fingerprint="",  # never counts as done: the next run tries again
    )
    return finished(graded)


class Grading:
    """The grading of what is new or changed in ``submitted/``; begins at once with what is surely new.

    Meanwhile the caller opens the gradebook, which takes a second to import, and then calls `finish`.

    Parameters
    ----------
    setting : Setting
    workers : Workers
    only : callable
        Which submissions to look at; all by default.
    again : bool
        Grade what has not changed, too.
    """

    def __init__(
        self,
        setting: Setting,
        workers: Workers,
        *,
        only: Callable[[Found], bool] = lambda found: True,
        again: bool = False,
    ) -> None:
        self._setting, self._workers = setting, workers
        found, self._ignored = scan(setting.class_folder)
        wanted = sorted(filter(only, found), key=lambda one: (one.chapter, one.student))
        new = [one for one in wanted if again or not _graded_notebook(one, setting).exists()]
        self.chapters = sorted({one.chapter for one in wanted})
        self.total = len(wanted)
        known = set(new)
        self._known = [one for one in wanted if one not in known]
        self._outcomes = workers.run(_grade, [_Job(one, setting) for one in new], _chapter)

    def finish(self, gradebook: Gradebook, on_done: Callable[[str], None] = lambda student: None) -> Summary:
        """Grade all and record it.

        Parameters
        ----------
        gradebook : Gradebook
            An open one.
        on_done : callable
            Told whose submission is recorded, or has not changed.
        """
        from grader.record.recorder import (
            record_finished,
            recorded_scores,
        )  # nbgrader, which the workers do without

        summary = Summary(ignored=self._ignored)
        for outcome in self._all_outcomes(lambda: recorded_scores(self._setting.class_folder, gradebook)):
            job, done = outcome.job, outcome.result
            if isinstance(outcome.error, SandboxMissing | UserError):
                raise outcome.error
            if outcome.error is not None:  # our fault, and one submission's row
                done = _crashed(job, outcome.error)
            if done is None:
                summary.unchanged += 1
            else:
                record_finished(done, source.load(done.chapter), self._setting.class_folder, gradebook)
                summary.graded += 1
            on_done(job.found.student)
        return summary

    def _all_outcomes(
        self, scores: Callable[[], dict[tuple[str, str], dict[str, float | None]]]
    ) -> Iterator[Outcome[_Job, Finished | None]]:
        yield from self._outcomes
        if self._known:
            recorded = scores()
            jobs: Iterable[_Job] = (
                _Job(one, self._setting, recorded.get((one.student, one.chapter))) for one in self._known
            )
            yield from self._workers.run(_grade, jobs, _chapter)
