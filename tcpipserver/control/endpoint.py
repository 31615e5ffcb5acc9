"""Where callers come in, and the way there: a Unix socket for its owner alone, on Windows a named pipe.

Owns the listening end, and connecting to it. Must never listen where others may connect, nor leave its socket behind.
`accept` is called by the listening thread, `wake` by any, `connect` by a command's.
"""

import os
import secrets
import selectors
import socket
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from tcpipserver.control.channel import Channel, ChannelTimedOutError, PipeChannel, SocketChannel
from tcpipserver.net.waker import Waker

_BACKLOG = 64
_OWNER_ONLY = 0o600
_SECONDS_BETWEEN_TRIES = 0.02
_PIPES = "\\\\.\\pipe\\"


class Endpoint(Protocol):
    """Where callers come in."""

    @property
    def address(self) -> str:
        """What `connect` takes."""

    def accept(self) -> Channel | None:
        """Wait for a caller; None once it was woken. Raises OSError when one could not be taken."""

    def wake(self) -> None:
        """End the waiting, now and from now on. Any thread."""

    def close(self) -> None:
        """Let nobody in any more. To be called when nobody waits."""


class PipeEndpoint:
    """A named pipe, with a name that nobody can guess; or whatever else multiprocessing makes of the address."""

    def __init__(self, address: str | None = None) -> None:
        from multiprocessing.connection import Listener  # It costs time, and only Windows needs it.

        self.address = address or f"{_PIPES}tcpipserver-{secrets.token_hex(16)}"
        # Its own way of proving an authkey has no deadline and would hold up all others: ours is in authkey.py.
        self._listener = Listener(self.address, backlog=_BACKLOG)
        self._is_woken = False

    def accept(self) -> Channel | None:
        """Wait for a caller; None once it was woken. Raises OSError."""
        connected = self._listener.accept()
        if self._is_woken:
            connected.close()
            return None
        return PipeChannel(connected)

    def wake(self) -> None:
        """End the waiting: it ends with a caller only, so we are one."""
        from multiprocessing.connection import Client

        self._is_woken = True
        try:
            Client(self.address).close()
        except OSError:
            pass  # A caller came at the same moment.

    def close(self) -> None:
        """Let nobody in any more."""
        self._listener.close()


class SocketEndpoint:
    """A Unix socket in a folder that is ours alone. Whatever is there of its name was left by a hub that was killed."""

    def __init__(self, path: Path) -> None:
        self.address = str(path)
        self._path = path
        path.unlink(missing_ok=True)
        self._waker = Waker()
        self._selector = selectors.DefaultSelector()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._own: tuple[int, int] | None = None
        try:
            self._socket.bind(self.address)
            path.chmod(_OWNER_ONLY)
            self._own = _identity(path)
            self._socket.listen(_BACKLOG)
            self._socket.setblocking(False)
            self._selector.register(self._socket, selectors.EVENT_READ, self._socket)
            self._waker.register(self._selector)
        except BaseException:
            self.close()
            raise

    def accept(self) -> Channel | None:
        """Wait for a caller; None once it was woken. Raises OSError."""
        while True:
            ready = [key.data for key, _ in self._selector.select()]
            if None in ready:
                return None  # Not drained: whoever asks again is told the same.
            try:
                connected, _ = self._socket.accept()
            except (BlockingIOError, ConnectionAbortedError):
                continue  # He has gone again.
            connected.setblocking(True)
            return SocketChannel(connected)

    def wake(self) -> None:
        """End the waiting, now and from now on."""
        self._waker.wake()

    def close(self) -> None:
        """Let nobody in any more; the socket goes, unless the folder has become another hub's."""
        self._selector.close()
        self._waker.close()
        self._socket.close()
        try:
            if _identity(self._path) == self._own:
                self._path.unlink()
        except OSError:
            pass  # Whoever deleted the folder has deleted this too.


def open_endpoint(paths: Iterable[Path]) -> Endpoint:
    """The endpoint at the first of these paths that will do; on Windows a pipe.

    Raises:
        OSError: None of them will.
    """
    if sys.platform == "win32":
        return PipeEndpoint()
    reason = OSError("there is no place for it whose path is short enough")
    for path in paths:
        try:
            return SocketEndpoint(path)
        except OSError as error:
            reason = error
    raise reason


def connect(address: str, deadline: float) -> Channel:
    """Go there.

    Args:
        deadline: Monotonic seconds.

    Raises:
        ChannelTimedOutError: Nobody takes us in, in time.
        OSError: Nobody is there, or we may not.
    """
    if address.startswith(_PIPES):
        from multiprocessing.connection import Client

        return PipeChannel(Client(address))
    connecting = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        while (left := deadline - time.monotonic()) > 0:
            connecting.settimeout(left)
            try:
                connecting.connect(address)
            except BlockingIOError:
                time.sleep(_SECONDS_BETWEEN_TRIES)  # So many wait to be taken in that the system queues no more.
            except TimeoutError:
                break
            else:
                return SocketChannel(connecting)
        raise ChannelTimedOutError
    except BaseException:
        connecting.close()
        raise


def _identity(path: Path) -> tuple[int, int]:
    found = os.lstat(path)
    return found.st_dev, found.st_ino
