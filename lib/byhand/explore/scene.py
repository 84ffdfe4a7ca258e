"""What a picture consists of: controls, panels with marks, and words. No drawing happens here.

A scene is described once, in Python, and drawn twice from the same description: by the browser (scene.js)
and by matplotlib (still.py). An explorable reads like this:

    scene = Scene("Where does the gradient die?", question="…")
    which = scene.choice("activation", "Activation", ["Sigmoid", "Tanh"])
    z = scene.slider("z", "z, what the neuron receives", np.linspace(-8, 8, 161), start=2)
    panel = scene.panel("The slope", x=Axis("z", -8, 8), y=Axis("slope", 0, 1))
    panel.line(z.values, Frames(slopes, which), color="blue", label="slope")
    panel.points(z, Frames(slopes, which, z), color="vermillion", label="here")
    scene.say("At z = {z:.1f} the slope is {slope:.3g}.", z=z, slope=Frames(slopes, which, z))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from byhand.explore.text import fill, places, raised, write
from byhand.explore.values import Choice, Control, Pack, Positions, Slider, Value, as_value

COLORS = ("ink", "faint", "blue", "vermillion", "green", "purple", "orange", "sky")
DASHES = ("solid", "dash", "dot")
SHAPES = ("disc", "square", "triangle", "ring", "cross")


@dataclass(frozen=True)
class Axis:
    """One axis of a panel: what it measures, from where to where, and which ticks carry a number (or a name)."""

    label: str
    low: float
    high: float
    ticks: Sequence[float] | None = None
    names: Sequence[str] | None = None
    log: bool = False

    def marked(self) -> list[float]:
        """The values of its ticks."""
        if self.ticks is not None:
            return [float(tick) for tick in self.ticks]
        if self.log:
            low, high = round(np.log10(self.low)), round(np.log10(self.high))
            step = max(1, -(-(high - low) // 6))
            return [10.0**power for power in range(low, high + 1, step)]
        most = (self.high - self.low) / 4 * 1.001  # at least four steps, each 1, 2 or 5 times a power of ten
        unit = 10.0 ** np.floor(np.log10(most))
        step = unit * max(nice for nice in (1, 2, 5) if nice * unit <= most)
        first = np.ceil(self.low / step - 1e-9)
        last = np.floor(self.high / step + 1e-9)
        return [float(count * step) for count in np.arange(first, last + 1)]

    def written(self) -> list[str]:
        """What stands at its ticks."""
        if self.names is not None:
            return list(self.names)
        if not self.log:
            return [write(tick, ".3g") for tick in self.marked()]
        powers = [round(np.log10(tick)) for tick in self.marked()]
        return ["1" if power == 0 else f"10{raised(power)}" for power in powers]

    def describe(self) -> dict[str, Any]:
        ticks = [{"at": at, "text": text} for at, text in zip(self.marked(), self.written(), strict=True)]
        return {"label": self.label, "low": self.low, "high": self.high, "log": self.log, "ticks": ticks}


@dataclass(frozen=True)
class Mark:
    """One thing in a panel. Values move with the controls, style does not."""

    kind: str
    values: dict[str, Value]
    style: dict[str, Any]

    def describe(self, pack: Pack) -> dict[str, Any]:
        numbers = {name: pack.number(value) for name, value in self.values.items()}
        style = dict(self.style)
        if "texts" in style:
            style["texts"] = style["texts"].describe(pack)
        return {"kind": self.kind, "values": numbers, **style}


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


@dataclass
class Panel:
    """One pair of axes. What is added first lies at the bottom."""

    title: str
    x: Axis
    y: Axis
    square: bool = False
    marks: list[Mark] = field(default_factory=list)

    def _add(self, kind: str, values: dict[str, Any], **style: Any) -> None:
        for name, allowed in (("color", COLORS), ("dash", DASHES), ("shape", SHAPES)):
            if name in style and style[name] not in allowed:
                raise ValueError(f"{kind} has no {name} {style[name]!r}; choose from {', '.join(allowed)}.")
        self.marks.append(Mark(kind, {name: as_value(value) for name, value in values.items()}, style))

    def line(
        self, x: Any, y: Any, *, color: str, dash: str = "solid", width: float = 2.5, label: str | None = None
    ) -> None:
        """A line through the points; a NaN makes a gap."""
        self._add("line", {"x": x, "y": y}, color=color, dash=dash, width=width, label=label)

    def points(
        self, x: Any, y: Any, *, color: str, shape: str = "disc", size: float = 6, label: str | None = None
    ) -> None:
        """A symbol at every point; none where x or y is NaN."""
        self._add("points", {"x": x, "y": y}, color=color, shape=shape, size=size, label=label)

    def arrow(self, x: Any, y: Any, to_x: Any, to_y: Any, *, color: str, label: str | None = None) -> None:
        """An arrow from (x, y) to (to_x, to_y)."""
        self._add("arrow", {"x": x, "y": y, "to_x": to_x, "to_y": to_y}, color=color, label=label)

    def bars(self, x: Any, height: Any, *, color: str, width: float = 0.8, label: str | None = None) -> None:
        """A bar from 0 up or down to every height."""
        self._add("bars", {"x": x, "height": height}, color=color, width=width, label=label)

    def band(self, start: Any, stop: Any, *, color: str, label: str | None = None) -> None:
        """Shaded strips from each start to each stop, over the whole height."""
        self._add("band", {"start": start, "stop": stop}, color=color, label=label)

    def area(self, x: Any, low: Any, high: Any, *, color: str, label: str | None = None) -> None:
        """The region between two lines, filled."""
        self._add("area", {"x": x, "low": low, "high": high}, color=color, label=label)

    def rule(
        self,
        *,
        x: Any = None,
        y: Any = None,
        color: str = "ink",
        dash: str = "dash",
        width: float = 1.5,
        label: str | None = None,
    ) -> None:
        """A line across the whole panel at one x or one y."""
        values = {"x": x} if y is None else {"y": y}
        self._add("rule", values, color=color, dash=dash, width=width, label=label)

    def heat(
        self, z: Any, *, low: float, middle: float, high: float, through: tuple[Any, Any] | None = None
    ) -> None:
        """A grid of values over the whole panel as colours: blue below `middle`, vermillion above.

        z: rows from bottom to top. Between grid points z is interpolated, and only then read through
        the curve `through = (x, y)`. So an edge of that curve stays sharp on a coarse grid.
        """
        values = {"z": z} | ({} if through is None else {"through_x": through[0], "through_y": through[1]})
        self._add("heat", values, low=low, middle=middle, high=high)

    def contour(
        self,
        z: Any,
        *,
        level: float = 0.0,
        color: str,
        dash: str = "solid",
        width: float = 2.5,
        label: str | None = None,
    ) -> None:
        """Where a grid of values (rows from bottom to top, over the whole panel) crosses `level`."""
        self._add("contour", {"z": z}, level=level, color=color, dash=dash, width=width, label=label)

    def text(self, x: Any, y: Any, text: str | Words, *, anchor: str = "middle") -> None:
        """Words at a point, such as a number that belongs to it."""
        said = words(text) if isinstance(text, str) else text
        self._add("text", {"x": x, "y": y}, texts=said, anchor=anchor)

    def describe(self, pack: Pack) -> dict[str, Any]:
        return {
            "title": self.title,
            "square": self.square,
            "x": self.x.describe(),
            "y": self.y.describe(),
            "marks": [mark.describe(pack) for mark in self.marks],
        }


class Scene:
    """A question, the controls, the panels, and what is said about them."""

    def __init__(self, title: str, question: str) -> None:
        self.title = title
        self.question = question
        self.controls: dict[str, Control] = {}
        self.panels: list[Panel] = []
        self.sentences: list[Words] = []
        self.readings: list[tuple[str, Words]] = []
        self.notes: list[str] = []
        self.notice: list[str] = []
        self.columns: dict[str, tuple[Value, str]] = {}
        self.prediction: dict[str, Any] | None = None

    def _control(self, control: Any) -> Any:
        if control.name in self.controls:
            raise ValueError(f"There is a control named {control.name!r} already.")
        self.controls[control.name] = control
        return control

    def slider(
        self,
        name: str,
        label: str,
        values: Any,
        *,
        start: float,
        spec: str = ".1f",
        unit: str = "",
        play: bool = False,
    ) -> Slider:
        """A slider along `values`; it starts at the one nearest to `start`. `play` gives it a button that runs it."""
        return self._control(Slider(name, label, values, start=start, spec=spec, unit=unit, play=play))

    def choice(self, name: str, label: str, options: Sequence[str], *, start: int = 0) -> Choice:
        """A row of options, of which one holds."""
        return self._control(Choice(name, label, options, start=start))

    def panel(self, title: str, *, x: Axis, y: Axis, square: bool = False) -> Panel:
        """A new pair of axes, to the right of the last one."""
        self.panels.append(Panel(title, x, y, square))
        return self.panels[-1]

    def predict(self, options: Sequence[str], *, answer: int, because: str) -> None:
        """Let the learner answer the question before moving anything; `answer` counts from 0."""
        self.prediction = {"options": list(options), "answer": answer, "because": because}

    def say(self, *texts: str, pick: Value | None = None, **values: Any) -> None:
        """Add a sentence to what is said (and read aloud) about the picture as it stands."""
        self.sentences.append(words(*texts, pick=pick, **values))

    def reading(self, label: str, *texts: str, pick: Value | None = None, **values: Any) -> None:
        """Add a labelled number under the picture."""
        self.readings.append((label, words(*texts, pick=pick, **values)))

    def column(self, label: str, value: Any, spec: str = ".3g") -> None:
        """Add a column to the table of values."""
        self.columns[label] = (as_value(value), spec)

    def start(self, **values: Any) -> dict[str, float]:
        """Where the controls stand at first, or as near as they can to the `values` that are asked for."""
        unknown = set(values) - set(self.controls)
        if unknown:
            raise ValueError(f"There is no control {sorted(unknown)}; there are {sorted(self.controls)}.")
        positions: dict[str, float] = {name: control.start for name, control in self.controls.items()}
        for name, wanted in values.items():
            control = self.controls[name]
            if isinstance(control, Choice):
                if wanted not in control.options:
                    raise ValueError(f"{name} has no option {wanted!r}; choose from {control.options}.")
                positions[name] = control.options.index(wanted)
            else:
                positions[name] = float(np.interp(wanted, control.values, np.arange(len(control))))
        return positions

    def sentence(self, positions: Positions) -> str:
        """What is said when the controls stand at `positions`."""
        return " ".join(part.at(positions) for part in self.sentences)

    def describe(self) -> tuple[dict[str, Any], bytes]:
        """The whole scene for the browser: a description (JSON) and one buffer with all numbers (float32)."""
        pack = Pack()
        description = {
            "title": self.title,
            "question": self.question,
            "prediction": self.prediction,
            "notes": self.notes,
            "controls": [control.describe() for control in self.controls.values()],
            "panels": [panel.describe(pack) for panel in self.panels],
            "sentences": [part.describe(pack) for part in self.sentences],
            "readings": [{"label": label, **said.describe(pack)} for label, said in self.readings],
            "columns": [
                {"label": label, "value": pack.number(value), "format": spec}
                for label, (value, spec) in self.columns.items()
            ],
            "notice": self.notice,
            "nodes": pack.nodes,
        }
        return description, pack.buffer
