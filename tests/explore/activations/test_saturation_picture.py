"""The saturation picture shows what NumPy computes, and something whatever the learner's function does."""

from __future__ import annotations

import functools
import itertools
import json

import numpy as np
import pytest
from shown import reading

from byhand import explore
from byhand.explore.engine.captions import write
from byhand.reference.activations import elementwise

PAIRS = [("Sigmoid", "sigmoid"), ("Tanh", "tanh"), ("ReLU", "relu")]


@pytest.mark.parametrize(("label", "name"), PAIRS)
def test_saturation_shows_the_function_and_its_slope(label, name):
    explorable = explore.saturation()
    function, slope = getattr(elementwise, name), getattr(elementwise, f"{name}_derivative")
    for z in (-7.3, -1.0, 0.0, 0.4, 6.0):
        at = {"activation": label, "z": z}
        assert reading(explorable, "f(z)", **at) == write(float(function(z)))
        assert reading(explorable, "slope f′(z)", **at) == write(float(slope(z)))


@pytest.mark.parametrize(("label", "name"), PAIRS)
def test_saturation_multiplies_slopes_through_depth(label, name):
    explorable = explore.saturation()
    slope = getattr(elementwise, f"{name}_derivative")
    for z, depth in itertools.product((-3.0, 0.0, 1.5), (1, 7, 30)):
        shown = reading(explorable, "left of the gradient", activation=label, z=z, depth=depth)
        assert shown == write(float(slope(z)) ** depth, ".2g")


def test_saturation_arrays_are_numpys():
    scene = explore.saturation().scene
    lines = {mark.style["label"]: mark.values["y"] for mark in scene.panels[0].marks if mark.kind == "line"}
    z = np.linspace(-8, 8, 161)
    for position, (_, name) in enumerate(PAIRS):
        at = scene.start() | {"activation": position}
        for label, ending in (("f(z)", ""), ("slope f′(z)", "_derivative")):
            expected = getattr(elementwise, name + ending)(z)
            np.testing.assert_allclose(lines[label].under(at), expected, rtol=1e-6, atol=1e-30)


@pytest.mark.parametrize(
    ("label", "z", "said"),
    [
        ("Sigmoid", 0, "depth 10"),
        ("Sigmoid", 2, "depth 7"),
        ("Tanh", 0, "never"),
        ("ReLU", 3, "never"),
        ("ReLU", -1, "depth 1"),
    ],
)
def test_saturation_knows_from_which_depth_the_gradient_is_gone(label, z, said):
    shown = reading(explore.saturation(), "below one millionth from", activation=label, z=z)
    assert shown == said
    if said != "never":
        slope = {"Sigmoid": elementwise.sigmoid_derivative, "ReLU": elementwise.relu_derivative}[label](
            float(z)
        )
        depth = int(said.split()[1])
        assert slope**depth < 1e-6 <= slope ** (depth - 1)


def test_saturation_predicts_what_the_reference_says():
    prediction = explore.saturation().scene.prediction
    assert prediction["options"][prediction["answer"]] == "10 layers"
    assert elementwise.sigmoid_derivative(0.0) ** 10 < 1e-6 <= elementwise.sigmoid_derivative(0.0) ** 9


def test_saturation_says_where_it_is_flat():
    scene = explore.saturation().scene
    assert "It is flat here: saturated." in scene.sentence(scene.start(activation="Tanh", z=5))
    assert "nothing pass back" in scene.sentence(scene.start(activation="ReLU", z=-2))
    assert "unchanged" in scene.sentence(scene.start(activation="ReLU", z=2))


def not_written(x):
    raise NotImplementedError


def broken(x):
    return x.missing


def nothing(x):
    pass


def words_only(x):
    return "one"


def wrong_shape(x):
    return np.ones(3)


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (not_written, "Your tanh is not written yet. The reference is drawn instead."),
        (broken, "Your tanh raised AttributeError: 'numpy.ndarray' object has no attribute 'missing'."),
        (nothing, "Your tanh returned nothing (None)."),
        (words_only, "Your tanh returned a str, which is no array of numbers."),
        (wrong_shape, "Your tanh returned shape (3,) where (161,) was expected."),
    ],
)
def test_saturation_draws_the_reference_where_the_learners_cannot_be_drawn(function, sentence):
    def tanh(x):
        return function(x)

    explorable = explore.saturation(tanh)
    (note,) = explorable.scene.notes
    assert note.startswith(sentence)
    assert reading(explorable, "f(z)", activation="Tanh", z=1) == write(np.tanh(1))


def test_saturation_shows_how_wrong_looks_beside_the_reference():
    def sigmoid(x):
        return 1 / (1 + np.exp(x))

    explorable = explore.saturation(sigmoid)
    assert "Your sigmoid differs from the reference" in explorable.scene.notes[0]
    assert reading(explorable, "f(z)", z=2) == write(1 / (1 + np.exp(2)))
    lines = {
        mark.style["label"]: mark.values["y"]
        for mark in explorable.scene.panels[0].marks
        if mark.kind == "line"
    }
    at = explorable.scene.start()
    np.testing.assert_allclose(
        lines["reference f"].under(at), elementwise.sigmoid(np.linspace(-8, 8, 161)), rtol=1e-6
    )
    # The two that are right have no second line.
    assert np.isnan(lines["reference f"].under(at | {"activation": 1})).all()


def test_saturation_has_no_note_and_no_second_line_when_all_is_right():
    def relu(x):
        return np.maximum(x, 0)

    explorable = explore.saturation(relu, elementwise.sigmoid)
    assert explorable.scene.notes == []
    labels = [mark.style.get("label") for mark in explorable.scene.panels[0].marks]
    assert "reference f" not in labels


def test_saturation_shows_a_slope_that_is_no_number():
    def relu_derivative(x):
        return np.full_like(x, np.nan)

    explorable = explore.saturation(relu_derivative)
    assert "not a number" in explorable.scene.sentence(explorable.scene.start(activation="ReLU"))
    json.dumps(explorable.scene.describe()[0], allow_nan=False)
    explorable.still(activation="ReLU").canvas.draw()


@pytest.mark.filterwarnings("error")
def test_saturation_draws_a_slope_that_is_far_too_large():
    def relu_derivative(x):
        return np.full_like(x, 1e200)

    explorable = explore.saturation(relu_derivative)
    assert "multiplied by ∞" in explorable.scene.sentence(explorable.scene.start(activation="ReLU"))
    explorable.scene.describe()


def test_saturation_takes_a_function_that_has_no_name():
    with pytest.raises(ValueError, match="does not know partial"):
        explore.saturation(functools.partial(np.tanh))


def test_saturation_never_changes_what_it_was_given():
    seen = []

    def tanh(x):
        seen.append(x)
        x += 1
        return np.tanh(x - 1)

    assert explore.saturation(tanh).scene.notes == []
    assert explore.saturation().scene.start() and len(seen) == 1


def test_saturation_refuses_a_function_that_it_does_not_know():
    def swish(x):
        return x

    with pytest.raises(ValueError, match="does not know swish; it takes sigmoid"):
        explore.saturation(swish)
