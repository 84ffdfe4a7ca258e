"""What the pictures of chapter 04 show is what a convolution computes."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from byhand import explore
from byhand.reference.convolution.conv2d import conv2d_backward
from byhand.reference.convolution.filters import cross_correlate2d
from byhand.reference.convolution.sizes import conv_output_size
from byhand.reference.convolution.windows import im2col


def mark(explorable, title, kind):
    """The first mark of a kind in the panel of that title."""
    panel = next(panel for panel in explorable.scene.panels if panel.title.startswith(title))
    return next(mark for mark in panel.marks if mark.kind == kind)


def test_every_kernel_gives_what_the_reference_gives():
    shown = explore.kernel_editor()
    photo = explore_module("kernel_editor").photograph()
    for seed in range(5):
        kernel = np.random.default_rng(seed).integers(-16, 17, (3, 3)) / 4
        at = shown.scene.start(**{f"k_{i + 1}_{j + 1}": kernel[i, j] for i, j in np.ndindex(3, 3)})
        picture = mark(shown, "What the kernel finds", "image").values["z"].under(at)
        np.testing.assert_allclose(picture, cross_correlate2d(photo, kernel), atol=1e-5)


def test_the_arithmetic_at_a_place_is_the_number_in_the_picture():
    shown = explore.kernel_editor()
    at = shown.scene.start(row=40, column=17)
    picture = mark(shown, "What the kernel finds", "image").values["z"].under(at)
    products = shown.scene.columns["product"][0].under(at)
    assert products.sum() == pytest.approx(picture[40, 17], abs=1e-6)


def test_the_steps_end_with_the_whole_convolution_and_its_gradient():
    module = explore_module("kernel_steps")
    shown = explore.kernel_steps()
    at = shown.scene.start(place=9)
    np.testing.assert_array_equal(
        mark(shown, "The result so far", "cells").values["z"].under(at),
        cross_correlate2d(module.IMAGE, module.KERNEL),
    )
    x, w = module.IMAGE[np.newaxis, np.newaxis], module.KERNEL[np.newaxis, np.newaxis]
    dx, _, _ = conv2d_backward(module.DOUT[np.newaxis, np.newaxis], (x, w, np.zeros(1), 1, 0))
    np.testing.assert_array_equal(mark(shown, "Backwards", "cells").values["z"].under(at), dx[0, 0])
    np.testing.assert_array_equal(
        mark(shown, "The same window", "cells").values["z"].under(at), im2col(x, 3, 3)[0]
    )
    first = mark(shown, "The result so far", "cells").values["z"].under(shown.scene.start(place=1))
    assert np.isfinite(first).sum() == 1


@pytest.mark.parametrize("setting", [(8, 3, 2, 1), (5, 5, 3, 0), (12, 1, 1, 2), (7, 2, 2, 0)])
def test_places_are_as_many_as_are_counted(setting):
    shown = explore.conv_size()
    names = ("n", "kernel", "stride", "padding")
    at = shown.scene.start(**dict(zip(names, setting, strict=True)))
    begins = shown.scene.columns["the window begins at pixel (padding counted)"][0].under(at)
    assert np.isfinite(begins).sum() == conv_output_size(*setting)
    assert np.nanmax(begins) + setting[1] <= setting[0] + 2 * setting[3]


@pytest.mark.parametrize("name", ["kernel_editor", "kernel_steps"])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda image, kernel: cross_correlate2d(image, kernel[::-1, ::-1]), "differs from the reference"),
        (lambda image, kernel: None, "returned nothing"),
        (lambda image, kernel: image, "returned shape"),
    ],
)
def test_a_wrong_function_is_shown_or_named(name, wrong, said):
    shown = getattr(explore, name)(wrong)
    assert said in shown.scene.notes[0]
    beside = any("reference" in panel.title for panel in shown.scene.panels)
    assert beside == (said == "differs from the reference")


def test_a_function_that_is_not_linear_cannot_be_drawn_and_is_named():
    shown = explore.kernel_editor(lambda image, kernel: np.maximum(cross_correlate2d(image, kernel), 0))
    assert "does more than weigh and add" in shown.scene.notes[0]


def test_a_wrong_size_is_shown_beside_the_right_one():
    shown = explore.conv_size(lambda n, kernel, stride, padding: (n - kernel) // stride + 1)
    assert "differs" in shown.scene.notes[0]
    label, said = shown.scene.readings[1]
    assert (label, said.at(shown.scene.start(n=8, kernel=3, stride=2, padding=1))) == (
        "conv_output_size says",
        "3",
    )


def test_a_right_function_needs_no_note():
    assert explore.kernel_editor(lambda *given: cross_correlate2d(*given)).scene.notes == []
    assert explore.kernel_steps(lambda *given: cross_correlate2d(*given)).scene.notes == []
    assert explore.conv_size(lambda *given: conv_output_size(*given)).scene.notes == []


def explore_module(name):
    """The module in which a picture stands."""
    return import_module(f"byhand.explore.convolution.{name}")


def test_predictions_of_size_and_of_the_even_sky_are_true():
    def predicted(name):
        prediction = getattr(explore, name)().scene.prediction
        return prediction["options"][prediction["answer"]]

    assert predicted("conv_size") == str(conv_output_size(10, 3, stride=2, padding=1))
    kernel = np.random.default_rng(0).normal(size=(3, 3))
    sky = np.full((4, 4), 0.7)
    np.testing.assert_allclose(cross_correlate2d(sky, kernel + (1 - kernel.sum()) / 9), 0.7)
    assert predicted("kernel_editor") == "the brightness of the sky"
