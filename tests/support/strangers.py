"""Strangers in the network: those who answer where a client should be, and those who knock where one listens.

Owns their sockets. What they say is for the test to choose. It must never be used by the product. Threads: whoever
answers has one of his own; the rest is the test's.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.tls_pairs import any_client_context, server_context_of

_WAIT_SECONDS = 10.0


class Answering:
    """Takes connections at a place, one after the other.

    Args:
        name: With whose key it shakes hands; None where it takes TCP connections and is silent.

    Attributes:
        port: Where.
    """

    def __init__(self, name: str | None, host: str = "127.0.0.1", port: int = 0) -> None:
        self._name = name
        self._changed = threading.Condition()
        self._connections: list[socket.socket] = []
        self._heard: list[bytes] = []
        self._ended = 0
        self._listening = socket.create_server((host, port))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._work, name="stranger")
        self._thread.start()

    def close(self) -> None:
        """End it, and all connections."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._changed:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)
        self._thread.join()

    def wait_for_connection(self) -> bool:
        """Whether somebody has come within ten seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: bool(self._connections), _WAIT_SECONDS)

    def heard(self) -> bytes:
        """All that the first one has said inside TLS, or without it, until he closed the connection."""
        with self._changed:
            assert self._changed.wait_for(lambda: bool(self._heard), _WAIT_SECONDS), "it was not closed"
            return self._heard[0]

    def _work(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with self._changed:
                self._connections.append(connection)
                self._changed.notify_all()
            heard = self._hear(connection)
            with self._changed:
                self._heard.append(heard)
                self._changed.notify_all()

    def _hear(self, connection: socket.socket) -> bytes:
        heard = b""
        with connection:
            connection.settimeout(_WAIT_SECONDS)
            if self._name is None:
                with contextlib.suppress(OSError):
                    while data := connection.recv(1 << 16):
                        heard += data
                return heard
            with contextlib.suppress(OSError):
                inside = server_context_of(self._name).wrap_socket(connection, server_side=True)
                with self._changed:
                    self._connections.append(inside)
                with inside:
                    while data := inside.recv(1 << 16):
                        heard += data
        return heard


@contextmanager
def answering(name: str | None, host: str = "127.0.0.1", port: int = 0) -> Iterator[Answering]:
    """Somebody who answers for as long as the test needs him."""
    stranger = Answering(name, host, port)
    try:
        yield stranger
    finally:
        stranger.close()


@contextmanager
def knocking(port: int, host: str = "127.0.0.1") -> Iterator[ssl.SSLSocket]:
    """A connection with TLS to where somebody listens."""
    with any_client_context().wrap_socket(socket.create_connection((host, port), _WAIT_SECONDS)) as inside:
        yield inside


def is_closed_by_other(connection: socket.socket) -> bool:
    """Whether the other end closes a connection, without a word."""
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


def drain(connection: socket.socket) -> None:
    """Read until the other end has closed a connection, whatever it says before: TLS may tell what is wrong."""
    with contextlib.suppress(ConnectionError):
        while connection.recv(1 << 16):
            pass
