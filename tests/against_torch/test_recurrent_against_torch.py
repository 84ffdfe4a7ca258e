"""The recurrent layers are PyTorch's, forward and back, to 1e-10 in float64; so are embedding and directions."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from byhand.reference.recurrent import gru, lstm, rnn, rnn_step
from byhand.reference.recurrent.characters import embedding_backward, embedding_forward
from byhand.reference.recurrent.sequences import bidirectional, many_to_many_head

CLOSE = {"rtol": 1e-10, "atol": 1e-10}
SIZES = [(3, 7, 4, 5), (1, 1, 1, 1), (2, 30, 3, 8), (5, 4, 6, 2)]  # N, T, D, H
LAYERS = {
    "RNN": (rnn.rnn_forward, rnn.rnn_backward),
    "LSTM": (lstm.lstm_forward, lstm.lstm_backward),
    "GRU": (gru.gru_forward, gru.gru_backward),
}


def one_bias(kind: str, b_ih: np.ndarray, b_hh: np.ndarray) -> np.ndarray:
    """PyTorch's two biases as our one; the GRU needs both where the reset gate stands between them."""
    if kind != "GRU":
        return b_ih + b_hh
    rz = 2 * len(b_ih) // 3
    return np.concatenate([b_ih[:rz] + b_hh[:rz], b_ih[rz:], b_hh[rz:]])


def weights_of(
    kind: str, layer: torch.nn.Module, suffix: str = ""
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    W_ih, W_hh, b_ih, b_hh = (getattr(layer, name + suffix).detach().numpy() for name in names)
    return W_ih.T, W_hh.T, one_bias(kind, b_ih, b_hh)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("kind", LAYERS)
def test_outputs_and_gradients_are_pytorchs(kind, size):
    N, T, D, H = size
    forward, backward = LAYERS[kind]
    torch.manual_seed(0)
    theirs = getattr(torch.nn, kind)(D, H, batch_first=True, dtype=torch.float64)
    x = torch.randn(N, T, D, dtype=torch.float64, requires_grad=True)
    before = [
        torch.randn(1, N, H, dtype=torch.float64, requires_grad=True) for _ in range(1 + (kind == "LSTM"))
    ]
    out, last = theirs(x, tuple(before) if kind == "LSTM" else before[0])
    dh = torch.randn_like(out)
    out.backward(dh)

    weights = weights_of(kind, theirs)
    *outputs, cache = forward(x.detach().numpy(), *(state[0].detach().numpy() for state in before), *weights)
    np.testing.assert_allclose(outputs[0], out.detach().numpy(), **CLOSE)
    for output, state in zip(outputs, last if kind == "LSTM" else [last], strict=True):
        np.testing.assert_allclose(output[:, -1], state[0].detach().numpy(), **CLOSE)

    dx, *dbefore, dWx, dWh, db = backward(dh.numpy(), cache)
    np.testing.assert_allclose(dx, x.grad.numpy(), **CLOSE)
    for ours, state in zip(dbefore, before, strict=True):
        np.testing.assert_allclose(ours, state.grad[0].numpy(), **CLOSE)
    np.testing.assert_allclose(dWx, theirs.weight_ih_l0.grad.numpy().T, **CLOSE)
    np.testing.assert_allclose(dWh, theirs.weight_hh_l0.grad.numpy().T, **CLOSE)
    np.testing.assert_allclose(db[: len(theirs.bias_ih_l0)], theirs.bias_ih_l0.grad.numpy(), **CLOSE)
    if kind == "GRU":
        np.testing.assert_allclose(db[3 * H :], theirs.bias_hh_l0.grad.numpy()[2 * H :], **CLOSE)


@pytest.mark.parametrize("kind", LAYERS)
def test_one_step_is_pytorchs_cell(kind):
    N, D, H = 3, 4, 5
    torch.manual_seed(1)
    theirs = getattr(torch.nn, f"{kind}Cell")(D, H, dtype=torch.float64)
    module = {"RNN": rnn, "LSTM": lstm, "GRU": gru}[kind]
    x = torch.randn(N, D, dtype=torch.float64, requires_grad=True)
    before = [torch.randn(N, H, dtype=torch.float64, requires_grad=True) for _ in range(1 + (kind == "LSTM"))]
    after = theirs(x, tuple(before) if kind == "LSTM" else before[0])
    after = after if kind == "LSTM" else (after,)
    upstream = [torch.randn_like(state) for state in after]
    torch.autograd.backward(after, upstream)

    b = one_bias(kind, theirs.bias_ih.detach().numpy(), theirs.bias_hh.detach().numpy())
    W_ih, W_hh = theirs.weight_ih.detach().numpy(), theirs.weight_hh.detach().numpy()
    states = [state.detach().numpy() for state in before]
    *ours, cache = getattr(module, f"{kind.lower()}_step_forward")(
        x.detach().numpy(), *states, W_ih.T, W_hh.T, b
    )
    for one, state in zip(ours, after, strict=True):
        np.testing.assert_allclose(one, state.detach().numpy(), **CLOSE)
    backward = getattr(module, f"{kind.lower()}_step_backward")
    dx, *dbefore, dWx, dWh, _ = backward(*(up.numpy() for up in upstream), cache)
    np.testing.assert_allclose(dx, x.grad.numpy(), **CLOSE)
    for one, state in zip(dbefore, before, strict=True):
        np.testing.assert_allclose(one, state.grad.numpy(), **CLOSE)
    np.testing.assert_allclose(dWx, theirs.weight_ih.grad.numpy().T, **CLOSE)
    np.testing.assert_allclose(dWh, theirs.weight_hh.grad.numpy().T, **CLOSE)


@pytest.mark.parametrize("kind", ["RNN", "GRU"])
def test_both_directions_are_pytorchs(kind):
    N, T, D, H = 3, 6, 4, 5
    torch.manual_seed(2)
    theirs = getattr(torch.nn, kind)(D, H, batch_first=True, bidirectional=True, dtype=torch.float64)
    x, before = torch.randn(N, T, D, dtype=torch.float64), torch.randn(2, N, H, dtype=torch.float64)
    step = {"RNN": rnn_step.rnn_step_forward, "GRU": gru.gru_step_forward}[kind]
    there, back = weights_of(kind, theirs), weights_of(kind, theirs, "_reverse")
    ours = bidirectional(
        x.numpy(),
        lambda x_t, h: step(x_t, h, *there)[0],
        lambda x_t, h: step(x_t, h, *back)[0],
        *before.numpy(),
    )
    np.testing.assert_allclose(ours, theirs(x, before)[0].detach().numpy(), **CLOSE)


def test_the_embedding_is_pytorchs():
    torch.manual_seed(3)
    theirs = torch.nn.Embedding(6, 4, dtype=torch.float64)
    tokens = torch.randint(0, 5, (3, 8))  # 5 never occurs, the others repeat
    out = theirs(tokens)
    dout = torch.randn_like(out)
    out.backward(dout)
    ours, cache = embedding_forward(tokens.numpy(), theirs.weight.detach().numpy())
    np.testing.assert_array_equal(ours, out.detach().numpy())
    np.testing.assert_allclose(embedding_backward(dout.numpy(), cache), theirs.weight.grad.numpy(), **CLOSE)


def test_the_head_of_each_step_is_pytorchs_linear():
    torch.manual_seed(4)
    theirs = torch.nn.Linear(5, 3, dtype=torch.float64)
    h = torch.randn(2, 4, 5, dtype=torch.float64)
    ours = many_to_many_head(h.numpy(), theirs.weight.detach().numpy().T, theirs.bias.detach().numpy())
    np.testing.assert_allclose(ours, theirs(h).detach().numpy(), **CLOSE)
