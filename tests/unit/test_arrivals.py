"""One arrival: in which order everything is handed over, and what becomes of one who does not get that far.

Threads: pytest's main thread, which stands for all others. Arrivals through a whole hub are tested in
tests/integration/test_hub_arrival.py.
"""

import socket
import threading
from collections.abc import Iterator

import pytest

from tcpipserver.hub.inputs import Joined
from tcpipserver.hub.limits import Limits
from tcpipserver.net.arrivals import Arrivals
from tcpipserver.net.credit import CHUNK_BYTES, Budget
from tcpipserver.net.inbox import Happened, Opened
from tcpipserver.net.normalizer import Cut, Ended
from tcpipserver.net.outbox import Waiting
from tests.support.classic_client import credentials
from tests.support.entrances import GREETING, Surroundings, entrance_in
from tests.support.hub_connections import ADDRESS
from tests.support.log_lines import LogLines


@pytest.fixture
def around() -> Surroundings:
    """What is around an arrival."""
    return Surroundings()


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A socket of the hub's, and the newcomer's."""
    ours, theirs = socket.socketpair()
    theirs.settimeout(20.0)
    with ours, theirs:
        yield ours, theirs


def arrivals_in(around: Surroundings, seconds: float = 600.0, most: int = 10, capacity: int = 10) -> Arrivals:
    """Arrivals with nobody arriving."""
    entrance = entrance_in(around, Limits(arrival_seconds=seconds, arriving=most))
    return Arrivals(entrance, Budget(), Waiting(), capacity=capacity)


def test_everything_is_handed_over_in_the_order_in_which_it_counts(
    around: Surroundings, ends: tuple[socket.socket, socket.socket]
) -> None:
    """First who it is, then what he said already, and only then the socket: nothing later can come before."""
    ours, theirs = ends
    theirs.send(credentials("Ann") + b"more")
    assert arrivals_in(around).receive(ours, ADDRESS)
    opened, place, joined, cuts, add = around.events
    assert isinstance(opened, Opened)
    assert opened.connection.caretaker is around
    assert place == "place"
    assert isinstance(joined, Happened)
    assert isinstance(joined.happened, Joined)
    assert joined.happened.credentials.name == "Ann"
    assert cuts == [Cut(opened.connection, [], 4)]
    assert add == ("add", 1)
    assert opened.connection.credit.unprocessed == 4 + CHUNK_BYTES
    assert not ours.getblocking()
    assert theirs.recv(2000) == GREETING


def test_without_a_byte_behind_the_credentials_there_is_no_chunk(
    around: Surroundings, ends: tuple[socket.socket, socket.socket]
) -> None:
    """There is nothing to work off."""
    ours, theirs = ends
    theirs.send(credentials("Ann"))
    assert arrivals_in(around).receive(ours, ADDRESS)
    assert not any(isinstance(event, list) for event in around.events)


@pytest.mark.parametrize(
    ("answer", "bytes_", "reason"),
    [
        (None, b"", "there was no place for it"),
        (GREETING, b"\x16", "it began with something else than its credentials"),
        (GREETING, b"", "it closed the connection without saying who it is"),
    ],
)
def test_one_who_does_not_get_that_far_ends_once(
    around: Surroundings, ends: tuple[socket.socket, socket.socket], answer: bytes | None, bytes_: bytes, reason: str
) -> None:
    """With a reason for the log; his socket is the caller's to close, and he keeps no place."""
    ours, theirs = ends
    around.answer = answer
    theirs.send(bytes_)
    theirs.shutdown(socket.SHUT_WR)
    arrivals = arrivals_in(around, most=1)
    assert not arrivals.receive(ours, ADDRESS)
    opened, ended = around.events
    assert isinstance(opened, Opened)
    assert ended == [Ended(opened.connection, reason)]
    assert not arrivals._arriving


def test_a_broken_connection_ends_with_the_systems_reason(
    around: Surroundings, ends: tuple[socket.socket, socket.socket]
) -> None:
    """He has gone without having read what was sent to him, which the system takes for a fault."""
    ours, theirs = ends
    ours.send(b"unread")
    theirs.close()
    assert not arrivals_in(around).receive(ours, ADDRESS)
    assert isinstance(around.events[-1], list)
    assert around.events[-1][0].reason == "Connection reset by peer"


def test_time_that_is_over_ends_it(around: Surroundings, ends: tuple[socket.socket, socket.socket]) -> None:
    """One who says nothing is listened to as long as he may, and no longer."""
    arrivals = arrivals_in(around, seconds=2.0)
    thread = threading.Thread(target=arrivals.receive, args=(ends[0], ADDRESS))
    thread.start()
    assert ends[1].recv(2000) == GREETING
    arrivals.shut_overdue()
    assert thread.is_alive()
    around.clock.advance(2.0)
    arrivals.shut_overdue()
    thread.join(20.0)
    assert isinstance(around.events[-1], list)
    assert around.events[-1][0].reason == "it did not say who it is in time"


def test_a_defect_of_ours_ends_it_and_shows(around: Surroundings, ends: tuple[socket.socket, socket.socket]) -> None:
    """The brain hears that he is gone, and the listener gets the error for its log."""
    ours, theirs = ends
    around.breaks_at_place = True
    theirs.send(credentials("Ann"))
    arrivals = arrivals_in(around)
    with pytest.raises(RuntimeError):
        arrivals.receive(ours, ADDRESS)
    assert isinstance(around.events[-1], list)
    assert around.events[-1][0].reason == "the hub could not take it in"
    assert not arrivals._arriving


def test_places_are_counted_until_their_end_is_known(
    around: Surroundings, ends: tuple[socket.socket, socket.socket]
) -> None:
    """One who is registered keeps his place; it is free when the dispatcher says that he has ended."""
    ours, theirs = ends
    arrivals = arrivals_in(around, capacity=1)
    theirs.send(credentials("Ann"))
    assert arrivals.receive(ours, ADDRESS)
    with LogLines() as log:
        for _ in range(3):
            assert not arrivals.receive(ours, ADDRESS)
        assert log.lines() == ["192.0.2.7 was sent away: all 1 places are taken."]
    arrivals.release(1)
    theirs.send(credentials("Bob"))
    ours.setblocking(True)
    assert arrivals.receive(ours, ADDRESS)


def test_after_the_stop_nobody_arrives(around: Surroundings, ends: tuple[socket.socket, socket.socket]) -> None:
    """A connection that was accepted a moment before is closed without a word."""
    arrivals = arrivals_in(around)
    assert arrivals.stop(0)
    with LogLines() as log:
        assert not arrivals.receive(ends[0], ADDRESS)
        assert log.lines() == []
    assert around.events == []
