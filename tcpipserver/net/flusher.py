"""The flusher thread: sends what sockets did not take at once, as soon as they take it, and closes them in the end.

Owns the selector for writing, and the closing of every registered socket. Must never decide what is sent. Other threads
hand it work through `watch` and `retire`; all else runs on the flusher's thread.
"""

import selectors
from collections import deque
from collections.abc import Callable

from tcpipserver.net.connection import Connection
from tcpipserver.net.selectorloop import SelectorLoop

LOW_MARK_BYTES = 512 << 10
"""Whoever was held back because of a full outbox goes on when no more than this waits in it."""


class Flusher:
    """Sends until it is stopped."""

    def __init__(self, name: str, drained: Callable[[Connection], None], failed: Callable[[str], None]) -> None:
        self._drained = drained
        self._watched: set[Connection] = set()
        self._asked: deque[tuple[Connection, bool]] = deque()
        self._loop = SelectorLoop(name, self._flush, self._take_asked, failed)

    def start(self) -> None:
        """Start the thread."""
        self._loop.start()

    def stop(self, timeout: float) -> bool:
        """End the thread once it has done what it was asked; whether it ended in time."""
        return self._loop.stop(timeout)

    def watch(self, connection: Connection) -> None:
        """Send what waits for a connection. Any thread."""
        self._asked.append((connection, False))
        self._loop.wake()

    def retire(self, connection: Connection) -> None:
        """Close a connection's socket: nobody reads or sends on it any more. Any thread."""
        self._asked.append((connection, True))
        self._loop.wake()

    def _take_asked(self) -> None:
        while self._asked:
            connection, is_to_close = self._asked.popleft()
            if is_to_close:
                self._unwatch(connection)
                connection.close()
            elif connection not in self._watched and connection.socket.fileno() >= 0:
                self._watched.add(connection)
                self._loop.register(connection.socket, selectors.EVENT_WRITE, connection)

    def _flush(self, connection: Connection) -> None:
        is_empty = connection.outbox.flush()
        if is_empty:
            self._unwatch(connection)
        if connection.is_waited_for and connection.outbox.waiting <= LOW_MARK_BYTES:
            connection.is_waited_for = False
            self._drained(connection)

    def _unwatch(self, connection: Connection) -> None:
        if connection in self._watched:
            self._watched.discard(connection)
            self._loop.unregister(connection.socket)
