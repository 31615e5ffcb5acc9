"""Somebody on the network between clients and a hub who writes down all that passes, and changes nothing.

Owns a listening socket, and the threads that carry bytes between each pair of connections. It must never answer by
itself. Threads: one that accepts, and two for each connection; the test's own looks at `heard` when they have ended.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

_READ_SIZE = 65536


class Wiretap:
    """Listens on a free port of the loopback address in place of a hub.

    Attributes:
        port: Where clients connect.
    """

    def __init__(self, hub_port: int) -> None:
        self._hub_port = hub_port
        self._lock = threading.Lock()
        self._streams: list[bytearray] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._start(self._accept)

    def heard(self) -> list[bytes]:
        """What has passed, one entry for each direction of each connection, that to the hub first."""
        with self._lock:
            return [bytes(stream) for stream in self._streams]

    def close(self) -> None:
        """Accept nobody any more, and wait until all connections have ended."""
        try:
            # Closing alone would wake nobody who accepts.
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # Some systems say that nobody is connected to a listener.
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            hub = socket.create_connection(("127.0.0.1", self._hub_port))
            pair = (client, hub)
            both_ended = threading.Barrier(2, action=partial(_close, *pair))
            for source, target in (pair, pair[::-1]):
                stream = bytearray()
                with self._lock:
                    self._streams.append(stream)
                self._start(partial(self._carry, source, target, stream, both_ended))

    def _carry(self, source: socket.socket, target: socket.socket, stream: bytearray, ended: threading.Barrier) -> None:
        try:
            while data := source.recv(_READ_SIZE):
                with self._lock:
                    stream += data
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            for end in (source, target):
                _cut(end)
        ended.wait()

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name="wiretap")
        self._threads.append(thread)
        thread.start()


def _close(*ends: socket.socket) -> None:
    for end in ends:
        end.close()


def _cut(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # It has ended.


@contextmanager
def wiretap(hub_port: int) -> Iterator[Wiretap]:
    """Listen in on a hub until the block ends, and all who connected by then have left."""
    tap = Wiretap(hub_port)
    try:
        yield tap
    finally:
        tap.close()
