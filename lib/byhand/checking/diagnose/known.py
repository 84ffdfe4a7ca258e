"""The mistakes that a spec knows: made everywhere, in one returned part, or on some cases."""

from __future__ import annotations

from collections.abc import Sequence

from byhand.checking.compare import difference
from byhand.checking.diagnose import sentences as say
from byhand.checking.diagnose.evidence import Diagnosis, Evidence
from byhand.checking.diagnose.leaves import numbers_in, total
from byhand.checking.outcome import Outcome

LEAST_CASES = 2
LEAST_NUMBERS = 4  # that differ from what was expected: fewer may agree with a mistake by chance
MOST_PARTS = 2  # that are said


def on_every_case(evidence: Evidence) -> Diagnosis | None:
    """The mistake that gives the learner's answer on every case, and the same one made beside a change in place."""
    if all(outcome.raised for outcome in evidence.actual):
        return None
    for in_place in (True, False):
        for key, mistake in enumerate(evidence.exercise.mistakes):
            if evidence.all_same(key, mistake.function, in_place=in_place):
                return Diagnosis((mistake.id,), in_place=in_place)
        if not any(outcome.changed for outcome in evidence.actual):
            break
    return None


def in_some_parts(evidence: Evidence) -> Diagnosis | None:
    """The mistake behind each returned part that is wrong, where each has one that explains all failing cases."""
    returns = evidence.exercise.returns
    if len(returns) < 2 or not all(_has_parts(evidence.actual[n], returns) for n in evidence.failing):
        return None
    found = {}
    for position, name in enumerate(returns):
        if not name.startswith("_") and (id := _mistake_in(evidence, position)):
            found[name] = id
    if not found:
        return None
    names, ids = list(found)[:MOST_PARTS], list(found.values())[:MOST_PARTS]
    lines = [say.IN_PART.format(name=name, place=place) for place, name in enumerate(names, 1)]
    return Diagnosis(tuple(ids), "\n".join(lines))


def _has_parts(outcome: Outcome, returns: Sequence[str]) -> bool:
    return isinstance(outcome.returned, tuple | list) and len(outcome.returned) == len(returns)


def _mistake_in(evidence: Evidence, position: int) -> str | None:
    """The only mistake that gives the learner's part on every case on which that part is wrong."""

    def part_differs(one: Outcome, other: Outcome) -> bool:
        parts = one.returned[position], other.returned[position]
        return difference(*parts, evidence.tolerance) is not None

    answers = {n: evidence.actual[n] for n in evidence.failing if not evidence.expected[n].raised}
    wrong = [n for n, answer in answers.items() if part_differs(evidence.expected[n], answer)]
    numbers = sum(total(evidence.expected[n].returned[position]) for n in wrong)
    if len(wrong) < LEAST_CASES or numbers < LEAST_NUMBERS:
        return None
    ids = set()
    for key, mistake in enumerate(evidence.exercise.mistakes):
        for number in wrong:
            made = evidence.made(key, mistake.function, number)
            if not _has_parts(made, evidence.exercise.returns) or part_differs(made, answers[number]):
                break
        else:
            ids.add(mistake.id)
    return ids.pop() if len(ids) == 1 else None


def on_some_cases(evidence: Evidence) -> Diagnosis | None:
    """The only mistake that gives the learner's answer on at least half of the failing cases."""
    explained: dict[str, int] = {}
    for key, mistake in enumerate(evidence.exercise.mistakes):
        numbers = [
            number
            for number in evidence.failing
            if not evidence.actual[number].raised
            and evidence.same(evidence.made(key, mistake.function, number), evidence.actual[number])
        ]
        told = sum(numbers_in(evidence.expected[n].returned, evidence.actual[n].returned) for n in numbers)
        if len(numbers) >= LEAST_CASES and told >= LEAST_NUMBERS:
            explained[mistake.id] = max(len(numbers), explained.get(mistake.id, 0))
    most = max(explained.values(), default=0)
    ids = [id for id, count in explained.items() if count == most]
    if len(ids) != 1 or 2 * most < len(evidence.failing):
        return None
    return Diagnosis((ids[0],), say.ON_SOME.format(count=most, total=len(evidence.cases), place=1))
