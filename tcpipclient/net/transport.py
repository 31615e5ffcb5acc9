"""The way to a hub: a TCP connection, in a form that a test can stand in for.

Owns the client's socket and the translation of what the system says when there is no way. Must never look at what
passes. Threads: `receive` is the reader's, `send` and `finish_sending` are the writer's, `close` is the dispatcher's,
`abort` is anybody's; before there are such threads all are the connecting one's.
"""

import socket
import sys
from collections.abc import Callable
from typing import Protocol

from tcpipclient.core.exceptions import ConnectError, ConnectTimedOutError, RefusedError, UnknownHostError

READ_SIZE = 256 * 1024


class Transport(Protocol):
    """A connection that stands."""

    def receive(self, timeout: float | None = None) -> bytes:
        """Wait for what comes next, up to READ_SIZE bytes; nothing means the end.

        Raises:
            TimeoutError: Nothing came within `timeout` seconds.
            OSError: The connection is broken.
        """
        ...

    def send(self, data: bytes) -> None:
        """Wait until all of it is taken; nothing to send is no harm. Raises OSError."""
        ...

    def finish_sending(self) -> None:
        """Tell the other side that nothing more comes; what it sends still arrives. Never raises."""
        ...

    def peer_address(self) -> tuple[str, int] | None:
        """The other side's IP address and port; None where there is none to tell."""
        ...

    def abort(self) -> None:
        """End both directions, so that whoever waits in `receive` or `send` returns. Never raises."""
        ...

    def close(self) -> None:
        """Give the connection back to the system; the last call, when nobody waits in another. Never raises."""
        ...


Connect = Callable[[str, int, float], Transport]
"""Host, port, seconds; raises a ConnectError."""


class SocketTransport:
    """A TCP connection."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        connected.settimeout(None)
        host, port, *_ = connected.getpeername()
        self._peer = (str(host), int(port))
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def receive(self, timeout: float | None = None) -> bytes:
        """As Transport; with a timeout only while nobody sends."""
        if timeout is None:
            return self._socket.recv(READ_SIZE)
        self._socket.settimeout(timeout)
        try:
            return self._socket.recv(READ_SIZE)
        finally:
            self._socket.settimeout(None)

    def send(self, data: bytes) -> None:
        """As Transport."""
        self._socket.sendall(data)

    def finish_sending(self) -> None:
        """As Transport."""
        self._shut_down(socket.SHUT_WR)

    def peer_address(self) -> tuple[str, int] | None:
        """As Transport."""
        return self._peer

    def abort(self) -> None:
        """As Transport."""
        self._shut_down(socket.SHUT_RDWR)
        if sys.platform == "win32":
            # There, shutting down wakes nobody whose other side is dead; closing does. Elsewhere it would not, and the
            # descriptor's number could be another file's by the time the reader comes back.
            self._socket.close()

    def close(self) -> None:
        """As Transport."""
        self._socket.close()

    def _shut_down(self, how: int) -> None:
        try:
            self._socket.shutdown(how)
        except OSError:
            pass  # The other side has ended it already, which is what was wanted.


def connect_socket(host: str, port: int, timeout: float) -> Transport:
    """Connect by TCP to the first of the host's addresses that answers, each given `timeout` seconds.

    Raises:
        UnknownHostError, RefusedError, ConnectTimedOutError: As they say.
        ConnectError: Whatever else the system said.
    """
    try:
        return SocketTransport(socket.create_connection((_as_resolved(host), port), timeout))
    except (socket.gaierror, UnicodeError):
        # A name that is no name at all (an empty or overlong part) is a UnicodeError.
        raise UnknownHostError(host, port) from None
    except ConnectionRefusedError:
        raise RefusedError(host, port) from None
    except TimeoutError:
        raise ConnectTimedOutError(host, port) from None
    except OSError as error:
        raise ConnectError(host, port, error.strerror or str(error)) from None


def _as_resolved(host: str) -> str:
    """The host in the form in which the system looks it up: as bytes it is not encoded, for which much is loaded."""
    return host.encode("ascii") if host.isascii() else host  # type: ignore[return-value]
