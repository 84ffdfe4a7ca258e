"""Faults of the machine, one sentence each: what happened, and what the person at the keyboard does about it."""

from __future__ import annotations

import errno
from pathlib import Path

from grader.errors import UserError

GOES_ON = "What is graded is kept: run the same command again, and it goes on from here."
FULL = f"The disk is full{{where}}. Make room there. {GOES_ON}"
READ_ONLY = f"Nothing can be written{{where}}: the disk is read-only. {GOES_ON}"
NO_RIGHT = (
    "This account has no right to read or write{where}. Give it the right (`chmod -R u+rwX`, `chown`). "
    + GOES_ON
)
IN_THE_WAY = f"A file or a folder lies in the place of another{{where}}. Move it away. {GOES_ON}"
MANY_FILES = f"This account has too many files open. Raise the limit (`ulimit -n 4096`). {GOES_ON}"
BROKEN_DISK = f"The disk could not be read or written{{where}}. Look at the machine's log. {GOES_ON}"

DAMAGED = (
    "The gradebook is damaged, or is no gradebook ({detail}). Restore it from a backup. If there is none, move it "
    "away: the next `make grade` grades all of submitted/ again, but marks and comments given by hand are in it alone."
)
OLD = (
    "The gradebook was made by another version of nbgrader ({detail}). Make a copy of it, then run "
    "`nbgrader db upgrade` in the class's folder."
)
LOCKED = (
    f"Another program has been writing into the gradebook for too long. Close formgrader, or wait. {GOES_ON}"
)
GRADEBOOK_READ_ONLY = (
    f"This account has no right to write the gradebook. Give it the right (`chmod u+w`, `chown`). {GOES_ON}"
)
UNREACHABLE = (
    f"The gradebook could not be opened ({{detail}}). Is c.CourseDirectory.db_url right, and does the database run? "
    f"{GOES_ON}"
)

_BY_NUMBER = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
    errno.EMFILE: MANY_FILES,
    errno.ENFILE: MANY_FILES,
    errno.EIO: BROKEN_DISK,
}
# what a database says, in small letters, and what it means; the first that fits
_BY_WORDS = (
    (("no space left", "disk is full", "disk full", "could not extend file"), FULL),
    (("readonly database", "read-only"), GRADEBOOK_READ_ONLY),
    (("database is locked", "database table is locked", "lock timeout", "deadlock"), LOCKED),
    (("not a database", "malformed", "file is encrypted"), DAMAGED),
    (("no such column", "no such table", "undefinedcolumn", "undefinedtable", "does not exist"), OLD),
    (("disk i/o error",), BROKEN_DISK),
)


def fault_of(error: BaseException, *, rights: bool = False) -> UserError | None:
    """What to tell the person, if an error is a fault of the machine; None if it is not.

    Parameters
    ----------
    error : Exception
    rights : bool
        Whether a missing right to a file counts, too. While a submission is graded it does not: the file may be
        that submission's own.
    """
    if isinstance(error, OSError):
        sentence = _BY_NUMBER.get(error.errno or 0)
        if rights and isinstance(error, PermissionError):
            sentence = NO_RIGHT
        elif rights and isinstance(error, IsADirectoryError | FileExistsError | NotADirectoryError):
            sentence = IN_THE_WAY
        where = f" ({Path(str(error.filename))})" if error.filename else ""
        return UserError(sentence.format(where=where)) if sentence else None
    if _is_of_a_database(error):
        return _of_database(error)
    return None


def _is_of_a_database(error: BaseException) -> bool:
    """Whether it is of the connection or of the whole base, and not of one row (sqlalchemy is slow to import)."""
    kinds = {kind.__name__ for kind in type(error).__mro__ if kind.__module__.startswith("sqlalchemy")}
    return "DBAPIError" in kinds and not kinds & {"IntegrityError", "DataError"}


def _of_database(error: BaseException) -> UserError:
    detail = " ".join(str(getattr(error, "orig", None) or error).split())[:200]
    said = f"{type(getattr(error, 'orig', error)).__name__} {detail}".lower()
    for words, sentence in _BY_WORDS:
        if any(word in said for word in words):
            return UserError(sentence.format(where=" where the gradebook is", detail=detail))
    return UserError(UNREACHABLE.format(detail=detail))
