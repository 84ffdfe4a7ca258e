"""Almost right: rounded, cut off to whole numbers, or off by little."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from byhand.checking.diagnose.relations.pair import Fact, Pair

MOST_DECIMALS = 7
LEAST_LARGE = 2
NEAR = {1e-6: "a millionth", 1e-5: "a hundred-thousandth", 1e-4: "a ten-thousandth", 1e-3: "a thousandth"}


def rounded(pair: Pair) -> Iterator[Fact]:
    """Every number rounded to as many decimals."""
    if not pair.aligned:
        return
    for decimals in range(MOST_DECIMALS + 1):
        if np.allclose(pair.given, np.round(pair.wanted, decimals), rtol=0, atol=1e-12):
            if decimals:
                yield "rounded", (str(decimals),)
            elif _has_whole_parts(pair):
                yield "rounded whole", ()


def cut_off(pair: Pair) -> Iterator[Fact]:
    """What is behind the decimal point is lost."""
    if pair.aligned and np.array_equal(pair.given, np.trunc(pair.wanted)) and _has_whole_parts(pair):
        yield "cut off", ()


def _has_whole_parts(pair: Pair) -> bool:
    """Whether some wrong numbers are larger than 1: else 0 for 0.01 is no sign of it."""
    return int(np.count_nonzero(pair.wrong & (np.abs(pair.wanted) > 1))) >= LEAST_LARGE


def almost(pair: Pair) -> Iterator[Fact]:
    """Every number is off by a small share of its size at most."""
    if not pair.aligned or not pair.wanted.all():
        return
    share = float(np.max(np.abs(pair.given / pair.wanted - 1)))
    yield from (("near", (words,)) for most, words in NEAR.items() if share <= most)
