"""The exercises of chapter 04 on convolutions, forwards and backwards."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import case
from byhand.exercises.spec import exercise
from byhand.reference.convolution import conv2d as reference
from byhand.reference.convolution.sizes import conv_output_size
from byhand.reference.convolution.windows import windows


def _drawn(draw, x_shape, w_shape):
    return draw.normal(*x_shape), draw.normal(*w_shape), draw.normal(w_shape[0])


@exercise(reference.conv2d_forward, returns="out, _cache")
def conv2d_forward(draw):
    yield case(np.arange(9.0).reshape(1, 1, 3, 3), np.arange(4.0).reshape(1, 1, 2, 2), np.array([100.0]))
    yield *_drawn(draw, (1, 1, 3, 5), (1, 1, 2, 3)), 1, 1
    yield *_drawn(draw, (2, 3, 4, 5), (2, 3, 3, 2)), 1, 0
    yield *_drawn(draw, (2, 1, 6, 7), (3, 1, 3, 3)), 2, 0  # the last row is reached by no window
    yield *_drawn(draw, (1, 2, 5, 4), (3, 2, 3, 2)), 2, 1
    yield *_drawn(draw, (1, 2, 4, 6), (2, 2, 2, 3)), 3, 2
    yield *_drawn(draw, (2, 1, 3, 4), (2, 1, 3, 2)), 1, 3
    yield *_drawn(draw, (1, 3, 1, 1), (2, 3, 1, 1)), 1, 0  # one picture, one pixel


def _places(n, kernel, stride, padding, size):
    """At how many places a window stops along one axis, and how many pixels are added for the last one."""
    side = n + (1 if size == "padding once" else 2) * padding
    count = conv_output_size(side, kernel, stride)
    if size == "rounded up":
        rest = -(side - kernel) % stride
        return count + (rest > 0), rest
    return count - (size == "steps"), 0


@conv2d_forward.switchable
def _convolved(
    x,
    w,
    b,
    stride=1,
    padding=0,
    *,
    bias="once",  # or "never", "each channel", "each product"
    turned=False,
    moved=True,
    apart=None,
    framed=True,
    widest=None,
    mode="constant",
    channels="added",  # or "first", "mean"
    kernels="each",  # or "first"
    size="rounded down",  # or "rounded up", "steps", "padding once"
    missing=0,
):
    F, C, kh, kw = w.shape
    stride = stride if moved else 1
    padding = min(padding, padding if widest is None else widest) if framed else 0
    (rows, down), (columns, across) = (
        _places(n, k, stride, padding, size) for n, k in zip(x.shape[2:], (kh, kw), strict=True)
    )
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding + down), (padding, padding + across)), mode=mode)
    if turned:
        w = w[:, :, ::-1, ::-1]
    if kernels == "first":
        w = np.repeat(w[:1], F, axis=0)
    if channels == "first":
        padded, w = padded[:, :1], w[:, :1]
    elif channels == "mean":
        w = w / C
    every = windows(padded, kh, kw, apart or stride)[..., :rows, :columns]
    out = np.einsum("fcae,ncaeij->nfij", w, every)
    times = {"once": 1, "never": 0, "each channel": C, "each product": C * kh * kw}[bias]
    out += times * b[:, np.newaxis, np.newaxis]
    if missing:
        out[:, :, -missing:], out[..., -missing:] = 0, 0
    return out, None


conv2d_forward.switch(
    "kernel-turned",
    "You turned the kernel by 180°. In this course, as in PyTorch, it lies on the picture as it is.",
    turned=True,
)
conv2d_forward.switch(
    "bias-in-every-product",
    "You added the bias to every product, before the sum. A kernel has one bias: add it once, after the sum.",
    bias="each product",
)
conv2d_forward.switch("no-bias", "The biases are missing: kernel f adds b[f] at every place.", bias="never")
conv2d_forward.switch(
    "no-padding", "You ignored the padding: put the frame of zeros round x first.", framed=False
)
conv2d_forward.switch("no-stride", "You ignored the stride: your windows stop at every pixel.", moved=False)
conv2d_forward.switch(
    "one-pixel-apart",
    "Your windows are one pixel apart. Window i begins at row i · stride.",
    apart=1,
)
conv2d_forward.switch(
    "first-channel",
    "Only the first channel counts in your sum. A kernel reads all of them.",
    channels="first",
)
conv2d_forward.switch(
    "mean-over-channels",
    "You took the mean over the channels. What a kernel finds in its channels is added up.",
    channels="mean",
)
conv2d_forward.switch(
    "bias-per-channel",
    "You added the bias once for each input channel. A kernel has one bias, added once, after the sum.",
    bias="each channel",
)
conv2d_forward.switch(
    "first-kernel",
    "All your output channels come from the first kernel. Channel f belongs to w[f].",
    kernels="first",
)
conv2d_forward.switch(
    "range-one-short",
    "The last row and the last column of `out` are still 0: your loops end one place too early. The end of a range is "
    "not counted.",
    missing=1,
)
conv2d_forward.switch(
    "counted-steps",
    "Your result lacks its last row and its last column: you counted the steps. There is one place more than there are "
    "steps.",
    size="steps",
)
conv2d_forward.switch(
    "padding-once",
    "You counted the padding once in the size of `out`. On how many sides of a row of pixels do zeros stand?",
    size="padding once",
)
conv2d_forward.switch(
    "rounded-up",
    "You rounded the size up: your last windows hang over the picture's edge. A step that leaves it is not made.",
    size="rounded up",
)
conv2d_forward.switch(
    "border-repeated",
    "Your frame repeats the picture's border. Here the frame is made of zeros.",
    mode="edge",
)
conv2d_forward.switch(
    "padding-of-1",
    "Your frame is one pixel wide where more are asked for. `padding` says how wide it is.",
    widest=1,
)


@exercise(reference.conv1x1)
def conv1x1(draw):
    yield (
        np.array([[[[1.0, 2.0]], [[10.0, 20.0]]]]),
        np.array([[1.0, 1.0], [0.0, 2.0]]),
        np.array([0.5, 0.0]),
    )
    yield draw.normal(2, 3, 3, 2), draw.normal(4, 3), draw.normal(4)
    yield draw.normal(1, 3, 2, 4), draw.normal(3, 3), draw.normal(3)
    yield draw.normal(1, 2, 1, 1), draw.normal(3, 2), draw.normal(3)


@conv1x1.switchable
def _mixed(x, w, b, *, bias="once", turned=False, kernels="each", mean=False, moved="both"):
    if turned:
        w = w.T
    if kernels == "first":
        w = np.repeat(w[:1], len(w), axis=0)
    if mean:
        w = w / x.shape[1]
    N, C, H, W = x.shape
    last = x.transpose(0, 2, 3, 1) if moved != "only back" else x.reshape(N, H, W, C)
    out = last @ w.T + {"once": 1, "never": 0, "each channel": C}[bias] * b
    if moved == "nothing back":
        return out
    return out.reshape(N, len(w), H, W) if moved == "only there" else out.transpose(0, 3, 1, 2)


conv1x1.switch("no-bias", "The biases are missing.", bias="never")
conv1x1.switch(
    "w-transposed",
    "You used w transposed. Row f of w holds what output channel f takes of each input channel.",
    turned=True,
)
conv1x1.switch(
    "channels-last",
    "The channels came out as the last axis. They stay where they were: (N, F, H, W).",
    moved="nothing back",
)
RESHAPED = (
    "You used reshape to bring an axis to another place. reshape keeps the order of the numbers and only cuts it anew; "
    "transpose moves axes."
)
conv1x1.switch("reshape-for-transpose", RESHAPED, moved="only there")
conv1x1.switch("reshape-for-transpose", moved="only back")
conv1x1.switch(
    "first-kernel",
    "All your output channels are alike: each uses the first row of w. Channel f belongs to w[f].",
    kernels="first",
)
conv1x1.switch(
    "mean-over-channels",
    "You took the mean over the channels. They are weighed and added up.",
    mean=True,
)
conv1x1.switch(
    "bias-per-channel",
    "You added the bias once for each input channel. An output channel has one bias, added once, after the sum.",
    bias="each channel",
)


def _size(x, w, stride, padding):
    return tuple(
        conv_output_size(n, k, stride, padding) for n, k in zip(x.shape[2:], w.shape[2:], strict=True)
    )


def _cached(draw, x_shape, w_shape, stride, padding):
    x, w, b = draw.normal(*x_shape), draw.normal(*w_shape), draw.normal(w_shape[0])
    dout = draw.normal(x_shape[0], w_shape[0], *_size(x, w, stride, padding))
    return dout, (x, w, b, stride, padding)


@exercise(reference.conv2d_backward, returns="dx, dw, db")
def conv2d_backward(draw):
    x, w = np.arange(9.0).reshape(1, 1, 3, 3), np.arange(4.0).reshape(1, 1, 2, 2)
    yield np.array([[[[1.0, 0.0], [0.0, 10.0]]]]), (x, w, np.zeros(1), 1, 0)
    yield _cached(draw, (1, 1, 3, 5), (1, 1, 2, 3), 1, 1)
    yield _cached(draw, (2, 3, 4, 4), (2, 3, 3, 2), 1, 0)
    yield _cached(draw, (2, 1, 6, 7), (3, 1, 3, 3), 2, 0)
    yield _cached(draw, (1, 2, 5, 4), (3, 2, 3, 2), 2, 1)
    yield _cached(draw, (1, 2, 4, 6), (2, 2, 2, 3), 3, 2)
    yield _cached(draw, (2, 1, 3, 4), (2, 1, 3, 2), 1, 3)
    yield _cached(draw, (1, 2, 1, 1), (3, 2, 1, 1), 1, 0)  # one picture, one pixel


@conv2d_backward.switchable
def _gradients(
    dout,
    cache,
    *,
    dx_write="add",  # or "replace"
    dw_write="add",  # or "replace", "last picture"
    db_is="sum",  # or "mean", "last"
    dx_turned=False,
    dw_turned=False,
    framed=True,
    cut="frame",  # or "nothing", "0:-0"
    apart=None,
    missing=0,
    batch_mean=False,
    exchanged=False,
):
    x, w, _, stride, padding = cache
    (N, _, rows, columns), (H, W), (kh, kw) = dout.shape, x.shape[2:], w.shape[2:]
    frame = padding if framed else 0
    padded = np.pad(x, ((0, 0), (0, 0), (frame, frame), (frame, frame)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    stamp = w[:, :, ::-1, ::-1] if dx_turned else w
    step = apart or stride
    for n in range(N):
        if dw_write == "last picture":
            dw[:] = 0
        for f, i, j in np.ndindex(len(w), rows - missing, columns - missing):
            window = n, slice(None), slice(i * step, i * step + kh), slice(j * step, j * step + kw)
            there, part = dpadded[window], padded[window].shape
            share = dout[n, f, i, j] * stamp[f]
            if part != share.shape:  # only where windows hang over the picture
                share = share[:, : part[1], : part[2]]
            dpadded[window] = share + (0 if dx_write == "replace" else there)
            found = np.zeros(w.shape[1:])
            found[:, : part[1], : part[2]] = dout[n, f, i, j] * padded[window]
            dw[f] = found + (0 if dw_write == "replace" else dw[f])
    if dw_turned:
        dw = dw[:, :, ::-1, ::-1]
    counted = dout[:, :, : rows - missing, : columns - missing]
    db = {"sum": counted.sum, "mean": counted.mean}.get(db_is, lambda axis: dout[-1, :, -1, -1])(
        axis=(0, 2, 3)
    )
    if batch_mean:
        dw, db = dw / N, db / N
    if cut == "frame":
        dpadded = dpadded[:, :, frame : frame + H, frame : frame + W]
    elif cut == "0:-0":
        dpadded = dpadded[:, :, padding:-padding, padding:-padding]
    return (dw, dpadded, db) if exchanged else (dpadded, dw, db)


conv2d_backward.switch(
    "dx-overwritten",
    "In dx the windows overwrite each other. A pixel that lay in several windows gets a share from each: add (+=).",
    dx_write="replace",
)
conv2d_backward.switch(
    "dw-overwritten",
    "In dw each window replaces what the window before it left there. The same kernel served at all places: add up "
    "their shares (+=).",
    dw_write="replace",
)
conv2d_backward.switch(
    "frame-not-cut",
    "Your dx still has the frame of zeros. It must have the shape of x: cut the padding off at the end.",
    cut="nothing",
)
conv2d_backward.switch(
    "empty-slice",
    "Your dx is empty where the padding is 0: the slice 0:-0 holds nothing. Cut with padding : padding + H instead.",
    cut="0:-0",
)
conv2d_backward.switch(
    "no-frame",
    "With padding your windows hang over the picture. On the way there they lay on the padded x: pad it here too, and "
    "cut the frame of dx off at the end.",
    framed=False,
)
conv2d_backward.switch(
    "dx-turned",
    "In dx the kernel is turned by 180° once too often. Each number of dout, times w[f] as it is, goes to the window "
    "from which it came.",
    dx_turned=True,
)
conv2d_backward.switch(
    "dw-turned",
    "Your dw is turned by 180°. dw[f] is the sum of the windows as they are, each times its number of dout.",
    dw_turned=True,
)
conv2d_backward.switch(
    "db-mean",
    "Your db is a mean. The bias was added at every place, so its gradient is the sum.",
    db_is="mean",
)
conv2d_backward.switch(
    "db-overwritten",
    "In db each place replaces the one before it. The bias was added at every place, so add up what comes back (+=).",
    db_is="last",
)
conv2d_backward.switch(
    "divided-by-batch",
    "You divided dw and db by the size of the batch. The loss has averaged already; here the pictures' shares add up.",
    batch_mean=True,
)
conv2d_backward.switch(
    "last-picture",
    "Your dw comes from the last picture alone. The same kernel served all pictures: add up their shares.",
    dw_write="last picture",
)
conv2d_backward.switch(
    "one-pixel-apart",
    "Your windows are one pixel apart on the way back. On the way there window i began at row i · stride.",
    apart=1,
)
conv2d_backward.switch(
    "range-one-short",
    "The last row and the last column of dout have no part in your gradients: your loops end one place too early.",
    missing=1,
)
conv2d_backward.switch(
    "dx-and-dw-exchanged",
    "You exchanged dx and dw. Each must have the shape of what it is the gradient of.",
    exchanged=True,
)
