"""What the three recurrent layers promise: their laws, their gradients, their shapes and types."""

from __future__ import annotations

import doctest
from dataclasses import dataclass
from types import ModuleType

import numpy as np
import pytest

from byhand.reference.activations.elementwise import sigmoid
from byhand.reference.recurrent import gru, lstm, lstm_step, rnn, rnn_step
from byhand.reference.start.derivatives import numerical_gradient


@dataclass(frozen=True)
class Layer:
    """One of the layers; `states` is 2 for the LSTM, which has a cell beside its state."""

    module: ModuleType
    step: ModuleType
    states: int
    gates: int
    biases: int

    @property
    def name(self) -> str:
        return self.module.__name__.rpartition(".")[2]

    def function(self, what: str):
        return getattr(self.step if what.startswith("step") else self.module, f"{self.name}_{what}")

    def arguments(self, N=3, T=4, D=2, H=5, seed=0, steps=True, dtype=np.float64):
        """x, the states before, Wx, Wh, b: H and D differ, and the states before are not zero."""
        rng = np.random.default_rng(seed)
        shapes = [(N, T, D) if steps else (N, D), *[(N, H)] * self.states]
        shapes += [(D, self.gates * H), (H, self.gates * H), (self.biases * H,)]
        return [(0.7 * rng.normal(size=shape)).astype(dtype) for shape in shapes]


LAYERS = [Layer(rnn, rnn_step, 1, 1, 1), Layer(lstm, lstm_step, 2, 4, 4), Layer(gru, gru, 1, 3, 4)]
each_layer = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
SIZES = [{}, {"N": 1}, {"T": 1}, {"N": 1, "T": 1, "D": 1, "H": 1}, {"D": 5, "H": 2}, {"T": 9}]
each_size = pytest.mark.parametrize(
    "size", SIZES, ids=lambda size: ",".join(f"{k}{v}" for k, v in size.items()) or "usual"
)


@each_layer
@each_size
def test_a_sequence_is_its_steps_one_after_the_other(layer, size):
    x, *rest = layer.arguments(**size)
    states, weights = rest[: layer.states], rest[layer.states :]
    *outputs, _ = layer.function("forward")(x, *states, *weights)
    for t in range(x.shape[1]):
        *states, _ = layer.function("step_forward")(x[:, t], *states, *weights)
        for output, state in zip(outputs, states, strict=True):
            np.testing.assert_allclose(output[:, t], state, rtol=1e-12, atol=1e-15)


@each_layer
@each_size
def test_backward_through_time_is_backward_through_each_step_and_sums_the_weights(layer, size):
    x, *rest = layer.arguments(**size)
    states, weights = rest[: layer.states], rest[layer.states :]
    *outputs, cache = layer.function("forward")(x, *states, *weights)
    dh = np.random.default_rng(1).normal(size=outputs[0].shape)
    dx, *got = layer.function("backward")(dh, cache)

    caches = []
    for t in range(x.shape[1]):
        *states, step_cache = layer.function("step_forward")(x[:, t], *states, *weights)
        caches.append(step_cache)
    carried = [np.zeros_like(states[0]) for _ in states]
    sums = [np.zeros_like(weight) for weight in weights]
    for t in reversed(range(x.shape[1])):
        carried[0] = carried[0] + dh[:, t]
        step_dx, *back = layer.function("step_backward")(*carried, caches[t])
        np.testing.assert_allclose(dx[:, t], step_dx, rtol=1e-10, atol=1e-12)
        carried = list(back[: layer.states])
        sums = [total + part for total, part in zip(sums, back[layer.states :], strict=True)]
    for one, other in zip(got, [*carried, *sums], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)


@each_layer
@each_size
def test_the_gradients_are_the_measured_slopes(layer, size):
    arguments = layer.arguments(**size)
    forward, backward = layer.function("forward"), layer.function("backward")
    dh = np.random.default_rng(2).normal(size=forward(*arguments)[0].shape)
    gradients = backward(dh, forward(*arguments)[-1])
    for place, gradient in enumerate(gradients):

        def loss(value, place=place):
            given = [value if k == place else argument for k, argument in enumerate(arguments)]
            return float(np.sum(forward(*given)[0] * dh))

        assert gradient.shape == arguments[place].shape
        measured = numerical_gradient(loss, arguments[place], 1e-5)
        np.testing.assert_allclose(gradient, measured, rtol=1e-6, atol=1e-8)


@each_layer
def test_the_gradients_of_a_step_are_the_measured_slopes(layer):
    arguments = layer.arguments(steps=False)
    forward, backward = layer.function("step_forward"), layer.function("step_backward")
    rng = np.random.default_rng(3)
    upstream = [rng.normal(size=arguments[1].shape) for _ in range(layer.states)]
    gradients = backward(*upstream, forward(*arguments)[-1])
    for place, gradient in enumerate(gradients):

        def loss(value, place=place):
            given = [value if k == place else argument for k, argument in enumerate(arguments)]
            return float(sum(np.sum(out * up) for out, up in zip(forward(*given), upstream, strict=False)))

        np.testing.assert_allclose(
            gradient, numerical_gradient(loss, arguments[place], 1e-5), rtol=1e-6, atol=1e-8
        )


@each_layer
def test_a_batch_gives_what_each_sequence_gives_alone(layer):
    x, *rest = layer.arguments(N=4)
    states, weights = rest[: layer.states], rest[layer.states :]
    together = layer.function("forward")(x, *states, *weights)[0]
    for n in range(4):
        alone = layer.function("forward")(x[n : n + 1], *(s[n : n + 1] for s in states), *weights)[0]
        np.testing.assert_allclose(together[n : n + 1], alone, rtol=1e-12)


@each_layer
def test_the_past_does_not_know_the_future(layer):
    x, *rest = layer.arguments(T=6)
    changed = x.copy()
    changed[:, 4] += 1
    one, other = (layer.function("forward")(given, *rest)[0] for given in (x, changed))
    np.testing.assert_array_equal(one[:, :4], other[:, :4])
    assert np.all(one[:, 4:] != other[:, 4:])


@each_layer
def test_cut_in_two_a_sequence_gives_the_same(layer):
    x, *rest = layer.arguments(T=7)
    states, weights = rest[: layer.states], rest[layer.states :]
    whole = layer.function("forward")(x, *states, *weights)[0]
    *first, _ = layer.function("forward")(x[:, :3], *states, *weights)
    second = layer.function("forward")(x[:, 3:], *(s[:, -1] for s in first), *weights)[0]
    np.testing.assert_allclose(whole, np.concatenate([first[0], second], axis=1), rtol=1e-12)


@each_layer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_is_kept_forward_and_back(layer, dtype):
    for kind, steps in (("", True), ("step_", False)):
        *outputs, cache = layer.function(f"{kind}forward")(*layer.arguments(steps=steps, dtype=dtype))
        upstream = np.ones_like(outputs[0], dtype=np.float64)  # whatever the loss was computed in
        gradients = layer.function(f"{kind}backward")(*[upstream] * (1 if steps else layer.states), cache)
        assert {array.dtype for array in (*outputs, *gradients, *cache)} == {np.dtype(dtype)}


@each_layer
def test_float32_is_close_to_float64(layer):
    exact = layer.function("forward")(*layer.arguments(T=30))[0]
    close = layer.function("forward")(*layer.arguments(T=30, dtype=np.float32))[0]
    np.testing.assert_allclose(close, exact, atol=1e-5)


@each_layer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_pre_activations_of_plus_and_minus_1000_are_silent_and_finite(layer, dtype):
    for kind, steps in (("", True), ("step_", False)):
        arguments = layer.arguments(steps=steps, dtype=dtype)
        arguments[-1] = np.where(np.arange(len(arguments[-1])) % 2, 1000, -1000).astype(dtype)
        with np.errstate(all="raise", under="ignore"):
            *outputs, cache = layer.function(f"{kind}forward")(*arguments)
            upstream = np.ones_like(outputs[0])
            gradients = layer.function(f"{kind}backward")(*[upstream] * (1 if steps else layer.states), cache)
        for array in (*outputs, *gradients):
            assert np.isfinite(array).all()


@each_layer
def test_nothing_that_comes_in_is_changed(layer):
    for kind, steps in (("", True), ("step_", False)):
        arguments = layer.arguments(steps=steps)
        for array in arguments:
            array.flags.writeable = False
        *outputs, cache = layer.function(f"{kind}forward")(*arguments)
        before = [array.copy() for array in cache]
        upstream = [np.ones_like(outputs[0]) for _ in range(1 if steps else layer.states)]
        first = layer.function(f"{kind}backward")(*upstream, cache)
        second = layer.function(f"{kind}backward")(*upstream, cache)
        for one, other in zip((*first, *cache), (*second, *before), strict=True):
            np.testing.assert_array_equal(one, other)
        for array in upstream:
            np.testing.assert_array_equal(array, 1)


@each_layer
def test_arrays_may_lie_in_memory_in_any_order(layer):
    arguments = layer.arguments()
    turned = [np.asfortranarray(array) for array in arguments]
    dh = np.random.default_rng(4).normal(size=layer.function("forward")(*arguments)[0].shape)
    results = []
    for given, upstream in ((arguments, dh), (turned, np.asfortranarray(dh))):
        *outputs, cache = layer.function("forward")(*given)
        results.append([*outputs, *layer.function("backward")(upstream, cache)])
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-14)


@each_layer
def test_lists_and_whole_numbers_become_float64(layer):
    x, *rest = layer.arguments(N=1, T=2, D=1, H=1)
    given = [np.round(array).astype(int) for array in (x, *rest)]
    expected = layer.function("forward")(*(array.astype(float) for array in given))[0]
    np.testing.assert_array_equal(
        layer.function("forward")(*(array.tolist() for array in given))[0], expected
    )


@each_layer
@pytest.mark.parametrize(
    ("place", "shape", "says"),
    [
        (0, (3, 4), r"x has shape \(3, 4\).*x must be \(N, T, D\)"),
        (0, (2, 4, 2), r"x has shape \(2, 4, 2\) and the state has shape \(3, 5\)"),
        (0, (3, 4, 7), r"Wx has shape \(2, \d+\); x of shape \(3, 4, 7\)"),
        (-3, (2, 6), r"Wx has shape \(2, 6\).*need \(2, \d+\)"),
        (-2, (4, 6), r"Wh has shape \(4, 6\).*need \(5, \d+\)"),
        (-1, (1,), r"b has shape \(1,\).*need \(\d+,\)"),
    ],
)
def test_what_does_not_fit_is_named(layer, place, shape, says):
    arguments = layer.arguments()
    arguments[place] = np.zeros(shape)
    with pytest.raises(ValueError, match=f"{layer.name}_forward: {says}"):
        layer.function("forward")(*arguments)


@each_layer
def test_a_gradient_of_another_shape_is_named(layer):
    *_, cache = layer.function("forward")(*layer.arguments())
    with pytest.raises(ValueError, match=r"dh has shape \(3, 5\); it must be \(3, 4, 5\)"):
        layer.function("backward")(np.ones((3, 5)), cache)
    *_, cache = layer.function("step_forward")(*layer.arguments(steps=False))
    with pytest.raises(ValueError, match=r"dh_next has shape \(5,\); it must be \(3, 5\)"):
        layer.function("step_backward")(*[np.ones(5)] * layer.states, cache)


def test_a_cell_that_differs_from_the_state_is_named():
    x, h0, _, *weights = LAYERS[1].arguments()
    with pytest.raises(ValueError, match=r"the state has shape \(3, 5\) and the cell has shape \(3, 4\)"):
        lstm.lstm_forward(x, h0, np.zeros((3, 4)), *weights)


# The laws of each


def test_without_memory_an_rnn_is_a_dense_layer_with_tanh():
    x, h0, Wx, Wh, b = LAYERS[0].arguments()
    h, _ = rnn.rnn_forward(x, h0, Wx, np.zeros_like(Wh), b)
    np.testing.assert_allclose(h, np.tanh(x @ Wx + b))


def test_the_four_blocks_of_an_lstm_are_i_f_g_o():
    x, h, c, Wx, Wh, b = LAYERS[1].arguments(steps=False)
    h_next, c_next, (*_, gates, _) = lstm_step.lstm_step_forward(x, h, c, Wx, Wh, b)
    i, f, g, o = (x @ Wx[:, k : k + 5] + h @ Wh[:, k : k + 5] + b[k : k + 5] for k in (0, 5, 10, 15))
    np.testing.assert_allclose(gates, np.hstack([sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)]))
    np.testing.assert_allclose(c_next, sigmoid(f) * c + sigmoid(i) * np.tanh(g))
    np.testing.assert_allclose(h_next, sigmoid(o) * np.tanh(c_next))


def test_an_lstm_that_neither_writes_nor_forgets_keeps_its_cell_for_ever():
    x, h0, c0, Wx, Wh, b = LAYERS[1].arguments(T=200)
    b = np.repeat([-1000.0, 1000.0, 0.0, 0.0], 5)
    _, c, _ = lstm.lstm_forward(x, h0, c0, Wx, Wh, b)
    np.testing.assert_array_equal(c, np.broadcast_to(c0[:, np.newaxis], c.shape))


def test_the_update_gate_of_a_gru_mixes_old_state_and_candidate():
    x, h, Wx, Wh, b = LAYERS[2].arguments(steps=False)
    for value, expected in ((1000.0, h), (-1000.0, None)):
        b = np.concatenate([b[:5], np.full(5, value), b[10:]])
        h_next, (*_, gates, _) = gru.gru_step_forward(x, h, Wx, Wh, b)
        np.testing.assert_allclose(h_next, gates[:, 10:] if expected is None else expected, rtol=1e-12)


def test_the_reset_gate_of_a_gru_hides_the_old_state_and_its_bias_from_the_candidate():
    x, h, Wx, Wh, b = LAYERS[2].arguments(steps=False)
    b[:5] = -1000.0
    *_, (*_, gates, _) = gru.gru_step_forward(x, h, Wx, Wh, b)
    np.testing.assert_allclose(gates[:, 10:], np.tanh(x @ Wx[:, 10:] + b[10:15]), rtol=1e-12)


# Gradients through time


def test_the_norms_are_those_of_the_gradients_that_reach_each_state():
    x, h0, Wx, Wh, b = LAYERS[0].arguments(T=6)
    h, cache = rnn.rnn_forward(x, h0, Wx, Wh, b)
    dh = np.random.default_rng(5).normal(size=h0.shape)
    norms = rnn.gradient_norms_through_time(dh, cache)
    for t in range(6):
        # the state after step t is the state before the rest of the sequence
        _, rest = rnn.rnn_forward(x[:, t + 1 :], h[:, t], Wx, Wh, b)
        upstream = np.zeros((3, 5 - t, 5))
        if t < 5:
            upstream[:, -1] = dh
            dh_t = rnn.rnn_backward(upstream, rest)[1]
        else:
            dh_t = dh
        assert norms[t] == pytest.approx(np.linalg.norm(dh_t))


@pytest.mark.parametrize("radius", [0.5, 1.0, 2.0])
def test_around_zero_the_norm_shrinks_or_grows_by_the_radius_at_each_step(radius):
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(5, 5)))[0]  # keeps every length
    _, cache = rnn.rnn_forward(
        np.zeros((2, 20, 1)), np.zeros((2, 5)), np.zeros((1, 5)), radius * turn, np.zeros(5)
    )
    norms = rnn.gradient_norms_through_time(np.ones((2, 5)), cache)
    np.testing.assert_allclose(norms, np.sqrt(10) * radius ** np.arange(19.0, -1, -1))


def test_below_a_singular_value_of_one_the_norm_always_shrinks():
    for seed in range(20):
        x, h0, Wx, Wh, b = LAYERS[0].arguments(T=15, seed=seed)
        Wh *= 0.99 / np.linalg.svd(Wh, compute_uv=False)[0]
        _, cache = rnn.rnn_forward(x, h0, Wx, Wh, b)
        norms = rnn.gradient_norms_through_time(np.ones_like(h0), cache)
        assert np.all(norms[:-1] <= 0.99 * norms[1:])


def test_the_norms_need_a_gradient_of_the_state():
    _, cache = rnn.rnn_forward(*LAYERS[0].arguments())
    with pytest.raises(ValueError, match=r"dh has shape \(3, 4, 5\); it must be \(3, 5\)"):
        rnn.gradient_norms_through_time(np.ones((3, 4, 5)), cache)


@pytest.mark.parametrize("module", [rnn, rnn_step, lstm, lstm_step, gru], ids=lambda module: module.__name__)
def test_the_examples_in_the_docstrings_are_true(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
