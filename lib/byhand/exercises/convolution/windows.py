"""The exercises of chapter 04 on a picture's frame and its windows."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.convolution import windows as reference
from byhand.reference.convolution.sizes import conv_output_size


@exercise(reference.zero_pad)
def zero_pad(draw):
    yield np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), 1
    yield draw.normal(2, 3, 2, 4), 2
    yield draw.normal(1, 2, 3, 2), 0
    yield draw.normal(2, 1, 1, 3), 1


def _widths(before, after, rows=True, columns=True):
    return ((0, 0), (0, 0), (before * rows, after * rows), (before * columns, after * columns))


@zero_pad.mistake(
    "unnamed-1",
    "You put a frame round the batch and the channels too. Only the last two axes are the picture.",
)
def _(x, padding):
    return np.pad(x, padding)


@zero_pad.mistake(
    "unnamed-2", "The zeros stand on one side only. They belong before the first pixel and after the last."
)
def _(x, padding):
    return np.pad(x, _widths(padding, 0))


@zero_pad.mistake("unnamed-3", "The zeros stand on one side only: before the first pixel there are none.")
def _(x, padding):
    return np.pad(x, _widths(0, padding))


@zero_pad.mistake("unnamed-4", "You added columns of zeros, but no rows above and below.")
def _(x, padding):
    return np.pad(x, _widths(padding, padding, rows=False))


@zero_pad.mistake("unnamed-5", "You added rows of zeros, but no columns on the left and on the right.")
def _(x, padding):
    return np.pad(x, _widths(padding, padding, columns=False))


@zero_pad.mistake("unnamed-6", "Your frame repeats the border's pixels. Here it is made of zeros.")
def _(x, padding):
    return np.pad(x, _widths(padding, padding), mode="edge")


@zero_pad.mistake(
    "unnamed-7", "Your frame is twice as wide as it should be: `padding` is its width on each side."
)
def _(x, padding):
    return np.pad(x, _widths(2 * padding, 2 * padding))


@exercise(reference.im2col)
def im2col(draw):
    yield np.arange(9.0).reshape(1, 1, 3, 3), 2, 2, 1, 0
    yield draw.normal(1, 2, 3, 4), 2, 3, 1, 0
    yield draw.normal(2, 1, 5, 4), 3, 2, 2, 1  # odd and even sizes, a last step that does not fit
    yield draw.normal(2, 2, 5, 7), 1, 2, 3, 0


def _parts(x, kh, kw, stride, padding):
    """(N, C, kh, kw, rows, columns)"""
    rows, columns = (
        conv_output_size(n, k, stride, padding) for n, k in zip(x.shape[2:], (kh, kw), strict=True)
    )
    cols = reference.im2col(x, kh, kw, stride, padding)
    return cols.reshape(*x.shape[:2], kh, kw, rows, columns)


def _flat(parts):
    """Six axes to three."""
    n, a, b, c, d, e = parts.shape
    return parts.reshape(n, a * b * c, d * e)


@im2col.mistake(
    "unnamed-1",
    "Your windows are rows. Here each window is a column: the result is (N, C · kh · kw, windows).",
)
def _(x, kh, kw, stride, padding):
    return reference.im2col(x, kh, kw, stride, padding).transpose(0, 2, 1)


@im2col.mistake(
    "unnamed-2",
    "Your windows are in the wrong order: they go down first, then to the right. Go through the places row by row.",
)
def _(x, kh, kw, stride, padding):
    return _flat(_parts(x, kh, kw, stride, padding).transpose(0, 1, 2, 3, 5, 4))


@im2col.mistake(
    "unnamed-3",
    "Inside a column the channels stand side by side, pixel by pixel. The order is channel by channel, as in w[f]: "
    "first all pixels of channel 0.",
)
def _(x, kh, kw, stride, padding):
    return _flat(_parts(x, kh, kw, stride, padding).transpose(0, 2, 3, 1, 4, 5))


@im2col.mistake(
    "unnamed-4", "Inside a column the window is read by columns. Read it row by row, as NumPy does."
)
def _(x, kh, kw, stride, padding):
    return _flat(_parts(x, kh, kw, stride, padding).transpose(0, 1, 3, 2, 4, 5))


@im2col.mistake("unnamed-5", "You ignored the stride: the window stops at every pixel.")
def _(x, kh, kw, stride, padding):
    return reference.im2col(x, kh, kw, 1, padding)


@im2col.mistake("unnamed-6", "You ignored the padding: put the frame of zeros round the picture first.")
def _(x, kh, kw, stride, padding):
    return reference.im2col(x, kh, kw, stride, 0)


@im2col.mistake(
    "unnamed-7",
    "You have the right number of windows, but they stand one pixel apart. Window i begins at pixel i · stride.",
)
def _(x, kh, kw, stride, padding):
    rows, columns = _parts(x, kh, kw, stride, padding).shape[4:]
    return _flat(_parts(x, kh, kw, 1, padding)[..., :rows, :columns])


@exercise(reference.col2im)
def col2im(draw):
    yield np.ones((1, 4, 4)), (1, 1, 3, 3), 2, 2, 1, 0
    yield draw.normal(2, 4, 6), (2, 1, 4, 6), 2, 2, 2, 0  # side by side
    yield draw.normal(1, 12, 4), (1, 2, 3, 4), 2, 3, 1, 0
    yield draw.normal(2, 6, 6), (2, 1, 5, 3), 3, 2, 2, 1
    yield draw.normal(1, 9, 4), (1, 1, 2, 2), 3, 3, 1, 1


def _back(cols, x_shape, kh, kw, stride, padding, replace=False, count=False):
    N, C, H, W = x_shape
    rows, columns = (conv_output_size(n, k, stride, padding) for n, k in ((H, kh), (W, kw)))
    parts = cols.reshape(N, C, kh, kw, rows, columns)
    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            window = padded[:, :, top : top + kh, left : left + kw]
            part = np.ones((N, C, kh, kw)) if count else parts[..., i, j]
            window[...] = part if replace else window + part
    return padded


def _cut(padded, padding):
    return padded[:, :, padding : padded.shape[2] - padding, padding : padded.shape[3] - padding]


@col2im.mistake(
    "unnamed-1",
    "Where windows overlap, yours overwrite each other, and the last one stays. They must add up (+=).",
)
def _(cols, x_shape, kh, kw, stride, padding):
    return _cut(_back(cols, x_shape, kh, kw, stride, padding, replace=True), padding)


@col2im.mistake(
    "unnamed-2",
    "Where windows overlap you took the mean. A pixel that had a part in four windows gets all four shares: their sum.",
)
def _(cols, x_shape, kh, kw, stride, padding):
    count = _back(cols, x_shape, kh, kw, stride, padding, count=True)
    return _cut(_back(cols, x_shape, kh, kw, stride, padding) / np.maximum(count, 1), padding)


@col2im.mistake(
    "unnamed-3", "The frame is still there: the result must have the shape x_shape, so cut the padding off."
)
def _(cols, x_shape, kh, kw, stride, padding):
    return _back(cols, x_shape, kh, kw, stride, padding)


@col2im.mistake(
    "unnamed-4",
    "You cut the picture to its size in the wrong place: the frame stands on all sides, so the picture begins at "
    "[padding, padding].",
)
def _(cols, x_shape, kh, kw, stride, padding):
    return _back(cols, x_shape, kh, kw, stride, padding)[:, :, : x_shape[2], : x_shape[3]]


@col2im.mistake(
    "unnamed-5",
    "The windows went back to places one pixel apart. Window i begins at pixel i · stride of the padded picture.",
)
def _(cols, x_shape, kh, kw, stride, padding):
    N, C, H, W = x_shape
    rows, columns = (conv_output_size(n, k, stride, padding) for n, k in ((H, kh), (W, kw)))
    parts = cols.reshape(N, C, kh, kw, rows, columns)
    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    reference.add_windows(padded, parts, 1)
    return _cut(padded, padding)


@col2im.mistake(
    "unnamed-6",
    "The columns were taken for rows of windows: the places go row by row, from left to right and then down.",
)
def _(cols, x_shape, kh, kw, stride, padding):
    N, C, H, W = x_shape
    rows, columns = (conv_output_size(n, k, stride, padding) for n, k in ((H, kh), (W, kw)))
    parts = cols.reshape(N, C, kh, kw, columns, rows).transpose(0, 1, 2, 3, 5, 4)
    return reference.col2im(parts.reshape(cols.shape), x_shape, kh, kw, stride, padding)
