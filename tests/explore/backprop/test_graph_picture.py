"""The numbers in the picture of chapter 3's graph are those of the calculation, and a wrong way back shows."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from byhand import explore
from byhand.reference.backprop.graph import graph_backward

module = import_module("byhand.explore.backprop.graph")  # the package's own name `graph` is the function


def numbers(explorable, **where):
    scene = explorable.scene
    positions = scene.start(**where)
    return {label: value.under(positions) for label, (value, _) in scene.columns.items()}


@pytest.mark.parametrize(("w", "b", "target"), [(0.5, -1.0, "1"), (-3.0, 3.0, "0"), (2.0, 0.0, "1")])
def test_values_and_gradients_are_those_of_the_formulas(w, b, target):
    table = numbers(explore.graph(), w=w, b=b, target=target)
    p = 1 / (1 + np.exp(-(2 * w + b)))
    e = p - float(target)
    np.testing.assert_allclose(
        table["value"], [w, 2, b, float(target), 2 * w, 2 * w + b, p, e, e * e], atol=1e-6
    )
    dz = 2 * e * p * (1 - p)
    expected = [2 * dz, w * dz, dz, -2 * e, dz, dz, 2 * e, 2 * e, 1]
    np.testing.assert_allclose(table["gradient, by going back"], expected, atol=1e-6)


def test_going_back_agrees_with_nudging_everywhere():
    np.testing.assert_allclose(
        module._gradients(graph_backward, module._values()), module._measured(), atol=1e-7
    )


def test_the_sentence_follows_the_steps():
    scene = explore.graph().scene
    said = [scene.sentence(scene.start(step=step)) for step in range(12)]
    assert len(set(said)) == 12
    assert "forward" in said[1] and "back" in said[11]


def test_nothing_is_shown_before_its_step():
    scene = explore.graph().scene
    _, loss, slopes = scene.panels
    curve, tangent, here = (mark.values["y"] for mark in loss.marks)
    bars, rings = (slopes.marks[i].values[part] for i, part in enumerate(("height", "y")))

    def seen(value, step):
        return np.isfinite(value.under(scene.start(step=step)))

    for step in range(12):
        expected = [module.REACHED[name] <= step for name in module.NAMES]
        assert seen(bars, step).tolist() == seen(rings, step).tolist() == expected
        assert seen(here, step) == (step >= 5)
        assert seen(curve, step).all() == seen(tangent, step).all() == (step == 11)
        assert seen(curve, step).any() == seen(tangent, step).any() == (step == 11)
        said = [text.at(scene.start(step=step)) for _, text in scene.readings]
        assert [text != "?" for text in said] == [step >= 5, step == 11, step == 11]


def test_the_prediction_is_true():
    """Where the answer is too little, the gradient of w is negative: w should move up."""
    values = module._values()
    too_little = values[..., module.NAMES.index("p")] < values[..., module.NAMES.index("t")]
    gradients = module._gradients(graph_backward, values)[..., module.NAMES.index("w")]
    assert too_little.any() and np.all(gradients[too_little] < 0)
    prediction = explore.graph().scene.prediction
    assert prediction["options"][prediction["answer"]] == "up"


def test_a_wrong_way_back_is_drawn_and_named():
    def graph_backward_overwriting(graph, values):
        gradients = graph_backward(graph, values)
        return {**gradients, "e": gradients["e"] / 2}

    explorable = explore.graph(graph_backward_overwriting)
    assert (
        "differs from the reference" in explorable.scene.notes[0] and "gives e" in explorable.scene.notes[0]
    )
    table = numbers(explorable)
    assert table["gradient, by going back"][7] == pytest.approx(table["slope, by nudging"][7] / 2, rel=1e-4)


@pytest.mark.parametrize("wrong", [lambda graph, values: None, lambda graph, values: {"w": 1.0}])
def test_what_cannot_be_drawn_is_replaced_and_said(wrong):
    explorable = explore.graph(wrong)
    assert "The reference is drawn instead." in explorable.scene.notes[0]
    assert numbers(explorable)["gradient, by going back"][8] == 1
