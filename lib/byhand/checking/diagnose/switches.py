"""Two mistakes at once, where a spec names the computation that its mistakes share."""

from __future__ import annotations

from functools import partial
from itertools import combinations, islice

from byhand.checking.diagnose import sentences as say
from byhand.checking.diagnose.evidence import Diagnosis, Evidence

MOST_PAIRS = 30


def two_together(evidence: Evidence) -> Diagnosis | None:
    """The two switches of a spec that together give the learner's answer on every case."""
    base = evidence.exercise.base
    if base is None or all(outcome.raised for outcome in evidence.actual):
        return None
    switched = [(mistake.id, mistake.switches) for mistake in evidence.exercise.mistakes if mistake.switches]
    pairs = (
        (one, other, {**first, **then})
        for (one, first), (other, then) in combinations(switched, 2)
        if one != other and not set(first) & set(then)
    )
    for one, other, both in islice(pairs, MOST_PAIRS):
        if evidence.all_same((one, other, repr(both)), partial(base, **both), in_place=False):
            return Diagnosis((one, other), say.TWO_MISTAKES)
    return None
