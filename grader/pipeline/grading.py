"""Grade a class: each hand-in through the stages, hand-ins side by side, and every one of them ends in a row.

Only this process writes the gradebook. What is recorded stays recorded: stopped by Ctrl-C, by a crash
or by a power cut, the next run goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from grader.chapters import source
from grader.classroom.class_folder import collected_path, notebook_path
from grader.errors import UserError
from grader.execute.session import SandboxMissing
from grader.faults import fault_of
from grader.intake.downloads import Found, scan
from grader.model import HandIn
from grader.pipeline.digests import fingerprint
from grader.pipeline.submission import Setting, crashed, grade_one
from grader.record.autograded import Finished, finished, read_autograded
from grader.workers import Outcome, Workers

if TYPE_CHECKING:
    from grader.record.gradebook import Gradebook

UNBEARABLE = (BrokenProcessPool, MemoryError, RecursionError)


@dataclass
class Summary:
    """What a run did.

    ``lost`` are the hand-ins whose row could not be written where it belongs; their rows are published all the same.
    """

    graded: int = 0
    judged_again: int = 0  # of those graded: what they had returned was there, and nothing was run
    unchanged: int = 0
    ignored: list[str] = field(default_factory=list)
    lost: list[Finished] = field(default_factory=list)


@dataclass(frozen=True)
class _Job:
    found: Found
    setting: Setting
    recorded: dict[str, float | None] | None = None  # what the gradebook has of it, if it may count
    again: bool = False  # run what has not changed, too

    def read(self) -> tuple[HandIn, bytes]:
        """The hand-in and its bytes."""
        raw = self.found.read()
        return HandIn.of(self.found.student, self.found.chapter, raw, self.found.time()), raw

    @property
    def graded_notebook(self) -> Path:
        """Where its graded notebook belongs."""
        return notebook_path(self.setting.class_folder, "autograded", self.found.student, self.found.chapter)


def _grade(job: _Job) -> Finished | None:
    """Grade a hand-in, in a process of its own; None if what is recorded is of this very one."""
    hand_in, raw = job.read()
    setting = job.setting
    if job.recorded is not None:
        facts = read_autograded(job.graded_notebook)
        mark = fingerprint(hand_in, setting.key, setting.limits, source.load(hand_in.chapter))
        if facts is not None and facts.is_of(mark, job.recorded):
            return None
    kept = b"" if job.again else _kept(job)
    return finished(grade_one(hand_in, raw, setting, kept), kept)


def _kept(job: _Job) -> bytes:
    """What an earlier run of this learner's chapter gave; nothing if there was none."""
    try:
        return collected_path(job.setting.class_folder, job.found.student, job.found.chapter).read_bytes()
    except OSError:
        return b""


def _chapter(job: _Job) -> str:
    """What jobs share: a worker's warmed sandbox serves one chapter."""
    return job.found.chapter


def _crashed(job: _Job, error: BaseException, doing: str = "graded", *, bare: bool = False) -> Finished:
    """The row of a hand-in on which the grader itself failed; a bare one shows nothing of the learner's."""
    try:
        hand_in, raw = job.read()
    except OSError:
        hand_in, raw = HandIn.of(job.found.student, job.found.chapter, b""), b""
    return finished(crashed(hand_in, b"" if bare else raw, error, doing))


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
        jobs = [_Job(one, setting, again=again) for one in wanted]
        new = [job for job in jobs if again or not job.graded_notebook.exists()]
        self.chapters = sorted({one.chapter for one in wanted})
        self.total = len(wanted)
        known = {job.found for job in new}
        self._known = [one for one in wanted if one not in known]
        self._outcomes = workers.run(_grade, new, _chapter)

    def finish(self, gradebook: Gradebook, on_done: Callable[[str], None] = lambda student: None) -> Summary:
        """Grade all and record it.

        Parameters
        ----------
        gradebook : Gradebook
            An open one.
        on_done : callable
            Told whose submission is recorded, or has not changed.

        Raises
        ------
        SandboxMissing, UserError
            If the machine is at fault: then nothing is lost, and the next run goes on.
        """
        from grader.record.recorder import recorded_scores

        summary = Summary(ignored=list(self._ignored))
        for outcome in self._all_outcomes(lambda: recorded_scores(self._setting.class_folder, gradebook)):
            job, done = outcome.job, outcome.result
            if outcome.error is not None:  # our fault, and one submission's row
                _raise_if_the_machines(outcome.error)
                # what a worker could not bear must not be read again here
                done = _crashed(job, outcome.error, bare=isinstance(outcome.error, UNBEARABLE))
            if done is None:
                summary.unchanged += 1
            else:
                self._record(job, done, gradebook, summary)
            on_done(job.found.student)
        return summary

    def _record(self, job: _Job, done: Finished, gradebook: Gradebook, summary: Summary) -> None:
        recorded, there = _record_or_say_why(job, done, gradebook)
        summary.graded += 1
        summary.judged_again += recorded.judged_again
        if not there:
            summary.lost.append(recorded)

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


def grade_and_record(found: Found, class_folder: Path, gradebook: Gradebook) -> None:
    """Grade one submission in this process and in a sandbox of its own, and record it, as nbgrader's doors do."""
    job = _Job(found, Setting.of(class_folder, fresh=True), again=True)
    try:
        done = _grade(job)
    except Exception as error:
        _raise_if_the_machines(error)
        done = _crashed(job, error)
    if done is not None:
        _record_or_say_why(job, done, gradebook)


def _record_or_say_why(job: _Job, done: Finished, gradebook: Gradebook) -> tuple[Finished, bool]:
    """Record a row, or one that says why there is no better one. The row, and whether it could be written."""
    from grader.record.recorder import record_finished  # nbgrader, which the workers do without

    chapter = source.load(done.chapter)
    try:
        record_finished(done, chapter, job.setting.class_folder, gradebook)
    except Exception as error:
        _raise_if_the_machines(error)
        done = _crashed(job, error, "recorded", bare=True)
        try:
            record_finished(done, chapter, job.setting.class_folder, gradebook)
        except Exception as again:
            _raise_if_the_machines(again)
            return done, False
    return done, True


def _raise_if_the_machines(error: BaseException) -> None:
    """Go on where one submission is at fault; end the run where the machine is."""
    if isinstance(error, SandboxMissing | UserError):
        raise error
    if (fault := fault_of(error)) is not None:
        raise fault from error
