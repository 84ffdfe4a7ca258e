"""The exercises of chapter 04 on pooling and flattening."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.convolution import pooling as reference
from byhand.reference.convolution.sizes import conv_output_size


def _pooled(x, size, stride, keep, start=None):
    """Pooling by loops, with `keep` of each window; `start` takes part in each."""
    stride = size if stride is None else stride
    rows, columns = (conv_output_size(n, size, stride) for n in x.shape[2:])
    out = np.zeros((*x.shape[:2], rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
            window = window.reshape(*x.shape[:2], -1)
            if start is not None:
                window = np.concatenate([window, np.full((*x.shape[:2], 1), start)], axis=2)
            out[:, :, i, j] = keep(window, axis=2)
    return out


def _cases(draw):
    yield np.array([[[[1.0, 3.0, 2.0, 0.0], [4.0, -1.0, 5.0, 1.0]]]]), 2
    yield draw.normal(2, 3, 4, 6), 2
    yield draw.uniform(-9, -1, 1, 2, 5, 7), 2  # all below zero, and a rest that fills no window
    yield draw.normal(2, 1, 5, 6), 3, 1
    yield draw.normal(1, 2, 5, 7), 2, 3


max_pool2d_forward = exercise(reference.max_pool2d_forward, returns="out, _cache")(_cases)
avg_pool2d_forward = exercise(reference.avg_pool2d_forward, returns="out, _cache")(_cases)


def _with_rest(x, size, stride, value):
    stride = size if stride is None else stride
    rest = [-(n - size) % stride for n in x.shape[2:]]
    return np.pad(x, ((0, 0), (0, 0), (0, rest[0]), (0, rest[1])), constant_values=value)


@max_pool2d_forward.mistake(
    "unnamed-1",
    "Where all numbers are below 0 your largest is 0. A search for the largest must not start at 0.",
)
def _(x, size, stride=None):
    return _pooled(x, size, stride, np.max, start=0.0), None


@max_pool2d_forward.mistake(
    "unnamed-2",
    "You took one largest number for all pictures and channels together. Each has its own: .max(axis=(2, 3)).",
)
def _(x, size, stride=None):
    return _pooled(x, size, stride, lambda window, axis: window.max()), None


@max_pool2d_forward.mistake("unnamed-3", "You took the mean of each window. Here the largest number counts.")
def _(x, size, stride=None):
    return _pooled(x, size, stride, np.mean), None


@max_pool2d_forward.mistake("unnamed-4", "You took the smallest number of each window.")
def _(x, size, stride=None):
    return _pooled(x, size, stride, np.min), None


@max_pool2d_forward.mistake(
    "unnamed-5",
    "You ignored the stride: your windows always lie side by side. If a stride is given, it says how far they move.",
)
def _(x, size, stride=None):
    return _pooled(x, size, size, np.max), None


@max_pool2d_forward.mistake(
    "unnamed-6", "If no stride is given, windows lie side by side: then the stride is `size`, not 1."
)
def _(x, size, stride=None):
    return _pooled(x, size, 1 if stride is None else stride, np.max), None


@max_pool2d_forward.mistake(
    "unnamed-7",
    "You kept rows and columns at the end that do not fill a window. They are left out: round the size down.",
)
def _(x, size, stride=None):
    return _pooled(_with_rest(x, size, stride, -np.inf), size, stride, np.max), None


@max_pool2d_forward.mistake(
    "unnamed-8",
    "You filled the last windows up with zeros. Rows and columns that do not fill a window are left out.",
)
def _(x, size, stride=None):
    return _pooled(_with_rest(x, size, stride, 0.0), size, stride, np.max), None


@max_pool2d_forward.mistake(
    "unnamed-9", "You took the largest over all channels. Pooling works on each channel alone."
)
def _(x, size, stride=None):
    out = _pooled(x, size, stride, np.max)
    return np.broadcast_to(out.max(axis=1, keepdims=True), out.shape).copy(), None


@avg_pool2d_forward.mistake("unnamed-1", "You took the sum of each window. How many numbers must share it?")
def _(x, size, stride=None):
    return _pooled(x, size, stride, np.sum), None


@avg_pool2d_forward.mistake(
    "unnamed-2", "You divided by `size`. A window has size rows and size columns: how many numbers?"
)
def _(x, size, stride=None):
    return _pooled(x, size, stride, np.sum) / size, None


@avg_pool2d_forward.mistake("unnamed-3", "You took the largest number of each window. Here the mean counts.")
def _(x, size, stride=None):
    return _pooled(x, size, stride, np.max), None


@avg_pool2d_forward.mistake(
    "unnamed-4",
    "You ignored the stride: your windows always lie side by side. If a stride is given, it says how far they move.",
)
def _(x, size, stride=None):
    return _pooled(x, size, size, np.mean), None


@avg_pool2d_forward.mistake(
    "unnamed-5", "If no stride is given, windows lie side by side: then the stride is `size`, not 1."
)
def _(x, size, stride=None):
    return _pooled(x, size, 1 if stride is None else stride, np.mean), None


@avg_pool2d_forward.mistake(
    "unnamed-6",
    "You filled the last windows up with zeros. Rows and columns that do not fill a window are left out.",
)
def _(x, size, stride=None):
    return _pooled(_with_rest(x, size, stride, 0.0), size, stride, np.mean), None


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
    yield np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), (np.array([[[[0.0, 1, 0], [2, 9, 3], [0, 4, 0]]]]), 2, 1)
    yield _cached(draw, _all_different(draw, 1, 2, 5, 7) - 9, 3, 2)  # windows overlap


def _back(dout, cache, share, replace=False):
    """Each window's gradient, times what `share` makes of the window."""
    x, size, stride = cache
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        rows = slice(i * stride, i * stride + size)
        columns = slice(j * stride, j * stride + size)
        part = dout[n, c, i, j] * share(x[n, c, rows, columns])
        dx[n, c, rows, columns] = part + (0 if replace else dx[n, c, rows, columns])
    return dx


def _all_largest(window):
    return (window == window.max()).astype(float)


def _first(window):
    return (np.arange(window.size) == window.argmax()).reshape(window.shape).astype(float)


@max_pool2d_backward.mistake(
    "unnamed-1",
    "All your gradients went to the upper left of the picture. argmax counts inside the window: where does the window "
    "itself begin?",
)
def _(dout, cache):
    x, size, stride = cache
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
        row, column = np.unravel_index(window.argmax(), window.shape)
        dx[n, c, row, column] += dout[n, c, i, j]
    return dx


@max_pool2d_backward.mistake(
    "unnamed-2",
    "Where several numbers are equally large, each of them got the whole gradient. Only the first one, row by row, "
    "takes it: as much must come back as went in.",
)
def _(dout, cache):
    return _back(dout, cache, _all_largest)


@max_pool2d_backward.mistake(
    "unnamed-3",
    "Where several numbers are equally large you divided the gradient among them. Here, as in PyTorch, the first one, "
    "row by row, takes all.",
)
def _(dout, cache):
    return _back(dout, cache, lambda window: _all_largest(window) / _all_largest(window).sum())


@max_pool2d_backward.mistake(
    "unnamed-4",
    "Where several numbers are equally large, the last one took the gradient. Here, as in PyTorch, it is the first.",
)
def _(dout, cache):
    return _back(dout, cache, lambda window: _first(window[::-1, ::-1])[::-1, ::-1])


@max_pool2d_backward.mistake(
    "unnamed-5",
    "Where windows overlap, the later one overwrites the earlier. A number that wins in two windows gets both "
    "gradients: add (+=).",
)
def _(dout, cache):
    return _back(dout, cache, _first, replace=True)


@max_pool2d_backward.mistake(
    "unnamed-6", "You marked the winners with 1. Each gets its window's gradient, from dout."
)
def _(dout, cache):
    return _back(np.ones(dout.shape), cache, _first)


@max_pool2d_backward.mistake(
    "unnamed-7",
    "Every number of a window got its gradient. Only the largest had a say in the result; the others get 0.",
)
def _(dout, cache):
    return _back(dout, cache, np.ones_like)


@max_pool2d_backward.mistake(
    "unnamed-8", "You shared the gradient among all numbers of the window, as if it were average pooling."
)
def _(dout, cache):
    return _back(dout, cache, lambda window: np.full(window.shape, 1 / window.size))


@exercise(reference.avg_pool2d_backward)
def avg_pool2d_backward(draw):
    yield np.array([[[[8.0, 4.0]]]]), (np.array([[[[1.0, 3.0, 2.0, 0.0], [4.0, -1.0, 5.0, 1.0]]]]), 2, 2)
    yield _cached(draw, draw.normal(2, 2, 5, 7), 2, 2)  # a rest that no window reached
    yield _cached(draw, draw.normal(1, 2, 4, 5), 3, 1)
    yield _cached(draw, draw.normal(1, 1, 5, 7), 2, 3)


@avg_pool2d_backward.mistake(
    "unnamed-1", "Each number got the whole gradient. A window's numbers share it equally."
)
def _(dout, cache):
    return _back(dout, cache, np.ones_like)


@avg_pool2d_backward.mistake(
    "unnamed-2", "You divided by `size`. A window has size rows and size columns: how many numbers?"
)
def _(dout, cache):
    return _back(dout, cache, lambda window: np.full(window.shape, 1 / len(window)))


@avg_pool2d_backward.mistake(
    "unnamed-3",
    "Where windows overlap, the later one overwrites the earlier. A number in two windows gets two shares: add (+=).",
)
def _(dout, cache):
    return _back(dout, cache, lambda window: np.full(window.shape, 1 / window.size), replace=True)


@avg_pool2d_backward.mistake(
    "unnamed-4",
    "You gave the gradient to the largest number, as max pooling does. Under a mean all numbers share alike.",
)
def _(dout, cache):
    return _back(dout, cache, _first)


@avg_pool2d_backward.mistake(
    "unnamed-5",
    "You multiplied with the numbers of x. How much a number counts in a mean does not depend on its value.",
)
def _(dout, cache):
    return _back(dout, cache, lambda window: window / window.size)


@exercise(reference.flatten_forward, returns="out, _cache")
def flatten_forward(draw):
    yield np.arange(8.0).reshape(2, 1, 2, 2)
    yield draw.normal(3, 2, 2, 4)
    yield draw.normal(1, 3, 2, 2)


@flatten_forward.mistake(
    "unnamed-1", "The batch is gone: all pictures stand in one row. Each picture gets a row of its own."
)
def _(x):
    return x.reshape(-1), x.shape


@flatten_forward.mistake(
    "unnamed-2", "Your table is on its side: each picture must be a row, (N, C · H · W)."
)
def _(x):
    return x.reshape(len(x), -1).T, x.shape


@flatten_forward.mistake(
    "unnamed-3", "Your rows mix the pictures. Keep the first axis as it is, and let NumPy count the rest: -1."
)
def _(x):
    return x.reshape(-1, len(x)).T, x.shape


@flatten_forward.mistake(
    "unnamed-4",
    "In each row the channels stand side by side, pixel by pixel. Leave the order of the axes as it is.",
)
def _(x):
    return x.transpose(0, 2, 3, 1).reshape(len(x), -1), x.shape


@exercise(reference.flatten_backward)
def flatten_backward(draw):
    yield np.arange(8.0).reshape(2, 4), (2, 1, 2, 2)
    yield draw.normal(3, 12), (3, 2, 2, 3)
    yield draw.normal(1, 12), (1, 3, 2, 2)


@flatten_backward.mistake(
    "unnamed-1", "You returned the gradient as it came. It needs the shape that the pictures had."
)
def _(dout, cache):
    return dout.copy()


@flatten_backward.mistake(
    "unnamed-2",
    "The channels came back in the wrong order: you put them last and then moved them. One reshape is enough.",
)
def _(dout, cache):
    N, C, H, W = cache
    return dout.reshape(N, H, W, C).transpose(0, 3, 1, 2)


@flatten_backward.mistake(
    "unnamed-3", "Rows and columns have changed places in your pictures. One reshape is enough."
)
def _(dout, cache):
    N, C, H, W = cache
    return dout.reshape(N, C, W, H).transpose(0, 1, 3, 2)
