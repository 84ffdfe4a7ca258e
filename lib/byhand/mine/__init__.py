"""What the learner has passed: their own library, by the names of the exercises.

    from byhand import mine

    mine.softmax(scores)   # yours once it passes, the course's until then
    mine                   # shown: what is yours, what is the course's, what is not written yet

`mine.<name>` is always an exercise; all else stands in `byhand.mine.session`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from byhand.mine.session import current
from byhand.mine.shown import as_html, as_text

if TYPE_CHECKING:  # for a type checker, which does not see what a module's own class has

    def __getattr__(name: str) -> Any: ...


class _Mine(ModuleType):
    """This module, as a notebook shows it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return current().resolve(name)

    def __dir__(self) -> list[str]:
        return sorted(current().whose())

    def __repr__(self) -> str:
        return as_text(current())

    def _repr_html_(self) -> str:
        return as_html(current())


sys.modules[__name__].__class__ = _Mine
