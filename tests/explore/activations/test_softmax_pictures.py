"""The pictures of softmax: the temperature, what overflows, and what each loss tells each score."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from shown import reading

from byhand import explore
from byhand.explore.engine.captions import write


def test_probabilities_are_numpys():
    explorable = explore.softmax_temperature()
    probability, _ = explorable.scene.columns["probability"]
    for temperature, score in itertools.product((0.001, 1.0, 10**1.5), (-3.0, 0.25, 5.0)):
        at = explorable.scene.start(temperature=temperature, score=score)
        z = np.array([score, 1.0, 0.5, 0.0, -1.0]) / temperature
        expected = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
        np.testing.assert_allclose(probability.under(at), expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    ("temperature", "said"),
    [(0.01, "Almost everything goes to the highest"), (1, "Higher scores get more"), (30, "nearly the same")],
)
def test_softmax_says_what_the_temperature_does(temperature, said):
    scene = explore.softmax_temperature().scene
    assert said in scene.sentence(scene.start(temperature=temperature))


def test_softmax_that_overflows_is_drawn_so():
    def softmax(x, axis=-1):
        return np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True)

    explorable = explore.softmax_temperature(softmax)
    assert "it gives not a number" in explorable.scene.notes[0]
    assert "It has overflowed" in explorable.scene.sentence(explorable.scene.start(temperature=0.001))
    assert "overflowed" not in explorable.scene.sentence(explorable.scene.start(temperature=1))


def test_softmax_in_its_naive_form_overflows_where_the_stable_one_does_not():
    scene = explore.softmax_temperature().scene
    naive = scene.controls["form"].options[1]
    probability, _ = scene.columns["probability"]
    for temperature, overflows in ((1.0, False), (0.0025, True), (0.001, True)):
        at = scene.start(temperature=temperature, score=2)
        with np.errstate(over="ignore", invalid="ignore"):
            powers = np.exp(np.array([2, 1, 0.5, 0, -1]) / scene.controls["temperature"].under(at))
            expected = powers / powers.sum()
        assert np.isnan(expected).any() == overflows
        shown = probability.under(scene.start(form=naive, temperature=temperature, score=2))
        np.testing.assert_allclose(shown, expected, rtol=1e-6, atol=1e-9)
        assert (
            "overflowed" in scene.sentence(scene.start(form=naive, temperature=temperature, score=2))
        ) == overflows
        assert "overflowed" not in scene.sentence(at)


# ---- Cross-entropy beside the squared error ----


def bars(explorable, label):
    """The heights of the bars with that label."""
    marks = explorable.scene.panels[0].marks
    return next(mark for mark in marks if mark.style.get("label") == label).values["height"]


@pytest.mark.parametrize("answer", ["cat", "owl"])
def test_gradients_are_the_slopes_of_their_losses(answer):
    explorable = explore.cross_entropy()
    right = ["cat", "dog", "fox", "owl", "cow"].index(answer)

    def losses(scores):
        probabilities = np.exp(scores) / np.exp(scores).sum()
        return -np.log(probabilities[right]), ((probabilities - np.eye(5)[right]) ** 2).sum()

    for score in (-6.0, 0.5, 3.0):
        at = explorable.scene.start(answer=answer, score=score)
        scores = np.array([score, 1.0, 0.5, 0.0, -1.0])
        slopes = [
            (np.subtract(losses(scores + step), losses(scores - step))) / 2e-5 for step in 1e-5 * np.eye(5)
        ]
        cross, squared = np.transpose(slopes)
        np.testing.assert_allclose(bars(explorable, "cross-entropy: p − y").under(at), cross, atol=1e-7)
        np.testing.assert_allclose(bars(explorable, "squared error").under(at), squared, atol=1e-7)
        assert reading(explorable, "cross-entropy", answer=answer, score=score) == write(losses(scores)[0])


def test_only_cross_entropy_corrects_a_sure_mistake():
    explorable = explore.cross_entropy()
    scene = explorable.scene
    at = scene.start(answer="cat", score=-4)
    cross, squared = (
        bars(explorable, label).under(at)[0] for label in ("cross-entropy: p − y", "squared error")
    )
    assert 100 < cross / squared < 130 and scene.prediction["options"][2] == "more than 100 times"
    assert scene.prediction["answer"] == 2
    assert f"{cross:.3f}, {squared:.4f}".replace("-", "−") == "−0.997, −0.0085"
    assert "−0.997" in scene.prediction["because"] and "−0.0085" in scene.prediction["because"]
    assert "hardly does" in scene.sentence(scene.start(answer="cat", score=-8))
    assert "hardly does" not in scene.sentence(scene.start(answer="cat", score=1))


def test_a_loss_with_the_wrong_sign_is_drawn_beside_the_reference():
    from byhand.reference.backprop import losses

    def cross_entropy_loss(logits, labels):
        loss, gradient = losses.cross_entropy_loss(logits, labels)
        return loss, -gradient

    explorable = explore.cross_entropy(cross_entropy_loss)
    assert "Your cross_entropy_loss differs from the reference" in explorable.scene.notes[0]
    at = explorable.scene.start()
    drawn = bars(explorable, "cross-entropy: p − y").under(at)
    np.testing.assert_allclose(drawn, -bars(explore.cross_entropy(), "cross-entropy: p − y").under(at))


def not_written(logits, labels):
    raise NotImplementedError


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (not_written, "is not written yet. The reference is drawn instead."),
        (lambda logits, labels: 1.0, "raised TypeError"),
        (lambda logits, labels: (1.0, np.zeros(3)), r"returned shape (3,) where (1, 5) was expected."),
    ],
)
def test_a_loss_that_cannot_be_drawn_is_replaced_with_a_word(own, said):
    (note,) = explore.cross_entropy(own).scene.notes
    assert said in note
