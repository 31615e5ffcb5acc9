"""The reader thread: reads every registered socket of its group and puts what came into the raw queue.

Owns the selector for reading, and which connections are held back. Must never block on a queue, look at a byte, or
close a socket. Other threads hand it work through `add` and `resume`; all else runs on the reader's thread.
"""

import selectors
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue

from tcpipserver.net.connection import Connection
from tcpipserver.net.normalizer import Chunk
from tcpipserver.net.selectorloop import SelectorLoop

_ENDED_BY_PEER = "it closed the connection"
_ENDED_BY_US = "the hub closed the connection"


class Reader:
    """Reads until it is stopped."""

    def __init__(self, name: str, raw: "SimpleQueue[Chunk | None]", failed: Callable[[str], None]) -> None:
        self._raw = raw
        self._asked: deque[Connection] = deque()
        self._reading: set[Connection] = set()
        self._loop = SelectorLoop(name, self._read, self._take_asked, failed)

    def start(self) -> None:
        """Start the thread."""
        self._loop.start()

    def stop(self, timeout: float) -> bool:
        """End the thread; whether it ended in time. The sockets stay open."""
        return self._loop.stop(timeout)

    def add(self, connection: Connection) -> None:
        """Read a newly registered connection. Any thread."""
        connection.is_held_back = True
        self.resume(connection)

    def resume(self, connection: Connection) -> None:
        """Read a connection again that was held back, or let go of one that was aborted; else nothing. Any thread."""
        self._asked.append(connection)
        self._loop.wake()

    def is_reading(self, connection: Connection) -> bool:
        """Whether a connection is in the selector."""
        return connection in self._reading

    def _take_asked(self) -> None:
        while self._asked:
            connection = self._asked.popleft()
            if connection.is_held_back:
                connection.is_held_back = False
                self._reading.add(connection)
                self._loop.register(connection.socket, selectors.EVENT_READ, connection)
            # Not asked of the socket: it may be closed by now, and its number another one's.
            if connection.is_aborted and connection in self._reading:
                self._let_go(connection, _ENDED_BY_US)

    def _read(self, connection: Connection) -> None:
        credit = connection.credit
        try:
            data = connection.socket.recv(credit.next_read)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._let_go(connection, error.strerror or "the connection broke")
            return
        if not data:
            self._let_go(connection, _ENDED_BY_PEER)
            return
        credit.add_read(len(data))
        self._raw.put(Chunk(connection, data))
        if credit.is_used_up:
            self._hold_back(connection)

    def _hold_back(self, connection: Connection) -> None:
        """Take it out of the selector. The dispatcher may have restored its credit before it could see the mark."""
        self._stop_reading(connection)
        connection.is_held_back = True
        connection.was_held_back = True
        if connection.credit.is_restored:
            self.resume(connection)

    def _let_go(self, connection: Connection, reason: str) -> None:
        self._stop_reading(connection)
        self._raw.put(Chunk(connection, b"", reason))

    def _stop_reading(self, connection: Connection) -> None:
        self._reading.discard(connection)
        self._loop.unregister(connection.socket)
