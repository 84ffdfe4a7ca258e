"""One hand-in through the stages: rebuild, execute, judge. What comes of it is recorded and published by others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from byhand.checking.collect import encode_cases
from byhand.exercises.inputs import Case
from grader.chapters import source
from grader.execute.class_limits import limits_of
from grader.execute.sandbox import Limits
from grader.execute.session import execute, get_ready
from grader.judge.seeds import asking_order, class_key, code_digest, draw_cases, in_drawn_order
from grader.judge.verdicts import judge_submission, not_judged
from grader.model import Executed, Graded, HandIn, Rebuilt, Status
from grader.pipeline.digests import fingerprint, run_digest
from grader.pipeline.kept import keep, read_kept
from grader.pipeline.notes import note_of, of_crash
from grader.pipeline.status import status_of
from grader.rebuild.notebook import rebuild
from grader.sanitize import make_writable


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


def grade_one(hand_in: HandIn, raw: bytes, setting: Setting, kept: bytes = b"") -> Graded:
    """Rebuild, execute and judge one hand-in. Writes nothing.

    Parameters
    ----------
    hand_in : HandIn
    raw : bytes
        The file.
    setting : Setting
    kept : bytes
        What an earlier grading kept. If the same code would be run in the same way, it is judged again, not run.
    """
    chapter = source.load(hand_in.chapter)
    if not kept and not setting.fresh:
        get_ready(hand_in.chapter, setting.limits)
    rebuilt = rebuild(raw, chapter)
    cases = draw_cases(chapter.exercises, hand_in.student, setting.key, code_digest(rebuilt))
    run = run_digest(hand_in, rebuilt, setting.key, setting.limits)
    ran = read_kept(kept, run)
    if ran is None:
        ran = Executed((), {}) if rebuilt.unreadable else _run(rebuilt, cases, setting)
        kept = keep(ran, run)
    executed = _placed(ran, rebuilt)
    reports = judge_submission(cases, executed.collected)
    return Graded(
        hand_in=hand_in,
        rebuilt=rebuilt,
        executed=executed,
        reports=reports,
        status=status_of(rebuilt, executed, reports),
        note=note_of(rebuilt, executed.incidents, reports),
        fingerprint=fingerprint(hand_in, setting.key, setting.limits, chapter),
        kept=kept,
    )


def crashed(hand_in: HandIn, raw: bytes, error: BaseException, doing: str = "graded") -> Graded:
    """The row of a hand-in on which the grader itself failed: a person looks at it, and the next run tries again.

    Parameters
    ----------
    hand_in : HandIn
    raw : bytes
        The file; empty where its text must not be shown.
    error : Exception
    doing : str
        What the grader did when it failed.
    """
    chapter = source.load(hand_in.chapter)
    try:
        rebuilt = rebuild(raw, chapter) if raw else Rebuilt(chapter, chapter.cells)
    except Exception:  # the rebuild itself may be what failed
        rebuilt = Rebuilt(chapter, chapter.cells)
    return Graded(
        hand_in=hand_in,
        rebuilt=rebuilt,
        executed=Executed(outputs=tuple(() for _ in rebuilt.cells), collected={}),
        reports={name: not_judged(name, error) for name in chapter.exercises},
        status=Status.NEEDS_REVIEW,
        note=of_crash(error, doing),
        fingerprint="",  # never counts as done
    )


def _run(rebuilt: Rebuilt, cases: dict[str, list[Case]], setting: Setting) -> Executed:
    """Run the cells that run. The sandbox sees no others, not even how many there are."""
    encoded = {name: encode_cases(drawn) for name, drawn in cases.items()}
    orders = {name: asking_order(setting.key, drawn) for name, drawn in encoded.items()}
    asked = {name: [drawn[number] for number in orders[name]] for name, drawn in encoded.items()}
    cells = tuple(rebuilt.cells[number] for number in rebuilt.running)
    executed = execute(replace(rebuilt, cells=cells), asked, setting.limits, fresh=setting.fresh)
    make_writable(executed.collected)
    collected = {name: in_drawn_order(orders[name], one) for name, one in executed.collected.items()}
    return replace(executed, collected=collected)


def _placed(ran: Executed, rebuilt: Rebuilt) -> Executed:
    """What the running cells gave, in its places in the whole notebook."""
    numbers = rebuilt.running
    outputs = dict(zip(numbers, ran.outputs, strict=False))
    return Executed(
        outputs=tuple(outputs.get(number, ()) for number in range(len(rebuilt.cells))),
        collected=ran.collected,
        incidents=tuple(replace(one, cell=numbers[one.cell]) for one in ran.incidents),
    )
