"""What do many thin networks say together, and what does dropout have to do with L2?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from byhand.explore.engine.expressions import Array, Frames
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import Unusable, call, name_of
from byhand.explore.engine.scene import Axis, Scene

PS = np.round(np.linspace(0.05, 0.8, 16), 2)
COUNTS = np.arange(1, 201)
HIDDEN = np.random.default_rng(1).uniform(0.2, 1.5, 20)  # what 20 hidden units say about one example
WEIGHTS = np.random.default_rng(2).normal(0.4, 0.4, 20)  # and what one score makes of it
WHOLE = float(HIDDEN @ WEIGHTS)


def dropout(dropout_forward: Callable | None = None) -> Explorable:
    """Show the scores of thin networks, their average, and the price that their spread puts on the weights.

    Parameters
    ----------
    dropout_forward
        Your own `dropout_forward(x, p, rng, train)`; without it, the reference.

    Returns
    -------
    Explorable
        Shown by the notebook; `.still(p=0.8, count=50)` is the same picture for print.

    Examples
    --------
    >>> from byhand import explore
    >>> explore.dropout().value["p"]
    0.5
    """
    from byhand.reference.regularization.dropout import dropout_forward as reference

    note = None
    try:
        scores = _scores(dropout_forward or reference)
    except Unusable as problem:
        scores, note = _scores(reference), f"{problem} The reference is drawn instead."
    means = np.cumsum(scores, axis=1) / COUNTS
    spread, price = scores.std(axis=1), np.sqrt(PS / (1 - PS) * np.sum((HIDDEN * WEIGHTS) ** 2))
    far = np.abs(means[:, -1] - WHOLE) > 6 * price / np.sqrt(len(COUNTS))
    if note is None and far.any():
        note = f"The average of 200 draws of your {name_of(dropout_forward or reference)} stays away from the whole."
    scene = Scene(
        "What do many thin networks say together?",
        "Each draw of dropout cuts another thin network out of the whole one; here each gives one score. Predict: "
        "p grows from 0.5 to 0.8. What happens to the scores of the thin networks?",
    )
    scene.predict(
        ["they move towards 0", "they spread more, around the same mean", "nothing"],
        answer=1,
        because="What is kept is divided by 1 − p, so the mean stays. But fewer and larger parts make wilder sums.",
    )
    scene.notes = [note] if note else []
    p = scene.slider("p", "p, the probability to be dropped", PS, start=0.5, spec=".2f")
    count = scene.slider("count", "Thin networks in the average", COUNTS, start=10, spec=".0f", play=True)
    left = scene.panel(
        "200 thin networks", x=Axis("draw", 0, 201, ticks=range(0, 201, 40)), y=Axis("score", -10, 30)
    )
    left.points(COUNTS, Frames(scores, p), color="sky", size=3, label="one thin network")
    left.line(COUNTS, Frames(means, p), color="vermillion", label="average so far")
    left.rule(y=WHOLE, color="ink", dash="dash", label="the whole network")
    left.rule(x=count, color="faint", dash="dot")
    right = scene.panel(
        "How far they spread, for the p so far",
        x=Axis("p", 0, 0.85, ticks=np.arange(0, 0.81, 0.2).round(1)),
        y=Axis("standard deviation", 0, 8),
    )
    right.line(PS, Array(price).only(p.visited()), color="ink", dash="dash", label="√(p / (1 − p) · Σ h² w²)")
    right.points(PS, Array(spread).only(p.visited()), color="sky", label="measured")
    right.points(p, Frames(spread, p), color="vermillion", size=8)
    at = {
        "p": p,
        "count": count,
        "mean": Frames(means, p, count),
        "spread": Frames(spread, p),
        "price": Frames(price, p),
    }
    scene.say("With p = {p:.2f} thin networks differ by about {spread:.2f}.", **at)
    scene.say(
        f"The average of {{count:.0f}} of them is {{mean:.2f}}; the whole network says {WHOLE:.2f}.", **at
    )
    scene.reading("average of the thin networks", "{mean:.2f}", **at)
    scene.reading("their spread, measured", "{spread:.2f}", **at)
    scene.reading("√(p / (1 − p) · Σ h² w²)", "{price:.2f}", **at)
    scene.column("draw", Array(COUNTS[:12]), ".0f")
    scene.column("score of a thin network", Frames(scores[:, :12], p), ".3f")
    scene.column("average so far", Frames(means[:, :12], p), ".3f")
    scene.notice = [
        "The average of the thin networks finds the score of the whole network, whatever p is.",
        "Their spread costs: with a squared error, its square is added to the loss. And its square is Σ h² w² times "
        "p / (1 − p), a price on the squares of the weights (h is a hidden number, and w the weight that it meets). "
        "Here dropout is an L2 penalty, with p / (1 − p) in the place of λ.",
        "L2 prices all weights alike. Dropout prices a weight by what passes through it: where h is large, w is "
        "expensive.",
    ]
    return Explorable(scene)


def _scores(forward: Callable) -> np.ndarray:
    """For each p, the scores of 200 thin networks: a row of x is one draw."""
    x = np.tile(HIDDEN, (len(COUNTS), 1))

    def out(*given: object) -> object:
        return forward(*given)[0]

    out.__name__ = name_of(forward)
    rows = [call(out, x.shape, x.copy(), float(p), np.random.default_rng(3), True) for p in PS]
    return np.array(rows) @ WEIGHTS
