"""The one place that opens what is sent and reads its bytes.

Owns the file that is being read and the folders on the way to it. Must never follow a link, wait for a pipe, or give
bytes of a file that is not the one that was listed: its size and date are looked at before and after.
Blocks on the disk. A SourceReader belongs to one thread at a time.
"""

import errno
import io
import os
from pathlib import Path

from commonlib.transfer.events import Source
from commonlib.transfer.messages import Entry, EntryKind
from tcpipclient.source_folders import Origin, SourceFolder, kind_of, modified_of, open_named_file

_CLOSED = -1
_CHANGED = "it has changed while it was being sent"
_WHYS = {
    errno.ENOENT: "it is not there any more",
    errno.ENOTDIR: "the folder that it was in is not there any more",
    errno.ELOOP: "it is a link by now",
    errno.EACCES: "its sender may not read it",
    errno.EPERM: "its sender may not read it",
    errno.EMFILE: "its sender has too many files open",
}


class UnreadableSourceError(Exception):
    """A file that was listed cannot be read; its text follows "because"."""


class SourceReader:
    """Reads entries that a walk has found; keeps what it read last open until something else is read."""

    def __init__(self) -> None:
        self._way: list[SourceFolder] = []
        self._source: Source | None = None
        self._descriptor = _CLOSED
        self._position = 0

    def read(self, source: Source, offset: int, into: memoryview) -> int:
        """Read as many bytes as fit from `offset` on, at least one; they are to be sent only when nothing is raised.

        Raises:
            UnreadableSourceError: It cannot be read, or is not what was listed any more.
        """
        entry = source.entry
        try:
            if source is not self._source:
                if not offset and entry.size == len(into):
                    return self._read_whole(source, into)
                self._begin(source)
            if offset != self._position:
                os.lseek(self._descriptor, offset, os.SEEK_SET)
            size = _read_into(self._descriptor, into)
            self._position = offset + size
            if not size or self._position == entry.size:
                self._require_same(source)
                self._end()
        except OSError as error:
            self._end()
            raise UnreadableSourceError(_why(error)) from None
        if not size:
            raise UnreadableSourceError(_CHANGED)
        return size

    def close(self) -> None:
        """Let go of everything; another read opens again what it needs."""
        self._end()
        self._leave(0)

    def _read_whole(self, source: Source, into: memoryview) -> int:
        """A small file, which is not kept open: there are thousands of them, and each step counts."""
        if self._source is not None:
            self._end()
        descriptor = self._opened(source)
        try:
            size = _read_into(descriptor, into)
            found = os.fstat(descriptor)
        finally:
            os.close(descriptor)
        if not size or not _is_same(found, source.entry):
            raise UnreadableSourceError(_CHANGED)
        return size

    def _begin(self, source: Source) -> None:
        self._end()
        self._descriptor = self._opened(source)
        self._source = source
        self._position = 0
        self._require_same(source)

    def _opened(self, source: Source) -> int:
        """A file as a descriptor, and the folders on the way to it open."""
        folder, name, _ = origin = source.origin if isinstance(source.origin, Origin) else Origin(None, "")
        if folder is None:
            return open_named_file(Path(origin.name))
        if not self._way or self._way[-1] is not folder:
            self._enter(folder)
        return folder.open_file(name)

    def _require_same(self, source: Source) -> None:
        if not _is_same(os.fstat(self._descriptor), source.entry):
            self._end()
            raise UnreadableSourceError(_CHANGED)

    def _end(self) -> None:
        if self._descriptor != _CLOSED:
            os.close(self._descriptor)
            self._descriptor = _CLOSED
        self._source = None

    def _enter(self, folder: SourceFolder) -> None:
        """Open the folders down to this one; those that are on the way to the last one as well stay open."""
        wanted: list[SourceFolder] = []
        above: SourceFolder | None = folder
        while above is not None:
            wanted.append(above)
            above = above.origin.folder
        wanted.reverse()
        common = 0
        for ours, theirs in zip(self._way, wanted, strict=False):
            if ours is not theirs:
                break
            common += 1
        self._leave(common)
        for following in wanted[common:]:
            following.open()
            self._way.append(following)

    def _leave(self, kept: int) -> None:
        while len(self._way) > kept:
            self._way.pop().close()


def _is_same(found: os.stat_result, entry: Entry) -> bool:
    """Whether an open file is the one that was listed, as it was then."""
    is_same_size = found.st_size == entry.size and kind_of(found) is EntryKind.FILE
    return is_same_size and modified_of(found) == entry.modified_ns


if hasattr(os, "readv"):

    def _read_into(descriptor: int, into: memoryview) -> int:
        return os.readv(descriptor, [into])

else:

    def _read_into(descriptor: int, into: memoryview) -> int:
        with io.FileIO(descriptor, closefd=False) as file:
            return file.readinto(into) or 0


def _why(error: OSError) -> str:
    return _WHYS.get(error.errno or 0, f"it could not be read: {error.strerror or error}")
