"""The exercises of chapter 04 on pooling and flattening."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.convolution import pooling as reference
from byhand.reference.convolution.sizes import conv_output_size


def _cases(draw):
    yield np.array([[[[1.0, 3.0, 2.0, 0.0], [4.0, -1.0, 5.0, 1.0]]]]), 2
    yield draw.normal(2, 3, 4, 6), 2, None
    yield draw.uniform(-9, -1, 1, 2, 5, 7), 2  # all below zero, and a rest that fills no window
    yield draw.normal(2, 1, 5, 6), 3, 1
    yield draw.normal(1, 2, 5, 7), 2, 3
    yield draw.normal(1, 1, 7, 6), 3, 2
    yield draw.normal(1, 2, 1, 1), 1  # one picture, one pixel


max_pool2d_forward = exercise(reference.max_pool2d_forward, returns="out, _cache")(_cases)
avg_pool2d_forward = exercise(reference.avg_pool2d_forward, returns="out, _cache")(_cases)


def _pooled(x, size, stride, keep, rest="left out", start=None, missing=0):
    """Pooling by loops, with `keep` of each window; `start` takes part in each."""
    if rest != "left out":
        filling = [(0, -(n - size) % stride) for n in x.shape[2:]]
        x = np.pad(x, ((0, 0), (0, 0), *filling), constant_values=0.0 if rest == "zeros" else -np.inf)
    rows, columns = (conv_output_size(n, size, stride) for n in x.shape[2:])
    out = np.zeros((*x.shape[:2], rows, columns))
    for i, j in np.ndindex(rows - missing, columns - missing):
        window = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        window = window.reshape(*x.shape[:2], -1)
        if start is not None:
            window = np.concatenate([window, np.full((*x.shape[:2], 1), start)], axis=2)
        out[:, :, i, j] = keep(window)
    return out


KEEPS = {
    "max": lambda window: window.max(axis=2),
    "mean": lambda window: window.mean(axis=2),
    "min": lambda window: window.min(axis=2),
    "sum": lambda window: window.sum(axis=2),
    "sum / size": lambda window: window.sum(axis=2) / np.sqrt(window.shape[2]),
    "max of all": lambda window: window.max(),
    "max over channels": lambda window: window.max(axis=(1, 2))[:, np.newaxis],
}


def _stride(given, size, stride):
    """The stride that is used, if windows should lie side by side ("none"), or where it was left out."""
    if stride == "never":
        return size
    return (1 if stride == "else 1" else size) if given is None else given


@max_pool2d_forward.switchable
def _max_pooled(
    x, size, stride=None, *, keep="max", moved="else size", rest="left out", start=None, missing=0
):
    return _pooled(x, size, _stride(stride, size, moved), KEEPS[keep], rest, start, missing), None


@avg_pool2d_forward.switchable
def _avg_pooled(x, size, stride=None, *, keep="mean", moved="else size", rest="left out", missing=0):
    return _pooled(x, size, _stride(stride, size, moved), KEEPS[keep], rest, missing=missing), None


STRIDE_IGNORED = (
    "You ignored the stride: your windows always lie side by side. If a stride is given, it says how far they move "
    "each time."
)
STRIDE_ELSE_1 = "If no stride is given, windows lie side by side: then the stride is `size`, not 1."
REST_AS_ZEROS = (
    "You filled the last windows up with zeros. Rows and columns that do not fill a window are left out."
)
RANGE_ONE_SHORT = (
    "The last row and the last column of `out` are still 0: your loops end one place too early. The end of a range is "
    "not counted."
)

max_pool2d_forward.switch(
    "starts-at-0",
    "Where all numbers are below 0 your largest is 0. A search for the largest must not start at 0.",
    start=0.0,
)
max_pool2d_forward.switch(
    "largest-of-all-pictures",
    "You took one largest number for all pictures and channels together. Each has its own: .max(axis=(2, 3)).",
    keep="max of all",
)
max_pool2d_forward.switch("stride-ignored", STRIDE_IGNORED, moved="never")
max_pool2d_forward.switch("stride-else-1", STRIDE_ELSE_1, moved="else 1")
max_pool2d_forward.switch(
    "mean", "You took the mean of each window. Here the largest number counts.", keep="mean"
)
max_pool2d_forward.switch("smallest", "You took the smallest number of each window.", keep="min")
max_pool2d_forward.switch(
    "rest-kept",
    "You kept rows and columns at the end that do not fill a window. They are left out: round the size down.",
    rest="alone",
)
max_pool2d_forward.switch("rest-as-zeros", REST_AS_ZEROS, rest="zeros")
max_pool2d_forward.switch(
    "largest-of-all-channels",
    "You took the largest over all channels. Pooling works on each channel alone.",
    keep="max over channels",
)
max_pool2d_forward.switch("range-one-short", RANGE_ONE_SHORT, missing=1)

avg_pool2d_forward.switch(
    "sum", "You took the sum of each window. How many numbers must share it?", keep="sum"
)
avg_pool2d_forward.switch(
    "divided-by-size",
    "You divided by `size`. A window has size rows and size columns: how many numbers?",
    keep="sum / size",
)
avg_pool2d_forward.switch("stride-ignored", STRIDE_IGNORED, moved="never")
avg_pool2d_forward.switch("stride-else-1", STRIDE_ELSE_1, moved="else 1")
avg_pool2d_forward.switch(
    "largest", "You took the largest number of each window. Here the mean counts.", keep="max"
)
avg_pool2d_forward.switch("rest-as-zeros", REST_AS_ZEROS, rest="zeros")
avg_pool2d_forward.switch("range-one-short", RANGE_ONE_SHORT, missing=1)


def _cached(draw, x, size, stride):
    shape = (*x.shape[:2], *(conv_output_size(n, size, stride) for n in x.shape[2:]))
    return draw.uniform(1, 9, *shape), (x, size, stride)


def _all_different(draw, *shape):
    return draw.permutation(int(np.prod(shape))).reshape(shape) / 10


@exercise(reference.max_pool2d_backward)
def max_pool2d_backward(draw):
    yield np.array([[[[10.0, 20.0]]]]), (np.array([[[[1.0, 3.0, 2.0, 0.0], [4.0, -1.0, 5.0, 1.0]]]]), 2, 2)
    yield _cached(draw, _all_different(draw, 2, 2, 4, 6), 2, 2)
    yield _cached(draw, draw.integers(0, 2, 2, 1, 4, 6).astype(float), 2, 2)  # ties
    yield np.array([[[[4.0, 8.0]]]]), (np.array([[[[0.0, 2.0, 2.0, 2.0], [2.0, 2.0, 2.0, 2.0]]]]), 2, 2)
    yield _cached(draw, np.array([[[[0.0, 1, 0], [2, 9, 3], [0, 4, 0]]]]), 2, 1)  # one number wins four times
    yield _cached(
        draw, np.array([[[[1.0, 5, 9, 2], [2, 3, 4, 0]]]]), 2, 1
    )  # 5 wins, and loses to 9 beside it
    yield _cached(draw, _all_different(draw, 1, 2, 5, 7) - 9, 3, 2)  # windows overlap
    yield _cached(draw, _all_different(draw, 1, 1, 4, 7), 1, 3)  # windows apart
    yield _cached(draw, draw.normal(1, 2, 1, 1), 1, 1)


def _largest(window):
    return (window == window.max()).astype(float)


def _first(window):
    return (np.arange(window.size) == window.argmax()).reshape(window.shape).astype(float)


SHARES = {
    "first": _first,
    "last": lambda window: _first(window[::-1, ::-1])[::-1, ::-1],
    "all largest": _largest,
    "shared by the largest": lambda window: _largest(window) / _largest(window).sum(),
    "all": np.ones_like,
    "mean": lambda window: np.full(window.shape, 1 / window.size),
    "1 / size": lambda window: np.full(window.shape, 1 / len(window)),
    "x": lambda window: window / window.size,
}


def _given_back(dout, cache, share, write="add", gradient=True, begins=True):
    """Each window's gradient, times what `share` makes of the window.

    It is added to what windows before left there ("add"), or replaces it: in the whole window ("window"), or only
    where the share is not 0 ("cell").
    """
    x, size, stride = cache
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        part = SHARES[share](x[n, c, top : top + size, left : left + size])
        given = part * (dout[n, c, i, j] if gradient else 1)
        there = dx[n, c, top : top + size, left : left + size] if begins else dx[n, c, :size, :size]
        if write == "add":
            there += given
        elif write == "window":
            there[...] = given
        else:
            there[part != 0] = given[part != 0]
    return dx


@max_pool2d_backward.switchable
def _max_back(dout, cache, *, to="first", write="add", gradient=True, begins=True):
    return _given_back(dout, cache, to, write, gradient, begins)


max_pool2d_backward.switch(
    "overwritten",
    "Where windows overlap, the later one overwrites the earlier. A number that wins in two windows gets both "
    "gradients: add (+=).",
    write="cell",
)
max_pool2d_backward.switch("overwritten", write="window")
max_pool2d_backward.switch(
    "every-largest",
    "Where several numbers are equally large, each of them got the whole gradient. Only the first one, row by row, "
    "takes it: as much must come back as went in.",
    to="all largest",
)
max_pool2d_backward.switch(
    "shared-by-the-largest",
    "Where several numbers are equally large you divided the gradient among them. Here, as in PyTorch, the first one, "
    "row by row, takes all.",
    to="shared by the largest",
)
max_pool2d_backward.switch(
    "last-of-the-largest",
    "Where several numbers are equally large, the last one took the gradient. Here, as in PyTorch, it is the first.",
    to="last",
)
max_pool2d_backward.switch(
    "no-place-of-window",
    "All your gradients went to the upper left of the picture. argmax counts inside the window: where does the window "
    "itself begin?",
    begins=False,
)
max_pool2d_backward.switch(
    "ones", "You marked the winners with 1. Each gets its window's gradient, from dout.", gradient=False
)
max_pool2d_backward.switch(
    "every-number",
    "Every number of a window got its gradient. Only the largest had a say in the result; the others get 0.",
    to="all",
)
max_pool2d_backward.switch(
    "mean",
    "You shared the gradient among all numbers of the window, as if it were average pooling.",
    to="mean",
)


@exercise(reference.avg_pool2d_backward)
def avg_pool2d_backward(draw):
    yield np.array([[[[8.0, 4.0]]]]), (np.array([[[[1.0, 3.0, 2.0, 0.0], [4.0, -1.0, 5.0, 1.0]]]]), 2, 2)
    yield _cached(draw, draw.normal(2, 2, 5, 7), 2, 2)  # a rest that no window reached
    yield _cached(draw, draw.normal(1, 2, 4, 5), 3, 1)
    yield _cached(draw, draw.normal(1, 1, 5, 7), 2, 3)
    yield _cached(draw, draw.normal(1, 2, 1, 1), 1, 1)


@avg_pool2d_backward.switchable
def _avg_back(dout, cache, *, to="mean", write="add", begins=True):
    return _given_back(dout, cache, to, write, begins=begins)


avg_pool2d_backward.switch(
    "whole-gradient", "Each number got the whole gradient. A window's numbers share it equally.", to="all"
)
avg_pool2d_backward.switch(
    "divided-by-size",
    "You divided by `size`. A window has size rows and size columns: how many numbers?",
    to="1 / size",
)
avg_pool2d_backward.switch(
    "overwritten",
    "Where windows overlap, the later one overwrites the earlier. A number in two windows gets two shares: add (+=).",
    write="window",
)
avg_pool2d_backward.switch(
    "to-the-largest",
    "You gave the gradient to the largest number, as max pooling does. Under a mean all numbers share alike.",
    to="first",
)
avg_pool2d_backward.switch(
    "times-x",
    "You multiplied with the numbers of x. How much a number counts in a mean does not depend on its value.",
    to="x",
)
avg_pool2d_backward.switch(
    "no-place-of-window",
    "All your gradients went to the upper left of the picture. Where does each window begin?",
    begins=False,
)


@exercise(reference.flatten_forward, returns="out, _cache")
def flatten_forward(draw):
    yield np.arange(8.0).reshape(2, 1, 2, 2)
    yield draw.normal(3, 2, 2, 4)
    yield draw.normal(1, 3, 2, 2)
    yield draw.normal(2, 1, 1, 1)


@flatten_forward.switchable
def _rows(x, *, batch="first", axes=(0, 1, 2, 3), order="C"):
    if batch == "gone":
        return x.reshape(-1), x.shape
    if batch == "mixed":
        return x.reshape(-1, len(x)).T, x.shape
    rows = x.transpose(axes).reshape(len(x), -1, order=order)
    return rows.T if batch == "last" else rows, x.shape


flatten_forward.switch(
    "no-batch",
    "The batch is gone: all pictures stand in one row. Each picture gets a row of its own.",
    batch="gone",
)
flatten_forward.switch(
    "on-its-side", "Your table is on its side: each picture must be a row, (N, C · H · W).", batch="last"
)
flatten_forward.switch(
    "pictures-mixed",
    "Your rows mix the pictures. Keep the first axis as it is, and let NumPy count the rest: -1.",
    batch="mixed",
)
flatten_forward.switch(
    "channels-last",
    "In each row the channels stand side by side, pixel by pixel. Leave the order of the axes as it is.",
    axes=(0, 2, 3, 1),
)
flatten_forward.switch(
    "fortran-order",
    'You read the numbers in the order of Fortran ("F"), the first axis fastest. NumPy\'s own order, "C", goes channel '
    "by channel and row by row.",
    order="F",
)


@exercise(reference.flatten_backward)
def flatten_backward(draw):
    yield np.arange(8.0).reshape(2, 4), (2, 1, 2, 2)
    yield draw.normal(3, 12), (3, 2, 2, 3)
    yield draw.normal(1, 18), (1, 3, 3, 2)
    yield draw.normal(2, 1), (2, 1, 1, 1)


@flatten_backward.mistake(
    "not-reshaped", "You returned the gradient as it came. It needs the shape that the pictures had."
)
def _(dout, cache):
    return dout.copy()


@flatten_backward.mistake(
    "channels-last",
    "The channels came back in the wrong order: you put them last and then moved them. One reshape is enough.",
)
def _(dout, cache):
    N, C, H, W = cache
    return dout.reshape(N, H, W, C).transpose(0, 3, 1, 2)


@flatten_backward.mistake(
    "rows-and-columns-exchanged",
    "Rows and columns have changed places in your pictures. One reshape is enough.",
)
def _(dout, cache):
    N, C, H, W = cache
    return dout.reshape(N, C, W, H).transpose(0, 1, 3, 2)


@flatten_backward.mistake(
    "fortran-order",
    'You read the numbers in the order of Fortran ("F"), the first axis fastest. Leave `order` out: NumPy\'s own order '
    'is "C", the one in which the pictures were laid out.',
)
def _(dout, cache):
    return dout.reshape(cache, order="F")
