"""By when newcomers have to be done: the socket of one who is not is shut, which wakes the thread that waits for him.

Owns these moments. Must never touch a socket after `end`, nor wait for anything. A timeout on the socket itself would
do the same for two more calls of the system, and two more waits for the interpreter, at each read and each send.
`shut_overdue` is called on the listener's thread, again and again; the rest on the arrivals' threads.
"""

import socket
import threading

from tcpipserver.net.clock import Clock


class Deadlines:
    """Those of all who are arriving.

    Args:
        seconds: How long an arrival may take.
    """

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        # All have the same time, so the first of them is over first.
        self._until: dict[socket.socket, float] = {}
        self._lock = threading.Lock()

    def begin(self, connected: socket.socket) -> float:
        """Somebody arrives; returns by when he has to be done, monotonic seconds."""
        with self._lock:
            until = self._until[connected] = self._clock.now() + self._seconds
        return until

    def end(self, connected: socket.socket) -> None:
        """He is done, or has failed, or waits for something else: his socket is not touched from here on."""
        with self._lock:
            self._until.pop(connected, None)

    def shut_overdue(self) -> None:
        """Shut the sockets of those whose time is over."""
        if not self._until:
            return
        now = self._clock.now()
        with self._lock:
            while self._until:
                connected, until = next(iter(self._until.items()))
                if until > now:
                    return
                del self._until[connected]
                try:
                    connected.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # He has just gone by himself.
