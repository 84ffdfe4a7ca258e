"""What NumPy cannot do without, to be timed alone: it shows what bounds a function that is slower than PyTorch's.

Nothing here computes a result. Each call does one kind of work of a function, as often as the function must, with all
arrays in place.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from timing import Call

from byhand.reference.convolution.windows import add_windows, framed, windows

Parts = Callable[[], dict[str, Call]]

IN_CACHE = 2**19  # bytes that are worked on together


def convolution(x: NDArray, w: NDArray, dout: NDArray, stride: int, padding: int) -> tuple[Parts, Parts]:
    """Forward: laying out windows, and one product. Backward: two products, and dx is put together."""
    F, C, kh, kw = w.shape
    every = windows(framed(x, padding, padding), kh, kw, stride)
    there = w.reshape(F, -1)

    def forward() -> dict[str, Call]:
        return {"matrix products": _products(there, every), "laying out windows": _laying_out(every)}

    def backward() -> dict[str, Call]:
        to_w, copy = _products(there, every), _laying_out(every)
        if stride == 1 and F <= 2 * C:  # there dx is a convolution too, with columns of its own
            every_back = windows(framed(dout, kh - 1 - padding, kw - 1 - padding), kh, kw, 1)
            back = np.ascontiguousarray(w.transpose(1, 0, 2, 3)).reshape(C, -1)
            to_x, copy_back = _products(back, every_back), _laying_out(every_back)
            return {
                "matrix products": Call(lambda: (to_w(), to_x())),
                "laying out windows": Call(lambda: (copy(), copy_back())),
            }
        adding = _adding_back(framed(x, padding, padding), every, stride)
        return {
            "matrix products": Call(lambda: (to_w(), to_w())),  # as many operations for dx as for dw
            "laying out windows": copy,
            "adding them back": adding,
        }

    return forward, backward


def _products(kernels: NDArray, every: NDArray) -> Call:
    """The products of all pictures, with columns that lie in the cache."""
    pictures, columns = len(every), _columns(every)
    out = np.empty((len(columns), len(kernels), columns.shape[2]), kernels.dtype)
    times = -(-pictures // len(columns))

    def run() -> None:
        for _ in range(times):
            np.matmul(kernels, columns, out=out)

    return Call(run)


def _laying_out(every: NDArray) -> Call:
    """All windows, copied to columns that lie in the cache."""
    columns = _columns(every).reshape(-1, *every.shape[1:])
    size = len(columns)

    def run() -> None:
        for start in range(0, len(every), size):
            some = every[start : start + size]
            np.copyto(columns[: len(some)], some)

    return Call(run)


def _adding_back(padded: NDArray, every: NDArray, stride: int) -> Call:
    """All windows, added to their places from columns that lie in the cache."""
    columns = _columns(every).reshape(-1, *every.shape[1:])
    size, sums = len(columns), np.zeros_like(padded)

    def run() -> None:
        for start in range(0, len(every), size):
            some = sums[start : start + size]
            add_windows(some, columns[: len(some)], stride)

    return Call(run)


def _columns(every: NDArray) -> NDArray:
    pictures, places = max(1, IN_CACHE // every[:1].nbytes), every.shape[4] * every.shape[5]
    return np.ones((min(pictures, len(every)), every[0].size // places, places), every.dtype)


def pooling(x: NDArray) -> Parts:
    """The way back of max pooling by 2 × 2: the four numbers of each window are read, and four gradients written."""
    places = [(..., slice(a, None, 2), slice(b, None, 2)) for a in range(2) for b in range(2)]
    part, dx = x[places[0]].copy(), np.empty_like(x)

    def run() -> None:
        for place in places:
            np.copyto(part, x[place])
            np.copyto(dx[place], part)

    return lambda: {"reading and writing each second number": Call(run)}


def normalization(x: NDArray, by_feature: NDArray, by_row: NDArray | None = None) -> tuple[Parts, Parts]:
    """Forward: − mean, / std, · γ, + β. Backward: two products, the sum of three terms, / std.

    Batch norm has a mean for each feature, layer norm one for each row.
    """
    by_row = by_feature if by_row is None else by_row
    out, other = np.empty_like(x), np.ones_like(x)

    def forward() -> None:
        np.subtract(x, by_row, out=out)
        np.multiply(out, by_row, out=out)
        np.multiply(out, by_feature, out=other)
        np.add(other, by_feature, out=other)

    def backward() -> None:
        np.multiply(x, by_feature, out=out)
        np.multiply(x, by_row, out=other)
        np.subtract(out, other, out=out)
        np.subtract(out, by_row, out=out)
        np.multiply(out, by_row, out=out)

    return (
        lambda: {"four operations on each number": Call(forward)},
        lambda: {"five operations on each number": Call(backward)},
    )
