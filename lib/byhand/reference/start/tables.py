"""A table of numbers, one row a sample and one column a feature: its columns on one scale, and classes as numbers.

Floating-point types are kept (float32 in, float32 out); whole numbers become float64. No function changes
its inputs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float


def standardize(X: ArrayLike) -> NDArray[np.floating]:
    """Give every column zero mean and unit standard deviation: (X − mean) / std, column by column.

    Parameters
    ----------
    X : (N, D) array
        One row a sample, one column a feature.

    Returns
    -------
    (N, D) array
        A column that never changes has no spread to divide by; it becomes zeros.

    Raises
    ------
    ValueError
        If `X` is not a table with at least one row.

    Notes
    -----
    The standard deviation divides by N (``ddof=0``), as scikit-learn's ``StandardScaler`` and batch
    normalization do. Statistics books often divide by N − 1 (``ddof=1``) to estimate the spread of the
    population that the samples come from.

    References
    ----------
    LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp", section 4.3.

    Examples
    --------
    >>> standardize([[1.0, 50.0], [3.0, 50.0]])
    array([[-1.,  0.],
           [ 1.,  0.]])
    """
    X = as_float(X)
    if X.ndim != 2 or len(X) == 0:
        raise ValueError(f"X must have shape (N, D) with at least one row, not {X.shape}")
    # the sums are made in float64: in float32 a mean over many rows loses digits
    exact = X.astype(np.float64)
    mean, std = exact.mean(axis=0), exact.std(axis=0)
    # compared too: rounding can leave a constant column a standard deviation of 1e-17 instead of 0
    constant = np.all(exact == exact[0], axis=0) | (std == 0)
    mean, std = np.where(constant, exact[0], mean), np.where(constant, 1.0, std)
    return ((exact - mean) / std).astype(X.dtype)


def one_hot(labels: ArrayLike, classes: int) -> NDArray[np.float64]:
    """Turn each label k into a row that is 1 at position k and 0 elsewhere.

    Parameters
    ----------
    labels : (N,) array of whole numbers, 0 ≤ label < `classes`
        Labels of any other shape work too; each label becomes a row.
    classes : int
        How many classes there are, whether or not each of them occurs in `labels`.

    Returns
    -------
    (N, classes) array of float64

    Raises
    ------
    ValueError
        If a label is not a whole number, or not one of the classes.

    Notes
    -----
    Floats, because the rows meet probabilities and gradients. PyTorch's ``one_hot`` returns integers.

    References
    ----------
    Bishop (2006), *Pattern Recognition and Machine Learning*, chapter 4, where it is called 1-of-K coding.

    Examples
    --------
    >>> one_hot([2, 0], classes=3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise ValueError(f"labels must be whole numbers, not {labels.dtype}")
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(
            f"labels must be from 0 to {classes - 1} for {classes} classes; these go from "
            f"{labels.min()} to {labels.max()}"
        )
    return (labels[..., np.newaxis] == np.arange(classes)).astype(np.float64)
