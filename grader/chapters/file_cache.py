"""What is made of the course's own files, kept in ``build/cache/`` by a digest of all that it follows from.

Nothing here is anybody's work: delete the folder, and the next run makes it again. What is found there is
trusted, and so nobody else may be able to write there; otherwise each process makes its own.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from multiprocessing.util import Finalize
from pathlib import Path

CACHE = Path(__file__).resolve().parents[2] / "build" / "cache"
_OLD = 24 * 3600.0  # seconds after which nobody still uses what a newer one has replaced


def folder_of(name: str, key: str, write: Callable[[Path], None]) -> Path:
    """A folder with what `write` puts there, made once for each `key`.

    Parameters
    ----------
    name : str
        What it is. Older folders of this name go, after a while.
    key : str
        From `key_of`: changes whenever what `write` writes does.
    write : callable
        Is given an empty folder that everybody may read.
    """
    folder = place() / f"{name}-{key}"
    if folder.is_dir():
        return folder
    part = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=place()))
    try:
        part.chmod(0o755)
        write(part)
        part.rename(folder)
    except OSError:
        if not folder.is_dir():  # otherwise another process was quicker
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    _sweep(name, folder)
    return folder


def key_of(texts: Iterable[str | bytes], files: Iterable[Path] = ()) -> str:
    """A digest of texts and of files, by their names and contents."""
    digest = hashlib.sha256(sys.version.encode())
    for text in texts:
        digest.update(hashlib.sha256(text.encode() if isinstance(text, str) else text).digest())
    for path in sorted(files):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:24]


@functools.cache
def place() -> Path:
    """The folder that keeps all, made if need be: the repository's, or one of this process where that will not do."""
    try:
        CACHE.mkdir(parents=True, exist_ok=True, mode=0o755)
        if not os.access(CACHE, os.W_OK):
            raise PermissionError
        found = CACHE.stat()
        if found.st_uid == os.geteuid() and found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            CACHE.chmod(0o755)
            found = CACHE.stat()
        if found.st_uid in (0, os.geteuid()) and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return CACHE
    except OSError:
        pass
    folder = temporary_folder()
    folder.chmod(0o755)
    return folder


@functools.cache
def temporary_folder() -> Path:
    """A folder of this process, which goes with it; if that was killed, the next process removes it."""
    for path in Path(tempfile.gettempdir()).glob("byhand-*-*"):
        number = path.name.split("-")[1]
        with contextlib.suppress(OSError):
            ours = path.lstat().st_uid == os.geteuid() and path.is_dir() and not path.is_symlink()
            if ours and number.isdigit() and not Path("/proc", number).exists():
                shutil.rmtree(path, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"byhand-{os.getpid()}-"))
    # multiprocessing's own finalizer, because worker processes of a pool skip `atexit`
    Finalize(None, shutil.rmtree, args=(folder,), kwargs={"ignore_errors": True}, exitpriority=-200)
    return folder


def _sweep(name: str, current: Path) -> None:
    """Remove what a newer one has replaced, and what a killed process began."""
    for path in (*place().glob(f"{name}-*"), *place().glob(f".{name}-*")):
        try:
            if path != current and time.time() - path.stat().st_mtime > _OLD:
                shutil.rmtree(path, ignore_errors=True)
        except FileNotFoundError:
            pass
