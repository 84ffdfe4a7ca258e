"""The picture of the learning rate: its numbers are gradient descent's, and a wrong step is shown as it is."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from byhand import explore
from byhand.reference.backprop.training import gradient_step
from byhand.reference.optimizers.landscape import largest_stable_lr

module = import_module("byhand.explore.backprop.learning_rate")  # the function has the same name


def said(explorable, **values):
    return explorable.scene.sentence(explorable.scene.start(**values))


def reading(explorable, label, **values):
    return dict(explorable.scene.readings)[label].at(explorable.scene.start(**values))


@pytest.mark.parametrize("lr", [0.01, 0.1, 0.25, 0.3, 0.45, 0.5, 0.55])
def test_a_step_multiplies_w_by_one_number(lr):
    explorable = explore.learning_rate()
    for start, steps in ((-1.8, 8), (1.0, 20), (0.0, 5)):
        expected = start * (1 - 4 * lr) ** steps
        way = explorable.scene.panels[1].marks[-1].values["y"]
        positions = explorable.scene.start(lr=lr, w=start, step=steps)
        shown = way.under(positions)
        np.testing.assert_allclose(shown[steps], expected, rtol=1e-4, atol=1e-6)
        assert np.isnan(shown[steps + 1 :]).all()  # what is still to come is not shown


def test_the_border_is_2_over_lambda():
    border = largest_stable_lr([[module.CURVATURE]])
    assert border == 0.5
    explorable = explore.learning_rate()
    assert "It jumps from side to side, and comes down." in said(explorable, lr=border - 0.01)
    assert "for ever" in said(explorable, lr=border)
    assert "it diverges" in said(explorable, lr=border + 0.01)
    assert "exactly on the lowest point" in said(explorable, lr=border / 2)


def test_the_prediction_is_true():
    explorable = explore.learning_rate()
    prediction = explorable.scene.prediction
    assert prediction["options"][prediction["answer"]] in said(explorable, lr=0.45).lower()
    assert reading(explorable, "factor 1 − 4 lr", lr=0.45) == "−0.80"


def test_a_wrong_step_is_drawn_beside_the_reference():
    def uphill(params, grads, lr):
        return {name: params[name] + lr * grads[name] for name in params}

    explorable = explore.learning_rate(uphill)
    (note,) = explorable.scene.notes
    assert note.startswith("Your uphill differs from the reference, which is dotted.")
    assert reading(explorable, "w", lr=0.1, w=-1, step=2) == "−1.96"
    assert "reference" in [mark.style.get("label") for mark in explorable.scene.panels[1].marks]


def test_a_step_that_cannot_be_drawn_is_replaced_with_a_word():
    def unwritten(params, grads, lr):
        raise NotImplementedError()

    (note,) = explore.learning_rate(unwritten).scene.notes
    assert note == "Your unwritten is not written yet. The reference is drawn instead."
    assert explore.learning_rate(gradient_step).scene.notes == []
