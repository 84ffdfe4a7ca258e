"""The `byhand` package that a sandbox sees: the course without the answers that a chapter asks for.

Learner code may call what earlier chapters built, and needs the modules that collect its answers. It
must not find this chapter's references, a later chapter's, the specs with their mistakes, or the judge.
So a package of its own is written for each chapter, and only that one enters the sandbox.

A topic module is cut by its syntax tree: the hidden functions go, then what only they used, then what
cannot work without them. Comments go with them, and so does the module's docstring, which may tell the
answer.
"""

from __future__ import annotations

import ast
import py_compile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import byhand
from byhand.exercises import chapters
from grader.chapters import file_cache

PACKAGE = Path(byhand.__file__).parent
NEEDED_TO_COLLECT = ("arrays.py", "checking/codec.py", "checking/collect.py", "exercises/inputs.py")

_CHECKS = '''
def check(function=None, **options):
    """In the grader the check is run for you, after this notebook."""
    print("The grader runs this check itself.")


def begin(chapter):
    """Tell `mine` which notebook this is: in the grader its exercises are what it defines, and nothing else."""
    import sys

    from byhand import mine

    mine.__dict__["_notebook"] = sys._getframe(1).f_globals


def working(function):
    """Your own function."""
    return function


def progress(*anything):
    """Shown at home only."""


hint = milestone = solution = try_it = progress


def quick(exercise, *arguments, **options):
    """Your own function."""
    from byhand import mine

    return getattr(mine, exercise if isinstance(exercise, str) else exercise.__name__)
'''

_NOTHING_TO_SEE = '''"""Pictures are for people: the grader draws none."""


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(name)
    return lambda *arguments, **options: None
'''

STAND_INS = {
    "__init__.py": f'''"""The course's package, as the grader gives it to a notebook."""
{_CHECKS}

def __getattr__(name):
    if name in ("data", "explore", "mine"):
        from importlib import import_module

        return import_module(f"byhand.{{name}}")
    raise AttributeError(f"module 'byhand' has no attribute {{name!r}}")
''',
    "checking/__init__.py": _CHECKS,
    "exercises/__init__.py": "",
    "explore/__init__.py": _NOTHING_TO_SEE,
    "figures/__init__.py": _NOTHING_TO_SEE,
}

NOT_HERE = "{name} is what this chapter, or a later one, asks for: the grader has only what comes before."

Name = tuple[str, str]  # a module "byhand.reference.neuron.layers" and a name in it


class BrokenOrder(ValueError):
    """A function of an earlier chapter cannot work without one that a later chapter asks for."""


@cache
def view_for(chapter_name: str) -> Path:
    """The folder with the view of a chapter. It is kept for the next run."""
    hidden, promised = _hidden_and_promised(chapter_name)
    key = file_cache.key_of([repr(sorted(hidden)), repr(sorted(promised))], _files())
    return file_cache.folder_of(f"view-{chapter_name}", key, lambda folder: write_view(chapter_name, folder))


@cache
def view_of_nothing() -> Path:
    """The folder with what the views of all chapters share, to try a sandbox with."""
    return file_cache.folder_of("no-view", file_cache.key_of([], _files()), write_without_topics)


def _files() -> list[Path]:
    """What the views are made of."""
    needed = [PACKAGE / name for name in NEEDED_TO_COLLECT]
    return [*(PACKAGE / "reference").rglob("*.py"), *_packaged(PACKAGE / "data"), *needed, Path(__file__)]


def _packaged(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]


def write_view(chapter_name: str, folder: Path) -> None:
    """Write the `byhand` package that the notebook of a chapter may see into `folder`.

    Parameters
    ----------
    chapter_name : str
        Such as ``"02_activations"``. The exercises of this chapter and of those after it are hidden.
    folder : Path
        An existing folder; it is what belongs on the sandbox's ``sys.path``.

    Raises
    ------
    BrokenOrder
        If what stays needs what is hidden: then the chapters are in the wrong order.
    """
    hidden, promised = _hidden_and_promised(chapter_name)
    write_without_topics(folder)
    sources = _topic_sources()
    left = cut(sources, hidden, promised)
    for module in sources:
        names = {name for where, name in hidden if where == module}
        _write(folder / f"{module.replace('.', '/')}.py", left.get(module, "") + _explain(names))
    _write(folder / "byhand" / "mine" / "__init__.py", _mine(promised))
    _compile(folder)


def _mine(promised: Iterable[Name]) -> str:
    """`byhand.mine` in the grader: what the notebook defines, else the reference of an earlier chapter."""
    modules = {name: module for module, name in sorted(promised)}
    return f'''"""Your own functions: this chapter's from this notebook, earlier ones from the course."""

from importlib import import_module

_EARLIER = {modules!r}
_notebook = {{}}


def __getattr__(name):
    if name in _EARLIER:
        return getattr(import_module(_EARLIER[name]), name)
    if name.startswith("_") or name not in _notebook:
        raise AttributeError(f"{{name}} is not written yet.")
    return _notebook[name]
'''


def write_without_topics(folder: Path) -> None:
    """Write the part of the view that every chapter shares: stand-ins, data, what collecting needs."""
    target = folder / "byhand"
    for name, text in STAND_INS.items():
        _write(target / name, text)
    for path in (PACKAGE / "reference").rglob("__init__.py"):
        _write(target / path.relative_to(PACKAGE), "")
    for name in NEEDED_TO_COLLECT:
        _write(target / name, (PACKAGE / name).read_text("utf-8"))
    for path in _packaged(PACKAGE / "data"):
        _write(target / path.relative_to(PACKAGE), path.read_bytes())


def _compile(folder: Path) -> None:
    """Compile all modules, because nothing can write beside them in the sandbox."""
    unchanging = py_compile.PycInvalidationMode.UNCHECKED_HASH
    for path in sorted((folder / "byhand").rglob("*.py")):
        shown = f"/course/{path.relative_to(folder)}"  # in tracebacks
        compiled = Path(
            str(py_compile.compile(str(path), dfile=shown, doraise=True, invalidation_mode=unchanging))
        )
        for one, mode in ((compiled.parent, 0o755), (compiled, 0o644)):
            one.chmod(mode)


def _explain(names: set[str]) -> str:
    """What a module says when somebody asks it for an answer."""
    return f"""

def __getattr__(name):
    if name in {sorted(names)}:
        raise ImportError({NOT_HERE!r}.format(name=name))
    raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
"""


def _write(path: Path, content: str | bytes) -> None:
    for folder in (path.parent.parent, path.parent):  # readable in the sandbox, whatever the umask
        if not folder.exists():
            folder.mkdir(parents=True)
            folder.chmod(0o755)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    path.chmod(0o644)


def _hidden_and_promised(chapter_name: str) -> tuple[set[Name], set[Name]]:
    """The references to hide, and those of earlier chapters, which must stay."""
    hidden: set[Name] = set()
    promised: set[Name] = set()
    found = False
    for chapter in chapters():
        found = found or chapter.name == chapter_name
        names = {(e.reference.__module__, e.reference.__name__) for e in chapter.exercises}
        (hidden if found else promised).update(names)
    if not found:
        raise LookupError(f"There is no chapter called {chapter_name!r}.")
    return hidden, promised


def _topic_sources() -> dict[str, str]:
    return {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path.read_text("utf-8")
        for path in sorted((PACKAGE / "reference").rglob("*.py"))
        if path.stem != "__init__"
    }


@dataclass
class _Statement:
    """A top-level statement of a module: what it defines, and what it uses."""

    node: ast.stmt
    defines: set[Name]
    uses: set[Name]


def cut(sources: dict[str, str], hidden: Iterable[Name], promised: Iterable[Name] = ()) -> dict[str, str]:
    """Take the hidden functions, and all that goes with them, out of a set of modules.

    Parameters
    ----------
    sources : dict
        Python text by module name, such as ``"byhand.reference.neuron.layers"``.
    hidden : iterable of (module, name)
    promised : iterable of (module, name)
        What must be left.

    Returns
    -------
    dict
        The modules that are left with anything in them.
    """
    statements = {name: _statements(name, ast.parse(text)) for name, text in sources.items()}
    everything = [one for body in statements.values() for one in body]
    defined = {name for one in everything for name in one.defines}

    gone = _gone(everything, set(hidden))
    if broken := gone & set(promised):
        names = ", ".join(sorted(f"{module}.{name}" for module, name in broken))
        raise BrokenOrder(f"{names}: belongs to an earlier chapter, but needs what a later one asks for.")

    public = {name for name in defined - gone if not name[1].startswith("_")}
    left = _reached(everything, public, gone) & defined
    modules = {module for module, _ in left}
    dropped = defined - left | gone
    return {name: _rest(name, body, dropped) for name, body in statements.items() if name in modules}


def _gone(everything: list[_Statement], hidden: set[Name]) -> set[Name]:
    """What is hidden, and all that cannot work without it."""
    gone = hidden
    while lost := {name for one in everything if one.uses & gone for name in one.defines} - gone:
        gone = gone | lost
    return gone


def _reached(everything: list[_Statement], start: set[Name], gone: set[Name]) -> set[Name]:
    """`start` and all that it uses, however far."""
    by_name: dict[Name, set[Name]] = {}
    for one in everything:
        if one.defines:
            for name in one.defines:
                by_name.setdefault(name, set()).update(one.uses)
        elif not one.uses & gone:  # runs at import: what it uses is needed
            start = start | one.uses
    reached: set[Name] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in reached and name not in gone:
            reached.add(name)
            waiting.extend(by_name.get(name, ()))
    return reached


def _rest(module: str, body: list[_Statement], dropped: set[Name]) -> str:
    kept: list[ast.stmt] = []
    cut_here = any(name[0] == module for name in dropped)
    for position, one in enumerate(body):
        node: ast.stmt | None = one.node
        if isinstance(node, ast.ImportFrom):
            node = _shorter_import(node, dropped)
        elif (module, "__all__") in one.defines:
            node = _shorter_list(one.node, {name for where, name in dropped if where == module})
        elif position == 0 and cut_here and ast.get_docstring(ast.Module([one.node], [])):
            node = None  # it tells what the module is for, and with it perhaps the answer
        elif one.uses & dropped or (one.defines and one.defines <= dropped):
            node = None
        if node is not None:
            kept.append(node)
    return ast.unparse(ast.Module(kept, [])) + "\n"


def _shorter_import(node: ast.ImportFrom, dropped: set[Name]) -> ast.stmt | None:
    names = [alias for alias in node.names if (node.module or "", alias.name) not in dropped]
    return ast.ImportFrom(node.module, names, node.level) if names else None


def _shorter_list(node: ast.AST, dropped: set[str]) -> Any:
    """``__all__`` with the names that are left."""

    class Shorten(ast.NodeTransformer):
        def visit_List(self, node: ast.List) -> ast.List:
            left = [e for e in node.elts if not (isinstance(e, ast.Constant) and e.value in dropped)]
            return ast.List(left, node.ctx)

    return Shorten().visit(node)


def _statements(module: str, tree: ast.Module) -> list[_Statement]:
    aliases = _aliases(tree)
    found = []
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.append(_Statement(node, set(), set()))
        else:
            defines = {(module, name) for name in _bound(node)}
            found.append(_Statement(node, defines, set(_used(node, module, aliases))))
    return found


def _aliases(tree: ast.Module) -> dict[str, Name]:
    """What a module's imported names stand for: ``(module, name)``, or ``(module, "")`` for a module."""
    found: dict[str, Name] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and _is_room(node.module):
            found.update({a.asname or a.name: (f"{node.module}.{a.name}", "") for a in node.names})
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("byhand."):
            found.update({a.asname or a.name: (str(node.module), a.name) for a in node.names})
        elif isinstance(node, ast.Import):
            found.update({a.asname: (a.name, "") for a in node.names if a.asname})
    return found


def _is_room(module: str | None) -> bool:
    """Whether what is imported from there is a module: ``byhand`` or ``byhand.reference.<chapter>``."""
    parts = (module or "").split(".")
    return parts == ["byhand"] or (parts[:2] == ["byhand", "reference"] and len(parts) <= 3)


def _bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
        return
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id


def _used(node: ast.stmt, module: str, aliases: dict[str, Name]) -> Iterator[Name]:
    local = set(_local(node)) if isinstance(node, ast.FunctionDef | ast.ClassDef) else set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute):
            match inner.value:
                case ast.Name(name) if aliases.get(name, ("", "not a module"))[1] == "":
                    yield aliases[name][0], inner.attr  # activations.sigmoid
                case ast.Attribute() if (whole := ast.unparse(inner.value)).startswith("byhand."):
                    yield whole, inner.attr  # byhand.reference.activations.elementwise.sigmoid
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load) and inner.id not in local:
            yield aliases.get(inner.id, (module, inner.id))


def _local(node: ast.stmt) -> Iterator[str]:
    """Names that mean something of the function's own, whatever the module calls so."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.arg):
            yield inner.arg
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id
