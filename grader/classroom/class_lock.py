"""One command at a time changes what is recorded of a class."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.errors import UserError

LOCK = ".grading.lock"
BUSY = (
    "Another command is at work on {folder} (process {process}). Nothing was changed. Wait until it has ended, and run "
    "this again."
)


@contextmanager
def class_lock(class_folder: Path) -> Iterator[None]:
    """Hold a class for as long as the block runs.

    The lock is the kernel's and ends with the process that holds it, however that ends; the file stays, and means
    nothing by itself.

    Raises
    ------
    UserError
        If another process holds it.
    """
    path = Path(class_folder) / LOCK
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            process = os.read(descriptor, 20).decode("ascii", "replace").strip() or "?"
            raise UserError(BUSY.format(folder=class_folder, process=process)) from None
        except OSError:
            pass  # a file system without locks: the gradebook's transactions are then all that keeps two apart
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode("ascii"))
        yield
    finally:
        os.close(descriptor)
