"""No function of the course or of the grader is more complicated than a person takes in at one reading."""

from __future__ import annotations

from pathlib import Path

from radon.complexity import cc_visit

ROOT = Path(__file__).resolve().parents[2]
MOST = 15  # McCabe's number, as radon counts it


def test_no_function_is_too_complicated() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{block.lineno} {block.name}": block.complexity
        for folder in ("lib/byhand", "grader")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for block in cc_visit(path.read_text("utf-8"))
        if block.letter in "FM" and block.complexity > MOST
    }
    assert found == {}
