"""Who changes his name or his details, and what the others are told of it."""

import pytest

from commonlib.meaning import Meaning
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.attendance import MOST_CHANGES_TOLD
from tcpipserver.hub.effects import Deliver, Record
from tcpipserver.hub.people import Credentials, Details, Person
from tests.support.hubs import ADDRESS, WALL_TICKS, deliveries, hub_with, lines, person, tell

ALICE, BOB, CAROL = 1, 2, 3


def test_new_credentials_are_applied_and_told_to_the_others() -> None:
    """As details; who changed them is not told of himself."""
    hub = hub_with("Alice", "Bob", "Carol")
    told = tell(hub, inputs.CredentialsChanged(BOB, Credentials("Robert", "laptop", "2.0")))
    assert person(hub, BOB).credentials == Credentials("Robert", "laptop", "2.0")
    assert deliveries(told) == [((ALICE, CAROL), effects.PeopleDetails((person(hub, BOB),)))]
    assert lines(told) == ["Bob (2) now goes by Robert (2) (computer laptop, version 2.0)."]


def test_new_credentials_keep_the_details() -> None:
    """Nothing but what was changed changes."""
    hub = hub_with("Alice")
    tell(hub, inputs.DetailsChanged(ALICE, Details(colour=0xFF)))
    tell(hub, inputs.CredentialsChanged(ALICE, Credentials("Alicia")))
    assert person(hub, ALICE) == Person(1, ADDRESS, Credentials("Alicia"), Details(colour=0xFF))


def test_new_credentials_are_made_presentable() -> None:
    """An empty name would be ignored by the others, a long one would not fit."""
    hub = hub_with("Alice")
    tell(hub, inputs.CredentialsChanged(ALICE, Credentials("", "c" * 65)))
    assert person(hub, ALICE).credentials == Credentials("Client 1", "c" * 64)


def test_new_details_are_kept_and_told_to_the_others() -> None:
    """Those who come later are told of them, too."""
    hub = hub_with("Alice", "Bob")
    details = Details("a" * 65, colour=0x00FF7F, status=3, listening_port=10_001, status_ticks=WALL_TICKS, mask=6)
    told = tell(hub, inputs.DetailsChanged(ALICE, details))
    assert person(hub, ALICE).details == details.clamped()
    assert told == [Deliver((BOB,), effects.PeopleDetails((person(hub, ALICE),)))]
    tell(hub, inputs.Arrived(CAROL, ADDRESS))
    about_all = deliveries(tell(hub, inputs.Joined(CAROL, Credentials("Carol"))))[0][1]
    assert about_all == effects.PeopleDetails((person(hub, ALICE), person(hub, BOB)))


@pytest.mark.parametrize(
    "same", [inputs.CredentialsChanged(ALICE, Credentials("Alice")), inputs.DetailsChanged(ALICE, Details())]
)
def test_what_has_not_changed_is_not_told(same: inputs.Input) -> None:
    """Nobody can fill the log and everybody's lines by saying the same again and again."""
    assert tell(hub_with("Alice", "Bob"), same) == []


def test_of_many_changes_at_once_the_others_are_told_the_last() -> None:
    """The first few as they come, then nothing before the tick: each would be told to everybody."""
    hub = hub_with("Alice", "Bob")
    told = [
        effect for status in range(1, 100) for effect in tell(hub, inputs.DetailsChanged(ALICE, Details(status=status)))
    ]
    tell(hub, inputs.CredentialsChanged(ALICE, Credentials("Al")))
    assert len(told) == MOST_CHANGES_TOLD
    assert person(hub, ALICE).details == Details(status=MOST_CHANGES_TOLD)
    assert tell(hub, inputs.Ticked()) == [
        Deliver((BOB,), effects.PeopleDetails((Person(1, ADDRESS, Credentials("Al"), Details(status=99)),))),
        Record(Meaning.CONNECTION, "Alice (1) now goes by Al (1) (computer not given)."),
    ]
    assert tell(hub, inputs.Ticked()) == []
    assert len(deliveries(tell(hub, inputs.DetailsChanged(ALICE, Details(status=1))))) == 1


def test_many_changes_that_end_where_they_began_are_not_told() -> None:
    """What the others know is right."""
    hub = hub_with("Alice", "Bob")
    for status in range(1, MOST_CHANGES_TOLD + 2):
        tell(hub, inputs.DetailsChanged(ALICE, Details(status=status)))
    tell(hub, inputs.DetailsChanged(ALICE, Details(status=MOST_CHANGES_TOLD)))
    assert tell(hub, inputs.Ticked()) == []


def test_the_many_changes_of_one_keep_nobody_elses_back() -> None:
    """Each has his own few."""
    hub = hub_with("Alice", "Bob")
    for status in range(1, 100):
        tell(hub, inputs.DetailsChanged(ALICE, Details(status=status)))
    assert len(tell(hub, inputs.DetailsChanged(BOB, Details(status=1)))) == 1


def test_one_who_is_alone_tells_nobody() -> None:
    """There is no delivery without a recipient."""
    assert tell(hub_with("Alice"), inputs.DetailsChanged(ALICE, Details(status=1))) == []
