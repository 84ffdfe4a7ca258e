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
    "slopes-not-multiplied",
    "You gave each step's own slopes. On the way back they are multiplied: how fast does f grow with q, and so with x?",
)(_answer(1.0, 1.0, 3.0))
graph_by_hand.mistake(
    "last-factor",
    "The last one is not right: f = q · z grows with z as fast as the other factor is large. That factor is q.",
)(_answer(-4.0, -4.0, -4.0))
graph_by_hand.mistake(
    "factors-exchanged",
    "You exchanged the factors: f = q · z grows with q as fast as z is large, and with z as fast as q is large.",
)(_answer(3.0, 3.0, -4.0))
graph_by_hand.mistake("sign-lost", "The sign of z is lost: z is -4, so f falls when q grows.")(
    _answer(4.0, 4.0, 3.0)
)
graph_by_hand.mistake(
    "values-not-slopes", "Those are the values of x, y and z. Asked is how fast f grows with each of them."
)(_answer(-2.0, 5.0, -4.0))
graph_by_hand.mistake("other-order", "The numbers are right, but in another order. Asked is dx, dy, dz.")(
    _answer(3.0, -4.0, -4.0)
)


graph_by_hand.mistake(
    "sum-as-product",
    "You treated the sum as a product. q = x + y grows just as fast as x does, whatever y is: its slope is 1.",
)(_answer(-20.0, 8.0, 3.0))


@exercise(reference.local_slopes)
def local_slopes(draw):
    yield "+", (2.0, 5.0)
    yield "-", (2.0, 5.0)
    yield "*", (2.0, 5.0)
    yield "*", (draw.uniform(-3, -1), draw.uniform(1.5, 4))
    yield "/", (draw.uniform(1, 2), draw.uniform(3, 4))
    yield "relu", (draw.uniform(1, 3),)
    yield "relu", (draw.uniform(0.05, 0.2),)  # close to the corner, on either side
    yield "relu", (draw.uniform(-0.2, -0.05),)
    yield "sigmoid", (draw.uniform(0.5, 2),)
    yield "sigmoid", (draw.uniform(-2, -0.5),)


def _sigmoid(a):
    return 1 / (1 + math.exp(-a))


def _sum(a, b):
    return 1.0, 1.0


def _difference(a, b):
    return 1.0, -1.0


def _product(a, b):
    return b, a


def _quotient(a, b):
    return 1 / b, -a / b**2


def _step(a):
    return (1.0 if a > 0 else 0.0,)


def _bell(a):
    s = _sigmoid(a)
    return (s * (1 - s),)


@local_slopes.switchable
def _slopes(
    operation,
    inputs,
    *,
    plus=_sum,
    minus=_difference,
    times=_product,
    divided=_quotient,
    relu=_step,
    sigmoid=_bell,
):
    steps = {"+": plus, "-": minus, "*": times, "/": divided, "relu": relu, "sigmoid": sigmoid}
    return steps[operation](*inputs)


local_slopes.switch(
    "product-own-factor",
    "Only the product is wrong: you gave each factor itself. If a stands still, how fast does a · b grow with b?",
    times=lambda a, b: (a, b),
)
local_slopes.switch(
    "product-value",
    "Only the product is wrong: you gave its value, a · b. Its slope for a is how fast it grows while b stands still.",
    times=lambda a, b: (a * b, a * b),
)
local_slopes.switch(
    "difference-sign",
    "Only the difference is wrong: when b grows, a - b falls. Which sign has its slope?",
    minus=_sum,
)
local_slopes.switch(
    "quotient-sign",
    "Only the second slope of the quotient is wrong: when b grows, a / b falls (both are positive here).",
    divided=lambda a, b: (1 / b, a / b**2),
)
local_slopes.switch(
    "quotient-square-missing",
    "Only the second slope of the quotient is wrong. The slope of 1 / b is -1 / b²: the square is missing.",
    divided=lambda a, b: (1 / b, -a / b),
)
local_slopes.switch(
    "quotient-numerator-missing",
    "Only the second slope of the quotient is wrong: -1 / b² is the slope of 1 / b. Here a stands above the bar.",
    divided=lambda a, b: (1 / b, -1 / b**2),
)
local_slopes.switch(
    "quotient-exchanged",
    "Only the quotient is wrong: its two slopes are exchanged. First comes the slope for a.",
    divided=lambda a, b: (-a / b**2, 1 / b),
)
local_slopes.switch(
    "relu-value",
    "Only relu is wrong: you gave its value. Its slope is 1 where the input is above 0, and 0 below.",
    relu=lambda a: (max(a, 0.0),),
)
local_slopes.switch(
    "relu-open", "Only relu is wrong: below 0 it is flat, so its slope there is 0.", relu=lambda a: (1.0,)
)
local_slopes.switch(
    "sigmoid-value",
    "Only the sigmoid is wrong: you gave its value s. Its slope is s · (1 - s).",
    sigmoid=lambda a: (_sigmoid(a),),
)
local_slopes.switch(
    "sigmoid-of-the-input",
    "Only the sigmoid is wrong: in s · (1 - s), s is the sigmoid's value, not its input.",
    sigmoid=lambda a: (a * (1 - a),),
)


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


def _in_order(graph):
    return graph


def _from_the_end(graph):
    return list(reversed(graph))


def _chain(old, arriving, slope):
    return old + arriving * slope


@graph_backward.switchable
def _backward(graph, values, *, order=_from_the_end, start=lambda value: 1.0, combine=_chain, each_use=True):
    gradients = dict.fromkeys(values, 0.0)
    last = graph[-1][0]
    gradients[last] = start(values[last])
    for name, operation, *sources in order(graph):
        slopes = reference.local_slopes(operation, [values[source] for source in sources])
        pairs = list(zip(sources, slopes, strict=True))
        for source, slope in pairs if each_use else dict(pairs).items():
            gradients[source] = combine(gradients[source], gradients[name], slope)
    return gradients


graph_backward.switch(
    "overwritten",
    "Where a number is used more than once, your last gradient overwrites the ones before it. Each use moves the "
    "result, so what arrives is added: +=.",
    combine=lambda old, arriving, slope: arriving * slope,
)
graph_backward.switch(
    "first-to-last",
    "You went through the steps from first to last. A step can hand its gradient on only when it has received all of "
    "it: begin at the end, reversed(graph).",
    order=_in_order,
)
graph_backward.switch(
    "no-start",
    "All your gradients are 0. The way back needs a start: how fast does the result grow with itself?",
    start=lambda value: 0.0,
)
graph_backward.switch(
    "starts-with-the-value",
    "You started with the value of the result. The start is a slope: how fast does the result grow with itself?",
    start=lambda value: value,
)
graph_backward.switch(
    "slopes-added",
    "You added up the slopes of the single steps. The chain rule multiplies: the gradient of the step, times its own "
    "slope.",
    combine=lambda old, arriving, slope: old + slope,
)
graph_backward.switch(
    "last-slope-alone",
    "You gave each input the slope of its step alone. The chain rule multiplies it by the gradient of the step.",
    combine=lambda old, arriving, slope: slope,
)
graph_backward.switch(
    "added-not-multiplied",
    "You added a step's gradient and its slope. The chain rule multiplies the two; what is added is what arrives from "
    "different uses.",
    combine=lambda old, arriving, slope: old + arriving + slope,
)
graph_backward.switch(
    "used-twice-counted-once",
    "A step that uses the same number twice, such as x · x, counts it only once: in a dict each name has one place. Go "
    "through the inputs one by one, with zip.",
    each_use=False,
)
