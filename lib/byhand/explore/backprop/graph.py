"""Who is to blame for the error? One neuron as a graph: values forward, gradients back, step by step."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from byhand.explore.engine.captions import write
from byhand.explore.engine.expressions import Array, Choice, Frames, Slider
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import Unusable, call, close, name_of
from byhand.explore.engine.panel import Node, Panel
from byhand.explore.engine.scene import Axis, Scene, words

STEPS = [
    ("wx", "*", "w", "x"),
    ("z", "+", "wx", "b"),
    ("p", "sigmoid", "z"),
    ("e", "-", "p", "t"),
    ("L", "*", "e", "e"),
]
NAMES = ("w", "x", "b", "t", "wx", "z", "p", "e", "L")
X = 2.0
WEIGHTS = np.linspace(-3, 3, 25)
BIASES = np.linspace(-3, 3, 13)
TARGETS = (0.0, 1.0)
NUDGE = 1e-4
COMPUTED = {"wx": 1, "z": 2, "p": 3, "e": 4, "L": 5}  # the step in which a value appears
REACHED = {"L": 6, "e": 7, "p": 8, "t": 8, "z": 9, "wx": 10, "b": 10, "w": 11, "x": 11}
PLACES = {
    "w": (1.3, 0.8), "x": (1.3, 2.6), "b": (4.3, 3.6), "t": (10.3, 3.6), "wx": (4.3, 1.7),
    "z": (7.3, 1.7), "p": (10.3, 1.7), "e": (13.3, 1.7), "L": (16.3, 1.7),
}  # fmt: skip
FORMULAS = {"wx": "w · x", "z": "wx + b", "p": "σ(z)", "e": "p − t", "L": "e · e"}


def graph(graph_backward: Callable | None = None) -> Explorable:
    """Show one neuron's loss (σ(w x + b) − t)² as a graph, forward and back, beside slopes that were measured.

    Parameters
    ----------
    graph_backward
        Your own `graph_backward(graph, values)`; without it, the reference.

    Returns
    -------
    Explorable
        Shown by the notebook; `.still(w=1, step=11)` is the same picture for print.

    Notes
    -----
    w, b and the target choose among 25 × 13 × 2 graphs that are computed here, each with the gradient of its nine
    nodes. The measured slopes nudge a node by 0.0001 up and down, and compute what comes after it again.

    Examples
    --------
    >>> from byhand import explore
    >>> explore.graph().value["step"]
    0.0
    """
    from byhand.reference.backprop.graph import graph_backward as reference

    values, measured = _values(), _measured()
    right = _gradients(reference, values)
    gradients, note = right, None
    if graph_backward is not None and graph_backward is not reference:
        gradients, note = _own_or_reference(graph_backward, values, right)

    scene = Scene(
        "Who is to blame for the error?",
        "One neuron answers p = σ(wx + b), and should answer t. Its loss is the squared error. Step forward through "
        "the values, then back through the gradients. Predict: which way should w move, if the neuron answers too "
        "little and x is positive?",
    )
    scene.predict(
        ["up", "down"],
        answer=0,
        because="Then the error e is negative. On the way back it is multiplied by positive slopes only, by that of "
        "the sigmoid and by x, so the gradient of w is negative: the loss falls when w grows.",
    )
    scene.notes = [note] if note else []
    w = scene.slider("w", "w, the weight", WEIGHTS, start=0.5, spec=".2f")
    b = scene.slider("b", "b, the bias", BIASES, start=-1, spec=".1f")
    target = scene.choice("target", "t, the right answer", ["0", "1"], start=1)
    step = scene.slider("step", "Step", np.arange(12), start=0, spec=".0f", play=True)

    at = (w, b, target)
    value = {name: Frames(values[..., i], *at) for i, name in enumerate(NAMES)}
    gradient = {name: Frames(gradients[..., i], *at) for i, name in enumerate(NAMES)}
    # What these say is there once the steps have got to it: not before the learner has thought about it.
    _draw_graph(scene, step, value, gradient)
    _draw_loss(scene, at, step, values, gradient["w"])
    _draw_slopes(scene, step, Frames(gradients, *at), Frames(measured, *at))
    _words(scene, step, value, gradient, Frames(measured[..., 0], *at))
    scene.column("number in the order " + ", ".join(NAMES), np.arange(1, len(NAMES) + 1), ".0f")
    scene.column("value", Frames(values, *at), ".4g")
    scene.column("gradient, by going back", Frames(gradients, *at), ".4g")
    scene.column("slope, by nudging", Frames(measured, *at), ".4g")
    scene.notice = [
        "Each step of the way back is one multiplication: what arrives, times the step's own slope. No step needs to "
        "know what the others do.",
        "e is used twice in e · e, and what arrives on both ways is added: its gradient is e + e.",
        "Make w and b large, with t = 0: the loss is almost 1, and yet nearly nothing arrives at w. The sigmoid is "
        "flat there, and its slope p (1 − p) lets nothing through. That is why the cross-entropy is used.",
    ]
    return Explorable(scene)


def _draw_graph(scene: Scene, step: Slider, value: dict[str, Frames], gradient: dict[str, Frames]) -> None:
    sheet = scene.sheet(
        "In each box the value, and below it how fast the loss grows with it",
        rows=4.6,
        columns=17.8,
        wide=True,
        unit=44,
    )
    nodes = {name: _node(sheet, name, step, value[name], gradient[name]) for name in NAMES}
    for name, _, *sources in STEPS:
        for source in dict.fromkeys(sources):
            sheet.edge(nodes[source], nodes[name])


def _node(sheet: Panel, name: str, step: Slider, value: Frames, gradient: Frames) -> Node:
    here = words(f"{name} = {{v:.2f}}", v=value)
    if name in COMPUTED:
        label = f"{name} = {FORMULAS[name]}"
        here = words(label, f"{name} = {{v:.2f}}", pick=step.at_least(COMPUTED[name]), v=value)
    gradient_words = words("?", "{g:.3f}", pick=step.at_least(REACHED[name]), g=gradient)
    return sheet.node(*PLACES[name], here, gradient_words, width=2.5, height=1.3)


def _draw_loss(
    scene: Scene, at: tuple[Slider, Slider, Choice], step: Slider, values: np.ndarray, slope: Frames
) -> None:
    w, b, target = at
    panel = scene.panel(
        "The loss, for every w", x=Axis("w", -3, 3), y=Axis("loss L", -0.15, 1.15, ticks=[0, 0.5, 1])
    )
    losses = values[..., NAMES.index("L")]
    here = Frames(losses, w, b, target)
    known = step.at_least(REACHED["w"])
    panel.line(WEIGHTS, Frames(losses.transpose(1, 2, 0), b, target).only(known), color="blue", label="loss")
    ends = Array([-0.8, 0.8])
    tangent = (here + slope * ends).only(known)
    panel.line(w + ends, tangent, color="vermillion", dash="dash", label="slope: the gradient of w")
    panel.points(w, here.only(step.at_least(COMPUTED["L"])), color="ink", size=7, label="here")


def _draw_slopes(scene: Scene, step: Slider, gradients: Frames, measured: Frames) -> None:
    places = np.arange(len(NAMES))
    panel = scene.panel(
        "Gradients, and slopes by nudging",
        x=Axis("number", -0.6, len(NAMES) - 0.4, ticks=places, names=NAMES),
        y=Axis("how fast the loss grows with it", -2.2, 2.2, ticks=[-2, -1, 0, 1, 2]),
    )
    known = step.at_least([REACHED[name] for name in NAMES])
    panel.bars(places, gradients.only(known), color="sky", width=0.6, label="by going back")
    panel.points(places, measured.only(known), color="ink", shape="ring", size=8, label="by nudging")


def _words(
    scene: Scene, step: Slider, value: dict[str, Frames], gradient: dict[str, Frames], measured: Frames
) -> None:
    at = {name: value[name] for name in NAMES} | {f"d{name}": gradient[name] for name in NAMES}
    scene.say("With w = {w:.2f}, x = {x:.0f}, b = {b:.1f} and t = {t:.0f}:", **at)
    scene.say(*_sentences(), pick=step, **at)
    known = step.at_least(REACHED["w"])
    scene.reading("loss L", "?", "{L:.4f}", pick=step.at_least(COMPUTED["L"]), **at)
    scene.reading("gradient of w, by going back", "?", "{dw:.4f}", pick=known, **at)
    scene.reading("slope for w, by nudging", "?", "{m:.4f}", pick=known, m=measured)


def _sentences() -> list[str]:
    return [
        "the inputs stand ready. Take a step.",
        "forward, wx = w · x = {wx:.3f}.",
        "forward, z = wx + b = {z:.3f}.",
        "forward, p = σ(z) = {p:.3f}, the neuron's answer.",
        "forward, e = p − t = {e:.3f}, the error.",
        "forward, L = e · e = {L:.3f}, the loss. Now we turn round.",
        "back, the loss grows with itself as fast as itself: the slope of L is 1.",
        "back, e is a factor twice, and each time its slope is the other factor: e + e = {de:.3f}.",
        "back, e = p − t, so p gets the same, {dp:.3f}, and t gets it with the other sign.",
        "back, through the sigmoid: {dp:.3f} times its slope p (1 − p) is {dz:.3f} for z.",
        "back, z = wx + b is a sum, and hands on what it gets: {dwx:.3f} for wx, {db:.3f} for b.",
        "back, a product: w gets {dwx:.3f} times x, that is {dw:.3f}; x gets {dwx:.3f} times w, that is {dx:.3f}.",
    ]


def _settings() -> list[tuple[int, int, int]]:
    return list(np.ndindex(len(WEIGHTS), len(BIASES), len(TARGETS)))


def _values() -> np.ndarray:
    """The value of every node, by w, b and target."""
    from byhand.reference.backprop.graph import graph_forward

    table = np.zeros((len(WEIGHTS), len(BIASES), len(TARGETS), len(NAMES)))
    for i, j, k in _settings():
        inputs = {"w": float(WEIGHTS[i]), "x": X, "b": float(BIASES[j]), "t": TARGETS[k]}
        values = graph_forward(STEPS, inputs)
        table[i, j, k] = [values[name] for name in NAMES]
    return table


def _measured() -> np.ndarray:
    """The slope of the loss for every node, by nudging the node and computing what comes after it."""
    table = _values()
    values = {name: table[..., i] for i, name in enumerate(NAMES)}
    return np.stack(
        [(_loss(values, name, NUDGE) - _loss(values, name, -NUDGE)) / (2 * NUDGE) for name in NAMES], -1
    )


def _loss(values: dict[str, np.ndarray], nudged: str, by: float) -> np.ndarray:
    """The loss when one node is moved."""
    v = {name: value + (by if name == nudged else 0.0) for name, value in values.items()}
    after = NAMES.index(nudged)
    if after < NAMES.index("wx"):
        v["wx"] = v["w"] * v["x"]
    if after < NAMES.index("z"):
        v["z"] = v["wx"] + v["b"]
    if after < NAMES.index("p"):
        v["p"] = 1 / (1 + np.exp(-v["z"]))
    if after < NAMES.index("e"):
        v["e"] = v["p"] - v["t"]
    return v["L"] if nudged == "L" else v["e"] ** 2


def _gradients(backward: Callable, values: np.ndarray) -> np.ndarray:
    """What a way back gives for every node, by w, b and target."""

    def in_order(steps: list[tuple[str, ...]], at: dict[str, float]) -> list[float]:
        given = backward(steps, at)
        if not isinstance(given, dict) or not set(NAMES) <= set(given):
            return given
        return [given[name] for name in NAMES]

    in_order.__name__ = name_of(backward)
    table = np.zeros(values.shape)
    for setting in _settings():
        at = dict(zip(NAMES, map(float, values[setting]), strict=True))
        table[setting] = call(in_order, (len(NAMES),), list(STEPS), at)
    return table


def _own_or_reference(own: Callable, values: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, str | None]:
    """The learner's gradients, or the reference's, and what to say about them."""
    try:
        given = _gradients(own, values)
    except Unusable as problem:
        return right, f"{problem} The reference is drawn instead."
    wrong = ~close(given, right)
    if not wrong.any():
        return given, None
    i, j, k, node = np.argwhere(wrong)[-1]
    numbers = f"w = {write(WEIGHTS[i])}, b = {write(BIASES[j])} and t = {write(TARGETS[k])}"
    return given, (
        f"Your {name_of(own)} differs from the reference. With {numbers} it gives {NAMES[node]} the gradient "
        f"{write(given[i, j, k, node])}, not {write(right[i, j, k, node])}. Compare the last two columns of the table."
    )
