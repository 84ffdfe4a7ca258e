"""The sentences of a row: what was stopped, what could not be judged, what was mended."""

from __future__ import annotations

from collections.abc import Mapping

from byhand.checking.report import Report
from grader.model import Incident, Rebuilt

CRASHED = "The grader itself stopped while it {doing} this submission ({error}). Grade it again, or look at it by hand."
NOT_JUDGED = "Some answers could not be judged: {names}."
NO_MEMORY = "The memory of a submission was not enough for: {names}."


def note_of(rebuilt: Rebuilt, incidents: tuple[Incident, ...], reports: Mapping[str, Report]) -> str:
    """All that a person should know of a hand-in, on one line."""
    sentences = [rebuilt.unreadable] if rebuilt.unreadable else []
    sentences += [_of_incident(rebuilt, incident) for incident in incidents]
    for kind, sentence in (("not judged", NOT_JUDGED), ("memory", NO_MEMORY)):
        names = [name for name, report in reports.items() if report.kind == kind]
        if names:
            sentences.append(sentence.format(names=", ".join(names)))
    return " ".join(" ".join([*sentences, *rebuilt.repairs]).split())


def _of_incident(rebuilt: Rebuilt, incident: Incident) -> str:
    cell = rebuilt.cells[incident.cell]
    # of a check the sentence itself says which
    where = "" if cell.exercise else f"{cell.name or f'cell {incident.cell + 1}'}: "
    return f"{where}{incident.sentence}"


def of_crash(error: BaseException, doing: str = "graded") -> str:
    """The note of a row on which the grader itself failed."""
    return CRASHED.format(doing=doing, error=f"{type(error).__name__}: {error}"[:300])
