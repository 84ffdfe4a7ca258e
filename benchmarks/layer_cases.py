"""What is timed of the layers: ours, PyTorch's, and numpy-ml's where it has the layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import bounds
import numpy as np
import numpy_ml_peer
import torch
from timing import Call

from byhand.reference.backprop import losses
from byhand.reference.backprop.backward import dense_backward
from byhand.reference.convolution import conv2d, pooling
from byhand.reference.neuron.layers import dense_forward
from byhand.reference.recurrent import gru, lstm, rnn
from byhand.reference.regularization import normalization

layers, _ = numpy_ml_peer.load()


@dataclass(frozen=True)
class Case:
    """One row of the table. `ours` and `theirs` return something of which the first array must be the same.

    `flops` counts the multiplications and additions of its matrix products, `moved` the bytes of everything that it
    must read or write once. Beside what the machine can do at best, they say what bounds a time. `parts` gives what
    NumPy cannot do without, to be timed alone.
    """

    name: str
    size: str
    ours: Call
    theirs: Call
    numpy_ml: Call | None = None
    flops: int = 0
    moved: int = 0
    parts: Callable[[], dict[str, Call]] = dict


def cases(dtype: type) -> Iterator[Case]:
    """Every layer, forward and backward, in this number type."""
    draw = Draw(dtype)
    yield from dense(draw)
    for size, x, filters, kernel, stride in CONVOLUTIONS:
        yield from convolve(draw, size, x, filters, kernel, stride)
    for mode in ("max", "avg"):
        yield from pool(draw, mode)
    yield from batch_norm(draw, "256 × 128", (256, 128))
    yield from batch_norm(draw, "32 × 16 × 32 × 32", (32, 16, 32, 32))
    yield from layer_norm(draw)
    for cell in ("RNN", "LSTM", "GRU"):
        yield from recurrent(draw, cell)
    yield from cross_entropy(draw, 256, 10)
    yield from cross_entropy(draw, 1024, 1000)


CONVOLUTIONS = (
    ("digits", (64, 1, 8, 8), 8, 3, 1),
    ("digits", (64, 8, 8, 8), 16, 3, 1),
    ("digits", (64, 8, 8, 8), 16, 3, 2),
    ("digits", (64, 8, 8, 8), 16, 5, 1),
    ("CIFAR", (32, 3, 32, 32), 16, 3, 1),
    ("CIFAR", (32, 16, 32, 32), 32, 3, 1),
    ("CIFAR", (32, 16, 32, 32), 32, 3, 2),
    ("CIFAR", (32, 16, 32, 32), 32, 5, 1),
    ("CIFAR", (32, 16, 32, 32), 32, 5, 2),
    ("CIFAR", (32, 16, 32, 32), 32, 1, 1),
)


class Draw:
    """Arrays of one number type, the same at every run, each as NumPy has it and as PyTorch has it."""

    def __init__(self, dtype: type) -> None:
        self.dtype = dtype
        self._rng = np.random.default_rng(0)

    def __call__(self, *shape: int, scale: float = 1.0) -> np.ndarray:
        return (scale * self._rng.standard_normal(shape)).astype(self.dtype)

    def ints(self, high: int, *shape: int) -> np.ndarray:
        return self._rng.integers(high, size=shape)

    @property
    def double(self) -> bool:
        """numpy-ml computes in float64 whatever it is given, so it is timed there only."""
        return self.dtype is np.float64


def both(
    name: str,
    size: str,
    forward: Callable[[], tuple[Any, Any]],
    backward: Callable[..., Any],
    torch_forward: Callable[[], torch.Tensor],
    leaves: list[torch.Tensor],
    dout: np.ndarray,
    peer: tuple[Call, Call] | None = None,
    flops: int = 0,
    parts: tuple[Callable, Callable] = (dict, dict),
) -> Iterator[Case]:
    """The two rows of a layer. PyTorch's forward records what its backward needs, as ours does."""
    *_, cache = forward()
    out, torch_dout = torch_forward(), torch.from_numpy(dout)

    def torch_backward() -> Any:
        return torch.autograd.grad(out, leaves, torch_dout, retain_graph=True)

    first, second = peer or (None, None)
    inputs = sum(one.nbytes for one in leaves)
    yield Case(
        f"{name} forward",
        size,
        Call(forward),
        Call(torch_forward),
        first,
        flops,
        inputs + dout.nbytes,
        parts[0],
    )
    yield Case(
        f"{name} backward",
        size,
        Call(lambda: backward(dout, cache)),
        Call(torch_backward),
        second,
        2 * flops,  # one product for the gradient of the input, one for that of the weights
        2 * inputs + dout.nbytes,
        parts[1],
    )


def leaf(array: np.ndarray) -> torch.Tensor:
    """The array as PyTorch has it, with a gradient to be computed."""
    return torch.from_numpy(array.copy()).requires_grad_()


def numpy_ml_layer(layer: Any, x: np.ndarray, dout: np.ndarray) -> tuple[Call, Call]:
    """A layer of numpy-ml, whose forward and backward keep nothing from call to call."""
    layer.forward(x)
    return (
        Call(lambda: layer.forward(x, retain_derived=False)),
        Call(lambda: layer.backward(dout, retain_grads=False)),
    )


def dense(draw: Draw) -> Iterator[Case]:
    x, W, b, dout = draw(256, 512), draw(512, 512, scale=0.05), draw(512), draw(256, 512)
    leaves = [leaf(x), leaf(W.T), leaf(b)]
    peer = numpy_ml_layer(layers.FullyConnected(512), x, dout) if draw.double else None
    yield from both(
        "dense",
        "256 × 512, 512 units",
        lambda: dense_forward(x, W, b),
        dense_backward,
        lambda: torch.nn.functional.linear(*leaves),
        leaves,
        dout,
        peer,
        flops=2 * x.size * W.shape[1],
    )


def convolve(
    draw: Draw, size: str, shape: tuple[int, ...], filters: int, kernel: int, stride: int
) -> Iterator[Case]:
    padding = kernel // 2
    x, w, b = draw(*shape), draw(filters, shape[1], kernel, kernel, scale=0.1), draw(filters)
    leaves = [leaf(x), leaf(w), leaf(b)]
    out, _ = conv2d.conv2d_forward(x, w, b, stride, padding)
    dout, peer = draw(*out.shape), None
    if draw.double:
        layer = layers.Conv2D(filters, (kernel, kernel), pad=padding, stride=stride)
        peer = numpy_ml_layer(layer, _channels_last(x), _channels_last(dout))
    yield from both(
        f"conv2d {kernel}×{kernel}, stride {stride},",
        f"{size}: {' × '.join(map(str, shape))}, {filters} filters",
        lambda: conv2d.conv2d_forward(x, w, b, stride, padding),
        conv2d.conv2d_backward,
        lambda: torch.nn.functional.conv2d(*leaves, stride=stride, padding=padding),
        leaves,
        dout,
        peer,
        flops=2 * out.size * w[0].size,
        parts=bounds.convolution(x, w, dout, stride, padding),
    )


def _channels_last(images: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.moveaxis(images, 1, -1))


def pool(draw: Draw, mode: str) -> Iterator[Case]:
    x, dout = draw(32, 16, 32, 32), draw(32, 16, 16, 16)
    leaves, peer = [leaf(x)], None
    theirs = getattr(torch.nn.functional, f"{mode}_pool2d")
    forward, backward = (getattr(pooling, f"{mode}_pool2d_{way}") for way in ("forward", "backward"))
    if draw.double:
        layer = layers.Pool2D((2, 2), stride=2, mode={"max": "max", "avg": "average"}[mode])
        peer = numpy_ml_layer(layer, _channels_last(x), _channels_last(dout))
    size = "32 × 16 × 32 × 32"
    name = f"{mode} pool 2×2"
    parts = (dict, bounds.pooling(x) if mode == "max" else dict)
    yield from both(
        name,
        size,
        lambda: forward(x, 2),
        backward,
        lambda: theirs(leaves[0], 2),
        leaves,
        dout,
        peer,
        parts=parts,
    )
    if (
        mode == "max"
    ):  # PyTorch's forward also finds what its backward needs; ours leaves that to the backward
        torch_dout = torch.from_numpy(dout)
        yield Case(
            f"{name} forward and backward",
            size,
            Call(lambda: backward(dout, forward(x, 2)[1])),
            Call(lambda: torch.autograd.grad(theirs(leaves[0], 2), leaves, torch_dout)),
            moved=3 * x.nbytes + 2 * dout.nbytes,
        )


def batch_norm(draw: Draw, size: str, shape: tuple[int, ...]) -> Iterator[Case]:
    D = shape[1]
    x, gamma, beta, dout = draw(*shape), 1 + draw(D, scale=0.1), draw(D), draw(*shape)
    mean, var = np.zeros(D, draw.dtype), np.ones(D, draw.dtype)
    leaves, peer = [leaf(x), leaf(gamma), leaf(beta)], None
    if draw.double and len(shape) == 2:
        peer = numpy_ml_layer(layers.BatchNorm1D(), x, dout)
    elif draw.double:
        peer = numpy_ml_layer(layers.BatchNorm2D(), _channels_last(x), _channels_last(dout))
    torch_mean, torch_var = torch.from_numpy(mean.copy()), torch.from_numpy(var.copy())

    def theirs() -> torch.Tensor:
        return torch.nn.functional.batch_norm(leaves[0], torch_mean, torch_var, *leaves[1:], training=True)

    yield from both(
        "batch norm",
        size,
        lambda: normalization.batch_norm_forward(x, gamma, beta, mean, var, True),
        normalization.batch_norm_backward,
        theirs,
        leaves,
        dout,
        peer,
        parts=bounds.normalization(x, gamma[:, np.newaxis, np.newaxis] if x.ndim == 4 else gamma),
    )


def layer_norm(draw: Draw) -> Iterator[Case]:
    x, gamma, beta, dout = draw(256, 512), 1 + draw(512, scale=0.1), draw(512), draw(256, 512)
    leaves = [leaf(x), leaf(gamma), leaf(beta)]
    peer = numpy_ml_layer(layers.LayerNorm1D(), x, dout) if draw.double else None
    yield from both(
        "layer norm",
        "256 × 512",
        lambda: normalization.layer_norm_forward(x, gamma, beta),
        normalization.layer_norm_backward,
        lambda: torch.nn.functional.layer_norm(leaves[0], (512,), *leaves[1:]),
        leaves,
        dout,
        peer,
        parts=bounds.normalization(x, gamma, np.ones((256, 1), draw.dtype)),
    )


def recurrent(draw: Draw, cell: str) -> Iterator[Case]:
    N, T, D, H = 32, 50, 64, 128
    blocks = {"RNN": 1, "LSTM": 4, "GRU": 3}[cell]
    x, h0, dout = draw(N, T, D), np.zeros((N, H), draw.dtype), draw(N, T, H)
    theirs = getattr(torch.nn, cell)(D, H, batch_first=True).to(torch.from_numpy(x).dtype)
    parameters = [p.detach().numpy() for p in theirs.parameters()]  # Wx and Wh transposed, two biases
    Wx, Wh, b = parameters[0].T.copy(), parameters[1].T.copy(), parameters[2] + parameters[3]
    if cell == "GRU":  # the candidate's two biases stand on either side of the reset gate
        last = slice(2 * H, None)
        b = np.concatenate([b[: 2 * H], parameters[2][last], parameters[3][last]])
    states = (h0, h0) if cell == "LSTM" else (h0,)
    module = {"RNN": rnn, "LSTM": lstm, "GRU": gru}[cell]
    forward, backward = (getattr(module, f"{cell.lower()}_{way}") for way in ("forward", "backward"))
    x_leaf = leaf(x)
    peer = _numpy_ml_recurrent(cell, x, dout) if draw.double and blocks != 3 else None
    yield from both(
        cell,
        f"{N} sequences of {T} steps, {D} inputs, {H} units",
        lambda: forward(x, *states, Wx, Wh, b),
        backward,
        lambda: theirs(x_leaf)[0],
        [x_leaf, *theirs.parameters()],
        dout,
        peer,
        flops=2 * N * T * (Wx.size + Wh.size),
    )


def _numpy_ml_recurrent(cell: str, x: np.ndarray, dout: np.ndarray) -> tuple[Call, Call]:
    """numpy-ml's cells, step by step: its layers around them no longer start under today's Python.

    A cell remembers every call, so each call gets a new one, made outside the time.
    """
    steps = range(x.shape[1])

    def new() -> Any:
        return getattr(layers, f"{cell}Cell")(dout.shape[2])

    def forward(one: Any) -> Any:
        for t in steps:
            one.forward(x[:, t])
        return one

    def backward(one: Any) -> None:
        for t in reversed(steps):
            one.backward(dout[:, t])

    return Call(forward, new), Call(backward, lambda: forward(new()))


def cross_entropy(draw: Draw, N: int, classes: int) -> Iterator[Case]:
    logits, labels = draw(N, classes), draw.ints(classes, N)
    scores, wanted = leaf(logits), torch.from_numpy(labels)

    def theirs() -> tuple[torch.Tensor, torch.Tensor]:
        loss = torch.nn.functional.cross_entropy(scores, wanted)
        return loss.detach(), torch.autograd.grad(loss, scores)[0]

    size = f"{N} × {classes}"
    yield Case(
        "cross-entropy and its gradient",
        size,
        Call(lambda: losses.cross_entropy_loss(logits, labels)),
        Call(theirs),
        moved=2 * logits.nbytes,
    )
