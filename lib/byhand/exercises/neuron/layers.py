"""The exercises of chapter 01 on one neuron and on a layer of them."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import Function
from byhand.exercises.spec import exercise
from byhand.reference.neuron import layers as reference

STEP = Function("np.where(x >= 0, 1.0, 0.0)")
SIGMOID = Function("1 / (1 + np.exp(-x))")
TANH = Function("np.tanh(x)")


@exercise(reference.weighted_sum_by_hand)
def weighted_sum_by_hand(draw):
    yield ()


@weighted_sum_by_hand.mistake(
    "bias-missing", "Your number is the sum of the three products. What is added once, at the end?"
)
def _():
    return 0.3


@weighted_sum_by_hand.mistake(
    "bias-subtracted", "You subtracted the bias. In this course the bias is always added."
)
def _():
    return -1.7


@weighted_sum_by_hand.mistake(
    "sign-lost", "You lost a minus sign: the third weight is -0.5, so its product is negative."
)
def _():
    return 5.3


@weighted_sum_by_hand.mistake(
    "bias-for-each-input", "You added the bias once for each input. A neuron has one bias, and adds it once."
)
def _():
    return 6.3


@weighted_sum_by_hand.mistake(
    "added-not-multiplied",
    "You added each input to its weight. A weight says how much an input counts: multiply the two.",
)
def _():
    return 8.5


@weighted_sum_by_hand.mistake(
    "weights-reversed",
    "You paired the inputs with the weights in reverse order. The first weight belongs to the first input.",
)
def _():
    return 3.7


@exercise(reference.weighted_sum)
def weighted_sum(draw):
    yield np.array([1.0, 2.0, 3.0]), np.array([0.2, 0.8, -0.5]), 2.0
    yield draw.normal(2), draw.normal(2), draw.normal()
    yield draw.normal(5), draw.normal(5), draw.normal()
    yield draw.normal(1), draw.normal(1), draw.normal()


@weighted_sum.switchable
def _sum(x, w, b, *, join=np.multiply, gather=np.sum, bias=1):
    return gather(join(x, w)) + bias * b


weighted_sum.switch(
    "bias-missing", "The bias is missing: you returned the sum of the products alone.", bias=0
)
weighted_sum.switch(
    "bias-subtracted", "You subtracted the bias. In this course the bias is always added.", bias=-1
)
weighted_sum.switch(
    "added-not-multiplied",
    "You added each input to its weight. A weight says how much an input counts: multiply the two.",
    join=np.add,
)
weighted_sum.switch(
    "products-not-summed",
    "You returned one number for each input. Each product is right; a neuron then adds them all up to one number.",
    gather=np.array,
)
weighted_sum.switch(
    "mean-taken", "You took the mean of the products. A neuron takes their sum.", gather=np.mean
)
weighted_sum.switch(
    "last-left-out",
    "The last input is left out. Where does your loop, or your slice, stop?",
    gather=lambda products: np.sum(products[:-1]),
)
weighted_sum.switch(
    "only-the-last",
    "Only the last input counts. A loop must add each product to the total (+=), not replace the total.",
    gather=lambda products: products[-1],
)
weighted_sum.switch(
    "only-the-first",
    "Only the first input counts. If you have a loop: does your `return` stand inside it?",
    gather=lambda products: products[0],
)


@weighted_sum.mistake(
    "bias-for-each-input",
    "You added the bias once for each input. A neuron has one bias: add it once, after the products.",
)
def _(x, w, b):
    return np.sum(x * w + b)


@weighted_sum.mistake(
    "bias-multiplied",
    "You added the bias to each input, or to each weight, before you multiplied. It is added once, after the products.",
)
def _(x, w, b):
    return np.sum(x * (w + b))


@weighted_sum.mistake("bias-multiplied")
def _(x, w, b):
    return np.sum((x + b) * w)


@weighted_sum.mistake(
    "sums-multiplied",
    "You multiplied the sum of the inputs by the sum of the weights. Each input has its own weight: "
    "multiply first, then add up.",
)
def _(x, w, b):
    return np.sum(x) * np.sum(w) + b


@weighted_sum.mistake(
    "first-left-out",
    "The first product is missing. Python counts positions from 0, so range(1, n) leaves position 0 out.",
)
def _(x, w, b):
    return np.sum(x[1:] * w[1:]) + b


@exercise(reference.step)
def step(draw):
    yield np.array([-2.0, 0.0, 3.0])
    yield draw.normal(2, 3)
    # the jump is at 0, and nowhere else
    yield np.array([draw.uniform(-0.09, -0.01), draw.uniform(0.01, 0.09), draw.uniform(0.6, 0.9)])
    yield draw.uniform(-3, -1)  # a number
    yield draw.normal(1, 2, 2)


@step.mistake(
    "silent-at-0",
    "Only the value at exactly 0 differs: you have 0 there. A choice has to be made; this course takes 1.",
)
def _(z):
    return np.where(z > 0, 1, 0)


@step.mistake(
    "half-at-0",
    "Only the value at exactly 0 differs: you have 1/2 there. Some books do; this course takes 1.",
)
def _(z):
    return np.heaviside(z, 0.5)


@step.mistake(
    "minus-1-for-silent",
    "You have -1 where the neuron is silent. Books with the labels -1 and 1 do so; here silent is 0.",
)
def _(z):
    return np.where(z >= 0, 1, -1)


@step.mistake(
    "sign-returned",
    "You returned the sign of z: -1, 0 or 1. A step has only two answers: 0, and 1 from z = 0 on.",
)
def _(z):
    return np.sign(z)


@step.mistake(
    "turned-round",
    "Your neuron fires when it should be silent, and is silent when it should fire: turn the comparison.",
)
def _(z):
    return np.where(z < 0, 1, 0)


@step.mistake(
    "value-kept",
    "Where z is positive you returned z itself. A step says only whether: its answer there is 1.",
)
def _(z):
    return np.maximum(z, 0)


@step.mistake(
    "jump-elsewhere",
    "Your step is silent for a small positive z, such as 0.05. Asked is a step that fires from z = 0 on.",
)
def _(z):
    return np.where(z >= 1, 1, 0)


@step.mistake("jump-elsewhere")
def _(z):
    return np.where(z >= 0.5, 1, 0)


@exercise(reference.neuron)
def neuron(draw):
    yield np.array([1.0, 2.0]), np.array([0.5, -1.0]), 1.0, TANH
    yield draw.normal(3), draw.normal(3), draw.normal(), SIGMOID
    yield np.array([[1.0, 2.0], [3.0, 1.0], [0.0, -2.0]]), np.array([1.0, -1.0]), -1.0, STEP
    yield draw.normal(4, 3), draw.normal(3), draw.normal(), TANH
    yield draw.normal(1, 2), draw.normal(2), draw.normal(), SIGMOID
    yield draw.normal(3, 1), draw.normal(1), draw.normal(), TANH


@neuron.switchable
def _neuron(x, w, b, activation, *, bias=1, decided=True, taken=None):
    z = x @ w + bias * b
    return (taken or activation)(z) if decided else z


neuron.switch(
    "not-activated",
    "You returned the weighted sum. The activation function still has to decide: call it on the sum.",
    decided=False,
)
neuron.switch("bias-missing", "The bias is missing in the weighted sum.", bias=0)
neuron.switch("bias-subtracted", "You subtracted the bias. In this course the bias is always added.", bias=-1)
neuron.switch(
    "always-step",
    "You always use the step. The argument `activation` says which function decides.",
    taken=STEP,
)
neuron.switch(
    "always-sigmoid",
    "You always use the sigmoid. The argument `activation` says which function decides.",
    taken=SIGMOID,
)


@neuron.mistake(
    "bias-after-activation",
    "You added the bias after the activation. It is a part of the weighted sum: the activation comes last.",
)
def _(x, w, b, activation):
    return activation(x @ w) + b


@neuron.mistake(
    "inputs-activated",
    "You called the activation on the inputs. It decides about the weighted sum, so it comes after it.",
)
def _(x, w, b, activation):
    return activation(x) @ w + b


@neuron.mistake(
    "products-activated",
    "You called the activation on each product. Add up first: a neuron makes one decision, about the whole sum.",
)
def _(x, w, b, activation):
    return np.sum(activation(x * w), axis=-1) + b


@neuron.mistake(
    "examples-added-up",
    "For one example you are right. For a batch you added up all the examples too: each row must give an answer of "
    "its own.",
)
def _(x, w, b, activation):
    return activation(np.sum(x * w) + b)


@neuron.mistake(
    "activated-twice", "You called the activation twice. The neuron decides once, about the weighted sum."
)
def _(x, w, b, activation):
    return activation(activation(x @ w + b))


@neuron.mistake("bias-multiplied", "You multiplied by the bias. It is added to the sum of the products.")
def _(x, w, b, activation):
    return activation(x @ w * b)


# The first case is square, so that a wrong product gives numbers to look at, and not only a NumPy error.
@exercise(reference.dense_forward, returns="out, _cache")
def dense_forward(draw):
    yield np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [2.0, -1.0]]), np.array([10.0, 20.0])
    yield draw.normal(2, 3), draw.normal(3, 4), draw.normal(4)
    yield draw.normal(1, 4), draw.normal(4, 2), draw.normal(2)
    yield draw.normal(3, 2), draw.normal(2, 1), draw.normal(1)
    yield draw.normal(2, 1), draw.normal(1, 3), draw.normal(3)


@dense_forward.switchable
def _dense(x, W, b, *, bias=1, shared=False, by_row=False, turned=False, fired=False, lying=False):
    biases = np.sum(b) if shared else b[:, np.newaxis] if by_row else b
    out = x @ (W.T if turned else W) + bias * biases
    out = np.where(out >= 0, 1.0, 0.0) if fired else out
    return (out.T if lying else out), (x, W, b)


dense_forward.switch("biases-missing", "The biases are missing: you returned x @ W alone.", bias=0)
dense_forward.switch(
    "biases-subtracted", "You subtracted the biases. In this course a bias is always added.", bias=-1
)
dense_forward.switch(
    "w-transposed",
    "You used W transposed. Here W is (D, M), one column a neuron, and fits as it is. (PyTorch stores it "
    "transposed.)",
    turned=True,
)
dense_forward.switch(
    "bias-for-each-example",
    "You gave each example its own bias. A bias belongs to a neuron, that is to a column of the result; NumPy adds "
    "b (M,) to every row without help.",
    by_row=True,
)
dense_forward.switch(
    "biases-summed",
    "You added the sum of all the biases to every neuron. Each neuron has a bias of its own.",
    shared=True,
)
dense_forward.switch(
    "transposed",
    "Your result is transposed: examples go in as rows, and come out as rows, (N, M).",
    lying=True,
)
dense_forward.switch(
    "step-applied",
    "You already decided, with a step. A dense layer returns the weighted sums themselves.",
    fired=True,
)


@dense_forward.mistake(
    "product-turned",
    "The product is in the wrong order: W @ x mixes the examples. The rows of x, the examples, must stay rows: "
    "which factor comes first?",
)
def _(x, W, b):
    return W @ x + b, (x, W, b)


@dense_forward.mistake(
    "entry-by-entry",
    "You multiplied x and W entry by entry (*). Each row of x must meet each column of W: that is the matrix "
    "product, @.",
)
def _(x, W, b):
    return x * W + b, (x, W, b)
