"""Strangers in the network: those who answer where a client should be, and those who knock where one listens.

Owns their sockets. What they say is for the test to choose. It must never be used by the product. Threads: whoever
answers has one of his own; the rest is the test's.
"""

import contextlib
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.tls_pairs import any_client_context, server_context_of

ANOTHER_LOOPBACK = "::1" if sys.platform == "darwin" else "127.0.0.2"
"""An address of this computer besides 127.0.0.1."""
_WAIT_SECONDS = 10.0


class Answering:
    """Takes connections at a place, one after the other.

    Args:
        name: With whose key it shakes hands; None where it takes TCP connections and is silent.
        gate: Set when it may begin to shake hands; None for at once.

    Attributes:
        port: Where.
    """

    def __init__(
        self, name: str | None, host: str = "127.0.0.1", port: int = 0, gate: threading.Event | None = None
    ) -> None:
        self._name = name
        self._gate = gate
        self._changed = threading.Condition()
        self._connections: list[socket.socket] = []
        self._heard: list[bytes] = []
        self._has_heard = False
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listening = socket.create_server((host, port), family=family)
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

    @property
    def has_connection(self) -> bool:
        """Whether somebody has come."""
        return bool(self._connections)

    def wait_for_words(self) -> bool:
        """Whether somebody has said something within ten seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._has_heard, _WAIT_SECONDS)

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
                    heard = self._read(connection)
                return heard
            if self._gate is not None:
                self._gate.wait(_WAIT_SECONDS)
            with contextlib.suppress(OSError):
                context = server_context_of(self._name)
                inside = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
                with self._changed:
                    self._connections.append(inside)
                with inside:
                    inside.do_handshake()
                    heard = self._read(inside)
        return heard

    def _read(self, connection: socket.socket) -> bytes:
        heard = b""
        with contextlib.suppress(ConnectionError):
            while data := connection.recv(1 << 16):
                heard += data
                with self._changed:
                    self._has_heard = True
                    self._changed.notify_all()
        return heard


@contextmanager
def answering(
    name: str | None, host: str = "127.0.0.1", port: int = 0, gate: threading.Event | None = None
) -> Iterator[Answering]:
    """Somebody who answers for as long as the test needs him."""
    stranger = Answering(name, host, port, gate)
    try:
        yield stranger
    finally:
        stranger.close()


@contextmanager
def swallowing() -> Iterator[int]:
    """A port of this computer where connections are neither taken nor refused: no place is left, on most systems."""
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]


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


def closed_port() -> int:
    """A port of this computer where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
