"""Many clients in one process and one thread: they arrive, read whatever comes, and leave.

Owns the clients' sockets and the selector over them. Must never keep what it reads: bytes are counted, and compared
where the caller knows what must come. The main thread.
"""

import selectors
import socket
import time
from dataclasses import dataclass

from commonlib.classic.packet import PACKET_SIZE, Layout, recipient_of
from tests.bench.children import HOST
from tests.bench.ends import PATIENCE_SECONDS, ProtocolBrokenError, credentials

CLIENTS_AT_ONCE = 100
"""How many arrive at the same time; the next ones wait until these have heard all that is due to everybody."""

_READ_BYTES = 1 << 20


def packets_until_all_know(count: int) -> int:
    """How many packets a hub sends in all until `count` clients have arrived and each knows of each (docs/protocol.md).

    One greeting each; ClientData both ways for each two; Registered to all who are there, the newcomer too.
    """
    return count + count * (count - 1) + count * (count + 1) // 2


@dataclass(slots=True)
class Client:
    """One client. `greeting` grows to one packet; what comes behind it is only counted."""

    socket: socket.socket
    greeting: bytes = b""

    @property
    def id(self) -> int:
        """The id that the hub gave."""
        return recipient_of(self.greeting, Layout.DATA)


class Gathering:
    """The clients of one hub, which has no others.

    Args:
        port: Where it listens on this machine.
        registers: Whether they introduce themselves and hear of each other; else they are only greeted.
    """

    def __init__(self, port: int, *, registers: bool = True) -> None:
        self._port = port
        self._registers = registers
        self._selector = selectors.DefaultSelector()
        self._buffer = bytearray(_READ_BYTES)
        self._received = 0
        self.clients: list[Client] = []

    def __enter__(self) -> "Gathering":
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()
        self._selector.close()

    def grow(self, count: int) -> float:
        """Let clients arrive until there are so many and all have heard of all; returns how many seconds that took.

        Raises:
            ProtocolBrokenError: The hub closed a connection or fell silent.
            OSError: A connection broke.
        """
        started = time.perf_counter()
        while len(self.clients) < count:
            for _ in range(min(CLIENTS_AT_ONCE, count - len(self.clients))):
                self._connect()
            here = len(self.clients)
            packets = packets_until_all_know(here) if self._registers else here
            while self._received < packets * PACKET_SIZE:
                self._read_once()
        return time.perf_counter() - started

    def time_to_everyone(self, packet: bytes) -> float:
        """The first client sends this packet; returns the seconds until everybody, it too, has received the same.

        Raises:
            ProtocolBrokenError: Something else came, the hub closed a connection or fell silent.
            OSError: A connection broke.
        """
        missing = len(self.clients)
        started = time.perf_counter()
        self.clients[0].socket.sendall(packet)
        while missing > 0:
            for client in self._ready():
                if self._buffer[: self._read(client)] != packet:
                    raise ProtocolBrokenError("Somebody received something else than was sent to all.")
                missing -= 1
        return time.perf_counter() - started

    def leave(self) -> None:
        """Close all connections, without a word."""
        for client in self.clients:
            self._selector.unregister(client.socket)
            client.socket.close()
        self.clients.clear()
        self._received = 0

    def _connect(self) -> None:
        connecting = socket.socket()
        connecting.setblocking(False)
        connecting.connect_ex((HOST, self._port))
        client = Client(connecting)
        self.clients.append(client)
        self._selector.register(connecting, selectors.EVENT_READ, client)

    def _read_once(self) -> None:
        for client in self._ready():
            size = self._read(client)
            self._received += size
            if len(client.greeting) < PACKET_SIZE:
                client.greeting += self._buffer[: min(size, PACKET_SIZE - len(client.greeting))]
                if len(client.greeting) == PACKET_SIZE and self._registers:
                    client.socket.sendall(credentials(f"client {client.id}"))

    def _ready(self) -> list[Client]:
        ready = [key.data for key, _ in self._selector.select(PATIENCE_SECONDS)]
        if not ready:
            raise ProtocolBrokenError(f"Nothing came for {PATIENCE_SECONDS:.0f} seconds; {self._received:,} bytes had.")
        return ready

    def _read(self, client: Client) -> int:
        size = client.socket.recv_into(self._buffer)
        if not size:
            raise ProtocolBrokenError("The hub closed a connection.")
        return size
