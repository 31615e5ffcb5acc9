"""The brain as a whole: every input has its taker, and what nobody is behind does nothing."""

import typing

import pytest

from commonlib.classic.packet import Layout
from commonlib.meaning import Meaning
from commonlib.wire.way_messages import FilesCancelled
from tcpipserver.hub import inputs
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.effects import Record
from tcpipserver.hub.people import Credentials, Details
from tests.support.hubs import NOW, WALL, hub_with, tell

ALICE, BOB, NOBODY = 1, 2, 99


def from_member(connection: int) -> list[inputs.FromMember]:
    """One of each of the inputs that a registered client can be behind."""
    return [
        inputs.CredentialsChanged(connection, Credentials("Mallory")),
        inputs.DetailsChanged(connection, Details(status=9)),
        inputs.ProfileChanged(connection, Credentials("Mallory"), Details(status=9)),
        inputs.TextSaid(connection, ALICE, "hello"),
        inputs.TextSaid(connection, 0, "hello"),
        inputs.TextReceived(connection, 0),
        inputs.PacketsSent(connection, 100, Layout.DATA, 0, bytes(1024)),
        inputs.CommandSent(connection, 0, 100, b"payload"),
        inputs.FilesSaid(connection, ALICE, FilesCancelled(transfer=bytes(16))),
        inputs.PingAsked(connection),
        inputs.PingAnswered(connection, 0),
        inputs.LatenciesAsked(connection, (ALICE,)),
        inputs.SignOfLife(connection),
        inputs.Misbehaved(connection, "it sent type 5"),
        inputs.StreamBroken(connection, "it sent too much"),
        inputs.LeaveAnnounced(connection),
    ]


def test_every_input_of_a_member_is_tried() -> None:
    """The list above leaves none out."""
    assert {type(happened) for happened in from_member(1)} == set(typing.get_args(inputs.FromMember))


@pytest.mark.parametrize("happened", from_member(NOBODY), ids=lambda happened: type(happened).__name__)
def test_an_input_about_nobody_does_nothing(happened: inputs.FromMember) -> None:
    """Whoever was behind the connection has gone; what he had sent before may still come in."""
    hub = hub_with("Alice")
    assert tell(hub, happened) == []
    assert [person.name for person in hub.people()] == ["Alice"]


@pytest.mark.parametrize("happened", from_member(BOB), ids=lambda happened: type(happened).__name__)
def test_an_input_from_one_who_is_arriving_does_nothing(happened: inputs.FromMember) -> None:
    """He has to say who he is before anything else."""
    hub = hub_with("Alice")
    tell(hub, inputs.Arrived(BOB, "192.0.2.8"))
    assert tell(hub, happened) == []
    tell(hub, inputs.Joined(BOB, Credentials("Bob")))
    assert [person.name for person in hub.people()] == ["Alice", "Bob"]


def test_misbehaviour_is_told_with_who_and_what() -> None:
    """Nobody else hears of it, and whoever misbehaved stays."""
    hub = hub_with("Alice", "Bob")
    assert tell(hub, inputs.Misbehaved(BOB, "it sent type 5, which is for servers to send")) == [
        Record(
            Meaning.TROUBLE,
            "Bob (2) does not keep to the protocol: it sent type 5, which is for servers to send.",
        )
    ]
    assert len(hub.people()) == 2


def test_misbehaviour_cannot_flood_the_log() -> None:
    """A hundred thousand broken packets are ten lines."""
    hub = hub_with("Mallory")
    told = [effect for _ in range(100_000) for effect in tell(hub, inputs.Misbehaved(ALICE, "it sent type 5"))]
    assert len(told) == 10


def test_one_is_heard_to_the_second() -> None:
    """Within a second it does not matter when exactly; after it, it does."""
    hub = hub_with("Alice")
    for later, heard in ((0.5, NOW), (1.0, NOW + 1.0), (1.5, NOW + 1.0), (2.0, NOW + 2.0)):
        tell(hub, inputs.PingAnswered(ALICE, 0), now=NOW + later)
        assert hub.members()[0].keepalive.last_heard == heard


def test_people_and_members_tell_who_is_here() -> None:
    """In the order in which they came, with since when."""
    hub = hub_with("Alice", "Bob")
    assert [person.id for person in hub.people()] == [1, 2]
    assert [(member.connection, member.id, member.since) for member in hub.members()] == [(1, 1, WALL), (2, 2, WALL)]
    assert Hub().people() == Hub().members() == ()
