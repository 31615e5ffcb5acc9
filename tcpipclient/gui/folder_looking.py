"""Looks at a folder into which something is offered to go: how much room there is, and which names are taken.

Owns nothing. Must never make or change anything there. Threads: one of the connector's, since a network drive may take
long.
"""

from collections.abc import Sequence
from pathlib import Path

from tcpipclient.gui.model import FolderLooked
from tcpipclient.net.exchange.disk import maybe_room


def look_at_folder(transfer: int, folder: Path, names: Sequence[str]) -> FolderLooked:
    """What is there; a folder that is not there yet is empty, and has the room of the one that it would be in."""
    there = frozenset(name for name in names if _is_there(folder / name))
    return FolderLooked(transfer, str(folder), maybe_room(folder), there)


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except (OSError, ValueError):
        return False
    return True
