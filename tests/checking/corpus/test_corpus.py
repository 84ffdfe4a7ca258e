"""Wrong and right answers as people write them: the right pass, no wrong one does, and what was told stays told."""

from __future__ import annotations

from collections import Counter

import pytest
from answers import answers
from outcomes import ACCEPTED, KINDS, NAMED, UNTOLD, judged, outcome, rank, read, shares

MOST_UNTOLD = 0.05  # of each kind: those who hear that the values differ, or Python's own words, and no more
DRAWS = 2


@pytest.fixture(scope="module", params=KINDS)
def part(request) -> tuple[dict[str, str], dict[str, str]]:
    """Of a kind of wrong answers, what is told today and what the committed table says."""
    kind = request.param
    return {str(answer): outcome(judged(answer)) for answer in answers(kind)}, read()[kind]


def test_every_right_answer_passes() -> None:
    refused = {
        str(answer): str(report)
        for answer in answers("right")
        for seed in range(DRAWS)
        if not (report := judged(answer, seed)).passed
    }
    assert refused == {}


def test_no_wrong_answer_passes(part) -> None:
    found, _ = part
    assert [name for name, told in found.items() if told == ACCEPTED] == []


def test_nothing_that_was_told_is_told_no_more(part) -> None:
    """A table that is not today's is mended by outcomes.py, once each sentence that is new was read."""
    found, table = part
    assert found.keys() == table.keys(), "run outcomes.py, and read what is new"
    worse = {name: (table[name], told) for name, told in found.items() if rank(told) < rank(table[name])}
    assert worse == {}
    other = {
        name: (table[name], told)
        for name, told in found.items()
        if told != table[name] and table[name].startswith(NAMED)
    }
    assert other == {}, "named otherwise than before: read whether it is true, then run outcomes.py"


def test_few_hear_only_that_something_is_wrong(part) -> None:
    found, _ = part
    print(shares(found))
    untold = [name for name, told in found.items() if told in UNTOLD]
    assert len(untold) <= MOST_UNTOLD * len(found), untold


def test_the_corpus_is_large_and_about_every_chapter() -> None:
    sizes = Counter({kind: len(answers(kind)) for kind in (*KINDS, "right")})
    assert sizes["blind"] >= 125 and sizes["described"] >= 125 and sizes["right"] >= 100
    assert all(len({answer.function.__module__ for answer in answers(kind)}) == 8 for kind in KINDS)


def test_an_answer_belongs_to_an_exercise_once() -> None:
    for kind in (*KINDS, "right"):
        names = Counter(map(str, answers(kind)))
        assert [name for name, count in names.items() if count > 1] == []
