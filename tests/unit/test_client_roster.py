"""Who is on the hub besides us.

Thread: pytest's main thread.
"""

import pytest

from commonlib.classic.layouts import ClientDataPacket
from commonlib.ticks import ticks_from_unix
from tcpipclient.core.events import Person, PersonChanged, PersonJoined
from tcpipclient.core.roster import Roster, read_person
from tests.support import hub_packets

BOB = Person(2, "Bob")


def read(packet: bytes) -> Person | None:
    """Read a ClientData packet."""
    return read_person(ClientDataPacket.decode(packet))


def test_every_field_of_a_person_is_read() -> None:
    """Ticks become Unix seconds."""
    packet = hub_packets.person(
        5,
        "Bob",
        alternate_address="10.0.0.1",
        client_version="3.1",
        colour=0x00FF00,
        status=6,
        status_ticks=ticks_from_unix(1000.5),
        listening_port=9990,
    )
    assert read(packet) == Person(5, "Bob", "vm", "192.0.2.7", "10.0.0.1", "3.1", 0x00FF00, 6, 1000.5, 9990)


@pytest.mark.parametrize("ticks", [0, -1, 1 << 62])
def test_a_status_time_that_is_no_moment_is_none(ticks: int) -> None:
    """Originals leave 0 there."""
    person = read(hub_packets.person(5, "Bob", status_ticks=ticks))
    assert person is not None
    assert person.status_since is None


@pytest.mark.parametrize(
    "packet",
    [hub_packets.person(5, ""), hub_packets.person(0, "Bob"), hub_packets.person(5, "Eve", id_from=6)],
    ids=["no name", "no id", "said by another"],
)
def test_details_of_nobody_are_passed_over(packet: bytes) -> None:
    """And what one client says about another, which an original passes on."""
    assert read(packet) is None


def test_a_person_may_speak_for_himself() -> None:
    """An original passes on what its client says about itself, with his id as the sender."""
    assert read(hub_packets.person(5, "Bob", id_from=5)) is not None


def test_only_news_is_told() -> None:
    """Somebody new has joined, a difference is a change, a repetition is nothing."""
    roster = Roster()
    assert roster.put(BOB) == PersonJoined(BOB)
    assert roster.put(BOB) is None
    louder = Person(2, "BOB")
    assert roster.put(louder) == PersonChanged(louder, BOB)


def test_the_snapshot_is_in_the_order_of_ids() -> None:
    """Whatever the order of coming."""
    roster = Roster()
    for number in (9, 2, 5):
        roster.put(Person(number, f"p{number}"))
    assert [person.id for person in roster.snapshot()] == [2, 5, 9]
    assert 5 in roster
    assert roster.name_of(5) == "p5"
    assert roster.maybe_remove(5) == Person(5, "p5")
    assert 5 not in roster
    assert roster.name_of(5) == ""
    assert roster.maybe_remove(5) is None
