"""What came out of a sandbox, kept for a hand-in so that it can be judged again without running it again.

It lies in the class's folder, readable by the grader alone, under the digest of all that a run follows from.
"""

from __future__ import annotations

import json
import zlib

from grader.model import Executed, Incident, Trouble

MOST_BYTES = 64 * 2**20  # unpacked; more than the sandbox may send


def keep(ran: Executed, run: str) -> bytes:
    """The run as bytes; none if it cannot be written down (it is then run again if need be).

    Parameters
    ----------
    ran : Executed
        Of the cells that run.
    run : str
        From `grader.pipeline.digests.run_digest`.
    """
    incidents = [[one.cell, str(one.trouble), one.sentence] for one in ran.incidents]
    try:
        text = json.dumps(
            {"run": run, "outputs": ran.outputs, "collected": ran.collected, "incidents": incidents}
        )
    except (ValueError, TypeError, RecursionError):  # nested more deeply than JSON's writer can go
        return b""
    packed = zlib.compress(text.encode("ascii"), level=1)
    return packed if len(text) <= MOST_BYTES else b""


def read_kept(kept: bytes, run: str) -> Executed | None:
    """The run that was kept; None if it is of another digest, or if nothing was kept or it cannot be read."""
    if not kept:
        return None
    try:
        unpacking = zlib.decompressobj()
        tree = json.loads(unpacking.decompress(kept, MOST_BYTES))
        if unpacking.unconsumed_tail or tree["run"] != run:
            return None
        return Executed(
            outputs=tuple(tuple(outputs) for outputs in tree["outputs"]),
            collected=tree["collected"],
            incidents=tuple(Incident(cell, Trouble(what), told) for cell, what, told in tree["incidents"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError, zlib.error):
        return None
