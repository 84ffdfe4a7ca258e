"""The reference beside PyTorch and numpy-ml, function by function, one thread each.

    make bench-reference      writes benchmarks/reference.md

Each row takes turns: ours, theirs, ours, theirs. A ratio is taken turn by turn, so that a machine whose speed
drifts does not decide it. Before anything is timed, both must give the same numbers.
"""

from __future__ import annotations

import os

os.environ |= {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}

import argparse
import json
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import layer_cases
import numpy as np
import numpy_ml_peer
import torch
import training_cases
from layer_cases import Case
from timing import Machine, in_turns, machine

HERE = Path(__file__).parent
DTYPES = {"float32": np.float32, "float64": np.float64}


@dataclass(frozen=True)
class Row:
    """One line of the table: times in seconds, memory in MB, ratios as ours / PyTorch."""

    name: str
    size: str
    dtype: str
    ours: float
    theirs: float
    ratio: float
    least: float
    most: float
    our_peak: float
    their_peak: float
    numpy_ml: float | None
    products: float  # share of the best that the machine can do in matrix products
    memory: float  # share of the best in copying

    @property
    def key(self) -> str:
        return f"{self.name}|{self.size}|{self.dtype}"


def measure(case: Case, dtype: str, best: Machine, turns: int) -> Row:
    agree(case, dtype)
    times = in_turns(case.ours, case.theirs, turns)
    slower = None
    if case.numpy_ml is not None:
        slower = 1 / in_turns(case.ours, case.numpy_ml, max(2, turns // 3)).median
    return Row(
        case.name,
        case.size,
        dtype,
        times.ours,
        times.theirs,
        times.median,
        times.least,
        times.most,
        case.ours.peak(),
        case.theirs.peak(),
        slower,
        case.flops / times.ours / best.flops,
        case.moved / times.ours / best.copied,
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


def table(rows: list[Row], before: dict[str, float], turns: int) -> str:
    """The result as Markdown."""
    worst = max(rows, key=lambda row: row.ratio)
    within = sum(row.ratio <= 2 for row in rows)
    level = sum(row.ratio <= 1 for row in rows)
    slower = [row.numpy_ml for row in rows if row.numpy_ml is not None]
    lines = [
        "# The reference beside PyTorch and numpy-ml",
        "",
        f"One thread each, on {platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}, "
        f"PyTorch {torch.__version__}, numpy-ml {numpy_ml_peer.VERSION}. {turns} turns a row. Made by "
        "`make bench-reference`.",
        "",
        f"Of {len(rows)} rows, {within} take at most twice PyTorch's time, and {level} take no longer than it. The "
        f"worst is {worst.name} in {worst.dtype} ({worst.size}): {worst.ratio:.1f} times. Against numpy-ml, where it "
        f"has the function, ours is {min(slower):.1f} to {max(slower):,.0f} times as fast "
        f"({sum(one >= 5 for one in slower)} of {len(slower)} rows at least 5 times).",
        "",
        "*ours / PyTorch* is the median over the turns, with the least and the most; below 1, ours is faster. *before* "
        "is the same ratio before the reference was tuned. Memory is what the process grows by at its highest point "
        "during one call, with the result. numpy-ml computes in float64 only. *bound* is how much of the best that "
        "this core can do ours reaches: of its matrix products (a product of two 1024 × 1024 matrices is 100 %), and "
        "of its memory (copying 64 MB is 100 %; numbers that stay in the cache can pass it).",
        "",
        "| what | size | type | PyTorch, ms | ours, ms | ours / PyTorch | before | numpy-ml / ours | bound: products "
        "| memory | memory, MB: ours | PyTorch |",
        "| --- | --- | --- " + 9 * "| ---: " + "|",
    ]
    for row in rows:
        earlier = f"{before[row.key]:.2f}" if row.key in before else "–"
        peer = f"{row.numpy_ml:,.1f}" if row.numpy_ml is not None else "–"
        lines.append(
            f"| {row.name} | {row.size} | {row.dtype} | {1e3 * row.theirs:.3f} | {1e3 * row.ours:.3f} "
            f"| **{row.ratio:.2f}** ({row.least:.2f}–{row.most:.2f}) | {earlier} | {peer} "
            f"| {_share(row.products)} | {_share(row.memory)} "
            f"| {row.our_peak:.1f} | {row.their_peak:.1f} |"
        )
    return "\n".join([*lines, ""])


def _share(part: float) -> str:
    return f"{part:.0%}" if part else "–"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--turns", type=int, default=9)
    parser.add_argument("--only", default="", help="only rows whose name contains this; nothing is written")
    parser.add_argument("--as-before", action="store_true", help="keep these ratios as the column `before`")
    options = parser.parse_args()
    torch.set_num_threads(1)

    rows = []
    for name, dtype in DTYPES.items():
        best = machine(dtype)
        print(f"{name}: {best.flops / 1e9:.0f} GFLOP/s in products, {best.copied / 1e9:.1f} GB/s in copies")
        for module in (layer_cases, training_cases):
            for case in module.cases(dtype):
                if options.only in case.name:
                    rows.append(measure(case, name, best, options.turns))
                    print(f"{case.name} ({case.size}), {name}: {rows[-1].ratio:.2f}", flush=True)
    kept = HERE / "reference-before.json"
    if options.as_before:
        kept.write_text(json.dumps({row.key: round(row.ratio, 3) for row in rows}, indent=1) + "\n", "utf-8")
    before = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    text = table(rows, before, options.turns)
    if not options.only:
        (HERE / "reference.md").write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
