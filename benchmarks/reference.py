"""The reference beside PyTorch and numpy-ml, function by function, one thread each.

    make bench-reference                  writes benchmarks/reference.md
    make bench-reference BEFORE=COMMIT    first times the reference as it was there, for the column `before`

Each row takes turns: ours, theirs, ours, theirs. A ratio is taken turn by turn, so that a machine whose speed
drifts does not decide it. Before anything is timed, both must give the same numbers.
"""

from __future__ import annotations

import os

os.environ |= {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import layer_cases
import numpy as np
import numpy_ml_peer
import torch
import training_cases
from layer_cases import Case
from timing import Machine, Ratio, in_turns, keep_freed_memory, machine

HERE = Path(__file__).parent
KEPT = HERE / "reference-before.json"
DTYPES = {"float32": np.float32, "float64": np.float64}
GOAL = 2  # times PyTorch's time


@dataclass(frozen=True)
class Row:
    """One line of the table: times in seconds, memory in MB."""

    name: str
    size: str
    dtype: str
    times: Ratio  # ours / PyTorch
    our_peak: float = 0.0
    their_peak: float = 0.0
    numpy_ml: float | None = None
    products: float = 0.0  # share of the best that the machine can do in matrix products
    memory: float = 0.0  # share of the best in copying
    parts: dict[str, float] = field(
        default_factory=dict
    )  # what NumPy cannot do without, in PyTorch's whole times

    @property
    def key(self) -> str:
        return f"{self.name}|{self.size}|{self.dtype}"


def measure(case: Case, dtype: str, best: Machine, turns: int) -> Row:
    agree(case, dtype)
    times = in_turns(case.ours, case.theirs, turns)
    slower, parts = None, {}
    if case.numpy_ml is not None:
        slower = 1 / in_turns(case.ours, case.numpy_ml, max(2, turns // 3)).median
    if times.median > GOAL:
        for name, part in case.parts().items():
            part()
            parts[name] = statistics.median(part.seconds() for _ in range(turns)) / times.theirs
    return Row(
        case.name,
        case.size,
        dtype,
        times,
        case.ours.peak(),
        case.theirs.peak(),
        slower,
        case.flops / times.ours / best.flops,
        case.moved / times.ours / best.copied,
        parts,
    )


def agree(case: Case, dtype: str) -> None:
    """Both sides give the same first result, where they give one."""
    ours, theirs = _first(case.ours()), _first(case.theirs())
    if theirs is None or isinstance(ours, dict):
        return
    close = 1e-9 if dtype == "float64" else 1e-3
    np.testing.assert_allclose(ours, theirs, rtol=close, atol=close, err_msg=f"{case.name}, {dtype}")


def _first(result: Any) -> Any:
    while isinstance(result, tuple):
        result = result[0]
    return result.detach().numpy() if isinstance(result, torch.Tensor) else result


def table(rows: list[Row], before: dict[str, Any], turns: int) -> str:
    """The result as Markdown."""
    ratios = before.get("ratios", {})
    lines = [
        "# The reference beside PyTorch and numpy-ml",
        "",
        f"One thread each, on {platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}, "
        f"PyTorch {torch.__version__}, numpy-ml {numpy_ml_peer.VERSION}. {turns} turns a row. Made by "
        f"`make bench-reference{_option(before)}`.",
        "",
        *summary(rows, ratios),
        "",
        "*ours / PyTorch* is the median over the turns, with the least and the most; below 1, ours is faster. *before* "
        f"is the same ratio with the reference as it was before it was tuned{_commit(before)}. Memory is what the "
        "process grows by at its highest point during one call, with the result. Memory that is given back stays with "
        "the process, on both sides, as in a long training run; otherwise the system's work for fresh pages would be "
        "timed. numpy-ml computes in float64 only.",
        "",
        "*bound* is how much of the best that this core can do ours reaches: of its matrix products (a product of two "
        "1024 × 1024 matrices is 100 %), and of its memory (copying 64 MB is 100 %; numbers that stay in the cache can "
        "pass it).",
        "",
        *beyond(rows),
        "## All rows",
        "",
        "| what | size | type | PyTorch, ms | ours, ms | ours / PyTorch | before | numpy-ml / ours | bound: products "
        "| memory | memory, MB: ours | PyTorch |",
        "| --- | --- | --- " + 9 * "| ---: " + "|",
    ]
    for row in rows:
        earlier = f"{ratios[row.key]:.2f}" if row.key in ratios else "–"
        peer = f"{row.numpy_ml:,.1f}" if row.numpy_ml is not None else "–"
        lines.append(
            f"| {row.name} | {row.size} | {row.dtype} | {1e3 * row.times.theirs:.3f} | {1e3 * row.times.ours:.3f} "
            f"| {_ratio(row)} | {earlier} | {peer} | {_share(row.products)} | {_share(row.memory)} "
            f"| {row.our_peak:.1f} | {row.their_peak:.1f} |"
        )
    return "\n".join([*lines, ""])


def summary(rows: list[Row], ratios: dict[str, float]) -> list[str]:
    """How many rows are where, now and before."""
    now = {row.key: row.times.median for row in rows}
    both = [key for key in now if key in ratios]
    columns = {"now": [now[key] for key in now]}
    if both:
        columns = {"before": [ratios[key] for key in both], "now": [now[key] for key in both]}
    lines = [
        f"| ours / PyTorch | {' | '.join(columns)} |",
        "| --- " + len(columns) * "| ---: " + "|",
    ]
    for name, test in (
        ("level with PyTorch or faster (at most 1.0)", lambda one: one <= 1),
        ("slower, but within twice its time", lambda one: 1 < one <= GOAL),
        ("beyond twice its time", lambda one: one > GOAL),
    ):
        counts = (str(sum(map(test, column))) for column in columns.values())
        lines.append(f"| {name} | {' | '.join(counts)} |")
    means = (f"{statistics.geometric_mean(column):.2f}" for column in columns.values())
    lines.append(f"| the middle of all ratios (geometric mean) | {' | '.join(means)} |")
    slower = [row.numpy_ml for row in rows if row.numpy_ml is not None]
    if slower:
        lines += [
            "",
            f"Against numpy-ml, where it has the function, ours is {min(slower):.1f} to {max(slower):,.0f} times as "
            f"fast; in {sum(one >= 5 for one in slower)} of {len(slower)} rows at least 5 times.",
        ]
    return lines


def beyond(rows: list[Row]) -> list[str]:
    """The rows that miss the goal, worst first, and what NumPy cannot do without there."""
    missed = sorted((row for row in rows if row.times.median > GOAL), key=lambda row: -row.times.median)
    if not missed:
        return []
    lines = [
        f"## Beyond {GOAL} times PyTorch's time, and why",
        "",
        "The last column has what NumPy cannot do without, timed alone with all arrays in place, in multiples of "
        "PyTorch's *whole* time. NumPy reads and writes all numbers once for each operation; PyTorch goes through them "
        "once and does all operations on each. For convolutions in float32 PyTorch has code of its own (oneDNN), made "
        "for each processor, that needs no columns; ours lays windows out as columns and leaves the rest to BLAS.",
        "",
        "| what | size | type | ours / PyTorch | of that |",
        "| --- | --- | --- | ---: | --- |",
    ]
    for row in missed:
        parts = ", ".join(f"{name} {share:.2f}" for name, share in row.parts.items()) or "–"
        lines.append(f"| {row.name} | {row.size} | {row.dtype} | {_ratio(row)} | {parts} |")
    return [*lines, ""]


def _ratio(row: Row) -> str:
    return f"**{row.times.median:.2f}** ({row.times.least:.2f}–{row.times.most:.2f})"


def _share(part: float) -> str:
    return f"{part:.0%}" if part else "–"


def _option(before: dict[str, Any]) -> str:
    return f" BEFORE={before['commit']}" if before else ""


def _commit(before: dict[str, Any]) -> str:
    return (
        f", at {before['commit']}, timed on the same machine with {before['turns']} turns" if before else ""
    )


def time_before(commit: str, turns: int, only: str) -> None:
    """Time the reference of another commit in a process of its own, and keep its ratios."""
    with tempfile.TemporaryDirectory() as folder:
        files = subprocess.run(
            ["git", "archive", commit, "lib"], cwd=HERE.parent, check=True, capture_output=True
        )
        subprocess.run(["tar", "x", "-C", folder], input=files.stdout, check=True)
        command = [sys.executable, __file__, "--as-before", commit, "--turns", str(turns), "--only", only]
        subprocess.run(command, env=os.environ | {"PYTHONPATH": f"{folder}/lib"}, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--turns", type=int, default=9)
    parser.add_argument("--only", default="", help="only rows whose name contains this; nothing is written")
    parser.add_argument("--before", metavar="COMMIT", help="first time the reference as it was there")
    parser.add_argument("--as-before", metavar="NAME", help="only keep the ratios, as the column `before`")
    options = parser.parse_args()
    torch.set_num_threads(1)
    keep_freed_memory()
    if options.before:
        time_before(options.before, max(3, options.turns // 3), options.only)

    start, rows = time.monotonic(), []
    what = f"as it was at {options.as_before}" if options.as_before else "as it is"
    print(f"The reference {what}:", flush=True)
    for name, dtype in DTYPES.items():
        best = machine(dtype)
        print(f"{name}: {best.flops / 1e9:.0f} GFLOP/s in products, {best.copied / 1e9:.1f} GB/s in copies")
        for module in (layer_cases, training_cases):
            for case in module.cases(dtype):
                if options.only not in case.name:
                    continue
                if options.as_before:
                    rows.append(
                        Row(case.name, case.size, name, in_turns(case.ours, case.theirs, options.turns))
                    )
                else:
                    rows.append(measure(case, name, best, options.turns))
                print(
                    f"{time.monotonic() - start:4.0f} s  {case.name} ({case.size}), {name}: "
                    f"{rows[-1].times.median:.2f}",
                    flush=True,
                )
    if options.as_before:
        kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {"ratios": {}}
        kept |= {"commit": options.as_before, "turns": options.turns}
        kept["ratios"] |= {row.key: round(row.times.median, 3) for row in rows}
        KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")
        return
    before = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    text = table(rows, before, options.turns)
    if not options.only:
        (HERE / "reference.md").write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
