"""Receiving files in tests: whole ones in one step, and what a folder holds afterwards.

Owns the shape in which tests see a folder. It must never write by itself. Thread: the test's own, and those it starts.
"""

import os
from datetime import datetime
from pathlib import Path

from tcpipclient.folder import DownloadFolder, Saved, Skipped

OLD = b"what was there"
NEW = b"what arrived"

local = datetime.fromisoformat
"""A naive local time, as a sender's date is."""


def receive(folder: DownloadFolder, name: str, modified: datetime | None = None, data: bytes = NEW) -> Saved | Skipped:
    """Let one file arrive whole."""
    with folder.begin(name, len(data)) as incoming:
        incoming.write(data)
        return incoming.finish(modified)


def contents(folder: Path) -> dict[str, bytes]:
    """Every entry below a folder by its path within, with its bytes; those of a link are what it holds itself."""
    return {
        path.relative_to(folder).as_posix(): os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }
