"""What is in a folder already, held against an entry that is to come there.

Owns under which names an entry may be found, and when what was found is the entry itself. Must never change anything,
nor read a file. Blocks on the disk. Thread: its caller's.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from commonlib.safename import LARGEST_NUMBER, numbered_name
from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import EntryKind
from commonlib.transfer.resume import Found, is_same_time
from tcpipclient.tree_folders import TreeFolder


def candidates(name: str) -> Iterator[str]:
    """The name, and those that are taken when it is."""
    yield name
    for number in range(2, LARGEST_NUMBER + 1):
        yield numbered_name(name, number)


def kind_of(found: os.stat_result) -> Found:
    """What was found, links not followed."""
    if stat.S_ISREG(found.st_mode):
        return Found.FILE
    return Found.FOLDER if stat.S_ISDIR(found.st_mode) else Found.OTHER


def is_beside(folder: TreeFolder, listed: Listed) -> bool:
    """Whether an earlier run has saved this very file or link, maybe under a further name as its own was taken.

    Raises OSError.
    """
    for name in candidates(listed.path[-1]):
        found = folder.maybe_lstat(name)
        if found is None:
            return False
        if _is_same(folder, name, found, listed):
            return True
    return False


def _is_same(folder: TreeFolder, name: str, found: os.stat_result, listed: Listed) -> bool:
    """Whether what was found is the entry itself, as far as can be told without reading it."""
    if listed.kind is EntryKind.LINK:
        return stat.S_ISLNK(found.st_mode) and Path(folder.read_link(name)).as_posix() == listed.target
    is_file = stat.S_ISREG(found.st_mode) and found.st_size == listed.size
    return is_file and is_same_time(listed.modified_ns, found.st_mtime_ns)
