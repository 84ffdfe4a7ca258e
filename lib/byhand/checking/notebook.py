"""Which code a check judges: its first line, when it ran, and whether the notebook has other code by now.

A kernel knows the cells that it ran and not those on the screen. It can tell that a later cell with the function
stopped with a SyntaxError, and that the notebook, as it was last saved, has another text for it.
"""

from __future__ import annotations

import json
import linecache
import os
import re
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from inspect import unwrap
from pathlib import Path
from typing import Any

from byhand.checking import sentences as say
from byhand.mine.session import current

MAX_RUNS = 2000
MAX_FILE = 30_000_000
MAX_LINE = 80
NOTEBOOK = "JPY_SESSION_NAME"  # Jupyter's server tells a kernel its notebook

_runs: list[tuple[float, str]] = []  # when which cell ran


def watch() -> None:
    """Note from now on when a cell runs, where there is IPython. Once a kernel."""
    shell = _shell()
    if shell is not None and not getattr(shell, "_byhand_watches", False):
        shell._byhand_watches = True
        shell.events.register("pre_run_cell", _note)


def _note(info: Any) -> None:
    _runs.append((time.time(), str(getattr(info, "raw_cell", "") or "")))
    del _runs[:-MAX_RUNS]
    current().new_cell()


def _shell() -> Any:
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None


def judged(function: Callable[..., Any]) -> str:
    """The first line of what is judged, and when it ran; nothing where neither is known."""
    line = _first_line(function)
    if not line:
        return ""
    ran = when(cell_of(function))
    if ran is None:
        return say.JUDGED.format(line=line)
    return say.JUDGED_AT.format(line=line, time=time.strftime("%H:%M:%S", time.localtime(ran)))


def out_of_date(function: Callable[..., Any], name: str) -> str | None:
    """A sentence if the code on the screen is known to be other code than what is judged."""
    cell, shell = cell_of(function), _shell()
    if not cell or shell is None:
        return None
    with suppress(Exception):  # a kernel of another kind keeps no such history
        ran = list(shell.history_manager.input_hist_raw)
        if (error := stopped_later(ran, name, cell, shell.transform_cell)) is not None:
            return say.BROKEN_CELL.format(name=name, line=error.lineno, message=error.msg)
    with suppress(OSError, ValueError, TypeError, AttributeError, KeyError):
        if _saved_otherwise(Path(os.environ.get(NOTEBOOK, "")), name, cell):
            return say.EDITED_CELL.format(name=name)
    return None


def _saved_otherwise(path: Path, name: str, cell: str) -> bool:
    """Whether a notebook that was saved after a cell ran has another text for it."""
    ran_at = when(cell)
    if path.suffix != ".ipynb" or ran_at is None:
        return False
    file = path.stat()
    if file.st_mtime <= ran_at or file.st_size > MAX_FILE:
        return False
    return is_edited(json.loads(path.read_text("utf-8")), name, cell)


def cell_of(function: Callable[..., Any]) -> str:
    """The text of the cell that defines a function; nothing if it is not known."""
    code = _code(function)
    return "".join(linecache.getlines(code.co_filename)) if code is not None else ""


def _code(function: Any) -> Any:
    while isinstance(function, partial):
        function = function.func
    with suppress(ValueError):
        function = unwrap(function)
    return getattr(function, "__code__", None)


def _first_line(function: Callable[..., Any]) -> str:
    code = _code(function)
    if code is None:
        return ""
    lines = linecache.getlines(code.co_filename)[code.co_firstlineno - 1 :]
    shown = next((line.strip() for line in lines if not line.lstrip().startswith("@")), "")
    return shown if len(shown) <= MAX_LINE else shown[:MAX_LINE] + " …"


def when(cell: str) -> float | None:
    """When a cell with this text last ran; None if that was not seen."""
    return next((at for at, text in reversed(_runs) if text.strip() == cell.strip() != ""), None)


def stopped_later(
    ran: Sequence[str], name: str, cell: str, transform: Callable[[str], str] = str
) -> SyntaxError | None:
    """The SyntaxError of a cell that defines `name` and ran after `cell`; None if there was none.

    Parameters
    ----------
    ran : sequence of str
        The cells that ran, in order.
    name : str
        The function's.
    cell : str
        The cell that defined what is judged.
    transform : callable, optional
        Makes Python of a cell with IPython's own commands.
    """
    for text in reversed(ran):
        if text.strip() == cell.strip():
            return None
        if defines(text, name):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # said once already, when the cell ran
                    compile(transform(text), "<cell>", "exec")
            except SyntaxError as error:
                return error
    return None


def defines(text: str, name: str) -> bool:
    """Whether a cell gives `name` a value."""
    return re.search(rf"^(?:(?:async )?def|class)\s+{name}\b|^{name}\s*=[^=]", text, re.MULTILINE) is not None


def is_edited(notebook: Any, name: str, cell: str) -> bool:
    """Whether a notebook has cells that define `name`, and none of them with the text of `cell`."""
    texts = [
        "".join(one["source"]) for one in notebook["cells"] if one.get("cell_type") == "code"
    ]  # a text or a list of lines
    there = [text for text in texts if defines(text, name)]
    return bool(there) and not any(text.strip() == cell.strip() for text in there)
