"""Downloads of an LMS, made for the tests, and what became of them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from grader.intake.downloads import Collected, collect

CHAPTERS = ["01_neuron", "02_activations"]
A, B = b'{"cells": [], "a": 1}', b'{"cells": [], "b": 2}'


def packed(files: dict[str, bytes], when: int = 2024, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (when, 1, 1, 12, 0, 0)), content, method)
    return out.getvalue()


def collected(tmp_path: Path, files: dict[str, bytes], when: int = 2024) -> Collected:
    (tmp_path / "download.zip").write_bytes(packed(files, when))
    return collect(tmp_path / "download.zip", tmp_path / "class", CHAPTERS)


def placed(tmp_path: Path) -> dict[str, bytes]:
    top = tmp_path / "class" / "submitted"
    return {
        str(path.relative_to(top)): path.read_bytes() for path in sorted(top.rglob("*")) if path.is_file()
    }


def reasons(result: Collected) -> dict[str, str]:
    return {one.path: one.reason for one in result.not_taken}
