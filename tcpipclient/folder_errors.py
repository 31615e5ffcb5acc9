"""What may go wrong when a received file is written, in sentences with a next step.

Owns the family of `FolderError`, which folder.py raises and hands on to its callers. Must never touch the disk.
Pure: any thread.
"""

import errno
import os
from pathlib import Path

from commonlib.exceptions import ChatError


class FolderError(ChatError):
    """A received file could not be written; nothing of it is left behind.

    Attributes:
        path: Where the file was to be saved, always below the folder for downloads.
        reason: What the system said; None when the system had no part in it.
    """

    def __init__(self, path: Path, reason: OSError | None = None) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    @property
    def cause(self) -> str:
        """What was wrong, without the path: what the other end may know, too."""
        number = self.reason.errno if self.reason else None
        return _ADVICE.get(number or 0, _OTHER_ADVICE)[0]

    def __str__(self) -> str:
        number = self.reason.errno if self.reason else None
        cause, step = _ADVICE.get(number or 0, _OTHER_ADVICE)
        said = f" ({self.reason.strerror or self.reason})" if self.reason else ""
        return f'"{self.path.name}" was not saved in {self.path.parent}: {cause}{said}. {step} and have it sent again.'


class NotEnoughSpaceError(FolderError):
    """The disk has no room for an announced file; told before its first byte.

    Attributes:
        needed: Bytes for this file and for what is still to come of the others on their way into the folder.
        free: Bytes that the disk has free.
    """

    def __init__(self, path: Path, needed: int, free: int) -> None:
        super().__init__(path, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        self.needed = needed
        self.free = free

    def __str__(self) -> str:
        return (
            f'"{self.path.name}" was not saved in {self.path.parent}: {self.needed:,} bytes are needed and '
            f"{self.free:,} are free. Free some space or choose another folder, and have it sent again."
        )


class WrongSizeError(FolderError):
    """More or fewer bytes came than were announced.

    Attributes:
        announced: Bytes that the sender said the file has.
        received: Bytes that came, the first surplus ones included.
    """

    def __init__(self, path: Path, announced: int, received: int) -> None:
        super().__init__(path)
        self.announced = announced
        self.received = received

    def __str__(self) -> str:
        return (
            f'"{self.path.name}" was not saved: its sender announced {self.announced:,} bytes and sent '
            f"{self.received:,}. Have it sent again."
        )


class PartialFileReplacedError(FolderError):
    """The `.part` was moved, deleted or replaced by something else while the file arrived; that was left alone."""

    def __str__(self) -> str:
        return (
            f'"{self.path.name}" was not saved in {self.path.parent}: another program took away its .part file while '
            "it arrived. Let .part files be, and have it sent again."
        )


_DENIED = ("this folder may not be written to", "Change its permissions or choose another folder")
_GONE = ("this folder is not there", "Create it or choose another")
_FULL = ("the disk is full", "Free some space or choose another folder")
_OTHER_ADVICE = ("the disk refused it", "Check the disk or choose another folder")
_ADVICE = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: _DENIED,
    errno.ENOENT: _GONE,
    errno.ENOTDIR: _GONE,
    errno.EEXIST: ("too many files of that name are there", "Move some of them away"),
    errno.ENAMETOOLONG: ("its path is too long", "Choose a folder with a shorter path"),
    errno.EBUSY: ("the same file is arriving in another transfer", "Wait until that is done"),
    errno.EMFILE: ("too many files are open", "Wait until other transfers are done"),
}
