"""Start ipykernel so that it gives way to the browser. `make lab` has JupyterLab start its kernels with this file.

A learner's cell computes on the machine whose browser draws. With SCHED_IDLE (Linux) the cell takes what the browser
leaves of the cores, so that a picture follows a key at once (benchmarks/explorables.md). The browser leaves
nearly all: a cell that computes takes no longer.
"""

import contextlib
import os
import sys

from ipykernel import kernelapp

if hasattr(os, "SCHED_IDLE"):
    with contextlib.suppress(OSError):  # where a sandbox forbids it, the kernel runs as any other does
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
del sys.path[0]  # this folder: a notebook imports nothing from it
kernelapp.launch_new_instance()
