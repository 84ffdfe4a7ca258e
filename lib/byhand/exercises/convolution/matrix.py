"""The exercises of chapter 04 on a convolution as a matrix product."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import case
from byhand.exercises.spec import exercise
from byhand.reference.convolution import matrix as reference
from byhand.reference.convolution.sizes import conv_output_size
from byhand.reference.convolution.windows import col2im, im2col


def _drawn(draw, x_shape, w_shape):
    return draw.normal(*x_shape), draw.normal(*w_shape), draw.normal(w_shape[0])


def _size(x, w, stride, padding):
    return tuple(
        conv_output_size(n, k, stride, padding) for n, k in zip(x.shape[2:], w.shape[2:], strict=True)
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
    rows, columns = _size(x, w, stride, padding)
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


def _cached(draw, x_shape, w_shape, stride, padding):
    x, w, b = _drawn(draw, x_shape, w_shape)
    return draw.normal(len(x), len(w), *_size(x, w, stride, padding)), (x, w, b, stride, padding)


@exercise(reference.conv2d_backward_matmul, returns="dx, dw, db")
def conv2d_backward_matmul(draw):
    x, w = np.arange(9.0).reshape(1, 1, 3, 3), np.arange(4.0).reshape(1, 1, 2, 2)
    yield np.array([[[[1.0, 0.0], [0.0, 10.0]]]]), (x, w, np.zeros(1), 1, 0)
    yield _cached(draw, (2, 2, 4, 4), (3, 2, 2, 2), 1, 0)
    yield _cached(draw, (2, 3, 4, 5), (2, 3, 3, 2), 1, 1)
    yield _cached(draw, (2, 2, 6, 5), (3, 2, 3, 3), 2, 0)
    yield _cached(draw, (1, 2, 4, 6), (2, 2, 2, 3), 3, 2)
    yield _cached(draw, (2, 1, 3, 4), (2, 1, 3, 2), 1, 3)
    yield _cached(draw, (1, 3, 1, 1), (2, 3, 1, 1), 1, 0)  # one picture, one pixel


@conv2d_backward_matmul.switchable
def _multiplied_back(
    dout,
    cache,
    *,
    pictures="added",  # or "last", "mean"
    dw_order="by channels",  # or "turned"
    dout_rows="kernels",  # or "places"
    dcols="w.T @ dout",  # or "cols"
    moved=True,
    framed=True,
    db="sum",
):
    x, w, _, stride, padding = cache
    (F, _, kh, kw), N = w.shape, len(x)
    rows = dout.reshape(N, F, -1)
    if dout_rows == "places":
        rows = dout.transpose(0, 2, 3, 1).reshape(N, F, -1)
    cols = im2col(x, kh, kw, stride, padding)
    each = rows @ cols.transpose(0, 2, 1)
    dw = {"added": each.sum(axis=0), "last": each[-1], "mean": each.mean(axis=0)}[pictures]
    dw = dw.T.reshape(w.shape) if dw_order == "turned" else dw.reshape(w.shape)
    back = cols if dcols == "cols" else w.reshape(F, -1).T @ rows
    dx = col2im(back, x.shape, kh, kw, stride if moved else 1, padding if framed else 0)
    return dx, dw, rows.mean(axis=(0, 2)) if db == "mean" else rows.sum(axis=(0, 2))


conv2d_backward_matmul.switch(
    "last-picture",
    "Your dw comes from the last picture alone. The product gives one table a picture: add them up.",
    pictures="last",
)
conv2d_backward_matmul.switch(
    "mean-over-pictures",
    "You took the mean of dw over the pictures. The loss has averaged already; here the pictures' shares add up.",
    pictures="mean",
)
conv2d_backward_matmul.switch(
    "dw-on-its-side",
    "Your dw was turned, (C · kh · kw, F), when you gave it the shape of w. Its rows must be kernels before.",
    dw_order="turned",
)
conv2d_backward_matmul.switch(
    "dout-by-pixels",
    "You moved dout's channels to the end before you made it flat. It lies right already, one row for each kernel: a "
    "reshape is enough.",
    dout_rows="places",
)
conv2d_backward_matmul.switch(
    "cols-sent-back",
    "You sent the columns of x back to the picture. What goes back is their gradient, a product of the kernels and "
    "dout.",
    dcols="cols",
)
conv2d_backward_matmul.switch(
    "no-stride", "You ignored the stride in dx. `col2im` needs it too.", moved=False
)
conv2d_backward_matmul.switch(
    "no-padding", "You ignored the padding in dx. `col2im` needs it too.", framed=False
)
conv2d_backward_matmul.switch(
    "db-mean",
    "Your db is a mean. The bias was added at every place of every picture, so its gradient is the sum.",
    db="mean",
)


@conv2d_backward_matmul.mistake(
    "dw-of-first-picture", "Your dw is that of the first picture alone. The shares of all pictures are added."
)
def _(dout, cache):
    x, w, b, stride, padding = cache
    dx, _, db = reference.conv2d_backward_matmul(dout, cache)
    _, dw, _ = reference.conv2d_backward_matmul(dout[:1], (x[:1], w, b, stride, padding))
    return dx, dw, db


@exercise(reference.conv_as_matrix)
def conv_as_matrix(draw):
    yield np.arange(1.0, 10.0).reshape(3, 3), 4, 4
    yield draw.normal(2, 3), 3, 5
    yield draw.normal(1, 2), 2, 3
    yield draw.normal(2, 2), 3, 3
    yield draw.normal(1, 1), 1, 1


@conv_as_matrix.switchable
def _as_matrix(
    kernel,
    height,
    width,
    *,
    turned=False,
    order="by rows",
    packed=False,
    inverse=False,
    places="those that fit",
):
    (kh, kw), H, W = kernel.shape, height, width
    if turned:
        kernel = kernel[::-1, ::-1]
    rows, columns = H - kh + 1, W - kw + 1
    if places == "hanging over":
        rows, columns = H, W
    matrix = np.zeros((rows, columns, H + kh, W + kw))
    for i, j in np.ndindex(rows, columns):
        matrix[i, j, i : i + kh, j : j + kw] = kernel
    matrix = matrix[:, :, :H, :W]
    if order == "down first":
        matrix = matrix.transpose(1, 0, 2, 3)
    elif order == "pixels down first":
        matrix = matrix.transpose(0, 1, 3, 2)
    if packed:
        matrix = np.zeros((rows * columns, H * W))
        for r in range(rows * columns):  # the kernel in one piece, moved on by one number a row
            piece = kernel.ravel()[: H * W - r]
            matrix[r, r : r + len(piece)] = piece
        return matrix
    matrix = matrix.reshape(rows * columns, H * W)
    return matrix.T if inverse else matrix


conv_as_matrix.switch(
    "kernel-in-one-piece",
    "You wrote the kernel's numbers side by side and moved them on by one in each row. In the flat picture a kernel's "
    "second row stands a whole picture's row further, and not beside the first.",
    packed=True,
)
conv_as_matrix.switch(
    "on-its-side",
    "Your matrix is turned: it has a column for each place. It needs a row for each, so that M @ image.ravel() works.",
    inverse=True,
)
conv_as_matrix.switch(
    "kernel-turned",
    "You turned the kernel by 180°. In this course it lies on the picture as it is.",
    turned=True,
)
conv_as_matrix.switch(
    "down-first",
    "Your rows go through the places downwards first. The result is read row by row: to the right, then down.",
    order="down first",
)
conv_as_matrix.switch(
    "pixels-by-columns",
    "In each of your rows the picture is laid out column by column. image.ravel() goes row by row.",
    order="pixels down first",
)
conv_as_matrix.switch(
    "hanging-over",
    "You made a row for each pixel. At the border the kernel would hang over: count only the places at which the whole "
    "kernel lies on the picture.",
    places="hanging over",
)
