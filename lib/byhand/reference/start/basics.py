"""The tools: a little NumPy and one rule of probability, on which every later chapter leans.

Data come as a table with one row a sample and one column a feature. Columns are brought to one scale
(`standardize`), classes become numbers (`one_hot`), lengths are measured (`l1_norm`, `l2_norm`), and a
matrix turns one vector into another (`matrix_vector`). `bayes` turns "how likely is this sign, given the
cause?" round into "how likely is the cause, given this sign?".

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


def l1_norm(v: ArrayLike) -> np.floating:
    """The length of a vector when you may only walk along the axes: Σ |vᵢ|.

    Parameters
    ----------
    v : (n,) array
        The vector.

    Returns
    -------
    number

    Raises
    ------
    ValueError
        If `v` is not a vector. The L1 norm of a matrix means something else: its largest column sum.

    Examples
    --------
    >>> print(l1_norm([3.0, -4.0]))
    7.0
    """
    return np.sum(np.abs(_vector(v)))


def l2_norm(v: ArrayLike) -> np.floating:
    """The length of a vector in a straight line: √(Σ vᵢ²). Also called the Euclidean norm.

    Parameters
    ----------
    v : (n,) array
        The vector.

    Returns
    -------
    number

    Raises
    ------
    ValueError
        If `v` is not a vector. The L2 norm of a matrix means something else: its largest singular value.

    Notes
    -----
    Squares leave the range of numbers long before lengths do: above about 1e154 in float64 and 1e19 in
    float32 this overflows, as ``np.linalg.norm`` does.

    Examples
    --------
    >>> print(l2_norm([3.0, -4.0]))
    5.0
    """
    v = _vector(v)
    return np.sqrt(np.sum(v * v))


def matrix_vector_loops(A: ArrayLike, x: ArrayLike) -> NDArray[np.floating]:
    """The product y = A x, one multiplication at a time: yᵢ = Σⱼ Aᵢⱼ xⱼ.

    Parameters
    ----------
    A : (m, n) array
        The matrix.
    x : (n,) array
        The vector: as many elements as A has columns.

    Returns
    -------
    (m,) array

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    Here to be read. `matrix_vector` computes the same, hundreds of times faster on a large matrix.

    Examples
    --------
    >>> matrix_vector_loops([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [10.0, 1.0])
    array([12., 34., 56.])
    """
    A, x = _matrix_and_vector(A, x)
    rows, columns = A.shape
    y = np.zeros(rows, dtype=np.result_type(A, x))
    for i in range(rows):
        for j in range(columns):
            y[i] += A[i, j] * x[j]
    return y


def matrix_vector(A: ArrayLike, x: ArrayLike) -> NDArray[np.floating]:
    """The product y = A x: element i of y is row i of A times x, summed.

    Parameters
    ----------
    A : (m, n) array
        The matrix.
    x : (n,) array
        The vector: as many elements as A has columns.

    Returns
    -------
    (m,) array

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> matrix_vector([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [10.0, 1.0])
    array([12., 34., 56.])
    """
    A, x = _matrix_and_vector(A, x)
    return A @ x


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


def _vector(v: ArrayLike) -> NDArray[np.floating]:
    v = as_float(v)
    if v.ndim != 1:
        raise ValueError(f"v must be a vector of shape (n,), not an array of shape {v.shape}")
    return v


def _matrix_and_vector(A: ArrayLike, x: ArrayLike) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    A, x = as_float(A), as_float(x)
    if A.ndim != 2 or x.ndim != 1 or A.shape[1] != len(x):
        raise ValueError(f"A of shape (m, n) needs x of shape (n,); these are {A.shape} and {x.shape}")
    return A, x
