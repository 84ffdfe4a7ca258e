"""What can one neuron do? Its plane and its boundary under w₁, w₂ and b, and four points to separate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from byhand.explore.engine.captions import write
from byhand.explore.engine.expressions import Array, Choice, Frames, Value
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import Unusable, call, close, name_of
from byhand.explore.engine.scene import Axis, Scene

GATES = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "NAND": (1, 1, 1, 0), "XOR": (0, 1, 1, 0)}
CORNERS = np.array([(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)])  # in the order of the gates' answers
WEIGHTS = np.linspace(-2, 2, 41)
BIASES = np.linspace(-3, 3, 61)
SIDE = np.linspace(-0.5, 1.5, 21)
GRID = np.stack(np.meshgrid(SIDE, SIDE), axis=-1).reshape(-1, 2)  # rows from bottom to top
SUMS = np.append(np.linspace(-12, 12, 241), -1e-6)  # just below 0 too: there the step has its edge
SUMS.sort()


def neuron_plane(neuron: Callable | None = None) -> Explorable:
    """Show what one neuron answers for every input (x₁, x₂), and where it changes its mind.

    Parameters
    ----------
    neuron
        Your own `neuron(x, w, b, activation)`; without it, the reference.

    Returns
    -------
    Explorable
        Shown by the notebook; `.still(gate="XOR", w1=1, w2=1, b=-0.5)` is the same picture for print.

    Notes
    -----
    Three sliders of 41, 41 and 61 steps make 102,541 planes: too many to send. But a neuron's weighted sum is
    linear in w₁, w₂ and b. So four planes, which the neuron itself computes with the identity as its
    activation, give all others: `base + w₁·first + w₂·second + b·bias`, without any error. What the activation
    makes of a sum is a curve, tabulated by the neuron too, which the browser reads off at every pixel: exact for
    the step, and to 3e-4 for the sigmoid (straight lines between points 0.1 apart).

    That the learner's neuron is such a neuron is not taken for granted: it is tried on 64 drawn inputs, weights
    and biases. If four planes and a curve cannot show what it does, the reference is drawn and a sentence says so.

    Examples
    --------
    >>> from byhand import explore
    >>> explore.neuron_plane().value["gate"]
    'AND'
    """
    from byhand.reference.neuron import layers as reference

    right = _measure(reference.neuron)
    planes, note = right, None
    if neuron is not None and neuron is not reference.neuron:
        planes, note = _own_or_reference(neuron, reference.neuron, right)

    scene = Scene(
        "What can one neuron do?",
        "A neuron answers 1 on one side of a straight line and 0 on the other. w₁, w₂ and b move the line. "
        "Predict: of the four points of XOR, how many can one neuron get right?",
    )
    scene.predict(
        ["2 of 4", "3 of 4", "4 of 4"],
        answer=1,
        because="The two points that ask for a 1 lie across from each other, and so do the two that ask for a 0. "
        "No straight line has both ones on one side and both zeros on the other.",
    )
    scene.notes = [note] if note else []
    gate = scene.choice("gate", "Gate", list(GATES))
    kind = scene.choice("activation", "Activation", ["step", "sigmoid"])
    w1 = scene.slider("w1", "w₁, weight of x₁", WEIGHTS, start=1)
    w2 = scene.slider("w2", "w₂, weight of x₂", WEIGHTS, start=0.5)
    b = scene.slider("b", "b, the bias", BIASES, start=-0.5)

    base, first, second, bias = planes.sums
    plane = base + w1 * first + w2 * second + b * bias
    base, first, second, bias = planes.corner_sums
    corners = base + w1 * first + w2 * second + b * bias
    outputs = corners.through(SUMS, Frames(planes.curves, kind))
    fires = outputs.at_least(0.5)
    targets = Frames(list(GATES.values()), gate)
    hits = fires * targets + (1 - fires) * (1 - targets)

    panel = scene.panel(
        "The plane of all inputs", x=Axis("x₁", -0.5, 1.5), y=Axis("x₂", -0.5, 1.5), square=True
    )
    panel.heat(plane, low=0, middle=0.5, high=1, through=(SUMS, Frames(planes.curves, kind)))
    if planes is not right:
        base, first, second, bias = right.sums
        correct = base + w1 * first + w2 * second + b * bias
        panel.contour(correct, color="ink", dash="dot", width=1.5, label="reference")
    panel.contour(plane, color="ink", label="boundary, z = 0")
    panel.arrow(0.5, 0.5, 0.5 + 0.2 * w1, 0.5 + 0.2 * w2, color="ink", label="the weights")
    x1, x2 = Array(CORNERS[:, 0]), CORNERS[:, 1]
    panel.points(x1.only(targets), x2, color="vermillion", shape="disc", size=8, label="should be 1")
    panel.points(x1.only(1 - targets), x2, color="blue", shape="square", size=8, label="should be 0")
    panel.points(x1.only(1 - hits), x2, color="ink", shape="ring", size=15, label="wrong")
    _answers(scene, outputs, targets, hits)
    _words(scene, gate, fires, hits, corners, {"w1": w1, "w2": w2, "b": b})
    return Explorable(scene)


def _answers(scene: Scene, outputs: Value, targets: Value, hits: Value) -> None:
    """The same four answers as a table in pictures: what the neuron says, and what the gate says."""
    panel = scene.panel(
        "Its answers to the four points",
        x=Axis("input (x₁, x₂)", -0.6, 3.6, ticks=range(4), names=[_point(corner) for corner in CORNERS]),
        y=Axis("output", -0.15, 1.15, ticks=[0, 0.5, 1]),
    )
    places = Array(np.arange(4))
    panel.bars(places, outputs, color="sky", width=0.6, label="the neuron")
    panel.rule(y=0.5, color="faint", label="counts as 1 from here")
    panel.points(places.only(targets), targets, color="vermillion", shape="disc", size=8)
    panel.points(places.only(1 - targets), targets, color="blue", shape="square", size=8)
    panel.points(places.only(1 - hits), targets, color="ink", shape="ring", size=15)


def _words(
    scene: Scene, gate: Choice, fires: Value, hits: Value, corners: Value, weights: dict[str, Value]
) -> None:
    scene.say("With w₁ = {w1:.1f}, w₂ = {w2:.1f} and b = {b:.1f}", **weights)
    # Which of the four points it answers with 1, as one number: a sentence for each of the 16 cases.
    case = (fires * [1, 2, 4, 8]).sum()
    scene.say(*(_fires_for(number) for number in range(16)), pick=case)
    scene.say(
        "None of its 4 answers is the one of {gate}.",
        "1 of its 4 answers is the one of {gate}.",
        "2 of its 4 answers are those of {gate}.",
        "3 of its 4 answers are those of {gate}.",
        "All 4 answers are right: this neuron computes {gate}.",
        pick=hits.sum(),
        gate=gate,
    )
    scene.reading("right answers", "{hits:.0f} of 4", hits=hits.sum())
    for i, corner in enumerate(CORNERS):
        only = np.eye(4)[i]
        scene.reading(f"z for {_point(corner)}", "{z:.1f}", z=(corners * only).sum())
    scene.column("x₁", CORNERS[:, 0], ".0f")
    scene.column("x₂", CORNERS[:, 1], ".0f")
    scene.column("z = w₁x₁ + w₂x₂ + b", corners, ".2f")
    scene.column("answer", fires, ".0f")
    scene.column("right (1) or wrong (0)", hits, ".0f")
    scene.notice = [
        "The boundary is where z = w₁x₁ + w₂x₂ + b is exactly 0. The weights turn it: their arrow stands "
        "at a right angle to it, and points towards the ones. The bias moves it without turning it.",
        "Twice the weights and twice the bias give the same line. With the sigmoid (a step that rises gently, "
        "from chapter 2) you see what changes: the rise from 0 to 1 gets steeper, the neuron more sure.",
        "AND, OR and NAND need one line only. XOR needs two, and so more than one neuron: that is the reason "
        "for layers.",
    ]


def _point(corner: np.ndarray) -> str:
    return f"({corner[0]:.0f}, {corner[1]:.0f})"


def _fires_for(case: int) -> str:
    ones = [_point(corner) for i, corner in enumerate(CORNERS) if case >> i & 1]
    if not ones:
        return "the neuron answers 0 to every point."
    if len(ones) == 4:
        return "the neuron answers 1 to every point."
    return f"the neuron answers 1 to {', '.join(ones)}, and 0 to the other{'s' if len(ones) < 3 else ''}."


@dataclass(frozen=True)
class Planes:
    """All that the picture needs to know of a neuron."""

    sums: tuple[np.ndarray, ...]  # weighted sums on GRID: with all parameters 0, and what w₁, w₂, b add to it
    corner_sums: tuple[np.ndarray, ...]  # the same at CORNERS
    curves: np.ndarray  # (2, len(SUMS)): what step and sigmoid make of a weighted sum


def _activations() -> tuple[Callable, Callable]:
    from byhand.reference.neuron.layers import step

    def sigmoid(z: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-np.asarray(z)))  # |z| stays below 12 in this picture

    return step, sigmoid


def _measure(own: Callable) -> Planes:
    """Find the four planes and the two curves by asking the neuron, one example at a time."""
    return Planes(
        tuple(_affine(own, GRID)),
        tuple(_affine(own, CORNERS)),
        np.array([[_ask(own, (z, 0), (1, 0), 0, act) for z in SUMS] for act in _activations()]),
    )


def _affine(own: Callable, points: np.ndarray) -> list[np.ndarray]:
    """The weighted sum with all parameters 0, and what is added when one of w₁, w₂, b is 1."""
    settings = [((0, 0), 0), ((1, 0), 0), ((0, 1), 0), ((0, 0), 1)]
    base, *others = (np.array([_ask(own, x, w, b, _identity) for x in points]) for w, b in settings)
    return [base, *(other - base for other in others)]


def _identity(z: np.ndarray) -> np.ndarray:
    return z


def _ask(own: Callable, x: object, w: object, b: float, activation: Callable) -> float:
    arguments = np.array(x, dtype=float), np.array(w, dtype=float), float(b), activation
    return float(call(own, (), *arguments))


def _own_or_reference(own: Callable, reference: Callable, right: Planes) -> tuple[Planes, str | None]:
    """The learner's neuron as planes, or the reference's, and what to say about it."""
    try:
        planes = _measure(own)
        note, shown = _try(own, reference)
    except Unusable as problem:
        return right, f"{problem} The reference is drawn instead."
    if shown and note:
        return planes, f"{note} The boundary of the reference is dotted."
    return right, note and f"{note} Its picture cannot be drawn here: this is the reference."


def _try(own: Callable, reference: Callable) -> tuple[str | None, bool]:
    """Try the neuron on drawn numbers: where it is wrong (a sentence, or None), and whether planes show it."""
    note, shown = None, True
    for activation in _activations():
        rng = np.random.default_rng(0)
        for _ in range(64):
            x, w = rng.integers(-2, 5, 2) / 2, rng.integers(-4, 5, 2) / 2
            b = float(rng.integers(-3, 4))
            given, expected = (_ask(each, x, w, b, activation) for each in (own, reference))
            base, first, second, bias = (part[0] for part in _affine(own, x[None]))
            z = base + w[0] * first + w[1] * second + b * bias
            shown = shown and bool(close(_ask(own, (z, 0), (1, 0), 0, activation), given))
            if note is None and not close(given, expected):
                numbers = f"x = {_list(x)}, w = {_list(w)}, b = {write(b)} and {activation.__name__}"
                wrong = f"for {numbers} it gives {write(given)}, not {write(expected)}."
                note = f"Your {name_of(own)} differs from the reference: {wrong}"
    return note, shown


def _list(numbers: np.ndarray) -> str:
    return f"[{', '.join(write(number) for number in numbers)}]"
