"""Whole messages over a Unix socket or a named pipe, each with a bound and a deadline.

Owns the framing of the socket: four bytes of length, little-endian, then the message. Must never unpickle, nor keep
more than a message may have. A channel belongs to one thread; `abort` may be called by any.
"""

import socket
import struct
import time
from typing import TYPE_CHECKING, Protocol

from commonlib.exceptions import ChatError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_LENGTH = struct.Struct("<I")
_READ_SIZE = 65_536
_POLL_SECONDS = 0.1


class ChannelError(ChatError):
    """The other side has gone, or does not keep to the form."""

    def __str__(self) -> str:
        return "The connection to the hub ended before its answer: see the hub's log, and try again."


class ChannelTimedOutError(ChannelError):
    """The other side took too long."""

    def __str__(self) -> str:
        return "The hub does not answer in time: try again, or give it longer with --timeout."


class Channel(Protocol):
    """One connection. A deadline is monotonic seconds."""

    def receive(self, largest: int, deadline: float) -> bytes:
        """The next message, of so many bytes at most. Raises ChannelError."""

    def send(self, message: bytes, deadline: float) -> None:
        """Send one. Raises ChannelError."""

    def abort(self) -> None:
        """Have whoever waits for it give up at once. Any thread."""

    def close(self) -> None:
        """Let go of it."""


class SocketChannel:
    """A channel over a connected stream socket, which it owns."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    def receive(self, largest: int, deadline: float) -> bytes:
        """The next message. Raises ChannelError."""
        (length,) = _LENGTH.unpack(self._receive_exactly(_LENGTH.size, deadline))
        if length > largest:
            raise ChannelError
        return self._receive_exactly(length, deadline)

    def send(self, message: bytes, deadline: float) -> None:
        """Send one. Raises ChannelError."""
        try:
            self._socket.settimeout(_left(deadline))
            self._socket.sendall(_LENGTH.pack(len(message)) + message)
        except TimeoutError:
            raise ChannelTimedOutError from None
        except OSError:
            raise ChannelError from None

    def abort(self) -> None:
        """Have whoever waits for it give up at once."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # The other side was faster.

    def close(self) -> None:
        """Let go of it."""
        self._socket.close()

    def _receive_exactly(self, size: int, deadline: float) -> bytes:
        received = bytearray()
        while len(received) < size:
            try:
                self._socket.settimeout(_left(deadline))
                chunk = self._socket.recv(min(size - len(received), _READ_SIZE))
            except TimeoutError:
                raise ChannelTimedOutError from None
            except OSError:
                raise ChannelError from None
            if not chunk:
                raise ChannelError
            received += chunk
        return bytes(received)


class PipeChannel:
    """A channel over a connection of multiprocessing, which it owns: on Windows a named pipe, whose messages are whole.

    Over anything else it works too, but half a message is waited for without a deadline. Nor has sending one: it waits
    until the other side reads or goes.
    """

    def __init__(self, connected: "Connection") -> None:
        self._connected = connected
        self._is_aborted = False

    def receive(self, largest: int, deadline: float) -> bytes:
        """The next message. Raises ChannelError."""
        try:
            # In short steps: nothing that another thread does to a pipe ends the waiting for it.
            while not self._connected.poll(min(_left(deadline), _POLL_SECONDS)):
                if self._is_aborted:
                    raise ChannelError
            return self._connected.recv_bytes(largest)
        except TimeoutError:
            raise ChannelTimedOutError from None
        except (OSError, EOFError):
            raise ChannelError from None

    def send(self, message: bytes, deadline: float) -> None:
        """Send one. Raises ChannelError."""
        try:
            _left(deadline)
            self._connected.send_bytes(message)
        except TimeoutError:
            raise ChannelTimedOutError from None
        except OSError:
            raise ChannelError from None

    def abort(self) -> None:
        """Have whoever waits for it give up soon."""
        self._is_aborted = True

    def close(self) -> None:
        """Let go of it."""
        self._connected.close()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
