"""The committed list of mutants that a check lets pass is about today's references, and gives reasons."""

from __future__ import annotations

import ast
import inspect
import tomllib

import pytest
from mutate import mutants
from survive import OPEN, SURVIVORS, reached_from

from byhand.exercises import find

LISTED = tomllib.loads(SURVIVORS.read_text("utf-8"))


@pytest.mark.parametrize("name", LISTED)
def test_every_survivor_is_a_mutant_of_todays_reference_and_has_a_reason(name: str) -> None:
    reference = find(name).reference
    tree = ast.parse(inspect.getsource(inspect.getmodule(reference)))
    reached = [node for node in tree.body if getattr(node, "name", "") in reached_from(reference)]
    texts = {text for node in reached if isinstance(node, ast.FunctionDef) for text, _ in mutants(node)}
    assert set(LISTED[name]) <= texts, f"run make mutants: {sorted(set(LISTED[name]) - texts)}"
    assert all(reason == OPEN or reason.endswith(".") for reason in LISTED[name].values())


def test_a_mutant_changes_one_thing() -> None:
    (function,) = ast.parse("def f(x):\n    return np.sum(x, axis=0) + 1").body
    assert [text.split(" in ")[0] for text, _ in mutants(function)] == [
        "f: np.sum(x, axis=0) + 1 -> np.sum(x, axis=0) - 1",
        "f: np.sum(x, axis=0) + 1 -> np.sum(x, axis=0)",
        "f: np.sum(x, axis=0) + 1 -> 1",
        "f: 1 -> 2",
        "f: 1 -> 0",
        "f: np.sum -> np.mean",
        "f: 0 -> 1",
        "f: 0 -> -1",
    ]
