"""Two members of a hub whom it has introduced to each other, and the halves of their way through it.

Owns the introducing and joining. It must never use the client's package. Thread: the test's own.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from commonlib.wire.way_messages import Role, WayOpened, WayWanted
from tcpipserver.config import ServerConfig
from tcpipserver.hub.limits import Limits
from tests.support.clock import FakeClock
from tests.support.modern_client import ModernClient
from tests.support.running_hub import RunningHub, running_hub
from tests.support.tls_pairs import identity_of

TRANSFER = bytes(range(16))


@dataclass
class Pair:
    """Two who want to pass files to each other.

    Attributes:
        ann, bob: On the hub; she sends.
        to_ann, to_bob: What each was told of the way.
    """

    hub: RunningHub
    ann: ModernClient
    bob: ModernClient
    to_ann: WayOpened
    to_bob: WayOpened

    def half(self, opened: WayOpened, behind: bytes = b"") -> socket.socket:
        """A further connection, as one half of the way."""
        return self.hub.connect_modern().join_relay(opened, behind)

    def both_halves(self) -> tuple[socket.socket, socket.socket]:
        """Ann's and Bob's, joined."""
        return self.half(self.to_ann), self.half(self.to_bob)


def opened_way(ann: ModernClient, bob: ModernClient, transfer: bytes = TRANSFER) -> tuple[WayOpened, WayOpened]:
    """Both want a way; what each is told."""
    ann.want_way(bob.id, transfer, Role.SENDER)
    bob.wait_for(WayWanted)
    bob.want_way(ann.id, transfer, Role.RECEIVER)
    return ann.wait_for(WayOpened), bob.wait_for(WayOpened)


@contextmanager
def pair_on_hub(limits: Limits | None = None, clock: FakeClock | None = None) -> Iterator[Pair]:
    """A hub on which Ann and Bob have a way open."""
    with running_hub(ServerConfig(limits=limits or Limits()), clock=clock) as hub:
        ann, bob = hub.join_modern("Ann", identity_of("ann")), hub.join_modern("Bob", identity_of("bob"))
        yield Pair(hub, ann, bob, *opened_way(ann, bob))


def read(half: socket.socket, size: int) -> bytes:
    """Exactly so many bytes, or all until the end."""
    taken = bytearray()
    while len(taken) < size and (data := half.recv(size - len(taken))):
        taken += data
    return bytes(taken)


def is_ended(half: socket.socket) -> bool:
    """Whether the hub ends this connection without another byte."""
    try:
        return half.recv(1) == b""
    except ConnectionError:
        return True
