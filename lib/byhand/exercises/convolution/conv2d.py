"""The exercises of chapter 04 on convolutions: forwards, backwards, and the other way round."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.convolution import conv2d as reference
from byhand.reference.convolution.sizes import conv_output_size


def _drawn(draw, x_shape, w_shape):
    return draw.normal(*x_shape), draw.normal(*w_shape), draw.normal(w_shape[0])


@exercise(reference.conv2d_forward, returns="out, _cache")
def conv2d_forward(draw):
    yield np.arange(9.0).reshape(1, 1, 3, 3), np.arange(4.0).reshape(1, 1, 2, 2), np.array([100.0]), 1, 0
    yield *_drawn(draw, (1, 1, 3, 5), (1, 1, 2, 3)), 1, 1
    yield *_drawn(draw, (2, 3, 4, 5), (2, 3, 3, 2)), 1, 0
    yield *_drawn(draw, (2, 1, 6, 7), (3, 1, 3, 3)), 2, 0  # the last row is reached by no window
    yield *_drawn(draw, (1, 2, 5, 4), (3, 2, 3, 2)), 2, 1


def _forward(x, w, b, stride, padding):
    return reference.conv2d_forward(x, w, b, stride, padding)[0], (x, w, b, stride, padding)


def _size(x, w, stride, padding):
    return tuple(
        conv_output_size(n, k, stride, padding) for n, k in zip(x.shape[2:], w.shape[2:], strict=True)
    )


@conv2d_forward.mistake(
    "unnamed-1",
    "You turned the kernel by 180°. In this course, as in PyTorch, it lies on the picture as it is.",
)
def _(x, w, b, stride, padding):
    return _forward(x, w[:, :, ::-1, ::-1], b, stride, padding)


@conv2d_forward.mistake("unnamed-2", "The biases are missing: kernel f adds b[f] at every place.")
def _(x, w, b, stride, padding):
    return _forward(x, w, 0 * b, stride, padding)


@conv2d_forward.mistake("unnamed-3", "You ignored the stride: your windows stop at every pixel.")
def _(x, w, b, stride, padding):
    return _forward(x, w, b, 1, padding)


@conv2d_forward.mistake(
    "unnamed-4",
    "The shape is right, but your windows are one pixel apart. Window i begins at row i · stride.",
)
def _(x, w, b, stride, padding):
    rows, columns = _size(x, w, stride, padding)
    return _forward(x, w, b, 1, padding)[0][:, :, :rows, :columns], None


@conv2d_forward.mistake("unnamed-5", "You ignored the padding: put the frame of zeros round x first.")
def _(x, w, b, stride, padding):
    return _forward(x, w, b, stride, 0)


@conv2d_forward.mistake("unnamed-6", "Only the first channel counts in your sum. A kernel reads all of them.")
def _(x, w, b, stride, padding):
    return _forward(x[:, :1], w[:, :1], b, stride, padding)


@conv2d_forward.mistake(
    "unnamed-7", "You took the mean over the channels. What a kernel finds in its channels is added up."
)
def _(x, w, b, stride, padding):
    return _forward(x, w / x.shape[1], b, stride, padding)


@conv2d_forward.mistake(
    "unnamed-8",
    "You added the bias once for each input channel. A kernel has one bias, added once, after the sum.",
)
def _(x, w, b, stride, padding):
    return _forward(x, w, x.shape[1] * b, stride, padding)


@conv2d_forward.mistake(
    "unnamed-9", "All your output channels come from the first kernel. Channel f belongs to w[f]."
)
def _(x, w, b, stride, padding):
    return _forward(x, np.repeat(w[:1], len(w), axis=0), b, stride, padding)


@conv2d_forward.mistake(
    "unnamed-10",
    "You rounded the size up: your last windows hang over the picture's edge. A step that leaves it is not made.",
)
def _(x, w, b, stride, padding):
    rest = [-(n + 2 * padding - k) % stride for n, k in zip(x.shape[2:], w.shape[2:], strict=True)]
    framed = np.pad(x, ((0, 0), (0, 0), (padding, padding + rest[0]), (padding, padding + rest[1])))
    return _forward(framed, w, b, stride, 0)


@exercise(reference.conv1x1)
def conv1x1(draw):
    yield (
        np.array([[[[1.0, 2.0]], [[10.0, 20.0]]]]),
        np.array([[1.0, 1.0], [0.0, 2.0]]),
        np.array([0.5, 0.0]),
    )
    yield draw.normal(2, 3, 3, 2), draw.normal(4, 3), draw.normal(4)
    yield draw.normal(1, 3, 2, 4), draw.normal(3, 3), draw.normal(3)


@conv1x1.mistake("unnamed-1", "The biases are missing.")
def _(x, w, b):
    return reference.conv1x1(x, w, 0 * b)


@conv1x1.mistake(
    "unnamed-2", "You used w transposed. Row f of w holds what output channel f takes of each input channel."
)
def _(x, w, b):
    return reference.conv1x1(x, w.T, b)


@conv1x1.mistake(
    "unnamed-3", "The channels came out as the last axis. They stay where they were: (N, F, H, W)."
)
def _(x, w, b):
    return reference.conv1x1(x, w, b).transpose(0, 2, 3, 1)


@conv1x1.mistake(
    "unnamed-4",
    "All your output channels are alike: each uses the first row of w. Channel f belongs to w[f].",
)
def _(x, w, b):
    return reference.conv1x1(x, np.repeat(w[:1], len(w), axis=0), b)


@conv1x1.mistake("unnamed-5", "You took the mean over the channels. They are weighed and added up.")
def _(x, w, b):
    return reference.conv1x1(x, w / x.shape[1], b)


@exercise(reference.conv2d_matmul)
def conv2d_matmul(draw):
    yield np.arange(9.0).reshape(1, 1, 3, 3), np.arange(4.0).reshape(1, 1, 2, 2), np.array([100.0]), 1, 0
    yield *_drawn(draw, (2, 3, 4, 5), (2, 3, 3, 2)), 1, 1
    yield *_drawn(draw, (2, 2, 6, 5), (3, 2, 3, 3)), 2, 0


@conv2d_matmul.mistake("unnamed-1", "The biases are missing: row f of the product needs b[f] everywhere.")
def _(x, w, b, stride, padding):
    return reference.conv2d_matmul(x, w, 0 * b, stride, padding)


@conv2d_matmul.mistake(
    "unnamed-2", "The product still has its columns in one row. Give it the shape (N, F, rows, columns)."
)
def _(x, w, b, stride, padding):
    return reference.conv2d_matmul(x, w, b, stride, padding).reshape(len(x), len(w), -1)


@conv2d_matmul.mistake(
    "unnamed-3",
    "You made w flat in another order than the columns have. w.reshape(F, -1) goes channel by channel, row by row.",
)
def _(x, w, b, stride, padding):
    return reference.conv2d_matmul(x, w.transpose(0, 2, 3, 1).reshape(w.shape), b, stride, padding)


@conv2d_matmul.mistake("unnamed-4", "You ignored the stride. `im2col` needs it too.")
def _(x, w, b, stride, padding):
    return reference.conv2d_matmul(x, w, b, 1, padding)


@conv2d_matmul.mistake("unnamed-5", "You ignored the padding. `im2col` needs it too.")
def _(x, w, b, stride, padding):
    return reference.conv2d_matmul(x, w, b, stride, 0)


def _cached(draw, x_shape, w_shape, stride, padding):
    x, w, b = _drawn(draw, x_shape, w_shape)
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


def _backward(dout, cache):
    return reference.conv2d_backward(dout, cache)


@conv2d_backward.mistake(
    "unnamed-1",
    "In dx the windows overwrite each other. A pixel that lay in several windows gets a share from each: add (+=).",
)
def _(dout, cache):
    x, w, _, stride, padding = cache
    _, dw, db = _backward(dout, cache)
    padded = np.zeros((*x.shape[:2], x.shape[2] + 2 * padding, x.shape[3] + 2 * padding))
    kh, kw = w.shape[2:]
    for n, f, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        padded[n, :, top : top + kh, left : left + kw] = dout[n, f, i, j] * w[f]
    return padded[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]], dw, db


@conv2d_backward.mistake(
    "unnamed-2",
    "Your dx still has the frame of zeros. It must have the shape of x: cut the padding off at the end.",
)
def _(dout, cache):
    x, w, b, stride, padding = cache
    _, dw, db = _backward(dout, cache)
    framed = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    return _backward(dout, (framed, w, b, stride, 0))[0], dw, db


@conv2d_backward.mistake(
    "unnamed-3",
    "Your dx is empty where the padding is 0: the slice 0:-0 holds nothing. Cut with padding : padding + H instead.",
)
def _(dout, cache):
    dx, dw, db = _backward(dout, cache)
    return dx if cache[4] else dx[:, :, :0, :0], dw, db


@conv2d_backward.mistake(
    "unnamed-4",
    "With padding your windows hang over the picture. On the way there they lay on the padded x: pad it here too, and "
    "cut the frame of dx off at the end.",
)
def _(dout, cache):
    x, w, _, stride, _ = cache
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for n, f, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        window = (n, slice(None), slice(top, top + w.shape[2]), slice(left, left + w.shape[3]))
        dw[f] += dout[n, f, i, j] * x[window]
        dx[window] += dout[n, f, i, j] * w[f]
    return dx, dw, dout.sum(axis=(0, 2, 3))


@conv2d_backward.mistake(
    "unnamed-5",
    "In dx the kernel is turned by 180° once too often. Each number of dout, times w[f] as it is, goes to the window "
    "from which it came.",
)
def _(dout, cache):
    x, w, b, stride, padding = cache
    _, dw, db = _backward(dout, cache)
    return _backward(dout, (x, w[:, :, ::-1, ::-1], b, stride, padding))[0], dw, db


@conv2d_backward.mistake(
    "unnamed-6",
    "Your dw is turned by 180°. dw[f] is the sum of the windows as they are, each times its number of dout.",
)
def _(dout, cache):
    dx, dw, db = _backward(dout, cache)
    return dx, dw[:, :, ::-1, ::-1], db


@conv2d_backward.mistake(
    "unnamed-7",
    "Your gradients are right but for db: you took a mean. The bias was added at every place, so its gradient is the "
    "sum.",
)
def _(dout, cache):
    dx, dw, _ = _backward(dout, cache)
    return dx, dw, dout.mean(axis=(0, 2, 3))


@conv2d_backward.mistake(
    "unnamed-8",
    "You divided dw and db by the size of the batch. The loss has averaged already; here the pictures' shares add up.",
)
def _(dout, cache):
    dx, dw, db = _backward(dout, cache)
    return dx, dw / len(dout), db / len(dout)


@conv2d_backward.mistake(
    "unnamed-9",
    "Your dw comes from the last picture alone. The same kernel served all pictures: add up their shares.",
)
def _(dout, cache):
    x, w, b, stride, padding = cache
    dx, _, db = _backward(dout, cache)
    return dx, _backward(dout[-1:], (x[-1:], w, b, stride, padding))[1], db


@conv2d_backward.mistake(
    "unnamed-10",
    "Your windows are one pixel apart on the way back. On the way there window i began at row i · stride.",
)
def _(dout, cache):
    x, w, b, _, padding = cache
    wide = np.zeros((*dout.shape[:2], *_size(x, w, 1, padding)))
    wide[:, :, : dout.shape[2], : dout.shape[3]] = dout
    return _backward(wide, (x, w, b, 1, padding))


@conv2d_backward.mistake(
    "unnamed-11", "You exchanged dx and dw. Each must have the shape of what it is the gradient of."
)
def _(dout, cache):
    dx, dw, db = _backward(dout, cache)
    return dw, dx, db


@exercise(reference.conv_transpose2d_forward, returns="out, _cache")
def conv_transpose2d_forward(draw):
    yield np.array([[[[1.0, 2.0]]]]), np.array([[[[1.0, 10.0]]]]), np.array([100.0]), 1, 0
    yield draw.normal(1, 1, 2, 3), draw.normal(1, 1, 2, 2), draw.normal(1), 2, 0
    yield draw.normal(2, 2, 3, 2), draw.normal(2, 2, 3, 3), draw.normal(2), 1, 0
    yield draw.normal(2, 2, 3, 2), draw.normal(2, 3, 2, 3), draw.normal(3), 2, 1


def _stamped(x, w, b, stride, padding, *, replace=False, apart=None):
    (N, _, H, W), (_, F, kh, kw) = x.shape, w.shape
    padded = np.zeros((N, F, (H - 1) * stride + kh, (W - 1) * stride + kw))
    for n, c, i, j in np.ndindex(*x.shape):
        top, left = i * (apart or stride), j * (apart or stride)
        window = padded[n, :, top : top + kh, left : left + kw]
        window[...] = x[n, c, i, j] * w[c] + (0 if replace else window)
    rows, columns = padded.shape[2:]
    cut = padded[:, :, padding : rows - padding, padding : columns - padding]
    return cut + b[:, np.newaxis, np.newaxis], None


@conv_transpose2d_forward.mistake(
    "unnamed-1",
    "Your result is empty where the padding is 0: the slice 0:-0 holds nothing. Cut with padding : rows - padding.",
)
def _(x, w, b, stride, padding):
    out, _ = _stamped(x, w, b, stride, padding)
    return out if padding else out[:, :, :0, :0], None


@conv_transpose2d_forward.mistake(
    "unnamed-2", "Where stamps overlap, yours overwrite each other. They must add up (+=)."
)
def _(x, w, b, stride, padding):
    return _stamped(x, w, b, stride, padding, replace=True)


@conv_transpose2d_forward.mistake("unnamed-3", "The biases are missing.")
def _(x, w, b, stride, padding):
    return _stamped(x, w, 0 * b, stride, padding)


@conv_transpose2d_forward.mistake(
    "unnamed-4", "You turned the kernel by 180°. Each pixel stamps it as it is."
)
def _(x, w, b, stride, padding):
    return _stamped(x, w[:, :, ::-1, ::-1], b, stride, padding)


NO_STRIDE = "You ignored the stride: the stamps of neighbouring pixels are `stride` pixels apart."


@conv_transpose2d_forward.mistake("unnamed-5", NO_STRIDE)
def _(x, w, b, stride, padding):
    return _stamped(x, w, b, 1, padding)


@conv_transpose2d_forward.mistake("unnamed-5")
def _(x, w, b, stride, padding):
    return _stamped(x, w, b, stride, padding, apart=1)


@conv_transpose2d_forward.mistake(
    "unnamed-6",
    "You did not cut the padding off. Here padding makes the result smaller: that many pixels go on each side.",
)
def _(x, w, b, stride, padding):
    return _stamped(x, w, b, stride, 0)


@conv_transpose2d_forward.mistake(
    "unnamed-7",
    "You put the frame round x, as a convolution does. Here the padding is cut off from the result.",
)
def _(x, w, b, stride, padding):
    return _stamped(np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding))), w, b, stride, 0)


@conv_transpose2d_forward.mistake(
    "unnamed-8", "You added the bias with every stamp. It is added once to every pixel of the result."
)
def _(x, w, b, stride, padding):
    stamps = _stamped(np.ones(x.shape), np.ones((x.shape[1], *w.shape[1:])), 0 * b, stride, padding)[0]
    return _stamped(x, w, 0 * b, stride, padding)[0] + stamps * b[:, np.newaxis, np.newaxis], None
