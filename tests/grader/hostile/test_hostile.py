"""The hostile corpus through the real grader: no forged point, no leak, no lost submission."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import calling
import exhausting
import forging
import holding
import judging
import live
import malformed
import pytest
import reaching
import reading
import tampering
from corpus import Entry
from grounds import VICTIM, Outcome, graded

BATCHES = {
    "forging": ([*forging.ENTRIES, *tampering.ENTRIES], ""),
    "reading and reaching": ([*reading.ENTRIES, *reaching.ENTRIES], ""),
    "calling and judging": ([*calling.ENTRIES, *judging.ENTRIES], ""),
    "holding": (holding.ENTRIES, exhausting.SETTINGS),
    "exhausting": (exhausting.ENTRIES, exhausting.SETTINGS),
    "malformed and live": ([*malformed.ENTRIES, *live.ENTRIES], ""),
}
EVERY = [entry for entries, _ in BATCHES.values() for entry in entries]


def wrong(entry: Entry, outcome: Outcome) -> Iterator[str]:
    """Everything that must not be."""
    row = outcome.rows.get(entry.name)
    if row is None:
        yield "it has no row"
        return
    if row["status"] not in entry.state:
        yield f"its state is {row['status']!r} and not {' or '.join(entry.state)}: {row['note']}"
    if entry.says not in row["note"]:
        yield f"its note does not say {entry.says!r}: {row['note']}"
    if forged := outcome.passed[entry.name] - entry.earns:
        yield f"it forged {', '.join(sorted(forged))}"
    if not entry.loses and (lost := entry.earns - outcome.passed[entry.name]):
        yield f"it lost {', '.join(sorted(lost))}: {row['note']}"
    if leaks := outcome.leaks(entry.name):
        yield f"it shows {leaks}"


@pytest.mark.sandbox
@pytest.mark.parametrize("batch", BATCHES)
def test_nothing_is_forged_nothing_leaks_nothing_is_lost(batch: str, tmp_path: Path) -> None:
    entries, settings = BATCHES[batch]
    outcome = graded(entries, tmp_path, settings)
    found = [f"{entry.name} ({entry.tries}): {what}" for entry in entries for what in wrong(entry, outcome)]
    assert found == [], "\n".join(["", *found])
    assert set(outcome.rows) == {entry.name for entry in entries} | {VICTIM}
    assert outcome.passed[VICTIM] == {"relu", "tanh"}
    assert outcome.rows[VICTIM]["status"] == "graded"
    assert (outcome.written, outcome.connections, outcome.processes) == ([], [], [])


def test_every_entry_says_what_it_tries() -> None:
    assert len({entry.name for entry in EVERY}) == len(EVERY) >= 230
    assert len({(entry.tries, entry.name) for entry in EVERY if entry.tries}) == len(EVERY)
