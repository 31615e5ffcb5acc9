"""What members say to each other about files: who hears it, and who is told that nobody does."""

import pytest

from commonlib.transfer.messages import EntryKind, TopEntry, Totals
from commonlib.wire.way_messages import (
    FilesAnswered,
    FilesCancelled,
    FilesOffered,
    Role,
    WayRefused,
    WayWanted,
)
from tcpipserver.hub import inputs
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.effects import Deliver, Effect, Files, OpenWay, WayEnd
from tcpipserver.hub.filetalk import _CLASSIC, _GONE, _TOO_MUCH
from tests.support.hubs import ADDRESS, NOW, come, deliveries, lines, mixed_hub, person, tell

ALICE, BOB, CAROL, NOBODY = 1, 2, 3, 99
TRANSFER = bytes(range(16))
OFFERED = FilesOffered(transfer=TRANSFER, totals=Totals(files=1), top=[TopEntry(EntryKind.FILE, "a.txt")])
ANSWERED = FilesAnswered(transfer=TRANSFER, accepted=True)
CANCELLED = FilesCancelled(transfer=TRANSFER, why="no")
WANTED = WayWanted(transfer=TRANSFER, role=Role.SENDER, port=10_001, addresses=("192.0.2.1", ADDRESS))
ALL = (OFFERED, ANSWERED, CANCELLED, WANTED)
Said = FilesOffered | FilesAnswered | FilesCancelled | WayWanted


def say(hub: Hub, connection: int, to: int, said: Said, now: float = NOW) -> list[Effect]:
    """A member says something about files; what that comes to."""
    return tell(hub, inputs.FilesSaid(connection, to, said), now)


@pytest.mark.parametrize("said", ALL, ids=lambda said: type(said).__name__)
def test_it_goes_to_the_one_who_is_named(said: Said) -> None:
    """Whole, with the id of him who said it; who sends too fast is held back for it as for a text."""
    assert say(mixed_hub(), ALICE, BOB, said) == [Deliver((BOB,), Files(ALICE, BOB, said), paced=ALICE)]


@pytest.mark.parametrize(("to", "why"), [(NOBODY, _GONE), (CAROL, _CLASSIC)])
def test_where_nobody_can_hear_it_the_hub_says_so(to: int, why: str) -> None:
    """In its own name; but for giving up, which needs no answer. Nobody else hears anything."""
    hub = mixed_hub()
    for said in (OFFERED, ANSWERED):
        answer = Files(0, ALICE, FilesCancelled(transfer=TRANSFER, why=why))
        assert deliveries(say(hub, ALICE, to, said)) == [((ALICE,), answer)]
    refused = Files(0, ALICE, WayRefused(transfer=TRANSFER, why=why))
    assert deliveries(say(hub, ALICE, to, WANTED)) == [((ALICE,), refused)]
    assert say(hub, ALICE, to, CANCELLED) == []


@pytest.mark.parametrize("said", ALL, ids=lambda said: type(said).__name__)
def test_the_hub_takes_no_files(said: Said) -> None:
    """Nor does everybody."""
    told = say(mixed_hub(), ALICE, 0, said)
    assert deliveries(told) == []
    assert lines(told) == ["Alice (1) spoke of files to the hub, which takes none."]


def test_when_both_want_a_way_it_is_opened() -> None:
    """With where each listens, the address that the hub sees first, and none twice."""
    hub = mixed_hub()
    assert len(say(hub, ALICE, BOB, WANTED)) == 1
    told = say(hub, BOB, ALICE, WayWanted(transfer=TRANSFER, role=Role.RECEIVER))
    alice = WayEnd(ALICE, person(hub, ALICE), 10_001, (ADDRESS, "192.0.2.1"))
    assert told[1:] == [OpenWay(TRANSFER, alice, WayEnd(BOB, person(hub, BOB), 0, (ADDRESS,)))]


def test_no_more_addresses_are_told_than_the_wire_has_room_for() -> None:
    """An address that is too long for it is left out: cut, it would be somebody else's."""
    hub = Hub()
    come(hub, 1, "Alice", 1, address="x" * 65)
    come(hub, 2, "Bob", 2)
    many = tuple(f"192.0.2.{number}" for number in range(16))
    say(hub, ALICE, BOB, WayWanted(transfer=TRANSFER, role=Role.SENDER, addresses=many))
    answer = WayWanted(transfer=TRANSFER, role=Role.RECEIVER, addresses=many)
    (opened,) = (told for told in say(hub, BOB, ALICE, answer) if isinstance(told, OpenWay))
    assert opened.sender.addresses == many
    assert opened.receiver.addresses == (ADDRESS, *(one for one in many if one != ADDRESS))[:16]


def test_the_wishes_of_one_who_has_gone_are_forgotten() -> None:
    """His id is somebody else's one day."""
    hub = mixed_hub()
    say(hub, ALICE, BOB, WANTED)
    tell(hub, inputs.ConnectionLost(ALICE, "it closed the connection"))
    assert len(hub._roster.ways) == 0


def test_who_says_too_much_is_not_heard_for_a_moment() -> None:
    """He is told, the log tells of it now and then, and others are heard."""
    hub = mixed_hub()
    told = [effect for _ in range(5000) for effect in say(hub, ALICE, BOB, CANCELLED)]
    assert len(deliveries(told)) == 2000
    assert len(lines(told)) < 20
    assert deliveries(say(hub, ALICE, BOB, OFFERED)) == [
        ((ALICE,), Files(0, ALICE, FilesCancelled(transfer=TRANSFER, why=_TOO_MUCH)))
    ]
    assert deliveries(say(hub, BOB, ALICE, OFFERED)) == [((ALICE,), Files(BOB, ALICE, OFFERED))]
    assert deliveries(say(hub, ALICE, BOB, OFFERED, now=NOW + 1)) == [((BOB,), Files(ALICE, BOB, OFFERED))]
