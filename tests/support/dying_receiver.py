"""A program that receives two files and is killed behind so many steps: its arguments are a folder and a number.

Owns the steps, which are all that it asks of the disk from its first look on. It must never tidy up behind itself: the
system ends it between two calls, as it does when it is killed. Thread: the program's own.
"""

import os
import sys
from pathlib import Path

from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import EntryKind
from commonlib.transfer.resume import SMALLEST_RESUMED, Choices
from tcpipclient.tree import DownloadTree

SENDER = bytes(range(32))
KILLED = 9
CONTENT = {"large": b"L" * SMALLEST_RESUMED, "small": b"small"}
CONTENT_TIME = 5
"""Unix seconds: parts that are whole have it already, and are too old to be kept then."""
_OF_DISKS = frozenset(
    ("open", "os.mkdir", "os.scandir", "os.link", "os.remove", "os.rename", "os.rmdir", "os.truncate", "os.utime")
)


def receive(folder: Path, sender: bytes = SENDER) -> None:
    """All of it, as far as it is not there."""
    tree = DownloadTree(folder, sender, Choices())
    for number, (name, data) in enumerate(CONTENT.items()):
        listed = Listed(number, 0, (name,), EntryKind.FILE, len(data), CONTENT_TIME * 10**9, 0, name)
        if tree.look(listed).saved_before:
            continue
        if len(data) < SMALLEST_RESUMED:
            tree.save(listed, data)
        else:
            arriving = tree.begin(listed, 0)
            arriving.write(data)
            arriving.finish()
    tree.close()


def _die_after(steps: int) -> None:
    """Be killed before the call behind so many."""
    taken = 0

    def count(event: str, _: object) -> None:
        nonlocal taken
        if event in _OF_DISKS:
            taken += 1
            if taken > steps:
                os._exit(KILLED)

    sys.addaudithook(count)


if __name__ == "__main__":
    _die_after(int(sys.argv[2]))
    receive(Path(sys.argv[1]))
