"""Which loss still teaches a network that is sure and wrong? Two gradients of the same five scores."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from byhand.explore.engine.captions import write
from byhand.explore.engine.expressions import Array, Choice, Frames, Slider
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import Unusable, call, close, name_of
from byhand.explore.engine.scene import Axis, Scene

NAMES = ("cat", "dog", "fox", "owl", "cow")
SCORES = np.array([0.0, 1.0, 0.5, 0.0, -1.0])  # the first one has a slider
FIRST = np.linspace(-12, 12, 97)


def cross_entropy(cross_entropy_loss: Callable | None = None) -> Explorable:
    """Show what cross-entropy and the squared error tell each score: the gradients p − y, and through softmax.

    Parameters
    ----------
    cross_entropy_loss
        Your own `cross_entropy_loss(logits, labels)`, which gives the loss and its gradient; without it, the
        reference.

    Returns
    -------
    Explorable
        Shown by the notebook; `.still(answer="dog", score=8)` is the same picture for print.

    Notes
    -----
    The right answer and the first score choose among 5 × 97 × 5 gradients for each loss. Your function computes
    them one example at a time, so that its average over a batch is not in the way.

    Examples
    --------
    >>> from byhand import explore
    >>> explore.cross_entropy().value["answer"]
    'cat'
    """
    from byhand.reference.backprop.losses import cross_entropy_loss as reference

    right = _tabulate(reference)
    (losses, gradients), note = right, None
    if cross_entropy_loss is not None and cross_entropy_loss is not reference:
        (losses, gradients), note = _own_or_reference(cross_entropy_loss, right)
    squared_losses, squared = _squared()

    scene = Scene(
        "Which loss still teaches when the network is sure and wrong?",
        "Softmax turns five scores into probabilities p; y is 1 for the right answer and 0 for the others. A loss says "
        "by its gradient how each score should change. The cat is the right answer, but its score falls to −4. "
        "Predict: how many times larger is its gradient with cross-entropy than with the sum of the squared errors?",
    )
    scene.predict(
        ["about 5 times", "about 20 times", "more than 100 times"],
        answer=2,
        because="Cross-entropy's gradient is p − y, which is −0.997: the cat's probability is close to 0. That of the "
        "squared errors has to pass back through softmax, which is flat there: −0.0085 is left.",
    )
    scene.notes = [note] if note else []
    answer = scene.choice("answer", "Right answer", NAMES)
    score = scene.slider("score", "Score of the cat", FIRST, start=1, spec=".2f", play=True)
    probabilities = _probabilities()
    _bars(scene, answer, score, probabilities, gradients, squared, right[1] if note else None)
    _lines(scene, answer, score, gradients, squared)
    _words(scene, answer, score, probabilities, losses, squared_losses, gradients, squared)
    scene.notice = [
        "Cross-entropy's gradient is p − y, nothing else: each wrong answer is pushed down by the "
        "probability that it has, and the right one up by what it lacks to 1. All five add up to 0.",
        "Make the cat's score very low while the cat is right. Cross-entropy's gradient stays near −1: the surer "
        "the mistake, the stronger the correction. The squared error's gradient dies, where it is needed most.",
        "Make the cat's score very high while the dog is right: the same, seen from the other side.",
    ]
    return Explorable(scene)


def _scores() -> np.ndarray:
    """The five scores, for every position of the first one's slider."""
    scores = np.tile(SCORES, (len(FIRST), 1))
    scores[:, 0] = FIRST
    return scores


def _probabilities() -> np.ndarray:
    from byhand.reference.activations.probabilities import softmax

    return softmax(_scores())


def _tabulate(loss: Callable) -> tuple[np.ndarray, np.ndarray]:
    """Loss and gradient by right answer and score of the cat."""
    losses, gradients = np.empty((5, len(FIRST))), np.empty((5, len(FIRST), 5))
    for answer in range(5):
        for place, scores in enumerate(_scores()):
            given = _pair(loss, scores[None].copy(), np.array([answer]))
            losses[answer, place], gradients[answer, place] = given[0], given[1][0]
    return losses, gradients


def _pair(loss: Callable, *arguments: np.ndarray) -> tuple[float, np.ndarray]:
    parts: list = []

    def keep(*given: np.ndarray) -> float:
        parts.extend(loss(*given))
        return parts[0]

    keep.__name__ = name_of(loss)
    value = float(call(keep, (), *arguments))
    return value, call(lambda: parts[1], (1, 5))


def _own_or_reference(
    own: Callable, right: tuple[np.ndarray, np.ndarray]
) -> tuple[tuple[np.ndarray, np.ndarray], str | None]:
    name = f"Your {name_of(own)}"
    try:
        given = _tabulate(own)
    except Unusable as problem:
        return right, f"{problem} The reference is drawn instead."
    for what, mine, theirs in zip(("loss", "gradient"), given, right, strict=True):
        wrong = np.argwhere(~close(mine, theirs))
        if len(wrong):
            at = tuple(wrong[0])
            where = f"with the {NAMES[at[0]]} as the right answer and a cat's score of {write(FIRST[at[1]])}"
            said = f"{name} differs from the reference, which is ringed: {where}, its {what} has"
            return given, f"{said} {write(mine[at])}, not {write(theirs[at])}."
    return given, None


def _squared() -> tuple[np.ndarray, np.ndarray]:
    """The sum of the squared errors between probabilities and right answer, and its gradient back through softmax."""
    from byhand.reference.backprop.backward import softmax_backward

    probabilities = np.broadcast_to(_probabilities(), (5, len(FIRST), 5))
    difference = probabilities - np.eye(5)[:, None]
    return (difference**2).sum(axis=-1), softmax_backward(2 * difference, probabilities)


def _bars(
    scene: Scene,
    answer: Choice,
    score: Slider,
    probabilities: np.ndarray,
    gradients: np.ndarray,
    squared: np.ndarray,
    reference: np.ndarray | None,
) -> None:
    places = Array(np.arange(5))
    panel = scene.panel(
        "What each loss tells each score",
        x=Axis("class", -0.6, 4.6, ticks=range(5), names=NAMES),
        y=Axis("gradient", -1.1, 1.1, ticks=np.linspace(-1, 1, 5)),
    )
    panel.bars(
        places - 0.2, Frames(gradients, answer, score), color="sky", width=0.36, label="cross-entropy: p − y"
    )
    panel.bars(
        places + 0.2, Frames(squared, answer, score), color="orange", width=0.36, label="squared error"
    )
    panel.points(
        places, Frames(probabilities, score), color="ink", shape="ring", size=5, label="probability p"
    )
    if reference is not None:
        there = Frames(reference, answer, score)
        panel.points(places - 0.2, there, color="vermillion", shape="ring", size=8, label="reference")
    panel.rule(y=0, color="ink", dash="solid", width=1)


def _lines(scene: Scene, answer: Choice, score: Slider, gradients: np.ndarray, squared: np.ndarray) -> None:
    panel = scene.panel(
        "The cat's gradient, for its scores so far",
        x=Axis("score of the cat", FIRST[0], FIRST[-1], ticks=range(-12, 13, 4)),
        y=Axis("gradient", -1.1, 1.1, ticks=np.linspace(-1, 1, 5)),
    )
    panel.rule(y=0, color="ink", dash="solid", width=1)
    panel.rule(x=score, color="faint", dash="dot")
    for table, color, dash, shape, label in (
        (gradients, "blue", "solid", "disc", "cross-entropy"),
        (squared, "vermillion", "dash", "square", "squared error"),
    ):
        curve = Frames(table[..., 0], answer).only(score.visited())
        panel.line(FIRST, curve, color=color, dash=dash, label=label)
        panel.points(score, Frames(table[..., 0], answer, score), color=color, shape=shape)


def _words(
    scene: Scene,
    answer: Choice,
    score: Slider,
    probabilities: np.ndarray,
    losses: np.ndarray,
    squared_losses: np.ndarray,
    gradients: np.ndarray,
    squared: np.ndarray,
) -> None:
    # the probability of the right answer
    picked = np.einsum("psa->ps", probabilities[None] * np.eye(5)[:, None])
    at = {
        "answer": answer,
        "score": score,
        "probability": Frames(picked, answer, score),
        "loss": Frames(losses, answer, score),
        "other_loss": Frames(squared_losses, answer, score),
        "cross": Frames(gradients[..., 0], answer, score),
        "squared": Frames(squared[..., 0], answer, score),
    }
    scene.say(
        "The {answer} is right and gets the probability {probability:.3g}: cross-entropy is {loss:.3g}.", **at
    )
    scene.say("It tells the cat's score {cross:.3g}; the squared error tells it {squared:.3g}.", **at)
    lost = (np.abs(gradients[..., 0]) > 0.5) & (np.abs(squared[..., 0]) < 0.05)
    scene.say(
        "A gradient below 0 says: raise this score.",
        "The network is sure and wrong: cross-entropy corrects it, the squared error hardly does.",
        pick=Frames(lost, answer, score),
    )
    scene.reading("cross-entropy", "{loss:.3g}", **at)
    scene.reading("what it tells the cat", "{cross:.3g}", **at)
    scene.reading("squared error", "{other_loss:.3g}", **at)
    scene.reading("what that tells the cat", "{squared:.3g}", **at)
    scene.column("score", Frames(_scores(), score), ".2f")
    scene.column("probability p", Frames(probabilities, score), ".3g")
    scene.column("right y", Frames(np.eye(5), answer), ".0f")
    scene.column("p − y", Frames(gradients, answer, score), ".3g")
    scene.column("squared error's", Frames(squared, answer, score), ".3g")
