"""Backpropagation on plain numbers, in chapter 03."""

from __future__ import annotations

import math

from byhand.exercises.spec import exercise
from byhand.reference.backprop import graph as reference


@exercise(reference.graph_by_hand, returns="dx, dy, dz")
def graph_by_hand(draw):
    yield ()


def _answer(*numbers):
    return lambda: numbers


graph_by_hand.mistake(
    "unnamed-1",
    "You gave each step's own slopes. On the way back they are multiplied: how fast does f grow with q, and "
    "so with x?",
)(_answer(1.0, 1.0, 3.0))
graph_by_hand.mistake(
    "unnamed-2",
    "The last one is not right: f = q · z grows with z as fast as the other factor is large. That factor is "
    "q.",
)(_answer(-4.0, -4.0, -4.0))
graph_by_hand.mistake(
    "unnamed-3",
    "You exchanged the factors: f = q · z grows with q as fast as z is large, and with z as fast as q is "
    "large.",
)(_answer(3.0, 3.0, -4.0))
graph_by_hand.mistake("unnamed-4", "The sign of z is lost: z is -4, so f falls when q grows.")(
    _answer(4.0, 4.0, 3.0)
)
graph_by_hand.mistake(
    "unnamed-5", "Those are the values of x, y and z. Asked is how fast f grows with each of them."
)(_answer(-2.0, 5.0, -4.0))


@exercise(reference.local_slopes)
def local_slopes(draw):
    yield "+", (2.0, 5.0)
    yield "-", (2.0, 5.0)
    yield "*", (2.0, 5.0)
    yield "/", (draw.uniform(1, 2), draw.uniform(3, 4))
    yield "relu", (draw.uniform(1, 3),)
    yield "relu", (draw.uniform(-3, -1),)
    yield "sigmoid", (draw.uniform(0.5, 2),)


def _except(operation, wrong):
    """Right for all operations but one."""

    def slopes(asked, inputs):
        return wrong(*inputs) if asked == operation else reference.local_slopes(asked, inputs)

    return slopes


def _sigmoid(a):
    return 1 / (1 + math.exp(-a))


local_slopes.mistake(
    "unnamed-1",
    "Only the product is wrong: you gave each factor itself. If a stands still, how fast does a · b grow "
    "with b?",
)(_except("*", lambda a, b: (a, b)))
local_slopes.mistake(
    "unnamed-2", "Only the difference is wrong: when b grows, a - b falls. Which sign has its slope?"
)(_except("-", lambda a, b: (1.0, 1.0)))
local_slopes.mistake(
    "unnamed-3",
    "Only the second slope of the quotient is wrong: when b grows, a / b falls (both are positive here).",
)(_except("/", lambda a, b: (1 / b, a / b**2)))
local_slopes.mistake(
    "unnamed-4",
    "Only the second slope of the quotient is wrong. The slope of 1 / b is -1 / b²: the square is missing.",
)(_except("/", lambda a, b: (1 / b, -a / b)))
local_slopes.mistake(
    "unnamed-5",
    "Only relu is wrong: you gave its value. Its slope is 1 where the input is above 0, and 0 below.",
)(_except("relu", lambda a: (max(a, 0.0),)))
local_slopes.mistake("unnamed-6", "Only relu is wrong: below 0 it is flat, so its slope there is 0.")(
    _except("relu", lambda a: (1.0,))
)
local_slopes.mistake(
    "unnamed-7", "Only the sigmoid is wrong: you gave its value s. Its slope is s · (1 - s)."
)(_except("sigmoid", lambda a: (_sigmoid(a),)))
local_slopes.mistake(
    "unnamed-8", "Only the sigmoid is wrong: in s · (1 - s), s is the sigmoid's value, not its input."
)(_except("sigmoid", lambda a: (a * (1 - a),)))


PRODUCT = [("q", "+", "x", "y"), ("f", "*", "q", "z")]
SQUARE = [("square", "*", "x", "x"), ("y", "+", "square", "x")]  # x is used three times
NEURON = [
    ("wx", "*", "w", "x"),
    ("z", "+", "wx", "b"),
    ("out", "sigmoid", "z"),
    ("error", "-", "out", "target"),
    ("loss", "*", "error", "error"),
]
WOVEN = [
    ("s", "*", "a", "b"),
    ("r", "relu", "s"),
    ("t", "/", "r", "a"),
    ("u", "+", "t", "s"),
    ("out", "*", "u", "r"),
]


@exercise(reference.graph_backward)
def graph_backward(draw):
    yield PRODUCT, reference.graph_forward(PRODUCT, {"x": -2.0, "y": 5.0, "z": -4.0})
    yield SQUARE, reference.graph_forward(SQUARE, {"x": draw.uniform(1.5, 3)})
    neuron = {name: draw.uniform(0.5, 2) for name in ("w", "x", "b")}
    yield NEURON, reference.graph_forward(NEURON, {**neuron, "target": 0.0})
    yield (
        WOVEN,
        reference.graph_forward(WOVEN, {"a": draw.uniform(1.5, 2), "b": draw.uniform(2.5, 3), "unused": 1.0}),
    )


def _backward(graph, values, *, steps=None, start=None, combine=None, once=False):
    """The reference, with one thing done otherwise."""
    gradients = dict.fromkeys(values, 0.0)
    last = graph[-1][0]
    gradients[last] = 1.0 if start is None else start(values[last])
    for name, operation, *sources in graph if steps == "forward" else reversed(graph):
        slopes = reference.local_slopes(operation, [values[source] for source in sources])
        pairs = dict(zip(sources, slopes, strict=True)).items() if once else zip(sources, slopes, strict=True)
        for source, slope in pairs:
            if combine is None:
                gradients[source] += gradients[name] * slope
            else:
                gradients[source] = combine(gradients[source], gradients[name], slope)
    return gradients


@graph_backward.mistake(
    "unnamed-1",
    "Where a number is used more than once, your last gradient overwrites the ones before it. Each use moves the "
    "result, so what arrives is added: +=.",
)
def _(graph, values):
    return _backward(graph, values, combine=lambda old, arriving, slope: arriving * slope)


@graph_backward.mistake(
    "unnamed-2",
    "You went through the steps from first to last. A step can hand its gradient on only when it has "
    "received all of it: begin at the end, reversed(graph).",
)
def _(graph, values):
    return _backward(graph, values, steps="forward")


@graph_backward.mistake(
    "unnamed-3",
    "All your gradients are 0. The way back needs a start: how fast does the result grow with itself?",
)
def _(graph, values):
    return _backward(graph, values, start=lambda value: 0.0)


@graph_backward.mistake(
    "unnamed-4",
    "You started with the value of the result. The start is a slope: how fast does the result grow with "
    "itself?",
)
def _(graph, values):
    return _backward(graph, values, start=lambda value: value)


@graph_backward.mistake(
    "unnamed-5",
    "You added up the slopes of the single steps. The chain rule multiplies: the gradient of the step, times "
    "its own slope.",
)
def _(graph, values):
    return _backward(graph, values, combine=lambda old, arriving, slope: old + slope)


@graph_backward.mistake(
    "unnamed-6",
    "You added a step's gradient and its slope. The chain rule multiplies the two; what is added is what "
    "arrives from different uses.",
)
def _(graph, values):
    return _backward(graph, values, combine=lambda old, arriving, slope: old + arriving + slope)


@graph_backward.mistake(
    "unnamed-7",
    "A step that uses the same number twice, such as x · x, counts it only once: in a dict each name has one "
    "place. Go through the inputs one by one, with zip.",
)
def _(graph, values):
    return _backward(graph, values, once=True)
