"""The neuron's picture: its planes, its boundary, and what one neuron cannot do."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from byhand import explore
from byhand.explore.neuron.neuron_plane import BIASES, CORNERS, GATES, GRID, WEIGHTS
from byhand.reference.activations import elementwise


def answers(explorable, **values):
    """What the picture says that the neuron answers to the four points."""
    value, _ = explorable.scene.columns["answer"]
    return value.under(explorable.scene.start(**values)).tolist()


@pytest.mark.parametrize("activation", ["step", "sigmoid"])
def test_neuron_shows_what_the_neuron_computes(activation):
    from byhand.reference.neuron.layers import neuron, step

    explorable = explore.neuron_plane()
    bars = next(mark for mark in explorable.scene.panels[1].marks if mark.kind == "bars")
    function = {"step": step, "sigmoid": elementwise.sigmoid}[activation]
    rng = np.random.default_rng(1)
    for _ in range(50):
        w1, w2 = rng.choice(WEIGHTS, 2)
        b = rng.choice(BIASES)
        at = explorable.scene.start(activation=activation, w1=w1, w2=w2, b=b)
        expected = neuron(CORNERS, np.array([w1, w2]), b, function)
        if activation == "step" and np.abs(CORNERS @ [w1, w2] + b).min() < 1e-5:
            continue  # the sum is 0 but for rounding: both answers are right
        np.testing.assert_allclose(bars.values["height"].under(at), expected, atol=3e-4)


def test_neuron_draws_the_boundary_where_the_sum_is_zero():
    explorable = explore.neuron_plane()
    heat = next(mark for mark in explorable.scene.panels[0].marks if mark.kind == "heat")
    at = explorable.scene.start(w1=1.3, w2=-0.7, b=0.4)
    expected = GRID @ [1.3, -0.7] + 0.4
    np.testing.assert_allclose(heat.values["z"].under(at), expected, atol=1e-6)


def test_one_neuron_gets_three_points_of_xor_and_no_more():
    best = 0
    for w1, w2 in itertools.product(WEIGHTS, repeat=2):
        z = CORNERS @ [w1, w2] + BIASES[:, None]
        best = max(best, int(((z >= 0) == GATES["XOR"]).sum(axis=1).max()))
    prediction = explore.neuron_plane().scene.prediction
    assert prediction["options"][prediction["answer"]] == f"{best} of 4" == "3 of 4"


@pytest.mark.parametrize(
    ("gate", "values"),
    [("AND", (1, 1, -1.5)), ("OR", (1, 1, -0.5)), ("NAND", (-1, -1, 1.5))],
)
def test_neuron_says_when_a_gate_is_found(gate, values):
    explorable = explore.neuron_plane()
    at = dict(zip(("w1", "w2", "b"), values, strict=True))
    assert answers(explorable, gate=gate, **at) == list(GATES[gate])
    said = explorable.scene.sentence(explorable.scene.start(gate=gate, **at))
    assert said.endswith(f"All 4 answers are right: this neuron computes {gate}.")


def test_neuron_that_forgets_the_bias_is_drawn_so():
    def neuron(x, w, b, activation):
        return activation(np.dot(x, w))

    explorable = explore.neuron_plane(neuron)
    assert "differs from the reference" in explorable.scene.notes[0]
    assert "dotted" in explorable.scene.notes[0]
    assert answers(explorable, w1=1, w2=1, b=-3) == [1, 1, 1, 1]  # the bias changes nothing
    assert any(mark.style.get("label") == "reference" for mark in explorable.scene.panels[0].marks)


def test_neuron_that_no_plane_can_show_is_replaced_with_a_word():
    def neuron(x, w, b, activation):
        return activation(np.dot(x, w)) + b

    explorable = explore.neuron_plane(neuron)
    (note,) = explorable.scene.notes
    assert "differs from the reference" in note and note.endswith("this is the reference.")
    assert answers(explorable, w1=1, w2=1, b=-1.5) == [0, 0, 0, 1]


def test_neuron_that_is_not_written_is_replaced_with_a_word():
    def neuron(x, w, b, activation):
        raise NotImplementedError

    (note,) = explore.neuron_plane(neuron).scene.notes
    assert note == "Your neuron is not written yet. The reference is drawn instead."


def test_neuron_that_is_right_has_no_note():
    def neuron(x, w, b, activation):
        return activation(sum(one * weight for one, weight in zip(x, w, strict=True)) + b)

    explorable = explore.neuron_plane(neuron)
    assert explorable.scene.notes == []
    assert not any(mark.style.get("label") == "reference" for mark in explorable.scene.panels[0].marks)
