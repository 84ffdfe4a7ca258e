"""The exercises of chapter 04 on convolutions forwards: by loops, with one pixel, and as a matrix product."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import case
from byhand.exercises.spec import exercise
from byhand.reference.convolution import conv2d as reference
from byhand.reference.convolution.sizes import conv_output_size
from byhand.reference.convolution.windows import im2col, windows


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
    sides = [n + (1 if size == "padding once" else 2) * padding for n in x.shape[2:]]
    rows, columns = (conv_output_size(n, k, stride) for n, k in zip(sides, (kh, kw), strict=True))
    rest = [0, 0]
    if size == "rounded up":
        rest = [-(n - k) % stride for n, k in zip(sides, (kh, kw), strict=True)]
        rows, columns = rows + (rest[0] > 0), columns + (rest[1] > 0)
    elif size == "steps":
        rows, columns = rows - 1, columns - 1
    padded = np.pad(x, ((0, 0), (0, 0), *((padding, padding + more) for more in rest)), mode=mode)
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
    "The shape is right, but your windows are one pixel apart. Window i begins at row i · stride.",
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
    "You counted the padding once in the size of `out`. How many frames stand along one axis of the padded picture?",
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


@exercise(reference.conv2d_matmul)
def conv2d_matmul(draw):
    yield case(np.arange(9.0).reshape(1, 1, 3, 3), np.arange(4.0).reshape(1, 1, 2, 2), np.array([100.0]))
    yield *_drawn(draw, (2, 3, 4, 5), (2, 3, 3, 2)), 1, 1
    yield *_drawn(draw, (2, 2, 6, 5), (3, 2, 3, 3)), 2, 0
    yield *_drawn(draw, (1, 2, 4, 6), (2, 2, 2, 3)), 3, 2
    yield *_drawn(draw, (2, 1, 3, 4), (2, 1, 3, 2)), 1, 3
    yield *_drawn(draw, (1, 3, 1, 1), (2, 3, 1, 1)), 1, 0


@conv2d_matmul.switchable
def _multiplied(
    x,
    w,
    b,
    stride=1,
    padding=0,
    *,
    bias=True,
    moved=True,
    framed=True,
    order="by channels",  # or "by pixels", "by columns"
    shape="(N, F, rows, columns)",
):
    F, _, kh, kw = w.shape
    stride, padding = stride if moved else 1, padding if framed else 0
    rows, columns = (
        conv_output_size(n, k, stride, padding) for n, k in zip(x.shape[2:], (kh, kw), strict=True)
    )
    axes = {"by channels": (0, 1, 2, 3), "by pixels": (0, 2, 3, 1), "by columns": (0, 3, 2, 1)}[order]
    out = w.transpose(axes).reshape(F, -1) @ im2col(x, kh, kw, stride, padding)
    if bias:
        out = out + b[:, np.newaxis]
    if shape == "(N, F, L)":
        return out
    if shape == "windows as rows":
        out = out.transpose(0, 2, 1)
    if shape == "columns and rows":
        rows, columns = columns, rows
    return out.reshape(len(x), F, rows, columns)


conv2d_matmul.switch(
    "no-bias", "The biases are missing: row f of the product needs b[f] everywhere.", bias=False
)
conv2d_matmul.switch(
    "no-picture",
    "The product still has its columns in one row. Give it the shape (N, F, rows, columns).",
    shape="(N, F, L)",
)
conv2d_matmul.switch(
    "w-in-another-order",
    "You made w flat in another order than the columns have. w.reshape(F, -1) goes channel by channel, row by row.",
    order="by pixels",
)
conv2d_matmul.switch("w-in-another-order", order="by columns")
conv2d_matmul.switch(
    "reshape-for-transpose",
    "Your product had the windows as rows and the kernels as columns, and reshape does not exchange them. Let the "
    "kernels be the rows: w on the left of the product.",
    shape="windows as rows",
)
conv2d_matmul.switch(
    "rows-and-columns-exchanged",
    "You gave the result (N, F, columns, rows). A picture's shape names its rows first.",
    shape="columns and rows",
)
conv2d_matmul.switch("no-stride", "You ignored the stride. `im2col` needs it too.", moved=False)
conv2d_matmul.switch("no-padding", "You ignored the padding. `im2col` needs it too.", framed=False)
