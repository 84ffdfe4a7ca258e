"""Published figures of chapter 5: none of them was computed here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from byhand.reference.backprop.losses import cross_entropy_loss
from byhand.reference.recurrent.characters import embedding_forward
from byhand.reference.recurrent.gru import gru_forward
from byhand.reference.recurrent.lstm import lstm_forward
from byhand.reference.recurrent.lstm_step import lstm_step_forward
from byhand.reference.recurrent.rnn import rnn_forward
from byhand.reference.recurrent.rnn_step import rnn_step_forward
from byhand.reference.recurrent.sequences import bidirectional, many_to_many_head

CS231N = "CS231n, assignment 3"
KERAS = "Keras, the tests of its recurrent layers"


@dataclass(frozen=True)
class Row:
    """What a source printed. `within` is half a unit of its last printed digit, or what its rounding allows."""

    what: str
    computed: Callable[[], Any]
    printed: ArrayLike
    within: float
    source: str


def linear(low: float, high: float, *shape: int) -> NDArray:
    return np.linspace(low, high, num=int(np.prod(shape))).reshape(shape)


def to_our_order(array: NDArray) -> NDArray:
    """Columns in the order i, f, o, g, as CS231n and Keras have them, in ours: i, f, g, o."""
    i, f, o, g = np.split(array, 4, axis=-1)
    return np.concatenate([i, f, g, o], axis=-1)


def cs231n_rnn_step() -> NDArray:
    x, h = linear(-0.4, 0.7, 3, 10), linear(-0.2, 0.5, 3, 4)
    return rnn_step_forward(x, h, linear(-0.1, 0.9, 10, 4), linear(-0.3, 0.7, 4, 4), linear(-0.2, 0.4, 4))[0]


def cs231n_rnn() -> NDArray:
    x, h0 = linear(-0.1, 0.3, 2, 3, 4), linear(-0.3, 0.1, 2, 5)
    return rnn_forward(x, h0, linear(-0.2, 0.4, 4, 5), linear(-0.4, 0.1, 5, 5), linear(-0.7, 0.1, 5))[0]


def cs231n_lstm_step() -> tuple[NDArray, NDArray]:
    x, h, c = linear(-0.4, 1.2, 3, 4), linear(-0.3, 0.7, 3, 5), linear(-0.4, 0.9, 3, 5)
    weights = map(to_our_order, (linear(-2.1, 1.3, 4, 20), linear(-0.7, 2.2, 5, 20), linear(0.3, 0.7, 20)))
    return lstm_step_forward(x, h, c, *weights)[:2]


def cs231n_lstm() -> NDArray:
    x, h0 = linear(-0.4, 0.6, 2, 3, 5), linear(-0.4, 0.8, 2, 4)
    weights = map(to_our_order, (linear(-0.2, 0.9, 5, 16), linear(-0.3, 0.6, 4, 16), linear(0.2, 0.7, 16)))
    return lstm_forward(x, h0, np.zeros((2, 4)), *weights)[0]


def cs231n_captions(kind: str) -> float:
    """The loss of the assignment's captioning model: embedding, recurrent layer, a head for every step, a mask."""
    N, D, W, H, T, V = 10, 20, 30, 40, 13, 3
    features = linear(*((-1.5, 0.3) if kind == "rnn" else (-0.5, 1.7)), N, D)
    captions = (np.arange(N * T) % V).reshape(N, T)
    gates = 1 if kind == "rnn" else 4
    Wx, Wh, b = (linear(-1.4, 1.3, *shape) for shape in ((W, gates * H), (H, gates * H), (gates * H,)))
    x, _ = embedding_forward(captions[:, :-1], linear(-1.4, 1.3, V, W))
    h0 = features @ linear(-1.4, 1.3, D, H) + linear(-1.4, 1.3, H)
    if kind == "rnn":
        h, _ = rnn_forward(x, h0, Wx, Wh, b)
    else:
        h, _, _ = lstm_forward(x, h0, np.zeros((N, H)), *map(to_our_order, (Wx, Wh, b)))
    scores, wanted = many_to_many_head(h, linear(-1.4, 1.3, H, V), linear(-1.4, 1.3, V)), captions[:, 1:]
    real = wanted != 0  # 0 stands for "nothing"
    loss, _ = cross_entropy_loss(scores[real], wanted[real])
    return loss * real.sum() / N  # the source divides by the sequences, we by the real steps


def constant(D: int, H: int, gates: int = 1, bias: float = 0.03) -> tuple[NDArray, NDArray, NDArray]:
    return np.full((D, gates * H), 0.01), np.full((H, gates * H), 0.02), np.full(gates * H, bias)


def counting(*shape: int) -> NDArray:
    return np.arange(np.prod(shape), dtype=float).reshape(shape)


def keras_rnn(T: int, D: int, h0: NDArray) -> NDArray:
    return rnn_forward(counting(2, T, D), h0, *constant(D, 4))[0][:, -1]


def keras_lstm(x: NDArray, H: int, h0: NDArray | None = None, forget: float = 1.0) -> NDArray:
    """Keras sets the bias of the forget gate to 1, unless it is told not to."""
    h0 = np.zeros((len(x), H)) if h0 is None else h0
    Wx, Wh, b = constant(x.shape[2], H, 4)
    b[H : 2 * H] = forget
    return lstm_forward(x, h0, h0, Wx, Wh, b)[0][:, -1]


def keras_gru(x: NDArray, H: int, h0: NDArray | None = None, bias: float = 0.03) -> NDArray:
    """Keras has two biases for each gate, as PyTorch does: for r and z our one is their sum."""
    Wx, Wh, _ = constant(x.shape[2], H, 3)
    b = np.repeat([2 * bias, 2 * bias, bias, bias], H)
    return gru_forward(x, np.zeros((len(x), H)) if h0 is None else h0, Wx, Wh, b)[0][:, -1]


def keras_both_ways() -> NDArray:
    """The state of each direction after its last step: forward at the end, backward at the start."""
    weights = constant(4, 2)

    def step(x_t, h):
        return rnn_step_forward(x_t, h, *weights)[0]

    out = bidirectional(counting(2, 3, 4), step, step, np.zeros((2, 2)), np.zeros((2, 2)))
    return np.hstack([out[:, -1, :2], out[:, 0, 2:]])


def equal_rows(*numbers: float, times: int) -> NDArray:
    return np.repeat(np.array(numbers)[:, np.newaxis], times, axis=1)


ROWS = [
    Row(
        "one step of an RNN",
        cs231n_rnn_step,
        [
            [-0.58172089, -0.50182032, -0.41232771, -0.31410098],
            [0.66854692, 0.79562378, 0.87755553, 0.92795967],
            [0.97934501, 0.99144213, 0.99646691, 0.99854353],
        ],
        5e-9,
        CS231N,
    ),
    Row(
        "an RNN over three steps",
        cs231n_rnn,
        [
            [
                [-0.42070749, -0.27279261, -0.11074945, 0.05740409, 0.22236251],
                [-0.39525808, -0.22554661, -0.0409454, 0.14649412, 0.32397316],
                [-0.42305111, -0.24223728, -0.04287027, 0.15997045, 0.35014525],
            ],
            [
                [-0.55857474, -0.39065825, -0.19198182, 0.02378408, 0.23735671],
                [-0.27150199, -0.07088804, 0.13562939, 0.33099728, 0.50158768],
                [-0.51014825, -0.30524429, -0.06755202, 0.17806392, 0.40333043],
            ],
        ],
        5e-9,
        CS231N,
    ),
    Row(
        "the state after one step of an LSTM",
        lambda: cs231n_lstm_step()[0],
        [
            [0.24635157, 0.28610883, 0.32240467, 0.35525807, 0.38474904],
            [0.49223563, 0.55611431, 0.61507696, 0.66844003, 0.7159181],
            [0.56735664, 0.66310127, 0.74419266, 0.80889665, 0.858299],
        ],
        5e-9,
        CS231N,
    ),
    Row(
        "the cell after one step of an LSTM",
        lambda: cs231n_lstm_step()[1],
        [
            [0.32986176, 0.39145139, 0.451556, 0.51014116, 0.56717407],
            [0.66382255, 0.76674007, 0.87195994, 0.97902709, 1.08751345],
            [0.74192008, 0.90592151, 1.07717006, 1.25120233, 1.42395676],
        ],
        5e-9,
        CS231N,
    ),
    Row(
        "an LSTM over three steps",
        cs231n_lstm,
        [
            [
                [0.01764008, 0.01823233, 0.01882671, 0.0194232],
                [0.11287491, 0.12146228, 0.13018446, 0.13902939],
                [0.31358768, 0.33338627, 0.35304453, 0.37250975],
            ],
            [
                [0.45767879, 0.4761092, 0.4936887, 0.51041945],
                [0.6704845, 0.69350089, 0.71486014, 0.7346449],
                [0.81733511, 0.83677871, 0.85403753, 0.86935314],
            ],
        ],
        5e-9,
        CS231N,
    ),
    Row(
        "an embedding",
        lambda: embedding_forward([[0, 3, 1, 2], [2, 1, 0, 3]], linear(0, 1, 5, 3))[0],
        [
            [
                [0.0, 0.07142857, 0.14285714],
                [0.64285714, 0.71428571, 0.78571429],
                [0.21428571, 0.28571429, 0.35714286],
                [0.42857143, 0.5, 0.57142857],
            ],
            [
                [0.42857143, 0.5, 0.57142857],
                [0.21428571, 0.28571429, 0.35714286],
                [0.0, 0.07142857, 0.14285714],
                [0.64285714, 0.71428571, 0.78571429],
            ],
        ],
        5e-9,
        CS231N,
    ),
    Row("the loss of a captioning RNN", lambda: cs231n_captions("rnn"), 9.83235591003, 5e-12, CS231N),
    Row("the loss of a captioning LSTM", lambda: cs231n_captions("lstm"), 9.82445935443, 5e-12, CS231N),
    Row(
        "an RNN with constant weights",
        lambda: keras_rnn(3, 4, np.zeros((2, 4))),
        equal_rows(0.405432, 0.73605347, times=4),
        1e-6,  # printed as float32
        KERAS,
    ),
    Row(
        "an RNN from a state that is not zero",
        lambda: keras_rnn(4, 3, counting(2, 4)),
        equal_rows(0.33621645, 0.6262637, times=4),
        1e-6,
        KERAS,
    ),
    Row(
        "an LSTM with constant weights",
        lambda: keras_lstm(counting(3, 6, 4), 3),
        equal_rows(0.6288687, 0.86899155, 0.9460773, times=3),
        1e-5,
        KERAS,
    ),
    Row(
        "an LSTM whose forget gate starts like the others",
        lambda: keras_lstm(counting(3, 6, 4), 3, forget=0.03),
        equal_rows(0.57019705, 0.8661914, 0.9459622, times=3),
        1e-5,
        KERAS,
    ),
    Row(
        "an LSTM from state and cell that are not zero",
        lambda: keras_lstm(counting(2, 4, 3), 2, counting(2, 2)),
        [[0.20574439, 0.3558822], [0.64930826, 0.66276]],
        1e-5,
        KERAS,
    ),
    Row(
        "a GRU with constant weights",
        lambda: keras_gru(counting(3, 6, 4), 3),
        equal_rows(0.5217289, 0.6371659, 0.39384964, times=3),
        1e-5,
        KERAS,
    ),
    Row(
        "a GRU without biases",
        lambda: keras_gru(counting(3, 6, 4), 3, bias=0),
        equal_rows(0.49988455, 0.64701194, 0.4103359, times=3),
        1e-5,
        KERAS,
    ),
    Row(
        "a GRU from a state that is not zero",
        lambda: keras_gru(counting(2, 4, 3), 2, counting(2, 2)),
        [[0.23774096, 0.33508456], [0.83659905, 1.0227708]],
        1e-6,
        KERAS,
    ),
    Row(
        "an RNN in both directions",
        keras_both_ways,
        [[0.39687276, 0.39687276, 0.10004295, 0.10004295], [0.7237238, 0.7237238, 0.53391594, 0.53391594]],
        1e-6,
        KERAS,
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
def test_published_figure(row):
    np.testing.assert_allclose(row.computed(), row.printed, rtol=0, atol=row.within, err_msg=row.source)
