"""How much time, memory and room a class gives a submission: nbgrader's settings file has a line for each."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from grader.classroom.class_folder import CONFIG, nbgrader_config
from grader.errors import UserError
from grader.execute.sandbox import DEFAULT, Limits

UNKNOWN = "{path} sets c.Sandbox.{name}, which does not exist. There are: {known}."
WRONG = "{path} sets c.Sandbox.{name} = {value!r}; it must be a number above 0."


def limits_of(class_folder: Path) -> Limits:
    """The limits of a class: the usual ones, but for what its settings say (``c.Sandbox.cell_seconds = 30``).

    Raises
    ------
    UserError
        If the settings name a limit that does not exist, or give it no number.
    """
    known = {field.name: type(getattr(DEFAULT, field.name)) for field in fields(Limits)}
    path = Path(class_folder) / CONFIG
    chosen: dict[str, Any] = {}
    for name, value in nbgrader_config(class_folder).Sandbox.items():
        if name not in known:
            raise UserError(UNKNOWN.format(path=path, name=name, known=", ".join(known)))
        if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
            raise UserError(WRONG.format(path=path, name=name, value=value))
        chosen[name] = known[name](value)
    return replace(DEFAULT, **chosen)
