"""The exercises of chapter 04 on a picture's frame and its windows."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import case
from byhand.exercises.spec import exercise
from byhand.reference.convolution import windows as reference
from byhand.reference.convolution.sizes import conv_output_size


@exercise(reference.zero_pad)
def zero_pad(draw):
    yield np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), 1
    yield draw.normal(2, 3, 2, 4), 2
    yield draw.normal(1, 2, 3, 2), 0
    yield draw.normal(2, 1, 1, 3), 3
    yield draw.normal(1, 1, 1, 1), 1


@zero_pad.switchable
def _framed(x, padding, *, before=1, after=1, rows=True, columns=True, mode="constant"):
    widths = before * padding, after * padding
    return np.pad(
        x, ((0, 0), (0, 0), *((widths if there else (0, 0)) for there in (rows, columns))), mode=mode
    )


@zero_pad.mistake(
    "all-axes",
    "You put a frame round the batch and the channels too. Only the last two axes are the picture.",
)
def _(x, padding):
    return np.pad(x, padding)


zero_pad.switch(
    "only-before",
    "The zeros stand on one side only. They belong before the first pixel and after the last.",
    after=0,
)
zero_pad.switch(
    "only-after", "The zeros stand on one side only: before the first pixel there are none.", before=0
)
zero_pad.switch("no-rows", "You added columns of zeros, but no rows above and below.", rows=False)
zero_pad.switch(
    "no-columns", "You added rows of zeros, but no columns on the left and on the right.", columns=False
)
zero_pad.switch(
    "border-repeated", "Your frame repeats the border's pixels. Here it is made of zeros.", mode="edge"
)
zero_pad.switch(
    "twice-as-wide",
    "Your frame is twice as wide as it should be: `padding` is its width on each side.",
    before=2,
    after=2,
)


@zero_pad.mistake("one-pixel", "Your frame is one pixel wide, whatever `padding` says.")
def _(x, padding):
    return _framed(x, min(padding, 1))


zero_pad.switch(
    "all-after",
    "Your zeros stand all after the picture. As many belong before its first row and its first column.",
    before=0,
    after=2,
)


@exercise(reference.im2col)
def im2col(draw):
    yield case(np.arange(9.0).reshape(1, 1, 3, 3), 2, 2)
    yield draw.normal(1, 2, 3, 4), 2, 3, 1, 0
    yield draw.normal(2, 1, 5, 4), 3, 2, 2, 1  # odd and even sizes, a last step that does not fit
    yield draw.normal(2, 2, 5, 7), 1, 2, 3, 0
    yield draw.normal(1, 2, 4, 6), 3, 1, 3, 2
    yield draw.normal(2, 3, 1, 1), 1, 1, 1, 0
    yield case(draw.normal(1, 1, 2, 3), 2, 3, padding=3)


@im2col.switchable
def _columns(
    x,
    kh,
    kw,
    stride=1,
    padding=0,
    *,
    moved=True,
    framed=True,
    mode="constant",
    apart=None,
    inside=(0, 1, 2),  # the order of channel, row and column inside a column
    places=(0, 1),  # the order of rows and columns of windows
    turned=False,
    batch="first",
):
    stride, padding = stride if moved else 1, padding if framed else 0
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode=mode)
    rows, columns = _size(x.shape, kh, kw, stride, padding)
    parts = reference.windows(padded, kh, kw, apart or stride)[..., :rows, :columns]
    parts = parts.transpose(0, *(1 + axis for axis in inside), *(4 + axis for axis in places))
    cols = parts.reshape(len(x), -1, rows * columns)
    if batch == "last":
        return cols.transpose(1, 2, 0).reshape(cols.shape[1], -1)
    return cols.transpose(0, 2, 1) if turned else cols


def _size(x_shape, kh, kw, stride, padding):
    return tuple(conv_output_size(n, k, stride, padding) for n, k in zip(x_shape[2:], (kh, kw), strict=True))


im2col.switch(
    "windows-as-rows",
    "Your windows are rows. Here each window is a column: the result is (N, C · kh · kw, windows).",
    turned=True,
)
im2col.switch(
    "down-first",
    "Your windows are in the wrong order: they go down first, then to the right. Go through the places row by row.",
    places=(1, 0),
)
im2col.switch(
    "channels-last",
    "Inside a column the channels stand side by side, pixel by pixel. The order is channel by channel, as in w[f]: "
    "first all pixels of channel 0.",
    inside=(1, 2, 0),
)
im2col.switch(
    "window-by-columns",
    "Inside a column the window is read by columns. Read it row by row, as NumPy does.",
    inside=(0, 2, 1),
)
im2col.switch("no-stride", "You ignored the stride: the window stops at every pixel.", moved=False)
im2col.switch(
    "no-padding", "You ignored the padding: put the frame of zeros round the picture first.", framed=False
)
im2col.switch(
    "one-pixel-apart",
    "Your windows stand one pixel apart. Window i begins at pixel i · stride.",
    apart=1,
)
im2col.switch(
    "border-repeated",
    "Your frame repeats the picture's border. Here the frame is made of zeros.",
    mode="edge",
)
im2col.switch(
    "one-matrix-for-all",
    "You put the windows of all pictures into one matrix, as some courses do. Here each picture has a matrix of its "
    "own: the result is (N, C · kh · kw, windows).",
    batch="last",
)


@im2col.mistake(
    "rows-for-columns",
    "The number of a window is not right: you wrote i · rows + j. A row of windows holds `columns` of them, so it is "
    "i · columns + j.",
)
def _(x, kh, kw, stride=1, padding=0):
    cols = reference.im2col(x, kh, kw, stride, padding)
    rows, columns = _size(x.shape, kh, kw, stride, padding)
    out = np.zeros_like(cols)
    for i, j in np.ndindex(rows, columns):
        out[:, :, i * rows + j] = cols[:, :, i * columns + j]
    return out


def _taken(draw, x_shape, kh, kw, stride, padding):
    """Columns as `im2col` would make them, and what they were made of."""
    L = np.prod(_size(x_shape, kh, kw, stride, padding))
    return draw.normal(x_shape[0], x_shape[1] * kh * kw, int(L)), x_shape, kh, kw, stride, padding


@exercise(reference.col2im)
def col2im(draw):
    yield case(np.ones((1, 4, 4)), (1, 1, 3, 3), 2, 2)
    yield _taken(draw, (2, 1, 4, 6), 2, 2, 2, 0)  # side by side
    yield _taken(draw, (1, 2, 3, 4), 2, 3, 1, 0)
    yield _taken(draw, (2, 1, 5, 3), 3, 2, 2, 1)
    yield _taken(draw, (1, 1, 2, 2), 3, 3, 1, 1)
    yield _taken(draw, (1, 2, 4, 5), 3, 1, 3, 2)
    yield _taken(draw, (1, 1, 2, 3), 2, 3, 1, 3)
    yield _taken(draw, (3, 2, 1, 1), 1, 1, 1, 0)


@col2im.switchable
def _back(
    cols,
    x_shape,
    kh,
    kw,
    stride=1,
    padding=0,
    *,
    write="add",  # or "replace", "mean"
    apart=None,
    places="by rows",
    inside="by channels",
    cut="frame",  # or "nothing", "after the picture", "0:-0"
):
    N, C, H, W = x_shape
    rows, columns = _size(x_shape, kh, kw, stride, padding)
    if places == "by columns":
        parts = cols.reshape(N, -1, columns, rows).transpose(0, 1, 3, 2)
    else:
        parts = cols.reshape(N, -1, rows, columns)
    if inside == "by pixels":
        parts = parts.reshape(N, kh, kw, C, rows, columns).transpose(0, 3, 1, 2, 4, 5)
    parts = parts.reshape(N, C, kh, kw, rows, columns)
    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    count = np.zeros_like(padded)
    for i, j in np.ndindex(rows, columns):
        top, left = i * (apart or stride), j * (apart or stride)
        window = ..., slice(top, top + kh), slice(left, left + kw)
        padded[window] = parts[..., i, j] + (0 if write == "replace" else padded[window])
        count[window] += 1
    if write == "mean":
        padded /= np.maximum(count, 1)
    if cut == "nothing":
        return padded
    if cut == "after the picture":
        return padded[:, :, :H, :W]
    if cut == "0:-0":
        return padded[:, :, padding:-padding, padding:-padding]
    return padded[:, :, padding : padding + H, padding : padding + W]


col2im.switch(
    "overwritten",
    "Where windows overlap, yours overwrite each other, and the last one stays. They must add up (+=).",
    write="replace",
)
col2im.switch(
    "mean-of-overlaps",
    "Where windows overlap you took the mean. A pixel that had a part in four windows gets all four shares: their sum.",
    write="mean",
)
col2im.switch(
    "frame-not-cut",
    "The frame is still there: the result must have the shape x_shape, so cut the padding off.",
    cut="nothing",
)
col2im.switch(
    "cut-after-the-picture",
    "You cut the picture to its size in the wrong place: the frame stands on all sides, so the picture begins at "
    "[padding, padding].",
    cut="after the picture",
)
col2im.switch(
    "empty-slice",
    "Your result is empty where the padding is 0: the slice 0:-0 holds nothing. Say where the picture ends: "
    "padding : padding + H.",
    cut="0:-0",
)
col2im.switch(
    "one-pixel-apart",
    "The windows went back to places one pixel apart. Window i begins at pixel i · stride of the padded picture.",
    apart=1,
)
col2im.switch(
    "down-first",
    "You took the windows in the wrong order, down first. The columns of `cols` go through the places row by row: to "
    "the right, then down.",
    places="by columns",
)
col2im.switch(
    "channels-last",
    "You read each column pixel by pixel, with the channels side by side. It holds all pixels of channel 0 first: "
    "reshape it to (C, kh, kw).",
    inside="by pixels",
)


@col2im.mistake("overwritten")
def _(cols, x_shape, kh, kw, stride=1, padding=0):  # place by place in the window, so that another one stays
    N, C, H, W = x_shape
    rows, columns = _size(x_shape, kh, kw, stride, padding)
    parts = cols.reshape(N, C, kh, kw, rows, columns)
    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    for a, e in np.ndindex(kh, kw):
        padded[:, :, a : a + stride * rows : stride, e : e + stride * columns : stride] = parts[:, :, a, e]
    return padded[:, :, padding : padding + H, padding : padding + W]
