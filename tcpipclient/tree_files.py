"""What is done to a received file while it is open: its bytes, its date and its mode.

Owns the system calls. Must never know a name. Blocks on the disk. Threads: any; a descriptor belongs to one at a time.
"""

import os
import stat

from commonlib.transfer.manifest import Listed

OWNERS = 0o600
SMALLEST_HOLE = 64 << 10
_ZEROS = bytes(1 << 20)
_DATED_BY_DESCRIPTOR = os.utime in os.supports_fd


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """Write the next bytes at the end of a file, however few the system takes at once.

    Long runs of zeros become holes where the disk knows holes: images of disks take no more room than at their sender.
    """
    view = memoryview(data)
    while view:
        piece = view[: len(_ZEROS)]
        if len(piece) >= SMALLEST_HOLE and _ZEROS.startswith(piece):
            os.ftruncate(descriptor, os.lseek(descriptor, len(piece), os.SEEK_CUR))
            view = view[len(piece) :]
        else:
            view = view[os.write(descriptor, piece) :]


def set_mode(descriptor: int, listed: Listed) -> None:
    """Take from a new file what its sender's had not, where that is more than could be done when it was made."""
    if os.name == "posix" and listed.mode and listed.mode & OWNERS != OWNERS:
        os.fchmod(descriptor, stat.S_IMODE(os.fstat(descriptor).st_mode) & listed.mode)


def is_dated(descriptor: int, modified_ns: int) -> bool:
    """Date an open file; False where the system dates files by their names alone."""
    if modified_ns and not _DATED_BY_DESCRIPTOR:
        return False
    if modified_ns:
        try:
            os.utime(descriptor, ns=(modified_ns, modified_ns))
        except (OSError, OverflowError):
            pass  # The disk cannot hold it.
    return True
