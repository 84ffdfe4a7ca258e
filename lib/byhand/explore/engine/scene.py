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
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from byhand.explore.engine.captions import Words, words
from byhand.explore.engine.expressions import (
    Choice,
    Control,
    Entry,
    Pack,
    Positions,
    Slider,
    Toggle,
    Value,
    as_value,
)
from byhand.explore.engine.panel import Axis, Panel, tiles

__all__ = ["Axis", "Panel", "Scene", "tiles", "words"]


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
        self.presets: list[tuple[str, dict[str, Any]]] = []

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

    def toggle(self, name: str, label: str, *, start: bool = False) -> Toggle:
        """A box to tick; as a value it is 1 or 0."""
        return self._control(Toggle(name, label, start=start))

    def matrix(
        self, name: str, label: str, start: ArrayLike, values: Any, *, spec: str = ".3g"
    ) -> np.ndarray:
        """A small matrix that the learner fills in; each entry is one of `values`.

        Returns
        -------
        array of the shape of `start`
            Its entries as values, to do arithmetic with. Their names are `name_1_1`, `name_1_2`, …: row and
            column, counted from 1.
        """
        start = np.asarray(start, dtype=float)
        entries = np.empty(start.shape, dtype=object)
        for (row, column), first in np.ndenumerate(start):
            entries[row, column] = self._control(
                Entry(
                    f"{name}_{row + 1}_{column + 1}",
                    f"row {row + 1}, column {column + 1}",
                    values,
                    start=first,
                    spec=spec,
                    group=label,
                    columns=start.shape[1],
                )
            )
        return entries

    def preset(self, label: str, **values: Any) -> None:
        """A button that puts the controls where it says: `scene.preset("edges", k_1_1=-1, k_1_2=0)`."""
        self.start(**values)  # says which name or option there is not
        self.presets.append((label, values))

    def panel(self, title: str, *, x: Axis, y: Axis, square: bool = False, wide: bool = False) -> Panel:
        """A new pair of axes, to the right of the last one; a `wide` one has a row of its own."""
        self.panels.append(Panel(title, x, y, square=square, wide=wide))
        return self.panels[-1]

    def sheet(self, title: str, *, rows: float, columns: float, wide: bool = False, unit: float = 0) -> Panel:
        """A new panel without axes, for pixels, cells and graphs.

        It is squared paper: x goes right from 0 to `columns`, y goes down from 0 to `rows`. Where words must fit
        into a unit, `unit` is the least side of one in pixels; on a narrow page the panel is scrolled then.
        """
        x, y = Axis("column", 0, columns, ticks=()), Axis("row", rows, 0, ticks=())
        self.panels.append(Panel(title, x, y, bare=True, wide=wide, unit=unit))
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
        return positions | {name: self.controls[name].position(wanted) for name, wanted in values.items()}

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
            "presets": [
                {
                    "label": label,
                    "positions": {name: self.controls[name].position(values[name]) for name in values},
                }
                for label, values in self.presets
            ],
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
