"""Wrong answers to chapter 05, after what people were seen to write."""

import finished as mine
import numpy as np
from finished import rnn_step_backward


def rnn_step_forward__exchanged(x, h, Wx, Wh, b):
    """No bias."""
    h_next = np.tanh(x @ Wx + h @ Wh)
    return h_next, (x, h, Wx, Wh, h_next)


def rnn_step_forward__sigmoid(x, h, Wx, Wh, b):
    """A sigmoid."""
    h_next = mine.sigmoid(x @ Wx + h @ Wh + b)
    return h_next, (x, h, Wx, Wh, h_next)


def rnn_step_forward__wh_transposed(x, h, Wx, Wh, b):
    """Wh transposed, as in PyTorch."""
    h_next = np.tanh(x @ Wx + h @ Wh.T + b)
    return h_next, (x, h, Wx, Wh, h_next)


def rnn_forward__last_only(x, h0, Wx, Wh, b):
    """The last state only."""
    h = h0
    for t in range(x.shape[1]):
        h, _ = mine.rnn_step_forward(x[:, t], h, Wx, Wh, b)
    return h, (x, h0, Wx, Wh, h)


def many_to_many_head__no_bias(h, W, b):
    """No bias."""
    return h @ W


def many_to_one_head__mean(h, lengths, W, b):
    """The mean of all states."""
    return h.mean(axis=1) @ W + b


def sequence_mask__inverted(lengths, T):
    """True for what was filled in."""
    return np.arange(T) >= lengths[:, np.newaxis]


def sequence_mask__floats(lengths, T):
    """Numbers in place of True and False."""
    return (np.arange(T) < lengths[:, np.newaxis]).astype(float)


def masked_mean__sum(values, mask):
    """A sum."""
    return np.sum(values * mask)


def masked_mean__by_rows_count(values, mask):
    """Divides by the number of sequences."""
    return np.sum(values * mask) / len(values)


def rnn_step_backward__tanh_again(dh_next, cache):
    """1 - tanh(h_next)**2."""
    x, h, Wx, Wh, h_next = cache
    da = dh_next * (1 - np.tanh(h_next) ** 2)
    return da @ Wx.T, da @ Wh.T, x.T @ da, h.T @ da, da.sum(axis=0)


def rnn_step_backward__dWh_turned(dh_next, cache):
    """dWh transposed."""
    x, h, Wx, Wh, h_next = cache
    da = dh_next * (1 - h_next**2)
    return da @ Wx.T, da @ Wh.T, x.T @ da, da.T @ h, da.sum(axis=0)


def rnn_step_backward__db_mean(dh_next, cache):
    """db is a mean."""
    x, h, Wx, Wh, h_next = cache
    da = dh_next * (1 - h_next**2)
    return da @ Wx.T, da @ Wh.T, x.T @ da, h.T @ da, da.mean(axis=0)


def rnn_step_backward__sigmoid_slope(dh_next, cache):
    """The slope of a sigmoid."""
    x, h, Wx, Wh, h_next = cache
    da = dh_next * h_next * (1 - h_next)
    return da @ Wx.T, da @ Wh.T, x.T @ da, h.T @ da, da.sum(axis=0)


def rnn_step_backward__dh_with_h_next(dh_next, cache):
    """dWh is made of h_next."""
    x, h, Wx, Wh, h_next = cache
    da = dh_next * (1 - h_next**2)
    return da @ Wx.T, da @ Wh.T, x.T @ da, h_next.T @ da, da.sum(axis=0)


def rnn_backward__added_after_the_bend(dh, cache):
    """What comes back is added after the bend."""
    x, h0, Wx, Wh, h = cache
    dx, dWx, dWh, db = np.zeros_like(x), np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(len(Wh))
    later = np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        before = h[:, t - 1] if t else h0
        da = dh[:, t] * (1 - h[:, t] ** 2) + later
        dx[:, t], later = da @ Wx.T, da @ Wh.T
        dWx, dWh, db = dWx + x[:, t].T @ da, dWh + before.T @ da, db + da.sum(axis=0)
    return dx, later, dWx, dWh, db


def rnn_backward__last_step_weights(dh, cache):
    """The weights' gradients of the last step only."""
    x, h0, Wx, Wh, h = cache
    dx = np.zeros_like(x)
    later, first = np.zeros_like(h0), None
    for t in reversed(range(x.shape[1])):
        before = h[:, t - 1] if t else h0
        dx[:, t], later, a, b, c = rnn_step_backward(dh[:, t] + later, (x[:, t], before, Wx, Wh, h[:, t]))
        first = first or (a, b, c)
    return dx, later, *first


def rnn_backward__forward_in_time(dh, cache):
    """From the first step to the last."""
    x, h0, Wx, Wh, h = cache
    dx, dWx, dWh, db = np.zeros_like(x), np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(len(Wh))
    later = np.zeros_like(h0)
    for t in range(x.shape[1]):
        before = h[:, t - 1] if t else h0
        dx[:, t], later, a, b, c = rnn_step_backward(dh[:, t] + later, (x[:, t], before, Wx, Wh, h[:, t]))
        dWx, dWh, db = dWx + a, dWh + b, db + c
    return dx, later, dWx, dWh, db


def gradient_norms_through_time__no_slope(dh, cache):
    """No slope of tanh."""
    _, _, _, Wh, h = cache
    norms = np.zeros(h.shape[1])
    for t in reversed(range(h.shape[1])):
        norms[t] = np.linalg.norm(dh)
        dh = dh @ Wh.T
    return norms


def gradient_norms_through_time__not_transposed(dh, cache):
    """Wh is not transposed."""
    _, _, _, Wh, h = cache
    norms = np.zeros(h.shape[1])
    for t in reversed(range(h.shape[1])):
        norms[t] = np.linalg.norm(dh)
        dh = (dh * (1 - h[:, t] ** 2)) @ Wh
    return norms


def _lstm(x, h, c, Wx, Wh, b, order="ifgo", candidate=np.tanh, cell=np.tanh, mix=None):
    parts = dict(zip(order, np.split(x @ Wx + h @ Wh + b, 4, axis=1)))
    i, f, o = (mine.sigmoid(parts[k]) for k in "ifo")
    g = candidate(parts["g"])
    c_next = mix(i, f, g, c) if mix else f * c + i * g
    return o * cell(c_next), c_next, (x, h, c, Wx, Wh, np.hstack([i, f, g, o]), c_next)


def lstm_step_forward__f_i_g_o(x, h, c, Wx, Wh, b):
    """The order f, i, g, o."""
    return _lstm(x, h, c, Wx, Wh, b, order="figo")


def lstm_step_forward__i_f_o_g(x, h, c, Wx, Wh, b):
    """CS231n's order i, f, o, g."""
    return _lstm(x, h, c, Wx, Wh, b, order="ifog")


def lstm_step_forward__candidate_sigmoid(x, h, c, Wx, Wh, b):
    """A sigmoid for g."""
    return _lstm(x, h, c, Wx, Wh, b, candidate=mine.sigmoid)


def lstm_step_forward__cell_not_bent(x, h, c, Wx, Wh, b):
    """No tanh of the cell."""
    return _lstm(x, h, c, Wx, Wh, b, cell=lambda value: value)


def lstm_step_forward__gates_swapped(x, h, c, Wx, Wh, b):
    """i and f exchanged in the cell."""
    return _lstm(x, h, c, Wx, Wh, b, mix=lambda i, f, g, c: i * c + f * g)


def lstm_step_forward__axis0(x, h, c, Wx, Wh, b):
    """Splits along axis 0."""
    i, f, g, o = np.split(x @ Wx + h @ Wh + b, 4, axis=0)
    i, f, g, o = mine.sigmoid(i), mine.sigmoid(f), np.tanh(g), mine.sigmoid(o)
    c_next = f * c + i * g
    return o * np.tanh(c_next), c_next, (x, h, c, Wx, Wh, np.hstack([i, f, g, o]), c_next)


def _lstm_back(dh_next, dc_next, cache, slopes="ifo", tanh_slope=True, out=True):
    x, h, c, Wx, Wh, gates, c_next = cache
    i, f, g, o = np.split(gates, 4, axis=1)
    t = np.tanh(c_next)
    dc = dc_next + dh_next * (o if out else 1) * ((1 - t**2) if tanh_slope else (1 - c_next**2))
    s = {k: v * (1 - v) if k in slopes else 1 for k, v in zip("ifo", (i, f, o))}
    da = np.hstack([dc * g * s["i"], dc * c * s["f"], dc * i * (1 - g**2), dh_next * t * s["o"]])
    return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, h.T @ da, da.sum(axis=0)


def lstm_step_backward__no_slopes(dh_next, dc_next, cache):
    """No slopes of the gates."""
    return _lstm_back(dh_next, dc_next, cache, slopes="")


def lstm_step_backward__one_slope_missing(dh_next, dc_next, cache):
    """o's slope is missing."""
    return _lstm_back(dh_next, dc_next, cache, slopes="if")


def lstm_step_backward__slope_of_cell(dh_next, dc_next, cache):
    """1 - c_next**2."""
    return _lstm_back(dh_next, dc_next, cache, tanh_slope=False)


def lstm_step_backward__output_gate_missing(dh_next, dc_next, cache):
    """o is missing in dc."""
    return _lstm_back(dh_next, dc_next, cache, out=False)


def lstm_step_backward__dc_not_changed(dh_next, dc_next, cache):
    """Adds to dc_next in place."""
    x, h, c, Wx, Wh, gates, c_next = cache
    i, f, g, o = np.split(gates, 4, axis=1)
    t = np.tanh(c_next)
    dc_next += dh_next * o * (1 - t**2)
    return _lstm_back(dh_next, dc_next - dh_next * o * (1 - t**2), cache)


def lstm_backward__cell_not_carried(dh, cache):
    """The cell's gradient is not carried back."""
    x, h0, c0, Wx, Wh, gates, h, c = cache
    dx, dWx, dWh, db = np.zeros_like(x), np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(Wh.shape[1])
    dhl, dcl = np.zeros_like(h0), np.zeros_like(c0)
    for t in reversed(range(x.shape[1])):
        hb, cb = (h[:, t - 1], c[:, t - 1]) if t else (h0, c0)
        step = (x[:, t], hb, cb, Wx, Wh, gates[:, t], c[:, t])
        dx[:, t], dhl, dcl, p, q, r = _lstm_back(dhl + dh[:, t], np.zeros_like(c0), step)
        dWx, dWh, db = dWx + p, dWh + q, db + r
    return dx, dhl, dcl, dWx, dWh, db


def _gru(x, h, Wx, Wh, b, order="rzn", cho=False, whole=False):
    xs, hs = np.split(x @ Wx, 3, axis=1), np.split(h @ Wh, 3, axis=1)
    bs = np.split(b, 4)
    r, z = mine.sigmoid(xs[0] + hs[0] + bs[0]), mine.sigmoid(xs[1] + hs[1] + bs[1])
    if order == "zrn":
        r, z = z, r
    hn = hs[2] + bs[3]
    n = np.tanh(xs[2] + bs[2] + r * hn)
    if cho:
        n = np.tanh(xs[2] + bs[2] + (r * h) @ np.split(Wh, 3, axis=1)[2] + bs[3])
    if whole:
        n = np.tanh(r * (xs[2] + bs[2] + hn))
    return (1 - z) * n + z * h, (x, h, Wx, Wh, np.hstack([r, z, n]), hn)


def gru_step_forward__r_z_exchanged(x, h, Wx, Wh, b):
    """r and z are exchanged."""
    return _gru(x, h, Wx, Wh, b, order="zrn")


def gru_step_forward__cho(x, h, Wx, Wh, b):
    """r before the product, as in the first paper."""
    return _gru(x, h, Wx, Wh, b, cho=True)


def gru_step_forward__reset_all(x, h, Wx, Wh, b):
    """r multiplies x's part as well."""
    return _gru(x, h, Wx, Wh, b, whole=True)


def gru_step_backward__z_sign(dh_next, cache):
    """n - h in place of h - n."""
    x, h, Wx, Wh, gates, hn = cache
    r, z, n = np.split(gates, 3, axis=1)
    dan = dh_next * (1 - z) * (1 - n**2)
    daz = dh_next * (n - h) * z * (1 - z)
    dar = dan * hn * r * (1 - r)
    dax, dah = np.hstack([dar, daz, dan]), np.hstack([dar, daz, dan * r])
    db = np.concatenate([dax.sum(axis=0), (dan * r).sum(axis=0)])
    return dax @ Wx.T, dah @ Wh.T + dh_next * z, x.T @ dax, h.T @ dah, db


def bidirectional__forward_twice(x, forward_step, backward_step, h_forward=0.0, h_backward=0.0):
    """Reads from the front twice."""
    a, b = [], []
    for t in range(x.shape[1]):
        h_forward, h_backward = forward_step(x[:, t], h_forward), backward_step(x[:, t], h_backward)
        a.append(h_forward)
        b.append(h_backward)
    return np.concatenate([np.stack(a, axis=1), np.stack(b, axis=1)], axis=2)


def encode_text__set_unsorted(text):
    """A list for the characters."""
    characters = sorted(set(text))
    return np.array([characters.index(c) for c in text]), characters


def embedding_forward__transposed(tokens, W):
    """Multiplies in place of picking."""
    return tokens[..., np.newaxis] * W[0], (tokens, W)


def embedding_backward__equals(dout, cache):
    """= keeps the last only."""
    tokens, W = cache
    dW = np.zeros_like(W)
    dW[tokens] = dout
    return dW


def embedding_backward__ones(dout, cache):
    """Counts the uses."""
    tokens, W = cache
    dW = np.zeros_like(W)
    np.add.at(dW, tokens, 1.0)
    return dW


def sample_index__global(logits, temperature, rng):
    """np.random.choice."""
    return np.random.choice(len(logits), p=mine.softmax(logits / temperature))


def sample_index__no_temperature(logits, temperature, rng):
    """No temperature."""
    return rng.choice(len(logits), p=mine.softmax(logits))


def sample_index__logits_as_p(logits, temperature, rng):
    """Scores for probabilities."""
    return rng.choice(len(logits), p=logits / np.sum(logits))


def perplexity__negative(loss):
    """exp(-loss)."""
    return np.exp(-loss)


def train_writer__last_batch(parameters, tokens, mask, lr, epochs, batch_size):
    """Notes the last loss."""
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        for s in range(0, len(tokens), batch_size):
            losses[epoch], g = mine.character_loss(
                parameters, tokens[s : s + batch_size], mask[s : s + batch_size]
            )
            parameters = mine.gradient_step(parameters, mine.clip_by_norm(g, 1.0), lr)
    return parameters, losses


def write__greedy(parameters, start, length, temperature, rng):
    """Takes the likeliest."""
    E, Wx, Wh, b, W, c = (parameters[name] for name in ("E", "Wx", "Wh", "b", "W", "c"))
    h = cell = np.zeros((1, len(Wh)))
    written = list(start)
    for t in range(len(start) + length - 1):
        h, cell, _ = mine.lstm_step_forward(E[[written[t]]], h, cell, Wx, Wh, b)
        if t + 1 == len(written):
            written.append(int(np.argmax((h @ W + c)[0])))
    return np.array(written)
