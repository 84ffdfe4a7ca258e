"""Numbers in words: one way to write them, in Python (stills, plain text) and in the browser (expressions.js)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from byhand.explore.engine.expressions import Choice, Pack, Positions, Value, as_value

LEAST = 1e-30  # float32, in which numbers travel to the browser, ends a little below this

_PLACE = re.compile(r"\{(\w+)(?::\.(\d+)([fg]))?\}")
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def write(number: float, spec: str = ".3g") -> str:
    r"""A number as a reader wants it: ".2f" two decimals, ".3g" three digits, large and small as powers of ten.

    >>> write(-0.5, ".1f"), write(0.000000123, ".2g"), write(1200.0)
    ('−0.5', '1.2\xa0×\xa010⁻⁷', '1200')
    """
    digits, kind = int(spec[1:-1]), spec[-1]
    if math.isnan(number):
        return "not a number"
    if math.isinf(number):
        return "∞" if number > 0 else "−∞"
    if kind == "f":
        text = f"{number:.{digits}f}"
        return text.replace("-", "−") if float(text) != 0 else text.replace("-", "")
    if number == 0:
        return "0"
    if abs(number) < LEAST:
        return f"less than 10{raised(-30)}"
    mantissa, exponent = f"{number:.{digits - 1}e}".split("e")
    power = int(exponent)
    if -4 <= power < 5:
        text = f"{float(f'{mantissa}e{power}'):.{max(digits - 1 - power, 0)}f}"
        return _trim(text).replace("-", "−")
    # No-break spaces: a number is not broken over two lines.
    return f"{_trim(mantissa).replace('-', '−')}\u00a0×\u00a010{raised(power)}"


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def raised(power: int) -> str:
    """An exponent in small raised digits."""
    return str(power).translate(_RAISED)


def places(text: str) -> set[str]:
    """The names that a sentence has places for: `{z:.1f}` is a place for z."""
    return {match[1] for match in _PLACE.finditer(text)}


def fill(text: str, values: dict[str, Value], positions: Positions) -> str:
    """A sentence with its numbers."""

    def one(match: re.Match[str]) -> str:
        value = values[match[1]]
        found: Any = value.under(positions)
        if isinstance(value, Choice):
            return value.options[found]
        return write(found, f".{match[2]}{match[3]}") if match[2] else write(found)

    return _PLACE.sub(one, text)


@dataclass(frozen=True)
class Words:
    """A sentence with places for numbers; with `pick`, one of several sentences, chosen by a value."""

    texts: tuple[str, ...]
    pick: Value | None
    values: dict[str, Value]

    def __post_init__(self) -> None:
        if missing := self.names - set(self.values):
            raise ValueError(f"{self.texts[0]!r} and its alternatives need a value for {sorted(missing)}.")
        if (self.pick is None) != (len(self.texts) == 1):
            raise ValueError("Several sentences need pick=…, which says which one; one sentence needs none.")

    @property
    def names(self) -> set[str]:
        """Which values it has places for; others may be given, and are not sent."""
        return set().union(*map(places, self.texts))

    def at(self, positions: Positions) -> str:
        """What it says when the controls stand at `positions`."""
        chosen = 0 if self.pick is None else round(self.pick.under(positions))
        return fill(self.texts[chosen], self.values, positions)

    def describe(self, pack: Pack) -> dict[str, Any]:
        return {
            "texts": list(self.texts),
            "pick": None if self.pick is None else pack.number(self.pick),
            "values": {name: pack.number(self.values[name]) for name in sorted(self.names)},
        }


def words(*texts: str, pick: Value | None = None, **values: Any) -> Words:
    """Write a sentence: `words("z is {z:.1f}", z=z)`, `words("dead", "alive", pick=alive)`."""
    return Words(texts, pick, {name: as_value(value) for name, value in values.items()})
