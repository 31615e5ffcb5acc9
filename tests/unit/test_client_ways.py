"""Two clients that the hub has introduced find one connection between them, by whatever way there is.

TCP and TLS are real, on loopback; the time is the test's.
"""

import queue
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from commonlib.storage.owner_only import StorageError
from commonlib.wire.way_messages import Role
from tcpipclient.core.batch_events import WayKind
from tcpipclient.core.way_rule import WayRule
from tcpipclient.net.peer.link import WayFailed, WayNews
from tcpipclient.net.peer.listening import listening_socket
from tcpipclient.net.peer.search import SEARCH_SECONDS
from tcpipclient.net.peer.ways import MOST_WAYS, MOST_WAYS_EACH, Ways
from tests.support.clock import FakeClock
from tests.support.peer_ways import NO_HUB, WAIT_SECONDS, Side, introduce, two_sides
from tests.support.small_relay import running_relay
from tests.support.strangers import answering
from tests.support.tls_pairs import identity_of, server_context_of


def ways_of(
    name: str,
    tell: Callable[[WayNews], None] = lambda _: None,
    *,
    context: Callable[[], ssl.SSLContext] | None = None,
    hub: tuple[str, int] = NO_HUB,
    rule: WayRule = WayRule.AUTO,
    listening_port: int | None = 0,
) -> Ways:
    """Somebody's ways; to be closed by the test."""
    return Ways(
        identity_of(name),
        context or (lambda: server_context_of(name)),
        lambda: hub,
        rule,
        FakeClock(),
        tell,
        listening_port=listening_port,
    )


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


def test_after_ten_seconds_without_the_other_end_there_is_no_way() -> None:
    """Told once, with the next step."""
    with two_sides(sender_listens=True) as two:
        introduction = introduce(two.sender, two.receiver)
        two.sender.open(introduction.to_sender)
        two.advance(SEARCH_SECONDS)
        assert two.sender.failure().endswith("Try again in a while.")
        two.advance(SEARCH_SECONDS)
        assert not two.sender.has_news


def test_a_way_that_is_opened_twice_is_searched_for_once() -> None:
    """The hub may say what it likes."""
    with two_sides(receiver_listens=True) as two:
        introduction = introduce(two.sender, two.receiver)
        two.receiver.open(introduction.to_receiver)
        two.sender.ways.open(introduction.to_sender)
        two.sender.ways.open(introduction.to_sender)
        two.links()
        assert not two.sender.has_news


def test_a_hub_that_opens_ways_without_end_gets_so_many_searches_only() -> None:
    """Some to each person, and some to all together; for each further one there is none, at once."""
    with Side("sender", FakeClock(), listens=True) as sender:
        for number in range(MOST_WAYS):
            key = bytes([number // MOST_WAYS_EACH]) * 32
            sender.open(replace(introduce(sender, sender).to_receiver, peer_key=key))
            if number == MOST_WAYS_EACH - 1:
                sender.ways.open(replace(introduce(sender, sender).to_receiver, peer_key=key))
                assert "Too many" in sender.failure()
        sender.ways.open(introduce(sender, sender).to_receiver)
        assert "Too many" in sender.failure()
        assert not sender.has_news


def test_nothing_is_told_after_the_end() -> None:
    """Neither of what was searched for, nor of what is asked for then."""
    side = Side("sender", FakeClock())
    with side, answering(None) as silent:
        side.open(introduce(side, side, receiver_port=silent.port).to_sender)
        assert silent.wait_for_connection()
    side.ways.open(introduce(side, side).to_sender)
    assert side.ways.start_listening() == 0
    side.ways.close()
    assert not side.has_news


def test_the_end_may_come_from_whoever_is_told() -> None:
    """On the thread of the ways, which then does not wait for itself."""
    ended = threading.Event()

    def end(_: WayNews) -> None:
        ways.close()
        ended.set()

    ways = ways_of("sender", end, rule=WayRule.DIRECT)
    with Side("receiver", FakeClock()) as receiver:
        ways.open(introduce(receiver, receiver).to_sender)
        assert ended.wait(WAIT_SECONDS)
    ways.close()


def test_listening_begins_once_and_at_the_port_that_is_wanted() -> None:
    """Or at the next one that is free."""
    with listening_socket(0) as taken:
        wanted = taken.getsockname()[1]
        ways = ways_of("sender", listening_port=wanted)
        assert ways.port == 0
        port = ways.start_listening()
        assert port not in (0, wanted)
        assert ways.start_listening() == port == ways.port
        ways.close()
        assert ways.port == 0


@pytest.mark.parametrize(("rule", "port"), [(WayRule.HUB, 0), (WayRule.AUTO, None)], ids=["hub", "never"])
def test_who_may_not_listen_does_not(rule: WayRule, port: int | None) -> None:
    """And says so by the port 0."""
    ways = ways_of("sender", rule=rule, listening_port=port)
    assert (ways.start_listening(), ways.port) == (0, 0)
    ways.close()


def no_context() -> ssl.SSLContext:
    """The files of the key are gone."""
    raise StorageError(Path("key.pem"), "it cannot be read", "Bring it back from a backup.")


def test_without_a_key_nobody_is_listened_for_and_the_rest_goes_on() -> None:
    """What needs no certificate of ours works; the log says why."""
    ways = ways_of("sender", context=no_context)
    assert ways.start_listening() == 0
    ways.close()


def test_a_receiver_without_a_key_has_no_way_through_the_hub() -> None:
    """He is told so."""
    told: queue.Queue[WayNews] = queue.Queue()
    with running_relay() as relay, Side("other", FakeClock(), relay.address) as other:
        ways = ways_of("receiver", told.put, context=no_context, hub=relay.address)
        introduction = introduce(other, other)
        relay.tokens[introduction.to_sender.transfer] = introduction.to_sender.token
        ways.open(introduction.to_receiver)
        assert isinstance(told.get(timeout=WAIT_SECONDS), WayFailed)
        ways.close()


def test_a_fault_of_ours_ends_all_searches_with_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody waits for ever; and later ones hear the same."""
    told: queue.Queue[WayNews] = queue.Queue()

    def fail() -> ssl.SSLContext:
        raise RuntimeError("a fault of ours")

    with running_relay() as relay, Side("other", FakeClock(), relay.address) as other:
        ways = ways_of("receiver", told.put, context=fail, hub=relay.address)
        for _ in range(2):
            opened = introduce(other, other).to_receiver
            relay.tokens[opened.transfer] = opened.token
            ways.open(opened)
            news = told.get(timeout=WAIT_SECONDS)
            assert isinstance(news, WayFailed)
            assert (news.token, "its log says why" in news.why) == (opened.token, True)
        ways.close()
    assert "a fault of ours" in caplog.text


def test_the_addresses_are_those_of_this_computer() -> None:
    """With loopback, since the hub is there."""
    ways = ways_of("sender")
    assert ways.addresses[0] == "127.0.0.1"
    ways.close()
