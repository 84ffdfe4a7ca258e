"""How long does a call take, and how much memory? In turns, so that a drifting machine decides nothing."""

from __future__ import annotations

import ctypes
import gc
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

AT_LEAST = 0.02  # seconds: a short call is repeated until one measurement takes this long


@dataclass(frozen=True)
class Call:
    """What is timed. `prepare` runs before each call, outside the time, and gives `run` its argument."""

    run: Callable[..., Any]
    prepare: Callable[[], Any] | None = None

    def __call__(self) -> Any:
        return self.run() if self.prepare is None else self.run(self.prepare())

    def seconds(self) -> float:
        """The mean of as many calls as make up `AT_LEAST`."""
        spent, calls = 0.0, 0
        while spent < AT_LEAST:
            arguments = () if self.prepare is None else (self.prepare(),)
            start = time.perf_counter()
            self.run(*arguments)
            spent += time.perf_counter() - start
            calls += 1
        return spent / calls

    def peak(self) -> float:
        """By how many MB a process grows at most while it makes one call. Measured in a child of its own."""
        read, write = os.pipe()
        child = os.fork()
        if child:
            os.close(write)
            with os.fdopen(read) as pipe:
                text = pipe.read()
            os.waitpid(child, 0)
            if not text:
                raise RuntimeError("the process whose memory was measured ended without an answer")
            return float(text)
        arguments = () if self.prepare is None else (self.prepare(),)
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)  # what earlier calls gave back is no reserve for this one
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins again from here
        before = _status("VmRSS")
        kept = self.run(*arguments)
        os.write(write, str((_status("VmHWM") - before) / 1024).encode())
        del kept
        os._exit(0)


def keep_freed_memory() -> None:
    """Tell the C library to give no memory back to the system: fresh pages cost more than many a call."""
    trim_threshold, mmap_threshold = -1, -3  # as malloc.h numbers them
    for parameter in (trim_threshold, mmap_threshold):
        ctypes.CDLL(None).mallopt(parameter, 2**30)


def _status(field: str) -> int:
    """A line of /proc/self/status, in kB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))


@dataclass(frozen=True)
class Ratio:
    """Times of two peers, turn by turn: the median of each, and of the ratio with its least and most."""

    ours: float
    theirs: float
    median: float
    least: float
    most: float


def in_turns(ours: Call, theirs: Call, turns: int) -> Ratio:
    """Time both, one after the other, `turns` times; ratio is ours / theirs."""
    ours(), theirs()  # the first call loads what later ones find
    pairs = [(ours.seconds(), theirs.seconds()) for _ in range(turns)]
    ratios = [mine / other for mine, other in pairs]
    first, second = zip(*pairs, strict=True)
    return Ratio(
        statistics.median(first),
        statistics.median(second),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
    )


@dataclass(frozen=True)
class Machine:
    """What one core can do at best: matrix products (operations a second), and copying (bytes a second)."""

    flops: float
    copied: float


def machine(dtype: type) -> Machine:
    """Measure it: a product of two 1024 × 1024 matrices, and a copy of 64 MB, which no cache holds."""
    a = np.ones((1024, 1024), dtype)
    source, target = np.ones(2**23), np.ones(2**23)
    product = min(Call(lambda: a @ a).seconds() for _ in range(5))
    copy = min(Call(lambda: np.copyto(target, source)).seconds() for _ in range(5))
    return Machine(2 * 1024**3 / product, 2 * source.nbytes / copy)
