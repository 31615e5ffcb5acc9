"""Two clients' ways on a real hub: introduced by it, and through it.

Threads: the hub's and the ways' own, and pytest's main thread as both clients' control links.
"""

import pytest

from commonlib.wire.way_messages import Role, WayOpened, WayWanted
from tcpipclient.core.batch_events import WayKind
from tcpipclient.core.way_rule import WayRule
from tcpipclient.net.clock import SystemClock
from tests.support.modern_client import ModernClient
from tests.support.peer_ways import Side, received
from tests.support.running_hub import running_hub

TRANSFER = b"t" * 16
MIB = 1 << 20


def want(member: ModernClient, other: ModernClient, role: Role, side: Side) -> None:
    """Say what an exchange would say."""
    wanted = WayWanted(transfer=TRANSFER, role=role, port=side.ways.port, addresses=side.ways.addresses)
    member.send(wanted, to=other.id)


@pytest.mark.parametrize(
    ("listens", "rule", "expected"),
    [
        (True, WayRule.AUTO, WayKind.DIRECT),
        (False, WayRule.AUTO, WayKind.HUB),
        (True, WayRule.HUB, WayKind.HUB),
        (True, WayRule.DIRECT, WayKind.DIRECT),
    ],
    ids=["direct", "nobody listens", "by the rule", "direct alone"],
)
def test_a_mebibyte_passes_each_way_by_the_way_that_the_hub_opens(
    listens: bool, rule: WayRule, expected: WayKind
) -> None:
    """Whole, over and over again, on one hub."""
    with running_hub() as hub:
        place = ("127.0.0.1", hub.service.port)
        with (
            Side("sender", SystemClock(), place, rule) as sender,
            Side("receiver", SystemClock(), place, rule, listens=listens) as receiver,
        ):
            ann, bob = hub.join_modern("Ann", sender.identity), hub.join_modern("Bob", receiver.identity)
            for _ in range(3):
                want(ann, bob, Role.SENDER, sender)
                bob.wait_for(WayWanted)
                want(bob, ann, Role.RECEIVER, receiver)
                sender.ways.open(ann.wait_for(WayOpened))
                receiver.ways.open(bob.wait_for(WayOpened))
                at_sender = sender.link()
                at_sender.socket.sendall(b"s")
                at_receiver = receiver.link()
                assert (at_sender.way, at_receiver.way, at_receiver.first) == (expected, expected, b"s")
                for source, destination in ((at_sender, at_receiver), (at_receiver, at_sender)):
                    for _ in range(16):
                        source.socket.sendall(bytes(MIB // 16))
                        assert received(destination.socket, MIB // 16) == bytes(MIB // 16)
                at_sender.close()
                assert at_receiver.socket.recv(1) == b""
                at_receiver.close()
