"""Newcomers who take too long: whose sockets are shut, and whose are not. Thread: pytest's main thread."""

import socket
from collections.abc import Iterator

import pytest

from tcpipserver.net.deadlines import Deadlines
from tests.support.clock import FakeClock

Ends = tuple[socket.socket, socket.socket]


@pytest.fixture
def pairs() -> Iterator[list[Ends]]:
    """Three newcomers: the hub's socket, and his own."""
    made = [socket.socketpair() for _ in range(3)]
    for _, theirs in made:
        theirs.settimeout(20.0)
    yield made
    for end in (end for pair in made for end in pair):
        end.close()


@pytest.fixture
def clock() -> FakeClock:
    """Stands still until it is moved."""
    return FakeClock()


def is_shut(pair: Ends) -> bool:
    """Whether nothing can be sent on the hub's socket any more."""
    try:
        pair[0].send(b"x")
    except OSError:
        return True
    assert pair[1].recv(1) == b"x"
    return False


def test_those_whose_time_is_over_are_shut_and_no_others(pairs: list[Ends], clock: FakeClock) -> None:
    """Each has his own ten seconds, from the moment at which he came."""
    deadlines = Deadlines(clock, 10.0)
    assert deadlines.begin(pairs[0][0]) == clock.now() + 10.0
    deadlines.begin(pairs[1][0])
    clock.advance(5.0)
    deadlines.begin(pairs[2][0])
    clock.advance(4.9)
    deadlines.shut_overdue()
    assert [is_shut(pair) for pair in pairs] == [False, False, False]
    clock.advance(0.1)
    deadlines.shut_overdue()
    assert [is_shut(pair) for pair in pairs] == [True, True, False]


def test_whoever_is_done_keeps_his_socket(pairs: list[Ends], clock: FakeClock) -> None:
    """It is somebody else's from then on; that nobody waits for one who is gone is told twice without harm."""
    deadlines = Deadlines(clock, 10.0)
    deadlines.begin(pairs[0][0])
    deadlines.end(pairs[0][0])
    deadlines.end(pairs[0][0])
    clock.advance(10.0)
    deadlines.shut_overdue()
    assert not is_shut(pairs[0])


def test_one_who_has_gone_himself_does_not_keep_the_others(pairs: list[Ends], clock: FakeClock) -> None:
    """A socket that was closed cannot be shut; the next one is."""
    deadlines = Deadlines(clock, 10.0)
    deadlines.begin(pairs[0][0])
    deadlines.begin(pairs[1][0])
    pairs[0][0].close()
    clock.advance(10.0)
    deadlines.shut_overdue()
    assert is_shut(pairs[1])
