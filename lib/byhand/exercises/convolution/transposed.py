"""The exercise of chapter 04 on the convolution that goes the other way round."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import case
from byhand.exercises.spec import exercise
from byhand.reference.convolution import conv2d as reference


def _drawn(draw, x_shape, w_shape):
    return draw.normal(*x_shape), draw.normal(*w_shape), draw.normal(w_shape[1])


@exercise(reference.conv_transpose2d_forward, returns="out, _cache")
def conv_transpose2d_forward(draw):
    yield case(np.array([[[[1.0, 2.0]]]]), np.array([[[[1.0, 10.0]]]]), np.array([100.0]))
    yield *_drawn(draw, (1, 1, 2, 3), (1, 1, 2, 2)), 2, 0
    yield *_drawn(draw, (2, 2, 3, 2), (2, 2, 3, 3)), 1, 0
    yield *_drawn(draw, (2, 2, 3, 2), (2, 3, 2, 3)), 2, 1
    yield *_drawn(draw, (1, 3, 4, 3), (3, 2, 3, 4)), 3, 2
    yield *_drawn(draw, (1, 1, 5, 4), (1, 2, 3, 4)), 1, 3
    yield *_drawn(draw, (1, 2, 1, 1), (2, 1, 2, 3)), 1, 0  # one picture, one pixel


@conv_transpose2d_forward.switchable
def _stamped(
    x,
    w,
    b,
    stride=1,
    padding=0,
    *,
    write="add",  # or "replace"
    bias="once",  # or "never", "each stamp"
    turned=False,
    moved=True,
    apart=None,
    cut="frame",  # or "nothing", "0:-0"
    framed=False,
):
    if framed:
        x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    stride = stride if moved else 1
    (N, _, H, W), (_, F, kh, kw) = x.shape, w.shape
    padded = np.zeros((N, F, (H - 1) * stride + kh, (W - 1) * stride + kw))
    stamp = w[:, :, ::-1, ::-1] if turned else w
    more = b[:, np.newaxis, np.newaxis]
    for n, c, i, j in np.ndindex(*x.shape):
        top, left = i * (apart or stride), j * (apart or stride)
        window = padded[n, :, top : top + kh, left : left + kw]
        window[...] = x[n, c, i, j] * stamp[c] + (0 if write == "replace" else window)
        window += more * (bias == "each stamp")
    rows, columns = padded.shape[2:]
    if cut == "frame" and not framed:
        padded = padded[:, :, padding : rows - padding, padding : columns - padding]
    elif cut == "0:-0":
        padded = padded[:, :, padding:-padding, padding:-padding]
    return padded + more * (bias == "once"), None


conv_transpose2d_forward.switch(
    "overwritten", "Where stamps overlap, yours overwrite each other. They must add up (+=).", write="replace"
)
conv_transpose2d_forward.switch(
    "empty-slice",
    "Your result is empty where the padding is 0: the slice 0:-0 holds nothing. Cut with padding : rows - padding.",
    cut="0:-0",
)
conv_transpose2d_forward.switch("no-bias", "The biases are missing.", bias="never")
conv_transpose2d_forward.switch(
    "kernel-turned", "You turned the kernel by 180°. Each pixel stamps it as it is.", turned=True
)
conv_transpose2d_forward.switch(
    "no-stride",
    "You ignored the stride: the stamps of neighboring pixels are `stride` pixels apart.",
    moved=False,
)
conv_transpose2d_forward.switch("no-stride", apart=1)
conv_transpose2d_forward.switch(
    "frame-not-cut",
    "You did not cut the padding off. Here padding makes the result smaller: that many pixels go on each side.",
    cut="nothing",
)
conv_transpose2d_forward.switch(
    "frame-around-x",
    "You put the frame round x, as a convolution does. Here the padding is cut off from the result.",
    framed=True,
)
conv_transpose2d_forward.switch(
    "bias-with-every-stamp",
    "You added the bias with every stamp. It is added once to every pixel of the result.",
    bias="each stamp",
)
