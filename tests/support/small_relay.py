"""A hub that does nothing but relay: it greets, takes RelayJoins for the tokens it was told of, and joins two halves.

Owns its sockets and its thread, all gone after `close`. It must never look at what passes but to keep it for the test,
nor shorten a step that the product makes. Threads: one of its own does all; the rest is the test's.
"""

import contextlib
import hmac
import os
import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from commonlib.classic.packet import PACKET_SIZE
from commonlib.wire.relay_join import RelayJoin, relay_proof
from commonlib.wire.way_messages import Role
from tests.support.handshakes import greeting_with

_WAIT_SECONDS = 5.0


@dataclass(eq=False, slots=True)
class Half:
    """One connection: its greeting, what came of its RelayJoin and behind it, and the other half when there is one."""

    connection: socket.socket
    nonce: bytes = field(default_factory=lambda: os.urandom(32))
    came: bytes = b""
    early: bytes = b""
    other: "Half | None" = None


class SmallRelay:
    """The relay, on a port of loopback.

    Attributes:
        address: Where it is.
        tokens: Of the ways for which halves are taken, by transfer.
        passed: All that it has passed on, as far as it was sent before another look.
        connections: How many have come.
        is_deaf: Whether it accepts connections, and says and does nothing with them.
    """

    def __init__(self, *, is_deaf: bool = False) -> None:
        self.tokens: dict[bytes, bytes] = {}
        self.passed = bytearray()
        self.is_deaf = is_deaf
        self._changed = threading.Condition()
        self.connections = 0
        self._present = 0
        self._waiting: dict[tuple[bytes, Role], Half] = {}
        self._selector = selectors.DefaultSelector()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._listening.getsockname()
        self._ending, self._end = socket.socketpair()
        self._selector.register(self._listening, selectors.EVENT_READ)
        self._selector.register(self._ending, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._work, name="small-relay")
        self._thread.start()

    def close(self) -> None:
        """End everything."""
        self._end.close()
        self._thread.join()

    def wait_for_connections(self, count: int) -> bool:
        """Whether so many have come within five seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self.connections >= count, _WAIT_SECONDS)

    def wait_until_left(self) -> bool:
        """Whether all have closed their connections within five seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._present, _WAIT_SECONDS)

    def _work(self) -> None:
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._ending:
                    self._close_all()
                    return
                if key.fileobj is self._listening:
                    self._greet(self._listening.accept()[0])
                else:
                    self._receive(key.data)

    def _greet(self, connection: socket.socket) -> None:
        half = Half(connection)
        connection.settimeout(_WAIT_SECONDS)
        self._selector.register(connection, selectors.EVENT_READ, half)
        if not self.is_deaf:
            with contextlib.suppress(OSError):  # Who has gone meanwhile is noticed when he is read.
                connection.sendall(greeting_with(half.nonce))
        with self._changed:
            self.connections += 1
            self._present += 1
            self._changed.notify_all()

    def _receive(self, half: Half) -> None:
        if half.connection.fileno() < 0:
            return  # It went with its other half, of which this round has told before.
        size = PACKET_SIZE - len(half.came) or 1 << 16
        try:
            data = half.connection.recv(size)
        except OSError:
            data = b""
        if not data:
            self._drop(half)
        elif half.other is not None:
            self._pass_on(half, data)
        elif len(half.came) == PACKET_SIZE:
            half.early += data
        else:
            half.came += data
            if len(half.came) == PACKET_SIZE:
                self._join(half)

    def _pass_on(self, half: Half, data: bytes) -> None:
        assert half.other is not None
        self.passed += data
        with contextlib.suppress(OSError):
            half.other.connection.sendall(data)

    def _join(self, half: Half) -> None:
        join = RelayJoin.decode(half.came)
        token = self.tokens.get(join.transfer, b"")
        if not hmac.compare_digest(join.proof, relay_proof(token, half.nonce, join.transfer, join.role)):
            self._drop(half)
            return
        other = self._waiting.pop((join.transfer, join.role.other), None)
        if other is None:
            self._waiting[join.transfer, join.role] = half
            return
        half.other, other.other = other, half
        self._pass_on(other, other.early)

    def _drop(self, half: Half) -> None:
        for each in (half, half.other):
            if each is not None and each.connection.fileno() >= 0:
                with contextlib.suppress(KeyError):
                    self._selector.unregister(each.connection)
                each.connection.close()
                with self._changed:
                    self._present -= 1
                    self._changed.notify_all()

    def _close_all(self) -> None:
        for half in [key.data for key in self._selector.get_map().values() if key.data is not None]:
            self._drop(half)
        self._selector.close()
        self._listening.close()
        self._ending.close()


@contextmanager
def running_relay(*, is_deaf: bool = False) -> Iterator[SmallRelay]:
    """A relay for as long as the test needs it."""
    relay = SmallRelay(is_deaf=is_deaf)
    try:
        yield relay
    finally:
        relay.close()
