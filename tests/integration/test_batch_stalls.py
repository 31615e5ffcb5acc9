"""Ends that stand still for ever, from hub to handler: the other one gives up, says so, and goes on with other things.

Threads: the hub's and the clients' own; pytest's main thread as their users, who moves the clock of the exchanges.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tcpipclient.core.batch_events import BatchChanged, BatchEnded, BatchProgressed, BatchState
from tcpipclient.exchange import FileExchange
from tcpipclient.net.peer.pump import Pump
from tests.support.batch_clients import BatchClient, Meeting, meeting
from tests.support.clock import FakeClock
from tests.support.leaks import wait_until

SECONDS = 20.0
LARGE = 64 << 20
SLOW = 1_000_000
"""Bytes per second at which LARGE does not end before the test has looked."""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Meeting]:
    """One, and nobody on it."""
    with meeting(tmp_path) as hub:
        yield hub


def pumps_of(end: BatchClient) -> list[Pump]:
    """Those that run."""
    shell = end.client._exchange._maybe_shell
    return [] if shell is None else list(shell._carrier._pumps.values())


def hold(end: BatchClient, until: threading.Event) -> None:
    """Have the thread of the pump that runs stand still in the middle: the connection stays, and nothing is done."""
    (pump,) = pumps_of(end)
    stands = threading.Event()

    def stand() -> None:
        stands.set()
        until.wait(10 * SECONDS)

    pump._command(stand)
    assert stands.wait(SECONDS)


def lost_ways(end: BatchClient, before: int) -> list[BatchChanged]:
    """That it has lost its way, as its user was told behind so many changes."""
    return [it for it in end.heard.all(BatchChanged)[before:] if it.state is BatchState.CONNECTING and it.detail]


@pytest.mark.parametrize("who", ["sender", "receiver"])
def test_who_stands_still_for_ever_is_given_up(hub: Meeting, tmp_path: Path, who: str) -> None:
    """After half a minute without a sign of life; when he comes to, all of it arrives by another way."""
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(LARGE)
    clock, go_on = FakeClock(), threading.Event()
    live_exchange = FileExchange(clock)

    def passes(condition: Callable[[], bool], step: float = 0.25) -> bool:
        """Let time pass for the one who is well until this holds."""

        def holds() -> bool:
            clock.advance(step)
            for pump in pumps_of(lives):
                pump._pipe.wake()  # It looks at the clock a few times in a second that is none of the test's.
            return condition()

        return wait_until(holds, SECONDS)

    try:
        ann = hub.join("Ann", exchange=live_exchange if who == "receiver" else None, speed_limit=SLOW)
        bob = hub.join("Bob", exchange=live_exchange if who == "sender" else None)
        stands, lives = (ann, bob) if who == "sender" else (bob, ann)
        ann.client.send_files([large], bob.id)
        assert passes(lambda: any(it.done for end in (ann, bob) for it in end.heard.all(BatchProgressed)))
        hold(stands, go_on)
        before = len(lives.heard.all(BatchChanged))
        assert passes(lambda: bool(lost_ways(lives, before)), 0.5)
        assert "Nothing was heard of the other computer for 30 seconds" in lost_ways(lives, before)[0].detail
        go_on.set()
        ann.client.limit_speed(None)
        assert passes(lambda: all(end.heard.all(BatchEnded) for end in (ann, bob)))
        assert ann.ended(1).state is bob.ended(1).state is BatchState.SAVED
        assert (bob.downloads / large.name).stat().st_size == LARGE
    finally:
        go_on.set()
        live_exchange.close()
