"""Draw the rooms of the code and what imports what, into docs/architecture.md: ``make architecture``.

The arrows are read from the imports. An arrow is left out where a longer way says the same: if A imports B and B
imports C, A's own imports of C add nothing to the picture.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

import grimp

PAGE = Path(__file__).with_name("architecture.md")
BEGIN, END = "<!-- drawn by make architecture -->", "<!-- end of the drawing -->"
TOP = ("grader", "byhand")


def rooms(graph: grimp.ImportGraph) -> dict[str, str]:
    """The room of each module: the folder or the module that lies directly in ``byhand`` or ``grader``."""
    return {
        module: ".".join(module.split(".")[:2])
        for module in graph.modules
        if "." in module and not module.endswith("__main__")
    }


def arrows(graph: grimp.ImportGraph, room_of: dict[str, str]) -> set[tuple[str, str]]:
    """Which room imports which, without what a longer way says already."""
    direct = {
        (room_of[importer], room_of[imported])
        for importer in room_of
        for imported in graph.find_modules_directly_imported_by(importer)
        if imported in room_of and room_of[imported] != room_of[importer]
    }
    names = sorted({name for pair in direct for name in pair})
    reach = set(direct)
    for middle, first, last in product(names, names, names):  # Warshall's order: the middle is the outer loop
        if (first, middle) in reach and (middle, last) in reach:
            reach.add((first, last))
    return {
        (a, b)
        for a, b in direct
        if not any((a, middle) in reach and (middle, b) in reach for middle in names)
    }


def drawing() -> str:
    """The picture as Mermaid text, which reads as a list where nothing draws it."""
    graph = grimp.build_graph(*TOP, exclude_type_checking_imports=True)
    room_of = rooms(graph)
    lines = ["```mermaid", "flowchart TD"]
    for top in TOP:
        inside = sorted({room for room in room_of.values() if room.startswith(f"{top}.")})
        lines += [
            f"  subgraph {top}",
            *(f'    {room.replace(".", "_")}["{room.partition(".")[2]}"]' for room in inside),
            "  end",
        ]
    lines += [f"  {a.replace('.', '_')} --> {b.replace('.', '_')}" for a, b in sorted(arrows(graph, room_of))]
    return "\n".join([*lines, "```"])


def page() -> str:
    """docs/architecture.md with the drawing as the imports are now."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{drawing()}\n{END}{after}"


if __name__ == "__main__":
    new = page()
    if "--check" in sys.argv:
        sys.exit(
            0 if new == PAGE.read_text("utf-8") else f"{PAGE.name} is out of date: run make architecture"
        )
    PAGE.write_text(new, "utf-8")
