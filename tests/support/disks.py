"""Disks that misbehave on command: one that fills up, one without hard links, one that renames as Windows does.

Owns what stands in for a disk in the tests of received files. It must never reach outside the paths it is given.
Thread: the test's own, and those it starts.
"""

import errno
import io
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pytest

from commonlib.storage import patience
from tcpipclient import placement

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class FillingFile(io.FileIO):
    """A new file on a disk that has room for `room` more bytes and says ENOSPC to what goes beyond."""

    def __init__(self, path: Path, room: int) -> None:
        super().__init__(path, "xb")
        self._room = room

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write what has room, as a disk does; raise OSError when nothing has."""
        if not self._room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = super().write(memoryview(data)[: self._room])
        self._room -= written
        return written


def disk_with_room_for(room: int, buffer_size: int = 16) -> Callable[[Path], BinaryIO]:
    """An `open_new` each of whose files fills the disk after `room` bytes, seen when a small buffer is written out."""
    return lambda path: io.BufferedWriter(FillingFile(path, room), buffer_size)


def take_away_hard_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every disk be one that cannot give a file a second name, as FAT cannot."""

    def refuse(source: Path, target: Path, *, follow_symlinks: bool = True) -> None:
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(target))

    monkeypatch.setattr(os, "link", refuse)


class WindowsMoves:
    """Moves files as Windows does: a rename never replaces, and a file that somebody holds cannot be moved.

    Attributes:
        refusals: How many of the next moves are refused because a virus scanner holds the file.
        held: Files that another program has open for good: nothing can take their place.
        pauses: How long was waited between tries, in seconds; nothing really waits.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.refusals = 0
        self.held: set[Path] = set()
        self.pauses: list[float] = []
        self._rename = os.rename
        self._replace = os.replace
        for module in (placement, patience):
            monkeypatch.setattr(module, "_ON_WINDOWS", True)
        monkeypatch.setattr(time, "sleep", self.pauses.append)
        monkeypatch.setattr(os, "rename", self._rename_as_windows)
        monkeypatch.setattr(os, "replace", self._replace_as_windows)

    def _rename_as_windows(self, source: Path, target: Path) -> None:
        self._maybe_refuse(source)
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
        self._rename(source, target)

    def _replace_as_windows(self, source: Path, target: Path) -> None:
        self._maybe_refuse(source)
        if target in self.held:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
        self._replace(source, target)

    def _maybe_refuse(self, source: Path) -> None:
        if self.refusals:
            self.refusals -= 1
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(source))


def make_link(link: Path, target: Path) -> None:
    """Make a symbolic link; skips the test on a Windows whose user may not."""
    try:
        link.symlink_to(target, target_is_directory=target.is_dir())
    except OSError:
        if os.name != "nt":
            raise
        pytest.skip("this user may not make symbolic links on Windows")
