"""Waking a thread that sleeps in a selector, on every system.

Owns a pair of connected sockets. Must never block the one who wakes. `wake` may be called from any thread, the rest
from the thread that owns the selector.
"""

import selectors
import socket


class Waker:
    """Register it, wake it, drain it."""

    def __init__(self) -> None:
        self._receiving, self._sending = socket.socketpair()
        self._receiving.setblocking(False)
        self._sending.setblocking(False)

    def register(self, selector: selectors.BaseSelector) -> None:
        """Let the selector wake up for it; its key has data None."""
        selector.register(self._receiving, selectors.EVENT_READ, None)

    def wake(self) -> None:
        """Wake the selector now, or the next time it would sleep. A full pipe has woken it already."""
        try:
            self._sending.send(b"\0")
        except OSError:
            pass

    def drain(self) -> None:
        """Take what has been written, so that the selector may sleep again."""
        try:
            while self._receiving.recv(4096):
                pass
        except OSError:
            pass

    def close(self) -> None:
        """Give both sockets back."""
        self._receiving.close()
        self._sending.close()
