"""Arrivals: each newcomer is greeted and listened to by a thread of his own until he has introduced himself.

Owns who is arriving, how many connections there may be, and what becomes of one who does not get that far; what is said
to him and by him is in newcomer.py. Must never let strangers hold up those who are here. `receive` runs on one handler
thread per newcomer, `shut_overdue` on the listener's, `release` on the dispatcher's, the rest on the service's.
"""

import logging
import secrets
import socket
import threading
from dataclasses import replace

from commonlib.exceptions import ProtocolError
from commonlib.meaning import Meaning
from commonlib.wire.greeting import NONCE_SIZE
from tcpipserver.dialects.classic import ClassicDialect
from tcpipserver.hub.admission import Joining
from tcpipserver.hub.doorkeeper import Visit
from tcpipserver.net.connection import Connection
from tcpipserver.net.credit import Budget
from tcpipserver.net.deadlines import Deadlines
from tcpipserver.net.inbox import Opened
from tcpipserver.net.newcomer import ArrivalFailedError, Entrance, Newcomer, WentAskingError
from tcpipserver.net.normalizer import Ended
from tcpipserver.net.outbox import Waiting

event_log = logging.getLogger("tcpipserver.events")


class Arrivals:
    """Everybody who is arriving.

    Args:
        capacity: How many connections there may be.
    """

    def __init__(self, entrance: Entrance, budget: Budget, waiting: Waiting, *, capacity: int) -> None:
        self._entrance = entrance
        self._budget = budget
        self._waiting = waiting
        self._capacity = capacity
        self._begun_count = 0
        self._visits: dict[int, Visit] = {}
        self._arriving: set[socket.socket] = set()
        self._changed = threading.Condition()
        self._deadlines = Deadlines(entrance.clock, entrance.limits.arrival_seconds)
        self._stopping = False
        self._is_full = False

    def receive(self, connected: socket.socket, address: tuple[str, int]) -> bool:
        """Run one arrival; whether the socket now belongs to the reader. If not, the caller closes it."""
        number = self._maybe_begin(connected, address[0])
        if number is None:
            return False
        entrance = self._entrance
        dialect = ClassicDialect(number, entrance.registry, entrance.unfinished)
        connection = Connection(number, connected, address, dialect, self._budget, self._waiting)
        newcomer = Newcomer(connection, self._visits[number], entrance, self._deadlines)
        entrance.dispatcher.post(Opened(connection, secrets.token_bytes(NONCE_SIZE)))
        failure: str | None = "the hub could not take it in"
        is_expected = False
        try:
            failure = None if newcomer.arrive() else "its relay has ended"
        except (ArrivalFailedError, OSError, ProtocolError) as error:
            failure = "the hub stops" if self._stopping else _reason(error)
            is_expected = isinstance(error, WentAskingError)
        finally:
            if failure is not None:
                entrance.dispatcher.post([Ended(connection, failure, is_expected)])
            self._end(connected)
        return failure is None

    def shut_overdue(self) -> None:
        """Shut the sockets of those who take too long; to be called again and again."""
        self._deadlines.shut_overdue()

    def release(self, number: int) -> None:
        """A connection has ended, or its arrival has failed: its place is free. To be called once for each."""
        with self._changed:
            visit = self._visits.pop(number)
        self._entrance.doorkeeper.end(visit)

    def change_door(self, joining: Joining, join_code: str) -> None:
        """What is asked of new keys from now on, and what they have to know where that is a code."""
        self._entrance = replace(self._entrance, joining=joining, join_code=join_code)

    def stop(self, timeout: float) -> bool:
        """Send everybody away who is still arriving; whether all their threads ended in time."""
        with self._changed:
            self._stopping = True
            for connected in self._arriving:
                try:
                    connected.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # He has just gone by himself.
            return self._changed.wait_for(lambda: not self._arriving, timeout)

    def _maybe_begin(self, connected: socket.socket, address: str) -> int | None:
        """The number of a new connection, counted up from 1; None where there is no room for it."""
        with self._changed:
            begun = self._begin_locked(address)
            if isinstance(begun, Visit):
                self._is_full = False
                self._arriving.add(connected)
                self._begun_count += 1
                self._visits[self._begun_count] = begun
                return self._begun_count
            if not self._is_full and not self._stopping:
                event_log.log(Meaning.TROUBLE, "%s was sent away: %s.", address, begun)
            self._is_full = True
            return None

    def _begin_locked(self, address: str) -> Visit | str:
        """A visit, or why there is none."""
        if self._stopping:
            return "the hub is stopping"
        if len(self._visits) >= self._capacity:
            return f"all {self._capacity} places are taken"
        return self._entrance.doorkeeper.begin(address)

    def _end(self, connected: socket.socket) -> None:
        self._deadlines.end(connected)
        with self._changed:
            self._arriving.discard(connected)
            self._changed.notify_all()


def _reason(error: Exception) -> str:
    match error:
        case TimeoutError():
            return "it did not say who it is in time"
        case ProtocolError(detail=detail):
            return detail
        case OSError(strerror=strerror):
            return strerror or "the connection broke"
        case _:
            return str(error)
