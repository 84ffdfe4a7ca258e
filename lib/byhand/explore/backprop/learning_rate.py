"""How long may a step be? Gradient descent on a parabola, with learning rates below and above 2 / λ."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from byhand.explore.engine.captions import write
from byhand.explore.engine.expressions import Frames, Slider
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import Unusable, call, close, name_of
from byhand.explore.engine.scene import Axis, Scene

STEPS = np.arange(21)
SHARES = np.linspace(0.02, 1.2, 60)  # of the border 2 / λ
STARTS = np.linspace(-2, 2, 21)
CURVATURE = 4.0
RATES = SHARES * 2 / CURVATURE
W = np.linspace(-2.5, 2.5, 101)
GONE = 1e3  # further out than that nothing is drawn


def learning_rate(gradient_step: Callable | None = None) -> Explorable:
    """Show the steps of gradient descent on a parabola, for a learning rate and a start of the learner's choice.

    Parameters
    ----------
    gradient_step
        Your own `gradient_step(params, grads, lr)`; without it, the reference.

    Returns
    -------
    Explorable
        Shown by the notebook; `.still(lr=0.49, w=1.6)` is the same picture for print.

    Notes
    -----
    The loss is ½ λ w² with the curvature λ = 4. A step multiplies w by 1 − lr λ. The learning rate and the start
    choose among 60 × 21 runs of 20 steps, which are computed here, all starts at once.

    References
    ----------
    Y. LeCun, L. Bottou, G. Orr and K.-R. Müller, "Efficient BackProp", 1998, section 5.

    Examples
    --------
    >>> from byhand import explore
    >>> round(explore.learning_rate().value["lr"], 2)
    0.1
    """
    places, right, note = _own_or_reference(gradient_step)
    scene = Scene(
        "How long may a step be?",
        "Gradient descent on the loss 2w², whose slope is 4w. A step goes from w to w − lr · 4w. Predict: what happens "
        "with a learning rate of 0.45?",
    )
    scene.predict(
        ["it comes straight down", "it jumps from side to side, and comes down", "it climbs out"],
        answer=1,
        because="One step multiplies w by 1 − 0.45 · 4 = −0.8: it lands on the other side, a little lower. Above "
        "lr = 0.5 the factor is below −1, and every jump lands higher.",
    )
    scene.notes = [note] if note else []
    lr = scene.slider("lr", "lr, the learning rate", RATES, start=0.1, spec=".2f")
    w = scene.slider("w", "w, where it starts", STARTS, start=-1.8)
    step = scene.slider("step", "Steps made", STEPS, start=8, spec=".0f", play=True)
    _draw(scene, places, right, lr, w, step)
    _words(scene, places, lr, w, step)
    scene.notice = [
        "Below 0.25 every step stays on its side: the smaller lr, the more steps are needed. At 0.25 the factor is 0: "
        "one step, and it is there.",
        "From 0.25 to 0.5 it jumps from side to side, and still comes down. At exactly 0.5 it jumps back and forth for "
        "ever. (0.5 is 2 / 4. The slope grows by 4 when w grows by 1: this number is called the curvature.)",
        "Above 0.5 it diverges, from every start except w = 0. A learning rate that is a little too large does not "
        "learn a little worse: it does not learn at all.",
    ]
    return Explorable(scene)


def _run(gradient_step: Callable) -> np.ndarray:
    """All places: (learning rates, starts, steps); NaN once they are out of the picture.

    Raises
    ------
    Unusable
        If the function raises an error, or returns no w.
    """

    def one(w: np.ndarray, lr: float) -> np.ndarray:
        return gradient_step({"w": w}, {"w": CURVATURE * w}, lr)["w"]

    one.__name__ = name_of(gradient_step)
    runs = np.empty((len(RATES), len(STARTS), len(STEPS)))
    for i, rate in enumerate(RATES):
        w = STARTS
        runs[i, :, 0] = w
        for step in STEPS[1:]:
            w = call(one, w.shape, w.copy(), float(rate))
            with np.errstate(invalid="ignore"):
                w = np.where(np.abs(w) < GONE, w, np.nan)
            runs[i, :, step] = w
    return runs


@cache
def _right() -> np.ndarray:
    """The reference's runs: the same for every picture."""
    from byhand.reference.backprop import training

    return _run(training.gradient_step)


def _own_or_reference(own: Callable | None) -> tuple[np.ndarray, np.ndarray | None, str | None]:
    """The runs to draw, the reference's where they differ, and what to say about it."""
    from byhand.reference.backprop import training

    right = _right()
    if own is None or own is training.gradient_step:
        return right, None, None
    try:
        places = _run(own)
    except Unusable as problem:
        return right, None, f"{problem} The reference is drawn instead."
    same = close(places, right)
    if same.all():
        return places, None, None
    i, j, step = np.argwhere(~same)[0]
    given, wanted = write(places[i, j, step]), write(right[i, j, step])
    numbers = f"From w = {write(STARTS[j])} with lr = {write(RATES[i])}, step {step} leads to {given}, not {wanted}."
    return places, right, f"Your {name_of(own)} differs from the reference, which is dotted. {numbers}"


def _draw(
    scene: Scene, places: np.ndarray, right: np.ndarray | None, lr: Slider, w: Slider, step: Slider
) -> None:
    bowl = scene.panel("The loss, and the steps on it", x=Axis("w", -2.5, 2.5), y=Axis("loss", 0, 12))
    time = scene.panel("Where w is, step by step", x=Axis("step", 0, 20), y=Axis("w", -2.5, 2.5))
    seen = step.at_least(STEPS)
    way = Frames(places, lr, w)
    bowl.line(W, CURVATURE / 2 * W**2, color="blue", label="loss 2w²")
    bowl.line(way.only(seen), CURVATURE / 2 * (way * way), color="vermillion", width=1.5)
    bowl.points(way.only(seen), CURVATURE / 2 * (way * way), color="vermillion", size=4, label="the steps")
    bowl.handle(w, CURVATURE / 2 * (w * w), label="the start", color="orange")
    time.rule(y=0, color="faint", dash="dash", label="the lowest point")
    if right is not None:
        ghost = Frames(right, lr, w)
        bowl.points(
            ghost.only(seen),
            CURVATURE / 2 * (ghost * ghost),
            color="ink",
            shape="ring",
            size=5,
            label="reference",
        )
        time.line(STEPS, ghost.only(seen), color="ink", dash="dot", width=2, label="reference")
    time.line(STEPS, way.only(seen), color="vermillion", width=1.5)
    time.points(STEPS, way.only(seen), color="vermillion", size=4, label="the steps")


def _words(scene: Scene, places: np.ndarray, lr: Slider, w: Slider, step: Slider) -> None:
    factor = 1 - RATES * CURVATURE
    # at 0.25 and 0.5 up to rounding
    kinds = [np.abs(factor) < 1e-9, factor > 0, factor > -1 + 1e-9, factor > -1 - 1e-9]
    now = Frames(places, lr, w, step)
    at = {
        "lr": lr,
        "w": w,
        "step": step,
        "factor": Frames(factor, lr),
        "now": now,
        "loss": CURVATURE / 2 * (now * now),
    }
    scene.say("With lr = {lr:.2f}, each step multiplies w by {factor:.2f}.", **at)
    scene.say(
        "The first step lands exactly on the lowest point.",
        "It comes down on one side.",
        "It jumps from side to side, and comes down.",
        "It jumps back and forth for ever.",
        "It jumps from side to side, and climbs: it diverges.",
        pick=Frames(np.select(kinds, range(4), 4), lr),
    )
    scene.say("From w = {w:.1f}, {step:.0f} steps lead to w = {now:.3g}.", **at)
    scene.reading("factor 1 − 4 lr", "{factor:.2f}", **at)
    scene.reading("w", "{now:.3g}", **at)
    scene.reading("loss", "{loss:.3g}", **at)
    scene.column("step", STEPS[::2], ".0f")
    scene.column("w", Frames(places[..., ::2], lr, w), ".3g")
