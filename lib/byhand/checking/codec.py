"""Values as plain text: how a check's inputs and answers travel, also into and out of a sandbox.

`encode` turns a value into a tree that `json` can write; `decode` turns it back and accepts nothing
else. No pickles and no code: decoding what a stranger wrote gives numbers, text and arrays, or a
`ValueError`, in a time that grows with the length of the text.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from byhand.exercises.inputs import Function, Rng

MAX_DEPTH = 12
MAX_ITEMS = 100_000  # in one list or tuple
MAX_KEYS = 10_000  # in one dict
MAX_VALUES = 1_000_000  # in all collections of one value together
MAX_BYTES = 32_000_000  # in one array
MAX_TEXT = 20_000
MAX_INTEGER = 2**63

_INTEGERS = [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
_DTYPES = {
    name: np.dtype(name).newbyteorder("<")
    for name in ["bool", *_INTEGERS, "float16", "float32", "float64", "complex128"]
}


@dataclass(frozen=True)
class Other:
    """Something that is not a number, a text, an array or a collection of them; only described."""

    kind: str
    text: str = ""

    def __repr__(self) -> str:
        return self.text or f"a value of type {self.kind}"


def encode(value: Any) -> Any:
    """Turn `value` into a tree of dicts, lists, numbers and text.

    Exact types only: a subclass could carry any behavior, so it is described (`Other`), not copied.
    """
    return _Encoder().tree(value, 0)


class _Encoder:
    """Encodes one value. It counts what it meets: a list that holds itself ten times over is no tree."""

    def __init__(self) -> None:
        self._left = MAX_VALUES

    def tree(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind in _SIMPLE:
            return _SIMPLE[kind](value)
        if kind is np.ndarray or (isinstance(value, np.generic) and kind.__module__ == "numpy"):
            return _encode_array(value)
        if kind in (tuple, list, dict):
            return self._collection(value, kind, depth)
        return _described(value)

    def _collection(self, value: Any, kind: type, depth: int) -> Any:
        most = MAX_KEYS if kind is dict else MAX_ITEMS
        self._left -= len(value)
        if depth >= MAX_DEPTH or len(value) > most or self._left < 0:
            how = "nested too deeply" if depth >= MAX_DEPTH else f"of {len(value)} items, too large"
            return _other(kind.__name__, f"a {kind.__name__} {how} to compare")
        if kind is dict:
            if not all(_can_be_key(key) for key in value):
                return _other("dict", "a dict with keys that are neither numbers nor texts")
            return {"dict": [[self.tree(k, depth + 1), self.tree(v, depth + 1)] for k, v in value.items()]}
        items = [self.tree(item, depth + 1) for item in value]
        return {"tuple": items} if kind is tuple else items


def _can_be_key(key: Any) -> bool:
    """Whether a key is plain. Of others, such as tuples, many can be found that share one hash and make a dict slow."""
    plain = type(key) in (type(None), bool, int, float, str)
    return plain or (isinstance(key, np.generic) and key.dtype.kind in "biuf")


def _encode_integer(value: int) -> Any:
    if abs(value) < MAX_INTEGER:
        return value
    return _other("int", "an integer of more than 63 bits")


def _encode_float(value: float) -> Any:
    return value if math.isfinite(value) else {"float": repr(value)}


def _plain_text(value: str) -> str:
    return value[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8")


def _same(value: Any) -> Any:
    return value


_SIMPLE: dict[type, Callable[[Any], Any]] = {
    type(None): _same,
    bool: _same,
    int: _encode_integer,
    float: _encode_float,
    str: _plain_text,
    Function: lambda value: {"function": value.text, "parameters": value.parameters},
    Rng: lambda value: {"rng": value.seed},
    Other: lambda value: _other(value.kind, value.text),
}


def _encode_array(value: Any) -> dict[str, Any]:
    name = value.dtype.name  # worked out at each access
    if name not in _DTYPES:
        return _other(f"array of {name}", _unusual(value.dtype))
    if value.nbytes > MAX_BYTES:
        return _other("array", f"an array of shape {value.shape}, too large to compare")
    plain = np.ascontiguousarray(value, dtype=_DTYPES[name])
    tree = {
        "array": name,
        "shape": list(np.shape(value)),
        "data": base64.b64encode(plain.tobytes()).decode("ascii"),
    }
    return tree if type(value) is np.ndarray else {**tree, "scalar": True}


def _unusual(dtype: np.dtype[Any]) -> str:
    kinds = {"O": "Python objects (dtype object)", "U": "texts", "S": "bytes", "M": "dates", "V": "records"}
    return f"an array of {kinds.get(dtype.kind, f'numbers of the unusual type {dtype.name}')}"[:100]


def _described(value: Any) -> dict[str, Any]:
    kind = type(value)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    return _other(str(name))


def _other(kind: str, text: str = "") -> dict[str, Any]:
    return {"other": _plain_text(kind[:100]), "text": _plain_text(text[:200])}


def decode(tree: Any) -> Any:
    """Turn what `encode` wrote back into a value.

    Raises
    ------
    ValueError
        If `tree` is anything that `encode` does not write.
    """
    return _Decoder().value(tree, 0)


class _Decoder:
    def __init__(self) -> None:
        self._left = MAX_VALUES

    def value(self, tree: Any, depth: int) -> Any:
        if tree is None or isinstance(tree, bool | float):
            return tree
        if isinstance(tree, int):
            return _decode_integer(tree)
        if isinstance(tree, str):
            return _plain_text(tree)
        if depth > MAX_DEPTH:
            raise ValueError("nested too deeply")
        if isinstance(tree, list):
            return self._items(tree, depth)
        if not isinstance(tree, dict):
            raise ValueError(f"unexpected {type(tree).__name__}")
        return self._tagged(tree, depth)

    def _tagged(self, tree: dict[Any, Any], depth: int) -> Any:
        keys = frozenset(tree)
        if keys == {"tuple"}:
            return tuple(self._items(tree["tuple"], depth))
        if keys == {"dict"}:
            return self._dict(tree["dict"], depth)
        if keys not in _TAGGED:
            raise ValueError(f"unexpected keys {sorted(map(str, keys))[:5]}"[:200])
        return _TAGGED[keys](tree)

    def _items(self, items: Any, depth: int) -> list[Any]:
        return [self.value(item, depth + 1) for item in self._bounded(items, MAX_ITEMS)]

    def _dict(self, pairs: Any, depth: int) -> dict[Any, Any]:
        decoded = {}
        for pair in self._bounded(pairs, MAX_KEYS):
            if not isinstance(pair, list) or len(pair) != 2:
                raise ValueError("a dict is a list of pairs")
            key = self.value(pair[0], depth + 1)
            if not _can_be_key(key):
                raise ValueError("a key that cannot be one")
            decoded[key] = self.value(pair[1], depth + 1)
        return decoded

    def _bounded(self, items: Any, most: int) -> list[Any]:
        if not isinstance(items, list) or len(items) > most:
            raise ValueError("not a list of a bearable length")
        self._left -= len(items)
        if self._left < 0:
            raise ValueError("too many values")
        return items


def _decode_integer(tree: int) -> int:
    if abs(tree) >= MAX_INTEGER:
        raise ValueError("an integer that is too large")
    return tree


def _decode_float(tree: dict[str, Any]) -> float:
    if tree["float"] not in ("nan", "inf", "-inf"):
        raise ValueError("not a number's name")
    return float(tree["float"])


def _decode_other(tree: dict[str, Any]) -> Other:
    if not all(isinstance(text, str) for text in tree.values()):
        raise ValueError("a description that is no text")
    return Other(_plain_text(tree["other"][:100]), _plain_text(tree["text"][:200]))


def _decode_function(tree: dict[str, Any]) -> Other:
    if not all(isinstance(text, str) for text in tree.values()):
        raise ValueError("a function without a text")
    return Other("function", _plain_text(f"({tree['parameters']}) → {tree['function']}"))


def _decode_generator(tree: dict[str, Any]) -> Other:
    if type(tree["rng"]) is not int or abs(tree["rng"]) >= MAX_INTEGER:
        raise ValueError("a generator without a seed")
    return Other("numpy.random.Generator", f"np.random.default_rng({tree['rng']})")


def _decode_array(tree: dict[str, Any]) -> Any:
    dtype = _DTYPES.get(tree["array"]) if isinstance(tree["array"], str) else None
    shape, data = tree["shape"], tree["data"]
    if dtype is None or not isinstance(data, str) or not isinstance(shape, list) or len(shape) > 32:
        raise ValueError("not an array")
    if not all(type(n) is int and 0 <= n <= MAX_BYTES for n in shape) or len(data) > 2 * MAX_BYTES:
        raise ValueError("an array of no bearable shape")
    raw = base64.b64decode(data, validate=True)  # raises binascii.Error, a ValueError
    if len(raw) != math.prod(shape) * dtype.itemsize:
        raise ValueError("an array whose bytes do not fit its shape")
    array = np.frombuffer(raw, dtype).reshape(shape).astype(dtype.newbyteorder("="))
    if array.dtype.kind == "b":
        array = np.frombuffer(raw, np.uint8).reshape(shape) != 0  # a bool byte other than 0 or 1 is no bool
    return array[()] if tree.get("scalar") is True and not shape else array


_TAGGED: dict[frozenset[str], Callable[[dict[str, Any]], Any]] = {
    frozenset({"float"}): _decode_float,
    frozenset({"array", "shape", "data"}): _decode_array,
    frozenset({"array", "shape", "data", "scalar"}): _decode_array,
    frozenset({"function", "parameters"}): _decode_function,
    frozenset({"rng"}): _decode_generator,
    frozenset({"other", "text"}): _decode_other,
}


def live(tree: Any) -> Any:
    """Decode an argument that our own spec encoded: functions callable, generators fresh.

    Only for inputs. The text of a function is evaluated, so this must never see an answer.
    """
    if isinstance(tree, list):
        return [live(item) for item in tree]
    if isinstance(tree, dict):
        keys = set(tree)
        if keys == {"function", "parameters"}:
            return Function(tree["function"], tree["parameters"])
        if keys == {"rng"}:
            return np.random.default_rng(tree["rng"])
        if keys == {"tuple"}:
            return tuple(live(item) for item in tree["tuple"])
        if keys == {"dict"}:
            return {live(k): live(v) for k, v in tree["dict"]}
    return decode(tree)
