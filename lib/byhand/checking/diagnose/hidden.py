"""What outlives a call: the same question, answered differently the second time."""

from __future__ import annotations

from byhand.checking.compare import EQUAL, difference
from byhand.checking.diagnose import sentences as say
from byhand.checking.diagnose.evidence import Diagnosis, Evidence
from byhand.checking.outcome import Outcome, read_record
from byhand.checking.verdict import has_generator

MOST_SECONDS = 0.05  # of a first call: a slower one is not asked again


def between_calls(evidence: Evidence) -> Diagnosis | None:
    """Whether the first case that fails is answered differently when it is asked once more."""
    number = evidence.number
    before = evidence.actual[number]
    if evidence.again is None or has_generator(evidence.cases[number]) or before.seconds > MOST_SECONDS:
        return None
    (record,) = evidence.again([evidence.encoded[number]])
    return Diagnosis(sentence=say.HIDDEN_STATE) if _differs(before, read_record(record)) else None


def _differs(one: Outcome, other: Outcome) -> bool:
    if one.raised or other.raised:
        return bool(one.raised) != bool(other.raised)
    return difference(one.returned, other.returned, EQUAL) is not None
