"""Wrong answers to chapter 04, after what people were seen to write."""

import numpy as np
from finished import col2im, cross_correlate2d, im2col, max_pool2d_forward, zero_pad


def _places(x, w, stride, padding):
    rows = (x.shape[2] + 2 * padding - w.shape[2]) // stride + 1
    columns = (x.shape[3] + 2 * padding - w.shape[3]) // stride + 1
    return [(i, j, i * stride, j * stride) for i in range(rows) for j in range(columns)], rows, columns


def cross_correlate2d__last_row_missing(image, kernel):
    """The loops are one too short: zeros in the last row and column."""
    (H, W), (kh, kw) = image.shape, kernel.shape
    out = np.zeros((H - kh + 1, W - kw + 1))
    for i in range(H - kh):
        for j in range(W - kw):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out


def cross_correlate2d__mean(image, kernel):
    """The mean of the products."""
    (H, W), (kh, kw) = image.shape, kernel.shape
    out = np.zeros((H - kh + 1, W - kw + 1))
    for i in range(H - kh + 1):
        for j in range(W - kw + 1):
            out[i, j] = np.mean(image[i : i + kh, j : j + kw] * kernel)
    return out


def cross_correlate2d__square_kernel(image, kernel):
    """Takes the kernel for square."""
    H, W = image.shape
    k = kernel.shape[0]
    out = np.zeros((H - k + 1, W - k + 1))
    for i in range(H - k + 1):
        for j in range(W - k + 1):
            out[i, j] = np.sum(image[i : i + k, j : j + k] * kernel)
    return out


def edge_kernel__laplacian(**nothing):
    """A symmetric kernel."""
    return np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])


def edge_kernel__second_difference():
    """[-1, 2, -1]."""
    return np.array([[-1, 2, -1]] * 3)


def edge_kernel__flat():
    """Nine numbers in one row."""
    return np.array([-1, 0, 1, -1, 0, 1, -1, 0, 1])


def horizontal_edge_kernel__upright():
    """The upright kernel."""
    return np.array([[-1, 0, 1]] * 3)


def edge_strength__no_root(image, kernel):
    """No root."""
    return cross_correlate2d(image, kernel) ** 2 + cross_correlate2d(image, kernel.T) ** 2


def edge_strength__sum_squared(image, kernel):
    """The root of the squared sum."""
    return np.sqrt((cross_correlate2d(image, kernel) + cross_correlate2d(image, kernel.T)) ** 2)


def zero_pad__edge(x, padding):
    """Repeats the edge."""
    return np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)], mode="edge")


def zero_pad__one(x, padding):
    """Always one pixel wide."""
    return np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)])


def conv_output_size__ceil(n, kernel, stride=1, padding=0):
    """Rounds up."""
    return int(np.ceil((n + 2 * padding - kernel) / stride)) + 1


def conv_output_size__brackets(n, kernel, stride=1, padding=0):
    """+ 1 inside the brackets."""
    return (n + 2 * padding - kernel + 1) // stride


def conv2d_forward__no_bias(x, w, b, stride=1, padding=0):
    """No bias."""
    p = zero_pad(x, padding)
    places, rows, columns = _places(x, w, stride, padding)
    out = np.zeros((len(x), len(w), rows, columns))
    for i, j, t, u in places:
        out[:, :, i, j] = np.einsum("ncae,fcae->nf", p[:, :, t : t + w.shape[2], u : u + w.shape[3]], w)
    return out, (x, w, b, stride, padding)


def conv2d_forward__padding_one(x, w, b, stride=1, padding=0):
    """Pads by 1 whatever the padding."""
    p = zero_pad(x, 1 if padding else 0)
    rows = (p.shape[2] - w.shape[2]) // stride + 1
    columns = (p.shape[3] - w.shape[3]) // stride + 1
    out = np.zeros((len(x), len(w), rows, columns))
    for i in range(rows):
        for j in range(columns):
            win = p[:, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]
            out[:, :, i, j] = np.einsum("ncae,fcae->nf", win, w) + b
    return out, (x, w, b, stride, padding)


def conv2d_forward__flipped(x, w, b, stride=1, padding=0):
    """Turns the kernels."""
    p = zero_pad(x, padding)
    places, rows, columns = _places(x, w, stride, padding)
    out = np.zeros((len(x), len(w), rows, columns))
    k = w[:, :, ::-1, ::-1]
    for i, j, t, u in places:
        out[:, :, i, j] = np.einsum("ncae,fcae->nf", p[:, :, t : t + w.shape[2], u : u + w.shape[3]], k) + b
    return out, (x, w, b, stride, padding)


def conv2d_forward__first_channel(x, w, b, stride=1, padding=0):
    """Only channel 0."""
    p = zero_pad(x, padding)
    places, rows, columns = _places(x, w, stride, padding)
    out = np.zeros((len(x), len(w), rows, columns))
    for i, j, t, u in places:
        win = p[:, 0, t : t + w.shape[2], u : u + w.shape[3]]
        out[:, :, i, j] = np.einsum("nae,fae->nf", win, w[:, 0]) + b
    return out, (x, w, b, stride, padding)


def conv1x1__no_bias(x, w, b):
    """No bias."""
    return np.einsum("nchw,fc->nfhw", x, w)


def conv1x1__reshape_back(x, w, b):
    """reshape in place of transpose."""
    N, C, H, W = x.shape
    return (x.transpose(0, 2, 3, 1) @ w.T + b).reshape(N, len(w), H, W)


def conv_parameters__bias_for_each_weight(in_channels, out_channels, kh, kw):
    """No bias at all."""
    return in_channels * out_channels * kh * kw


def dense_parameters__input_biases(in_shape, out_shape):
    """A bias for each input."""
    return int(np.prod(in_shape) * np.prod(out_shape) + np.prod(in_shape))


def dense_parameters__first_only(in_shape, out_shape):
    """Takes the channels alone."""
    return in_shape[0] * out_shape[0] + out_shape[0]


def receptive_field__no_step(layers):
    """Strides are ignored."""
    view = 1
    for kernel, stride in layers:
        view += kernel - 1
    return view


def receptive_field__kernel_for_kernel_minus_one(layers):
    """Adds the kernel."""
    view, step = 1, 1
    for kernel, stride in layers:
        view += kernel * step
        step *= stride
    return view


def im2col__channels_last(x, kh, kw, stride=1, padding=0):
    """The channels vary fastest."""
    N, C = x.shape[:2]
    cols = im2col(x, kh, kw, stride, padding)
    return cols.reshape(N, C, kh * kw, -1).transpose(0, 2, 1, 3).reshape(N, C * kh * kw, -1)


def im2col__column_major(x, kh, kw, stride=1, padding=0):
    """The places column by column."""
    N, C, H, W = x.shape
    rows = (H + 2 * padding - kh) // stride + 1
    cols = im2col(x, kh, kw, stride, padding)
    return cols.reshape(N, C * kh * kw, rows, -1).transpose(0, 1, 3, 2).reshape(cols.shape)


def conv2d_matmul__no_bias(x, w, b, stride=1, padding=0):
    """No bias."""
    _, rows, columns = _places(x, w, stride, padding)
    cols = im2col(x, w.shape[2], w.shape[3], stride, padding)
    return (w.reshape(len(w), -1) @ cols).reshape(len(x), len(w), rows, columns)


def max_pool2d_forward__stride_one(x, size, stride=None):
    """None means 1."""
    return max_pool2d_forward(x, size, stride or 1)


def max_pool2d_forward__stride_is_size(x, size, stride=None):
    """The stride is ignored."""
    return max_pool2d_forward(x, size, size)


def avg_pool2d_forward__max(x, size, stride=None):
    """Still the largest."""
    return max_pool2d_forward(x, size, stride)


def _conv_back(dout, cache, dw_equals=False, db_missing=False, w_turned=False):
    x, w, b, stride, padding = cache
    p = zero_pad(x, padding)
    dp, dw, db = np.zeros_like(p), np.zeros_like(w), np.zeros_like(b)
    kh, kw = w.shape[2:]
    k = w[:, :, ::-1, ::-1] if w_turned else w
    for n, f, i, j in np.ndindex(dout.shape):
        t, u, d = i * stride, j * stride, dout[n, f, i, j]
        win = (n, slice(None), slice(t, t + kh), slice(u, u + kw))
        dp[win] += d * k[f]
        dw[f] = d * p[win] if dw_equals else dw[f] + d * p[win]
        db[f] += 0 if db_missing else d
    return dp[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]], dw, db


def conv2d_backward__dw_overwritten(dout, cache):
    """= for dw."""
    return _conv_back(dout, cache, dw_equals=True)


def conv2d_backward__db_forgotten(dout, cache):
    """db stays 0."""
    return _conv_back(dout, cache, db_missing=True)


def conv2d_backward__kernel_turned(dout, cache):
    """The kernel is turned for dx."""
    return _conv_back(dout, cache, w_turned=True)


def conv2d_backward__db_per_picture(dout, cache):
    """db for each picture."""
    dx, dw, _ = _conv_back(dout, cache)
    return dx, dw, dout.sum(axis=(2, 3))


def conv2d_backward__db_mean(dout, cache):
    """db is a mean."""
    dx, dw, _ = _conv_back(dout, cache)
    return dx, dw, dout.mean(axis=(0, 2, 3))


def col2im__frame_left(cols, x_shape, kh, kw, stride=1, padding=0):
    """The frame is not cut off."""
    N, C, H, W = x_shape
    padded = col2im(cols, (N, C, H + 2 * padding, W + 2 * padding), kh, kw, stride, 0)
    return padded


def col2im__averaged(cols, x_shape, kh, kw, stride=1, padding=0):
    """Takes the mean where copies meet."""
    count = col2im(np.ones_like(cols), x_shape, kh, kw, stride, padding)
    return col2im(cols, x_shape, kh, kw, stride, padding) / np.maximum(count, 1)


def conv2d_backward_matmul__dw_first_picture(dout, cache):
    """dw of the first picture."""
    x, w, b, stride, padding = cache
    d = dout.reshape(*dout.shape[:2], -1)
    cols = im2col(x, *w.shape[2:], stride, padding)
    dw = (d @ cols.transpose(0, 2, 1))[0].reshape(w.shape)
    dx = col2im(w.reshape(len(w), -1).T @ d, x.shape, *w.shape[2:], stride, padding)
    return dx, dw, d.sum(axis=(0, 2))


def max_pool2d_backward__equals(dout, cache):
    """= at the argmax."""
    x, size, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        win = x[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
        a, e = divmod(np.argmax(win), size)
        dx[n, c, i * stride + a, j * stride + e] = dout[n, c, i, j]
    return dx


def max_pool2d_backward__mask_equals(dout, cache):
    """A mask, written with =."""
    x, size, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        place = (n, c, slice(i * stride, i * stride + size), slice(j * stride, j * stride + size))
        dx[place] = (x[place] == x[place].max()) * dout[n, c, i, j]
    return dx


def max_pool2d_backward__ones(dout, cache):
    """The mask without dout."""
    x, size, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        win = x[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
        a, e = divmod(np.argmax(win), size)
        dx[n, c, i * stride + a, j * stride + e] += 1
    return dx


def avg_pool2d_backward__equals(dout, cache):
    """= in place of +=."""
    x, size, stride = cache
    dx = np.zeros_like(x)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            t, u = i * stride, j * stride
            dx[:, :, t : t + size, u : u + size] = dout[:, :, i : i + 1, j : j + 1] / size**2
    return dx


def flatten_forward__fortran(x):
    """Fortran's order."""
    return x.reshape(len(x), -1, order="F"), x.shape


def conv_transpose2d_forward__equals(x, w, b, stride=1, padding=0):
    """Stamps overwrite each other."""
    (N, C, H, W), (_, F, kh, kw) = x.shape, w.shape
    rows, columns = (H - 1) * stride + kh, (W - 1) * stride + kw
    out = np.zeros((N, F, rows, columns))
    for n, c, i, j in np.ndindex(x.shape):
        t, u = i * stride, j * stride
        out[n, :, t : t + kh, u : u + kw] = x[n, c, i, j] * w[c]
    out = out[:, :, padding : rows - padding, padding : columns - padding] + b[:, None, None]
    return out, (x, w, b, stride, padding)


def conv_transpose2d_backward__db_with_frame(dout, cache):
    """The stride is ignored."""
    x, w, b, stride, padding = cache
    p = zero_pad(dout, padding)
    kh, kw = w.shape[2:]
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for n, c, i, j in np.ndindex(x.shape):
        win = p[n, :, i : i + kh, j : j + kw]
        dx[n, c, i, j] = np.sum(win * w[c])
        dw[c] += x[n, c, i, j] * win
    return dx, dw, dout.sum(axis=(0, 2, 3))
