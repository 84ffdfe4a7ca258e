"""The second half of a check: compare what was collected with the reference, and say what is wrong.

Everything that was collected is untrusted here. Reference and mistakes run through `collect` too, so
that all three are compared in the same form.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from byhand.checking import sentences as say
from byhand.checking.codec import decode
from byhand.checking.collect import collect, encode_cases
from byhand.checking.compare import Difference, Tolerance, difference
from byhand.checking.report import Report
from byhand.exercises.inputs import Case, Rng
from byhand.exercises.spec import Exercise

OUT_OF_MEMORY = ("MemoryError", "_ArrayMemoryError")  # Python's, and NumPy's for an array


@dataclass(frozen=True)
class _Outcome:
    """One decoded record."""

    returned: Any = None
    raised: dict[str, Any] | None = None
    changed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0


class _Garbled(ValueError):
    """A record that `collect` did not write."""


@dataclass(frozen=True)
class _Trouble:
    kind: str
    sentence: str
    difference: Difference | None = None


def judge(exercise: Exercise, cases: list[Case], collected: Any) -> Report:
    """Say whether the collected answers are right.

    Parameters
    ----------
    exercise : Exercise
    cases : list of Case
        The cases that the function was called on.
    collected : list or None
        What `collect` packed for these cases; None if there was no function. Anything else is
        reported, never raised.

    Returns
    -------
    Report
    """
    if collected is None:
        return _failed(exercise, cases, "missing", say.MISSING.format(name=exercise.name))
    try:
        actual = _read(collected, len(cases))
    except _Garbled:
        return _failed(exercise, cases, "garbled", say.GARBLED)
    encoded = encode_cases(cases)
    expected = _read(collect(exercise.reference, encoded), len(cases))

    troubles = [_trouble(exercise, case, e, a) for case, e, a in zip(cases, expected, actual, strict=True)]
    _ask_for_the_same_again(exercise, cases, encoded, actual, troubles)
    if not any(troubles):
        pairs = zip(expected, actual, strict=True)
        troubles = [_kept_wrongly(exercise, e.returned, a.returned) for e, a in pairs]
    failing = [number for number, trouble in enumerate(troubles) if trouble]
    if not failing:
        return _passed(exercise, cases, actual)

    number = failing[0]
    trouble = troubles[number]
    if trouble.kind == "not written":  # no use in showing numbers yet
        return _failed(exercise, cases, trouble.kind, trouble.sentence)
    mistake = _known_mistake(exercise, encoded, expected, actual)
    return Report(
        exercise=exercise.name,
        passed=False,
        kind="mistake" if mistake else trouble.kind,
        told="" if mistake else trouble.sentence,
        mistake=mistake,
        remarks=_remarks(actual, exercise),
        cases=len(cases),
        right=len(cases) - len(failing),
        number=number,
        arguments=_arguments(exercise, cases[number]),
        returns=exercise.returns,
        expected=expected[number].returned,
        actual=actual[number].returned,
        answered=actual[number].raised is None,
        path=trouble.difference.path if trouble.difference else (),
        index=trouble.difference.index if trouble.difference else None,
        detail=trouble.difference.detail if trouble.difference else "",
        rtol=exercise.rtol,
        atol=exercise.atol,
    )


def _failed(exercise: Exercise, cases: list[Case], kind: str, headline: str) -> Report:
    return Report(exercise=exercise.name, passed=False, kind=kind, told=headline, cases=len(cases), right=0)


def _passed(exercise: Exercise, cases: list[Case], actual: list[_Outcome]) -> Report:
    slowest = max(outcome.seconds for outcome in actual)
    slow = slowest > exercise.seconds
    return Report(
        exercise=exercise.name,
        passed=True,
        kind="slow" if slow else "right",
        told=say.PASSED_SLOW.format(seconds=slowest) if slow else say.PASSED,
        remarks=_remarks(actual, exercise),
        cases=len(cases),
        right=len(cases),
    )


def _read(collected: Any, count: int) -> list[_Outcome]:
    if not isinstance(collected, list) or len(collected) != count:
        raise _Garbled
    return [_read_record(record) for record in collected]


def _read_record(record: Any) -> _Outcome:
    try:
        raised = record.get("raised")
        if raised is not None:
            line = raised.get("line")
            raised = {key: str(raised.get(key, "")) for key in ("type", "message", "source", "inside")}
            raised["line"] = line if type(line) is int else None
        elif "returned" not in record:
            raise _Garbled
        return _Outcome(
            returned=decode(record.get("returned")),
            raised=raised,
            changed=tuple(str(where) for where in record.get("changed", ())),
            warnings=tuple(str(text)[:600] for text in record.get("warnings", ()))[:5],
            seconds=float(record.get("seconds", 0.0)),
        )
    except (AttributeError, TypeError, ValueError, OverflowError) as error:
        raise _Garbled from error


def _trouble(exercise: Exercise, case: Case, expected: _Outcome, actual: _Outcome) -> _Trouble | None:
    """The first thing that is wrong with one answer, the most useful to say first."""
    if actual.raised:
        return _raised(exercise, actual.raised)
    if actual.returned is None and expected.returned is not None:
        return _Trouble("nothing", say.NOTHING)
    tolerance = Tolerance(exercise.rtol, exercise.atol)
    if exercise.acceptance:
        tolerance = Tolerance(0.0, float("inf"))  # any finite number of the right shape; then the property
    found = difference(expected.returned, actual.returned, tolerance, exercise.returns)
    if found and found.kind != "values":
        return _Trouble(found.kind, found.sentence, found)
    if actual.changed and not expected.changed:
        names = " and ".join(_argument_name(exercise, where) for where in actual.changed)
        return _Trouble("changed", say.CHANGED.format(names=names), found)
    if found:
        return _Trouble(found.kind, found.sentence, found)
    if exercise.acceptance:
        with np.errstate(all="ignore"):  # a learner's numbers may be huge
            sentence = exercise.acceptance(actual.returned, *case.arguments, **case.keywords)
        if sentence:
            return _Trouble("property", sentence)
    return None


def _kept_wrongly(exercise: Exercise, expected: Any, actual: Any) -> _Trouble | None:
    """What is wrong with a cache. The cells that follow take it apart, so it must be the one that was asked for."""
    if exercise.acceptance:  # several are right
        return None
    tolerance = Tolerance(exercise.rtol, exercise.atol)
    names = tuple(name.removeprefix("_") for name in exercise.returns)
    for position, name in enumerate(exercise.returns):
        if name.startswith("_"):
            found = difference(expected[position], actual[position], tolerance, names, (position,))
            if found:
                return _Trouble(
                    "cache", say.WRONG_CACHE.format(name=names[position], found=found.sentence), found
                )
    return None


def _ask_for_the_same_again(
    exercise: Exercise,
    cases: list[Case],
    encoded: list[Any],
    actual: list[_Outcome],
    troubles: list[_Trouble | None],
) -> None:
    """Note where two calls with equal arguments, among them a random generator, were answered differently."""
    first: dict[str, int] = {}
    for number, case in enumerate(cases):
        if not any(isinstance(value, Rng) for value in (*case.arguments, *case.keywords.values())):
            continue
        before = first.setdefault(json.dumps(encoded[number]), number)
        if before != number and not troubles[before] and not troubles[number]:
            found = difference(
                actual[before].returned, actual[number].returned, Tolerance(), exercise.returns
            )
            if found:
                troubles[number] = _Trouble("property", say.NOT_REPEATABLE)


def _raised(exercise: Exercise, raised: dict[str, Any]) -> _Trouble:
    if raised["type"] == "NotImplementedError":
        other = raised["inside"]
        return _Trouble("not written", say.OTHER_NOT_WRITTEN.format(name=other) if other else say.NOT_WRITTEN)
    sentences = [say.RAISED.format(**raised)]
    if raised["line"] is not None and raised["source"]:
        sentences.append(say.RAISED_AT.format(**raised))
    elif raised["type"] == "TypeError":
        names = ", ".join(exercise.parameters)
        sentences.append(say.WRONG_ARGUMENTS.format(signature=names) if names else say.NO_ARGUMENTS)
    kind = "memory" if raised["type"] in OUT_OF_MEMORY else "raised"
    return _Trouble(kind, "\n".join(sentences))


def _argument_name(exercise: Exercise, where: str) -> str:
    return (
        exercise.parameters[int(where)]
        if where.isdigit() and int(where) < len(exercise.parameters)
        else where
    )


def _arguments(exercise: Exercise, case: Case) -> tuple[tuple[str, Any], ...]:
    return (*zip(exercise.parameters, case.arguments, strict=False), *case.keywords.items())


def _known_mistake(
    exercise: Exercise, encoded: list[Any], expected: list[_Outcome], actual: list[_Outcome]
) -> str | None:
    """The id of the first mistake that gives the learner's answer on every case."""
    if all(outcome.raised for outcome in actual):
        return None
    for mistake in exercise.mistakes:
        made = _read(collect(mistake.function, encoded), len(encoded))
        if all(_same(exercise, one, other) for one, other in zip(made, actual, strict=True)):
            return f"{exercise.name}/{mistake.id}"
    return None


def _same(exercise: Exercise, one: _Outcome, other: _Outcome) -> bool:
    if one.raised or other.raised:
        return bool(one.raised and other.raised and one.raised["type"] == other.raised["type"])
    tolerance = Tolerance(exercise.rtol, exercise.atol)
    return (
        one.changed == other.changed
        and difference(one.returned, other.returned, tolerance, exercise.returns) is None
    )


def _remarks(actual: list[_Outcome], exercise: Exercise) -> tuple[str, ...]:
    seen = dict.fromkeys(warning for outcome in actual for warning in outcome.warnings)
    return tuple(say.WARNED.format(warning=warning) for warning in list(seen)[:3])
