"""How wrong numbers are related to the right ones: each relation is a small function of one case's two arrays.

A relation is said only if it holds for every number of at least two cases, with eight numbers or more between them,
and of at least half of the cases on which that part is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np

from byhand.checking.diagnose import sentences as say
from byhand.checking.diagnose.evidence import Diagnosis, Evidence
from byhand.checking.diagnose.leaves import leaves
from byhand.checking.diagnose.relations import order, places, precision, scale
from byhand.checking.diagnose.relations.pair import Fact, Pair

LEAST_CASES = 2
MOST_SENTENCES = 2
LEAST_NUMBERS = 8
LEAST_WRONG = 4  # numbers that differ, in all explained cases
LEAST_VALUES = 3  # different ones among them: what holds of 0 and 1 alone says little

# The first of those that explain equally many cases is said.
RELATIONS: tuple[Callable[[Pair], Iterator[Fact]], ...] = (
    places.zero,
    places.an_input,
    places.another_part,
    scale.sign,
    order.transposed,
    order.reshaped,
    scale.factor,
    scale.sizes,
    order.reversed_,
    places.constant,
    precision.rounded,
    precision.cut_off,
    scale.shift,
    scale.functions,
    places.one_edge,
    places.by_input,
    places.border,
    order.reordered,
    precision.almost,
)
# These say where numbers are wrong, and not how: they must hold wherever this part is wrong, in three cases or more.
PLACES = frozenset(("but first", "border", "where negative", "where positive", "where zero"))
ANY_VALUES = PLACES | {"zero", "constant"}
LEAST_PLACES = 3

Path = tuple[object, ...]


def of_the_numbers(evidence: Evidence) -> Diagnosis | None:
    """What relates the learner's numbers to the right ones, for up to two parts of the answer."""
    if evidence.exercise.acceptance or evidence.trouble.kind in ("raised", "nothing", "cache", "memory"):
        return None
    parts: dict[tuple[Fact, int], list[str]] = {}
    for path, pairs in _by_part(evidence).items():
        evidence.keep_time()
        found = explain([pair for pair in pairs if not pair.right])
        if found is not None:
            fact, count = found
            count += sum(holds(fact, pair) for pair in pairs if pair.right)
            parts.setdefault((fact, count), []).append(_name(evidence, path))
    sentences = [_sentence(fact, count, names, len(evidence.cases)) for (fact, count), names in parts.items()]
    return Diagnosis(sentence="\n".join(sentences[:MOST_SENTENCES])) if sentences else None


def holds(fact: Fact, pair: Pair) -> bool:
    """Whether a fact is true of an answer that is right, as that 0.5 is 0.5 rounded."""
    with np.errstate(all="ignore"):
        return fact[0] in PLACES or any(fact in relation(pair) for relation in RELATIONS)


def _sentence(fact: Fact, count: int, names: list[str], cases: int) -> str:
    sentence = say.RELATIONS[fact[0]].format(*fact[1], what=names[0])
    if names[1:]:
        sentence += " " + say.SAME_FOR.format(names=", ".join(names[1:]))
    return (
        sentence if count == cases else say.IN_SOME_CASES.format(count=count, total=cases, sentence=sentence)
    )


def explain(pairs: list[Pair]) -> tuple[Fact, int] | None:
    """The fact that explains most cases, and how many; None if none explains enough."""
    found: Counter[Fact] = Counter()
    explained: dict[Fact, list[Pair]] = {}
    with np.errstate(all="ignore"):
        for relation in RELATIONS:
            for pair in pairs:
                for fact in dict.fromkeys(relation(pair)):
                    found[fact] += 1
                    explained.setdefault(fact, []).append(pair)
    best = [
        fact for fact, ones in explained.items() if enough(fact, ones) and _most(fact, len(ones), len(pairs))
    ]
    if not best:
        return None
    fact = max(best, key=lambda one: found[one])  # the first of the largest
    return _merged(fact, [one for one in best if found[one] == found[fact]]), found[fact]


def _most(fact: Fact, count: int, total: int) -> bool:
    return count == total >= LEAST_PLACES if fact[0] in PLACES else 2 * count >= total


def enough(fact: Fact, pairs: list[Pair]) -> bool:
    """Whether so many numbers cannot agree by chance."""
    if len(pairs) < LEAST_CASES or sum(pair.given.size for pair in pairs) < LEAST_NUMBERS:
        return False
    values = np.concatenate([_telling(pair) for pair in pairs])
    if len(values) < LEAST_WRONG:
        return False
    return fact[0] in ANY_VALUES or len(np.unique(values)) >= LEAST_VALUES


def _telling(pair: Pair) -> np.ndarray:
    """The expected numbers that came out wrong; all, where the shapes differ."""
    return pair.wanted[pair.wrong] if pair.aligned else pair.wanted.ravel()


def _merged(fact: Fact, equals: list[Fact]) -> Fact:
    """Two sizes that explain the same are both named: the batch and the features may be equally many."""
    alike = [params[0] for id, params in equals if id == fact[0] and len(params) == 1]
    if len(alike) < 2 or not fact[0].endswith(("size", "less", "more", "root")):
        return fact
    return fact[0], (say.OR.format(*alike[:2]),)


def _by_part(evidence: Evidence) -> dict[Path, list[Pair]]:
    """The arrays of all cases by the path to them; those of a cache are judged last, and not looked at here."""
    parts: dict[Path, list[Pair]] = {}
    for number in evidence.order:
        expected, actual = evidence.expected[number], evidence.actual[number]
        if expected.raised or actual.raised:
            continue
        wanted = {
            path: one for path, one in leaves(expected.returned).items() if not _is_kept(evidence, path)
        }
        given = leaves(actual.returned)
        inputs = _inputs(evidence, number)
        for path in wanted.keys() & given.keys():
            others = {_name(evidence, p).strip("`"): a for p, a in wanted.items() if p != path and a.ndim}
            tolerance = evidence.tolerance
            pair = Pair(wanted[path], given[path], inputs, others, tolerance.rtol, tolerance.atol)
            parts.setdefault(path, []).append(pair)
    return {path: parts[path] for path in sorted(parts, key=repr)}


def _inputs(evidence: Evidence, number: int) -> dict[str, np.ndarray]:
    """The arrays among the arguments of a case, and in its collections, by their names."""
    return {
        _written(name, path): array
        for name, value in evidence.inputs(number).items()
        for path, array in leaves(value).items()
        if array.ndim
    }


def _is_kept(evidence: Evidence, path: Path) -> bool:
    """Whether this is a part of a cache, which is judged last."""
    returns = evidence.exercise.returns
    first = path[0] if path else None
    return isinstance(first, int) and first < len(returns) and returns[first].startswith("_")


def _name(evidence: Evidence, path: Path) -> str:
    returns = evidence.exercise.returns
    if not path:
        return say.SUBJECT.format(name=returns[0]) if len(returns) == 1 else say.THE_ANSWER
    first, *rest = path
    name = str(first) if isinstance(first, str) else f"[{first!r}]"
    if isinstance(first, int) and first < len(returns):
        name = returns[first]
    return say.SUBJECT.format(name=_written(name, tuple(rest)))


def _written(name: str, path: Path) -> str:
    return name + "".join(f"[{step!r}]" for step in path)
