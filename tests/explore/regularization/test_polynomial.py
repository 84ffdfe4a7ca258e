"""The polynomial under λ: its numbers are the reference's, and a wrong function is shown beside it."""

from __future__ import annotations

import numpy as np
import pytest

from byhand import explore
from byhand.explore.engine.captions import write
from byhand.explore.regularization.polynomial import LAMBDAS, POWERS, TEN_X, TEN_Y, kept_back
from byhand.reference.regularization.penalties import ridge_fit


def readings(picture, lam):
    positions = picture.scene.start(lam=lam)
    return {label: said.at(positions) for label, said in picture.scene.readings}


@pytest.mark.parametrize("lam", [LAMBDAS[0], LAMBDAS[40], LAMBDAS[-1]])
def test_errors_and_weights_are_those_of_ridge_regression(lam):
    w, b = ridge_fit(TEN_X[:, None] ** POWERS, TEN_Y, lam)
    new_x, new_y = kept_back()
    errors = [
        np.sqrt(np.mean((x[:, None] ** POWERS @ w + b - y) ** 2)) for x, y in ((TEN_X, TEN_Y), (new_x, new_y))
    ]
    shown = readings(explore.polynomial(), lam)
    assert shown["error on ten examples"] == write(errors[0], ".3g")
    assert shown["error on 100 kept back"] == write(errors[1], ".3g")
    assert shown["largest weight"] == write(np.abs(w).max(), ".3g")


def test_the_sentence_names_the_price():
    scene = explore.polynomial().scene
    assert f"At λ = {write(1e-6, '.2g')} the error is" in scene.sentence(scene.start(lam=1e-6))
    assert "{" not in scene.sentence(scene.start())


def test_the_prediction_is_what_happens():
    picture = explore.polynomial()
    options, answer = picture.scene.prediction["options"], picture.scene.prediction["answer"]
    assert options[answer] == "no, it passes beside them"
    shown = [readings(picture, lam) for lam in LAMBDAS]
    kept_back = [float(each["error on 100 kept back"]) for each in shown]
    on_ten = [float(each["error on ten examples"]) for each in shown]
    best = int(np.argmin(kept_back))
    assert kept_back[best] < 0.5 < 0.7 < kept_back[-1] < kept_back[0]
    assert on_ten[0] < 0.01 and on_ten[best] > 0.1


def test_a_right_function_of_ones_own_brings_no_note():
    def ridge_fit(X, y, lam):
        mean_x, mean_y = X.mean(axis=0), y.mean()
        X, y = X - mean_x, y - mean_y
        w = np.linalg.solve(X.T @ X + lam * np.eye(9), X.T @ y)
        return w, mean_y - mean_x @ w

    assert explore.polynomial(ridge_fit).scene.notes == []


def test_a_wrong_function_is_drawn_beside_the_reference():
    def ridge_fit(X, y, lam):
        return np.linalg.solve(X.T @ X + lam * np.eye(9), X.T @ y), 0.0

    picture = explore.polynomial(ridge_fit)
    (note,) = picture.scene.notes
    assert note.startswith("Your ridge_fit differs from the reference, which is dotted")
    assert "reference" in [mark.style.get("label") for mark in picture.scene.panels[0].marks]


@pytest.mark.parametrize("answer", [None, 3.0, (np.ones(4), 0.0), (np.ones(9), "b"), (np.ones(9),)])
def test_what_cannot_be_drawn_is_told(answer):
    def ridge_fit(X, y, lam):
        return answer

    (note,) = explore.polynomial(ridge_fit).scene.notes
    assert note.startswith("Your ") and note.endswith("The reference is drawn instead.")
