"""Arrivals: each newcomer is greeted and listened to by a thread of his own until he has introduced himself.

Owns the sockets of those who are arriving, and their deadline. Must never send anything but the greeting, and never
lose a byte: what came behind the introduction goes into the raw queue before the reader reads the first one.
`receive` runs on one handler thread per newcomer, the rest on the service's thread.
"""

import logging
import queue
import socket
import threading

from commonlib.exceptions import ProtocolError
from commonlib.meaning import Meaning
from tcpipserver.dialects.arrival import Arrival, Introduction
from tcpipserver.dialects.classic import ClassicDialect, LayoutRegistry
from tcpipserver.dialects.unfinished import UnfinishedTexts
from tcpipserver.hub import inputs
from tcpipserver.net.clock import Clock
from tcpipserver.net.connection import Connection
from tcpipserver.net.credit import Budget
from tcpipserver.net.dispatcher import Dispatcher, Happened, Opened
from tcpipserver.net.group import SocketGroups
from tcpipserver.net.normalizer import Chunk, Ended
from tcpipserver.net.outbox import Waiting

event_log = logging.getLogger("tcpipserver.events")

_READ_BYTES = 64 << 10


class ArrivalFailedError(Exception):
    """An arrival ends without an introduction; its text continues «… did not register: ». Stays inside this module."""


class Arrivals:
    """Everybody who is arriving."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        raw: "queue.Queue[Chunk | None]",
        groups: SocketGroups,
        registry: LayoutRegistry,
        unfinished: UnfinishedTexts,
        clock: Clock,
        budget: Budget,
        waiting: Waiting,
        *,
        seconds: float,
        most: int,
        capacity: int,
    ) -> None:
        self._dispatcher = dispatcher
        self._raw = raw
        self._groups = groups
        self._registry = registry
        self._unfinished = unfinished
        self._clock = clock
        self._budget = budget
        self._waiting = waiting
        self._seconds = seconds
        self._most = most
        self._capacity = capacity
        self._begun_count = 0
        self._arriving: set[socket.socket] = set()
        self._changed = threading.Condition()
        self._stopping = False
        self._is_full = False

    def receive(self, connected: socket.socket, address: tuple[str, int]) -> bool:
        """Run one arrival; whether the socket now belongs to the reader. If not, the caller closes it."""
        number = self._maybe_begin(connected, address[0])
        if number is None:
            return False
        dialect = ClassicDialect(number, self._registry, self._unfinished)
        connection = Connection(number, connected, address, dialect, self._budget, self._waiting)
        deadline = self._clock.now() + self._seconds
        self._dispatcher.post(Opened(connection))
        failure: str | None = "the hub could not take it in"
        try:
            self._greet(connection, deadline)
            self._register(connection, self._listen(connection, deadline))
            failure = None
        except (ArrivalFailedError, OSError, ProtocolError) as error:
            failure = _reason(error)
        finally:
            if failure is not None:
                self._dispatcher.post([Ended(connection, failure)])
            self._end(connected)
        return failure is None

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
            full = self._maybe_full_reason()
            if full is None:
                self._is_full = False
                self._arriving.add(connected)
                self._begun_count += 1
                return self._begun_count
            if not self._is_full and not self._stopping:
                event_log.log(Meaning.TROUBLE, "%s was sent away: %s.", address, full)
            self._is_full = True
            return None

    def _maybe_full_reason(self) -> str | None:
        if self._stopping:
            return "the hub is stopping"
        if len(self._arriving) >= self._most:
            return f"{self._most} others are arriving at this moment"
        if self._begun_count - self._dispatcher.ended_count >= self._capacity:
            return f"all {self._capacity} places are taken"
        return None

    def _end(self, connected: socket.socket) -> None:
        with self._changed:
            self._arriving.discard(connected)
            self._changed.notify_all()

    def _greet(self, connection: Connection, deadline: float) -> None:
        assert connection.greetings is not None
        try:
            greeting = connection.greetings.get(timeout=self._left(deadline))
        except queue.Empty:
            raise ArrivalFailedError("the hub was too busy to greet it") from None
        if greeting is None:
            raise ArrivalFailedError("there was no place for it")
        connection.socket.settimeout(self._left(deadline))
        connection.socket.sendall(greeting)

    def _listen(self, connection: Connection, deadline: float) -> Introduction:
        arrival = Arrival()
        while True:
            connection.socket.settimeout(self._left(deadline))
            data = connection.socket.recv(_READ_BYTES)
            if not data:
                raise ArrivalFailedError(
                    "the hub stops" if self._stopping else "it closed the connection without saying who it is"
                )
            introduction = arrival.receive_data(data)
            if introduction is not None:
                return introduction

    def _left(self, deadline: float) -> float:
        left = deadline - self._clock.now()
        if left <= 0:
            raise TimeoutError
        return left

    def _register(self, connection: Connection, introduction: Introduction) -> None:
        """Hand everything over: first who it is, then what it said already, then the socket."""
        group = self._groups.place()
        connection.register(group)
        self._dispatcher.post(Happened(inputs.Joined(connection.number, introduction.credentials)))
        if introduction.unread:
            connection.credit.add_read(len(introduction.unread))
            self._raw.put(Chunk(connection, introduction.unread))
        group.reader.add(connection)


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
