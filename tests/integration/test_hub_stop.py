"""Starting and stopping a hub, with people on it and without, once and again: nothing is left behind.

Threads: the hub's own, pytest's main thread as every client, and those that stop a hub meanwhile.
"""

import threading

import pytest

from commonlib.classic.packet import PacketType
from tcpipserver.config import ServerConfig
from tcpipserver.hub.limits import Limits
from tcpipserver.service import AlreadyStartedError, Service
from tests.support.classic_client import SECONDS, ClassicClient, credentials
from tests.support.clock import FakeClock
from tests.support.leaks import holdings_now, maybe_leak
from tests.support.running_hub import running_hub

LOOPBACK = ServerConfig(host="127.0.0.1", port=0, limits=Limits(arrival_seconds=600.0))


def stopping(service: Service) -> threading.Thread:
    """Stop a hub on a thread of its own."""
    thread = threading.Thread(target=service.stop, name="stopping")
    thread.start()
    return thread


def leave_at_goodbye(client: ClassicClient) -> None:
    """Read on to the end, which must come behind the hub's goodbye, and hang up."""
    client.wait_for_end()
    assert client.count(PacketType.HOST_EXITING) == 1
    assert client.packets[-1][:2] == PacketType.HOST_EXITING.to_bytes(2, "little")
    client.close()


def test_fifty_starts_and_stops_leave_nothing_behind() -> None:
    """Each time three clients are on the hub when it stops; all hear its goodbye, and no thread or descriptor stays."""
    before = holdings_now()
    for _ in range(50):
        service = Service(LOOPBACK)
        service.start()
        clients = [ClassicClient(service.port).register(name) for name in ("Ann", "Bob", "Cid")]
        thread = stopping(service)
        for client in clients:
            leave_at_goodbye(client)
        thread.join(SECONDS)
        assert not thread.is_alive()
    assert maybe_leak(before) is None


def test_a_client_that_does_not_hang_up_cannot_keep_the_hub() -> None:
    """One who ignores the goodbye is cut off after a moment, by the hub's clock, and the hub ends."""
    with running_hub(clock=FakeClock()) as hub:
        stubborn = hub.join("Stubborn")
        thread = stopping(hub.service)
        stubborn.wait_for_end()
        hub.log.wait_for("The hub stops")
        assert thread.is_alive()
        hub.advance_unseen(1.0)
        thread.join(SECONDS)
        assert not thread.is_alive()


def test_stopping_ends_those_who_are_arriving() -> None:
    """Whoever has not introduced himself is sent away without a word, however much of it is there already.

    Nobody waits for the moment that those who are registered get for hanging up.
    """
    with running_hub(LOOPBACK, clock=FakeClock()) as hub:
        half_open = [hub.connect() for _ in range(5)]
        for size, client in enumerate(half_open):
            client.greet()
            client.send(credentials("Nobody")[: size * 200])
        hub.service.stop()
        for client in half_open:
            client.wait_for_end()
            assert len(client.packets) == 1
        assert hub.log.count("did not register: the hub stops.") == 5


def test_people_who_come_while_the_hub_stops_are_refused_or_told() -> None:
    """A connection that waits in the system's own queue, or in the middle of registering, ends in any case."""
    with running_hub(LOOPBACK) as hub:
        with hub.dispatcher_standing_still():
            clients = [hub.connect() for _ in range(5)]
            thread = stopping(hub.service)
        thread.join(SECONDS)
        assert not thread.is_alive()
        for client in clients:
            client.wait_for_end()


def test_stopping_twice_is_stopping_once() -> None:
    """A second stop returns at once, also on another thread while the first one is at work, and after it."""
    with running_hub(clock=FakeClock()) as hub:
        ann = hub.join("Ann")
        threads = [stopping(hub.service) for _ in range(3)]
        leave_at_goodbye(ann)
        for thread in threads:
            thread.join(SECONDS)
        hub.service.stop()
        assert hub.log.count("The hub stops") == 1


def test_waiting_returns_when_the_hub_has_stopped() -> None:
    """Whoever waits for the hub is let go by a stop on another thread, and not before."""
    with running_hub() as hub:
        assert not hub.service.wait(0)
        thread = stopping(hub.service)
        assert hub.service.wait(SECONDS)
        thread.join(SECONDS)
        assert hub.service.failure is None


def test_a_hub_that_never_started_can_be_stopped() -> None:
    """Stopping before starting does nothing."""
    Service(LOOPBACK).stop()


@pytest.mark.parametrize("has_stopped", [False, True])
def test_a_hub_cannot_be_started_twice(has_stopped: bool) -> None:
    """A second start is refused with a sentence, and the hub that runs goes on."""
    with running_hub() as hub:
        if has_stopped:
            hub.service.stop()
        with pytest.raises(AlreadyStartedError, match="make a new one"):
            hub.service.start()
        if not has_stopped:
            hub.join("Ann").echo()


def test_an_unread_outbox_does_not_keep_the_hub() -> None:
    """A client for whom much waits and who reads nothing is cut off like any other when the hub stops."""
    with running_hub(clock=FakeClock()) as hub:
        hub.fill_outbox(hub.join("Deaf", receive_buffer=4096), 1 << 20)
        thread = stopping(hub.service)
        hub.log.wait_for("The hub stops")
        hub.advance_unseen(1.0)
        thread.join(SECONDS)
        assert not thread.is_alive()
