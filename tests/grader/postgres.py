"""A PostgreSQL server of a test's own: in a folder that goes with it, on a socket that nobody else finds."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

MISSING = (
    "PostgreSQL is not installed (initdb and postgres were not found); `make packages` installs it on Debian."
)


def _program(name: str) -> str:
    """Debian keeps the server's programs by version, and off the path."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which(name, path=os.pathsep.join([*map(str, places), os.environ.get("PATH", "")]))
    assert found, MISSING
    return found


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The address of an empty database."""
    # as root it would not start; `nobody` owns nothing else
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    with tempfile.TemporaryDirectory(prefix="byhand-postgres-") as top:  # a socket's name must be short
        folder = Path(top)
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)

        def run(*command: str) -> None:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, **as_owner)
            log = folder / "log"
            assert done.returncode == 0, done.stdout + done.stderr + (log.read_text() if log.exists() else "")

        data, log = str(folder / "data"), str(folder / "log")
        run(
            _program("initdb"),
            "-D",
            data,
            "-U",
            "grader",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
        settings = f"-c listen_addresses='' -k {folder} -c fsync=off"
        control = _program("pg_ctl")
        try:
            run(control, "-D", data, "-l", log, "-w", "-o", settings, "start")
            run(_program("createdb"), "-h", str(folder), "-U", "grader", "marks")
            yield f"postgresql://grader@/marks?host={folder}"
        finally:
            subprocess.run([control, "-D", data, "-m", "immediate", "stop"], capture_output=True, **as_owner)
