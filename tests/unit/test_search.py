"""What a search does where things go wrong: somebody else answers, nobody does, or nobody wants it any more.

TCP and TLS are real, on loopback; the time is the test's.
"""

import threading

import pytest
from msgspec.structs import replace

from commonlib.wire.preface import PrefaceReader, make_preface
from commonlib.wire.way_messages import Role, WayOpened
from tcpipclient.core.batch_events import WayKind
from tcpipclient.core.way_rule import WayRule
from tcpipclient.net.peer.search import DIRECT_SECONDS, READY_SECONDS, SEARCH_SECONDS, SECONDS_APART
from tests.support.clock import FakeClock
from tests.support.leaks import holdings_now, maybe_leak, wait_until
from tests.support.peer_ways import WAIT_SECONDS, Side, two_sides
from tests.support.small_relay import running_relay
from tests.support.strangers import ANOTHER_LOOPBACK, answering, closed_port, knocking, swallowing
from tests.support.tls_pairs import identity_of

TRANSFER, TOKEN = b"t" * 16, b"k" * 32


def opened(port: int, addresses: tuple[str, ...] = ("127.0.0.1",), role: Role = Role.SENDER) -> WayOpened:
    """The introduction to a receiver at a port."""
    peer_key = identity_of("receiver").fingerprint
    return WayOpened(
        transfer=TRANSFER, role=role, peer=2, peer_key=peer_key, token=TOKEN, port=port, addresses=addresses
    )


def test_nothing_is_said_to_somebody_else_who_answers() -> None:
    """Neither the token nor our key: he has another key than the hub has told of."""
    with answering("stranger") as stranger, Side("sender", FakeClock(), rule=WayRule.DIRECT) as sender:
        sender.open(opened(stranger.port))
        assert "No direct connection" in sender.failure()
        assert stranger.heard() == b""


def test_the_right_one_is_told_who_we_are_and_for_which_way() -> None:
    """By the preface, and nothing else."""
    with answering("receiver") as receiver, Side("sender", FakeClock(), rule=WayRule.DIRECT) as sender:
        sender.open(opened(receiver.port))
        sender.link().close()
        reader, heard = PrefaceReader(), receiver.heard()
        preface = None
        while preface is None:
            step, heard = heard[: reader.wanted], heard[reader.wanted :]
            preface = reader.receive_data(step)
        assert heard == b""
        preface.check(TOKEN, identity_of("receiver").fingerprint, sender.fingerprint)


def test_one_who_takes_connections_and_is_silent_is_given_a_second() -> None:
    """Then it goes through the hub, and the attempt is closed."""
    with answering(None) as silent, running_relay() as relay, two_sides(relay=relay) as two:
        two.introduce(receiver_port=silent.port)
        assert silent.wait_for_connection()
        two.advance(DIRECT_SECONDS)
        assert two.links()[0].way is WayKind.HUB
        assert silent.heard() != b""  # The beginning of TLS, and then the end.


def test_where_the_port_is_closed_it_goes_through_the_hub_after_a_second() -> None:
    """The other end joins the hub no earlier either."""
    with running_relay() as relay, two_sides(relay=relay, receiver_listens=True) as two:
        two.introduce(receiver_port=closed_port())
        assert relay.connections == 0
        two.advance(DIRECT_SECONDS)
        assert [link.way for link in two.links()] == [WayKind.HUB, WayKind.HUB]


def test_a_sender_who_wants_the_hub_alone_is_not_kept_waiting_for_a_second() -> None:
    """The receiver, who cannot know it, is at the hub after a quarter of one."""
    with running_relay() as relay, two_sides(relay=relay, receiver_listens=True, sender_rule=WayRule.HUB) as two:
        two.introduce(receiver_port=closed_port())
        two.advance(READY_SECONDS)
        assert [link.way for link in two.links()] == [WayKind.HUB, WayKind.HUB]


def test_an_address_that_answers_nothing_holds_up_the_next_for_a_quarter_of_a_second_only() -> None:
    """The first that stands is taken, and the other attempt is closed."""
    with (
        answering("receiver") as receiver,
        answering(None, ANOTHER_LOOPBACK, receiver.port) as silent,
        Side("sender", clock := FakeClock(), rule=WayRule.DIRECT) as sender,
    ):
        sender.open(opened(receiver.port, (ANOTHER_LOOPBACK, "127.0.0.1")))
        assert silent.wait_for_connection()
        assert not receiver.has_connection
        clock.advance(SECONDS_APART)
        sender.poke()
        assert sender.link().socket.getpeername()[0] == "127.0.0.1"
        assert silent.heard() != b""


def test_an_address_where_nobody_listens_does_not_hold_up_the_next() -> None:
    """It is tried at once, without the quarter of a second."""
    with answering("receiver") as receiver, Side("sender", FakeClock(), rule=WayRule.DIRECT) as sender:
        sender.open(opened(receiver.port, (ANOTHER_LOOPBACK, "127.0.0.1")))
        assert sender.link().socket.getpeername()[0] == "127.0.0.1"


def test_one_alone_of_two_connections_to_the_other_end_shows_the_token() -> None:
    """It is good for one, and both addresses may be of one computer."""
    gate = threading.Event()
    with (
        answering("receiver", gate=gate) as first,
        answering("receiver", ANOTHER_LOOPBACK, first.port, gate) as second,
        Side("sender", clock := FakeClock(), rule=WayRule.DIRECT) as sender,
    ):
        sender.open(opened(first.port, ("127.0.0.1", ANOTHER_LOOPBACK)))
        assert first.wait_for_connection()
        clock.advance(SECONDS_APART)
        sender.poke()
        assert second.wait_for_connection()
        gate.set()
        sender.link().close()
        assert sorted(map(bool, (first.heard(), second.heard()))) == [False, True]


def test_by_the_rule_hub_no_other_client_is_connected_to_or_listened_for() -> None:
    """Though the other end says where it listens; and the hub is gone through at once."""
    with (
        answering(None) as never,
        running_relay() as relay,
        two_sides(relay=relay, sender_listens=True, receiver_listens=True, rule=WayRule.HUB) as two,
    ):
        assert (two.sender.ways.port, two.receiver.ways.port) == (0, 0)
        two.introduce(receiver_port=never.port)
        assert [link.way for link in two.links()] == [WayKind.HUB, WayKind.HUB]
        assert not never.has_connection


def test_by_the_rule_direct_the_hub_is_not_gone_through() -> None:
    """Both are told in the end that there is no way."""
    with (
        answering(None) as silent,
        running_relay() as relay,
        two_sides(relay=relay, receiver_listens=True, rule=WayRule.DIRECT) as two,
    ):
        two.introduce(receiver_port=silent.port)
        assert silent.wait_for_connection()
        two.advance(SEARCH_SECONDS)
        assert "Allow the way through the hub" in two.sender.failure()
        assert "Allow the way through the hub" in two.receiver.failure()
        assert relay.connections == 0


@pytest.mark.parametrize("is_deaf", [True, False], ids=["deaf", "without the other half"])
def test_a_hub_that_joins_nothing(is_deaf: bool) -> None:
    """After ten seconds there is no way, and nothing is left of the attempt."""
    with running_relay(is_deaf=is_deaf) as relay, Side("sender", clock := FakeClock(), relay.address) as sender:
        relay.tokens[TRANSFER] = TOKEN
        sender.open(opened(0))
        assert relay.wait_for_connections(1)
        clock.advance(SEARCH_SECONDS)
        sender.poke()
        assert "Neither a direct connection nor one through the hub" in sender.failure()


@pytest.mark.parametrize("role", list(Role))
def test_the_hub_itself_cannot_pose_as_the_other_end(role: Role) -> None:
    """Nor can a third person who has the token of one half: TLS and the preface go through it."""
    with (
        running_relay() as relay,
        Side("false", FakeClock(), relay.address) as false,
        Side("honest", FakeClock(), relay.address) as honest,
    ):
        relay.tokens[TRANSFER] = TOKEN
        # The honest one was told of somebody else's key.
        honest.open(replace(opened(0), role=role, peer_key=identity_of("receiver").fingerprint))
        false.open(replace(opened(0), role=role.other, peer_key=honest.fingerprint))
        if role is Role.SENDER:
            assert "could be made" in honest.failure()
        else:
            # The false sender takes his link for good, until it ends.
            false.link().socket.close()
            assert "could be made" in honest.failure()


@pytest.mark.parametrize("is_closed_first", [False, True], ids=["silent", "closed"])
def test_the_receiver_goes_by_the_connection_on_which_the_stream_begins(is_closed_first: bool) -> None:
    """Another one, on which nothing comes or which the sender closes again, is closed here, too."""
    with Side("receiver", FakeClock(), listens=True) as receiver, answering("sender") as sender:
        to_sender = identity_of("sender")
        receiver.open(replace(opened(sender.port), role=Role.RECEIVER, peer_key=to_sender.fingerprint))
        assert sender.wait_for_words()
        if is_closed_first:
            sender.close()
        preface = make_preface(TRANSFER, Role.SENDER, TOKEN, receiver.fingerprint, to_sender)
        with knocking(receiver.ways.port) as connection:
            connection.sendall(preface.encode() + b"stream")
            link = receiver.link()
            assert link.first == b"stream"
            assert link.socket.getsockname()[1] == receiver.ways.port
            assert sender.heard() != b""


@pytest.mark.parametrize("stage", ["connecting", "in TLS", "chosen"])
def test_who_gives_up_leaves_no_direct_attempt_open_and_hears_nothing(stage: str) -> None:
    """Wherever it stands, and long before the client is closed."""
    with (
        answering("receiver" if stage == "chosen" else None) as there,
        swallowing() as nowhere,
        Side("client", FakeClock()) as side,
    ):
        side.start()
        before = holdings_now()
        role = Role.RECEIVER if stage == "chosen" else Role.SENDER
        side.open(replace(opened(nowhere if stage == "connecting" else there.port), role=role))
        if stage == "connecting":
            assert wait_until(lambda: holdings_now() != before, WAIT_SECONDS)
        else:
            assert there.wait_for_connection()
        side.ways.give_up(TRANSFER)
        if stage != "connecting":
            there.heard()
        assert maybe_leak(before) is None
        assert not side.has_news


@pytest.mark.parametrize("stage", ["greeted", "joined"])
def test_who_gives_up_leaves_no_half_open_and_hears_nothing(stage: str) -> None:
    """Whether or not the hub has answered."""
    with running_relay(is_deaf=stage == "greeted") as relay, Side("client", FakeClock(), relay.address) as side:
        side.start()
        before = relay.connections
        relay.tokens[TRANSFER] = TOKEN
        side.open(opened(0))
        assert relay.wait_for_connections(before + 1)
        side.ways.give_up(TRANSFER)
        assert relay.wait_until_left()
        assert not side.has_news


def test_many_ways_one_after_the_other_leave_nothing_behind() -> None:
    """But their links, until whoever was given them closes them."""
    with two_sides(sender_listens=True, receiver_listens=True) as two:
        before = holdings_now()
        for _ in range(50):
            two.introduce()
            for link in two.links():
                link.close()
        assert maybe_leak(before) is None
