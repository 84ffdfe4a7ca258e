"""How large should the first weights be? A signal through ten layers, forward and back, under scale and activation."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from byhand.explore.engine.captions import write
from byhand.explore.engine.expressions import Control, Frames
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import Unusable, call, close, name_of
from byhand.explore.engine.scene import Axis, Scene

KINDS = ("sigmoid", "tanh", "relu")
SCALES = np.geomspace(0.25, 4, 33)  # of 1 / √width; 1 and √2 are among them
DEPTH, WIDTH, EXAMPLES = 10, 48, 64
LAYERS = np.arange(1, DEPTH + 1)
EDGES = np.linspace(-4, 4, 42)
LEAST, MOST = 1e-14, 1e8


def initialization(mlp_forward: Callable | None = None, mlp_backward: Callable | None = None) -> Explorable:
    """Show how large the outputs of ten layers are, and the gradient that reaches them, for weights of any size.

    Parameters
    ----------
    mlp_forward, mlp_backward
        Your own functions; without them, the reference.

    Returns
    -------
    Explorable
        Shown by the notebook; `.still(activation="relu", scale=1.41)` is the same picture for print.

    Notes
    -----
    Ten layers of 48 neurons and 64 examples, drawn once. The weights have the standard deviation scale / √48, so 1
    is Xavier's scale and √2 is He's. The gradient of a bias is that of its neuron, added up over the examples.

    References
    ----------
    X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
    K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers", 2015.

    Examples
    --------
    >>> from byhand import explore
    >>> explore.initialization().value["activation"]
    'tanh'
    """
    right = _right()
    sizes, note = right, None
    if mlp_forward is not None or mlp_backward is not None:
        sizes, note = _own_or_reference(mlp_forward, mlp_backward, right)

    scene = Scene(
        "How large should the first weights be?",
        "A signal goes forward through ten layers of 48 neurons, and gradients come back. The weights are random, with "
        "the standard deviation scale / √48. Predict: with ReLU, which scale keeps the signal alive in all ten layers?",
    )
    scene.predict(
        ["0.5", "1.4", "3"],
        answer=1,
        because="A sum of 48 products keeps its size with scale 1. ReLU sets half of the numbers to 0 and so halves "
        "the mean square, and √2 ≈ 1.4 makes up for it: He's weights.",
    )
    scene.notes = [note] if note else []
    scale = scene.slider(
        "scale", "Scale of the weights, times 1\u00a0/\u00a0√48", SCALES, start=0.5, spec=".2f"
    )
    kind = scene.choice("activation", "Activation", list(KINDS), start=1)
    scene.preset("Xavier: 1", scale=1.0)
    scene.preset("He: √2", scale=np.sqrt(2))
    layer = scene.slider("layer", "Layer, for the last picture", LAYERS, start=10, spec=".0f")

    spread, gradient, _ = sizes
    _draw(scene, sizes, right, scale, kind, layer)
    first, last = spread[..., 0], spread[..., -1]
    at = {
        "scale": scale,
        "kind": kind,
        "last": Frames(last, kind, scale),
        "forward": Frames(last / first, kind, scale),
        "back": Frames(gradient[..., 0] / gradient[..., -1], kind, scale),
    }
    scene.say(
        "With {kind} and weights of scale {scale:.2f}, the outputs of layer 10 are {forward:.2g} times as",
        **at,
    )
    scene.say(
        "large as those of layer 1; the gradient of layer 1 is {back:.2g} times that of layer 10.", **at
    )
    scene.say(
        "On the way back the signal dies.",
        "On the way back the signal keeps its size, within a factor of ten.",
        "On the way back the signal explodes.",
        pick=Frames(np.digitize(gradient[..., 0] / gradient[..., -1], [0.1, 10]), kind, scale),
    )
    scene.reading("outputs, layer 10 / layer 1", "{forward:.2g}", **at)
    scene.reading("gradient, layer 1 / layer 10", "{back:.2g}", **at)
    scene.column("layer", LAYERS, ".0f")
    scene.column("spread of its outputs", Frames(spread, kind, scale), ".2g")
    scene.column("gradient that arrives", Frames(gradient, kind, scale), ".2g")
    scene.notice = [
        "In each layer the signal is multiplied by about the same factor. Over ten layers even 0.5 becomes 0.001: "
        "small mistakes in the scale do not stay small.",
        "With tanh the outputs cannot explode, they end at ±1. Look at the last picture with a large scale: most of "
        "the outputs sit near the two ends, where the slope is small.",
        "With the sigmoid, try every scale. The gradient shrinks with all, because each sigmoid multiplies it by "
        "at most ¼; even with scale 4 only a hundredth arrives at layer 1.",
    ]
    return Explorable(scene)


def _draw(scene: Scene, sizes: tuple, right: tuple, scale: Control, kind: Control, layer: Control) -> None:
    panels = (
        ("Forward: the outputs", "spread (standard deviation)", 0, "blue"),
        ("Back: the gradient", "size of the gradient of b", 1, "vermillion"),
    )
    for title, label, part, color in panels:
        panel = scene.panel(
            title,
            x=Axis("layer", 0.5, DEPTH + 0.5, ticks=LAYERS),
            y=Axis(label, LEAST, MOST, ticks=10.0 ** np.arange(-12, 9, 4), log=True),
        )
        if sizes is not right:
            reference = Frames(right[part], kind, scale)
            panel.line(LAYERS, reference, color="ink", dash="dot", width=1.5, label="reference")
        values = Frames(sizes[part], kind, scale)
        panel.rule(y=1.0, color="faint", label="1")
        panel.line(LAYERS, values, color=color)
        panel.points(LAYERS, values, color=color, shape="disc" if part == 0 else "square", size=5)
    panel = scene.panel(
        "The outputs of one layer", x=Axis("output", -4, 4), y=Axis("share of the outputs", 0, 1)
    )
    middles = (EDGES[1:] + EDGES[:-1]) / 2
    panel.bars(middles, Frames(sizes[2], kind, scale, layer), color="sky", width=EDGES[1] - EDGES[0])


@cache
def _drawn() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The inputs, the gradient of the scores, and the weights of eleven layers with standard deviation 1."""
    rng = np.random.default_rng(0)
    x, dout = rng.normal(size=(EXAMPLES, WIDTH)), rng.normal(size=(EXAMPLES, WIDTH))
    return x, dout, rng.normal(size=(DEPTH + 1, WIDTH, WIDTH))


def _params(scale: float) -> dict[str, np.ndarray]:
    weights = _drawn()[2] * scale / np.sqrt(WIDTH)
    params = {f"W{layer}": W for layer, W in enumerate(weights, start=1)}
    return params | {f"b{layer}": np.zeros(WIDTH) for layer in range(1, DEPTH + 2)}


@cache
def _right() -> tuple[np.ndarray, ...]:
    from byhand.reference.backprop.networks import mlp_backward, mlp_forward

    return _measure(mlp_forward, mlp_backward)


def _measure(forward: Callable, backward: Callable) -> tuple[np.ndarray, ...]:
    """By activation, scale and layer: the spread of the outputs, the gradient, and how the outputs are distributed."""
    x, dout, _ = _drawn()
    shape = (len(KINDS), len(SCALES), DEPTH)
    spread, gradient, counts = np.empty(shape), np.empty(shape), np.empty((*shape, len(EDGES) - 1))

    def outputs(kind: str, scale: float) -> tuple[list[np.ndarray], object]:
        _, cache_of_it = forward(x, _params(scale), kind)
        return [np.asarray(out, dtype=float) for out in cache_of_it[0][1:-1]], cache_of_it

    for i, kind in enumerate(KINDS):
        for j, scale in enumerate(SCALES):
            kept: dict[str, object] = {}

            def outs(kind: str = kind, scale: float = scale, kept: dict = kept) -> list[np.ndarray]:
                given, kept["cache"] = outputs(kind, scale)
                return given

            def sizes(kept: dict = kept) -> list[float]:
                grads = backward(dout, kept["cache"])
                return [float(np.sqrt(np.mean(np.square(grads[f"b{layer}"])))) for layer in LAYERS]

            outs.__name__, sizes.__name__ = name_of(forward), name_of(backward)
            hidden = call(outs, (DEPTH, EXAMPLES, WIDTH))
            spread[i, j] = hidden.std(axis=(1, 2))
            counts[i, j] = [np.histogram(np.clip(h, -4, 4), EDGES)[0] / h.size for h in hidden]
            gradient[i, j] = call(sizes, (DEPTH,))
    return np.clip(spread, LEAST, MOST), np.clip(gradient, LEAST, MOST), counts


def _own_or_reference(
    forward: Callable | None, backward: Callable | None, right: tuple[np.ndarray, ...]
) -> tuple[tuple[np.ndarray, ...], str | None]:
    from byhand.reference.backprop import networks

    forward, backward = forward or networks.mlp_forward, backward or networks.mlp_backward
    try:
        sizes = _measure(forward, backward)
    except Unusable as problem:
        return right, f"{problem} The reference is drawn instead."
    for part, function, what in ((0, forward, "outputs"), (1, backward, "gradient")):
        wrong = ~close(sizes[part], right[part])
        if wrong.any():
            i, j, layer = np.argwhere(wrong)[0]
            numbers = f"{write(sizes[part][i, j, layer])}, not {write(right[part][i, j, layer])}"
            where = (
                f"With {KINDS[i]} and scale {write(SCALES[j])} the {what} of layer {layer + 1} have the size"
            )
            if part == 1:
                where = f"With {KINDS[i]} and scale {write(SCALES[j])} the gradient of layer {layer + 1} has the size"
            return (
                sizes,
                f"Your {name_of(function)} differs from the reference, which is dotted. {where} {numbers}.",
            )
    return right, None
