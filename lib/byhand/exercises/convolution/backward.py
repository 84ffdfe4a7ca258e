"""The exercise of chapter 04 on the way back through a convolution."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.convolution import conv2d as reference
from byhand.reference.convolution.sizes import conv_output_size


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
    "Your gradients are right but for db: you took a mean. The bias was added at every place, so its gradient is the "
    "sum.",
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
