"""Whether an exercise still asks what it asked: a digest of all that a verdict on it follows from.

It is made of syntax trees without docstrings, so that a comment or a reworded sentence changes nothing. Known mistakes
are left out: they say why an answer is wrong, never whether.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import sys
from functools import cache

from byhand.exercises.spec import Exercise

_OF_MISTAKES = ("mistake", "switchable", "switch")


def without_docstrings(tree: ast.Module) -> ast.Module:
    """The tree, changed in place, with no docstring in it."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def without_mistakes(tree: ast.Module) -> ast.Module:
    """The tree of a spec module, changed in place, without the known mistakes."""
    tree.body = [node for node in tree.body if not is_mistake(node)]
    return tree


def is_mistake(node: ast.stmt) -> bool:
    """Whether a statement of a spec module gives a known mistake, or only serves them."""
    if isinstance(node, ast.FunctionDef):
        return any(_calls_mistake(one) for one in node.decorator_list)
    return isinstance(node, ast.Expr) and _calls_mistake(node.value)


def _calls_mistake(node: ast.expr) -> bool:
    """``x.mistake(…)``, ``x.mistake(…)(function)``, ``x.switch(…)`` or ``x.switchable``."""
    if isinstance(node, ast.Call):
        return _calls_mistake(node.func)
    return isinstance(node, ast.Attribute) and node.attr in _OF_MISTAKES


@cache
def _tree(module: str, *, spec: bool) -> str:
    """The syntax tree of a module as text."""
    tree = without_docstrings(ast.parse(inspect.getsource(sys.modules[module])))
    return ast.dump(without_mistakes(tree) if spec else tree)


def digest_of(exercise: Exercise) -> str:
    """A digest of the modules of an exercise's reference and of its spec."""
    parts = [
        exercise.name,
        _tree(exercise.reference.__module__, spec=False),
        _tree(exercise.inputs.__module__, spec=True),
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
