"""The second of those who were told goodbye. Thread: pytest's main thread."""

import math

from tcpipserver.net.goodbyes import GOODBYE_SECONDS, Goodbyes
from tests.support.hub_connections import stub_connection


def test_everybody_has_a_second_from_his_own_goodbye() -> None:
    """And is told of once when it is over."""
    goodbyes, ann, bob = Goodbyes(), stub_connection(1)[0], stub_connection(2)[0]
    assert goodbyes.next_deadline == math.inf
    goodbyes.begin(ann, 10.0)
    goodbyes.begin(bob, 10.5)
    assert goodbyes.next_deadline == 10.0 + GOODBYE_SECONDS
    assert goodbyes.take_overdue(10.0 + GOODBYE_SECONDS - 0.1) == []
    assert goodbyes.take_overdue(10.0 + GOODBYE_SECONDS) == [(ann, False)]
    assert goodbyes.take_overdue(10.0 + GOODBYE_SECONDS) == []
    goodbyes.end(bob)
    assert goodbyes.next_deadline == math.inf


def test_who_shut_his_own_side_alone_may_read_what_is_due() -> None:
    """Until his second is over; one who was not told goodbye, or has everything, is let go at once."""
    goodbyes = Goodbyes()
    (ann, stub, _), (bob, _, _) = stub_connection(1, room=0), stub_connection(2)
    ann.send(b"goodbye")
    assert not goodbyes.may_still_read(ann)
    for connection in (ann, bob):
        goodbyes.begin(connection, 10.0)
    assert goodbyes.may_still_read(ann)
    assert not goodbyes.may_still_read(bob)
    assert goodbyes.take_overdue(20.0) == [(ann, True), (bob, False)]
    stub.room = 100
    assert not goodbyes.may_still_read(ann)
