"""Looks at what was dropped, attached or pasted: what of it can be sent, why not the rest, and how much is in folders.

Owns that decision. Must never open a file, nor follow what is no path of this computer. Threads: one of the
connector's, since thousands of files, or a network drive, take long.
"""

import stat
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from urllib.parse import urlsplit

from commonlib.exceptions import ChatError
from tcpipclient.gui.model import DropCounted, DroppedFile, DropRead, DropReading, RefusedItem

REPORT_EVERY = 500
"""Items."""
NO_FOLDER = "folders go only to people whose connection is encrypted: pack it into an archive"
TOO_LARGE = "files of 4 GiB and more go only to people whose connection is encrypted: split it, and send the parts"


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
        if not path.name:
            return "it is a whole disk: drop the folders on it"
        return DroppedFile(path, path.name, 0, is_folder=True, only_in_batch=NO_FOLDER)
    if not stat.S_ISREG(status.st_mode):
        return "it is no ordinary file"
    only_in_batch = TOO_LARGE if status.st_size > LARGEST_FILE else ""
    return DroppedFile(path, path.name, status.st_size, only_in_batch=only_in_batch)


def count_drop(drop: int, paths: Sequence[PurePath], is_wanted: Callable[[], bool]) -> DropCounted | None:
    """Count what is in the folders of a drop; None where nobody wants to know any more."""
    from tcpipclient.source_tree import ScanGivenUpError, scan

    try:
        found = scan([Path(path) for path in paths], links=True, wanted=is_wanted)
    except ScanGivenUpError:
        return None
    except ChatError as error:
        return DropCounted(drop, problem=str(error))
    return DropCounted(
        drop,
        found.totals.files,
        found.totals.folders,
        found.totals.links,
        found.totals.size,
        {entry.name: entry.size for entry in found.top},
        tuple(RefusedItem(problem.path, problem.why) for problem in found.problems),
    )
