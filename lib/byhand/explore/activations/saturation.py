"""Where does the gradient die? The slope of an activation, and the product of slopes through depth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from byhand.explore.engine.captions import LEAST
from byhand.explore.engine.expressions import Choice, Frames, Slider
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import name_of, tabulate
from byhand.explore.engine.scene import Axis, Scene, words

NAMES = {"sigmoid": "Sigmoid", "tanh": "Tanh", "relu": "ReLU"}
Z = np.linspace(-8, 8, 161)
DEPTHS = np.arange(1, 31)
FLAT = 0.05  # a slope below this is shaded as saturated
TINY = 1e-6  # a gradient below this no longer teaches anything


def saturation(*functions: Callable) -> Explorable:
    """Show an activation, its slope at z, and what the slope does to the gradient through many layers.

    Parameters
    ----------
    *functions
        Your own functions, in any order: any of `sigmoid`, `sigmoid_derivative`, `tanh`, `tanh_derivative`,
        `relu` and `relu_derivative`. The reference stands in for the others.

    Returns
    -------
    Explorable
        Shown by the notebook; `.still(activation="Tanh", z=3, depth=10)` is the same picture for print.

    Raises
    ------
    ValueError
        If a function has another name: the picture would not know what it is.

    Notes
    -----
    The activation, z and the depth choose among 3 × 161 × 30 numbers that are computed here: the slope at z
    to the power of the depth, which is what the chain rule multiplies when every layer stands at the same z.

    Examples
    --------
    >>> import numpy as np
    >>> from byhand import explore
    >>> def tanh(x):
    ...     return np.tanh(x)
    >>> picture = explore.saturation(tanh)
    >>> picture.value["activation"]
    'Sigmoid'
    """
    from byhand.reference.activations import elementwise

    expected = [name + ending for name in NAMES for ending in ("", "_derivative")]
    own = {name_of(function): function for function in functions}
    if unknown := sorted(set(own) - set(expected)):
        raise ValueError(f"saturation does not know {', '.join(unknown)}; it takes {', '.join(expected)}.")
    tables = {name: tabulate(own.get(name), getattr(elementwise, name), Z, "z") for name in expected}

    scene = Scene(
        "Where does the gradient die?",
        "A sigmoid is steepest at z = 0, where its slope is 0.25. On its way back, the gradient is multiplied by the "
        "slope once for each layer. Predict: even at z = 0, from which depth is it smaller than one millionth?",
    )
    scene.predict(
        ["5 layers", "10 layers", "25 layers", "never"],
        answer=1,
        because="0.25 multiplied by itself 10 times is 0.00000095. Set z = 0 and watch the line cross 10⁻⁶.",
    )
    scene.notes = [table.note for table in tables.values() if table.note]
    which = scene.choice("activation", "Activation f", list(NAMES.values()))
    z = scene.slider("z", "z, what the neuron receives", Z, start=2)
    depth = scene.slider("depth", "Depth: number of layers", DEPTHS, start=6, spec=".0f", play=True)

    outputs = np.array([tables[name].values for name in NAMES])
    slopes = np.array([tables[f"{name}_derivative"].values for name in NAMES])
    _curves(scene, which, z, tables, outputs, slopes)
    _depths(scene, which, z, depth, slopes)
    _words(scene, which, z, depth, outputs, slopes)
    scene.notice = [
        "Sigmoid and Tanh go flat on both sides. There the slope is almost 0 (shaded), so almost no gradient "
        "passes, and the weights before such a neuron stop learning. The neuron is saturated.",
        "Tanh has slope 1 at z = 0, Sigmoid only 0.25. That is one reason why Tanh learns faster than Sigmoid.",
        "ReLU has slope exactly 1 for every z > 0: the gradient passes unchanged, however many layers there are. "
        "For z < 0 its slope is exactly 0: nothing passes at all.",
        "A straight line on the right-hand picture means multiplying by the same number again and again: its "
        "vertical scale counts in powers of ten.",
    ]
    return Explorable(scene)


def _curves(
    scene: Scene, which: Choice, z: Slider, tables: dict, outputs: np.ndarray, slopes: np.ndarray
) -> None:
    panel = scene.panel(
        "The activation and its slope",
        x=Axis("z", -8, 8, ticks=range(-8, 9, 4)),
        y=Axis("f(z) and slope f′(z)", -1.25, 2.25),
    )
    starts, stops = _flat_strips(slopes)
    panel.band(
        Frames(starts, which), Frames(stops, which), color="orange", label=f"saturated: slope below {FLAT}"
    )
    for ending, color, label in (("", "ink", "reference f"), ("_derivative", "faint", "reference f′")):
        right = np.array([tables[name + ending].dashed for name in NAMES])
        if np.isfinite(right).any():
            panel.line(Z, Frames(right, which), color=color, dash="dot", label=label)
    panel.rule(x=z, color="faint", dash="dot")
    panel.line(Z, Frames(outputs, which), color="blue", label="f(z)")
    panel.line(Z, Frames(slopes, which), color="vermillion", dash="dash", label="slope f′(z)")
    panel.points(z, Frames(outputs, which, z), color="blue", shape="disc")
    panel.points(z, Frames(slopes, which, z), color="vermillion", shape="square")


def _flat_strips(slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """From where to where each activation is saturated; as many strips as the one that has most."""
    half = (Z[1] - Z[0]) / 2
    strips = []
    for slope in slopes:
        edges = np.flatnonzero(np.diff(np.concatenate([[0], np.abs(slope) < FLAT, [0]]).astype(int)))
        strips.append([(Z[first] - half, Z[last - 1] + half) for first, last in edges.reshape(-1, 2)])
    most = max(1, *map(len, strips))
    padded = np.array([each + [(np.nan, np.nan)] * (most - len(each)) for each in strips])
    return padded[..., 0], padded[..., 1]


def _products(slopes: np.ndarray) -> np.ndarray:
    """What is left of the gradient after 0, 1, 2, … layers, by activation and z."""
    with np.errstate(over="ignore"):  # a wrong slope may be huge
        left = np.abs(slopes[..., None]) ** np.arange(DEPTHS[-1] + 1)
    # In float32 these would become 0, which they are not.
    return np.where((left > 0) & (left < LEAST), LEAST / 2, left)


def _depths(scene: Scene, which: Choice, z: Slider, depth: Slider, slopes: np.ndarray) -> None:
    panel = scene.panel(
        "What is left of the gradient, layer by layer",
        x=Axis("layers", 0, 30, ticks=range(0, 31, 5)),
        y=Axis("product of the slopes", 1e-12, 10, ticks=10.0 ** np.arange(0, -13, -2), log=True),
    )
    products = _products(slopes)
    layers = np.arange(DEPTHS[-1] + 1)
    panel.rule(y=TINY, color="ink", dash="dash", label="one millionth")
    # The two activations that are not chosen, at the same z, so that all three can be compared.
    names = list(NAMES.values())
    for turn, dash in ((1, "dash"), (2, "dot")):
        others = np.roll(products, -turn, axis=0)
        panel.line(layers, Frames(others, which, z), color="faint", dash=dash, width=1.5)
        chosen = [(i + turn) % 3 for i in range(3)]
        at = np.empty((3, len(Z), 2))
        for row, i in enumerate(chosen):
            at[row] = [_place(i, *lines) for lines in zip(others[row], products[row], strict=True)]
        name = words(*(names[i] for i in chosen), pick=which)
        panel.text(Frames(at[..., 0], which, z), Frames(at[..., 1], which, z), name, anchor="start")
    panel.line(layers, Frames(products, which, z), color="blue", width=1.5)
    panel.points(layers, Frames(products, which, z), color="blue", size=3.5, label="the chosen activation")
    panel.points(
        depth,
        Frames(products[..., 1:], which, z, depth),
        color="vermillion",
        shape="square",
        size=7,
        label="at your depth",
    )


def _place(activation: int, line: np.ndarray, chosen: np.ndarray) -> tuple[float, float]:
    """Where a line's name starts: under its end on the right, or on its way down, on the side away from `chosen`.

    Each activation has a height of its own, so that two names never stand on each other.
    """
    if line[-1] > 1e-9:
        return 24.0, float(line[24]) * (0.2, 0.02, 0.2)[activation]
    height = (2e-11, 5e-10, 2e-8)[activation]
    here, there = (int(np.argmax(each < height)) if each[-1] < height else 31 for each in (line, chosen))
    width = (6.5, 4.5, 4.5)[activation]  # of the name, in layers
    if here < there:
        return (here - width, height) if here > width else (there + 1.0, height)
    return here + 1.0, height


def _words(
    scene: Scene, which: Choice, z: Slider, depth: Slider, outputs: np.ndarray, slopes: np.ndarray
) -> None:
    size = np.abs(slopes)
    kinds = [size == 0, size < FLAT, size < 1 - 1e-9, size < 1 + 1e-9, size > 1]
    state = np.select(kinds, range(5), 5)  # 5: the learner's slope is no number
    with np.errstate(divide="ignore"):
        # The first depth at which the slope to that power is below one millionth; 0 if there is none.
        first = np.where(size < 1, np.floor(np.log(TINY) / np.log(np.minimum(size, 1 - 1e-12))) + 1, 0)
    products = _products(slopes)
    at = {
        "f": which,
        "z": z,
        "depth": depth,
        "out": Frames(outputs, which, z),
        "slope": Frames(slopes, which, z),
        "left": Frames(products[..., 1:], which, z, depth),
        "first": Frames(first, which, z),
    }

    scene.say("{f} at z = {z:.1f} gives {out:.3g}, and its slope there is {slope:.3g}.", **at)
    scene.say(
        "A slope of exactly 0 lets nothing pass back.",
        "It is flat here: saturated.",
        "Each layer makes the gradient smaller.",
        "Each layer passes the gradient on unchanged.",
        "Each layer makes the gradient larger.",
        "With such a slope nothing can be learned.",
        pick=Frames(state, which, z),
    )
    scene.say("Through {depth:.0f} layers the gradient is multiplied by {left:.2g}.", **at)
    never = Frames(first == 0, which, z)
    scene.say(
        "It is below one millionth from depth {first:.0f} on.",
        "It never falls below one millionth.",
        pick=never,
        **at,
    )

    scene.reading("f(z)", "{out:.3g}", **at)
    scene.reading("slope f′(z)", "{slope:.3g}", **at)
    scene.reading("left of the gradient", "{left:.2g}", **at)
    scene.reading("below one millionth from", "depth {first:.0f}", "never", pick=never, **at)

    rows = np.array([1, 2, 3, 5, 10, 20, 30])
    scene.column("layers", rows, ".0f")
    for name, table in zip(NAMES.values(), products, strict=True):
        scene.column(f"{name}: gradient left", Frames(table[:, rows], z), ".3g")
