"""A control group for each sandbox, where somebody has given the grader a folder for them.

The other limits hold without it: learner code has one address space and small scratch folders. A control group
counts what those leave out, the kernel's own memory for a sandbox, and is kept by the kernel at every moment.

``BYHAND_CGROUP`` names the folder, of either version of control groups. It must be the grader's to write to, and
with version 2 hand on the memory controller (``memory`` in its ``cgroup.subtree_control``).
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from pathlib import Path

from grader.errors import UserError

VARIABLE = "BYHAND_CGROUP"
NOT_USABLE = (
    "{variable} names {folder}, in which no control group with a memory limit can be made ({reason}). "
    "Give the grader a folder of its own there, or unset {variable}: the other limits hold without it."
)
ROOM = 128 * 2**20  # for the sandbox's own processes, which a learner's limit does not count

_names = itertools.count()


class MemoryGroup:
    """A control group with a limit on memory, and none below it.

    Parameters
    ----------
    parent : Path
    limit : int
        In bytes.

    Raises
    ------
    UserError
        If it cannot be made.
    """

    def __init__(self, parent: Path, limit: int) -> None:
        self.folder = parent / f"byhand-{os.getpid()}-{next(_names)}"
        try:
            self.folder.mkdir()
            first = self.folder / "memory.limit_in_bytes"
            (first if first.exists() else self.folder / "memory.max").write_text(str(limit))
        except OSError as error:
            self.remove()
            raise UserError(
                NOT_USABLE.format(variable=VARIABLE, folder=parent, reason=error.strerror)
            ) from None

    def joined(self, command: list[str]) -> list[str]:
        """A command that runs in the group from its first step."""
        return ["/bin/sh", "-c", 'echo 0 > "$0" && exec "$@"', str(self.folder / "cgroup.procs"), *command]

    def kills(self) -> int:
        """How often the kernel has ended a process in the group for its memory."""
        for name in ("memory.oom_control", "memory.events"):
            with contextlib.suppress(OSError):
                facts = dict(line.split() for line in (self.folder / name).read_text("ascii").splitlines())
                return int(facts.get("oom_kill", 0))
        return 0

    def remove(self) -> None:
        """Remove it; its processes were killed, and are gone in a moment."""
        for _ in range(100):
            try:
                self.folder.rmdir()
            except FileNotFoundError:
                return
            except OSError:
                time.sleep(0.01)
            else:
                return


def new_group(memory_bytes: int) -> MemoryGroup | None:
    """A group for one sandbox, or None where nobody gave a folder for it."""
    folder = os.environ.get(VARIABLE)
    return MemoryGroup(Path(folder), memory_bytes + ROOM) if folder else None
