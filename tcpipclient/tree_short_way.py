"""The short way of a small file to its name: the six system calls that this takes, and nothing else.

With thousands of small files the receiver is what all wait for, and the long way (`DownloadTree.save`), which is made
of the steps that other files need as well, takes as long around those calls as the calls themselves. Both do the same
in the same order: a new part, its bytes, its date, its name. The short way is for where nothing is out of the ordinary
and gives up at whatever else it meets; then the long way begins anew, and finds out what is wrong.

Owns those calls. Must never write over anything, nor give a name to what is not whole. Blocks on the disk. Thread: its
caller's.
"""

import os

from commonlib.transfer.manifest import Listed
from commonlib.transfer.resume import SMALLEST_RESUMED
from tcpipclient.tree_files import OWNERS, set_mode
from tcpipclient.tree_folders import NEW_FLAGS

_DATED_BY_DESCRIPTOR = os.utime in os.supports_fd


def maybe_save(parts: int | None, part: str, folder: int | None, listed: Listed, data: bytes | memoryview) -> bool:
    """Save a whole small file under its own name; False, and nothing is left of it, where that is not so simple.

    Args:
        parts: Descriptor of the folder for parts, in which `part` is made.
        folder: Descriptor of the folder that the file goes to. Without one of them nothing is done.

    Raises:
        FileExistsError: Something has the name. The part is whole and waits.
    """
    mode, modified_ns = listed.mode, listed.modified_ns
    if parts is None or folder is None or listed.size >= SMALLEST_RESUMED or not _DATED_BY_DESCRIPTOR:
        return False
    try:
        descriptor = os.open(part, NEW_FLAGS, (mode or 0o666) | OWNERS, dir_fd=parts)
    except OSError:
        return False
    try:
        is_whole = os.write(descriptor, data) == len(data)
        if mode and mode & OWNERS != OWNERS:
            set_mode(descriptor, listed)
        if modified_ns:
            os.utime(descriptor, ns=(modified_ns, modified_ns))
    except (OSError, OverflowError):
        is_whole = False
    finally:
        os.close(descriptor)
    try:
        if is_whole:
            os.link(part, listed.path[-1], src_dir_fd=parts, dst_dir_fd=folder, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:
        is_whole = False
    try:
        os.unlink(part, dir_fd=parts)
    except OSError:
        pass  # Whoever makes the next part finds it.
    return is_whole
