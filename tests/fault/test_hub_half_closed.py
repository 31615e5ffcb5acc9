"""Somebody shuts his sending side and still reads: what is due to him goes out, for a second.

The hub goes by a clock that the test moves. Threads: the hub's own, and pytest's main thread as every client.
"""

import pytest

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType
from tests.support.classic_client import SECONDS, ClassicClient
from tests.support.clock import FakeClock
from tests.support.leaks import wait_until
from tests.support.running_hub import FILLING, RunningHub, running_hub

SMALL = 64 << 10
"""A receive buffer that is full soon."""


def leave_without_reading(hub: RunningHub, *, says_so: bool) -> ClassicClient:
    """One for whom a mebibyte waits says that he leaves, or does not, and shuts his sending side."""
    slow = hub.join("Slow", SMALL)
    hub.fill_outbox(slow, 1 << 20)
    if says_so:
        slow.send(DataPacket(PacketType.CLOSE).encode())
    slow.shut()
    hub.wait_for_members(0)
    return slow


@pytest.mark.parametrize("says_so", [False, True])
def test_what_is_due_to_one_who_shut_his_sending_side_still_reaches_him(says_so: bool) -> None:
    """All of it, and then the end, with time standing still; then his place is free."""
    with running_hub(clock=FakeClock()) as hub:
        slow = leave_without_reading(hub, says_so=says_so)
        slow.wait_for_end()
        assert slow.count(FILLING) * 1024 > 1 << 20
        assert slow.count(FILLING) % 256 == 0
        hub.advance(1.0)
        assert hub.service._dispatcher.is_empty.wait(SECONDS)


def test_one_who_does_not_read_it_is_closed_after_a_second() -> None:
    """And nothing is kept of what was due to him."""
    with running_hub(clock=FakeClock()) as hub:
        slow = hub.join("Slow", SMALL)
        connection = hub.connection_of(slow)
        hub.fill_outbox(slow, 1 << 20)
        slow.shut()
        hub.wait_for_members(0)
        hub.settle()
        assert not hub.service._dispatcher.is_empty.is_set()
        hub.advance(0.9)
        assert connection.socket.fileno() >= 0
        hub.advance(0.2)
        assert wait_until(lambda: connection.socket.fileno() < 0, SECONDS)
        assert hub.service._dispatcher.is_empty.is_set()
        assert hub.service._waiting.size == 0


def test_one_who_is_gone_altogether_is_closed_at_once() -> None:
    """Nobody is there to read it."""
    with running_hub(clock=FakeClock()) as hub:
        gone = hub.join("Gone", SMALL)
        hub.fill_outbox(gone, 1 << 20)
        gone.reset()
        assert hub.service._dispatcher.is_empty.wait(SECONDS)
        assert wait_until(lambda: hub.service._waiting.size == 0, SECONDS)
