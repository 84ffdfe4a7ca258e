"""What learners wrote, made harmless for the pages that instructors and learners open.

Nothing that comes out of here holds live HTML, a link, an image from elsewhere or a command of MathJax
that makes one, whichever Markdown renderer shows it.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin

OUTPUT_CHARACTERS = 20_000  # of one output in a graded notebook; a page with more helps nobody
OUTPUTS_OF_A_CELL = 50
PNG_BYTES = 4_000_000
MARKDOWN_CHARACTERS = 40_000  # longer answers are shown as they are, without Markdown
CODE_CHARACTERS = (
    100_000  # of one cell: formgrader colours code, and needs minutes for a line that is long enough
)
LINE_CHARACTERS = 1_000

# control characters, and the signs that turn the direction of the text behind them
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_ESCAPE = re.compile(r"\x1b")
_TAG = re.compile(r"<(?![\s=\d<])")
_LINK = re.compile(r"\](?=[(:])")
_REFERENCE = re.compile(r"\](?=\[)")
_IMAGE = re.compile(r"!(?=\[)")
_ADDRESS = re.compile(
    r"(https?|ftp):(?=//)|(mailto):(?=\S)", re.IGNORECASE
)  # renderers make links of bare ones
_MERMAID = re.compile(r"(`{3}|~{3})(\s*)(?=mermaid)", re.IGNORECASE)
_LIVE_TEX = re.compile(
    r"\\(?=(?:href|url|style|class|cssId|data|require|mmlToken|includegraphics)(?![A-Za-z]))"
)
_PNG = b"\x89PNG\r\n\x1a\n"
SHORTENED = "\n… (shortened)"
_BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "br", "ul", "ol", "li", "blockquote", "pre", "div"}
_INLINE = {"strong", "em", "s", "code", "span"}
_TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
_PLAIN_TAGS = _BLOCKS | _INLINE | _TABLE
_PLAIN_ATTRIBUTES = {"ol": {"start"}, "code": {"class"}, "span": {"class"}, "div": {"class"}}


def clean(text: Any, *, colours: bool = False) -> str:
    """Text that every file and page can hold: no lone surrogates, no control characters, no signs of direction.

    Parameters
    ----------
    text : str
    colours : bool
        Keep the escape character, which the outputs of a terminal are coloured with.
    """
    text = _CONTROL.sub("\ufffd", str(text).encode("utf-8", "replace").decode("utf-8"))
    return text if colours else _ESCAPE.sub("\ufffd", text)


def make_writable(tree: Any) -> None:
    """Clean every text in a tree of dicts and lists, in place.

    For what comes out of a sandbox: from here on, each text can be written to every file. It does not recurse,
    so that no depth is too much for it.
    """
    waiting = [tree]
    while waiting:
        inner = waiting.pop()
        for key, value in list(inner.items() if isinstance(inner, dict) else enumerate(inner)):
            if isinstance(value, dict | list):
                waiting.append(value)
            elif isinstance(value, str) and not (value.isascii() and value.isprintable()):
                inner[key] = clean(value)
        if isinstance(inner, dict) and not all(key.isprintable() for key in inner):
            cleaned = {clean(key): value for key, value in inner.items()}
            inner.clear()
            inner.update(cleaned)


def shown_code(text: Any) -> str:
    """Code as a page shows it: clean, and no longer than any page can bear."""
    lines = [
        line if len(line) <= LINE_CHARACTERS else line[:LINE_CHARACTERS] + SHORTENED.strip()
        for line in clean(text).split("\n")
    ]
    code = "\n".join(lines)
    return code if len(code) <= CODE_CHARACTERS else code[:CODE_CHARACTERS] + SHORTENED


def harmless_markdown(text: str) -> str:
    """A learner's Markdown in which nothing is live: still Markdown, and still readable as typed.

    HTML needs a letter right after ``<``, a link a bracket right after ``]``, an address its slashes right after the
    colon: a space between the two makes them plain text for any renderer, and costs nothing in formulas and code.
    """
    text = clean(text)
    text = text if len(text) <= MARKDOWN_CHARACTERS else text[:MARKDOWN_CHARACTERS] + SHORTENED
    for pattern, replacement in (
        (_TAG, "< "),
        (_IMAGE, "! "),
        (_LINK, "] "),
        (_REFERENCE, "] "),
        (_LIVE_TEX, r"\\ "),
        (_ADDRESS, r"\1\2: "),
        (_MERMAID, r"\1\2text "),
    ):
        text = pattern.sub(replacement, text)
    return text


def _formula(content: str, options: dict[str, Any]) -> str:
    wrap = "$$" if options.get("display_mode") else "$"
    return html.escape(wrap + content + wrap)


def _renderer() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    markdown.disable(["image", "link", "autolink", "reference", "html_block", "html_inline"])
    return markdown.use(dollarmath_plugin, renderer=_formula, double_inline=True)


_MARKDOWN = _renderer()


def rendered_markdown(text: str) -> Markup:
    """A learner's Markdown as HTML without links, images or HTML of its own; formulas stay as typed."""
    text = clean(text)
    if len(text) > MARKDOWN_CHARACTERS:
        return Markup(f"<pre>{html.escape(text)}</pre>")
    return Markup(only_plain_html(_MARKDOWN.render(text)))


def only_plain_html(page: str) -> str:
    """HTML with every tag and attribute taken out that plain Markdown does not need.

    The renderer makes none of these from what it is given. This is the second net, should it ever have a fault.
    """
    return nh3.clean(page, tags=_PLAIN_TAGS, attributes=_PLAIN_ATTRIBUTES)


def _shortened(text: Any) -> str:
    text = clean("".join(map(str, text)) if isinstance(text, list) else text, colours=True)
    return str(text) if len(text) <= OUTPUT_CHARACTERS else f"{text[:OUTPUT_CHARACTERS]}{SHORTENED}"


def _png(data: Any) -> str | None:
    """The picture in base64, or None if it is no PNG."""
    if not isinstance(data, str) or len(data) > PNG_BYTES:
        return None
    try:
        picture = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return base64.b64encode(picture).decode("ascii") if picture.startswith(_PNG) else None


def _harmless_output(output: Any) -> dict[str, Any] | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": _shortened(output.get("text", ""))}
    if kind == "error":
        lines = output.get("traceback")
        return {
            "output_type": "error",
            "ename": _shortened(output.get("ename", "")),
            "evalue": _shortened(output.get("evalue", "")),
            "traceback": [_shortened(line) for line in lines[:200]]
            if isinstance(lines, list | tuple)
            else [],
        }
    if kind not in ("display_data", "execute_result") or not isinstance(output.get("data"), dict):
        return None
    data: dict[str, Any] = {}
    if (picture := _png(output["data"].get("image/png"))) is not None:
        data["image/png"] = picture
    if "text/plain" in output["data"]:
        data["text/plain"] = _shortened(output["data"]["text/plain"])
    # Always display_data: nbgrader reads a number in an execute_result as a part of the points.
    return {"output_type": "display_data", "data": data, "metadata": {}} if data else None


def harmless_outputs(outputs: Any) -> list[dict[str, Any]]:
    """Notebook-format outputs cut down to text and PNG pictures."""
    kept = [
        _harmless_output(output) for output in list(outputs)[:OUTPUTS_OF_A_CELL] if isinstance(output, dict)
    ]
    return [output for output in kept if output]
