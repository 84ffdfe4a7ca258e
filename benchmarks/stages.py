"""Where the time goes: each stage of grading alone, one submission after another in one process."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from byhand.checking.collect import encode_cases
from grader.chapters import source
from grader.execute import fork_server
from grader.execute.session import execute
from grader.intake.downloads import scan
from grader.judge.seeds import code_digest, draw_cases
from grader.judge.verdicts import judge_submission
from grader.model import Graded, HandIn, Rebuilt, Status
from grader.pipeline.submission import Setting
from grader.publish.feedback import write_feedback
from grader.rebuild.notebook import rebuild
from grader.record.autograded import finished

SAID = {
    "rebuild": "read what was handed in, and put it into the course's own notebook",
    "draw": "draw each exercise's inputs, and what the reference gives for some",
    "fork": "fork from the warmed sandbox into new namespaces, and end it",
    "run": "run the learner's cells and collect the answers",
    "judge": "compare with the reference, and with known mistakes",
    "assemble": "make the graded notebook",
    "record": "write the gradebook and the graded notebook, in one process for all",
    "publish": "read both again, and write the feedback page",
}


class Stages:
    """Seconds of each stage, summed over submissions."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.count = 0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what is done inside."""
        start = time.perf_counter()
        yield
        self.seconds[name] += time.perf_counter() - start

    def mean(self, name: str) -> float:
        """Seconds of a stage for one submission."""
        return self.seconds[name] / self.count


def measure(class_folder: Path) -> Stages:
    """Grade the class, and time each stage."""
    from grader.publish.results import read_marks
    from grader.record.gradebook import Gradebook
    from grader.record.recorder import record_finished

    stages = Stages()
    setting = Setting.of(class_folder)
    found, _ = scan(class_folder)
    with Gradebook(class_folder) as gradebook:
        before = ""
        for one in sorted(found, key=lambda one: one.chapter):
            chapter = source.load(one.chapter)
            if one.chapter != before:
                before = one.chapter
                gradebook.register(chapter)
                execute(
                    Rebuilt(chapter, ()), {}
                )  # starts the warmed sandbox, which is not a submission's time
            stages.count += 1
            with stages.stage("fork"):
                execute(Rebuilt(chapter, ()), {}, setting.limits)
            with stages.stage("rebuild"):
                raw = one.read()
                hand_in = HandIn.of(one.student, one.chapter, raw, one.time())
                rebuilt = rebuild(raw, chapter)
            with stages.stage("draw"):
                cases = draw_cases(chapter.exercises, one.student, setting.key, code_digest(rebuilt))
                encoded = {name: encode_cases(drawn) for name, drawn in cases.items()}
            with stages.stage("run"):
                executed = execute(rebuilt, encoded, setting.limits)
            with stages.stage("judge"):
                reports = judge_submission(cases, executed.collected)
            with stages.stage("assemble"):
                done = finished(Graded(hand_in, rebuilt, executed, reports, Status.GRADED, "", ""))
            with stages.stage("record"):
                record_finished(done, chapter, class_folder, gradebook)
        for marked in read_marks(class_folder, gradebook):
            with stages.stage("publish"):
                result = marked.result(class_folder)
                if result:
                    write_feedback(result, class_folder)
    fork_server.cool_down()
    stages.seconds["run"] -= stages.seconds["fork"]
    return stages


def table(stages: Stages, seconds_a_notebook: float, jobs: int) -> list[str]:
    """Lines of Markdown."""
    lines = ["| | milliseconds a notebook | |", "| --- | ---: | --- |"]
    for name, said in SAID.items():
        lines.append(f"| {name} | {1000 * stages.mean(name):.0f} | {said} |")
    total = sum(stages.mean(name) for name in SAID)
    lines.append(f"| all stages | {1000 * total:.0f} | one after another, on one core |")
    rest = seconds_a_notebook - total / jobs
    lines.append(
        f"| start | {1000 * rest:.0f} | the rest of `make grade` on {jobs} cores: Python and nbgrader are imported, "
        "sandboxes warmed, the report written; the same for a large class |"
    )
    return lines
