"""Counting before computing: how large, how many, how far.

Three questions that are answered on paper before a convolutional network is run. How large is the picture that
comes out of a layer? How many numbers does the layer learn? How much of the first picture does one number of the
last one see?
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod


def conv_output_size(n: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    """At how many places a window fits along one axis: ⌊(n + 2·padding − kernel) / stride⌋ + 1.

    Parameters
    ----------
    n : int
        How many pixels the input has along this axis.
    kernel : int
        How many pixels the window has.
    stride : int
        How many pixels the window moves at a time.
    padding : int
        How many zeros stand before the first pixel, and as many after the last.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If the window is larger than the padded input, or a number is out of range.

    Notes
    -----
    A last step that would leave the picture is not made: the fraction is rounded down, as PyTorch does. Caffe's
    pooling and ``ceil_mode=True`` round up.

    References
    ----------
    V. Dumoulin and F. Visin (2016), "A guide to convolution arithmetic for deep learning".

    Examples
    --------
    >>> conv_output_size(32, kernel=5), conv_output_size(8, kernel=3, stride=2, padding=1)
    (28, 4)
    """
    if stride < 1 or padding < 0 or not 1 <= kernel <= n + 2 * padding:
        raise ValueError(
            f"conv_output_size: a window of {kernel}, moved by {stride}, does not fit into {n} pixels with "
            f"{padding} zeros on either side; stride and kernel must be at least 1, padding at least 0, "
            "and kernel at most n + 2·padding"
        )
    return (n + 2 * padding - kernel) // stride + 1


def conv_parameters(in_channels: int, out_channels: int, kh: int, kw: int) -> int:
    """How many numbers a convolution learns: out_channels · (in_channels · kh · kw + 1).

    Parameters
    ----------
    in_channels, out_channels : int
        How many channels come in, and how many kernels there are: each makes one channel.
    kh, kw : int
        The height and the width of a kernel.

    Returns
    -------
    int
        The size of the picture plays no part: one kernel serves every place.

    Raises
    ------
    ValueError
        If a number is below 1.

    References
    ----------
    Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998), "Gradient-based learning applied to document
    recognition": its first layer has 156 trainable parameters.

    Examples
    --------
    >>> conv_parameters(1, 6, 5, 5)
    156
    """
    if min(in_channels, out_channels, kh, kw) < 1:
        raise ValueError(
            f"conv_parameters: {in_channels} channels in, {out_channels} out, kernels of {kh} × {kw}; "
            "each number must be at least 1"
        )
    return out_channels * (in_channels * kh * kw + 1)


def dense_parameters(in_shape: Iterable[int], out_shape: Iterable[int]) -> int:
    """How many numbers a dense layer between two pictures learns: inputs · outputs + outputs.

    Parameters
    ----------
    in_shape, out_shape : shapes without the batch, such as (C, H, W) or (D,)

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If a length is below 1.

    References
    ----------
    Stanford CS231n, *Convolutional Neural Networks*: what AlexNet's first layer would cost without sharing.

    Examples
    --------
    >>> dense_parameters((1, 32, 32), (6, 28, 28))
    4821600
    """
    in_shape, out_shape = tuple(in_shape), tuple(out_shape)
    if min(*in_shape, *out_shape, 1) < 1:
        raise ValueError(
            f"dense_parameters: the shapes are {in_shape} and {out_shape}; each length is at least 1"
        )
    return prod(in_shape) * prod(out_shape) + prod(out_shape)


def receptive_field(layers: Iterable[tuple[int, int]]) -> int:
    """How many pixels of the input, along one axis, one number of the last layer sees.

    Each layer widens the view by (kernel − 1) steps. A step of the first layer is one pixel; each stride above 1
    makes the steps of all later layers longer.

    Parameters
    ----------
    layers : sequence of (kernel, stride)
        Convolutions and poolings, from the first to the last.

    Returns
    -------
    int
        1 without any layer: a pixel sees itself.

    Raises
    ------
    ValueError
        If a kernel or a stride is below 1.

    Notes
    -----
    Padding does not change it, though near the border a part of the view then falls on zeros.

    References
    ----------
    A. Araujo, W. Norris and J. Sim (2019), "Computing receptive fields of convolutional neural networks".

    Examples
    --------
    >>> receptive_field([(3, 1), (3, 1)]), receptive_field([(3, 1), (2, 2), (3, 1)])
    (5, 8)
    """
    view, step = 1, 1
    for kernel, stride in layers:
        if kernel < 1 or stride < 1:
            raise ValueError(
                f"receptive_field: a layer ({kernel}, {stride}); kernel and stride are at least 1"
            )
        view += (kernel - 1) * step
        step *= stride
    return view
