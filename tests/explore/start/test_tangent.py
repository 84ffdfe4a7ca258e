"""The tangent's picture: an estimate, its error, and the best step."""

from __future__ import annotations

import numpy as np
import pytest
from shown import reading

from byhand import explore
from byhand.explore.engine.captions import write
from byhand.reference.start import derivatives


def test_tangent_shows_the_estimate_and_its_error():
    explorable = explore.tangent()
    at = {"x": 1.2, "h": 0.1}
    estimate = derivatives.numerical_derivative(np.exp, 1.2, 0.1)
    assert reading(explorable, "slope by two points", **at) == write(float(estimate), ".6g")
    assert reading(explorable, "true slope", **at) == write(float(np.exp(1.2)), ".6g")
    assert reading(explorable, "error", **at) == write(float(estimate - np.exp(1.2)), ".2g")


@pytest.mark.parametrize(("kind", "best"), [("float64", 1e-5), ("float32", 5e-3)])
def test_tangent_errors_fall_and_rise_again_around_the_best_step(kind, best):
    explorable = explore.tangent()
    scene = explorable.scene
    error = next(mark for mark in scene.panels[1].marks if mark.style.get("label") == "at your step").values[
        "y"
    ]
    at_best, long, short = (
        max(error.under(scene.start(numbers=kind, x=x, h=h)) for x in (-1.0, 0.5, 1.5))
        for h in (best, best * 1e3 if best < 1e-3 else 1.0, best / 1e4)
    )
    assert at_best < long / 100 and at_best < short / 100
    for factor, said in ((1e-3, "too short"), (1, "close to the best"), (100, "too long")):
        assert said in scene.sentence(scene.start(numbers=kind, h=best * factor))


def test_tangent_takes_a_curve_without_a_formula_for_its_slope():
    explorable = explore.tangent(lambda x: x**3 - 2 * x)
    for x in (-2.0, 0.0, 1.3):
        value, _ = explorable.scene.columns["error in float64"]
        shown = explorable.scene.sentences[1].values["true"].under(explorable.scene.start(x=x))
        assert shown == pytest.approx(3 * x**2 - 2, abs=1e-6)
        assert value.under(explorable.scene.start(x=x, h=1e-16)).min() < 1e-9


def test_tangents_table_tells_no_error_of_a_step_that_was_not_tried():
    scene = explore.tangent().scene
    columns = [value for value, _ in scene.columns.values()]
    assert [np.isfinite(column.under(scene.start())).sum() for column in columns] == [1, 1, 1]
    assert [np.isfinite(column.under(scene.start(h=1e-16))).sum() for column in columns] == [17, 17, 17]


def test_tangent_draws_another_curve_where_the_learners_cannot_be_drawn():
    (note,) = explore.tangent(np.log).scene.notes
    assert note.startswith("Your log is not finite everywhere from −3 to 3.")
    (note,) = explore.tangent(lambda x: None).scene.notes
    assert note.endswith("returned nothing (None). The curve eˣ is drawn instead.")


def test_tangent_shows_the_error_of_a_one_sided_difference_beside_the_reference():
    def numerical_derivative(f, x, h):
        return (f(x + h) - f(x)) / h

    explorable = explore.tangent(numerical_derivative=numerical_derivative)
    (note,) = explorable.scene.notes
    assert "Your numerical_derivative differs from the reference, which is dotted." in note
    assert reading(explorable, "error", x=0, h=0.1) == write(np.expm1(0.1) / 0.1 - 1, ".2g")
    assert "reference" in [mark.style.get("label") for mark in explorable.scene.panels[1].marks]


def test_tangent_of_a_derivative_that_is_not_written_shows_the_reference():
    def numerical_derivative(f, x, h):
        raise NotImplementedError

    (note,) = explore.tangent(numerical_derivative=numerical_derivative).scene.notes
    assert note == "Your numerical_derivative is not written yet. The reference is drawn instead."
