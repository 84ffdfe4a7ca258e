"""The explorables of chapter 06: their numbers are the optimizers', and a wrong optimizer is shown as it is."""

from __future__ import annotations

import json
from importlib import import_module

import numpy as np
import pytest

from byhand import explore
from byhand.reference.optimizers.adaptive import rmsprop
from byhand.reference.optimizers.descent import momentum, sgd
from byhand.reference.optimizers.landscape import classify_critical_point, largest_stable_lr
from byhand.reference.optimizers.moments import adam, adam_without_correction
from byhand.reference.start.derivatives import hessian, numerical_gradient

# the modules; their functions have the same names
race, sizes = (
    import_module(f"byhand.explore.optimizers.{name}") for name in ("optimizer_race", "step_sizes")
)
RACERS = {"SGD": (sgd, 0.1), "Momentum": (momentum, 0.03), "RMSProp": (rmsprop, 0.02), "Adam": (adam, 0.15)}


def reading(explorable, label, **values):
    """What the labelled number under the picture says."""
    return dict(explorable.scene.readings)[label].at(explorable.scene.start(**values))


def number(text):
    """The number that a text was written from: "1.2 × 10⁻⁷" is 1.2e-7."""
    mantissa, _, power = text.replace("\u00a0", "").replace("−", "-").partition("×10")
    return float(mantissa) * 10.0 ** int(power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")) or 0)


def walk(optimizer, gradient, start, lr, steps, **settings):
    w, state = np.array(start, float), None
    with np.errstate(all="ignore"):  # some diverge
        for _ in range(steps):
            w, state = optimizer(w, gradient(w), state, lr, **settings)
    return w


def height(w):
    return race.height(w[0], w[1])


# ---- The race ----


def test_the_landscapes_slope_is_that_of_its_height():
    for place in np.random.default_rng(0).uniform(-2, 2, size=(20, 2)):
        np.testing.assert_allclose(race.slope(place), numerical_gradient(height, place, 1e-5), atol=1e-6)


def test_the_landscape_has_two_minima_the_left_one_deeper_and_a_saddle_between_them():
    left, right = race.minima()
    for place in (left, right):
        np.testing.assert_allclose(race.slope(place), 0, atol=1e-12)
        assert classify_critical_point(hessian(height, place, 1e-4)) == "minimum"
    assert left[0] < 0 < right[0] and height(left) < height(right)
    x = np.sort(np.roots([0.5, 0, -1, 0.15]).real)[1]
    saddle = np.array([x, 0.3 * x**2])
    np.testing.assert_allclose(race.slope(saddle), 0, atol=1e-12)
    assert classify_critical_point(hessian(height, saddle, 1e-4)) == "saddle"
    assert np.linalg.norm(saddle - [0.3, 0.1]) < 0.2  # where the picture starts


@pytest.mark.parametrize("rates", race.SHARES)
@pytest.mark.parametrize("name", RACERS)
def test_the_race_shows_where_each_optimizer_is(name, rates):
    explorable, (optimizer, usual) = explore.optimizer_race(), RACERS[name]
    for x, y, step in ((0.3, 0.1, 12), (-1.8, 1.6, 3), (2.1, -0.5, 40)):
        w = walk(optimizer, race.slope, (x, y), race.SHARES[rates] * usual, step)
        said = reading(explorable, f"{name}: height", rates=rates, x=x, y=y, step=step)
        if np.all(np.abs(w) < race.GONE):
            assert number(said) == pytest.approx(height(w), abs=0.006)
        else:
            assert said == "not a number"


def test_the_race_says_the_learning_rates_so_that_they_can_be_compared_with_the_border():
    scene = explore.optimizer_race().scene
    said = scene.sentence(scene.start(rates="four times"))
    assert "The learning rates are: SGD 0.400, Momentum 0.120, RMSProp 0.080, Adam 0.600." in said


def test_from_beside_the_saddle_rmsprop_and_adam_are_gone_first_as_the_prediction_says():
    start = np.array([0.3, 0.1])
    gone = {
        name: next(
            step
            for step in range(41)
            if np.linalg.norm(walk(optimizer, race.slope, start, lr, step) - start) > 0.5
        )
        for name, (optimizer, lr) in RACERS.items()
    }
    assert max(gone["RMSProp"], gone["Adam"]) < min(gone["SGD"], gone["Momentum"])
    prediction = explore.optimizer_race().scene.prediction
    assert prediction["options"][prediction["answer"]] == "RMSProp and Adam"


def test_the_race_says_who_arrives_first_and_where():
    explorable = explore.optimizer_race()
    scene = explorable.scene
    assert "The first to stay in a minimum is RMSProp, from step 13 on." in scene.sentence(
        scene.start(step=13)
    )
    assert reading(explorable, "RMSProp: there", step=13) == "step 13, shallow"
    assert reading(explorable, "SGD: there", rates="a quarter", step=40) == "not yet"
    _, right = race.minima()
    places = [walk(rmsprop, race.slope, (0.3, 0.1), 0.02, step) for step in range(12, 41)]
    far = [np.linalg.norm(place - right) for place in places]
    assert far[0] > race.THERE and max(far[1:]) < race.THERE


def test_the_race_tells_no_end_before_it_has_come():
    explorable = explore.optimizer_race()
    scene = explorable.scene
    assert scene.start()["step"] == 0
    for step in (0, 12):
        assert "None of them has come to stay in a minimum yet." in scene.sentence(scene.start(step=step))
        assert {reading(explorable, f"{name}: there", step=step) for name in RACERS} == {"not yet"}
    ends, since = race._arrivals(race._run(sgd))
    assert np.any(ends == 2), "no run leaves the picture: this shows nothing"
    rates, i, j = np.argwhere(ends == 2)[0]
    where = {"rates": list(race.SHARES)[rates], "x": race.START_X[i], "y": race.START_Y[j]}
    left = int(since[rates, i, j])
    assert reading(explorable, "SGD: there", step=left, **where) == "out of the picture"
    assert reading(explorable, "SGD: height", step=left, **where) == "not a number"
    assert reading(explorable, "SGD: there", step=left - 1, **where) == "not yet"
    assert reading(explorable, "SGD: height", step=left - 1, **where) != "not a number"


def test_what_the_race_tells_to_notice_is_true():
    left, right = race.minima()
    assert largest_stable_lr(hessian(height, left, 1e-4)) == pytest.approx(0.168, abs=5e-4)
    assert largest_stable_lr(hessian(height, right, 1e-4)) == pytest.approx(0.190, abs=5e-4)
    runs = {name: race._run(optimizer) for name, (optimizer, _) in RACERS.items()}
    ends = {name: race._arrivals(run)[0] for name, run in runs.items()}
    assert np.all(ends["SGD"][2] == 2)  # four times the rates: SGD is thrown out, from every start
    assert not any(np.any(ends[name][1] == 2) for name in ends)  # with the usual ones nobody is
    assert 0.4 < np.mean([end[0] >= 2 for end in ends.values()]) < 0.7  # a quarter: about half do not arrive
    usual = np.array([end[1] for end in ends.values()])
    found = np.array([np.any(usual == 0, axis=0), np.any(usual == 1, axis=0)])
    assert found.all(axis=0).any()  # from some starts it depends on the optimizer which minimum is found
    corner = walk(momentum, race.slope, (2.1, 1.6), 0.03, 14)
    assert corner[0] < right[0] - 0.3  # far past the minimum


def test_the_race_draws_a_wrong_optimizer_beside_the_reference():
    def adam(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        return adam_without_correction(w, dw, state, lr, beta1, beta2, eps)

    explorable = explore.optimizer_race(adam, sgd)
    (note,) = explorable.scene.notes
    assert note.startswith(
        "Your adam differs from the reference, which is dotted. From (0.3, 0.1), step 1 leads to"
    )
    w = walk(adam, race.slope, (0.3, 0.1), 0.15, 5)
    assert float(reading(explorable, "Adam: height", step=5)) == pytest.approx(height(w), abs=0.006)
    labels = [mark.style.get("label") for mark in explorable.scene.panels[0].marks]
    assert "reference adam" in labels and "reference sgd" not in labels
    assert len(explorable.html().encode()) < 1_500_000


# ---- The lengths of steps ----


@pytest.mark.parametrize(
    ("name", "optimizer", "setting"),
    [
        ("SGD", sgd, None),
        ("Momentum", momentum, "beta"),
        ("Adam without correction", adam_without_correction, "beta1"),
        ("Adam", adam, "beta1"),
    ],
)
def test_step_sizes_are_the_optimizers(name, optimizer, setting):
    explorable = explore.step_sizes()
    for lr, beta, curvature in ((0.1, 0.9, 1.0), (0.01, 0.5, 100.0), (1.0, 0.98, 0.1)):
        settings = {setting: beta} if setting else {}
        values = {"optimizer": name, "lr": lr, "beta": beta, "curvature": curvature}
        places = [
            walk(optimizer, lambda w, c=curvature: c * w, [1.0], lr, n, **settings)[0] for n in range(61)
        ]
        first, past = abs(places[1] - 1), max(0.0, -min(places))
        said = [
            reading(explorable, label, **values)
            for label in ("first step", "first step / lr", "rolls past 0 by")
        ]
        np.testing.assert_allclose(
            [number(each) for each in said], [first, first / lr, past], rtol=6e-3, atol=1e-9
        )


def test_adams_first_step_is_lr_on_every_parabola_and_sgds_is_not():
    explorable = explore.step_sizes()
    for curvature in sizes.CURVATURES:
        assert reading(explorable, "first step / lr", optimizer="Adam", curvature=curvature) == "1"
        sgds = reading(explorable, "first step / lr", optimizer="SGD", curvature=curvature)
        assert number(sgds) == pytest.approx(curvature)
    without = reading(explorable, "first step / lr", optimizer="Adam without correction")
    assert number(without) == pytest.approx(np.sqrt(10), abs=0.01)


def test_the_more_momentum_keeps_the_further_it_rolls_past():
    explorable = explore.step_sizes()
    past = [
        float(reading(explorable, "rolls past 0 by", optimizer="Momentum", beta=beta)) for beta in sizes.BETAS
    ]
    assert past[0] == 0
    assert past == sorted(past)
    assert past[-1] > 0.5


def test_adam_rolls_past_0_and_the_picture_begins_with_another():
    explorable = explore.step_sizes()
    prediction = explorable.scene.prediction
    assert prediction["options"][prediction["answer"]] == "it rolls past 0"
    assert (
        number(reading(explorable, "rolls past 0 by", optimizer="Adam", lr=0.1, beta=0.9, curvature=1)) > 0.2
    )
    assert reading(explorable, "rolls past 0 by") == "0", "SGD, which does not answer the question"


def test_step_sizes_sentence_and_reading_agree_on_which_side_the_weight_comes_down():
    explorable = explore.step_sizes()
    for beta in sizes.BETAS:
        at = {"optimizer": "Momentum", "beta": beta}
        said = explorable.scene.sentence(explorable.scene.start(**at))
        assert said.endswith("on one side.") == (reading(explorable, "rolls past 0 by", **at) == "0")


def test_step_sizes_say_when_a_run_diverges():
    explorable = explore.step_sizes()
    said = explorable.scene.sentence(explorable.scene.start(optimizer="SGD", curvature=100))
    assert said.endswith("It does not come to rest.")


def test_step_sizes_draw_a_wrong_optimizer_beside_the_reference():
    def momentum(w, dw, state, lr, beta=0.9):
        return w - lr * dw, {"step": 1}

    explorable = explore.step_sizes(momentum, adam)
    (note,) = explorable.scene.notes
    assert note.startswith("Your momentum differs from the reference, which is dotted.")
    assert reading(explorable, "rolls past 0 by", optimizer="Momentum") == "0"
    (ghost,) = [mark for mark in explorable.scene.panels[0].marks if mark.style.get("label") == "reference"]
    start = explorable.scene.start(optimizer="Momentum")
    assert ghost.values["y"].under(start).min() < -0.5
    assert np.isnan(ghost.values["y"].under(explorable.scene.start())).all()  # Adam is right: no second line
    assert len(explorable.html().encode()) < 1_500_000


def test_step_sizes_do_not_call_an_adam_wrong_that_only_rounds_in_another_way():
    """Where a step leads almost to 0, rounding decides on which side; the next steps make more of it."""

    def adam(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        state = state or {"step": 0, "mean": np.zeros_like(w), "squares": np.zeros_like(w)}
        t = state["step"] + 1
        mean = beta1 * state["mean"] + (1 - beta1) * dw
        squares = beta2 * state["squares"] + (1 - beta2) * dw**2
        move = (mean / (1 - beta1**t)) / (np.sqrt(squares / (1 - beta2**t)) + eps)
        return w - lr * move, {"step": t, "mean": mean, "squares": squares}

    assert explore.step_sizes(adam).scene.notes == []


# ---- Both ----


@pytest.mark.parametrize("make", [explore.optimizer_race, explore.step_sizes])
def test_an_optimizer_that_cannot_be_drawn_is_replaced_with_a_word(make):
    def sgd(w, dw, state, lr):
        raise NotImplementedError()

    def momentum(w, dw, state, lr, beta=0.9):
        return w - lr * dw

    def adam(w, dw, state, lr, beta1=0.9):
        return np.ones(3), state

    explorable = make(adam, sgd, momentum)
    notes = " ".join(explorable.scene.notes)
    assert "Your sgd is not written yet. The reference is drawn instead." in notes
    assert "Your momentum raised ValueError" in notes
    assert "Your adam returned shape (3,) where" in notes
    assert [float(each) for each in explorable.scene.columns["step"][0].under({})]


@pytest.mark.parametrize("make", [explore.optimizer_race, explore.step_sizes])
def test_an_optimizer_that_gives_nan_or_changes_its_inputs_is_drawn(make):
    def sgd(w, dw, state, lr):
        w += np.nan
        dw *= 2
        return w, state

    explorable = make(sgd)
    json.dumps(explorable.scene.describe()[0], allow_nan=False)
    explorable.still().canvas.draw()


@pytest.mark.parametrize("make", [explore.optimizer_race, explore.step_sizes])
def test_an_optimizer_of_another_name_is_refused(make):
    def adamax(w, dw, state, lr):
        return w, state

    with pytest.raises(ValueError, match="does not know adamax"):
        make(adamax)


@pytest.mark.parametrize("make", [explore.optimizer_race, explore.step_sizes])
def test_no_note_when_all_is_right(make):
    def momentum(w, dw, state, lr, beta=0.9):
        step, velocity = (0, 0 * w) if state is None else (state["step"], state["velocity"])
        velocity = beta * velocity + dw
        return w - lr * velocity, {"step": step + 1, "velocity": velocity}

    assert make(momentum).scene.notes == []
