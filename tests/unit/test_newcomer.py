"""One newcomer as his thread meets him: what he is bounded by, and what he is handed over with.

Arrivals are tested with test_arrivals.py; through a whole hub in tests/integration/test_hub_arrival.py and
test_modern_arrival.py. Thread: pytest's main thread.
"""

import socket
from collections.abc import Iterator

import pytest

from tcpipserver.hub.limits import Limits
from tcpipserver.net.deadlines import Deadlines
from tcpipserver.net.newcomer import ArrivalFailedError, Newcomer
from tests.support.classic_client import credentials
from tests.support.entrances import GREETING, Surroundings, entrance_in, visit_in
from tests.support.hub_connections import connection_on


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A socket of the hub's, and the newcomer's."""
    ours, theirs = socket.socketpair()
    theirs.settimeout(20.0)
    with ours, theirs:
        yield ours, theirs


def newcomer_on(connected: socket.socket, limits: Limits, failures: int = 0) -> Newcomer:
    """Somebody who has just been greeted; so many wrong proofs came from his address before."""
    entrance = entrance_in(Surroundings(), limits)
    connection, visit = connection_on(connected), visit_in(entrance)
    for _ in range(failures):
        entrance.doorkeeper.fail(visit)
    assert connection.greetings is not None
    connection.greetings.put(GREETING)
    return Newcomer(connection, visit, entrance, Deadlines(entrance.clock, limits.arrival_seconds))


def test_no_more_is_read_than_a_stranger_may_send(ends: tuple[socket.socket, socket.socket]) -> None:
    """What he sends beyond that stays in the system, and he is sent away."""
    ours, theirs = ends
    theirs.send(credentials("Ann")[:1000])
    with pytest.raises(ArrivalFailedError, match="sent too much"):
        newcomer_on(ours, Limits(early_bytes=999)).arrive()


def test_an_address_that_is_locked_out_brings_in_nobody(ends: tuple[socket.socket, socket.socket]) -> None:
    """Who guesses proofs could else come by the wire that asks for none."""
    ours, theirs = ends
    theirs.send(credentials("Ann"))
    with pytest.raises(ArrivalFailedError, match="locked out for 15 more seconds"):
        newcomer_on(ours, Limits(free_failures=2, lock_out_seconds=15.0), failures=3).arrive()


def test_without_a_mark_in_the_greeting_there_is_no_tls(ends: tuple[socket.socket, socket.socket]) -> None:
    """The proof would have nothing to sign: TLS is then as much as anything else that is no credentials."""
    ours, theirs = ends
    theirs.send(b"\x16\x03\x01")
    with pytest.raises(Exception, match="something else than its credentials"):
        newcomer_on(ours, Limits()).arrive()
