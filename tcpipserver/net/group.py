"""Readers and flushers, as many pairs as the system's selector makes necessary.

Owns which pair cares for which connection. Must never move a connection from one pair to another. The methods say who
calls them; the service's thread calls the rest.
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue

from tcpipserver.net.connection import Connection
from tcpipserver.net.descriptors import SOCKETS_PER_GROUP
from tcpipserver.net.flusher import Flusher
from tcpipserver.net.normalizer import Chunk
from tcpipserver.net.reader import Reader


class SocketGroup:
    """One reader and one flusher, who care for a number of connections.

    Attributes:
        size: How many connections have a place here.
    """

    def __init__(self, reader: Reader, flusher: Flusher) -> None:
        self.reader = reader
        self.flusher = flusher
        self.size = 0
        self._lock = threading.Lock()

    def maybe_place(self, most: int | None) -> bool:
        """Give one more connection a place if there are fewer than `most`; whether there were. Any thread."""
        with self._lock:
            if most is not None and self.size >= most:
                return False
            self.size += 1
            return True

    def resume(self, connection: Connection) -> None:
        """Read a connection again that was held back. Any thread."""
        self.reader.resume(connection)

    def watch(self, connection: Connection) -> None:
        """Send what waits for a connection. Any thread."""
        self.flusher.watch(connection)

    def retire(self, connection: Connection) -> None:
        """A connection has ended: close its socket, and give its place to another. Any thread."""
        self.flusher.retire(connection)
        with self._lock:
            self.size -= 1


class SocketGroups:
    """All groups; a new one is started when the others are full."""

    def __init__(
        self,
        raw: "SimpleQueue[Chunk | None]",
        drained: Callable[[Connection], None],
        failed: Callable[[str], None],
        sockets_per_group: int | None = SOCKETS_PER_GROUP,
    ) -> None:
        self._raw = raw
        self._drained = drained
        self._failed = failed
        self._sockets_per_group = sockets_per_group
        self._groups: list[SocketGroup] = []
        self._lock = threading.Lock()

    def place(self) -> SocketGroup:
        """The group for one more connection. Any thread."""
        with self._lock:
            for group in self._groups:
                if group.maybe_place(self._sockets_per_group):
                    return group
            group = self._start_group_locked()
            group.maybe_place(self._sockets_per_group)
            return group

    def stop_readers(self, timeout: float) -> bool:
        """End all reader threads; whether they ended in time."""
        return all(tuple(group.reader.stop(timeout) for group in self._groups))

    def stop_flushers(self, timeout: float) -> bool:
        """End all flusher threads; whether they ended in time."""
        return all(tuple(group.flusher.stop(timeout) for group in self._groups))

    def _start_group_locked(self) -> SocketGroup:
        number = len(self._groups) + 1
        group = SocketGroup(
            Reader(f"reader-{number}", self._raw, self._failed),
            Flusher(f"flusher-{number}", self._drained, self._failed),
        )
        group.reader.start()
        group.flusher.start()
        self._groups.append(group)
        return group
