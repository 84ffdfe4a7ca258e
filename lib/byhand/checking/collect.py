"""The first half of a check: run the learner's function, and pack what came back as plain values.

At home this runs in the notebook, in the grader inside a sandbox. It decides nothing.
"""

from __future__ import annotations

import linecache
import re
import sysconfig
import time
import traceback
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from byhand.checking.codec import encode, live
from byhand.exercises.inputs import GIVEN_FUNCTION, Case

MAX_MESSAGE = 500
MAX_SHAPES = 8  # of the variables in the line that raised
NOT_THE_LEARNERS = (
    str(Path(__file__).parents[1]),
    sysconfig.get_paths()["purelib"],
    sysconfig.get_paths()["stdlib"],
    GIVEN_FUNCTION,
)


class Stopped(BaseException):
    """Raised in a running cell by whoever limits its time; never recorded as the learner's error."""


def encode_cases(cases: Iterable[Case]) -> list[Any]:
    """The cases as plain values, ready to travel: one ``[arguments, keywords]`` a case."""
    return [[[encode(value) for value in case.arguments], encode(case.keywords)] for case in cases]


def collect(function: Callable[..., Any], cases: list[Any]) -> list[dict[str, Any]]:
    """Call `function` on every case and record what came back.

    Parameters
    ----------
    function : callable
        The learner's.
    cases : list
        From `encode_cases`. Each call gets fresh copies, so no call can spoil another's inputs.

    Returns
    -------
    list of dict
        One record a case: ``returned`` (encoded) or ``raised``, ``changed`` (the positions and names
        of arguments that the call changed), ``warnings`` and ``seconds``.
    """
    return [_call(function, arguments, keywords) for arguments, keywords in cases]


def _call(function: Callable[..., Any], arguments: list[Any], keywords: Any) -> dict[str, Any]:
    values, named = [live(tree) for tree in arguments], live(keywords)
    before = _state(values, named)
    record: dict[str, Any] = {}
    start = time.perf_counter()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            record["returned"] = encode(function(*values, **named))
        except (KeyboardInterrupt, Stopped):
            raise
        except BaseException as error:  # a learner's sys.exit() too must not end the check
            record["raised"] = describe_error(error, getattr(function, "__name__", ""))
    record["seconds"] = time.perf_counter() - start
    after = _state(values, named)
    record["changed"] = [where for where in before if before[where] != after.get(where)]
    record["warnings"] = [_short(f"{w.category.__name__}: {w.message}") for w in caught[:5]]
    return record


def _state(values: list[Any], named: dict[str, Any]) -> dict[str, Any]:
    return {str(where): encode(value) for where, value in [*enumerate(values), *named.items()]}


def describe_error(error: BaseException, asked: str) -> dict[str, Any]:
    """Name an error and the learner's own line that it comes from, never a line of a library.

    ``inside`` is the function of that line, if it is another than the one that was `asked`; ``shapes`` are those of
    the arrays that the line names.
    """
    described: dict[str, Any] = {
        "type": _short(type(error).__name__),
        "message": _short(_message(error)),
        "value_error": isinstance(error, ValueError),
    }
    frames = [(frame, line) for frame, line in traceback.walk_tb(error.__traceback__) if _is_learners(frame)]
    if frames:
        frame, line = frames[-1]
        source = linecache.getline(frame.f_code.co_filename, line).strip()
        inside = next((f.f_code.co_name for f, _ in reversed(frames) if f.f_code.co_name[0] != "<"), asked)
        described["line"] = line
        described["source"] = _short(source)
        described["inside"] = _short(inside) if inside != asked else ""
        described["shapes"] = _shapes(source, frame.f_locals)
    return described


def _is_learners(frame: Any) -> bool:
    return not frame.f_code.co_filename.startswith(NOT_THE_LEARNERS)


def _shapes(source: str, variables: Any) -> dict[str, str]:
    """What the names in a line stand for, as far as they are arrays."""
    names = dict.fromkeys(re.findall(r"[^\W\d]\w*", source))
    arrays = ((name, variables.get(name)) for name in names)
    shapes = {_short(name): str(value.shape) for name, value in arrays if type(value) is np.ndarray}
    return dict(list(shapes.items())[:MAX_SHAPES])


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # an exception class of the learner's may not even have a text
        return ""


def _short(text: str) -> str:
    text = text if len(text) <= MAX_MESSAGE else text[:MAX_MESSAGE] + " …"
    return text.encode("utf-8", "replace").decode("utf-8")
