"""Why an answer is wrong: layers from the special to the general, the first that finds something speaks.

A diagnosis comes after the verdict and never changes it. It has a fifth of a second, and may fail: then the report
says where the numbers first differ. A layer is a function of the `Evidence`; it says nothing rather than something
false.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from byhand.checking.diagnose import exceptions, hidden, known, relations, switches, unchanged
from byhand.checking.diagnose.evidence import Again, Diagnosis, Evidence, OutOfTime
from byhand.checking.verdict import Verdict

__all__ = ["SECONDS", "Again", "Diagnosis", "diagnose"]

SECONDS = 0.2

LAYERS: tuple[Callable[[Evidence], Diagnosis | None], ...] = (
    known.on_every_case,
    switches.two_together,
    exceptions.in_plain_words,
    hidden.between_calls,
    known.on_some_cases,
    known.in_some_parts,
    unchanged.still_as_it_came,
    relations.of_the_numbers,
)


def diagnose(verdict: Verdict, again: Again | None = None, seconds: float | None = None) -> Diagnosis | None:
    """Say why the answers are wrong, if that can be told.

    Parameters
    ----------
    verdict : Verdict
        One that did not pass.
    again : callable, optional
        Calls the learner's function once more.
    seconds : float, optional
        The time that all layers have together; by default `SECONDS`, or three times what the reference took where
        that is more. A layer that has begun a call of the course's ends it first.
    """
    if seconds is None:
        seconds = max(SECONDS, 3 * sum(outcome.seconds for outcome in verdict.expected))
    evidence = Evidence(verdict, again, seconds)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for layer in LAYERS:
            try:
                found = layer(evidence)
            except OutOfTime:
                continue  # what needs no time may still say something
            except Exception:
                continue
            if found:
                return found
    return None
