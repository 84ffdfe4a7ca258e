"""Small changes to a function, one at a time: what a slip of the hand or of the mind makes of right code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy

SWAPPED_OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
}
SWAPPED_COMPARISONS = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
_PAIRS = [
    ("sum", "mean"),
    ("max", "min"),
    ("maximum", "minimum"),
    ("argmax", "argmin"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("floor", "ceil"),
    ("sin", "cos"),
    ("std", "var"),
]
SWAPPED_NAMES = {a: b for one, other in _PAIRS for a, b in ((one, other), (other, one))}
DROPPABLE = (ast.Add, ast.Sub, ast.Mult, ast.Div)


def mutants(function: ast.FunctionDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Each mutant with what was changed, guards and docstring left alone."""
    nodes = list(ast.walk(function))
    spared = {id(node) for guard in nodes if _is_guard(guard) for node in ast.walk(guard)}
    spared |= {
        id(node) for part in (function.returns, *_annotations(function)) if part for node in ast.walk(part)
    }
    # the innermost statement wins: ast.walk comes to it last
    steps = [node for node in nodes if isinstance(node, ast.stmt) and node is not function]
    statements = {id(part): _text(step)[:50] for step in steps for part in ast.walk(step)}
    for place, node in enumerate(nodes):
        if id(node) in spared:
            continue
        for changed in _alternatives(node):
            if hasattr(node, "lineno"):
                ast.fix_missing_locations(ast.copy_location(changed, node))
            copy = deepcopy(function)
            _put(copy, list(ast.walk(copy))[place], changed)
            inside = "" if isinstance(node, ast.stmt) else f" in {statements.get(id(node), function.name)}"
            yield (
                f"{function.name}: {_text(node)} -> {_text(changed)}{inside}",
                ast.fix_missing_locations(copy),
            )


def _is_guard(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and all(isinstance(step, ast.Raise) for step in node.body)


def _annotations(function: ast.FunctionDef) -> list[ast.expr | None]:
    arguments = function.args
    return [one.annotation for one in (*arguments.args, *arguments.kwonlyargs, *arguments.posonlyargs)]


def _alternatives(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp):
        yield from _other_sums(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield node.operand
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in SWAPPED_COMPARISONS.get(type(node.ops[0]), ()):
            yield ast.Compare(node.left, [other()], node.comparators)
    elif isinstance(node, ast.Constant):
        yield from _other_constants(node)
    elif isinstance(node, ast.Attribute):
        if node.attr == "T":
            yield node.value
        if node.attr in SWAPPED_NAMES:
            yield ast.Attribute(node.value, SWAPPED_NAMES[node.attr], node.ctx)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        yield from _other_calls(node)
    elif isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value)
        yield ast.Pass()
    elif isinstance(node, ast.If | ast.IfExp):
        for always in (True, False):
            changed = deepcopy(node)
            changed.test = ast.Constant(always)
            yield changed
    elif isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant):
        yield ast.Pass()


def _other_sums(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in SWAPPED_OPERATORS:
        yield ast.BinOp(node.left, SWAPPED_OPERATORS[type(node.op)](), node.right)
    if isinstance(node.op, DROPPABLE):
        yield node.left
        yield node.right
    if isinstance(node.op, ast.MatMult):
        yield ast.BinOp(node.right, node.op, node.left)


def _other_constants(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)


def _other_calls(node: ast.Call) -> Iterator[ast.AST]:
    assert isinstance(node.func, ast.Name)
    if node.func.id in SWAPPED_NAMES:
        yield ast.Call(ast.Name(SWAPPED_NAMES[node.func.id], ast.Load()), node.args, node.keywords)
    if node.func.id == "range" and node.args:
        last = len(node.args) - 1 if len(node.args) < 3 else 1
        for step in (ast.Add(), ast.Sub()):
            arguments = list(node.args)
            arguments[last] = ast.BinOp(arguments[last], step, ast.Constant(1))
            yield ast.Call(node.func, arguments, node.keywords)


def _put(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list):
                setattr(parent, name, [new if one is old else one for one in value])


def _text(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:70]
