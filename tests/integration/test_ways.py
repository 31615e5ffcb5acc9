"""Two clients' ways as a real hub opens them: what the client's package and the hub's make of the same page.

Threads: the hub's own, those of the ways, and pytest's main thread as both clients.
"""

import pytest

from commonlib.wire.way_messages import Role, WayOpened
from tcpipclient.core.batch_events import WayKind
from tcpipclient.net.clock import SystemClock
from tests.support.leaks import wait_until
from tests.support.peer_ways import Side, received
from tests.support.running_hub import running_hub

SECONDS = 20.0
TRANSFER = bytes(range(16))
SIZE = 50_000
"""What a connection takes though nobody reads yet."""


@pytest.mark.parametrize("listens", [True, False], ids=["direct", "through the hub"])
def test_two_clients_whom_the_hub_introduces_find_a_link(listens: bool) -> None:
    """By the port that one of them has told, or through the hub; both know whom they have, and all bytes pass."""
    with running_hub() as hub:
        place, clock = ("127.0.0.1", hub.service.port), SystemClock()
        with Side("sender", clock, place) as sender, Side("receiver", clock, place, listens=listens) as receiver:
            ann = hub.join_modern("Ann", sender.identity)
            bob = hub.join_modern("Bob", receiver.identity)
            ann.want_way(bob.id, TRANSFER, Role.SENDER)
            bob.want_way(ann.id, TRANSFER, Role.RECEIVER, receiver.ways.port)
            sender.ways.open(ann.wait_for(WayOpened))
            receiver.ways.open(bob.wait_for(WayOpened))
            at_sender = sender.link()
            at_sender.socket.sendall(b"offer")
            at_receiver = receiver.link()
            assert (at_sender.peer, at_receiver.peer) == (receiver.fingerprint, sender.fingerprint)
            assert at_sender.way is at_receiver.way is (WayKind.DIRECT if listens else WayKind.HUB)
            at_receiver.socket.sendall(bytes(SIZE))
            assert at_receiver.first == b"offer"
            assert len(received(at_sender.socket, SIZE)) == SIZE
            assert hub.service.picture().status.relays == (0 if listens else 1)
            # What has passed is counted when it has, and the other end may be faster.
            relayed = len(b"offer") + SIZE
            assert wait_until(lambda: (hub.service.picture().status.relayed_bytes > relayed) is not listens, SECONDS)
        assert wait_until(lambda: hub.service.picture().status.relays == 0, SECONDS)
