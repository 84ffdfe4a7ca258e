"""The exercise of chapter 00 on Bayes' rule."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.start import chance as reference


@exercise(reference.bayes)
def bayes(draw):
    yield 0.1, 0.8, 0.2
    for _ in range(2):
        prior, found, false_alarm = draw.uniform(0.05, 0.5), draw.uniform(0.6, 0.95), draw.uniform(0.05, 0.3)
        yield prior, found, round(found * prior + false_alarm * (1 - prior), 4)
    priors, likelihoods = np.array([0.5, 0.3, 0.2])[draw.permutation(3)], draw.uniform(0.1, 0.9, 3)
    yield priors, likelihoods, round(float(likelihoods @ priors), 4)


@bayes.mistake(
    "joint-only",
    "You computed the probability of cause and sign together. The sign has been seen: out of all the times it is "
    "seen, how many are these?",
)
def _(prior, likelihood, evidence):
    return prior * likelihood


@bayes.mistake(
    "prior-missing",
    "The prior is missing. A sign that fits perfectly says little for a cause that almost never happens.",
)
def _(prior, likelihood, evidence):
    return likelihood / evidence


@bayes.mistake(
    "likelihood-missing", "The likelihood is missing. How well the sign fits the cause must matter."
)
def _(prior, likelihood, evidence):
    return prior / evidence


@bayes.mistake(
    "likelihood-and-evidence-exchanged",
    "Likelihood and evidence are exchanged. If a sign is common whatever the cause, should it convince you more "
    "or less?",
)
def _(prior, likelihood, evidence):
    return prior * evidence / likelihood


@bayes.mistake(
    "prior-and-evidence-exchanged",
    "Prior and evidence are exchanged. If a cause was likely from the start, should the answer be larger or "
    "smaller?",
)
def _(prior, likelihood, evidence):
    return likelihood * evidence / prior


@bayes.mistake(
    "all-multiplied",
    "You multiplied all three. The evidence counts all the times the sign is seen; you want a part of them.",
)
def _(prior, likelihood, evidence):
    return prior * likelihood * evidence


@bayes.mistake(
    "upside-down",
    "Your fraction stands upside down, so it is above 1. A probability never is: what is a part of what?",
)
def _(prior, likelihood, evidence):
    return evidence / (prior * likelihood)


@bayes.mistake(
    "false-alarms-guessed",
    "You computed the evidence anew and took 1 - likelihood for the false alarms. They are a number of their own; "
    "the argument `evidence` already counts them.",
)
def _(prior, likelihood, evidence):
    return prior * likelihood / (prior * likelihood + (1 - prior) * (1 - likelihood))


@bayes.mistake(
    "own-evidence",
    "You divided by the sum of the products that you were given. With one cause that is always 1: the argument "
    "`evidence` counts the other causes too.",
)
def _(prior, likelihood, evidence):
    return prior * likelihood / np.sum(prior * likelihood)


@bayes.mistake(
    "added",
    "You added prior and likelihood. Both must happen, the cause and then its sign: multiply the two.",
)
def _(prior, likelihood, evidence):
    return (prior + likelihood) / evidence
