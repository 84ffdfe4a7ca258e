"""The exercises of chapter 04 on the convolution that goes the other way round."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import case
from byhand.exercises.spec import exercise
from byhand.reference.convolution import transposed as reference
from byhand.reference.convolution.windows import windows


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


def _cached(draw, x_shape, w_shape, stride, padding):
    x, w, b = _drawn(draw, x_shape, w_shape)
    out = reference.conv_transpose2d_forward(x, w, b, stride, padding)[0]
    return draw.normal(*out.shape), (x, w, b, stride, padding)


@exercise(reference.conv_transpose2d_backward, returns="dx, dw, db")
def conv_transpose2d_backward(draw):
    yield (
        np.array([[[[1.0, 0.0, 10.0]]]]),
        (np.array([[[[1.0, 2.0]]]]), np.array([[[[1.0, 3.0]]]]), np.zeros(1), 1, 0),
    )
    yield _cached(draw, (1, 1, 2, 3), (1, 1, 2, 2), 2, 0)
    yield _cached(draw, (2, 2, 3, 2), (2, 2, 3, 3), 1, 0)
    yield _cached(draw, (2, 2, 3, 2), (2, 3, 2, 3), 2, 1)
    yield _cached(draw, (1, 3, 4, 3), (3, 2, 3, 4), 3, 2)
    yield _cached(draw, (1, 1, 5, 4), (1, 2, 3, 4), 1, 3)
    yield _cached(draw, (1, 2, 1, 1), (2, 1, 2, 3), 1, 0)  # one picture, one pixel


@conv_transpose2d_backward.switchable
def _gathered(
    dout,
    cache,
    *,
    turned=False,
    framed=True,
    apart=None,
    channels="added",  # or "first"
    dw_is="all places",  # or "last place", "last picture"
    db="sum",
    exchanged=False,
):
    x, w, _, stride, padding = cache
    (H, W), (kh, kw) = x.shape[2:], w.shape[2:]
    frame = (padding, padding) if framed else (0, 2 * padding)  # without it, the windows begin too early
    padded = np.pad(dout, ((0, 0), (0, 0), frame, frame))
    every = windows(padded, kh, kw, apart or stride)[..., :H, :W]
    stamp = w[:, :, ::-1, ::-1] if turned else w
    if channels == "first":
        dx = np.einsum("nfaeij,cfae->ncij", every[:, :1], stamp[:, :1])
    else:
        dx = np.einsum("nfaeij,cfae->ncij", every, stamp)
    shares = np.einsum("nfaeij,ncij->ncfaeij", every, x)
    dw = {"last place": shares[-1, ..., -1, -1], "last picture": shares[-1].sum(axis=(-2, -1))}.get(
        dw_is, shares.sum(axis=(0, -2, -1))
    )
    db = dout.mean(axis=(0, 2, 3)) if db == "mean" else dout.sum(axis=(0, 2, 3))
    return (dw, dx, db) if exchanged else (dx, dw, db)


conv_transpose2d_backward.switch(
    "kernel-turned",
    "In dx you turned the kernel by 180°. Each pixel stamped it as it is, so what comes back meets it as it is.",
    turned=True,
)
conv_transpose2d_backward.switch(
    "no-frame",
    "You forgot what was cut off. On the way there `padding` pixels went on each side: put a frame of zeros round dout "
    "first, so that the stamps lie where they lay.",
    framed=False,
)
conv_transpose2d_backward.switch(
    "one-pixel-apart",
    "Your windows are one pixel apart. The stamps were `stride` pixels apart: window i begins at row i · stride.",
    apart=1,
)
conv_transpose2d_backward.switch(
    "first-channel",
    "Only the first channel of dout counts in your dx. A pixel stamped on all output channels: add up what comes back.",
    channels="first",
)
conv_transpose2d_backward.switch(
    "dw-overwritten",
    "In dw each place replaces the one before it. The same kernel was stamped everywhere: add up the shares (+=).",
    dw_is="last place",
)
conv_transpose2d_backward.switch(
    "last-picture",
    "Your dw comes from the last picture alone. The same kernel served all pictures: add up their shares.",
    dw_is="last picture",
)
conv_transpose2d_backward.switch(
    "db-mean",
    "Your db is a mean. The bias was added to every pixel of the result, so its gradient is the sum.",
    db="mean",
)
conv_transpose2d_backward.switch(
    "dx-and-dw-exchanged",
    "You exchanged dx and dw. Each must have the shape of what it is the gradient of.",
    exchanged=True,
)
