"""The two homes of a scene: a plain page, and a live notebook.

What a notebook shows and saves is always the plain page's form: one piece of HTML with the numbers, the
styles and the module inside. It works while the notebook is live, after it was saved and opened again
without a kernel, and in an exported page without a network. JupyterLab shows "model not found" in place of
a widget whose kernel has gone, and nbconvert fetches widgets from a server; this is why the picture
itself is not a widget's view.

In a live notebook an anywidget is made beside it, from the same module. It carries what the learner did to
`explorable.value` when a control is let go, and nothing while it moves.
"""

from __future__ import annotations

import base64
import html
import io
import json
import sys
import uuid
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from byhand.explore.engine.scene import Scene

if TYPE_CHECKING:
    from anywidget import AnyWidget
    from matplotlib.figure import Figure

NO_STILL = "A still needs {package}, which is not installed in this Python: pip install 'deep-learning-by-hand[lab]'."
_MODULE = ("expressions.js", "picture.js", "marks.js", "pixels.js", "controls.js", "scene.js")


@cache
def module() -> str:
    """The front end: one ES module."""
    folder = Path(__file__).parent
    return "\n".join((folder / name).read_text("utf-8") for name in _MODULE)


@cache
def styles() -> str:
    """Its style sheet."""
    return (Path(__file__).parent / "scene.css").read_text("utf-8")


class Explorable:
    """A scene that can be shown, printed and asked what the learner did with it."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.id = uuid.uuid4().hex
        self._widget: AnyWidget | None = None

    @property
    def value(self) -> dict[str, Any]:
        """Where the learner left the controls, by their names; and the `prediction`, once there is one."""
        start = self.scene.start()
        value = {name: control.setting(start[name]) for name, control in self.scene.controls.items()}
        if self._widget is not None:
            value |= self._widget.value
        # The browser knows one kind of number only: it says 2 for 2.0.
        return {name: part if isinstance(part, str | bool) else float(part) for name, part in value.items()}

    def still(self, **values: Any) -> Figure:
        """The same picture for print, as a matplotlib Figure.

        Parameters
        ----------
        **values
            Where the controls stand: `still(z=3, activation="Tanh")`. The others stand where they start.

        Raises
        ------
        ModuleNotFoundError
            Where matplotlib is not installed.
        """
        try:
            from byhand.explore.engine.still import draw
        except ModuleNotFoundError as missing:
            raise ModuleNotFoundError(NO_STILL.format(package=missing.name), name=missing.name) from None
        return draw(self.scene, self.scene.start(**values))

    def html(self) -> str:
        """The picture with its controls as HTML: everything inside, for any page.

        For pages that run no script it holds a still too, where matplotlib is installed to draw one.
        """
        return self._html(self._png() if find_spec("matplotlib") else None)

    def _html(self, png: str | None) -> str:
        scene, data = self.scene.describe()
        said = html.escape(repr(self))
        # Where scripts are not run (a notebook that is not trusted, a preview), this remains.
        if png is None:
            still = f"<p>{said}</p>"
        else:
            still = f'<img class="byhand-still" alt="{said}" src="data:image/png;base64,{png}">'
        call = json.dumps(self.id), _script(scene), json.dumps(base64.b64encode(data).decode())
        return (
            f'<div data-byhand="{self.id}">{still}</div>\n'
            f"<style>{styles()}</style>\n"
            f'<script type="module">{module()}\nshow({", ".join(call)});</script>\n'
        )

    def widget(self) -> AnyWidget:
        """The picture as a widget, for an ipywidgets layout. It needs a running kernel."""
        scene, data = self.scene.describe()
        return _widget_class()(scene_id=uuid.uuid4().hex, scene=json.dumps(scene), data=data)

    def _png(self) -> str:
        picture = io.BytesIO()
        self.still().savefig(picture, format="png", dpi=80)
        return base64.b64encode(picture.getvalue()).decode()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if self._widget is None and _in_a_notebook():
            self._widget = _widget_class()(scene_id=self.id)
        if "matplotlib" not in sys.modules:
            # Its import alone may take seconds; nobody should wait that long for a picture that is ready.
            return {"text/html": self._html(None), "text/plain": repr(self)}
        png = self._png()
        return {"text/html": self._html(png), "image/png": png, "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"{self.scene.title} {self.scene.sentence(self.scene.start())}"


def _script(scene: dict[str, Any]) -> str:
    """JSON that may stand inside a script element, whatever its sentences contain."""
    return json.dumps(scene, ensure_ascii=False).replace("<", "\\u003c")


def _in_a_notebook() -> bool:
    """Whether there is a kernel here, and a widget that could talk through it."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if getattr(shell, "kernel", None) is None:
        return False
    try:
        return bool(_widget_class())
    except ImportError:  # without it nothing is missing but `value`
        return False


@cache
def _widget_class() -> type[AnyWidget]:
    """The anywidget. Made when first needed: its import takes longer than all the rest."""
    import anywidget
    import traitlets

    class SceneWidget(anywidget.AnyWidget):
        _esm = module()
        _css = styles()
        scene_id = traitlets.Unicode().tag(sync=True)
        scene = traitlets.Unicode().tag(sync=True)
        data = traitlets.Bytes().tag(sync=True)
        value = traitlets.Dict().tag(sync=True)

    return SceneWidget
