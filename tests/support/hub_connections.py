"""Connections as the hub's threads share them, with a test at the other end.

Owns putting them together and closing them. It must never start a thread. Thread: the test's own.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from commonlib.wire.tls import TlsPiece
from tcpipserver.dialects.classic import ClassicDialect, LayoutRegistry
from tcpipserver.dialects.unfinished import UnfinishedTexts
from tcpipserver.net.connection import Connection
from tcpipserver.net.credit import Budget
from tcpipserver.net.outbox import Waiting
from tests.support.stub_socket import StubSocket
from tests.support.tls_pairs import established_pair

ADDRESS = ("192.0.2.7", 50_000)


@dataclass(slots=True)
class NotingCaretaker:
    """Stands for a reader and a flusher.

    Attributes:
        asked: What it was asked to do, in order: "resume", "watch" or "retire", and the connection's number.
    """

    asked: list[tuple[str, int]] = field(default_factory=list)

    def resume(self, connection: Connection) -> None:
        """Note it."""
        self.asked.append(("resume", connection.number))

    def watch(self, connection: Connection) -> None:
        """Note it."""
        self.asked.append(("watch", connection.number))

    def retire(self, connection: Connection) -> None:
        """Note it."""
        self.asked.append(("retire", connection.number))


def connection_on(connected: object, number: int = 1, budget: Budget | None = None) -> Connection:
    """A connection that is arriving, on a socket or what stands for one."""
    dialect = ClassicDialect(number, LayoutRegistry(), UnfinishedTexts())
    return Connection(number, connected, ADDRESS, dialect, budget or Budget(), Waiting())  # type: ignore[arg-type]


def stub_connection(number: int = 1, room: int = 1 << 40) -> tuple[Connection, StubSocket, NotingCaretaker]:
    """A registered connection whose socket takes so many bytes."""
    stub, caretaker = StubSocket(room), NotingCaretaker()
    connection = connection_on(stub, number)
    connection.register(caretaker)
    return connection, stub, caretaker


def secure_connection(number: int = 1) -> tuple[Connection, StubSocket, NotingCaretaker, TlsPiece]:
    """As stub_connection, encrypted, with the other side's end of TLS."""
    stub, caretaker = StubSocket(), NotingCaretaker()
    pair = established_pair()
    connection = connection_on(stub, number)
    connection.outbox.secure(pair.hub)
    connection.register(caretaker)
    return connection, stub, caretaker, pair.client


@contextmanager
def real_connection(number: int = 1, budget: Budget | None = None) -> Iterator[tuple[Connection, socket.socket]]:
    """A registered connection on a real socket, and the other end of it."""
    ours, theirs = socket.socketpair()
    theirs.settimeout(20.0)
    connection = connection_on(ours, number, budget)
    connection.register(NotingCaretaker())
    try:
        yield connection, theirs
    finally:
        ours.close()
        theirs.close()
