"""The picture of the gates shows what an LSTM computes, and how long powers of f last."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from shown import reading

from byhand import explore

module = import_module("byhand.explore.recurrent.lstm_gates")


def line(panel, at, label):
    mark = next(mark for mark in panel.marks if mark.style.get("label") == label)
    return mark.values["y"].under(at)


@pytest.mark.parametrize("f", [0.5, 0.9, 0.99, 1.0])
def test_what_is_left_is_a_power_of_the_forget_gate(f):
    shown = explore.lstm_gates()
    at = shown.scene.start(f=f, i=1)
    powers = f ** np.arange(101.0)
    np.testing.assert_allclose(line(shown.scene.panels[1], at, "f multiplied by itself"), powers, rtol=1e-6)
    np.testing.assert_allclose(line(shown.scene.panels[0], at, "cell c"), powers, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("after", [module.NOTHING, module.OPEN, module.SHUT])
@pytest.mark.parametrize(
    ("f", "i", "o"), [(0.5, 1.0, 1.0), (0.9, 0.3, 0.8), (0.995, 0.7, 0.0), (1.0, 0.5, 0.4)]
)
def test_cell_and_output_follow_the_equations(after, f, i, o):
    shown = explore.lstm_gates()
    at = shown.scene.start(f=f, i=i, o=o, after=after)
    noise = np.random.default_rng(2).uniform(-0.25, 0.25, 100)
    cells = [i]
    for candidate in noise:
        written = {module.NOTHING: 0, module.OPEN: i * candidate, module.SHUT: 0}[after]
        cells.append(f * cells[-1] + written)
    outputs = o * np.tanh(cells)
    panel = shown.scene.panels[0]
    np.testing.assert_allclose(line(panel, at, "cell c"), cells, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(line(panel, at, "output h = o tanh(c)"), outputs, rtol=1e-6, atol=1e-7)
    rows = [0, 1, 2, 5, 10, 20, 50, 100]
    for label, expected in (("cell c", cells), ("output h", outputs)):
        column = shown.scene.columns[label][0].under(at)
        np.testing.assert_allclose(column, np.array(expected)[rows], rtol=1e-6, atol=1e-7)


def test_it_knows_when_half_and_when_all_but_a_hundredth_is_gone():
    shown = explore.lstm_gates()
    for f in module.FORGET:
        for level, label in ((0.5, "less than half left after"), (0.01, "less than 1 % left after")):
            said = reading(shown, label, f=f)
            if f == 1:
                assert said == "never"
                continue
            steps = int(said.split()[0])
            assert f**steps < level <= f ** (steps - 1) * (1 + 1e-12)


def test_the_marker_stands_on_the_curves():
    shown = explore.lstm_gates()
    at = shown.scene.start(f=0.9, i=1, o=0.5, later=7)
    cell, output = (
        mark.values["y"].under(at) for mark in shown.scene.panels[0].marks if mark.kind == "points"
    )
    assert cell == pytest.approx(0.9**7, rel=1e-6)
    assert output == pytest.approx(0.5 * np.tanh(0.9**7), rel=1e-6)
    assert reading(shown, "left at your step", f=0.9, later=7) == "47.8 %"


def test_the_prediction_is_right():
    prediction = explore.lstm_gates().scene.prediction
    assert prediction["options"][prediction["answer"]] == "44 steps"
    assert 0.9**44 < 0.01 <= 0.9**43
    assert 0.9**7 < 0.5 <= 0.9**6
    assert 0.99**500 < 0.01 < 0.995**500


def test_it_says_when_nothing_was_written_and_when_noise_came_in():
    scene = explore.lstm_gates().scene
    assert "nothing was written" in scene.sentence(scene.start(i=0))
    assert "noise" in scene.sentence(scene.start(after=module.OPEN))
    assert "noise" not in scene.sentence(scene.start(after=module.SHUT))
