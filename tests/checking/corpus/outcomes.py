"""What a check says to each wrong answer of the corpus, as a committed table: ``python outcomes.py`` renews it.

Whoever renews it has read each sentence that is new: it must be true of exactly that code.
"""

from __future__ import annotations

import contextlib
import io
import tomllib
from pathlib import Path

from answers import Answer, answers
from judged import verdict_on

from byhand.checking import sentences as say
from byhand.checking.collect import collect
from byhand.checking.diagnose import diagnose
from byhand.checking.judge import report_of
from byhand.checking.report import Report
from byhand.exercises import find

TABLE = Path(__file__).with_name("outcomes.toml")
KINDS = ("blind", "described")
ACCEPTED, ONLY_VALUES, ONLY_RAISED = "accepted", "only values", "raised"
NAMED, RELATION, EXPLAINED = "mistake", "relation", "exception explained"
STRUCTURE = frozenset(("type", "shape", "changed", "cache", "nothing", "not finite"))
UNTOLD = frozenset((ONLY_VALUES, ONLY_RAISED))
HEADER = "# What a check says to each wrong answer of the corpus. Made by outcomes.py.\n"


PATIENCE = 60.0  # seconds for a diagnosis, so that what is found does not depend on the load of the machine


def judged(answer: Answer, seed: int = 0) -> Report:
    function = answer.function
    with contextlib.redirect_stdout(io.StringIO()):  # some print where they should return
        found = verdict_on(find(answer.exercise), function, seed)
        if found.passed:
            return report_of(found, None)
        return report_of(found, diagnose(found, lambda cases: collect(function, cases), PATIENCE))


def outcome(report: Report) -> str:
    """One or two words for what was told; for known mistakes, their ids as well."""
    if report.passed:
        return ACCEPTED
    if report.mistake:
        return " ".join((NAMED, *(id.partition("/")[2] for id in (report.mistake, *report.also))))
    if report.kind == "raised":
        return EXPLAINED if "\n" in report.told.partition("Your code stopped")[0] else ONLY_RAISED
    if report.kind == "values":
        return ONLY_VALUES if report.told == say.WRONG_VALUES else RELATION
    return report.kind


def kind_of(found: str) -> str:
    """The column of the summary that an outcome is counted in."""
    word = found.partition(" ")[0]
    if word in (NAMED, "property"):
        return "named"
    return "structural" if word in STRUCTURE else found


def rank(found: str) -> int:
    """How much an outcome tells: nothing, that something is wrong, where or how, or why."""
    return 0 if found == ACCEPTED else 1 if found in UNTOLD else 3 if kind_of(found) == "named" else 2


def shares(table: dict[str, str]) -> str:
    """The summary of a part of the corpus, a kind of outcome each."""
    counts: dict[str, int] = {}
    for found in table.values():
        counts[kind_of(found)] = counts.get(kind_of(found), 0) + 1
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"{kind} {count} ({count / len(table):.1%})" for kind, count in ordered)


def read() -> dict[str, dict[str, str]]:
    """The committed table: of each kind, the outcome of each answer by its name."""
    return tomllib.loads(TABLE.read_text("utf-8"))


def write() -> None:
    lines = [HEADER]
    for kind in KINDS:
        lines.append(f"[{kind}]")
        lines += [f'"{answer}" = "{outcome(judged(answer))}"' for answer in answers(kind)]
        lines.append("")
    TABLE.write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    write()
    for kind, table in read().items():
        print(f"{kind}, {len(table)}: {shares(table)}")
