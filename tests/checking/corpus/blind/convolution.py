"""Wrong answers to chapter 04, written from the notebook's text alone."""

import numpy as np
from finished import col2im, cross_correlate2d, im2col, zero_pad


def cross_correlate_by_hand__flat():
    """Four numbers in one row."""
    return np.array([19, 25, 37, 43])


def cross_correlate2d__too_small(image, kernel):
    """The + 1 is forgotten."""
    H, W = image.shape
    kh, kw = kernel.shape
    out = np.zeros((H - kh, W - kw))
    for i in range(H - kh):
        for j in range(W - kw):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out


def cross_correlate2d__flipped(image, kernel):
    """Turns the kernel round first."""
    kernel = kernel[::-1, ::-1]
    H, W = image.shape
    kh, kw = kernel.shape
    out = np.zeros((H - kh + 1, W - kw + 1))
    for i in range(H - kh + 1):
        for j in range(W - kw + 1):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out


def cross_correlate2d__matmul(image, kernel):
    """@ in place of *."""
    H, W = image.shape
    kh, kw = kernel.shape
    out = np.zeros((H - kh + 1, W - kw + 1))
    for i in range(H - kh + 1):
        for j in range(W - kw + 1):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] @ kernel)
    return out


def edge_kernel__dark_right():
    """The 1 stands on the left."""
    return np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])


def edge_kernel__level():
    """Rows in place of columns."""
    return np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])


def horizontal_edge_kernel__wall():
    """The sum is not 0."""
    return np.array([[-1, -1, -1], [0, 0, 0], [2, 2, 2]])


def edge_strength__abs(image, kernel):
    """Adds the sizes, without Pythagoras."""
    return np.abs(cross_correlate2d(image, kernel)) + np.abs(cross_correlate2d(image, kernel.T))


def edge_strength__same_kernel(image, kernel):
    """Uses the kernel twice, not transposed."""
    a = cross_correlate2d(image, kernel)
    return np.sqrt(a**2 + a**2)


def zero_pad__all_axes(x, padding):
    """Pads all four axes."""
    return np.pad(x, padding)


def zero_pad__one_side(x, padding):
    """The frame on one side only."""
    N, C, H, W = x.shape
    out = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    out[:, :, :H, :W] = x
    return out


def conv_output_size__no_one(n, kernel, stride=1, padding=0):
    """The + 1 is forgotten."""
    return (n + 2 * padding - kernel) // stride


def conv_output_size__one_padding(n, kernel, stride=1, padding=0):
    """Counts the padding once."""
    return (n + padding - kernel) // stride + 1


def conv_output_size__slash(n, kernel, stride=1, padding=0):
    """/ in place of //."""
    return (n + 2 * padding - kernel) / stride + 1


def conv2d_forward__no_stride(x, w, b, stride=1, padding=0):
    """The window is not moved by the stride."""
    N, C, H, W = x.shape
    F, C, kh, kw = w.shape
    padded = zero_pad(x, padding)
    rows = (H + 2 * padding - kh) // stride + 1
    cols = (W + 2 * padding - kw) // stride + 1
    out = np.zeros((N, F, rows, cols))
    for n in range(N):
        for f in range(F):
            for i in range(rows):
                for j in range(cols):
                    out[n, f, i, j] = np.sum(padded[n, :, i : i + kh, j : j + kw] * w[f]) + b[f]
    return out, (x, w, b, stride, padding)


def conv2d_forward__bias_in_sum(x, w, b, stride=1, padding=0):
    """The bias stands inside the sum."""
    N, C, H, W = x.shape
    F, C, kh, kw = w.shape
    padded = zero_pad(x, padding)
    rows = (H + 2 * padding - kh) // stride + 1
    cols = (W + 2 * padding - kw) // stride + 1
    out = np.zeros((N, F, rows, cols))
    for n in range(N):
        for f in range(F):
            for i in range(rows):
                for j in range(cols):
                    t, u = i * stride, j * stride
                    out[n, f, i, j] = np.sum(padded[n, :, t : t + kh, u : u + kw] * w[f] + b[f])
    return out, (x, w, b, stride, padding)


def conv2d_forward__padded_cache(x, w, b, stride=1, padding=0):
    """Keeps the padded x."""
    x = zero_pad(x, padding)
    N, C, H, W = x.shape
    F, C, kh, kw = w.shape
    rows = (H - kh) // stride + 1
    cols = (W - kw) // stride + 1
    out = np.zeros((N, F, rows, cols))
    for n in range(N):
        for f in range(F):
            for i in range(rows):
                for j in range(cols):
                    t, u = i * stride, j * stride
                    out[n, f, i, j] = np.sum(x[n, :, t : t + kh, u : u + kw] * w[f]) + b[f]
    return out, (x, w, b, stride, padding)


def conv1x1__not_back(x, w, b):
    """The channels stay at the end."""
    return x.transpose(0, 2, 3, 1) @ w.T + b


def conv1x1__w_not_turned(x, w, b):
    """w is not transposed."""
    return (x.transpose(0, 2, 3, 1) @ w + b).transpose(0, 3, 1, 2)


def conv_parameters__one_bias(in_channels, out_channels, kh, kw):
    """One bias for all."""
    return in_channels * out_channels * kh * kw + 1


def conv_parameters__no_channels(in_channels, out_channels, kh, kw):
    """The input channels are forgotten."""
    return out_channels * (kh * kw + 1)


def dense_parameters__no_bias(in_shape, out_shape):
    """Only the weights."""
    return int(np.prod(in_shape) * np.prod(out_shape))


def receptive_field__step_first(layers):
    """The step grows before the view."""
    view, step = 1, 1
    for kernel, stride in layers:
        step *= stride
        view += (kernel - 1) * step
    return view


def im2col__windows_as_rows(x, kh, kw, stride=1, padding=0):
    """Each window is a row."""
    return im2col(x, kh, kw, stride, padding).transpose(0, 2, 1)


def im2col__column_number(x, kh, kw, stride=1, padding=0):
    """i * rows + j."""
    N, C, H, W = x.shape
    p = zero_pad(x, padding)
    rows = (H + 2 * padding - kh) // stride + 1
    columns = (W + 2 * padding - kw) // stride + 1
    cols = np.zeros((N, C * kh * kw, rows * columns))
    for i in range(rows):
        for j in range(columns):
            t, u = i * stride, j * stride
            cols[:, :, i * rows + j] = p[:, :, t : t + kh, u : u + kw].reshape(N, -1)
    return cols


def conv2d_matmul__no_newaxis(x, w, b, stride=1, padding=0):
    """b is added as a row."""
    N, C, H, W = x.shape
    F, C, kh, kw = w.shape
    rows = (H + 2 * padding - kh) // stride + 1
    columns = (W + 2 * padding - kw) // stride + 1
    out = w.reshape(F, -1) @ im2col(x, kh, kw, stride, padding) + b
    return out.reshape(N, F, rows, columns)


def conv_as_matrix__shape(kernel, height, width):
    """The columns are the places."""
    kh, kw = kernel.shape
    rows = []
    for i in range(height - kh + 1):
        for j in range(width - kw + 1):
            weights = np.zeros((height, width))
            weights[i : i + kh, j : j + kw] = kernel
            rows.append(weights.ravel())
    return np.array(rows).T


def max_pool2d_forward__all_channels(x, size, stride=None):
    """The largest of all channels."""
    if stride is None:
        stride = size
    N, C, H, W = x.shape
    rows = (H - size) // stride + 1
    cols = (W - size) // stride + 1
    out = np.zeros((N, C, rows, cols))
    for n in range(N):
        for i in range(rows):
            for j in range(cols):
                t, u = i * stride, j * stride
                out[n, :, i, j] = np.max(x[n, :, t : t + size, u : u + size])
    return out, (x, size, stride)


def max_pool2d_forward__none_in_cache(x, size, stride=None):
    """The cache holds None."""
    s = size if stride is None else stride
    N, C, H, W = x.shape
    rows = (H - size) // s + 1
    cols = (W - size) // s + 1
    out = np.zeros((N, C, rows, cols))
    for i in range(rows):
        for j in range(cols):
            out[:, :, i, j] = x[:, :, i * s : i * s + size, j * s : j * s + size].max(axis=(2, 3))
    return out, (x, size, stride)


def avg_pool2d_forward__divided_by_size(x, size, stride=None):
    """Divides the sum by size."""
    if stride is None:
        stride = size
    N, C, H, W = x.shape
    rows = (H - size) // stride + 1
    cols = (W - size) // stride + 1
    out = np.zeros((N, C, rows, cols))
    for i in range(rows):
        for j in range(cols):
            t, u = i * stride, j * stride
            out[:, :, i, j] = x[:, :, t : t + size, u : u + size].sum(axis=(2, 3)) / size
    return out, (x, size, stride)


def conv2d_backward__equals(dout, cache):
    """= for dx."""
    x, w, b, stride, padding = cache
    N, C, H, W = x.shape
    F, C, kh, kw = w.shape
    p = zero_pad(x, padding)
    dp, dw, db = np.zeros_like(p), np.zeros_like(w), np.zeros_like(b)
    for n in range(N):
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    t, u = i * stride, j * stride
                    dp[n, :, t : t + kh, u : u + kw] = dout[n, f, i, j] * w[f]
                    dw[f] += dout[n, f, i, j] * p[n, :, t : t + kh, u : u + kw]
                    db[f] += dout[n, f, i, j]
    return dp[:, :, padding : padding + H, padding : padding + W], dw, db


def conv2d_backward__frame_left(dout, cache):
    """The frame is not cut off."""
    x, w, b, stride, padding = cache
    N, C, H, W = x.shape
    F, C, kh, kw = w.shape
    p = zero_pad(x, padding)
    dp, dw, db = np.zeros_like(p), np.zeros_like(w), np.zeros_like(b)
    for n in range(N):
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    t, u = i * stride, j * stride
                    dp[n, :, t : t + kh, u : u + kw] += dout[n, f, i, j] * w[f]
                    dw[f] += dout[n, f, i, j] * p[n, :, t : t + kh, u : u + kw]
                    db[f] += dout[n, f, i, j]
    return dp, dw, db


def col2im__equals(cols, x_shape, kh, kw, stride=1, padding=0):
    """= in place of +=."""
    N, C, H, W = x_shape
    rows = (H + 2 * padding - kh) // stride + 1
    columns = (W + 2 * padding - kw) // stride + 1
    out = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    cols = cols.reshape(N, C, kh, kw, rows, columns)
    for a in range(kh):
        for e in range(kw):
            out[:, :, a : a + stride * rows : stride, e : e + stride * columns : stride] = cols[:, :, a, e]
    return out[:, :, padding : padding + H, padding : padding + W]


def conv2d_backward_matmul__dw_not_summed(dout, cache):
    """The pictures' shares are averaged."""
    x, w, b, stride, padding = cache
    N, F = dout.shape[:2]
    kh, kw = w.shape[2:]
    d = dout.reshape(N, F, -1)
    cols = im2col(x, kh, kw, stride, padding)
    dw = (d @ cols.transpose(0, 2, 1)).mean(axis=0).reshape(w.shape)
    db = d.sum(axis=(0, 2))
    dx = col2im(w.reshape(F, -1).T @ d, x.shape, kh, kw, stride, padding)
    return dx, dw, db


def max_pool2d_backward__all_equal(dout, cache):
    """All that are equally large get the gradient."""
    x, size, stride = cache
    dx = np.zeros_like(x)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            t, u = i * stride, j * stride
            win = x[:, :, t : t + size, u : u + size]
            mask = win == win.max(axis=(2, 3), keepdims=True)
            dx[:, :, t : t + size, u : u + size] += mask * dout[:, :, i : i + 1, j : j + 1]
    return dx


def avg_pool2d_backward__by_size(dout, cache):
    """Divides by size."""
    x, size, stride = cache
    dx = np.zeros_like(x)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            t, u = i * stride, j * stride
            dx[:, :, t : t + size, u : u + size] += dout[:, :, i : i + 1, j : j + 1] / size
    return dx


def flatten_forward__ravel(x):
    """One row for all pictures."""
    return x.ravel(), x.shape


def flatten_backward__reshape_lost(dout, cache):
    """reshape without keeping its result."""
    dout.reshape(cache)
    return dout


def conv_transpose2d_forward__bias_each_stamp(x, w, b, stride=1, padding=0):
    """The bias comes with every stamp."""
    N, C, H, W = x.shape
    C, F, kh, kw = w.shape
    rows, cols = (H - 1) * stride + kh, (W - 1) * stride + kw
    out = np.zeros((N, F, rows, cols))
    for n in range(N):
        for c in range(C):
            for i in range(H):
                for j in range(W):
                    t, u = i * stride, j * stride
                    stamp = x[n, c, i, j] * w[c] + b[:, np.newaxis, np.newaxis]
                    out[n, :, t : t + kh, u : u + kw] += stamp
    return out[:, :, padding : rows - padding, padding : cols - padding], (x, w, b, stride, padding)


def conv_transpose2d_forward__minus_padding(x, w, b, stride=1, padding=0):
    """Cuts with -padding, which is empty for 0."""
    N, C, H, W = x.shape
    C, F, kh, kw = w.shape
    out = np.zeros((N, F, (H - 1) * stride + kh, (W - 1) * stride + kw))
    for n in range(N):
        for c in range(C):
            for i in range(H):
                for j in range(W):
                    t, u = i * stride, j * stride
                    out[n, :, t : t + kh, u : u + kw] += x[n, c, i, j] * w[c]
    out = out + b[:, np.newaxis, np.newaxis]
    return out[:, :, padding:-padding, padding:-padding], (x, w, b, stride, padding)
