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
        self._is_woken = False

    def register(self, selector: selectors.BaseSelector) -> None:
        """Let the selector wake up for it; its key has data None."""
        selector.register(self._receiving, selectors.EVENT_READ, None)

    def wake(self) -> None:
        """Wake the selector now, or the next time it would sleep; once is enough until it is drained."""
        if self._is_woken:
            return
        self._is_woken = True
        try:
            self._sending.send(b"\0")
        except OSError:
            pass

    def drain(self) -> None:
        """Let the selector sleep again. What those who woke it want is to be done after this, never before."""
        try:
            self._receiving.recv(4096)
        except OSError:
            pass
        # Only now: a byte that came in between would be taken here, and nobody would ever send another one.
        self._is_woken = False

    def close(self) -> None:
        """Give both sockets back."""
        self._receiving.close()
        self._sending.close()
