"""How many numbers a dense network learns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def count_parameters(layer_sizes: Sequence[int]) -> int:
    """How many numbers a dense network learns: Σ (inputs × outputs weights + outputs biases).

    Parameters
    ----------
    layer_sizes : sequence of int
        The number of inputs, then the number of neurons of each layer.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If there are fewer than two sizes, or one of them is below 1.

    Notes
    -----
    The inputs are not neurons: they have neither weights nor biases. Some books do not count them as a
    layer, so their "two-layer network" has three sizes here.

    References
    ----------
    M. Nielsen, *Neural Networks and Deep Learning*, chapter 3 (a 784-30-10 network has 23,860).

    Examples
    --------
    >>> count_parameters([784, 30, 10])
    23860
    """
    if len(layer_sizes) < 2 or min(layer_sizes) < 1:
        raise ValueError(
            f"count_parameters: layer_sizes is {list(layer_sizes)}; it must hold the number of inputs and then "
            "the number of neurons of at least one layer, each 1 or more"
        )
    return sum(int(inputs) * int(outputs) + int(outputs) for inputs, outputs in pairwise(layer_sizes))
