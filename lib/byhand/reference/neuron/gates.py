"""Gates: neurons with a step whose weights are chosen by hand.

A neuron with two inputs and a step cuts the plane along a line. Where the line lies decides which gate it is: AND, OR
or NAND. For XOR there is no line: that takes neurons that look at other neurons.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.reference.neuron.layers import step


def and_gate(x1: ArrayLike, x2: ArrayLike) -> NDArray:
    """1 if both inputs are 1: a neuron with weights 1, 1 and bias −1.5.

    Parameters
    ----------
    x1, x2 : 0 or 1, or arrays of them
        Each may be off by up to 0.1: the line leaves room on both sides.

    Returns
    -------
    0 or 1, or an array of them

    Notes
    -----
    Many other weights do the same. These put the line midway between (1, 1) and the inputs before it.

    References
    ----------
    W. McCulloch and W. Pitts, "A logical calculus of the ideas immanent in nervous activity", 1943.

    Examples
    --------
    >>> and_gate([0, 0, 1, 1], [0, 1, 0, 1])
    array([0., 0., 0., 1.])
    """
    return _fires(x1, x2, 1.0, 1.0, -1.5)


def or_gate(x1: ArrayLike, x2: ArrayLike) -> NDArray:
    """1 if at least one input is 1: a neuron with weights 1, 1 and bias −0.5.

    Parameters
    ----------
    x1, x2 : 0 or 1, or arrays of them
        Each may be off by up to 0.1: the line leaves room on both sides.

    Returns
    -------
    0 or 1, or an array of them

    References
    ----------
    W. McCulloch and W. Pitts, "A logical calculus of the ideas immanent in nervous activity", 1943.

    Examples
    --------
    >>> or_gate([0, 0, 1, 1], [0, 1, 0, 1])
    array([0., 1., 1., 1.])
    """
    return _fires(x1, x2, 1.0, 1.0, -0.5)


def nand_gate(x1: ArrayLike, x2: ArrayLike) -> NDArray:
    """0 if both inputs are 1, otherwise 1: AND with every sign turned round.

    Parameters
    ----------
    x1, x2 : 0 or 1, or arrays of them
        Each may be off by up to 0.1: the line leaves room on both sides.

    Returns
    -------
    0 or 1, or an array of them

    Notes
    -----
    Every function of zeros and ones can be built from NAND alone, so networks of these neurons can compute
    whatever a computer can.

    References
    ----------
    M. Nielsen, *Neural Networks and Deep Learning*, chapter 1 (with weights −2, −2 and bias 3).

    Examples
    --------
    >>> nand_gate([0, 0, 1, 1], [0, 1, 0, 1])
    array([1., 1., 1., 0.])
    """
    return _fires(x1, x2, -1.0, -1.0, 1.5)


def xor_gate(x1: ArrayLike, x2: ArrayLike) -> NDArray:
    """1 if exactly one input is 1: (x1 OR x2) AND (x1 NAND x2).

    Parameters
    ----------
    x1, x2 : 0 or 1, or arrays of them
        Each may be off by up to 0.1: the line leaves room on both sides.

    Returns
    -------
    0 or 1, or an array of them

    Notes
    -----
    Three neurons in two layers. One neuron cannot do it: no line has (0, 1) and (1, 0) on one side and
    (0, 0) and (1, 1) on the other.

    References
    ----------
    M. Minsky and S. Papert, *Perceptrons*, 1969.

    Examples
    --------
    >>> xor_gate([0, 0, 1, 1], [0, 1, 0, 1])
    array([0., 1., 1., 0.])
    """
    return and_gate(or_gate(x1, x2), nand_gate(x1, x2))


def _fires(x1: ArrayLike, x2: ArrayLike, w1: float, w2: float, b: float) -> NDArray:
    return step(w1 * np.asarray(x1) + w2 * np.asarray(x2) + b)
