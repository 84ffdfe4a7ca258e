"""Values as plain text: how a check's inputs and answers travel, also into and out of a sandbox.

`encode` turns a value into a tree that `json` can write; `decode` turns it back and accepts nothing
else. No pickles and no code: decoding what a stranger wrote gives numbers, text and arrays, or a
`ValueError`.
"""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from byhand.exercises.inputs import Function, Rng

MAX_DEPTH = 12
MAX_ITEMS = 100_000  # in one list, tuple or dict
MAX_BYTES = 32_000_000  # in one array
MAX_TEXT = 20_000

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


def encode(value: Any, _depth: int = 0) -> Any:
    """Turn `value` into a tree of dicts, lists, numbers and text.

    Exact types only: a subclass could carry any behaviour, so it is described (`Other`), not copied.
    """
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is int:
        return value if abs(value) < 2**63 else {"other": "int", "text": "an integer of more than 63 bits"}
    if kind is str:
        return value[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8")
    if kind is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    if kind is np.ndarray or (isinstance(value, np.generic) and kind.__module__ == "numpy"):
        return _encode_array(value)
    if kind is Function:
        return {"function": value.text, "parameters": value.parameters}
    if kind is Rng:
        return {"rng": value.seed}
    if kind is Other:
        return {"other": value.kind, "text": value.text}
    if _depth < MAX_DEPTH and kind in (tuple, list, dict) and len(value) <= MAX_ITEMS:
        if kind is dict:
            return {"dict": [[encode(k, _depth + 1), encode(v, _depth + 1)] for k, v in value.items()]}
        items = [encode(item, _depth + 1) for item in value]
        return {"tuple": items} if kind is tuple else items
    return _describe(value)


def _encode_array(value: Any) -> dict[str, Any]:
    if value.dtype.name not in _DTYPES:
        return {"other": f"array of {value.dtype.name}"[:100], "text": ""}
    if value.nbytes > MAX_BYTES:
        return {"other": "array", "text": f"an array of shape {value.shape}, too large to compare"}
    plain = np.ascontiguousarray(value, dtype=_DTYPES[value.dtype.name])
    tree = {
        "array": value.dtype.name,
        "shape": list(np.shape(value)),
        "data": base64.b64encode(plain.tobytes()).decode("ascii"),
    }
    return tree if type(value) is np.ndarray else {**tree, "scalar": True}


def _describe(value: Any) -> dict[str, str]:
    kind = type(value)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    return {"other": str(name)[:100], "text": ""}


def decode(tree: Any, _depth: int = 0) -> Any:
    """Turn what `encode` wrote back into a value.

    Raises
    ------
    ValueError
        If `tree` is anything that `encode` does not write.
    """
    if tree is None or isinstance(tree, bool | int | float):
        return tree
    if isinstance(tree, str):
        return tree[:MAX_TEXT]
    if _depth > MAX_DEPTH:
        raise ValueError("nested too deeply")
    if isinstance(tree, list):
        return [decode(item, _depth + 1) for item in _bounded(tree)]
    if not isinstance(tree, dict):
        raise ValueError(f"unexpected {type(tree).__name__}")
    keys = set(tree)
    if keys == {"tuple"}:
        return tuple(decode(item, _depth + 1) for item in _bounded(tree["tuple"]))
    if keys == {"dict"}:
        return _decode_dict(tree["dict"], _depth)
    if keys == {"float"} and tree["float"] in ("nan", "inf", "-inf"):
        return float(tree["float"])
    if keys in ({"array", "shape", "data"}, {"array", "shape", "data", "scalar"}):
        return _decode_array(tree)
    if keys == {"function", "parameters"} and all(isinstance(text, str) for text in tree.values()):
        return Other("function", tree["function"][:MAX_TEXT])
    if keys == {"rng"}:
        return Other("numpy.random.Generator")
    if keys == {"other", "text"} and all(isinstance(text, str) for text in tree.values()):
        return Other(tree["other"][:100], tree["text"][:200])
    raise ValueError(f"unexpected keys {sorted(map(str, keys))[:5]}")


def _bounded(items: Any) -> list[Any]:
    if not isinstance(items, list) or len(items) > MAX_ITEMS:
        raise ValueError("not a list of a bearable length")
    return items


def _decode_dict(pairs: Any, depth: int) -> dict[Any, Any]:
    decoded = {}
    for pair in _bounded(pairs):
        if not isinstance(pair, list) or len(pair) != 2:
            raise ValueError("a dict is a list of pairs")
        key = decode(pair[0], depth + 1)
        try:
            decoded[key] = decode(pair[1], depth + 1)
        except TypeError:  # an array as a key, say
            raise ValueError("a key that cannot be one") from None
    return decoded


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
