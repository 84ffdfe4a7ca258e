"""What all pages share: the templates, the style, and a few words."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import byhand.exercises
from grader.chapters import file_cache
from grader.model import Status

TEMPLATES = Path(__file__).with_name("templates")

# What a status means, for the learner and for the instructor alike.
STATUSES = {
    Status.GRADED: "graded as it was handed in",
    Status.REPAIRED: "graded after the notebook was mended",
    Status.UNREADABLE: "the file could not be read",
    Status.TIMED_OUT: "something ran too long and was stopped",
    Status.NEEDS_REVIEW: "a person should look at it",
}


@cache
def environment() -> Environment:
    """The templates, loaded once; everything they show is escaped unless it is marked as HTML of ours."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        bytecode_cache=FileSystemBytecodeCache(
            str(file_cache.place())
        ),  # every process would compile them anew
    )
    made.filters["backticks"] = backticks
    return made


@cache
def page_css() -> Markup:
    """The style that every page begins with."""
    return Markup((TEMPLATES / "page.css").read_text(encoding="utf-8"))


def backticks(text: str) -> Markup:
    """Escaped text in which what stands between backticks is code."""
    pieces = escape(str(text)).split("`")
    if len(pieces) % 2 == 0:  # an odd backtick is only a backtick
        return Markup("`".join(pieces))
    return Markup("".join(f"<code>{piece}</code>" if i % 2 else piece for i, piece in enumerate(pieces)))


def chapter_title(name: str) -> str:
    """``"02 · Why a bend, and what it costs"``; the bare name of a chapter that is not in the course."""
    try:
        title = byhand.exercises.chapter(name).title
    except byhand.exercises.UnknownExercise:
        return name
    return f"{name.split('_')[0]} · {title}"


def points(count: str) -> str:
    """``"1 point"``, ``"2 points"``."""
    return f"{count} point" if count == "1" else f"{count} points"
