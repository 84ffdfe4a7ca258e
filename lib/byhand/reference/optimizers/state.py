"""What an optimizer remembers from step to step, and how a rule walks through large arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float

State = dict[str, Any]

BLOCK = 2**17  # bytes: the few arrays of a rule together fit into a core's own cache


def recall(
    name: str, w: ArrayLike, dw: ArrayLike, state: State | None, *memories: str
) -> tuple[NDArray[np.floating], NDArray[np.floating], int, list[NDArray[np.floating]]]:
    """Begin a step: w and dw as arrays, which step this is, and what was kept (zeros at the first step)."""
    w, dw = as_float(w), as_float(dw)
    if w.shape != dw.shape:
        raise ValueError(f"{name}: w has shape {w.shape} and dw has shape {dw.shape}; they must be equal")
    w, dw = (array.astype(np.result_type(w, dw), copy=False) for array in (w, dw))
    if state is None:
        return w, dw, 1, [np.zeros_like(w) for _ in memories]
    if set(state) != {"step", *memories}:
        raise ValueError(f"{name}: its state has {['step', *memories]}; this one has {list(state)}")
    for key in memories:
        if np.shape(state[key]) != w.shape:
            raise ValueError(
                f"{name}: w has shape {w.shape}, but {key!r} in the state has shape {np.shape(state[key])}: "
                "does the state belong to another array?"
            )
    return w, dw, state["step"] + 1, [state[key] for key in memories]


def in_blocks(rule: Callable[..., tuple], *arrays: NDArray) -> list[NDArray]:
    """Apply a rule that works element by element to w, dw and the memories: the new w and the new memories.

    A large array passes through the rule in blocks. A formula of ten operations then finds its numbers in the
    processor's cache, instead of walking through all of the memory ten times.
    """
    w = arrays[0]
    block = BLOCK // w.itemsize
    if w.size <= block:
        return list(rule(*arrays))
    flat = [array.ravel() for array in arrays]
    results = [np.empty_like(flat[0]) for _ in arrays[1:]]
    for start in range(0, w.size, block):
        part = slice(start, start + block)
        for result, values in zip(results, rule(*(array[part] for array in flat)), strict=True):
            result[part] = values
    return [result.reshape(w.shape) for result in results]
