"""What defines a name in a notebook: the statement in the cell that was run, as the learner wrote it."""

from __future__ import annotations

import ast
import linecache
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any


def definition(name: str, value: Any) -> str | None:
    """The text of the top-level statement that made `value`, bound to `name`; None if it cannot be found.

    A function and a class know the cell that they come from. A lambda, a partial and other callable objects are looked
    for in the cells that were run, the last one first.
    """
    for text in _candidates(value):
        if (found := statement(text, name)) is not None:
            return found
    return None


def _candidates(value: Any) -> Iterator[str]:
    code = _code_of(value)
    if code is not None:
        lines = linecache.getlines(code.co_filename)
        if lines:
            yield "".join(lines)
        return
    yield from reversed(_inputs())


def _code_of(value: Any) -> types.CodeType | None:
    """The code of a function, or of a class's first method."""
    if isinstance(value, types.FunctionType):
        return _unwrapped(value).__code__
    if isinstance(value, type):
        methods = (one for one in vars(value).values() if isinstance(one, types.FunctionType))
        return next((one.__code__ for one in methods), None)
    return None


def _unwrapped(function: types.FunctionType) -> types.FunctionType:
    """Below decorators that say what they wrap."""
    inner = getattr(function, "__wrapped__", None)
    return _unwrapped(inner) if isinstance(inner, types.FunctionType) else function


def _inputs() -> list[str]:
    """The cells that were run in this kernel, in order."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    history = getattr(shell, "user_ns", {}).get("In", [])
    return [text for text in history if isinstance(text, str)]


def statement(text: str, name: str) -> str | None:
    """The last top-level statement of a cell that binds a name, as it was written; None if there is none."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):  # a cell with a command of IPython's: without those lines it is Python
        text = "\n".join(
            "" if line.lstrip().startswith(("%", "!", "?")) else line for line in text.split("\n")
        )
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):  # ValueError: a null character, until Python 3.12
            return None
    for node in reversed(tree.body):
        if name in set(_binds(node)):
            return _segment(text, node)
    return None


def _segment(text: str, node: ast.stmt) -> str:
    decorators: Iterable[ast.expr] = getattr(node, "decorator_list", ())
    first = min([node.lineno, *(one.lineno for one in decorators)])
    return "\n".join(text.split("\n")[first - 1 : node.end_lineno]) + "\n"


def _binds(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            for target in targets:
                yield from (one.id for one in ast.walk(target) if isinstance(one, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def free_names(text: str) -> list[str]:
    """The names that a statement takes from around it: neither its arguments nor its locals nor what it defines.

    In the order in which they first occur.
    """
    import symtable

    tables = [symtable.symtable(text, "<cell>", "exec")]
    own = {one.get_name() for one in tables[0].get_symbols() if one.is_assigned() or one.is_imported()}
    asked: set[str] = set()
    while tables:
        table = tables.pop()
        for symbol in table.get_symbols():
            if symbol.is_global() or (table.get_type() == "module" and symbol.is_referenced()):
                asked.add(symbol.get_name())
        tables.extend(table.get_children())
    order: Callable[[ast.Name], tuple[int, int]] = lambda one: (one.lineno, one.col_offset)  # noqa: E731
    names = sorted((one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.Name)), key=order)
    return list(dict.fromkeys(one.id for one in names if one.id in asked and one.id not in own))
