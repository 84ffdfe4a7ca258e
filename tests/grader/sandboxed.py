"""Small notebooks for the tests of what runs in the sandbox."""

from __future__ import annotations

from typing import Any

import numpy as np

from byhand.checking.codec import decode
from byhand.checking.collect import encode_cases
from byhand.exercises.inputs import Case
from grader.execute.session import Limits, execute
from grader.model import Cell, Chapter, Executed, Incident, Rebuilt, Role, Trouble

DEFAULT, QUICK = Limits(), Limits(cell_seconds=2.0)
SIGMOID = "import numpy as np\ndef sigmoid(x):\n    return 1 / (1 + np.exp(-x))"
X = np.array([-1.0, 0.0, 2.0])


def check(exercise: str) -> Cell:
    return Cell(exercise, Role.CHECK, "code", f"check({exercise})", f"check-{exercise}", 1.0, exercise)


def run(
    *cells: str | Cell, limits: Limits = DEFAULT, chapter: str = "02_activations", **how: bool
) -> Executed:
    """Execute a notebook of these cells; a text is a cell that the learner added."""
    made = tuple(
        Cell(str(i), Role.EXTRA, "code", cell) if isinstance(cell, str) else cell
        for i, cell in enumerate(cells)
    )
    rebuilt = Rebuilt(Chapter(chapter, (), (), ""), made)
    cases = {cell.exercise: encode_cases([Case((X,))]) for cell in made if cell.exercise}
    return execute(rebuilt, cases, limits, **how)


def answers(executed: Executed, exercise: str) -> list[Any]:
    """What the learner's function returned, case by case."""
    return [decode(record["returned"]) for record in executed.collected[exercise]]


def shown(executed: Executed, cell: int) -> str:
    """All text that a cell shows."""
    texts = []
    for output in executed.outputs[cell]:
        texts.append(output.get("text", "") + output.get("data", {}).get("text/plain", ""))
        texts.extend(output.get("traceback", ()))
    return "\n".join(text for text in texts if text).strip()


def troubles(executed: Executed) -> list[tuple[int, Trouble]]:
    return [(incident.cell, incident.trouble) for incident in executed.incidents]


def only(executed: Executed) -> Incident:
    (incident,) = executed.incidents
    return incident
