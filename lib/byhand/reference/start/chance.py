"""One rule of probability: from how likely a sign is, given its cause, to how likely the cause is, given the sign."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def bayes(prior: ArrayLike, likelihood: ArrayLike, evidence: ArrayLike) -> NDArray[np.floating]:
    """Bayes' rule, P(cause | sign) = P(sign | cause) · P(cause) / P(sign): the posterior probability.

    Parameters
    ----------
    prior : number or array, from 0 to 1
        P(cause), before the sign was seen. Several causes at once: an array.
    likelihood : number or array, 0 or more
        P(sign | cause): how often the cause shows this sign. May be a probability density.
    evidence : number or array, above 0
        P(sign): how often the sign is seen at all, whatever the cause.

    Returns
    -------
    number or array, from 0 to 1
        P(cause | sign), the posterior.

    Raises
    ------
    ValueError
        If the numbers cannot be probabilities of the same thing, or if their shapes do not fit.

    Notes
    -----
    The evidence is the sum of likelihood × prior over every possible cause (the law of total probability).
    With such an evidence the posteriors of all causes add up to 1.

    References
    ----------
    Bayes (1763), "An essay towards solving a problem in the doctrine of chances".

    Examples
    --------
    A rare illness: 1 person in 100 has it. The test finds 80 % of the ill, and alarms 9.6 % of the healthy.

    >>> evidence = 0.8 * 0.01 + 0.096 * 0.99
    >>> print(round(bayes(0.01, 0.8, evidence), 3))
    0.078
    """
    if not np.all((np.asarray(prior) >= 0) & (np.asarray(prior) <= 1)):
        raise ValueError(f"a prior is a probability, from 0 to 1, not {np.asarray(prior)}")
    if not np.all(np.asarray(likelihood) >= 0):
        raise ValueError(f"a likelihood is never below 0; this one is {np.asarray(likelihood)}")
    if not np.all(np.asarray(evidence) > 0):
        raise ValueError(
            f"the evidence must be above 0 (a sign that was seen is possible), not {np.asarray(evidence)}"
        )
    joint = np.multiply(likelihood, prior)
    posterior = np.divide(joint, evidence)
    if np.any(posterior > 1 + 1e-6):  # 1e-6: what rounding may add in float32
        raise ValueError(
            f"the evidence, {np.asarray(evidence)}, is less than likelihood × prior, {joint}: the sign cannot be rarer "
            "than the sign together with its cause"
        )
    return posterior
