"""Files that are broken, old, odd or made to break their reader. The honest answer in them must be found."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from corpus import CHAPTER, GRADED, RELU, REPAIRED, UNREADABLE, Entry, notebook, raw

MINED = (GRADED, REPAIRED)
NOTHING: frozenset[str] = frozenset()


def odd(
    name: str, tries: str, file: Callable[[], bytes], state: tuple[str, ...] = MINED, **about: Any
) -> Entry:
    if state == (UNREADABLE,):
        about.setdefault("earns", NOTHING)
    return Entry(f"file-{name}", tries, lambda ground: file(), state, **about)


def changed(
    name: str, tries: str, edit: Callable[[dict[str, Any]], None], *state: str, **about: Any
) -> Entry:
    """The honest notebook, as plain values, after an edit that no library of notebooks would do."""

    def file() -> bytes:
        tree = json.loads(raw(notebook()))
        edit(tree)
        return json.dumps(tree).encode()

    return odd(name, tries, file, state or MINED, **about)


def honest() -> bytes:
    return raw(notebook())


def version(number: int, minor: int) -> Callable[[], bytes]:
    """The honest notebook as that version of the format had it."""

    def file() -> bytes:
        tree = json.loads(honest())
        cells = tree.pop("cells")
        for cell in cells:
            if (number, minor) < (4, 5):
                del cell["id"]
            if number < 4 and cell["cell_type"] == "code":
                cell["input"], cell["prompt_number"] = cell.pop("source"), 1
            if number == 1:
                cell["code"] = cell.pop("input", cell.pop("source", ""))
        if number == 1:
            return json.dumps({"cells": cells}).encode()
        tree |= {"cells": cells} if number >= 4 else {"worksheets": [{"cells": cells, "metadata": {}}]}
        return json.dumps(tree | {"nbformat": number, "nbformat_minor": minor}).encode()

    return file


def each(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Set a field of every cell."""

    def edit(tree: dict[str, Any]) -> None:
        for cell in tree["cells"]:
            cell[key] = value

    return edit


def without(key: str) -> Callable[[dict[str, Any]], None]:
    def edit(tree: dict[str, Any]) -> None:
        for cell in tree["cells"]:
            cell.pop(key, None)

    return edit


def outputs(tree: dict[str, Any]) -> None:
    for number, cell in enumerate(tree["cells"]):
        cell["outputs"] = [None, 7, {"output_type": ["error"]}, {"data": {"text/html": "<script>alert(1)"}}][
            : number % 5
        ]
        cell["execution_count"] = [[]]


def top(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda tree: tree.update(fields)


def junk(tree: dict[str, Any]) -> None:
    tree["cells"][1:1] = [
        None,
        7,
        "x",
        [],
        {},
        {"cell_type": "code"},
        {"source": {"a": 1}},
        {"source": [1, "x"]},
    ]


def lone(tree: dict[str, Any]) -> None:
    tree["cells"].append(
        {"cell_type": "code", "source": "x = '\ud800'\nprint('\udfff\ud800')", "id": "\ud800"}
    )
    tree["cells"].append({"cell_type": "markdown", "source": "\udcff" * 20, "metadata": {"\ud800": "\ud800"}})


def nul(tree: dict[str, Any]) -> None:
    for cell in tree["cells"]:
        if "return np.maximum" in cell["source"]:
            cell["source"] = cell["source"].replace("return", "\0return\0")
    tree["cells"].append({"cell_type": "code", "source": "\0\0\0"})


def huge_cell(tree: dict[str, Any]) -> None:
    tree["cells"].append({"cell_type": "code", "source": "x = '" + "x" * 5_000_000 + "'", "id": "huge"})


def many_cells(tree: dict[str, Any]) -> None:
    tree["cells"] += [{"cell_type": "code", "source": f"x = {number}"} for number in range(5_000)]


def packed() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{CHAPTER}.ipynb", b"0" * 10**7)
    return out.getvalue()


def twice() -> bytes:
    """Every name twice in each cell; the last counts."""
    text = honest().decode()
    return text.replace('"cell_type":', '"cell_type": "raw", "source": "", "cell_type":').encode()


def windows() -> bytes:
    return json.dumps(json.loads(honest()), indent=1).replace("\n", "\r\n").encode()


def hundred_megabytes() -> bytes:
    return honest().replace(b'"cells": [', b'"cells": [{"source": "' + b"x" * 10**8 + b'"}, ')


def in_one_cell(tree: dict[str, Any]) -> None:
    tree["cells"] = [{"cell_type": "code", "source": "import numpy as np\n" + RELU}]


def deep_metadata() -> bytes:
    return honest().replace(b'"tags":', b'"deep": ' + b'[{"a":' * 400 + b"1" + b"}]" * 400 + b', "tags":')


ENTRIES = [
    *(
        odd(
            f"version-{number}-{minor}",
            f"version {number}.{minor} of the notebook format",
            version(number, minor),
        )
        for number, minor in (
            (1, 0),
            (2, 0),
            (3, 0),
            (4, 0),
            (4, 1),
            (4, 2),
            (4, 3),
            (4, 4),
            (4, 5),
            (4, 99),
            (99, 0),
        )
    ),
    changed("ids-missing", "cells without ids", without("id")),
    changed("ids-same", "one id for all cells", each("id", "same")),
    changed("ids-wrong", "ids that are lists", each("id", [])),
    changed("metadata-missing", "cells without metadata", without("metadata")),
    changed("metadata-wrong", "metadata that is a text", each("metadata", "nbgrader")),
    changed(
        "marks-wrong", "nbgrader's metadata as a list", each("metadata", {"nbgrader": [1], "tags": {"a": 1}})
    ),
    changed("types-wrong", "a type that no cell has", each("cell_type", {"code": True})),
    changed("types-missing", "cells without a type", without("cell_type")),
    changed("outputs-wrong", "outputs of no form", outputs),
    changed(
        "top-wrong",
        "metadata and version of wrong types",
        top(metadata=[], nbformat="four", nbformat_minor={}),
    ),
    changed(
        "top-mark", "a false mark of the course", top(metadata={"byhand": {"chapter": [], "release": {}}})
    ),
    changed(
        "worksheets", "worksheets beside the cells", top(worksheets=[{"cells": [1]}, None, {"cells": {}}])
    ),
    changed("junk", "cells that are none, between the others", junk, REPAIRED),
    changed("surrogates", "halves of characters", lone),
    changed("nul", "NUL bytes in code", nul),
    changed("long-cell", "a cell of 5 MB", huge_cell, REPAIRED, says="longer than"),
    changed("many-cells", "five thousand cells", many_cells, REPAIRED, says="more than 2000 cells"),
    changed("one-cell", "only the answer, in one cell", in_one_cell, REPAIRED),
    changed("no-cells", "a notebook without cells", top(cells=[]), UNREADABLE, earns=NOTHING),
    changed("cells-wrong", "cells that are a number", top(cells=7), UNREADABLE, earns=NOTHING),
    odd("bom", "a byte order mark", lambda: b"\xef\xbb\xbf" + honest()),
    odd("utf-16", "UTF-16", lambda: honest().decode().encode("utf-16")),
    odd(
        "line-ends",
        "Windows line ends",
        windows,
    ),
    odd("bytes", "bytes that are no text", lambda: honest().replace(b"slope", b"sl\xff\xfe\x80ope")),
    odd("names-twice", "every field twice", twice),
    odd("deep-metadata", "metadata nested 800 deep", deep_metadata),
    odd(
        "numbers",
        "NaN, infinity and numbers of 50,000 digits",
        lambda: honest().replace(
            b'"execution_count": null', b'"execution_count": NaN, "x": -Infinity, "y": ' + b"9" * 50_000
        ),
    ),
    odd("zeros-behind", "a megabyte of zeros behind it", lambda: honest() + b"\0" * 10**6),
    odd("empty", "an empty file", lambda: b"", (UNREADABLE,), says="empty"),
    odd("zeros", "only zeros", lambda: b"\0" * 4096, (UNREADABLE,)),
    odd(
        "cut",
        "the first half",
        lambda: honest()[: len(honest()) // 2],
        (UNREADABLE,),
        says="ends in the middle",
    ),
    odd("deep", "JSON nested 100,000 deep", lambda: b'{"cells": ' + b"[" * 100_000, (UNREADABLE,)),
    odd(
        "deep-cells", "cells nested 100,000 deep", lambda: b'{"cells": ' + b'[{"a":' * 100_000, (UNREADABLE,)
    ),
    odd(
        "100-mb",
        "a cell of 100 MB",
        hundred_megabytes,
        (UNREADABLE,),
        says="limit is 20 MB",
    ),
    odd("gzip", "a gzip of 100 MB", lambda: gzip.compress(b"0" * 10**8), (UNREADABLE,)),
    odd("zip", "a zip that unpacks to far more", packed, (UNREADABLE,), says="zip"),
    odd(
        "pickle",
        "a pickle that runs code",
        lambda: b"cos\nsystem\n(S'touch /tmp/byhand-mark'\ntR.",
        (UNREADABLE,),
    ),
    odd("yaml", "YAML that runs code", lambda: b"!!python/object/apply:os.system ['id']", (UNREADABLE,)),
    odd("page", "a web page with script", lambda: b"<html><script>alert(1)</script>", (UNREADABLE,)),
    odd("conflict", "a merge conflict", lambda: b"<<<<<<< HEAD\n" + honest() + b"\n=======\n", (UNREADABLE,)),
]
