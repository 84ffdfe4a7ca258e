"""``make sandbox-check``: what this machine's sandbox lacks, tried with the course's own solved chapters.

Whatever the course's answers need must run there. A system call that is refused to one of them is named, because the
marks of a class would show it only as an error of the learner's.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterator

from byhand.checking.collect import encode_cases
from grader.chapters import source
from grader.execute import cgroup, fork_server, seccomp
from grader.execute.sandbox import check_sandbox, find_bubblewrap
from grader.execute.session import execute
from grader.judge.seeds import draw_cases
from grader.judge.verdicts import judge_submission
from grader.model import Executed
from grader.rebuild.notebook import rebuild

KEY = bytes(32)  # nobody's: this is no class
KINDS = {"forked": False, "fresh": True}
MACHINE = "Linux {release} on {machine}, {bubblewrap}."
NO_FORKS = (
    "A warmed sandbox could not start here, so that each submission gets one of its own: slower, and as strong. "
    "Programs in bubblewrap must be allowed to make namespaces for the other kind."
)
FORKS = "Warmed sandboxes work."
GROUPS = "Each sandbox gets a control group in {folder}."
NO_GROUPS = (
    "Control groups are not used (" + cgroup.VARIABLE + " is not set); the other limits hold without them."
)
RIGHT = "{chapter}: {right} of {count} right, {kind}"
REFUSED = "  refused there, and done without: {calls}"
LOST = "  {name}: {what}"
GOOD = "All solved chapters pass in the sandbox."
BAD = (
    "{count} answers of the course do not pass in the sandbox: this machine would cost learners their marks."
)


def checked(chapters: list[str]) -> Iterator[str]:
    """Sentences about this machine, then about each chapter, and a verdict in the last.

    Raises
    ------
    SandboxMissing
        If there can be no sandbox here at all.
    """
    check_sandbox()
    version = subprocess.run([find_bubblewrap(), "--version"], capture_output=True, text=True, check=False)
    yield MACHINE.format(
        release=platform.release(), machine=platform.machine(), bubblewrap=version.stdout.strip()
    )
    folder = os.environ.get(cgroup.VARIABLE)
    yield GROUPS.format(folder=folder) if folder else NO_GROUPS
    lost = 0
    for number, chapter in enumerate(chapters):
        for kind, fresh in KINDS.items():
            executed, wrong, count = _tried(chapter, fresh=fresh)
            if number == 0 and not fresh:
                yield FORKS if fork_server.warmed() else NO_FORKS
            yield RIGHT.format(chapter=chapter, right=count - len(wrong), count=count, kind=kind)
            if executed.refused:
                yield REFUSED.format(calls=", ".join(map(seccomp.call_name, executed.refused)))
            for name, what in wrong.items():
                yield LOST.format(name=name, what=what)
            for incident in executed.incidents:
                yield LOST.format(name=f"cell {incident.cell + 1}", what=incident.sentence)
            lost += len(wrong) + len(executed.incidents)
    fork_server.cool_down()
    yield BAD.format(count=lost) if lost else GOOD


def _tried(name: str, *, fresh: bool) -> tuple[Executed, dict[str, str], int]:
    """A solved chapter's run, what is wrong with its answers, and how many there are."""
    chapter = source.load(name)
    rebuilt = rebuild(json.dumps(source.solved_notebook(chapter)).encode(), chapter)
    cases = draw_cases(chapter.exercises, "sandbox-check", KEY, "")
    encoded = {exercise: encode_cases(drawn) for exercise, drawn in cases.items()}
    executed = execute(rebuilt, encoded, fresh=fresh, watched=True)
    reports = judge_submission(cases, executed.collected)
    return executed, {one.exercise: one.headline for one in reports.values() if not one.passed}, len(cases)
