"""The connection of a pump: TLS that never blocks, and one place to wait for it, for time and for other threads.

Owns the socket from a link, the selector and the pair of sockets that wakes it. Must never look into what passes.
Thread: the pump's; `wake` may be called from any.
"""

import contextlib
import selectors
import socket
import ssl

from tcpipclient.net.peer.link import PeerLink

_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class PumpSocket:
    """Sends and receives as much as there is room for."""

    def __init__(self, link: PeerLink) -> None:
        self._socket = link.socket
        self._link = link
        self._socket.setblocking(False)
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector = selectors.DefaultSelector()
        self._woken, self._waking = socket.socketpair()
        self._woken.setblocking(False)
        self._waking.setblocking(False)
        self._selector.register(self._woken, _READ)
        self._registered = 0
        # TLS may have to read before it can write on, and the other way round.
        self._wanted_to_send = _WRITE
        self._wanted_to_receive = _READ

    def send(self, data: memoryview) -> int:
        """Send from the beginning of the data; 0 when there is no room: the very same is to be sent again then.

        Raises OSError when the connection is broken.
        """
        try:
            return self._socket.send(data)
        except ssl.SSLWantWriteError:
            self._wanted_to_send = _WRITE
        except ssl.SSLWantReadError:
            self._wanted_to_send = _READ
        return 0

    def receive_into(self, room: memoryview) -> int | None:
        """How many bytes came: 0 at the end of the connection, None when there are none now.

        Raises OSError when the connection is broken.
        """
        try:
            return self._socket.recv_into(room)
        except ssl.SSLWantReadError:
            self._wanted_to_receive = _READ
        except ssl.SSLWantWriteError:
            self._wanted_to_receive = _WRITE
        return None

    def end_sending(self) -> None:
        """Tell the other end that nothing more will come."""
        with contextlib.suppress(OSError):
            # Not the TLS socket's own, which forgets the keys: nothing that comes could be read any more.
            socket.socket.shutdown(self._socket, socket.SHUT_WR)

    def wait(self, seconds: float, *, sends: bool, receives: bool) -> None:
        """Wait until something can be sent or has come, as far as that is wanted, somebody wakes us, or time is up."""
        if receives and self._socket.pending():
            return
        wanted = (self._wanted_to_send if sends else 0) | (self._wanted_to_receive if receives else 0)
        if wanted != self._registered:
            self._register(wanted)
        for key, _ in self._selector.select(max(seconds, 0.0)):
            if key.fileobj is self._woken:
                self._drain()

    def wake(self) -> None:
        """End the wait that is going on, or the next one. A full pipe has done so already."""
        with contextlib.suppress(OSError):
            self._waking.send(b"\0")

    def close(self) -> None:
        """Close the connection, and give everything back."""
        self._selector.close()
        self._link.close()
        self._woken.close()
        self._waking.close()

    def _register(self, wanted: int) -> None:
        if not self._registered:
            self._selector.register(self._socket, wanted)
        elif wanted:
            self._selector.modify(self._socket, wanted)
        else:
            self._selector.unregister(self._socket)
        self._registered = wanted

    def _drain(self) -> None:
        with contextlib.suppress(OSError):
            while self._woken.recv(4096):
                pass
