"""A whole hub with its threads on a free port of this machine, and the clients that a test connects to it.

Owns starting it, moving its clock, and the check at the end that it has stopped without a fault. It must never replace
a part of the hub. Thread: the test's own.
"""

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Event

from commonlib.awake import SLEEP_SECONDS
from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import Layout
from commonlib.storage.keyfile import Identity
from tcpipserver.config import ServerConfig
from tcpipserver.hub.inputs import OperatorSentPackets
from tcpipserver.hub.people import Member
from tcpipserver.net.clock import Clock
from tcpipserver.net.connection import Connection
from tcpipserver.net.handlers import Handlers
from tcpipserver.net.inbox import Asked
from tcpipserver.service import Service
from tests.support.classic_client import SECONDS, ClassicClient
from tests.support.clock import FakeClock
from tests.support.leaks import wait_until
from tests.support.log_lines import LogLines
from tests.support.modern_client import ModernClient

FILLING = 50_000
"""The command that an outbox is filled with."""


@dataclass(slots=True)
class RunningHub:
    """One hub.

    Attributes:
        log: What it logs.
        clients: All that were connected by `connect`; they are closed in the end.
        expected_faults: How many lines of a fault the test has provoked.
    """

    service: Service
    log: LogLines
    clients: list[ClassicClient | ModernClient] = field(default_factory=list)
    expected_faults: int = 0

    def connect(self, host: str = "127.0.0.1", receive_buffer: int | None = None) -> ClassicClient:
        """Somebody connects and says nothing."""
        client = ClassicClient(self.service.port, host, receive_buffer)
        self.clients.append(client)
        return client

    def join(self, name: str, receive_buffer: int | None = None) -> ClassicClient:
        """Somebody connects and is registered when this returns."""
        return self.connect(receive_buffer=receive_buffer).register(name)

    def connect_modern(self, identity: Identity | None = None, source: str = "") -> ModernClient:
        """Somebody who speaks the modern wire connects and says nothing."""
        client = ModernClient(self.service.port, identity, source=source)
        self.clients.append(client)
        return client

    def join_modern(self, name: str, identity: Identity | None = None) -> ModernClient:
        """Somebody connects on the modern wire and has the roster when this returns."""
        return self.connect_modern(identity).register(name)

    def join_many(self, count: int) -> list[ClassicClient]:
        """So many, one after the other."""
        return [self.join(f"Guest {number}") for number in range(1, count + 1)]

    def members(self) -> tuple[Member, ...]:
        """Everybody whom the hub has registered."""
        return self.service.ask(lambda hub: hub.members())

    def wait_for_members(self, count: int) -> None:
        """Wait until so many are registered."""
        assert wait_until(lambda: len(self.members()) == count, SECONDS), f"{len(self.members())} are registered"

    def connection_of(self, client: ClassicClient | ModernClient) -> Connection:
        """The hub's side of a registered client."""
        number = next(member.connection for member in self.members() if member.id == client.id)
        return self.service._dispatcher._connections[number]

    def is_waiting(self, client: ClassicClient) -> bool:
        """Whether the hub keeps this client waiting for somebody else."""
        return self.waited_for_by(client) is not None

    def waited_for_by(self, client: ClassicClient) -> Connection | Handlers | None:
        """For whom the hub keeps this client waiting."""
        sender = self.connection_of(client)
        return self.service.ask(lambda _: self.service._dispatcher._pacing.maybe_waits_for(sender))

    def has_stopped_reading(self, client: ClassicClient) -> bool:
        """Whether it does so, and so much of his is there already that he is not read any more."""
        return self.is_waiting(client) and self.connection_of(client).is_held_back

    def fill_outbox(self, client: ClassicClient, size: int) -> None:
        """As the server, send a client who does not read so much that this many bytes wait for him, or he is let go."""
        connection = self.connection_of(client)
        packets = DataPacket(FILLING).encode() * 256
        while connection.outbox.waiting < size and not connection.is_dismissed:
            self.service.tell(OperatorSentPackets((client.id,), Layout.DATA, packets))
            self.settle()

    def settle(self) -> None:
        """Return when the dispatcher has taken all that was posted before."""
        self.service.ask(lambda _: None)

    def advance(self, seconds: float) -> None:
        """Move the hub's clock, which must be a fake one, and return when the hub has acted upon it.

        In steps: many seconds at once are a computer that slept.
        """
        while seconds > SLEEP_SECONDS:
            self.advance(SLEEP_SECONDS)
            seconds -= SLEEP_SECONDS
        self.advance_unseen(seconds)
        assert wait_until(lambda: self.service._dispatcher._next_tick > self.service._clock.now(), SECONDS)
        self.settle()

    def advance_unseen(self, seconds: float) -> None:
        """Move the hub's clock and return at once: for a hub that is about to stop."""
        clock = self.service._clock
        assert isinstance(clock, FakeClock)
        clock.advance(seconds)
        self.service._dispatcher.post([])  # Nothing, to wake it.

    @contextmanager
    def dispatcher_standing_still(self) -> Iterator[None]:
        """Keep the dispatcher from taking anything; at the end it goes on."""
        entered, leave = Event(), Event()

        def stand_still(_: object) -> None:
            entered.set()
            assert leave.wait(SECONDS)

        self.service._dispatcher.post(Asked(stand_still, Future()))
        assert entered.wait(SECONDS)
        try:
            yield
        finally:
            leave.set()


@contextmanager
def running_hub(
    config: ServerConfig | None = None, *, clock: Clock | None = None, service: Service | None = None
) -> Iterator[RunningHub]:
    """Run a hub on loopback; at the end, everybody goes and it stops, which must not log a fault.

    Args:
        service: One that is ready to be started, in place of a new one with this configuration and this clock.
    """
    with LogLines() as log:
        if service is None:
            service = Service(replace(config or ServerConfig(), host="127.0.0.1", port=0), clock)
        hub = RunningHub(service, log)
        service.start()
        try:
            yield hub
        finally:
            for client in hub.clients:
                client.close()
            service.stop()
        faults = log.faults()
        assert len(faults) == hub.expected_faults, faults
