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


def _programs() -> Path:
    """The folder of the server's programs: of the one on the path, or Debian's, which stand off it by version."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb", path=os.pathsep.join([os.environ.get("PATH", ""), *map(str, places)]))
    assert found, MISSING
    return Path(found).resolve().parent


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The address of an empty database."""
    programs = _programs()
    # as root it would not start; `nobody` owns nothing else
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    with tempfile.TemporaryDirectory(prefix="byhand-postgres-") as top:  # a socket's name must be short
        folder = Path(top)
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)

        def run(*command: str | Path) -> None:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, **as_owner)
            log = folder / "log"
            assert done.returncode == 0, done.stdout + done.stderr + (log.read_text() if log.exists() else "")

        data, log = str(folder / "data"), str(folder / "log")
        run(
            programs / "initdb",
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
        control = programs / "pg_ctl"
        try:
            run(control, "-D", data, "-l", log, "-w", "-o", settings, "start")
            run(programs / "createdb", "-h", str(folder), "-U", "grader", "marks")
            yield f"postgresql://grader@/marks?host={folder}"
        finally:
            subprocess.run([control, "-D", data, "-m", "immediate", "stop"], capture_output=True, **as_owner)
