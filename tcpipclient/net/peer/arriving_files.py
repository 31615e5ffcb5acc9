"""The files whose bytes are coming in pieces, and those that are whole and on their way to the disk itself.

Owns which file is written, and the two threads for what takes long: one writes large files while the next bytes are
received, the other forces them to the disk, so that signs of life go on meanwhile. Must never let two threads touch one
file at the same time. Threads: all methods on the pump's.
"""

from collections import deque
from collections.abc import Callable, Iterator
from functools import partial

from commonlib.transfer.manifest import Listed
from commonlib.transfer.resume import SMALLEST_RESUMED
from tcpipclient.folder import Skipped
from tcpipclient.folder_errors import FolderError
from tcpipclient.net.peer.disk_thread import DiskThread
from tcpipclient.tree import ArrivingFile, DownloadTree


class Arrival:
    """A file whose bytes come in pieces; the large ones are written on a thread of their own."""

    __slots__ = ("_error", "file", "is_large", "listed")

    def __init__(self, listed: Listed, file: ArrivingFile) -> None:
        self.listed = listed
        self.file = file
        self.is_large = listed.size >= SMALLEST_RESUMED
        self._error: FolderError | None = None

    def write(self, data: memoryview) -> None:
        """Write the next bytes, unless something has failed."""
        try:
            if self._error is None:
                self.file.write(data)
        except FolderError as error:
            self._error = error

    def force(self) -> None:
        """Have the disk itself hold them, unless something has failed."""
        try:
            if self._error is None:
                self.file.force()
        except FolderError as error:
            self._error = error

    def check(self) -> None:
        """Raise FolderError where something has failed by now."""
        if self._error is not None:
            raise self._error

    def finish(self) -> str | Skipped:
        """Give the whole file its name; returns it. Raises FolderError."""
        self.check()
        return self.file.finish()


class ArrivingFiles:
    """One file whose bytes are coming, and others that are ending.

    Args:
        wake: Called on another thread when there is something new in `ended`, or has been written that was waited for.
    """

    def __init__(self, tree: DownloadTree, wake: Callable[[], None]) -> None:
        self._tree = tree
        self._wake = wake
        self._arriving: Arrival | None = None
        self._ending: dict[int, Arrival] = {}
        self._forced: deque[Arrival] = deque()
        self._writer = DiskThread("file-writer", wake)
        self._forcer = DiskThread("file-forcer", wake)

    @property
    def writes(self) -> int:
        """How many writes were begun: memory whose bytes are among them is in use until `has_written`."""
        return self._writer.submitted

    def has_written(self, writes: int) -> bool:
        """Whether the first `writes` of them are done; if not, `wake` will be called when they are."""
        return self._writer.has_done(writes)

    def begin(self, listed: Listed, offset: int) -> None:
        """Bytes of this file follow from `offset` on. Raises FolderError."""
        self._stop_arriving()
        self._arriving = Arrival(listed, self._tree.begin(listed, offset))

    def write(self, data: memoryview) -> None:
        """The next bytes of the file that has begun. Raises FolderError, maybe for those that came before."""
        arriving = self._arriving
        if arriving is None:
            return
        if arriving.is_large:
            self._writer.submit(partial(arriving.write, data))
        else:
            arriving.write(data)
        arriving.check()

    def end(self) -> None:
        """All bytes of the file have come: it will be one of `ended`."""
        arriving, self._arriving = self._arriving, None
        if arriving is None:
            return
        if arriving.is_large:
            self._ending[arriving.listed.number] = arriving
            self._writer.submit(lambda: self._forcer.submit(partial(self._force, arriving)))
        else:
            self._forced.append(arriving)

    def ended(self) -> Iterator[Arrival]:
        """The files that are ready to be finished, each once."""
        while self._forced:
            arrival = self._forced.popleft()
            self._ending.pop(arrival.listed.number, None)
            yield arrival

    def stop(self, entry: int) -> None:
        """No more bytes of this entry will come; its part stays for another time."""
        if self._arriving is not None and self._arriving.listed.number == entry:
            self._stop_arriving()

    def drain(self) -> None:
        """Wait until all is written that came."""
        self._writer.drain()
        self._forcer.drain()

    def close(self) -> None:
        """Let go of all files; parts stay."""
        self._writer.close()
        self._forcer.close()
        self._stop_arriving()
        for arrival in (*self._ending.values(), *self._forced):
            arrival.file.keep()

    def _stop_arriving(self) -> None:
        if self._arriving is not None:
            self._writer.drain()
            self._arriving.file.keep()
            self._arriving = None

    def _force(self, arrival: Arrival) -> None:
        """On the forcer's thread: have the disk hold a whole file, for however long that takes."""
        arrival.force()
        self._forced.append(arrival)
        self._wake()
