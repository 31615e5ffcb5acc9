"""The flusher: sends what waits, tells who has caught up, closes what is done. Threads: main and the flusher's."""

import queue
import socket
from collections.abc import Iterator

import pytest

from tcpipserver.net.connection import Connection
from tcpipserver.net.flusher import LOW_MARK_BYTES, Flusher
from tests.support.hub_connections import real_connection
from tests.support.leaks import wait_until

SECONDS = 20.0
Drained = queue.SimpleQueue[Connection]


@pytest.fixture
def drained() -> Drained:
    """Who has caught up."""
    return queue.SimpleQueue()


@pytest.fixture
def flusher(drained: Drained) -> Iterator[Flusher]:
    """A flusher that runs, and has to end without breaking."""
    failed: list[str] = []
    made = Flusher("flusher-1", drained.put, failed.append)
    made.start()
    yield made
    assert made.stop(SECONDS)
    assert failed == []


def fill(connection: Connection, size: int) -> bytes:
    """Send so much that at least this many bytes wait; returns all that was sent."""
    connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    sent = b""
    while connection.outbox.waiting < size:
        block = bytes((len(sent) // 1024 + offset) % 256 for offset in range(64)) * 1024
        connection.outbox.send(block)
        sent += block
    return sent


def receive(theirs: socket.socket, size: int) -> bytes:
    """So many bytes."""
    received = bytearray()
    while len(received) < size:
        received += theirs.recv(min(65_536, size - len(received)))
    return bytes(received)


def test_what_waits_goes_out_as_the_other_side_reads(flusher: Flusher) -> None:
    """All of it, in order; then the flusher looks at that socket no more."""
    with real_connection() as (connection, theirs):
        sent = fill(connection, 200_000)
        flusher.watch(connection)
        flusher.watch(connection)
        assert receive(theirs, len(sent)) == sent
        assert wait_until(lambda: connection not in flusher._watched, SECONDS)
        assert connection.outbox.waiting == 0


def test_it_can_be_watched_again(flusher: Flusher) -> None:
    """A second time, after all had gone out."""
    with real_connection() as (connection, theirs):
        for _ in range(3):
            sent = fill(connection, 50_000)
            flusher.watch(connection)
            assert receive(theirs, len(sent)) == sent
            assert wait_until(lambda: connection not in flusher._watched, SECONDS)


def test_who_is_waited_for_is_told_of_once_when_half_has_gone(flusher: Flusher, drained: Drained) -> None:
    """Not before the low mark, and not for one for whom nobody waits."""
    with real_connection(1) as (waited_for, theirs), real_connection(2) as (other, others):
        sent, others_sent = fill(waited_for, LOW_MARK_BYTES + 400_000), fill(other, 50_000)
        waited_for.is_waited_for = True
        flusher.watch(waited_for)
        flusher.watch(other)
        receive(others, len(others_sent))
        receive(theirs, 100_000)
        assert waited_for.outbox.waiting > LOW_MARK_BYTES
        assert drained.empty()
        receive(theirs, len(sent) - 100_000)
        assert drained.get(timeout=SECONDS) is waited_for
        assert not waited_for.is_waited_for
        assert wait_until(lambda: not flusher._watched, SECONDS)
        assert drained.empty()


def test_a_broken_one_has_nothing_left_and_lets_others_go_on(flusher: Flusher, drained: Drained) -> None:
    """Whoever waited for it is told at once."""
    with real_connection() as (connection, theirs):
        fill(connection, 50_000)
        connection.is_waited_for = True
        theirs.close()
        flusher.watch(connection)
        assert drained.get(timeout=SECONDS) is connection
        assert wait_until(lambda: not flusher._watched, SECONDS)


@pytest.mark.parametrize("is_watched", [False, True])
def test_one_that_is_retired_is_closed(flusher: Flusher, is_watched: bool) -> None:
    """Also while something waits; being asked to watch it afterwards does nothing."""
    with real_connection() as (connection, _):
        fill(connection, 50_000)
        if is_watched:
            flusher.watch(connection)
        flusher.retire(connection)
        flusher.watch(connection)
        assert wait_until(lambda: connection.socket.fileno() < 0, SECONDS)
        assert wait_until(lambda: not flusher._asked, SECONDS)
        assert connection.outbox.waiting == 0


def test_stopping_does_what_was_asked_before(drained: Drained) -> None:
    """A connection that was retired is closed, although the thread may not have come to it."""
    flusher = Flusher("flusher-1", drained.put, pytest.fail)
    with real_connection() as (connection, _):
        flusher.retire(connection)
        assert flusher.stop(SECONDS)
        assert connection.socket.fileno() < 0
