"""How sure should the answer be? Softmax, and the temperature that divides the scores before it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from byhand.explore.engine.captions import write
from byhand.explore.engine.expressions import Choice, Frames, Slider
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import tabulate
from byhand.explore.engine.scene import Axis, Scene

NAMES = ("cat", "dog", "fox", "owl", "cow")
SCORES = np.array([2.0, 1.0, 0.5, 0.0, -1.0])  # the first one has a slider
FIRST = np.linspace(-3, 5, 33)
TEMPERATURES = np.logspace(-3, 1.5, 73)
TICKS = (0.001, 0.01, 0.1, 1, 10)


def softmax_temperature(softmax: Callable | None = None) -> Explorable:
    """Show what softmax makes of five scores, and how the temperature sharpens or flattens it.

    Parameters
    ----------
    softmax
        Your own `softmax(x, axis=-1)`; without it, the reference.

    Returns
    -------
    Explorable
        Shown by the notebook; `.still(temperature=0.1, score=3)` is the same picture for print.

    Notes
    -----
    The temperature and the first score choose among 73 × 33 × 5 probabilities, which your function computes as
    one batch of 2,409 rows. At the lowest temperature the scores reach 5,000: a softmax that is not stable
    overflows there, and the picture shows it. For comparison, the naive form eˣ / Σ eˣ computes the same batch.

    References
    ----------
    G. Hinton, O. Vinyals and J. Dean (2015), "Distilling the knowledge in a neural network".

    Examples
    --------
    >>> from byhand import explore
    >>> explore.softmax_temperature().value["score"]
    2.0
    """
    from byhand.reference.activations.probabilities import softmax as reference

    batch = (_scores() / TEMPERATURES[:, None, None]).reshape(-1, len(SCORES))
    table = tabulate(softmax, reference, batch, "the score")
    with np.errstate(over="ignore", invalid="ignore"):
        naive = np.exp(batch) / np.exp(batch).sum(axis=-1, keepdims=True)
    shape = (len(TEMPERATURES), len(FIRST), len(SCORES))
    probabilities = np.array([table.values.reshape(shape), naive.reshape(shape)])
    right, dashed = (part.reshape(shape) for part in (table.reference, table.dashed))

    scene = Scene(
        "How sure should the answer be?",
        "Softmax turns scores into probabilities that add up to 1. Before that, the scores may be divided by a "
        "temperature T. Predict: when T gets very small, what happens to the probabilities?",
    )
    scene.predict(
        ["they become equal", "the highest score gets everything", "all become 0"],
        answer=1,
        because="Dividing by a small T makes the differences between the scores large, and softmax turns a "
        "difference into a ratio: e to the power of the difference.",
    )
    scene.notes = [table.note] if table.note else []
    own = "yours" if softmax is not None else "stable: the largest score is taken off first"
    form = scene.choice("form", "Computed", [own, "naive: e to the power of each score"])
    t = scene.slider("temperature", "T, the temperature", TEMPERATURES, start=1, spec=".2g", play=True)
    score = scene.slider("score", "Score of the cat", FIRST, start=2, spec=".2f")
    probability = Frames(probabilities, form, t, score)
    _bars(scene, t, score, probability, dashed)
    _curves(scene, form, t, score, probabilities)
    _words(scene, form, t, score, probabilities, right)
    scene.notice = [
        "At T = 1 this is softmax as you know it. T never changes the order of the probabilities.",
        "A low temperature lets the highest score take everything; a high one makes all equal. A program that "
        "writes text uses this: a low T writes what is most likely, a high T is more daring.",
        "Put the cat's score at 1, equal to the dog's, and lower T: the two share everything equally, however "
        "small T gets. Only differences between scores count.",
        "Choose the naive form and lower T. A score of 2 divided by 0.002 is 1000, and e¹⁰⁰⁰ is more than a computer "
        "can hold: infinity divided by infinity is not a number. Taking the largest score off all of them first "
        "changes no probability, and nothing overflows.",
    ]
    return Explorable(scene)


def _scores() -> np.ndarray:
    """The five scores, for every position of the first one's slider."""
    scores = np.tile(SCORES, (len(FIRST), 1))
    scores[:, 0] = FIRST
    return scores


def _bars(scene: Scene, t: Slider, score: Slider, probability: Frames, dashed: np.ndarray) -> None:
    places = np.arange(len(NAMES))
    named = [NAMES[0], *(f"{name}: {write(one)}" for name, one in zip(NAMES[1:], SCORES[1:], strict=True))]
    panel = scene.panel(
        "The probabilities at this temperature",
        x=Axis("class, and its score", -0.6, len(NAMES) - 0.4, ticks=places, names=named),
        y=Axis("probability", 0, 1.05, ticks=np.linspace(0, 1, 6)),
    )
    panel.bars(places, probability, color="sky", width=0.7, label="softmax of the scores / T")
    panel.rule(y=1 / len(NAMES), color="faint", label="all equal")
    if np.isfinite(dashed).any():
        panel.points(places, Frames(dashed, t, score), color="ink", shape="ring", size=8, label="reference")


def _curves(scene: Scene, form: Choice, t: Slider, score: Slider, probabilities: np.ndarray) -> None:
    panel = scene.panel(
        "The same, for the temperatures so far",
        x=Axis("T", 0.001, 10**1.5, ticks=TICKS, names=[write(tick) for tick in TICKS], log=True),
        y=Axis("probability", 0, 1.05, ticks=np.linspace(0, 1, 6)),
    )
    panel.rule(x=t, color="faint", dash="dot")
    looks = (
        ("blue", "solid"),
        ("vermillion", "dash"),
        ("green", "solid"),
        ("purple", "dash"),
        ("ink", "dot"),
    )
    shapes = ("disc", "square", "triangle", "disc", "square")
    for i, (name, (color, dash), shape) in enumerate(zip(NAMES, looks, shapes, strict=True)):
        by_score = np.moveaxis(probabilities[..., i], 1, 2)
        curve = Frames(by_score, form, score).only(t.visited())
        panel.line(TEMPERATURES, curve, color=color, dash=dash, width=2, label=name)
        panel.points(t, Frames(probabilities[..., i], form, t, score), color=color, shape=shape, size=5)


def _words(
    scene: Scene, form: Choice, t: Slider, score: Slider, probabilities: np.ndarray, right: np.ndarray
) -> None:
    top = probabilities.max(axis=-1)
    kinds = [np.isnan(top), top > 0.99, top < 0.25]
    scene.say("With T = {t:.2g}, the scores are divided by {t:.2g}.", t=t)
    each = {name: Frames(probabilities[..., i], form, t, score) for i, name in enumerate(NAMES)}
    listed = ", ".join(f"the {name} {{{name}:.2f}}" for name in NAMES)
    scene.say(f"Of the whole, softmax gives {listed}.", **each)
    scene.say(
        "It has overflowed: e to such a power is too large for a computer.",
        "Almost everything goes to the highest score.",
        "All get nearly the same.",
        "Higher scores get more, but nobody gets everything.",
        pick=Frames(np.select(kinds, range(3), 3), form, t, score),
    )
    for name, value in each.items():
        scene.reading(name, "{probability:.3g}", probability=value)
    scene.column("score", Frames(_scores(), score), ".2f")
    scene.column("probability", Frames(probabilities, form, t, score), ".3g")
    scene.column("probability at T = 1", Frames(right[np.argmin(np.abs(TEMPERATURES - 1))], score), ".3g")
