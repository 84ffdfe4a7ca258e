"""numpy-ml's layers, which version 0.1.2 of 2020 no longer imports by itself under today's Python."""

from __future__ import annotations

import collections
import collections.abc
import importlib
import importlib.util
import sys
from functools import cache
from types import ModuleType

VERSION = "0.1.2"


@cache
def load() -> tuple[ModuleType, ModuleType]:
    """Import its layers and its optimisers, and nothing else of it.

    Its package imports all its parts at once, of which some need names that Python has removed. So the package is
    made empty, and the one name that its layers need, ``collections.Hashable``, is put back.
    """
    spec = importlib.util.find_spec("numpy_ml")
    if spec is None:
        raise SystemExit("numpy-ml is not installed here: make bench-reference installs it.")
    collections.Hashable = collections.abc.Hashable  # type: ignore[attr-defined]
    package = ModuleType("numpy_ml")
    package.__path__ = list(spec.submodule_search_locations or ())
    sys.modules["numpy_ml"] = package
    layers = importlib.import_module("numpy_ml.neural_nets.layers")
    optimizers = importlib.import_module("numpy_ml.neural_nets.optimizers")
    return layers, optimizers
