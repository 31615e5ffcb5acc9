"""Pairs of reader and flusher, and who has a place in which. Threads: pytest's main thread and the pairs' own."""

import os
import queue
import threading

import pytest

from tcpipserver.net.descriptors import SOCKETS_PER_GROUP
from tcpipserver.net.group import SocketGroups
from tests.support.hub_connections import real_connection
from tests.support.leaks import wait_until

SECONDS = 20.0


def groups_of(most: int | None) -> SocketGroups:
    """No groups yet, with so many sockets in each."""
    return SocketGroups(queue.Queue(), lambda _: None, pytest.fail, most)


def stop(groups: SocketGroups) -> None:
    """End all threads."""
    assert groups.stop_readers(SECONDS)
    assert groups.stop_flushers(SECONDS)


def test_windows_gets_groups_below_its_limit() -> None:
    """There one selector holds 512 sockets, of which the waker is one; elsewhere one group is enough."""
    assert (500 if os.name == "nt" else None) == SOCKETS_PER_GROUP


def test_a_group_is_started_when_the_others_are_full() -> None:
    """And not before: no thread runs while nobody is there."""
    before = threading.active_count()
    groups = groups_of(2)
    assert threading.active_count() == before
    placed = [groups.place() for _ in range(5)]
    assert [placed.index(group) for group in placed] == [0, 0, 2, 2, 4]
    assert threading.active_count() == before + 6
    stop(groups)
    assert threading.active_count() == before


def test_without_a_limit_there_is_one() -> None:
    """However many places are given."""
    groups = groups_of(None)
    assert len({id(groups.place()) for _ in range(1000)}) == 1
    stop(groups)


def test_one_who_is_retired_gives_his_place_to_another() -> None:
    """His socket is closed, and the next newcomer is cared for by the same pair."""
    groups = groups_of(1)
    group = groups.place()
    with real_connection() as (connection, _):
        group.retire(connection)
        assert wait_until(lambda: connection.socket.fileno() < 0, SECONDS)
    assert groups.place() is group
    assert groups.place() is not group
    stop(groups)


def test_places_given_at_the_same_time_are_different_ones() -> None:
    """Arrivals ask on threads of their own; no group gets more than it holds."""
    groups = groups_of(3)
    threads = [threading.Thread(target=groups.place) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert [group.size for group in groups._groups] == [3] * 10
    stop(groups)


def test_a_group_passes_on_what_a_connection_asks() -> None:
    """Reading again goes to the reader, waiting bytes to the flusher."""
    groups = groups_of(None)
    group = groups.place()
    with real_connection() as (connection, theirs):
        connection.register(group)
        group.reader.add(connection)
        assert wait_until(lambda: group.reader.is_reading(connection), SECONDS)
        size = 0
        while not connection.outbox.waiting:
            connection.send(b"x" * 65_536)
            size += 65_536
        received = 0
        while received < size:
            received += len(theirs.recv(1 << 20))
        assert wait_until(lambda: connection.outbox.waiting == 0, SECONDS)
        stop(groups)
