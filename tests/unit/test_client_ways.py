"""Two clients that the hub has introduced find one connection between them, by whatever way there is.

TCP and TLS are real, on loopback; the time is the test's.
"""

import pytest

from commonlib.wire.way_messages import Role
from tcpipclient.core.batch_events import WayKind
from tcpipclient.core.way_rule import WayRule
from tests.support.peer_ways import two_sides
from tests.support.small_relay import running_relay


@pytest.mark.parametrize(
    ("sender_listens", "receiver_listens"), [(False, True), (True, False), (True, True)], ids=["to", "from", "both"]
)
def test_a_direct_link_is_one_connection_at_both_ends(sender_listens: bool, receiver_listens: bool) -> None:
    """Whoever of the two listens, and also where both do and two connections stand."""
    with two_sides(sender_listens=sender_listens, receiver_listens=receiver_listens) as two:
        two.introduce()
        at_sender, at_receiver = two.links()
        assert (at_sender.way, at_receiver.way) == (WayKind.DIRECT, WayKind.DIRECT)
        assert (at_sender.role, at_receiver.role) == (Role.SENDER, Role.RECEIVER)
        assert at_sender.peer == two.receiver.fingerprint
        assert at_receiver.peer == two.sender.fingerprint
        assert at_sender.socket.getpeername()[1] == at_receiver.socket.getsockname()[1]
        assert at_sender.socket.getsockname()[1] == at_receiver.socket.getpeername()[1]


def test_through_the_hub_at_once_where_nobody_listens() -> None:
    """No time is lost with what cannot be; and the hub cannot read what passes."""
    with running_relay() as relay, two_sides(relay=relay) as two:
        two.introduce()
        at_sender, at_receiver = two.links()
        assert (at_sender.way, at_receiver.way) == (WayKind.HUB, WayKind.HUB)
        assert (at_sender.peer, at_receiver.peer) == (two.receiver.fingerprint, two.sender.fingerprint)
        assert len(relay.passed) > 0
        assert b"offer" not in relay.passed


def test_nobody_listens_and_the_rule_is_direct() -> None:
    """Both are told at once."""
    with two_sides(rule=WayRule.DIRECT) as two:
        two.introduce()
        assert "Allow the way through the hub" in two.sender.failure()
        assert "Allow the way through the hub" in two.receiver.failure()
