"""The optimisers and the schedules are PyTorch's, to 1e-10 in float64, over many steps."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from byhand.reference.optimizers import adaptive, descent, moments, schedules

STEPS = 300
CLOSE = {"rtol": 1e-10, "atol": 1e-10}
optim = torch.optim

# ours, its settings, PyTorch's, its settings
PAIRS = [
    (descent.sgd, {"lr": 0.03}, optim.SGD, {"lr": 0.03}),
    (descent.momentum, {"lr": 0.02}, optim.SGD, {"lr": 0.02, "momentum": 0.9}),
    (descent.momentum, {"lr": 0.02, "beta": 0.5}, optim.SGD, {"lr": 0.02, "momentum": 0.5}),
    (descent.nesterov, {"lr": 0.02}, optim.SGD, {"lr": 0.02, "momentum": 0.9, "nesterov": True}),
    (
        descent.nesterov,
        {"lr": 0.01, "beta": 0.99},
        optim.SGD,
        {"lr": 0.01, "momentum": 0.99, "nesterov": True},
    ),
    (adaptive.adagrad, {"lr": 0.1}, optim.Adagrad, {"lr": 0.1}),
    (adaptive.adagrad, {"lr": 0.1, "eps": 0.3}, optim.Adagrad, {"lr": 0.1, "eps": 0.3}),
    (adaptive.rmsprop, {"lr": 0.01}, optim.RMSprop, {"lr": 0.01}),
    (
        adaptive.rmsprop,
        {"lr": 0.01, "beta": 0.8, "eps": 0.3},
        optim.RMSprop,
        {"lr": 0.01, "alpha": 0.8, "eps": 0.3},
    ),
    (adaptive.adadelta, {}, optim.Adadelta, {}),
    (
        adaptive.adadelta,
        {"lr": 0.5, "beta": 0.7, "eps": 0.3},
        optim.Adadelta,
        {"lr": 0.5, "rho": 0.7, "eps": 0.3},
    ),
    (moments.adam, {"lr": 0.01}, optim.Adam, {"lr": 0.01}),
    (
        moments.adam,
        {"lr": 0.01, "beta1": 0.7, "beta2": 0.9, "eps": 0.3},
        optim.Adam,
        {"lr": 0.01, "betas": (0.7, 0.9), "eps": 0.3},
    ),
    (moments.adamw, {"lr": 0.01}, optim.AdamW, {"lr": 0.01}),
    (
        moments.adamw,
        {"lr": 0.01, "weight_decay": 0.5, "beta1": 0.5},
        optim.AdamW,
        {"lr": 0.01, "weight_decay": 0.5, "betas": (0.5, 0.999)},
    ),
]


def gradients(shape, kind):
    """Gradients of every kind: of about 1, huge, tiny, and with many zeros."""
    rng = np.random.default_rng(0)
    drawn = rng.normal(size=(STEPS, *shape))
    return {
        "about 1": drawn,
        "huge": 1000 * drawn,
        "tiny": 1e-8 * drawn,
        "sparse": drawn * (rng.random(drawn.shape) < 0.1),
    }[kind]


@pytest.mark.parametrize("kind", ["about 1", "huge", "tiny", "sparse"])
@pytest.mark.parametrize(
    ("ours", "settings", "theirs", "their_settings"),
    PAIRS,
    ids=[f"{ours.__name__}-{settings}" for ours, settings, _, _ in PAIRS],
)
def test_every_step_is_pytorchs(ours, settings, theirs, their_settings, kind):
    w, state = np.random.default_rng(1).normal(size=(4, 5)), None
    parameter = torch.nn.Parameter(torch.tensor(w))
    optimizer = theirs([parameter], **their_settings)
    for dw in gradients((4, 5), kind):
        w, state = ours(w, dw, state, **settings)
        parameter.grad = torch.tensor(dw)
        optimizer.step()
        np.testing.assert_allclose(w, parameter.detach().numpy(), **CLOSE)
    assert state["step"] == STEPS


@pytest.mark.parametrize(
    ("ours", "settings", "theirs", "their_settings"),
    PAIRS,
    ids=[f"{ours.__name__}-{settings}" for ours, settings, _, _ in PAIRS],
)
def test_a_large_array_of_float32_is_pytorchs_too(ours, settings, theirs, their_settings):
    rng = np.random.default_rng(2)
    w, state = rng.normal(size=(300, 500)).astype(np.float32), None
    parameter = torch.nn.Parameter(torch.tensor(w))
    optimizer = theirs([parameter], **their_settings)
    for _ in range(10):
        dw = rng.normal(size=w.shape).astype(np.float32)
        w, state = ours(w, dw, state, **settings)
        parameter.grad = torch.tensor(dw)
        optimizer.step()
    assert w.dtype == np.float32
    np.testing.assert_allclose(w, parameter.detach().numpy(), rtol=1e-5, atol=1e-5)


# ours, PyTorch's scheduler on the same learning rate
SCHEDULES = {
    "step_decay": (
        lambda step: schedules.step_decay(step, 0.3, every=7, factor=0.5),
        lambda o: optim.lr_scheduler.StepLR(o, step_size=7, gamma=0.5),
    ),
    "cosine_decay, past its end too": (
        lambda step: schedules.cosine_decay(step, 0.3, steps=30, least=0.01),
        lambda o: optim.lr_scheduler.CosineAnnealingLR(o, T_max=30, eta_min=0.01),
    ),
    "warmup": (
        lambda step: schedules.warmup(step, 0.3, steps=10),
        lambda o: optim.lr_scheduler.LinearLR(o, start_factor=0.1, total_iters=9),
    ),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_learning_rate_is_pytorchs(name):
    ours, theirs = SCHEDULES[name]
    optimizer = optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.3)
    scheduler = theirs(optimizer)
    for step in range(50):
        assert ours(step) == pytest.approx(scheduler.get_last_lr()[0], rel=1e-10)
        optimizer.step()
        scheduler.step()
