"""The exercises of chapter 04 on what is counted before anything is computed."""

from __future__ import annotations

from math import prod

import numpy as np

from byhand.exercises.inputs import case
from byhand.exercises.spec import exercise
from byhand.reference.convolution import sizes as reference


@exercise(reference.conv_output_size)
def conv_output_size(draw):
    yield 5, 3, 1, 0
    yield 6, 3, 2, 0  # the last step would leave the picture
    yield 7, 4, 2, 2
    yield 6, 3, 3, 2
    stride, padding = draw.integers(2, 4), draw.integers(1, 3)
    kernel = 2 * padding + draw.integers(2, 5)
    yield kernel + stride * draw.integers(2, 6) - 2 * padding + stride - 1, kernel, stride, padding


@conv_output_size.mistake(
    "unnamed-1", "You rounded up. A last step that would leave the picture is not made, so round down."
)
def _(n, kernel, stride, padding):
    return -((kernel - n - 2 * padding) // stride) + 1


@conv_output_size.mistake(
    "unnamed-2",
    "You counted the steps. Before the first step the window stands somewhere too: how many places is that more?",
)
def _(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // stride


@conv_output_size.mistake(
    "unnamed-3", "You counted the padding once. On how many sides of a row of pixels does it stand?"
)
def _(n, kernel, stride, padding):
    return (n + padding - kernel) // stride + 1


@conv_output_size.mistake(
    "unnamed-4", "The padding is missing: it makes the picture wider before the window moves."
)
def _(n, kernel, stride, padding):
    return (n - kernel) // stride + 1


@conv_output_size.mistake("unnamed-5", "The stride is missing: the window does not stop at every pixel.")
def _(n, kernel, stride, padding):
    return n + 2 * padding - kernel + 1


@conv_output_size.mistake(
    "unnamed-6",
    "Your number is a fraction where the steps do not come out even. There are only whole places: use //, not /.",
)
def _(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) / stride + 1


@conv_output_size.mistake(
    "unnamed-7",
    "You divided n + 2·padding − kernel + 1 by the stride. The first place needs no step: add it after the division.",
)
def _(n, kernel, stride, padding):
    return (n + 2 * padding - kernel + 1) // stride


@exercise(reference.conv_parameters)
def conv_parameters(draw):
    yield 1, 6, 5, 5
    yield 3, 8, 3, 2
    kh, kw = draw.choice([(2, 5), (3, 7), (4, 3)])
    yield draw.integers(2, 5), draw.integers(6, 20), kh, kw


@conv_parameters.mistake(
    "unnamed-1", "You counted the weights, but not the biases. How many does each kernel have?"
)
def _(in_channels, out_channels, kh, kw):
    return in_channels * out_channels * kh * kw


@conv_parameters.mistake(
    "unnamed-2", "A kernel reads all the channels that come in: it has kh · kw weights for each of them."
)
def _(in_channels, out_channels, kh, kw):
    return out_channels * (kh * kw + 1)


@conv_parameters.mistake(
    "unnamed-3", "You counted one bias for the whole layer. Each output channel has its own."
)
def _(in_channels, out_channels, kh, kw):
    return in_channels * out_channels * kh * kw + 1


@conv_parameters.mistake(
    "unnamed-4", "You gave each input channel a bias of its own. A kernel has one, added once, after the sum."
)
def _(in_channels, out_channels, kh, kw):
    return in_channels * out_channels * (kh * kw + 1)


@conv_parameters.mistake(
    "unnamed-5", "You counted the numbers of one kernel. There is one kernel for each output channel."
)
def _(in_channels, out_channels, kh, kw):
    return in_channels * kh * kw + 1


@conv_parameters.mistake(
    "unnamed-6", "You counted as many biases as input channels. A bias belongs to an output channel."
)
def _(in_channels, out_channels, kh, kw):
    return in_channels * out_channels * kh * kw + in_channels


@exercise(reference.dense_parameters)
def dense_parameters(draw):
    yield case((2, 3, 3), (4,))
    yield case((1, 8, 8), (4, 6, 6))
    yield case(
        tuple(int(n) for n in draw.integers(2, 9, 3)),
        tuple(int(n) for n in draw.integers(2, 9, draw.choice([1, 3]))),
    )


@dense_parameters.mistake("unnamed-1", "You counted the weights, but not the biases: each output has one.")
def _(in_shape, out_shape):
    return prod(in_shape) * prod(out_shape)


@dense_parameters.mistake(
    "unnamed-2", "You counted a bias for each input. A bias belongs to a neuron, that is to an output."
)
def _(in_shape, out_shape):
    return prod(in_shape) * prod(out_shape) + prod(in_shape)


@dense_parameters.mistake(
    "unnamed-3",
    "You added the lengths of a shape. How many numbers are there in a picture of 2 channels, 3 rows and 3 columns?",
)
def _(in_shape, out_shape):
    return sum(in_shape) * sum(out_shape) + sum(out_shape)


@dense_parameters.mistake(
    "unnamed-4",
    "You counted only the first number of each shape, the channels. A dense layer joins every pixel to every pixel.",
)
def _(in_shape, out_shape):
    return in_shape[0] * out_shape[0] + out_shape[0]


@dense_parameters.mistake("unnamed-5", "You counted one bias for the whole layer. Each output has its own.")
def _(in_shape, out_shape):
    return prod(in_shape) * prod(out_shape) + 1


@exercise(reference.receptive_field)
def receptive_field(draw):
    yield case([(3, 1)])
    yield case([(3, 1), (3, 1)])
    yield case([(5, 1), (2, 2), (5, 1)])
    yield case([(3, 2), (3, 2), (2, 3), (4, 1)])
    yield case([(draw.integers(2, 6), draw.integers(1, 4)) for _ in range(draw.integers(3, 6))])


def _field(layers, first=1, before=False, ignore_stride=False):
    view, step = first, 1
    for kernel, stride in layers:
        if before:
            step *= stride
        view += (kernel - 1) * step
        if not before and not ignore_stride:
            step *= stride
    return view


@receptive_field.mistake(
    "unnamed-1",
    "You left the strides out. After a layer with stride 2, one step of the next layers is two pixels of the input.",
)
def _(layers):
    return _field(layers, ignore_stride=True)


@receptive_field.mistake(
    "unnamed-2",
    "You made a layer's own step longer by its own stride. The stride of a layer counts only for the layers after it.",
)
def _(layers):
    return _field(layers, before=True)


@receptive_field.mistake(
    "unnamed-3",
    "Your number is too small by 1 everywhere. Without any layer one number sees one pixel: with what do you start?",
)
def _(layers):
    return _field(layers, first=0)


@receptive_field.mistake(
    "unnamed-4",
    "You added the whole kernels. A kernel of 3 reaches only 2 steps further than the pixel that it starts from.",
)
def _(layers):
    view, step = 1, 1
    for kernel, stride in layers:
        view += kernel * step
        step *= stride
    return view


@receptive_field.mistake(
    "unnamed-5",
    "The strides do not multiply in your sum: each layer takes only the stride of the layer just before it. How long "
    "is a step after two layers with stride 2?",
)
def _(layers):
    view, step = 1, 1
    for kernel, stride in layers:
        view += (kernel - 1) * step
        step = stride
    return view


@receptive_field.mistake(
    "unnamed-6",
    "You returned how many pixels the numbers of the last layer are apart, not how many one sees.",
)
def _(layers):
    return int(np.prod([stride for _, stride in layers]))
