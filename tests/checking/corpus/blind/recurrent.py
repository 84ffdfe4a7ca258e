"""Wrong answers to chapter 05, written from the notebook's text alone."""

import finished as mine
import numpy as np
from finished import (
    embedding_forward,
    gru_step_forward,
    lstm_step_backward,
    lstm_step_forward,
    rnn_step_backward,
    rnn_step_forward,
    sample_index,
)


def rnn_step_forward__no_bend(x, h, Wx, Wh, b):
    """No tanh."""
    h_next = x @ Wx + h @ Wh + b
    return h_next, (x, h, Wx, Wh, h_next)


def rnn_step_forward__bend_twice(x, h, Wx, Wh, b):
    """tanh of each part."""
    h_next = np.tanh(x @ Wx) + np.tanh(h @ Wh) + b
    return h_next, (x, h, Wx, Wh, h_next)


def rnn_forward__always_h0(x, h0, Wx, Wh, b):
    """Each step starts from h0."""
    states = []
    for t in range(x.shape[1]):
        state, _ = rnn_step_forward(x[:, t], h0, Wx, Wh, b)
        states.append(state)
    h = np.stack(states, axis=1)
    return h, (x, h0, Wx, Wh, h)


def rnn_forward__stack_axis0(x, h0, Wx, Wh, b):
    """Stacked along the first axis."""
    state, states = h0, []
    for t in range(x.shape[1]):
        state, _ = rnn_step_forward(x[:, t], state, Wx, Wh, b)
        states.append(state)
    h = np.array(states)
    return h, (x, h0, Wx, Wh, h)


def rnn_forward__zeros(x, h0, Wx, Wh, b):
    """Begins with zeros."""
    state, states = np.zeros_like(h0), []
    for t in range(x.shape[1]):
        state, _ = rnn_step_forward(x[:, t], state, Wx, Wh, b)
        states.append(state)
    h = np.stack(states, axis=1)
    return h, (x, h0, Wx, Wh, h)


def many_to_many_head__last(h, W, b):
    """Only the last state."""
    return h[:, -1] @ W + b


def many_to_one_head__last(h, lengths, W, b):
    """The last state of all."""
    return h[:, -1] @ W + b


def many_to_one_head__off_by_one(h, lengths, W, b):
    """lengths in place of lengths - 1."""
    return h[np.arange(len(h)), lengths] @ W + b


def many_to_one_head__all_pairs(h, lengths, W, b):
    """A colon in place of arange."""
    return h[:, lengths - 1] @ W + b


def sequence_mask__le(lengths, T):
    """One step too many."""
    return np.arange(T) <= lengths[:, np.newaxis]


def sequence_mask__turned(lengths, T):
    """Row and column exchanged."""
    return np.arange(T)[:, np.newaxis] < lengths


def masked_mean__all(values, mask):
    """Divides by all steps."""
    return np.mean(values * mask)


def masked_mean__rows(values, mask):
    """The mean of the means of the rows."""
    return np.mean(np.sum(values * mask, axis=1) / np.sum(mask, axis=1))


def rnn_step_backward__no_bend(dh_next, cache):
    """The bend is forgotten."""
    x, h, Wx, Wh, h_next = cache
    da = dh_next
    return da @ Wx.T, da @ Wh.T, x.T @ da, h.T @ da, da.sum(axis=0)


def rnn_step_backward__not_transposed(dh_next, cache):
    """Wh is not transposed, which fits all the same."""
    x, h, Wx, Wh, h_next = cache
    da = dh_next * (1 - h_next**2)
    return da @ Wx.T, da @ Wh, x.T @ da, h.T @ da, da.sum(axis=0)


def rnn_step_backward__slope_of_h(dh_next, cache):
    """The slope with the old state."""
    x, h, Wx, Wh, h_next = cache
    da = dh_next * (1 - h**2)
    return da @ Wx.T, da @ Wh.T, x.T @ da, h.T @ da, da.sum(axis=0)


def rnn_backward__nothing_from_later(dh, cache):
    """What comes from the later step is forgotten."""
    x, h0, Wx, Wh, h = cache
    dx, dWx, dWh, db = np.zeros_like(x), np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(len(Wh))
    for t in reversed(range(x.shape[1])):
        before = h[:, t - 1] if t > 0 else h0
        dx[:, t], dh0, a, b, c = rnn_step_backward(dh[:, t], (x[:, t], before, Wx, Wh, h[:, t]))
        dWx += a
        dWh += b
        db += c
    return dx, dh0, dWx, dWh, db


def rnn_backward__h_minus_one(dh, cache):
    """h[:, -1] for step 0."""
    x, h0, Wx, Wh, h = cache
    dx, dWx, dWh, db = np.zeros_like(x), np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(len(Wh))
    later = np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        dx[:, t], later, a, b, c = rnn_step_backward(
            dh[:, t] + later, (x[:, t], h[:, t - 1], Wx, Wh, h[:, t])
        )
        dWx += a
        dWh += b
        db += c
    return dx, later, dWx, dWh, db


def rnn_backward__weights_not_added(dh, cache):
    """The weights' gradients are not added up."""
    x, h0, Wx, Wh, h = cache
    dx = np.zeros_like(x)
    later = np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        before = h[:, t - 1] if t > 0 else h0
        dx[:, t], later, dWx, dWh, db = rnn_step_backward(
            dh[:, t] + later, (x[:, t], before, Wx, Wh, h[:, t])
        )
    return dx, later, dWx, dWh, db


def gradient_norms_through_time__after(dh, cache):
    """Steps back before the norm is noted."""
    _, _, _, Wh, h = cache
    T = h.shape[1]
    norms = np.zeros(T)
    for t in reversed(range(T)):
        dh = (dh * (1 - h[:, t] ** 2)) @ Wh.T
        norms[t] = np.linalg.norm(dh)
    return norms


def gradient_norms_through_time__appended(dh, cache):
    """The list is not turned round."""
    _, _, _, Wh, h = cache
    norms = []
    for t in reversed(range(h.shape[1])):
        norms.append(np.linalg.norm(dh))
        dh = (dh * (1 - h[:, t] ** 2)) @ Wh.T
    return np.array(norms)


def lstm_step_forward__old_cell(x, h, c, Wx, Wh, b):
    """The state looks at the old cell."""
    i, f, g, o = np.split(x @ Wx + h @ Wh + b, 4, axis=1)
    i, f, g, o = mine.sigmoid(i), mine.sigmoid(f), np.tanh(g), mine.sigmoid(o)
    c_next = f * c + i * g
    h_next = o * np.tanh(c)
    return h_next, c_next, (x, h, c, Wx, Wh, np.hstack([i, f, g, o]), c_next)


def lstm_step_forward__order(x, h, c, Wx, Wh, b):
    """The order i, f, o, g."""
    i, f, o, g = np.split(x @ Wx + h @ Wh + b, 4, axis=1)
    i, f, g, o = mine.sigmoid(i), mine.sigmoid(f), np.tanh(g), mine.sigmoid(o)
    c_next = f * c + i * g
    h_next = o * np.tanh(c_next)
    return h_next, c_next, (x, h, c, Wx, Wh, np.hstack([i, f, g, o]), c_next)


def lstm_step_forward__all_sigmoid(x, h, c, Wx, Wh, b):
    """A sigmoid for the candidate too, and no tanh of the cell."""
    i, f, g, o = np.split(mine.sigmoid(x @ Wx + h @ Wh + b), 4, axis=1)
    c_next = f * c + i * g
    h_next = o * c_next
    return h_next, c_next, (x, h, c, Wx, Wh, np.hstack([i, f, g, o]), c_next)


def lstm_forward__cell_not_handed_on(x, h0, c0, Wx, Wh, b):
    """Every step gets c0."""
    states, cells, gates = [], [], []
    state = h0
    for t in range(x.shape[1]):
        state, cell, cache = lstm_step_forward(x[:, t], state, c0, Wx, Wh, b)
        states.append(state)
        cells.append(cell)
        gates.append(cache[5])
    h, c, gates = np.stack(states, axis=1), np.stack(cells, axis=1), np.stack(gates, axis=1)
    return h, c, (x, h0, c0, Wx, Wh, gates, h, c)


def lstm_step_backward__dc_alone(dh_next, dc_next, cache):
    """The cell's other way out is forgotten."""
    x, h, c, Wx, Wh, gates, c_next = cache
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c_next)
    dc = dh_next * o * (1 - tanh_c**2)
    da = np.hstack(
        [dc * g * i * (1 - i), dc * c * f * (1 - f), dc * i * (1 - g**2), dh_next * tanh_c * o * (1 - o)]
    )
    return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, h.T @ da, da.sum(axis=0)


def lstm_step_backward__g_sigmoid(dh_next, dc_next, cache):
    """The slope of a sigmoid for g."""
    x, h, c, Wx, Wh, gates, c_next = cache
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c_next)
    dc = dc_next + dh_next * o * (1 - tanh_c**2)
    da = np.hstack([dc * g, dc * c, dc * i, dh_next * tanh_c]) * gates * (1 - gates)
    return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, h.T @ da, da.sum(axis=0)


def lstm_step_backward__f_missing(dh_next, dc_next, cache):
    """The old cell gets dc, not dc times f."""
    x, h, c, Wx, Wh, gates, c_next = cache
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c_next)
    dc = dc_next + dh_next * o * (1 - tanh_c**2)
    da = np.hstack(
        [dc * g * i * (1 - i), dc * c * f * (1 - f), dc * i * (1 - g**2), dh_next * tanh_c * o * (1 - o)]
    )
    return da @ Wx.T, da @ Wh.T, dc, x.T @ da, h.T @ da, da.sum(axis=0)


def lstm_backward__dc_gets_dh(dh, cache):
    """dh[:, t] is added to the cell's gradient."""
    x, h0, c0, Wx, Wh, gates, h, c = cache
    dx, dWx, dWh, db = np.zeros_like(x), np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(Wh.shape[1])
    dhl, dcl = np.zeros_like(h0), np.zeros_like(c0)
    for t in reversed(range(x.shape[1])):
        hb, cb = (h[:, t - 1], c[:, t - 1]) if t else (h0, c0)
        step = (x[:, t], hb, cb, Wx, Wh, gates[:, t], c[:, t])
        dx[:, t], dhl, dcl, p, q, r = lstm_step_backward(dhl, dh[:, t] + dcl, step)
        dWx, dWh, db = dWx + p, dWh + q, db + r
    return dx, dhl, dcl, dWx, dWh, db


def gru_step_forward__z_swapped(x, h, Wx, Wh, b):
    """z and 1 - z are exchanged."""
    xr, xz, xn = np.split(x @ Wx, 3, axis=1)
    hr, hz, hn = np.split(h @ Wh, 3, axis=1)
    br, bz, bn, bhn = np.split(b, 4)
    r, z = mine.sigmoid(xr + hr + br), mine.sigmoid(xz + hz + bz)
    hn = hn + bhn
    n = np.tanh(xn + bn + r * hn)
    h_next = z * n + (1 - z) * h
    return h_next, (x, h, Wx, Wh, np.hstack([r, z, n]), hn)


def gru_step_forward__b_hn_outside(x, h, Wx, Wh, b):
    """b_hn is not multiplied by r."""
    xr, xz, xn = np.split(x @ Wx, 3, axis=1)
    hr, hz, hn = np.split(h @ Wh, 3, axis=1)
    br, bz, bn, bhn = np.split(b, 4)
    r, z = mine.sigmoid(xr + hr + br), mine.sigmoid(xz + hz + bz)
    n = np.tanh(xn + bn + r * hn + bhn)
    h_next = (1 - z) * n + z * h
    return h_next, (x, h, Wx, Wh, np.hstack([r, z, n]), hn)


def gru_forward__gates_index(x, h0, Wx, Wh, b):
    """hn and the gates are exchanged."""
    states, gates, hn = [], [], []
    state = h0
    for t in range(x.shape[1]):
        state, cache = gru_step_forward(x[:, t], state, Wx, Wh, b)
        states.append(state)
        gates.append(cache[5])
        hn.append(cache[4])
    h, gates, hn = np.stack(states, axis=1), np.stack(gates, axis=1), np.stack(hn, axis=1)
    return h, (x, h0, Wx, Wh, gates, hn, h)


def gru_step_backward__straight_forgotten(dh_next, cache):
    """dh_next * z is forgotten."""
    x, h, Wx, Wh, gates, hn = cache
    r, z, n = np.split(gates, 3, axis=1)
    dan = dh_next * (1 - z) * (1 - n**2)
    daz = dh_next * (h - n) * z * (1 - z)
    dar = dan * hn * r * (1 - r)
    dax, dah = np.hstack([dar, daz, dan]), np.hstack([dar, daz, dan * r])
    db = np.concatenate([dax.sum(axis=0), (dan * r).sum(axis=0)])
    return dax @ Wx.T, dah @ Wh.T, x.T @ dax, h.T @ dah, db


def gru_step_backward__same_for_h(dh_next, cache):
    """h @ Wh gets the same gradient as x @ Wx."""
    x, h, Wx, Wh, gates, hn = cache
    r, z, n = np.split(gates, 3, axis=1)
    dan = dh_next * (1 - z) * (1 - n**2)
    daz = dh_next * (h - n) * z * (1 - z)
    dar = dan * hn * r * (1 - r)
    da = np.hstack([dar, daz, dan])
    db = np.concatenate([da.sum(axis=0), (dan * r).sum(axis=0)])
    return da @ Wx.T, da @ Wh.T + dh_next * z, x.T @ da, h.T @ da, db


def bidirectional__not_turned_back(x, forward_step, backward_step, h_forward=0.0, h_backward=0.0):
    """The second list is not turned round."""
    first, second = [], []
    h = h_forward
    for t in range(x.shape[1]):
        h = forward_step(x[:, t], h)
        first.append(h)
    h = h_backward
    for t in reversed(range(x.shape[1])):
        h = backward_step(x[:, t], h)
        second.append(h)
    return np.concatenate([np.stack(first, axis=1), np.stack(second, axis=1)], axis=2)


def bidirectional__added(x, forward_step, backward_step, h_forward=0.0, h_backward=0.0):
    """The two states are added."""
    first, second = [], []
    for t in range(x.shape[1]):
        h_forward = forward_step(x[:, t], h_forward)
        first.append(h_forward)
    for t in reversed(range(x.shape[1])):
        h_backward = backward_step(x[:, t], h_backward)
        second.insert(0, h_backward)
    return np.stack(first, axis=1) + np.stack(second, axis=1)


def encode_text__unsorted(text):
    """In the order in which they occur."""
    characters = ""
    for c in text:
        if c not in characters:
            characters += c
    return np.array([characters.index(c) for c in text]), characters


def encode_text__list(text):
    """A list of characters, and a list of numbers."""
    characters = sorted(set(text))
    return [characters.index(c) for c in text], characters


def embedding_forward__columns(tokens, W):
    """Picks columns."""
    return W[:, tokens], (tokens, W)


def embedding_backward__plus_equals(dout, cache):
    """+= with an index counts a repeated token once."""
    tokens, W = cache
    dW = np.zeros_like(W)
    dW[tokens] += dout
    return dW


def sample_index__argmax(logits, temperature, rng):
    """The likeliest, and no chance."""
    return int(np.argmax(logits / temperature))


def sample_index__times(logits, temperature, rng):
    """Times the temperature."""
    return rng.choice(len(logits), p=mine.softmax(logits * temperature))


def sample_index__temperature_after(logits, temperature, rng):
    """The temperature after the softmax."""
    return rng.choice(len(logits), p=mine.softmax(logits) / temperature)


def perplexity__power_of_two(loss):
    """2 in place of e."""
    return 2**loss


def write__softmax_temperature_once(parameters, start, length, temperature, rng):
    """Reads the last token of the start only."""
    E, Wx, Wh, b, W, c = (parameters[name] for name in ("E", "Wx", "Wh", "b", "W", "c"))
    h = cell = np.zeros((1, len(Wh)))
    written = list(start)
    for _ in range(length):
        h, cell, _ = lstm_step_forward(E[[written[-1]]], h, cell, Wx, Wh, b)
        written.append(sample_index((h @ W + c)[0], temperature, rng))
    return np.array(written)


def write__only_new(parameters, start, length, temperature, rng):
    """Returns without the start."""
    E, Wx, Wh, b, W, c = (parameters[name] for name in ("E", "Wx", "Wh", "b", "W", "c"))
    h = cell = np.zeros((1, len(Wh)))
    written = list(start)
    for t in range(len(start) + length - 1):
        h, cell, _ = lstm_step_forward(E[[written[t]]], h, cell, Wx, Wh, b)
        if t + 1 == len(written):
            written.append(sample_index((h @ W + c)[0], temperature, rng))
    return np.array(written[len(start) :])


def character_loss__same_token(parameters, tokens, mask):
    """Foretells the token that it reads."""
    E, Wx, Wh, b, W, c = (parameters[name] for name in ("E", "Wx", "Wh", "b", "W", "c"))
    reads, follows, real = tokens[:, :-1], tokens[:, :-1], mask[:, 1:]
    xs, e_cache = embedding_forward(reads, E)
    zeros = np.zeros((len(tokens), len(Wh)))
    h, _, l_cache = mine.lstm_forward(xs, zeros, zeros, Wx, Wh, b)
    scores = h @ W + c
    d = np.zeros_like(scores)
    loss, d[real] = mine.cross_entropy_loss(scores[real], follows[real])
    dh, dW, dc = mine.dense_backward(d.reshape(-1, len(c)), (h.reshape(-1, len(Wh)), W, c))
    dx, _, _, dWx, dWh, db = mine.lstm_backward(dh.reshape(h.shape), l_cache)
    dE = mine.embedding_backward(dx, e_cache)
    return loss, {"E": dE, "Wx": dWx, "Wh": dWh, "b": db, "W": dW, "c": dc}


def train_writer__no_clip(parameters, tokens, mask, lr, epochs, batch_size):
    """Does not clip."""
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        found = []
        for s in range(0, len(tokens), batch_size):
            loss, g = mine.character_loss(parameters, tokens[s : s + batch_size], mask[s : s + batch_size])
            found.append(loss)
            parameters = mine.gradient_step(parameters, g, lr)
        losses[epoch] = np.mean(found)
    return parameters, losses
