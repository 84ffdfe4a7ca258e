"""Submissions that try to come alive on the pages that instructors and learners open."""

from __future__ import annotations

from corpus import GRADED, REPAIRED, Entry, attack
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

ALIVE = [
    "<script>window.alive = 1; alert(1)</script>",
    "<img src=x onerror='window.alive = 1'>",
    "<img src='http://127.0.0.1:$port/pixel.png'>",
    "![pixel](http://127.0.0.1:$port/pixel.png)",
    "<svg/onload=alert(1)><style>@import 'http://127.0.0.1:$port/style.css';</style>",
    "<iframe srcdoc='<script>parent.alive = 1</script>'></iframe>",
    "<link rel=stylesheet href='http://127.0.0.1:$port/style.css'>",
    "<meta http-equiv=refresh content='0;url=http://127.0.0.1:$port/'>",
    "<form action='http://127.0.0.1:$port/'><button autofocus onfocus='window.alive = 1'>Marks</button></form>",
    "<details open ontoggle='window.alive = 1'><summary>x</summary></details>",
    "</code></pre></details></section></main><script>window.alive = 1</script>",
    "[marks](javascript:window.alive=1) <javascript:window.alive=1>",
    "$\\href{javascript:window.alive=1}{x}$ $$\\require{html}\\style{background:url(http://127.0.0.1:$port/)}{x}$$",
    "```mermaid\ngraph TD; A[<img src=x onerror=alert(1)>]\n```",
    "{{ config }} {% include '/etc/passwd' %} ${7*7} <%= 7*7 %>",
    "\x1b]8;;http://127.0.0.1:$port/\x07link\x1b]8;;\x07 \x1b[2J\x9b31m",
]
TEXT = "\n\n".join(ALIVE)
PYTHON = f"text = {TEXT!r}\n"


def _cells(made: NotebookNode) -> None:
    for number, text in enumerate(ALIVE):
        made.cells.insert(1, new_markdown_cell(text, id=f"alive-{number}", metadata={"tags": [text]}))
    for cell in made.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id", "").startswith("written-"):
            cell.source = TEXT


def _attached(made: NotebookNode) -> None:
    cell = new_markdown_cell("![x](attachment:x.svg) <img src='attachment:x.svg'>", id="attached")
    cell.attachments = {"x.svg": {"image/svg+xml": "PHN2ZyBvbmxvYWQ9J2FsZXJ0KDEpJy8+", "text/html": TEXT}}
    made.cells.insert(1, cell)


SHOWN = (
    PYTHON
    + """
from IPython.display import HTML, SVG, Image, Javascript, Latex, Markdown, display
print(text)
import sys
print(text, file=sys.stderr)
for kind in (HTML, Javascript, Latex, Markdown):
    display(kind(text))
class Shown:
    def _repr_html_(self): return text
    def _repr_svg_(self): return "<svg onload='alert(1)'/>"
    def _repr_mimebundle_(self, **named):
        return {"text/html": text, "application/javascript": "alert(1)", "text/plain": text}
    def __repr__(self): return text
display({"text/html": text, "application/vnd.jupyter.widget-view+json": {"model_id": text}}, raw=True)
Shown()
"""
)
RAISED = (
    PYTHON
    + """
error = type(text, (Exception,), {"__module__": text})
def named(): raise error(text)
named.__code__ = named.__code__.replace(co_name=text[:60], co_filename=text)
named()
"""
)
PICTURE = (
    PYTHON
    + """
from IPython.display import Image, display
start = b"\\x89PNG\\r\\n\\x1a\\n" + b"\\0\\0\\0\\rIHDR" + b"\\0\\0\\1\\0\\0\\0\\1\\0" + text.encode()
display(Image(start, format="png"))
display(Image(text.encode(), format="png"))
display(Image(b"\\x89PNG\\r\\n\\x1a\\n\\0\\0\\0\\rIHDR\\x7f\\xff\\xff\\xff\\x7f\\xff\\xff\\xff", format="png"))
"""
)
RETURNED = """
if name == "tanh":
    raise type(text, (ValueError,), {})(text)
if name == "sigmoid":
    return {text: text}
import warnings
warnings.warn(text)
return text
"""
CODE = {"sigmoid": f'def sigmoid(x, alive={TEXT!r}):\n    """{TEXT[:200]}"""\n    # {ALIVE[0]}\n    return x'}

ENTRIES: list[Entry] = [
    attack(
        "<b onmouseover='window.alive=1'>alive &amp; named",
        "script in the name of a folder",
        first="1 / 0",
        about={"state": (GRADED,)},
    ),
    attack(
        "alive-cells", "script in Markdown and in written answers", edit=_cells, about={"state": (GRADED,)}
    ),
    attack("alive-attached", "script in an attached picture", edit=_attached, about={"state": (REPAIRED,)}),
    attack(
        "alive-shown", "script in everything that a cell can show", first=SHOWN, about={"state": (GRADED,)}
    ),
    attack("alive-raised", "script in the names of errors and functions", first=RAISED),
    attack(
        "alive-picture", "pictures that are none, or far too large", first=PICTURE, about={"state": (GRADED,)}
    ),
    attack("alive-returned", "script in what answers return and raise", first=PYTHON, every=RETURNED),
    attack("alive-code", "script in the text of an answer", answers=CODE),
]
