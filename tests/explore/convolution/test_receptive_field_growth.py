"""The picture of the receptive field follows every number down to the pixels, and finds what the formula says."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from shown import reading

from byhand import explore
from byhand.reference.convolution.sizes import receptive_field

module = import_module("byhand.explore.convolution.receptive_field_growth")
SETTINGS = [
    (int(depth), int(kernel), kind)
    for depth in module.DEPTHS
    for kernel in module.KERNELS
    for kind in range(len(module.KINDS))
]


def where(depth, kernel, kind):
    return {"depth": depth, "kernel": kernel, "kind": module.KINDS[kind]}


def marks(panel, kind):
    return [mark for mark in panel.marks if mark.kind == kind]


def test_the_field_that_is_followed_is_the_formulas_in_every_setting():
    shown = explore.receptive_field_growth()
    for setting in SETTINGS:
        expected = str(receptive_field(module._layers(*setting)))
        assert reading(shown, "pixels in a row", **where(*setting)) == expected
        assert reading(shown, "receptive_field says", **where(*setting)) == expected


@pytest.mark.parametrize("setting", [(1, 1, 0), (3, 3, 1), (2, 4, 2), (4, 5, 2)])
def test_the_drawn_pixels_are_those_that_change_the_number(setting):
    """A layer that adds up its window, from NumPy alone: which pixels of a row move the number in the middle?"""
    pixels = 69

    def run(row):
        for kernel, stride in module._layers(*setting):
            row = np.lib.stride_tricks.sliding_window_view(row, kernel)[::stride].sum(axis=1)
        return row

    places = run(np.zeros(pixels)).size
    moved = np.array([run(one) for one in np.eye(pixels)])[:, places // 2]
    seen = np.flatnonzero(moved)
    shown = explore.receptive_field_growth()
    at = shown.scene.start(**where(*setting))
    unseen, drawn = (mark.values["x"].under(at) for mark in marks(shown.scene.panels[0], "points")[:2])
    drawn = drawn[np.isfinite(drawn)]
    np.testing.assert_allclose(drawn - drawn[0], seen - seen[0], atol=1e-6)
    assert drawn.mean() == pytest.approx(module.MIDDLE)
    assert not set(drawn.round(2)) & set(unseen[np.isfinite(unseen)].round(2))


def test_every_layer_sees_what_the_layers_up_to_it_see():
    shown = explore.receptive_field_growth()
    for setting in SETTINGS:
        layers = module._layers(*setting)
        at = shown.scene.start(**where(*setting))
        views, steps = (
            shown.scene.columns[label][0].under(at) for label in ("pixels that it sees", "its step in pixels")
        )
        expected = [receptive_field(layers[: count + 1]) for count in range(len(layers))]
        np.testing.assert_array_equal(views[: len(layers)], expected)
        np.testing.assert_array_equal(steps[: len(layers)], np.cumprod([stride for _, stride in layers]))
        assert np.isnan(views[len(layers) :]).all()


def test_the_boxes_in_the_photograph_are_as_wide_as_the_field_and_a_step_apart():
    shown = explore.receptive_field_growth()
    at = shown.scene.start(**where(3, 5, 2))
    neighbour, own = (
        {name: float(value.under(at)) for name, value in mark.values.items()}
        for mark in marks(shown.scene.panels[1], "box")
    )
    assert own["width"] == own["height"] == neighbour["width"] == 32
    assert neighbour["x"] - own["x"] == 4 and neighbour["y"] == own["y"]


def test_the_growth_is_that_of_the_formula():
    shown = explore.receptive_field_growth()
    at = shown.scene.start(kernel=4)
    for number, line in enumerate(marks(shown.scene.panels[2], "line")):
        expected = [receptive_field(module._layers(int(depth), 4, number)) for depth in module.DEPTHS]
        np.testing.assert_array_equal(line.values["y"].under(at), expected)


def test_the_preset_of_lenet_sees_the_whole_picture_that_lenet_was_shown():
    shown = explore.receptive_field_growth()
    preset = dict(shown.scene.presets)["LeNet-5"]
    assert module._layers(preset["depth"], preset["kernel"], 2) == [(5, 1), (2, 2), (5, 1), (2, 2), (5, 1)]
    assert reading(shown, "pixels in a row", **preset) == "32"


def test_the_prediction_is_right():
    prediction = explore.receptive_field_growth().scene.prediction
    assert prediction["options"][prediction["answer"]] == str(receptive_field([(3, 2)] * 3))
    assert receptive_field([(3, 1)] * 3) == 7  # as `because` says


def test_the_picture_begins_with_another_kernel_than_the_one_that_is_asked_for():
    scene = explore.receptive_field_growth().scene
    strided = next(mark for mark in scene.panels[-1].marks if mark.style.get("label") == module.KINDS[1])
    assert strided.values["y"].under(scene.start())[2] == receptive_field([(5, 2)] * 3)


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (lambda layers: 1 + sum(kernel - 1 for kernel, _ in layers), "differs from what the picture shows"),
        (lambda layers: None, "returned nothing"),
        (lambda layers: layers, "returned shape"),
    ],
)
def test_a_wrong_function_is_named(own, said):
    shown = explore.receptive_field_growth(own)
    assert said in shown.scene.notes[0]
    assert reading(shown, "pixels in a row", **where(3, 3, 1)) == "15"
    if "differs" in said:
        assert reading(shown, "receptive_field says", **where(3, 3, 1)) == "7"


def test_a_right_function_needs_no_note():
    assert explore.receptive_field_growth(lambda layers: receptive_field(layers)).scene.notes == []
