"""What a running hub does as time goes by: it pings, measures, and drops who has gone silent.

The hub goes by a clock that the test moves. Threads: the hub's own, and pytest's main thread as every client.
"""

import threading
from concurrent.futures import Future

import pytest

from commonlib.awake import SLEEP_SECONDS
from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType
from commonlib.ticks import ticks_from_unix
from tcpipserver.net.inbox import Asked
from tests.support.classic_client import SECONDS, ClassicClient
from tests.support.clock import FakeClock
from tests.support.leaks import wait_until
from tests.support.running_hub import RunningHub, running_hub

MINUTE = 60.0


def answer_ping(hub: RunningHub, client: ClassicClient) -> DataPacket:
    """Read the next ping, and answer it as clients do; returns the ping when the hub has the answer."""
    ping = DataPacket.decode(client.wait_for(PacketType.PING))
    client.send(DataPacket(PacketType.PING_RESPONSE, longs=(ping.long(1),)).encode())
    client.echo()
    return ping


def test_everybody_is_pinged_every_four_minutes() -> None:
    """A ping with the hub's clock goes to each client four minutes after he came, and every four minutes again."""
    clock = FakeClock()
    with running_hub(clock=clock) as hub:
        ann = hub.join("Ann")
        hub.advance(239.0)
        bob = hub.join("Bob")
        ann.echo()
        assert not ann.has_received(PacketType.PING)
        for earlier in range(3):
            hub.advance(1.0)
            assert answer_ping(hub, ann).long(1) == ticks_from_unix(clock.wall())
            bob.echo()
            assert bob.count(PacketType.PING) == earlier
            hub.advance(239.0)
            answer_ping(hub, bob)


def test_how_long_answers_take_is_kept_for_each_client() -> None:
    """Last, mean and longest time of a client's answers, and when the longest was, are there to be asked for."""
    clock = FakeClock()
    with running_hub(clock=clock) as hub:
        ann, bob = hub.join("Ann"), hub.join("Bob")
        longest_at = 0.0
        for seconds in (1.0, 4.0, 1.0):
            hub.advance(240.0)
            ping = DataPacket.decode(ann.wait_for(PacketType.PING))
            bob.echo()
            hub.advance(seconds)
            ann.send(DataPacket(PacketType.PING_RESPONSE, longs=(ping.long(1),)).encode())
            ann.echo()
            longest_at = clock.wall() if seconds == 4.0 else longest_at
        of_ann, of_bob = (member.keepalive.statistics for member in hub.members())
        assert (of_ann.count, of_ann.last, of_ann.mean, of_ann.longest) == (3, 1.0, 2.0, 4.0)
        assert of_ann.longest_at == longest_at
        assert of_bob.count == 0


def test_one_who_is_silent_for_ten_minutes_is_dropped() -> None:
    """Who neither answers pings nor says anything is dropped; the others hear of it, the log says why."""
    with running_hub(clock=FakeClock()) as hub:
        silent, ann = hub.join("Silent"), hub.join("Ann")
        for _ in range(9):
            hub.advance(MINUTE)
            ann.echo()
        hub.advance(MINUTE - 1.0)
        ann.echo()
        assert not ann.has_received(PacketType.CLIENT_DISCONNECTING)
        hub.advance(1.0)
        assert DataPacket.decode(ann.wait_for(PacketType.CLIENT_DISCONNECTING)).id_from == silent.id
        silent.wait_for_end()
        hub.log.wait_for("Silent (1) is gone: nothing was heard of it for 10 minutes.")
        ann.echo()


def test_answers_to_pings_keep_a_silent_client() -> None:
    """One who only answers pings stays."""
    with running_hub(clock=FakeClock()) as hub:
        quiet = hub.join("Quiet")
        for _ in range(5):
            hub.advance(4 * MINUTE)
            answer_ping(hub, quiet)
        assert len(hub.members()) == 1


def test_who_is_let_go_and_does_not_hang_up_is_cut_off() -> None:
    """After his goodbye a client has a second to close his side; then the hub closes the connection by itself."""
    with running_hub(clock=FakeClock()) as hub:
        bob = hub.join("Bob")
        connection = hub.connection_of(bob)
        bob.send(DataPacket(PacketType.CLOSE).encode())
        bob.wait_for_end()
        hub.settle()
        assert connection.socket.fileno() >= 0
        hub.advance(1.0)
        assert wait_until(lambda: connection.socket.fileno() < 0, 20.0)


@pytest.mark.parametrize("seconds", [0.0, 599.0])
def test_who_leaves_does_not_get_his_id_back_before_its_time(seconds: float) -> None:
    """Through ten minutes an id that was free again is not given, whatever else is."""
    with running_hub(clock=FakeClock()) as hub:
        bob = hub.join("Bob")
        bob.close()
        hub.wait_for_members(0)
        hub.advance(seconds)
        assert hub.join("Cid").id == 2


def test_a_sleep_is_nobodys_silence() -> None:
    """A hub whose computer slept for hours keeps everybody; afterwards they have their ten minutes as before."""
    with running_hub(clock=FakeClock()) as hub:
        hub.join_many(2)
        hub.advance(599.0)
        hub.advance_unseen(8 * 3600)
        hub.settle()
        assert hub.service._dispatcher._awake.slept == 8 * 3600
        assert len(hub.members()) == 2
        hub.advance(1.0)
        assert len(hub.members()) == 0
        assert hub.log.count("nothing was heard of it for 10 minutes") == 2


def test_time_goes_on_while_there_is_always_something_to_do() -> None:
    """A dispatcher that never runs out of work still looks at the clock: whoever is due is pinged."""
    clock = FakeClock()
    with running_hub(clock=clock) as hub:
        ann = hub.join("Ann")
        post = hub.service._dispatcher.post
        has_pinged = threading.Event()

        def post_again(_: object) -> None:
            if not has_pinged.is_set():
                post(Asked(post_again, Future()))

        post(Asked(post_again, Future()))
        try:
            for _ in range(int(240 / SLEEP_SECONDS)):
                clock.advance(SLEEP_SECONDS)
                assert wait_until(lambda: hub.service._dispatcher._awake._last == clock.now(), SECONDS)
            ann.wait_for(PacketType.PING)
        finally:
            has_pinged.set()
