"""What an error of SQLite means for the file: whether it is broken, or only out of reach.

Owns that distinction: the advice to delete a file must never be given for a disk that is full. Any thread.
"""

import sqlite3

_OUT_OF_REACH = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)


def is_out_of_reach(error: Exception) -> bool:
    """Whether an error is about the disk, the rights or another program, and nothing is wrong with the file."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # One that Python raises by itself, or that we do.
        return isinstance(error, OSError)
    return code & 0xFF in _OUT_OF_REACH
