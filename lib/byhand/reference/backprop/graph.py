"""Backpropagation on plain numbers: a calculation, written down step by step, and gone through backwards.

Every calculation, however long, is a list of small steps. Each has a name, an operation and the names of its
inputs; this one computes f = (x + y) · z:

    [("q", "+", "x", "y"), ("f", "*", "q", "z")]

Such a list is a graph: every name is a node, and arrows lead from a step's inputs to the step. Going through the
list from the end, each step hands its gradient to its inputs, multiplied by its own slope; where a node is used
twice, what arrives is added. That is the chain rule, and all of automatic differentiation. Libraries record
such a list while a network runs, with arrays in place of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from byhand.reference.activations.elementwise import relu, relu_derivative, sigmoid, sigmoid_derivative

Graph = Sequence[Sequence[str]]

VALUE: dict[str, Callable[..., float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "relu": lambda a: float(relu(a)),
    "sigmoid": lambda a: float(sigmoid(a)),
}


def graph_by_hand() -> tuple[float, float, float]:
    """The gradient of f = (x + y) · z at x = −2, y = 5, z = −4, number by number.

    Returns
    -------
    dfdx, dfdy, dfdz : float
        How fast f grows with x, with y and with z.

    References
    ----------
    Stanford CS231n, *Backpropagation, intuitions*.

    Examples
    --------
    >>> graph_by_hand()
    (-4.0, -4.0, 3.0)
    """
    x, y, z = -2.0, 5.0, -4.0
    q = x + y
    df = 1.0  # f grows with itself as fast as itself
    dq, dz = df * z, df * q  # a product: each factor's slope is the other factor
    return dq * 1.0, dq * 1.0, dz  # a sum hands on what it gets


def local_slopes(operation: str, inputs: Sequence[float]) -> tuple[float, ...]:
    """How fast one operation's result grows with each of its inputs, if the others stand still.

    Parameters
    ----------
    operation : "+", "-", "*", "/", "relu" or "sigmoid"
    inputs : sequence of float
        Two numbers for the four signs, one for "relu" and "sigmoid".

    Returns
    -------
    tuple of float
        One slope for each input.

    Raises
    ------
    ValueError
        If there is no such operation, or it takes another number of inputs.

    Examples
    --------
    >>> local_slopes("*", (3.0, 5.0))
    (5.0, 3.0)
    """
    slopes: dict[str, Callable[..., tuple[float, ...]]] = {
        "+": lambda a, b: (1.0, 1.0),
        "-": lambda a, b: (1.0, -1.0),
        "*": lambda a, b: (b, a),
        "/": lambda a, b: (1 / b, -a / b**2),
        "relu": lambda a: (float(relu_derivative(a)),),
        "sigmoid": lambda a: (float(sigmoid_derivative(a)),),
    }
    _known(operation, len(inputs))
    return slopes[operation](*inputs)


def graph_forward(graph: Graph, inputs: Mapping[str, float]) -> dict[str, float]:
    """Compute every step of a graph.

    Parameters
    ----------
    graph : sequence of (name, operation, input, …)
        In an order in which every step comes after its inputs.
    inputs : dict from names to numbers
        What the steps start from.

    Returns
    -------
    dict from names to numbers
        The inputs, and the result of every step.

    Raises
    ------
    ValueError
        If a step needs what is not there yet, a name is used twice, or an operation is not known.

    Examples
    --------
    >>> graph_forward([("q", "+", "x", "y"), ("f", "*", "q", "z")], {"x": -2.0, "y": 5.0, "z": -4.0})
    {'x': -2.0, 'y': 5.0, 'z': -4.0, 'q': 3.0, 'f': -12.0}
    """
    values = dict(inputs)
    for name, operation, *sources in graph:
        _known(operation, len(sources))
        missing = set(sources) - set(values)
        if missing or name in values:
            problem = (
                f"needs {', '.join(sorted(missing))}, not computed yet" if missing else "is there already"
            )
            raise ValueError(f"the step {name!r} {problem}")
        values[name] = VALUE[operation](*(values[source] for source in sources))
    return values


def graph_backward(graph: Graph, values: Mapping[str, float]) -> dict[str, float]:
    """For every node of a graph, how fast the result of the last step grows with it.

    Parameters
    ----------
    graph : sequence of (name, operation, input, …)
        In an order in which every step comes after its inputs; the last step is the result.
    values : dict from names to numbers
        The value of every node, from `graph_forward`.

    Returns
    -------
    dict from names to numbers
        A gradient for every name in `values`; 0 for what the result does not depend on.

    Raises
    ------
    ValueError
        If there is no step, or a node has no value.

    References
    ----------
    S. Linnainmaa, "Taylor expansion of the accumulated rounding error", 1976.
    A. Karpathy, *micrograd*, 2020.

    Examples
    --------
    >>> graph = [("q", "+", "x", "y"), ("f", "*", "q", "z")]
    >>> graph_backward(graph, {"x": -2.0, "y": 5.0, "z": -4.0, "q": 3.0, "f": -12.0})
    {'x': -4.0, 'y': -4.0, 'z': 3.0, 'q': -4.0, 'f': 1.0}
    """
    missing = _names(graph) - set(values)
    if missing or not graph:
        problem = (
            f"there is no value for {', '.join(sorted(missing))}" if missing else "the graph has no steps"
        )
        raise ValueError(f"graph_backward: {problem}")
    gradients = dict.fromkeys(values, 0.0)
    gradients[graph[-1][0]] = 1.0
    for name, operation, *sources in reversed(graph):
        slopes = local_slopes(operation, [values[source] for source in sources])
        for source, slope in zip(sources, slopes, strict=True):
            gradients[source] += gradients[name] * slope  # added, because a node may be used more than once
    return gradients


def _names(graph: Iterable[Sequence[str]]) -> set[str]:
    return {node for name, _, *sources in graph for node in (name, *sources)}


def _known(operation: str, count: int) -> None:
    if operation not in VALUE:
        raise ValueError(f"there is no operation {operation!r}; there are {', '.join(VALUE)}")
    takes = 1 if operation in ("relu", "sigmoid") else 2
    if count != takes:
        raise ValueError(f"{operation!r} takes {takes} input{'s' * (takes > 1)}, not {count}")
