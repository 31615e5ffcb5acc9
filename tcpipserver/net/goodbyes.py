"""Connections that the hub ends: what is due to them may still go out, for a second.

Owns who was told goodbye, until when, and of whom the reader has let go already. Must never close anything itself. Run
by the dispatcher thread alone.
"""

import math

from tcpipserver.net.connection import Connection

GOODBYE_SECONDS = 1.0
"""A dismissed connection that does not close its own side, or does not read what is due to it, is closed then."""


class Goodbyes:
    """Everybody who was told goodbye and has not ended."""

    def __init__(self) -> None:
        self._deadlines: dict[Connection, float] = {}
        self._half_closed: set[Connection] = set()

    @property
    def next_deadline(self) -> float:
        """When the next of them has had his second, monotonic seconds; infinity where there is none."""
        return min(self._deadlines.values(), default=math.inf)

    def begin(self, connection: Connection, now: float) -> None:
        """Somebody was told goodbye just now."""
        self._deadlines[connection] = now + GOODBYE_SECONDS

    def may_still_read(self, connection: Connection) -> bool:
        """The reader has let go of somebody: whether he shut his own side alone, and something is still due to him."""
        if connection in self._deadlines and connection.outbox.waiting and not connection.outbox.flush():
            self._half_closed.add(connection)
            return True
        return False

    def end(self, connection: Connection) -> None:
        """A connection has ended, whether it was told goodbye or not."""
        self._half_closed.discard(connection)
        self._deadlines.pop(connection, None)

    def take_overdue(self, now: float) -> list[tuple[Connection, bool]]:
        """Those who have had their second, and whether the reader has let go of them; nobody is told of twice."""
        overdue = [connection for connection, deadline in self._deadlines.items() if now >= deadline]
        for connection in overdue:
            del self._deadlines[connection]
        return [(connection, connection in self._half_closed) for connection in overdue]
