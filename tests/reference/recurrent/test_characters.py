"""What the reference promises about letters as numbers, embeddings and drawing the next letter."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from byhand.reference.activations.probabilities import softmax
from byhand.reference.backprop.losses import cross_entropy_loss
from byhand.reference.recurrent import characters as module
from byhand.reference.recurrent.characters import (
    embedding_backward,
    embedding_forward,
    encode_text,
    perplexity,
    sample_index,
)
from byhand.reference.start.derivatives import numerical_gradient
from byhand.reference.start.tables import one_hot


@given(st.text(max_size=60))
def test_decoded_an_encoded_text_is_the_text_again(text):
    tokens, characters = encode_text(text)
    assert "".join(characters[k] for k in tokens) == text


@given(st.text(min_size=1, max_size=60))
def test_the_vocabulary_is_sorted_and_every_token_occurs(text):
    tokens, characters = encode_text(text)
    assert list(characters) == sorted(set(text))
    assert tokens.shape == (len(text),)
    assert set(tokens.tolist()) == set(range(len(characters)))


def test_an_empty_text_has_no_tokens_and_they_are_whole_numbers_still():
    tokens, characters = encode_text("")
    assert (tokens.shape, tokens.dtype, characters) == ((0,), np.dtype(np.int64), "")


@pytest.mark.parametrize("shape", [(), (5,), (2, 4), (1, 2, 3)])
def test_an_embedding_is_a_dense_layer_on_one_hot_rows(shape):
    rng = np.random.default_rng(0)
    tokens, W = rng.integers(0, 7, shape), rng.normal(size=(7, 3))
    out, _ = embedding_forward(tokens, W)
    np.testing.assert_allclose(out, one_hot(tokens, 7) @ W)


@pytest.mark.parametrize("shape", [(6,), (3, 5), (1, 1), (2, 0)])
def test_the_gradient_of_the_embedding_is_the_measured_slope(shape):
    rng = np.random.default_rng(1)
    tokens, W = (
        rng.integers(0, 3, shape),
        rng.normal(size=(4, 2)),
    )  # few tokens: they repeat, and 3 never occurs
    dout = rng.normal(size=(*shape, 2))
    dW = embedding_backward(dout, embedding_forward(tokens, W)[1])
    measured = numerical_gradient(lambda w: float(np.sum(embedding_forward(tokens, w)[0] * dout)), W, 1e-5)
    np.testing.assert_allclose(dW, measured, atol=1e-9)
    np.testing.assert_array_equal(dW[3], 0)


def test_a_repeated_token_collects_all_its_gradients():
    dW = embedding_backward(np.ones((1000, 2)), (np.full(1000, 1), np.zeros((3, 2))))
    np.testing.assert_array_equal(dW, [[0, 0], [1000, 1000], [0, 0]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_is_kept_and_nothing_is_changed(dtype):
    tokens, W = np.array([[0, 1], [1, 1]]), np.ones((2, 3), dtype)
    for array in (tokens, W):
        array.flags.writeable = False
    out, cache = embedding_forward(tokens, W)
    out += 1  # a copy: the table stays
    assert (out.dtype, embedding_backward(out, cache).dtype) == (dtype, dtype)
    np.testing.assert_array_equal(W, 1)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_letters_are_drawn_as_often_as_the_softmax_says(temperature):
    logits, rng = np.array([1.0, 0.0, -1.0, 2.0]), np.random.default_rng(2)
    drawn = [sample_index(logits, temperature, rng) for _ in range(4000)]
    assert all(type(k) is int for k in drawn)
    often = np.bincount(drawn, minlength=4) / 4000
    np.testing.assert_allclose(often, softmax(logits / temperature), atol=0.03)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("temperature", [1e-3, 1.0, 1e3])
def test_scores_of_plus_and_minus_1000_are_no_trouble(temperature, dtype):
    logits = np.array([-1000, 1000, 0], dtype)
    with np.errstate(all="raise", under="ignore"):
        drawn = {sample_index(logits, temperature, np.random.default_rng(seed)) for seed in range(30)}
    assert drawn == ({0, 1, 2} if temperature == 1e3 else {1})


def test_a_temperature_is_a_scale_of_the_scores():
    logits = np.random.default_rng(3).normal(size=20)
    for seed in range(20):
        one = sample_index(3 * logits, 1.5, np.random.default_rng(seed))
        assert one == sample_index(2 * logits, 1.0, np.random.default_rng(seed))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: embedding_forward([0], np.ones(3)), r"W has shape \(3,\)"),
        (lambda: embedding_forward([0.0], np.ones((3, 2))), "tokens must be whole numbers, not float64"),
        (
            lambda: embedding_forward([0, 3], np.ones((3, 2))),
            r"tokens go from 0 to 3, but W of shape \(3, 2\)",
        ),
        (lambda: embedding_forward([-1], np.ones((3, 2))), "tokens go from -1"),
        (
            lambda: embedding_backward(np.ones((2, 2)), embedding_forward([0], np.ones((3, 2)))[1]),
            r"dout has shape \(2, 2\).*need \(1, 2\)",
        ),
        (lambda: sample_index([[1.0]], 1.0, np.random.default_rng()), r"logits has shape \(1, 1\)"),
        (lambda: sample_index([], 1.0, np.random.default_rng()), r"logits has shape \(0,\)"),
        (lambda: sample_index([1.0], 0.0, np.random.default_rng()), r"the temperature is 0\.0"),
    ],
)
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


@pytest.mark.parametrize("V", [2, 27, 80])
def test_a_network_that_knows_nothing_hesitates_among_all_characters(V):
    scores, labels = np.zeros((7, V)), np.arange(7) % V
    assert perplexity(cross_entropy_loss(scores, labels)[0]) == pytest.approx(V)


def test_perplexity_is_the_inverse_of_the_geometric_mean_of_the_probabilities():
    p = np.random.default_rng(5).uniform(0.01, 1, 50)
    assert perplexity(np.mean(-np.log(p))) == pytest.approx(1 / np.prod(p) ** (1 / 50))
    assert perplexity(0.0) == 1.0


@pytest.mark.parametrize("loss", [-0.1, np.nan])
def test_a_loss_below_0_has_no_perplexity(loss):
    with pytest.raises(ValueError, match="at least 0"):
        perplexity(loss)
