"""A milestone: one page that keeps a network, and the learner's own code that made it.

It is written only if no part was the course's. Which functions made the network is known from the cell that asks for
the page: those that it resolved by `mine.<name>`, and what their texts name in turn.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.exercises import chapter_of, chapters, find_or_none
from byhand.exercises.chapter import Chapter
from byhand.mine import sentences as say
from byhand.mine.file import Kept
from byhand.mine.session import Session, current
from byhand.mine.storage import FolderStorage

FOLDER = "milestones"
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 260, 70, 12, 14, 40
DIGITS = 6  # of each parameter: enough to answer as the network does

STYLE = """
:root { color-scheme: light dark; }
body { max-width: 50rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
table { border-collapse: collapse; } th, td { padding: 0 1.5rem 0 0; text-align: left; }
td + td { font-variant-numeric: tabular-nums; } svg { width: 100%; height: auto; } polyline { stroke: #0072B2; }
@media (prefers-color-scheme: dark) { polyline { stroke: #56B4E9; } }
pre { overflow-x: auto; padding: .75rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
"""


def milestone(
    chapter: str, parameters: Mapping[str, ArrayLike], losses: ArrayLike, accuracy: float | None = None
) -> None:
    """Keep a network as a page, ``milestones/03.html`` beside the notebook, if every part of it is your own.

    Call it in the cell that trained the network.

    Parameters
    ----------
    chapter : str
        The chapter's two digits, ``"03"``.
    parameters : mapping of str to array
    losses : array (n,)
        The loss, in the order of training.
    accuracy : float, optional
        The share that it answers rightly, from 0 to 1, where there is one.

    Raises
    ------
    ValueError
        If there is no such chapter.
    """
    keep(current(), chapter, parameters, losses, accuracy)


def keep(
    session: Session,
    chapter: str,
    parameters: Mapping[str, ArrayLike],
    losses: ArrayLike,
    accuracy: float | None = None,
) -> None:
    """`milestone`, for a session that is given."""
    here = next((one for one in chapters() if f"{one.number:02}" == chapter), None)
    if here is None:
        raise ValueError(f"milestone: there is no chapter {chapter!r}; it is two digits, such as '03'")
    if session.off:
        return
    parts, missing, changed = _made_by(session)
    before = session.lent - session.from_course
    late = [name for name in missing if name in before and session.part(name) is not None]
    if missing and missing == late:
        session.say(say.MILESTONE_TOO_LATE.format(names=", ".join(late)))
    elif missing:
        session.say(say.NO_MILESTONE.format(names=", ".join(missing)))
    elif changed:
        session.say(say.MILESTONE_CHANGED.format(names=", ".join(changed)))
    elif not any(chapter_of(part.exercise) is here for part in parts):
        session.say(say.MILESTONE_ALONE)
    else:
        arrays = {str(name): np.asarray(value, float) for name, value in parameters.items()}
        text = page(here, arrays, np.ravel(np.asarray(losses, float)), accuracy, parts)
        session.say(_write(session, f"{FOLDER}/{chapter}.html", text))


def _write(session: Session, name: str, text: str) -> str:
    """Write the page beside the folder of kept functions; a sentence that says where it is, or why it is not."""
    if not isinstance(session.storage, FolderStorage):
        return say.MILESTONE_NOT_WRITABLE.format(error="read-only")
    try:
        FolderStorage(session.storage.folder.parent).write(name, text)
    except OSError as error:
        return say.MILESTONE_NOT_WRITABLE.format(error=error.strerror or error)
    return say.MILESTONE.format(place=name)


def _made_by(session: Session) -> tuple[list[Kept], list[str], list[str]]:
    """What made the network: the learner's kept functions, whose is the course's, and which changed since it passed.

    What a text names without ever calling it is neither. A network may have been trained in an earlier cell and only be
    remembered here: a function that this cell did not use is the course's if the course's was ever used.
    """
    parts: dict[str, Kept] = {}
    missing, changed = set(session.from_course), set()
    waiting = sorted(session.used)
    while waiting:
        name = waiting.pop()
        if name in parts or name in missing or name in changed:
            continue
        part = session.part(name)
        if part is not None:
            parts[name] = part
            waiting.extend(_named_in(part.text))
            if _imports_the_course(part.text) or name in session.lent - session.used:
                missing.add(name)
        elif session.has_own(name):
            changed.add(name)
        elif name in session.lent:
            missing.add(name)
    order = {
        exercise.name: place for place, exercise in enumerate(e for c in chapters() for e in c.exercises)
    }
    kept = sorted(parts.values(), key=lambda one: order[one.exercise])
    return kept, sorted(missing, key=order.__getitem__), sorted(changed, key=order.__getitem__)


def _named_in(text: str) -> Iterator[str]:
    """The exercises that a kept text looks up: ``later("sigmoid")`` and ``mine.sigmoid``."""
    tree = ast.parse(text)
    imports = (alias for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names)
    library = {alias.asname or alias.name for alias in imports if alias.name == "mine"}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="later"), args=[ast.Constant(value=str(name))]):
                yield name
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in library and find_or_none(
                name
            ):
                yield name


def _imports_the_course(text: str) -> bool:
    for node in ast.walk(ast.parse(text)):
        modules: Sequence[str] = ()
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        if any(module.split(".")[0] == "byhand" for module in modules):
            return True
    return False


# The page.


def page(
    chapter: Chapter,
    parameters: Mapping[str, NDArray[Any]],
    losses: NDArray[Any],
    accuracy: float | None,
    parts: Sequence[Kept],
) -> str:
    """The whole page, which needs nothing beside it."""
    title = f"Chapter {chapter.number}: a network that is all mine"
    facts = [f"{sum(array.size for array in parameters.values()):,} parameters"]
    if accuracy is not None:
        facts.append(f"{accuracy:.1%} right")
    facts.append(f"{len(parts)} functions of my own")
    code = "".join(_code(part) for part in parts)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<h1>{escape(title)}</h1>
<p>{escape(chapter.title)}</p>
<p>{escape(", ".join(facts))}.</p>
<h2>The network</h2>
{_table(parameters)}
<h2>How it learned</h2>
{_curve(losses)}
<h2>The code that made it</h2>
{code}
<script type="application/json" id="parameters">{_json(parameters)}</script>
</body>
</html>
"""


def _table(parameters: Mapping[str, NDArray[Any]]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        f"<td>{' × '.join(map(str, array.shape)) or '1'}</td><td>{array.size:,}</td></tr>"
        for name, array in parameters.items()
    )
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("parameter", "size", "numbers"))
    note = "<p>The numbers themselves are in this file, as JSON under the id <code>parameters</code>.</p>"
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>\n{note}"


def _json(parameters: Mapping[str, NDArray[Any]]) -> str:
    def rounded(value: object) -> object:
        if isinstance(value, list):
            return [rounded(one) for one in value]
        return float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None  # type: ignore[call-overload]

    whole = {name: rounded(array.tolist()) for name, array in parameters.items()}
    return json.dumps(whole, separators=(",", ":")).replace("<", "\\u003c")  # no name can end the script


def _curve(losses: NDArray[Any]) -> str:
    """The losses as a picture, with the same in words for who does not see it."""
    shown = losses[np.isfinite(losses)]
    if len(shown) < 2:
        return "<p>There are fewer than two losses to draw.</p>"
    low, high = min(0.0, float(shown.min())), float(shown.max())
    across = np.linspace(LEFT, WIDTH - RIGHT, len(shown))
    down = TOP + (high - shown) / ((high - low) or 1) * (HEIGHT - TOP - BOTTOM)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
    words = (
        f"The loss, noted {len(shown):,} times: {shown[0]:.4g} at the start, {shown[-1]:.4g} at the end; the lowest "
        f"is {shown.min():.4g}, the highest {shown.max():.4g}."
    )
    floor = HEIGHT - BOTTOM
    axes = f"M{LEFT} {TOP}V{floor}H{WIDTH - RIGHT}"
    text = 'fill="currentColor" font-size="14"'
    return f"""<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="curve">
<title id="curve">{words}</title>
<path d="{axes}" fill="none" stroke="currentColor"/>
<polyline points="{points}" fill="none" stroke-width="2"/>
<text x="{LEFT - 8}" y="{TOP + 6}" text-anchor="end" {text}>{high:.3g}</text>
<text x="{LEFT - 8}" y="{floor + 4}" text-anchor="end" {text}>{low:.3g}</text>
<text x="{LEFT}" y="{HEIGHT - 14}" {text}>1</text>
<text x="{WIDTH - RIGHT}" y="{HEIGHT - 14}" text-anchor="end" {text}>{len(shown):,}</text>
</svg>
<p>{words}</p>"""


def _code(part: Kept) -> str:
    chapter = chapter_of(part.exercise)
    return (
        f"<h3>{escape(part.exercise)}</h3>\n"
        f"<p>Chapter {chapter.number}; it passed its check on {escape(part.date)}.</p>\n"
        f'<pre tabindex="0"><code>{escape(part.text)}</code></pre>\n'
    )
