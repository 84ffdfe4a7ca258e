"""How long does an LSTM remember? One value is written into a cell, and the gates decide what becomes of it."""

from __future__ import annotations

from functools import cache

import numpy as np

from byhand.explore.engine.expressions import Control, Frames
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.scene import Axis, Scene

FORGET = np.array(
    [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99, 0.995, 0.999, 1]
)
GATE = np.linspace(0, 1, 11)  # the input and the output gate
WRITTEN, AFTER = 5, 100  # the step of the write, and how many steps are shown after it
LATER = np.arange(AFTER + 1)
LEAST = 1e-3  # of what is left; below it the right picture ends
NOTHING, OPEN, SHUT = "nothing", "noise, gate open", "noise, gate shut"


def lstm_gates() -> Explorable:
    """Show a cell and its output over time, while the forget, input and output gate are held where the learner says.

    Returns
    -------
    Explorable
        Shown by the notebook; `.still(f=0.9, later=44)` is the same picture for print.

    Notes
    -----
    All is computed by `recurrent.lstm.lstm_forward`, with one unit and weights that let its inputs set the gates. The
    output is o tanh(c), and the browser does the multiplication by o.

    References
    ----------
    F. Gers, J. Schmidhuber and F. Cummins, "Learning to forget: continual prediction with LSTM", 2000.

    Examples
    --------
    >>> from byhand import explore
    >>> explore.lstm_gates().value["f"]
    0.97
    """
    scene = Scene(
        "How long does an LSTM remember?",
        "A value is written into the cell once. From then on a forget gate of 0.9 keeps 90 % of the cell at every "
        "step. Predict: after how many steps is less than 1 % of the value left?",
    )
    scene.predict(
        ["10 steps", "44 steps", "500 steps"],
        answer=1,
        because="0.9 multiplied by itself 43 times is 0.0108, and 44 times 0.0097. Half of it has gone after 7 steps. "
        "To keep 1 % for 500 steps the gate must be above 0.99.",
    )
    f = scene.slider("f", "f, the forget gate", FORGET, start=0.97, spec=".3g")
    i = scene.slider("i", "i, the input gate", GATE, start=1, spec=".1f")
    o = scene.slider("o", "o, the output gate", GATE, start=0.8, spec=".1f")
    later = scene.slider("later", "Steps after the write", LATER, start=10, spec=".0f", play=True)
    after = scene.choice("after", "Afterwards comes", [NOTHING, OPEN, SHUT])

    by, cells = (f, i, after), _cells()
    share = np.array([forget ** LATER.astype(float) for forget in FORGET])
    _over_time(scene, later, cells, by, o)
    _what_is_left(scene, later, share, f)
    _words(scene, share, cells, by, o, later)

    rows = np.array([0, 1, 2, 5, 10, 20, 50, 100])
    scene.column("steps after the write", rows, ".0f")
    scene.column("left of the value", Frames(share[:, rows], f), ".3g")
    scene.column("cell c", Frames(cells[..., rows], *by), ".3g")
    scene.column("output h", Frames(np.tanh(cells[..., rows]), *by) * o, ".3g")
    scene.notice = [
        "From 0.9 to 0.99 is a small step for the hand. For the memory it is ten times as long: half is left after 7 "
        "steps, or after 69.",
        "The output gate changes what is shown, never what is kept. Set o = 0: the cell remembers all the same.",
        "With noise and an open input gate, the value is soon lost among what is added, even where f = 1 keeps all of "
        "it. With the gate shut after the write, nothing comes in. That is why a cell needs both gates.",
        "A straight line on the right-hand picture means multiplying by the same number again and again.",
    ]
    return Explorable(scene)


@cache
def _cells() -> np.ndarray:
    """The cell at the write and after it, by forget gate, input gate and what comes after the write."""
    from byhand.reference.recurrent.lstm import lstm_forward

    new = np.zeros((3, WRITTEN + AFTER + 1))  # the candidate g
    new[:, WRITTEN] = 1
    noise = np.random.default_rng(2).uniform(-0.25, 0.25, AFTER)
    new[1:, WRITTEN + 1 :] = noise
    shape = len(FORGET), len(GATE), 3, WRITTEN + AFTER + 1
    gates = {
        "i": np.broadcast_to(GATE[:, None, None], shape).copy(),
        "f": np.broadcast_to(FORGET[:, None, None, None], shape),
        "g": np.broadcast_to(new, shape),
        "o": np.ones(shape),
    }
    gates["i"][:, :, 2, WRITTEN + 1 :] = 0  # shut
    # One unit, whose four pre-activations are its four inputs: the gates stand where these put them.
    with np.errstate(divide="ignore"):
        before = {name: np.log(gate) - np.log1p(-gate) for name, gate in gates.items() if name != "g"}
        before["g"] = np.arctanh(gates["g"])
    x = np.stack([np.clip(before[name], -1000, 1000) for name in "ifgo"], axis=-1).reshape(
        -1, WRITTEN + AFTER + 1, 4
    )
    start = np.zeros((len(x), 1))
    _, cells, _ = lstm_forward(x, start, start, np.eye(4), np.zeros((1, 4)), np.zeros(4))
    return cells.reshape(shape)[..., WRITTEN:]


def _over_time(scene: Scene, later: Control, cells: np.ndarray, by: tuple[Control, ...], o: Control) -> None:
    panel = scene.panel(
        f"The cell and its output (written at step {WRITTEN})",
        x=Axis("step", 0, WRITTEN + AFTER, ticks=range(0, 101, 20)),
        y=Axis("value", -0.5, 2),
    )
    now = later + WRITTEN
    panel.rule(y=0.0, color="faint", dash="solid", width=1)
    panel.rule(x=now, color="faint", dash="dot")
    # Before the write all is 0; then the line goes up to what was written, which is i times 1.
    before, rise = np.array([0, WRITTEN - 1, WRITTEN]), np.array([0.0, 0, 1])
    for values, first, factor, color, dash, shape, label in (
        (cells, GATE, 1.0, "blue", "solid", "disc", "cell c"),
        (np.tanh(cells), np.tanh(GATE), o, "vermillion", "dash", "square", "output h = o tanh(c)"),
    ):
        panel.line(before, Frames(first[:, None] * rise, by[1]) * factor, color=color, dash=dash)
        panel.line(WRITTEN + LATER, Frames(values, *by) * factor, color=color, dash=dash, label=label)
        panel.points(now, Frames(values, *by, later) * factor, color=color, shape=shape)


def _what_is_left(scene: Scene, later: Control, share: np.ndarray, f: Control) -> None:
    panel = scene.panel(
        "What is left of the value",
        x=Axis("steps after the write", 0, AFTER, ticks=range(0, 101, 20)),
        y=Axis(
            "share", LEAST, 2, ticks=(1e-3, 1e-2, 0.1, 1), names=("0.1 %", "1 %", "10 %", "100 %"), log=True
        ),
    )
    for level, dash, label in ((0.5, "dot", "half"), (0.01, "dash", "1 %")):
        panel.rule(y=level, color="ink", dash=dash, label=label)
    panel.line(LATER, Frames(share, f), color="blue", label="f multiplied by itself")
    panel.points(
        later, Frames(share, f, later), color="vermillion", shape="square", size=7, label="at your step"
    )


def _until(level: float) -> np.ndarray:
    """The first step after the write at which less than `level` is left, by forget gate; 0 if there is none."""
    with np.errstate(divide="ignore"):
        # Half of 0.5 is not less than half: the first whole number *above* the root. The last forget gate is 1.
        return np.append(np.floor(np.log(level) / np.log(FORGET[:-1]) + 1e-9) + 1, 0)


def _words(
    scene: Scene, share: np.ndarray, cells: np.ndarray, by: tuple[Control, ...], o: Control, later: Control
) -> None:
    f, i, after = by
    at = {
        "f": f,
        "i": i,
        "o": o,
        "later": later,
        "share": Frames(share * 100, f, later),
        "cell": Frames(cells, *by, later),
        "out": Frames(np.tanh(cells), *by, later) * o,
        "half": Frames(_until(0.5), f),
        "hundredth": Frames(_until(0.01), f),
    }
    scene.say(
        "The input gate is closed: nothing was written.",
        "With i = {i:.1f} the value {i:.1f} was written.",
        pick=Frames((GATE > 0).astype(float), i),
        **at,
    )
    scene.say("With f = {f:.3g}, {share:.3g} % of it is left after {later:.0f} steps.", **at)
    holds = "The cell then holds {cell:.3g}, and the output is {out:.3g}."
    noisy = "With the noise that came in later the cell then holds {cell:.3g}, and the output is {out:.3g}."
    scene.say(holds, noisy, holds, pick=after, **at)
    never = Frames((FORGET == 1).astype(float), f)
    scene.reading("less than half left after", "{half:.0f} steps", "never", pick=never, **at)
    scene.reading("less than 1 % left after", "{hundredth:.0f} steps", "never", pick=never, **at)
    scene.reading("left at your step", "{share:.3g} %", **at)
    scene.reading("cell, output", "{cell:.3g}, {out:.3g}", **at)
