"""Python's and NumPy's errors in a beginner's words, with the shapes at hand.

Each `Explained` knows the message that it explains by a pattern; what the pattern names goes into the sentence. The
learner's line, with the names in it, may be asked for too. The report shows Python's own words below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from byhand.checking.diagnose.evidence import Diagnosis, Evidence
from byhand.checking.outcome import Raised
from byhand.exercises import find_or_none

SHAPES = "Here {shapes}."
HAS = "`{name}` has the shape {shape}"


@dataclass(frozen=True)
class Explained:
    """One error: the type's name, a pattern of its message, and the sentence. ``line`` is a pattern of the line."""

    type: str
    message: str
    sentence: str
    line: str = ""
    shapes: bool = False


TABLE = (
    Explained(
        "ValueError",
        r"truth value of an array",
        "`if`, `while`, `and`, `or`, `max(…)` and `min(…)` want one True or False, and an array holds many. "
        "Use `np.where(condition, a, b)`, `np.maximum(a, b)`, or `&` and `|` between brackets: they take each number.",
        shapes=True,
    ),
    Explained(
        "TypeError",
        r"bitwise_xor|unsupported operand type\(s\) for \^",
        "`^` is no power in Python. Write `x**2` for x squared.",
    ),
    Explained(
        "TypeError",
        r"[Oo]nly (length-1|0-dimensional|size-1) arrays can be converted",
        "A function of `math`, `float(…)` or `int(…)` takes one number, and was given an array. Use NumPy's of "
        "the same name, such as `np.exp`: it works on each number.",
        shapes=True,
    ),
    Explained(
        "ValueError",
        r"operands could not be broadcast together with shapes .*[(,]0[,)]",
        "One of two arrays is empty: there is a 0 in its shape. A slice such as `p:-p` is empty for p = 0: write "
        "`p:p + n`.",
        shapes=True,
    ),
    Explained(
        "ValueError",
        r"operands could not be broadcast together with shapes (?P<one>\([\d, ]*\)) (?P<other>\([\d, ]*\))",
        "Two arrays of the shapes {one} and {other} do not fit for `+`, `-`, `*` or `/`. From the right, each pair of "
        "sizes must be equal, or one of them 1. Is a `keepdims=True` or a `.T` missing?",
        shapes=True,
    ),
    Explained(
        "ValueError",
        r"could not broadcast input array from shape (?P<one>\([\d, ]*\)) into shape (?P<other>.*[(,]0[,)])",
        "You store an array of the shape {one} in a place of the shape {other}, which is empty: there is a 0 in it. A "
        "slice such as `p:-p` is empty for p = 0: write `p:p + n`.",
        shapes=True,
    ),
    Explained(
        "ValueError",
        r"could not broadcast input array from shape (?P<one>\([\d, ]*\)) into shape (?P<other>\([\d, ]*\))",
        "You store an array of the shape {one} in a place of the shape {other}. They must be equal. Which of the two "
        "has the shape that you want?",
        shapes=True,
    ),
    Explained(
        "ValueError",
        r"matmul: .*size (?P<one>\d+) is different from (?P<other>\d+)",
        "`A @ B` multiplies rows of A with columns of B: A must have as many columns as B has rows. Here one size is "
        "{other}, and the other {one}. Is the order right, or is a `.T` missing?",
        shapes=True,
    ),
    Explained(
        "ValueError",
        r"matmul: .*does not have enough dimensions",
        "`@` needs arrays on both sides; one of yours is a single number. Use `*` for a number.",
        shapes=True,
    ),
    Explained(
        "ValueError",
        r"shapes (?P<one>\([\d, ]*\)) and (?P<other>\([\d, ]*\)) not aligned",
        "`np.dot` cannot multiply the shapes {one} and {other}: the last size of the first must be the size of the "
        "second's rows. Is the order right, or is a `.T` missing?",
        shapes=True,
    ),
    Explained(
        "ValueError",
        r"inhomogeneous shape",
        "You put things of different shapes into one array. Does a function that you call return two values, such as "
        "`out, cache`? Then take them apart: `out, cache = f(...)`.",
    ),
    Explained(
        "ValueError",
        r"too many values to unpack \(expected (?P<count>\d+)",
        "The left side of `=` has {count} names, and the right side has more values. How many does it return?",
    ),
    Explained(
        "ValueError",
        r"not enough values to unpack \(expected (?P<count>\d+), got (?P<got>\d+)\)",
        "The left side of `=` has {count} names, but there is {got} on the right. Does the function that you call end "
        "with `return out, cache`?",
    ),
    Explained(
        "TypeError",
        r"cannot unpack non-iterable (?P<kind>\S+) object",
        "You take several values apart where there is one of type {kind}. Does the function that you call return them "
        "all, such as `return out, cache`?",
    ),
    Explained("RecursionError", r"", "Your function calls itself again and again. Where does it stop?"),
    Explained(
        "IndexError",
        r"index (?P<index>-?\d+) is out of bounds for axis (?P<axis>\d+) with size (?P<size>\d+)",
        "There is no place {index} on axis {axis}: it has {size}, counted from 0. Does a loop go one step "
        "too far, or over another axis?",
        shapes=True,
    ),
    Explained(
        "IndexError",
        r"(list|tuple|string) index out of range",
        "You ask for an item that is not there: the first is number 0, and the last is number length − 1.",
    ),
    Explained(
        "IndexError",
        r"too many indices for array: array is (?P<axes>\d+)-dimensional",
        "You use more indices than the array has axes: it has {axes}.",
        shapes=True,
    ),
    Explained(
        "IndexError",
        r"only integers, slices|arrays used as indices must be of integer",
        "An index must be a whole number, and yours is a float, say. `a / b` always gives a float: use "
        "`a // b`, or `int(…)`.",
    ),
    Explained(
        "ValueError",
        r"[Ii]ntegers to negative integer powers",
        "NumPy keeps whole numbers whole, so integers to a negative power have no answer. Write `10.0 ** -2`.",
    ),
    Explained(
        "ValueError",
        r"zero-size array to reduction operation|attempt to get arg(max|min) of an empty sequence",
        "You take the largest or smallest of no numbers. A slice such as `0:-0` is empty: write `0:n`, or ask if p "
        "is 0 first.",
        shapes=True,
    ),
    Explained(
        "TypeError",
        r"(list indices must be integers or slices, not tuple)",
        "A list of lists cannot be asked for `a[i, j]`. Make it an array first: `a = np.array(a)`.",
    ),
    Explained(
        "AttributeError",
        r"'list' object has no attribute '(?P<name>\w+)'",
        "A list has no `.{name}`. Make it an array first: `np.array(...)`.",
    ),
    Explained(
        "TypeError",
        r"unsupported operand type\(s\) for \S+: '(list|tuple)' and|can't multiply sequence by non-int|"
        r"unsupported operand type\(s\) for \S+: '\w+' and '(list|tuple)'",
        "Lists and tuples cannot be calculated with. Make an array: `np.array(...)`; or take one item of it. Did a "
        "function that you call return two values?",
    ),
    Explained(
        "TypeError",
        r"'NoneType'",
        "Something is None where a value is needed. Does a function that you call end without `return`? `x.sort()` and "
        "`print(…)` give None, too.",
    ),
    Explained(
        "TypeError",
        r"'(?P<kind>numpy\.ndarray|numpy\.float64|float|int|tuple|list)' object is not callable",
        "Round brackets behind a value call it as a function. For an item use square brackets, `x[0]`; for a product "
        "write `*`. Or is a value handed over where a function is asked for?",
    ),
    Explained(
        "TypeError",
        r"unsupported operand type\(s\) for \S+: .*'(function|numpy\.ufunc|builtin_function_or_method|method)'",
        "You calculate with a function, and not with what it returns. Call it, with brackets: `f(x)`.",
    ),
    Explained(
        "TypeError",
        r"'(int|float|numpy\.int64|numpy\.float64)' object is not iterable",
        "A loop, or a function such as `sum`, needs several things to go through, and was given one number. To count "
        "from 0 to n − 1, write `for i in range(n):`.",
    ),
    Explained(
        "TypeError",
        r"Cannot interpret '(?P<number>\d+)' as a data type",
        "`np.zeros` and `np.ones` want the whole shape as their first argument, in brackets of its own: "
        "`np.zeros((3, 4))`.",
    ),
    Explained(
        "TypeError",
        r"slice indices must be integers",
        "A slice such as `x[:n]` needs a whole number, and `a / b` always gives a float. Use `a // b`.",
    ),
    Explained(
        "ValueError",
        r"[Pp]robabilities do not sum to 1",
        "What you give as `p=` must add up to 1. Is something done to the probabilities after the softmax, or is there "
        "no softmax?",
    ),
    Explained(
        "ValueError",
        r"[Pp]robabilities are not non-negative",
        "What you give as `p=` holds numbers below 0. Scores are no probabilities yet: they become probabilities by a "
        "softmax.",
    ),
    Explained(
        "ValueError",
        r"solve1?: .*size (?P<one>\d+) is different from (?P<other>\d+)",
        "`np.linalg.solve(A, c)` wants as many numbers in c as A has rows. Here one size is {other}, and the other "
        "{one}. Is a matrix, such as `np.eye(…)`, of another size than you think?",
        shapes=True,
    ),
    Explained(
        "ValueError",
        r"array split does not result in an equal division",
        "The array cannot be cut into that many equal parts along this axis. Without `axis=`, or with `axis=0`, "
        "`np.split` cuts the rows apart; `axis=1` cuts the columns.",
        shapes=True,
    ),
    Explained(
        "TypeError",
        r"bad operand type for (abs\(\)|unary -): '(?P<kind>list|tuple)'",
        "A {kind} is not computed with as a whole. Keep the NumPy array, or make one: `np.array(…)`.",
    ),
    Explained(
        "AttributeError",
        r"'tuple' object has no attribute '(?P<name>\w+)'",
        "A tuple has no `.{name}`. Did a function that you call return two values? Then take them apart: "
        "`out, cache = f(...)`.",
    ),
    Explained(
        "AttributeError",
        r"module 'numpy' has no attribute '(?P<name>\w+)'",
        "NumPy has no `np.{name}`. How is it spelled? In a new cell, `np.` and the Tab key show what there is.",
    ),
    Explained(
        "UnboundLocalError",
        r"variable '(?P<name>\w+)'",
        "`{name}` is used before your function has given it a value. Is it set only inside an `if` or a loop?",
    ),
    Explained(
        "ValueError",
        r"cannot reshape array of size (?P<size>\d+) into shape (?P<shape>\([\d, -]*\))",
        "An array of {size} numbers does not fill the shape {shape}: the sizes multiplied must give {size}.",
        shapes=True,
    ),
    Explained(
        "AxisError",
        r"axis (?P<axis>-?\d+) is out of bounds for array of dimension (?P<count>\d+)",
        "There is no axis {axis}: the array has {count}, counted from 0.",
        shapes=True,
    ),
    Explained(
        "UFuncTypeError",
        r"Cannot cast ufunc",
        "`+=`, `-=`, `*=` or `/=` would put decimals into an array of integers. Write `x = x + …`, or make the array "
        "of floats.",
    ),
    Explained(
        "TypeError",
        r"missing \d+ required positional arguments?: (?P<names>.+)",
        "A function is called without {names}. Which arguments does it take?",
    ),
    Explained(
        "ZeroDivisionError", r"", "You divide by 0. For which input does what stands below the bar become 0?"
    ),
    Explained(
        "KeyError",
        r"(?P<key>.+)",
        "There is no key {key} in the dict. At the first call a state may still be empty: `state.get(key, 0)`.",
    ),
)
ALIASES = {"_UFuncOutputCastingError": "UFuncTypeError", "_UFuncNoLoopError": "TypeError"}

NO_HELPER = (
    "`{name}` is an exercise of its own, and this notebook has no function of that name yet. Run the cell that defines "
    "it, then this one again. If it is of an earlier chapter, write `mine.{name}`."
)
NO_NUMPY = "Run the notebook's first cells: they say `import numpy as np`."
NO_NAME = "There is no `{name}` here. Is it spelled as where you made it, and did the cell that makes it run?"
NO_MODULE = "The course needs NumPy only, and `{name}` is not installed here. Write it without."


def in_plain_words(evidence: Evidence) -> Diagnosis | None:
    """The error that the first failing case stopped with, if it is one that is known."""
    raised = evidence.actual[evidence.number].raised
    if raised is None or evidence.trouble.kind != "raised":
        return None
    sentence = explain(raised, evidence.inputs(evidence.number))
    return Diagnosis(sentence=sentence) if sentence else None


def explain(raised: Raised, inputs: Mapping[str, Any] | None = None) -> str | None:
    """A beginner's words for an error; None if it is not one of those known.

    Parameters
    ----------
    raised : Raised
    inputs : mapping, optional
        The arguments by their names: their shapes are said where no variable's is known.
    """
    kind = ALIASES.get(raised.type, raised.type)
    special = SPECIAL.get(kind)
    if special and (sentence := special(raised)):
        return sentence
    for one in TABLE:
        found = re.search(one.message, raised.message)
        if one.type == kind and found and re.search(one.line, raised.source):
            named = {key: re.sub(r",(?=\d)", ", ", value or "") for key, value in found.groupdict().items()}
            sentence = one.sentence.format(**named)
            shapes = _shapes(raised, inputs or {}) if one.shapes else ""
            return f"{sentence} {shapes}" if shapes else sentence
    return None


def _shapes(raised: Raised, inputs: Mapping[str, Any]) -> str:
    """What shapes the names in the learner's line have."""
    known = dict(raised.shapes)
    if not known:
        words = set(re.findall(r"[^\W\d]\w*", raised.source))
        known = {
            name: str(value.shape)
            for name, value in inputs.items()
            if name in words and hasattr(value, "shape")
        }
    parts = [HAS.format(name=name, shape=shape) for name, shape in known.items()]
    return (
        SHAPES.format(shapes=" and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts))
        if parts
        else ""
    )


def _missing_name(raised: Raised) -> str | None:
    found = re.search(r"name '(\w+)' is not defined", raised.message)
    if not found:
        return None
    name = found[1]
    if name in ("np", "numpy"):
        return NO_NUMPY
    return (NO_HELPER if find_or_none(name) else NO_NAME).format(name=name)


def _missing_module(raised: Raised) -> str | None:
    found = re.search(r"No module named '([\w.]+)'", raised.message)
    return NO_MODULE.format(name=found[1]) if found else None


SPECIAL: dict[str, Callable[[Raised], str | None]] = {
    "NameError": _missing_name,
    "ModuleNotFoundError": _missing_module,
}
