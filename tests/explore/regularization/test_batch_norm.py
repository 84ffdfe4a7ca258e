"""Batch norm in the picture: its numbers are the reference's, and a wrong function is shown beside it."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from shown import reading

from byhand import explore
from byhand.explore.engine.captions import write
from byhand.reference.regularization.normalization import batch_norm_forward

module = import_module("byhand.explore.regularization.batch_norm")  # the function has the same name


@pytest.mark.parametrize("company", [module.COMPANY[0], 0.0, 2.0])
def test_one_example_is_what_the_reference_makes_of_it(company):
    x = np.append(module.ONE, module.OTHERS + company)[:, None]
    for label, train in (("the example in training", True), ("the example in evaluation", False)):
        out = batch_norm_forward(x, np.ones(1), np.zeros(1), np.zeros(1), np.ones(1), train)[0]
        assert reading(explore.batch_norm(), label, company=company) == write(float(out[0, 0]), ".2f")


@pytest.mark.parametrize("place", [0, 16, 32])
def test_sizes_without_batch_norm_are_those_of_the_layers(place):
    h = module._inputs()
    for W in module._weights():
        h = np.maximum(h @ (module.FACTORS[place] * W), 0)
    shown = reading(explore.batch_norm(), "spread behind layer 10, without", factor=module.FACTORS[place])
    assert shown == write(float(h.std()), ".2g")


def test_the_prediction_is_what_happens():
    prediction = explore.batch_norm().scene.prediction
    assert prediction["options"][prediction["answer"]] == "a negative number"
    before, after = (
        reading(explore.batch_norm(), "the example in training", company=company) for company in (0, 4)
    )
    assert after.startswith("−") and not before.startswith("−")


def test_each_layer_multiplies_once_more_without_batch_norm():
    sizes = module._plain_sizes()[:, -1]
    twice = np.interp(np.log(2), np.log(module.FACTORS), np.log(sizes)) - np.log(sizes[16])
    assert np.exp(twice) == pytest.approx(1024)


def test_a_right_function_of_ones_own_brings_no_note():
    def batch_norm_forward(x, gamma, beta, running_mean, running_var, train, momentum=0.1, eps=1e-5):
        mean, var = (x.mean(axis=0), x.var(axis=0)) if train else (running_mean, running_var)
        return gamma * (x - mean) / np.sqrt(var + eps) + beta, running_mean, running_var, None

    assert explore.batch_norm(batch_norm_forward).scene.notes == []


def test_the_batchs_mean_in_evaluation_is_seen():
    def batch_norm_forward(x, gamma, beta, running_mean, running_var, train, momentum=0.1, eps=1e-5):
        return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps), running_mean, running_var, None

    (note,) = explore.batch_norm(batch_norm_forward).scene.notes
    assert note.startswith("Your batch_norm_forward differs from the reference, which is dotted (evaluation)")


@pytest.mark.parametrize("answer", [None, (None,), (np.ones(2), 0), 3])
def test_what_cannot_be_drawn_is_told(answer):
    def batch_norm_forward(*arguments):
        return answer

    (note,) = explore.batch_norm(batch_norm_forward).scene.notes
    assert note.startswith("Your batch_norm_forward") and note.endswith("The reference is drawn instead.")
