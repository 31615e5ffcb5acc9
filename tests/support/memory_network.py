"""A network in memory: connections whose other end the test holds.

Owns what a connection does when it is full, finished, cut off or refused. It must never do what a TCP connection would
not. Threads: any; whoever waits does so for at most SECONDS, after which the test has failed.
"""

import queue
import threading

SECONDS = 10.0
READ_SIZE = 256 * 1024
CAPACITY = 1024 * 1024


class Pipe:
    """One direction of a connection."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._changed = threading.Condition()
        self._bytes = bytearray()
        self._finished = False
        self._broken = False

    def write(self, data: bytes) -> None:
        """Wait until all of it is taken in. Raises BrokenPipeError when nobody will read it."""
        rest = memoryview(data)
        with self._changed:
            while rest:
                self._changed.wait_for(lambda: self._broken or self._finished or len(self._bytes) < self._capacity)
                if self._broken or self._finished:
                    raise BrokenPipeError(32, "Broken pipe")
                room = self._capacity - len(self._bytes)
                self._bytes += rest[:room]
                rest = rest[room:]
                self._changed.notify_all()

    def read(self, limit: int, timeout: float | None = None) -> bytes:
        """Wait for bytes; none at the end. Raises ConnectionResetError when cut off, TimeoutError after `timeout`."""
        with self._changed:
            ready = self._changed.wait_for(lambda: self._bytes or self._finished or self._broken, timeout)
            if self._broken:
                raise ConnectionResetError(104, "Connection reset by peer")
            if not ready:
                raise TimeoutError("nothing came")
            data = bytes(self._bytes[:limit])
            del self._bytes[:limit]
            self._changed.notify_all()
            return data

    def finish(self) -> None:
        """Nothing more is written; what was written is still read."""
        with self._changed:
            self._finished = True
            self._changed.notify_all()

    def cut(self) -> None:
        """Nothing is read or written any more."""
        with self._changed:
            self._broken = True
            self._changed.notify_all()

    @property
    def waiting(self) -> int:
        """Bytes that were written and not read."""
        return len(self._bytes)


class MemoryTransport:
    """One end of a connection; stands in for a client's `SocketTransport`."""

    def __init__(self, coming: Pipe, going: Pipe) -> None:
        self.coming = coming
        self.going = going
        self.closed = threading.Event()

    def receive(self, timeout: float | None = None) -> bytes:
        """As Transport."""
        return self.coming.read(READ_SIZE, timeout)

    def send(self, data: bytes) -> None:
        """As Transport."""
        self.going.write(data)

    def finish_sending(self) -> None:
        """As Transport."""
        self.going.finish()

    def peer_address(self) -> None:
        """As Transport."""

    def abort(self) -> None:
        """As Transport: like a socket's, its own end sees an orderly end, and so does the other."""
        self.coming.finish()
        self.going.finish()

    def close(self) -> None:
        """As Transport."""
        self.abort()
        self.closed.set()

    def cut(self) -> None:
        """The network between the two ends is gone: both see a reset."""
        self.coming.cut()
        self.going.cut()


class MemoryNetwork:
    """Hands the other end of each connection to the test."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._arrived: queue.SimpleQueue[MemoryTransport] = queue.SimpleQueue()

    def connect(self, host: str, port: int, timeout: float) -> MemoryTransport:
        """Stands in for a client's `connect_socket`; every host and port is there."""
        there, back = Pipe(self._capacity), Pipe(self._capacity)
        self._arrived.put(MemoryTransport(there, back))
        return MemoryTransport(back, there)

    def accept(self) -> MemoryTransport:
        """The other end of the next connection that is made."""
        return self._arrived.get(timeout=SECONDS)
