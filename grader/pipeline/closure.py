"""Which of our modules something follows from: the imports of its imports, read from the source and not run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from byhand.exercises.digest import without_docstrings


class Sources:
    """Our packages as they stand on the disk.

    Parameters
    ----------
    packages : mapping
        The folder of each: ``{"byhand": Path("lib/byhand")}``.
    """

    def __init__(self, packages: Mapping[str, Path]) -> None:
        self._packages = dict(packages)
        self._trees: dict[str, ast.Module] = {}
        self._imports: dict[str, frozenset[str]] = {}
        self._texts: dict[tuple[str, Callable[[ast.Module], ast.Module] | None], str] = {}

    def file_of(self, module: str) -> Path | None:
        """The file of a module of ours; None if there is none of that name."""
        top, *rest = module.split(".")
        if top not in self._packages:
            return None
        path = self._packages[top].joinpath(*rest)
        for file in (path / "__init__.py", path.with_name(f"{path.name}.py")):
            if file.is_file():
                return file
        return None

    def below(self, package: str) -> list[str]:
        """A package and all modules in it."""
        top = self.file_of(package)
        folder = top.parent if top else Path()
        found = (
            {path.relative_to(folder).with_suffix("").parts for path in folder.rglob("*.py")} if top else ()
        )
        return sorted(".".join((package, *(part for part in parts if part != "__init__"))) for parts in found)

    def tree(self, module: str) -> ast.Module:
        """A module's syntax tree, without docstrings; treat it as read-only."""
        if module not in self._trees:
            file = self.file_of(module)
            assert file is not None, module
            self._trees[module] = without_docstrings(ast.parse(file.read_bytes()))
        return self._trees[module]

    def text(self, module: str, part: Callable[[ast.Module], ast.Module] | None = None) -> str:
        """A module's syntax as text, or that of a part of it: no comment, no docstring and no white space counts."""
        if (module, part) not in self._texts:
            tree = self.tree(module)
            self._texts[module, part] = ast.dump(part(tree) if part else tree)
        return self._texts[module, part]

    def closure(
        self,
        roots: Iterable[str],
        stop: Callable[[str], bool] = lambda module: False,
        *,
        packages: bool = False,
    ) -> set[str]:
        """The modules that are imported by `roots`, or by what they import.

        Parameters
        ----------
        roots : iterable of str
        stop : callable
            Which modules are left out, with what only they import.
        packages : bool
            Whether the packages that a module lies in count, too: Python runs them before it.
        """
        found: set[str] = set()
        waiting = [module for module in roots if self.file_of(module) and not stop(module)]
        while waiting:
            module = waiting.pop()
            if module not in found:
                found.add(module)
                owner = module.rpartition(".")[0]
                more = {*self.imports(module), owner} if packages and owner else self.imports(module)
                waiting += [name for name in more if name not in found and not stop(name)]
        return found

    def imports(self, module: str) -> frozenset[str]:
        """Those of our modules that a module imports, wherever in it; not those for its type hints alone."""
        if module not in self._imports:
            file = self.file_of(module)
            package = module if file and file.name == "__init__.py" else module.rpartition(".")[0]
            found = map(self.module_of, imported(self.tree(module), package))
            self._imports[module] = frozenset(name for name in found if name and name != module)
        return self._imports[module]

    def module_of(self, name: str) -> str:
        """The module of ours that an imported name is, or is a part of; empty if it is not ours."""
        if self.file_of(name):
            return name
        owner = name.rpartition(".")[0]
        return owner if self.file_of(owner) else ""

    def data_of(self, modules: Iterable[str]) -> list[Path]:
        """The files beside these modules that are no code: what they may read."""
        folders = {file.parent for module in modules if (file := self.file_of(module))}
        return sorted(
            path
            for folder in folders
            for path in folder.iterdir()
            if path.is_file() and path.suffix not in (".py", ".pyc") and not path.name.startswith(".")
        )


def imported(tree: ast.AST, package: str = "") -> Iterator[str]:
    """The names that some code imports: of ``from a import b`` it is a.b, whether that is a module or not."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            up = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*up, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif not (isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")):
            waiting += ast.iter_child_nodes(node)
