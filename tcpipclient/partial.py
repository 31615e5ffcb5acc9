"""A file that is still arriving: made new, written, forced to the disk, dated, and deleted only while it is still ours.

Owns the descriptor of one `.part` file and the knowledge which file on the disk that is. Must never open what is there
already, follow a link, or delete or date a stranger's file that was put in its place.
Blocks on the disk. One thread at a time.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from tcpipclient.placement import CREATE_MODE, CREATE_ONLY, is_same_file

_BUFFER_SIZE = 256 * 1024
_LATEST_DATE = 4_354_819_200.0
"""2108-01-01 UTC in Unix seconds: the end of the dates that every disk in use can hold (FAT, exFAT)."""


def open_new(path: Path) -> BinaryIO:
    """Make the file `path` for writing. Raises FileExistsError when anything is there, be it a link, else OSError."""
    return os.fdopen(os.open(path, CREATE_ONLY, CREATE_MODE), "wb", _BUFFER_SIZE)


def maybe_timestamp(modified: datetime | None) -> float | None:
    """Unix seconds of a naive local date and time, or None where it names no moment or none that can be kept.

    In the hour that clocks go back a local time means two moments, in the hour they go forward none: a date that is
    wrong by an hour would be worse than the time of arrival. Before 1970 and after 2107 not every disk can hold it.
    """
    if modified is None:
        return None
    try:
        moments = {modified.replace(fold=fold).timestamp() for fold in (0, 1)}
    except (ValueError, OverflowError, OSError):
        return None
    moment = moments.pop()
    return None if moments or not 0 <= moment < _LATEST_DATE else moment


class PartialFile:
    """One `.part` file and the stream that writes it.

    `stream` must be a new file just made at `path`; it is closed by `seal` or `discard`, which always have to follow.
    """

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        self.path = path
        self._stream = stream
        # Windows gives a file another number by descriptor than by name on some disks, and lets nobody take away the
        # name while the file is open; elsewhere only the descriptor is certain to be ours.
        self._identity = path.lstat() if os.name == "nt" else os.fstat(stream.fileno())

    def write(self, data: bytes | memoryview) -> None:
        """Take the next bytes. Raises OSError, of these bytes or of earlier ones that were still in the buffer."""
        self._stream.write(data)

    def seal(self) -> bool:
        """Force all bytes to the disk and close the file; False when `path` no longer is that file.

        Raises OSError when the disk refuses them.
        """
        self._stream.flush()
        os.fsync(self._stream.fileno())
        # Asked before closing: a file that was deleted could give its number to another one then.
        ours = self._is_ours()
        self._stream.close()
        return ours

    def maybe_dated(self, modified: datetime | None) -> float | None:
        """Set the sealed file's time of last modification and return it as Unix seconds.

        Where `modified`, a naive local time, names no moment or the disk refuses it, the file keeps the time at which
        it was written, and the answer is None.
        """
        timestamp = maybe_timestamp(modified)
        if timestamp is None:
            return None
        try:
            os.utime(self.path, (timestamp, timestamp), follow_symlinks=os.utime not in os.supports_follow_symlinks)
        except (OSError, OverflowError):
            return None
        return timestamp

    def discard(self) -> None:
        """Close the file and delete it if it is still at `path`; does nothing the second time, and never raises."""
        try:
            ours = self._is_ours()
        except OSError:
            ours = False
        try:
            self._stream.close()
        except OSError:
            pass  # Bytes still in the buffer did not fit; they are not wanted any more, and the descriptor is closed.
        if ours:
            try:
                self.path.unlink()
            except OSError:
                pass  # The folder may not be written to any more: nothing else can be done about the file.

    def _is_ours(self) -> bool:
        return is_same_file(self.path, self._identity)
