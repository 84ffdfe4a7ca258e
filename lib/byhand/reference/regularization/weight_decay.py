"""Two ways to make weights small, which are one under gradient descent and two under Adam.

An L2 penalty adds λ w to the gradient. Weight decay takes lr · λ · w off the weight. Under plain gradient descent
the one is the other: the gradient is multiplied by lr, and that is all that happens to it. Adam also divides it by
its typical size, and λ w, once it is in the gradient, is divided with the rest. So weights with large gradients,
the busy ones, are hardly pulled at all. Decay, chapter 6's `adamw`, pulls every weight by the same share.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float
from byhand.reference.optimizers.moments import adam
from byhand.reference.optimizers.state import State


def adam_with_l2(
    w: ArrayLike, dw: ArrayLike, state: State | None, lr: float, lam: float
) -> tuple[NDArray[np.floating], State]:
    """A step of Adam on the loss with an L2 penalty, ½ λ Σ w²: its gradient is dw + λ w.

    Parameters
    ----------
    w : array of any shape
        The weights.
    dw : array of the shape of w
        The gradient of the loss of the data.
    state : dict or None
        Adam's memory, None at the first step; see `optimizers.moments.adam`.
    lr : float
        The learning rate.
    lam : float
        λ, how much large weights cost.

    Returns
    -------
    w : array
        The moved weights.
    state : dict

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    PyTorch's ``Adam(weight_decay=λ)`` does this, in spite of the name; its ``AdamW`` decays the weights.

    References
    ----------
    I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", 2019.

    Examples
    --------
    >>> w, _ = adam_with_l2(np.array([1.0, 1.0]), np.array([0.0, 5.0]), None, lr=0.1, lam=0.01)
    >>> w.round(4)
    array([0.9, 0.9])
    """
    w, dw = as_float(w), as_float(dw)
    if w.shape != dw.shape:
        raise ValueError(
            f"adam_with_l2: dw has shape {dw.shape} and w has shape {w.shape}; they must be equal"
        )
    return adam(w, dw + float(lam) * w, state, lr)
