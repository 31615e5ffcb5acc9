"""A thread that sleeps in a selector until a socket is ready or somebody wakes it: reader and flusher are such.

Owns the thread, the selector and the waker. Must never touch a connection: what is to be done with one that is ready,
and when it was woken, is told by whoever owns the loop. `wake` may be called from any thread, `start` and `stop` by the
service's, the selector's own methods on the loop's thread alone.
"""

import selectors
import socket
from collections.abc import Callable

from tcpipserver.net.connection import Connection
from tcpipserver.net.waker import Waker
from tcpipserver.net.worker import Worker


class SelectorLoop:
    """Sleeps and calls until it is stopped.

    Args:
        ready: Called with each connection whose socket is ready.
        woken: Called once after one or several calls of `wake`.
    """

    def __init__(
        self,
        name: str,
        ready: Callable[[Connection], None],
        woken: Callable[[], None],
        failed: Callable[[str], None],
    ) -> None:
        self._ready = ready
        self._woken = woken
        self._selector = selectors.DefaultSelector()
        self._waker = Waker()
        self._waker.register(self._selector)
        self._stopping = False
        self._worker = Worker(name, self._run, failed)

    def start(self) -> None:
        """Start the thread."""
        self._worker.start()

    def stop(self, timeout: float) -> bool:
        """End the thread; whether it ended in time. The sockets stay open."""
        self._stopping = True
        self._waker.wake()
        ended = self._worker.join(timeout)
        if ended:
            self._woken()
            self._selector.close()
            self._waker.close()
        return ended

    def wake(self) -> None:
        """Have `woken` called soon."""
        self._waker.wake()

    def register(self, connected: socket.socket, event: int, connection: Connection) -> None:
        """Have `ready` called whenever this socket is."""
        self._selector.register(connected, event, connection)

    def unregister(self, connected: socket.socket) -> None:
        """Take a socket out again."""
        self._selector.unregister(connected)

    def _run(self) -> None:
        while not self._stopping:
            is_woken = False
            for key, _ in self._selector.select():
                if key.data is None:
                    is_woken = True
                else:
                    self._ready(key.data)
            # Last, because it may take out sockets that are ready, too.
            if is_woken:
                self._waker.drain()
                self._woken()
