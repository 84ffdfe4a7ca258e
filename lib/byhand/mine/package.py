"""What makes ``mine/`` a package of the learner's own, to read, to import and to take home."""

from __future__ import annotations

from byhand.exercises import chapters
from byhand.mine.file import folder_of
from byhand.mine.storage import Storage

INIT = '''"""My own library: what I wrote in Deep Learning by Hand, a folder a chapter, in the course's order.

It needs NumPy and nothing else:

    from mine import sigmoid
"""

from importlib import import_module
from pathlib import Path


def later(name):
    """The function of that name in this library, looked up when it is called: a better one serves here too."""

    def call(*arguments, **keywords):
        return _find(name)(*arguments, **keywords)

    call.__name__ = name
    return call


def _find(name):
    for path in sorted(Path(__file__).parent.glob(f"ch*/{name}.py")):
        return getattr(import_module(f"{__name__}.{path.parent.name}.{name}"), name)
    raise AttributeError(f"{name} is not in this library yet")


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(name)
    return _find(name)
'''


def ensure_package(storage: Storage) -> None:
    """Write what makes the storage a package, where it is not there yet."""
    if storage.read("__init__.py") is None:
        storage.write("__init__.py", INIT)
    for chapter in chapters():
        folder = folder_of(chapter)
        if any(True for _ in storage.names(folder)) and storage.read(f"{folder}/__init__.py") is None:
            storage.write(f"{folder}/__init__.py", f'"""Chapter {chapter.number}: {chapter.title}"""\n')
