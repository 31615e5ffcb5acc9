"""Looks at what was dropped, attached or pasted: which of it are files that can be sent, and why not the rest.

Owns that decision. Must never open a file, nor follow what is no path of this computer. Threads: one of the
connector's, since thousands of files, or a network drive, take long.
"""

import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from tcpipclient.gui.model import DroppedFile, DropRead, DropReading, RefusedItem

REPORT_EVERY = 500
"""Items."""


def read_drop(
    drop: int, items: Sequence[str], report: Callable[[DropReading], None], is_wanted: Callable[[], bool]
) -> DropRead | None:
    """Look at the items, in their order and each once; None where the drop is not wanted any more."""
    files: list[DroppedFile] = []
    refused: list[RefusedItem] = []
    for done, item in enumerate(dict.fromkeys(items)):
        if done and done % REPORT_EVERY == 0:
            if not is_wanted():
                return None
            report(DropReading(drop, done, len(items)))
        found = _look_at(item)
        if isinstance(found, DroppedFile):
            files.append(found)
        else:
            refused.append(RefusedItem(item, found))
    return DropRead(drop, tuple(files), tuple(refused))


def _look_at(item: str) -> DroppedFile | str:
    """The file, or why it is none that can be sent."""
    from commonlib.classic.file_sending import LARGEST_FILE  # Late: the window is drawn before the wire is loaded.

    scheme = urlsplit(item[:100]).scheme if "://" in item[:100] else ""
    if scheme:
        return "this is an address, not a file: save it first, and drop the saved file"
    path = Path(item)
    if not path.is_absolute():
        return "this is no path of a file on this computer"
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "the path cannot be used"
        return f"it cannot be read ({reason})"
    if stat.S_ISDIR(status.st_mode):
        return "folders cannot be sent yet: drop the files in it, or pack it into an archive"
    if not stat.S_ISREG(status.st_mode):
        return "it is no ordinary file"
    if status.st_size > LARGEST_FILE:
        return "files of 4 GiB and more cannot be sent over this connection: split it, and send the parts"
    return DroppedFile(path, path.name, status.st_size)
