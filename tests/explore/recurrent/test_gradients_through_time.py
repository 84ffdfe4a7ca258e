"""The gradients in the picture are those of backpropagation through time."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from shown import reading

from byhand import explore
from byhand.reference.recurrent.rnn import gradient_norms_through_time, rnn_backward

module = import_module("byhand.explore.recurrent.gradients_through_time")


def line(panel, at, label):
    mark = next(mark for mark in panel.marks if mark.style.get("label") == label)
    return mark.values["y"].under(at)


def straight(radius):
    """The norms with linear units, by NumPy alone."""
    _, _, Wh, dh = module._drawn()
    norms = []
    for _ in module.BACK:
        norms.append(np.linalg.norm(dh))
        dh = dh @ (radius * Wh).T
    return np.array(norms)


@pytest.mark.parametrize("radius", [0.5, 0.9, 1.0, 1.25, 1.5])
def test_linear_units_multiply_by_the_matrix_alone(radius):
    shown = explore.gradients_through_time()
    at = shown.scene.start(radius=radius, units="linear")
    expected = straight(radius)
    drawn = line(shown.scene.panels[0], at, "gradient")
    seen = expected > 1e-29
    np.testing.assert_allclose(drawn[seen], expected[seen], rtol=1e-6)
    factors = line(shown.scene.panels[1], at, "this step")
    np.testing.assert_allclose(factors, expected[1:] / expected[:-1], rtol=1e-6)
    assert np.prod(factors[100:]) ** (1 / 50) == pytest.approx(radius, abs=0.02)  # in the long run


@pytest.mark.parametrize("radius", [0.6, 1.0, 1.5])
@pytest.mark.parametrize(("units", "size"), [("tanh, small inputs", 0.1), ("tanh, large inputs", 2.0)])
def test_tanh_units_show_the_gradients_of_rnn_backward(units, size, radius):
    """The state of a step is where the rest of the sequence starts: its gradient is that sequence's dh0."""
    x, Wx, Wh, last = module._drawn()
    h, state = [], np.zeros((module.SEQUENCES, module.UNITS))
    for t in range(len(module.BACK)):
        state = np.tanh(x[:, t] * size @ Wx + state @ (radius * Wh))
        h.append(state)
    h = np.stack(h, axis=1)
    shown = explore.gradients_through_time()
    drawn = line(shown.scene.panels[0], shown.scene.start(radius=radius, units=units), "gradient")
    for back in (1, 7, 40):
        dh = np.zeros((module.SEQUENCES, back, module.UNITS))
        dh[:, -1] = last
        start = h[:, -1 - back]
        cache = x[:, -back:] * size, start, Wx, radius * Wh, h[:, -back:]
        assert drawn[back] == pytest.approx(np.linalg.norm(rnn_backward(dh, cache)[1]), rel=1e-6)


def test_wh_has_the_spectral_radius_and_the_singular_value_that_are_said():
    Wh = module._drawn()[2]
    assert np.abs(np.linalg.eigvals(Wh)).max() == pytest.approx(1)
    stretch = np.linalg.norm(1.3 * Wh, 2)
    assert reading(explore.gradients_through_time(), "largest singular value", radius=1.3) == f"{stretch:.2f}"


def test_the_bound_that_is_said_is_the_first_that_is_passed():
    shown = explore.gradients_through_time()
    for kind in module.KINDS:
        for radius in module.RADII[::4]:
            scene = shown.scene
            said = reading(shown, "the first bound that it passes", units=kind, radius=radius)
            norms = line(scene.panels[0], scene.start(units=kind, radius=radius), "gradient")
            low, high = norms < 1e-6, norms > 1e6
            if said == "none":
                assert not (low | high).any()
                continue
            bound, step = said.split(" at step ")
            step = int(step)
            assert (low if bound == "10⁻⁶" else high)[step] and not (low | high)[:step].any()


def test_the_prediction_is_right():
    shown = explore.gradients_through_time()
    prediction = shown.scene.prediction
    assert prediction["options"][prediction["answer"]] == "about 130"
    said = reading(shown, "the first bound that it passes", units="linear", radius=0.9)
    assert said == "10⁻⁶ at step 130"
    assert pytest.approx(1e-6, rel=0.2) == 0.9**130 and 0.5**20 < 1e-6 < 0.5**19


def forgets_the_slope(dh, cache):
    Wh, h = cache[3], cache[4]
    return gradient_norms_through_time(dh, (*cache[:3], Wh, np.zeros_like(h)))


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (forgets_the_slope, "differs from the reference, which is dotted. Tanh, small inputs"),
        (
            lambda dh, cache: gradient_norms_through_time(dh, cache)[::-1],
            "Linear units, radius 0.50, 0 steps back",
        ),
        (lambda dh, cache: None, "returned nothing"),
        (lambda dh, cache: np.ones(3), "returned shape (3,)"),
        (lambda dh, cache: np.zeros(151), "it gives 0, not 1."),
    ],
)
def test_a_wrong_function_is_drawn_or_named(own, said):
    shown = explore.gradients_through_time(own)
    assert said in shown.scene.notes[0]
    labels = [mark.style.get("label") for mark in shown.scene.panels[0].marks]
    assert ("reference" in labels) == ("returned" not in said)


def test_a_right_function_needs_no_note_and_nothing_is_changed():
    def own(dh, cache):
        norms = gradient_norms_through_time(dh, cache)
        dh *= 0
        for part in cache:
            part *= 0
        return norms

    assert explore.gradients_through_time(own).scene.notes == []
    assert explore.gradients_through_time().scene.notes == []
