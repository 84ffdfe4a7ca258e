"""Numbers that follow the controls.

Everything that a picture shows is a *value*: an array that was computed here, in NumPy, and of which
the controls select a part. The browser receives the arrays once and only selects, interpolates and does
the arithmetic written down below; it never asks the kernel.

    z = Slider("z", "z", np.linspace(-8, 8, 161))
    curve = Frames(outputs, which, z)        # outputs[which, z]: the leading axes are controls
    height = w1 * x1 + w2 * x2 + b           # arithmetic on values gives a value

Each value can be computed in Python too (`under`), from the very numbers that the browser receives. The
printed still and the tests use that.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

Positions = Mapping[str, float]  # for each control by name: where it stands, counted in its own steps

_OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    ">=": lambda a, b: np.greater_equal(a, b).astype(float),
    "only": lambda a, shown: np.where(shown, a, np.nan),
    "sum": np.sum,
    "interp": np.interp,
}


class Value:
    """A number or an array that the controls decide."""

    def under(self, positions: Positions) -> Any:
        """What it is when the controls stand at `positions`."""
        raise NotImplementedError

    def node(self, pack: Pack) -> dict[str, Any]:
        """How the browser is told about it."""
        raise NotImplementedError

    def __add__(self, other: Any) -> Value:
        return Operation("+", self, other)

    def __sub__(self, other: Any) -> Value:
        return Operation("-", self, other)

    def __rsub__(self, other: Any) -> Value:
        return Operation("-", other, self)

    def __mul__(self, other: Any) -> Value:
        return Operation("*", self, other)

    __radd__ = __add__
    __rmul__ = __mul__
    __array_ufunc__ = None  # `array * value` is this class's business, not NumPy's

    def at_least(self, other: Any) -> Value:
        """1 where it is at least `other`, else 0."""
        return Operation(">=", self, other)

    def only(self, shown: Any) -> Value:
        """This where `shown` is not 0, elsewhere nothing (NaN, which is not drawn)."""
        return Operation("only", self, shown)

    def sum(self) -> Value:
        """The sum of its entries."""
        return Operation("sum", self)

    def through(self, x: Any, y: Any) -> Value:
        """The curve through the points (x, y), read off at this value: `np.interp`."""
        return Operation("interp", self, x, y)


class Array(Value):
    """Numbers that no control changes."""

    def __init__(self, array: Any) -> None:
        self.array = _float32(array)

    def under(self, positions: Positions) -> Any:
        return self.array.astype(float)

    def node(self, pack: Pack) -> dict[str, Any]:
        return {"is": "frames", "by": [], **pack.store(self.array)}


class Control(Value):
    """Something that the learner moves; as a value, the number that it stands for."""

    name: str
    label: str
    start: int

    def __len__(self) -> int:
        raise NotImplementedError

    def describe(self) -> dict[str, Any]:
        """What the browser must know to show it."""
        raise NotImplementedError

    def position(self, wanted: Any) -> float:
        """Where it stands for the setting that is wanted, or as near to it as it can."""
        raise NotImplementedError

    def setting(self, position: float) -> Any:
        """What the learner chose when it stands at `position`."""
        raise NotImplementedError

    def node(self, pack: Pack) -> dict[str, Any]:
        return {"is": "control", "name": self.name}


class Slider(Control):
    """A slider that walks along `values`, in equal steps of the hand.

    The values need not be equally spaced: `np.logspace` gives a slider for powers of ten.
    """

    def __init__(
        self, name: str, label: str, values: Any, *, start: float, spec: str, unit: str, play: bool
    ) -> None:
        self.name, self.label, self.spec, self.unit, self.play = name, label, spec, unit, play
        self.values = np.asarray(values, dtype=float)
        self.start = int(np.argmin(np.abs(self.values - start)))

    def __len__(self) -> int:
        return len(self.values)

    def under(self, positions: Positions) -> float:
        return float(np.interp(positions[self.name], np.arange(len(self)), self.values))

    def position(self, wanted: float) -> float:
        return float(np.interp(wanted, self.values, np.arange(len(self))))

    def setting(self, position: float) -> float:
        return self.under({self.name: position})

    def visited(self, places: Any = None) -> Value:
        """Not 0 at those of `places` that lie between its start and where it stands, else 0.

        For a curve along the slider that grows while the slider moves: the whole curve would answer the question
        before the learner has tried. `places` are some of the slider's values; without them, all.
        """
        middles = (self.values[1:] + self.values[:-1]) / 2  # rounding decides nothing there
        below, above = np.append(-np.inf, middles), np.append(middles, np.inf)
        places = self.values if places is None else np.asarray(places)
        at = np.abs(self.values[:, None] - places).argmin(axis=0)
        upwards = Array(at >= self.start) * self.at_least(below[at])
        return upwards + Array(at <= self.start) * Array(above[at]).at_least(self)

    def describe(self) -> dict[str, Any]:
        return {
            "kind": "slider",
            "name": self.name,
            "label": self.label,
            "values": self.values.tolist(),
            "start": self.start,
            "format": self.spec,
            "unit": self.unit,
            "play": self.play,
        }


class Entry(Slider):
    """A number in a small matrix of numbers that the learner fills in."""

    def __init__(
        self, name: str, label: str, values: Any, *, start: float, spec: str, group: str, columns: int
    ) -> None:
        super().__init__(name, label, values, start=start, spec=spec, unit="", play=False)
        self.group, self.columns = group, columns

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"kind": "entry", "group": self.group, "columns": self.columns}


class Choice(Control):
    """One of a few named possibilities; as a value, its number, counted from 0."""

    def __init__(self, name: str, label: str, options: Sequence[str], *, start: int) -> None:
        self.name, self.label, self.options, self.start = name, label, list(options), start

    def __len__(self) -> int:
        return len(self.options)

    def under(self, positions: Positions) -> int:
        return int(positions[self.name])

    def position(self, wanted: Any) -> float:
        if wanted not in self.options:
            raise ValueError(f"{self.name} has no option {wanted!r}; choose from {self.options}.")
        return self.options.index(wanted)

    def setting(self, position: float) -> Any:
        return self.options[int(position)]

    def describe(self) -> dict[str, Any]:
        return {
            "kind": "choice",
            "name": self.name,
            "label": self.label,
            "options": self.options,
            "start": self.start,
        }


class Toggle(Choice):
    """On or off; as a value, 1 or 0."""

    def __init__(self, name: str, label: str, *, start: bool) -> None:
        super().__init__(name, label, ["off", "on"], start=int(start))

    def position(self, wanted: Any) -> float:
        return int(wanted)

    def setting(self, position: float) -> Any:
        return bool(position)

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"kind": "toggle"}


class Frames(Value):
    """An array whose leading axes are controls; what is left of it after they chose is shown.

    Between two positions of a slider the browser interpolates; of a choice it takes one.
    """

    def __init__(self, array: Any, *by: Control) -> None:
        self.array = _float32(array)
        self.by = by
        expected = tuple(len(control) for control in by)
        if self.array.shape[: len(by)] != expected:
            names = ", ".join(f"{control.name} ({len(control)})" for control in by)
            raise ValueError(f"The array has shape {self.array.shape}; its leading axes must be {names}.")

    def under(self, positions: Positions) -> Any:
        frame = self.array.astype(float)
        for control in self.by:
            low = min(math.floor(positions[control.name]), len(control) - 1)
            share = positions[control.name] - low
            # At a position that was computed, nothing is blended: infinity * 0 would be NaN.
            frame = frame[low] if share == 0 else (1 - share) * frame[low] + share * frame[low + 1]
        return float(frame) if frame.ndim == 0 else frame

    def node(self, pack: Pack) -> dict[str, Any]:
        return {"is": "frames", "by": [control.name for control in self.by], **pack.store(self.array)}


class Operation(Value):
    """Arithmetic on values, entry by entry; a number goes with every entry."""

    def __init__(self, operation: str, *of: Any) -> None:
        self.operation = operation
        self.of = tuple(as_value(part) for part in of)

    def under(self, positions: Positions) -> Any:
        answer = _OPERATIONS[self.operation](*(part.under(positions) for part in self.of))
        return float(answer) if np.ndim(answer) == 0 else answer

    def node(self, pack: Pack) -> dict[str, Any]:
        return {"is": self.operation, "of": [pack.number(part) for part in self.of]}


def _float32(array: Any) -> np.ndarray:
    with np.errstate(over="ignore"):  # what is too large to draw becomes infinite, and is not drawn
        return np.asarray(array, dtype=np.float32)


def as_value(thing: Any) -> Value:
    """A plain number or array as a value; a value as it is."""
    return thing if isinstance(thing, Value) else Array(thing)


def shape_of(value: Value) -> tuple[int, ...]:
    """Its shape, which is the same wherever the controls stand. The browser knows flat lists only."""
    return np.shape(value.under(defaultdict(int)))


class Pack:
    """What goes to the browser: every value once, in a list, and all their arrays in one float32 buffer."""

    def __init__(self) -> None:
        self.nodes: list[dict[str, Any]] = []
        self.values: list[Value] = []  # in the same order
        self._numbers: dict[int, int] = {}
        self._arrays: dict[tuple[tuple[int, ...], bytes], int] = {}
        self._parts: list[bytes] = []
        self._size = 0

    def number(self, thing: Any) -> int:
        """The place of a value in the list; the browser knows it by that."""
        value = as_value(thing)
        if id(value) not in self._numbers:
            node = value.node(self)  # first its parts: a value comes after those that it is made of
            self.values.append(value)
            self._numbers[id(value)] = len(self.nodes)
            self.nodes.append(node)
        return self._numbers[id(value)]

    def store(self, array: np.ndarray) -> dict[str, Any]:
        """Put an array into the buffer, unless the same numbers are there already."""
        raw = np.ascontiguousarray(array, dtype="<f4").tobytes()
        key = (array.shape, raw)
        if key not in self._arrays:
            self._arrays[key] = self._size
            self._parts.append(raw)
            self._size += array.size
        return {"at": self._arrays[key], "shape": list(array.shape)}

    @cached_property
    def buffer(self) -> bytes:
        """All arrays, one after another. Ask for it when everything is in."""
        return b"".join(self._parts)
