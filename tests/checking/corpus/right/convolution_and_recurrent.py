"""Right answers to chapters 04 and 05, of another structure than the course's own."""

import finished as mine
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def cross_correlate2d__windows(image, kernel):
    """sliding_window_view."""
    return np.tensordot(sliding_window_view(image, kernel.shape), kernel, 2)


def cross_correlate2d__shifts(image, kernel):
    """Shifted pictures, added up."""
    (H, W), (kh, kw) = image.shape, kernel.shape
    rows, columns = H - kh + 1, W - kw + 1
    return sum(kernel[a, b] * image[a : a + rows, b : b + columns] for a in range(kh) for b in range(kw))


def edge_kernel__sobel():
    """Sobel."""
    return np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def horizontal_edge_kernel__two_rows():
    """Two rows only."""
    return np.array([[0, 0, 0], [-1, -2, -1], [1, 2, 1]])


def edge_strength__hypot(image, kernel):
    """np.hypot."""
    return np.hypot(mine.cross_correlate2d(image, kernel), mine.cross_correlate2d(image, kernel.T))


def zero_pad__pad(x, padding):
    """np.pad."""
    return np.pad(x, [(0, 0)] * 2 + [(padding, padding)] * 2)


def conv_output_size__count(n, kernel, stride=1, padding=0):
    """Counts the places."""
    return len(range(0, n + 2 * padding - kernel + 1, stride))


def conv2d_forward__windows(x, w, b, stride=1, padding=0):
    """sliding_window_view and einsum."""
    win = sliding_window_view(mine.zero_pad(x, padding), w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncijae,fcae->nfij", win, w) + b[None, :, None, None], (x, w, b, stride, padding)


def conv1x1__loop(x, w, b):
    """A sum over channels."""
    out = np.zeros((len(x), len(w), *x.shape[2:]))
    for f in range(len(w)):
        out[:, f] = b[f]
        for c in range(x.shape[1]):
            out[:, f] += w[f, c] * x[:, c]
    return out


def conv1x1__reshape(x, w, b):
    """A matrix product over flat pixels."""
    N, C, H, W = x.shape
    return (w @ x.reshape(N, C, -1) + b[:, None]).reshape(N, -1, H, W)


def conv_parameters__kernel_first(in_channels, out_channels, kh, kw):
    """Kernel by kernel."""
    return sum(in_channels * kh * kw + 1 for _ in range(out_channels))


def receptive_field__backwards(layers):
    """From the last layer to the first."""
    view = 1
    for kernel, stride in reversed(layers):
        view = (view - 1) * stride + kernel
    return view


def im2col__windows(x, kh, kw, stride=1, padding=0):
    """sliding_window_view."""
    win = sliding_window_view(mine.zero_pad(x, padding), (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    N, C, rows, columns = win.shape[:4]
    return win.transpose(0, 1, 4, 5, 2, 3).reshape(N, C * kh * kw, rows * columns)


def conv2d_matmul__forward(x, w, b, stride=1, padding=0):
    """The slow one's result."""
    return mine.conv2d_forward(x, w, b, stride, padding)[0]


def conv_as_matrix__units(kernel, height, width):
    """What the kernel does to each picture with a single 1."""
    units = np.eye(height * width).reshape(-1, height, width)
    return np.array([mine.cross_correlate2d(u, kernel).ravel() for u in units]).T


def max_pool2d_forward__windows(x, size, stride=None):
    """sliding_window_view."""
    stride = stride or size
    win = sliding_window_view(x, (size, size), axis=(2, 3))[:, :, ::stride, ::stride]
    return win.max(axis=(4, 5)), (x, size, stride)


def avg_pool2d_forward__windows(x, size, stride=None):
    """The sum, divided."""
    stride = size if stride is None else stride
    win = sliding_window_view(x, (size, size), axis=(2, 3))[:, :, ::stride, ::stride]
    return win.sum(axis=(4, 5)) / size**2, (x, size, stride)


def conv2d_backward__columns(dout, cache):
    """By matrix products."""
    x, w, b, stride, padding = cache
    d = dout.reshape(*dout.shape[:2], -1)
    cols = mine.im2col(x, *w.shape[2:], stride, padding)
    dw = np.einsum("nfl,ncl->fc", d, cols).reshape(w.shape)
    dx = mine.col2im(
        np.einsum("fc,nfl->ncl", w.reshape(len(w), -1), d), x.shape, *w.shape[2:], stride, padding
    )
    return dx, dw, dout.sum((0, 2, 3))


def conv2d_backward_matmul__slow(dout, cache):
    """The slow one."""
    return mine.conv2d_backward(dout, cache)


def col2im__add_at(cols, x_shape, kh, kw, stride=1, padding=0):
    """np.add.at with the numbers of the pixels."""
    N, C, H, W = x_shape
    shape = (1, C, H + 2 * padding, W + 2 * padding)
    places = mine.im2col(np.arange(np.prod(shape)).reshape(shape).astype(float), kh, kw, stride, 0)[0]
    out = np.zeros((N, int(np.prod(shape))))
    for n in range(N):
        np.add.at(out[n], places.astype(int), cols[n])
    return out.reshape(N, *shape[1:])[:, :, padding : padding + H, padding : padding + W]


def max_pool2d_backward__unravel(dout, cache):
    """Four loops, unravel_index."""
    x, size, stride = cache
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dout.shape):
        top, left = i * stride, j * stride
        win = x[n, c, top : top + size, left : left + size]
        a, e = np.unravel_index(win.argmax(), win.shape)
        dx[n, c, top + a, left + e] += dout[n, c, i, j]
    return dx


def avg_pool2d_backward__offsets(dout, cache):
    """Loops over the places in the window."""
    x, size, stride = cache
    dx = np.zeros(x.shape)
    rows, columns = dout.shape[2:]
    for a in range(size):
        for e in range(size):
            dx[:, :, a : a + rows * stride : stride, e : e + columns * stride : stride] += dout / size**2
    return dx


def flatten_forward__stack(x):
    """Picture by picture."""
    return np.stack([one.ravel() for one in x]), x.shape


def conv_transpose2d_forward__col2im(x, w, b, stride=1, padding=0):
    """By col2im."""
    (N, C, H, W), (_, F, kh, kw) = x.shape, w.shape
    cols = np.einsum("cfae,ncl->nfael", w, x.reshape(N, C, -1)).reshape(N, F * kh * kw, -1)
    size = (N, F, (H - 1) * stride + kh - 2 * padding, (W - 1) * stride + kw - 2 * padding)
    return mine.col2im(cols, size, kh, kw, stride, padding) + b.reshape(1, -1, 1, 1), (
        x,
        w,
        b,
        stride,
        padding,
    )


def rnn_step_forward__one_product(x, h, Wx, Wh, b):
    """One product of longer rows."""
    h_next = np.tanh(np.hstack([x, h]) @ np.vstack([Wx, Wh]) + b)
    return h_next, (x, h, Wx, Wh, h_next)


def rnn_forward__array(x, h0, Wx, Wh, b):
    """Into an array of zeros."""
    N, T, D = x.shape
    h = np.zeros((N, T, len(Wh)))
    for t in range(T):
        h[:, t] = np.tanh(x[:, t] @ Wx + (h[:, t - 1] if t else h0) @ Wh + b)
    return h, (x, h0, Wx, Wh, h)


def many_to_many_head__einsum(h, W, b):
    """einsum."""
    return np.einsum("nth,hm->ntm", h, W) + b


def many_to_one_head__list(h, lengths, W, b):
    """A list over the sequences."""
    return np.array([one[length - 1] for one, length in zip(h, lengths)]) @ W + b


def sequence_mask__lists(lengths, T):
    """Lists of True and False."""
    return np.array([[t < length for t in range(T)] for length in lengths], dtype=bool).reshape(-1, T)


def masked_mean__index(values, mask):
    """values[mask]."""
    return values[mask].mean()


def masked_mean__average(values, mask):
    """np.average with weights."""
    return np.average(values, weights=mask)


def rnn_step_backward__einsum(dh_next, cache):
    """einsum."""
    x, h, Wx, Wh, h_next = cache
    a = dh_next * (1 - h_next) * (1 + h_next)
    return a @ Wx.T, a @ Wh.T, np.einsum("nd,nh->dh", x, a), np.einsum("ng,nh->gh", h, a), a.sum(0)


def lstm_step_forward__slices(x, h, c, Wx, Wh, b):
    """Slices in place of split, sigmoid by tanh."""
    H = h.shape[1]
    a = x @ Wx + h @ Wh + b
    s = 0.5 * (1 + np.tanh(a / 2))
    i, f, g, o = s[:, :H], s[:, H : 2 * H], np.tanh(a[:, 2 * H : 3 * H]), s[:, 3 * H :]
    c_next = f * c + i * g
    return o * np.tanh(c_next), c_next, (x, h, c, Wx, Wh, np.concatenate([i, f, g, o], axis=1), c_next)


def gru_step_forward__slices(x, h, Wx, Wh, b):
    """The old state, and what pulls away from it."""
    H = h.shape[1]
    ax, ah = x @ Wx + b[: 3 * H], h @ Wh
    r, z = mine.sigmoid(ax[:, :H] + ah[:, :H]), mine.sigmoid((ax + ah)[:, H : 2 * H])
    hn = ah[:, 2 * H :] + b[3 * H :]
    n = np.tanh(ax[:, 2 * H :] + r * hn)
    return n + z * (h - n), (x, h, Wx, Wh, np.hstack([r, z, n]), hn)


def encode_text__unique(text):
    """np.unique."""
    characters, tokens = np.unique(list(text), return_inverse=True)
    return tokens, "".join(characters)


def embedding_forward__take(tokens, W):
    """np.take."""
    return np.take(W, tokens, axis=0), (tokens, W)


def embedding_backward__one_hot(dout, cache):
    """A product with one-hot rows."""
    tokens, W = cache
    hot = np.eye(len(W))[tokens.ravel()]
    return hot.T @ dout.reshape(-1, W.shape[1])


def perplexity__power(loss):
    """A power of e."""
    return np.e**loss
