"""A file of the user's that is to be sent: whether it can be, its size and its dates.

Owns the looking at it and the opening of it. Must never write. Threads: looked at by whoever sends, opened by the file
sender.
"""

import os
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from commonlib.values import dataclass
from tcpipclient.core.exceptions import UnsendableFileError

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the wire gives no zone


@dataclass(frozen=True, slots=True)
class OpenSource:
    """An open file; whoever opened it closes `stream`. Dates are naive local times, as the wire has them."""

    stream: BinaryIO
    size: int
    created: datetime
    modified: datetime


def size_of(path: Path) -> int:
    """Bytes of a file that may be sent.

    Raises:
        UnsendableFileError: There is no such file, it is none, or the system does not let us look.
    """
    try:
        return _checked(path, path.stat()).st_size
    except (OSError, ValueError) as error:
        raise _unsendable(path, error) from None


def open_source(path: Path) -> OpenSource:
    """Open a file for sending; what is no file any more by now is noticed.

    Raises:
        UnsendableFileError: As size_of.
    """
    try:
        # Without O_NONBLOCK a named pipe that has taken the file's place would hold us for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        raise _unsendable(path, error) from None
    try:
        status = _checked(path, os.fstat(descriptor))
    except BaseException:
        os.close(descriptor)
        raise
    stream = os.fdopen(descriptor, "rb", buffering=0)
    return OpenSource(stream, status.st_size, _local(_created(status)), _local(status.st_mtime))


def _checked(path: Path, status: os.stat_result) -> os.stat_result:
    if stat.S_ISDIR(status.st_mode):
        raise UnsendableFileError(str(path), "it is a folder; pack it into an archive and send that")
    if not stat.S_ISREG(status.st_mode):
        raise UnsendableFileError(str(path), "it is a device or a pipe; copy what it gives into a file and send that")
    return status


def _unsendable(path: Path, error: OSError | ValueError) -> UnsendableFileError:
    match error:
        case FileNotFoundError() | NotADirectoryError():
            detail = "there is no such file; check the path"
        case PermissionError():
            detail = "you may not read it; change its permissions, or close the program that has it open"
        case OSError():
            detail = f"the system says: {error.strerror or error}; check the path and the disk"
        case _:
            detail = "this is no path that the system knows; check its spelling"
    return UnsendableFileError(str(path), detail)


def _created(status: os.stat_result) -> float:
    """Unix seconds; on Linux, which does not tell, the modification time: st_ctime is something else there."""
    born = getattr(status, "st_birthtime", None)
    if born is not None:
        return float(born)
    return status.st_ctime if sys.platform == "win32" else status.st_mtime


def _local(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, tz=UTC).astimezone().replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        return _EPOCH
