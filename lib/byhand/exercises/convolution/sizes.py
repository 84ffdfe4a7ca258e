"""The exercises of chapter 04 on what is counted before anything is computed."""

from __future__ import annotations

from math import prod

import numpy as np

from byhand.exercises.inputs import case
from byhand.exercises.spec import exercise
from byhand.reference.convolution import sizes as reference


@exercise(reference.conv_output_size)
def conv_output_size(draw):
    yield case(8, 3)
    yield 5, 3, 1, 0
    yield 6, 3, 2, 0  # the last step would leave the picture
    yield 7, 4, 2, 2
    yield 6, 3, 3, 2
    yield case(4, 5, padding=3)
    yield 1, 1, 2, 0  # one pixel, one place
    stride, padding = draw.integers(2, 4), draw.integers(1, 3)
    kernel = 2 * padding + draw.integers(2, 5)
    yield kernel + stride * draw.integers(2, 6) - 2 * padding + stride - 1, kernel, stride, padding


@conv_output_size.switchable
def _places(n, kernel, stride=1, padding=0, *, sides=2, moved=True, rounded="down", first="added at the end"):
    way = n + sides * padding - kernel + (first == "added before dividing")
    stride = stride if moved else 1
    steps = {"down": way // stride, "up": -(-way // stride), "not": way / stride}[rounded]
    return steps + (first == "added at the end")


conv_output_size.switch(
    "rounded-up",
    "You rounded up. A last step that would leave the picture is not made, so round down.",
    rounded="up",
)
conv_output_size.switch(
    "counted-steps",
    "You counted the steps. Before the first step the window stands somewhere too: how many places is that more?",
    first="missing",
)
conv_output_size.switch(
    "padding-once",
    "You counted the padding once. On how many sides of a row of pixels does it stand?",
    sides=1,
)
conv_output_size.switch(
    "no-padding", "The padding is missing: it makes the picture wider before the window moves.", sides=0
)
conv_output_size.switch(
    "no-stride", "The stride is missing: the window does not stop at every pixel.", moved=False
)
conv_output_size.switch(
    "fraction",
    "Your number is a fraction where the steps do not come out even. There are only whole places: use //, not /.",
    rounded="not",
)
conv_output_size.switch(
    "one-before-dividing",
    "You divided n + 2·padding − kernel + 1 by the stride. The first place needs no step: add it after the division.",
    first="added before dividing",
)


@exercise(reference.conv_parameters)
def conv_parameters(draw):
    yield 1, 6, 5, 5
    yield 3, 8, 3, 2
    yield 2, 1, 1, 4
    kh, kw = draw.choice([(2, 5), (3, 7), (4, 3)])
    yield draw.integers(2, 5), draw.integers(6, 20), kh, kw


@conv_parameters.mistake(
    "no-biases", "You counted the weights, but not the biases. How many does each kernel have?"
)
def _(in_channels, out_channels, kh, kw):
    return in_channels * out_channels * kh * kw


@conv_parameters.mistake(
    "one-channel", "A kernel reads all the channels that come in: it has kh · kw weights for each of them."
)
def _(in_channels, out_channels, kh, kw):
    return out_channels * (kh * kw + 1)


@conv_parameters.mistake(
    "one-bias", "You counted one bias for the whole layer. Each output channel has its own."
)
def _(in_channels, out_channels, kh, kw):
    return in_channels * out_channels * kh * kw + 1


@conv_parameters.mistake(
    "bias-per-input-channel",
    "You gave each input channel a bias of its own. A kernel has one, added once, after the sum.",
)
def _(in_channels, out_channels, kh, kw):
    return in_channels * out_channels * (kh * kw + 1)


@conv_parameters.mistake(
    "one-kernel", "You counted the numbers of one kernel. There is one kernel for each output channel."
)
def _(in_channels, out_channels, kh, kw):
    return in_channels * kh * kw + 1


@conv_parameters.mistake(
    "biases-of-inputs", "You counted as many biases as input channels. A bias belongs to an output channel."
)
def _(in_channels, out_channels, kh, kw):
    return in_channels * out_channels * kh * kw + in_channels


@exercise(reference.dense_parameters)
def dense_parameters(draw):
    yield case((2, 3, 3), (4,))
    yield case((5,), (3,))
    yield case((1, 8, 8), (4, 6, 6))
    yield case(
        tuple(int(n) for n in draw.integers(2, 9, 3)),
        tuple(int(n) for n in draw.integers(2, 9, draw.choice([1, 3]))),
    )


@dense_parameters.mistake("no-biases", "You counted the weights, but not the biases: each output has one.")
def _(in_shape, out_shape):
    return prod(in_shape) * prod(out_shape)


@dense_parameters.mistake(
    "biases-of-inputs", "You counted a bias for each input. A bias belongs to a neuron, that is to an output."
)
def _(in_shape, out_shape):
    return prod(in_shape) * prod(out_shape) + prod(in_shape)


@dense_parameters.mistake(
    "lengths-added",
    "You added the lengths of a shape. How many numbers are there in a picture of 2 channels, 3 rows and 3 columns?",
)
def _(in_shape, out_shape):
    return sum(in_shape) * sum(out_shape) + sum(out_shape)


@dense_parameters.mistake(
    "channels-only",
    "You counted only the first number of each shape, the channels. A dense layer joins every pixel to every pixel.",
)
def _(in_shape, out_shape):
    return in_shape[0] * out_shape[0] + out_shape[0]


@dense_parameters.mistake("one-bias", "You counted one bias for the whole layer. Each output has its own.")
def _(in_shape, out_shape):
    return prod(in_shape) * prod(out_shape) + 1


@exercise(reference.receptive_field)
def receptive_field(draw):
    yield case([(3, 1)])
    yield case([(3, 1), (3, 1)])
    yield case([(5, 1), (2, 2), (5, 1)])
    yield case([(3, 2), (3, 2), (2, 3), (4, 1)])
    yield case([(draw.integers(2, 6), draw.integers(1, 4)) for _ in range(draw.integers(3, 6))])


@receptive_field.switchable
def _field(layers, *, first=1, reach=-1, step_is="all strides before"):
    view, step = first, 1
    for kernel, stride in layers:
        if step_is == "its own stride too":
            step *= stride
        view += (kernel + reach) * step
        if step_is == "all strides before":
            step *= stride
        elif step_is == "the stride before":
            step = stride
    return view


receptive_field.switch(
    "no-strides",
    "You left the strides out. After a layer with stride 2, one step of the next layers is two pixels of the input.",
    step_is="one pixel",
)
receptive_field.switch(
    "own-stride",
    "You made a layer's own step longer by its own stride. The stride of a layer counts only for the layers after it.",
    step_is="its own stride too",
)
receptive_field.switch(
    "starts-at-0",
    "You start at 0. Without any layer one number sees one pixel, itself: with what must you start?",
    first=0,
)
receptive_field.switch(
    "whole-kernels",
    "You added the whole kernels. A kernel of 3 reaches only 2 steps further than the pixel that it starts from.",
    reach=0,
)
receptive_field.switch(
    "last-stride-only",
    "The strides do not multiply in your sum: each layer takes only the stride of the layer just before it. How long "
    "is a step after two layers with stride 2?",
    step_is="the stride before",
)


@receptive_field.mistake(
    "step-not-view",
    "You returned how many pixels the numbers of the last layer are apart, not how many one sees.",
)
def _(layers):
    return int(np.prod([stride for _, stride in layers]))
