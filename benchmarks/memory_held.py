"""How much memory a submission can hold: every way of the hostile class, against the limit.

    python benchmarks/memory_held.py FOLDER

`FOLDER` is a memory control group, of version 1, that this program may make groups in; they meter, and limit nothing
unless ``--limited`` is given, which lets each sandbox have a control group of its own, too.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests" / "grader"
sys.path[:0] = [str(TESTS), str(TESTS / "hostile")]
LIMIT = 2 * 2**30  # of `grader.execute.sandbox.Limits`


def main() -> None:
    """Print a row for each way."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limited", action="store_true")
    parser.add_argument("--way", action="append")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        run(asked.run)
        return
    from holding import WAYS

    print(f"{'way':24} {'forked':>8} {'fresh':>8}   MB beyond an idle sandbox; the limit is {LIMIT // 2**20}")
    idle = {kind: held(asked, f"{kind} idle")[0] for kind in ("forked", "fresh")}
    for way in asked.way or WAYS:
        shown = [held(asked, f"{kind} {way}") for kind in idle]
        figures = [f"{(peak - idle[kind]) / 2**20:8.0f}" for kind, (peak, _) in zip(idle, shown, strict=True)]
        print(f"{way:24} {' '.join(figures)}   {' / '.join(said for _, said in shown)}", flush=True)


def held(asked: argparse.Namespace, what: str) -> tuple[int, str]:
    """The peak of a run, in bytes, and how it ended."""
    meter = asked.folder / f"byhand-meter-{os.getpid()}"
    meter.mkdir()
    environment = dict(os.environ)
    environment.pop("BYHAND_CGROUP", None)
    if asked.limited:
        environment["BYHAND_CGROUP"] = str(meter)
    command = [sys.executable, __file__, str(asked.folder), "--run", what]
    join = ["/bin/sh", "-c", 'echo 0 > "$0" && exec "$@"', str(meter / "cgroup.procs")]
    try:
        done = subprocess.run([*join, *command], env=environment, capture_output=True, text=True, check=False)
        return int((meter / "memory.max_usage_in_bytes").read_text()), done.stdout.strip() or done.stderr[
            -200:
        ]
    finally:
        meter.rmdir()


def run(what: str) -> None:
    """Run one way in a sandbox, and say how it ended."""
    from holding import code
    from sandboxed import run as run_cells

    kind, way = what.split()
    executed = run_cells("import numpy as np", "" if way == "idle" else code(way), fresh=kind == "fresh")
    print(", ".join(str(one.trouble) for one in executed.incidents) or "went through")


if __name__ == "__main__":
    main()
