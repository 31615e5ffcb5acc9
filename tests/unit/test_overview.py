"""What the hub tells of itself at one moment: who is here, since when, how fast, and how much has passed."""

from commonlib.classic.packet import Layout
from tcpipserver.hub import inputs
from tcpipserver.hub.overview import Overview
from tests.support.hubs import NOW, WALL, WALL_TICKS, hub_with, tell

ALICE, BOB = 1, 2
COMMAND = 100


def test_an_empty_hub_is_all_zero() -> None:
    """Nobody is here, nobody comes, nothing has passed."""
    assert hub_with().overview() == Overview()


def test_everybody_is_listed_with_what_is_known() -> None:
    """In the order in which they came, with the moment of it; those who are still arriving are only counted."""
    hub = hub_with("Alice", "Bob")
    tell(hub, inputs.Arrived(3, "192.0.2.9"))
    overview = hub.overview()
    assert [(listed.person.name, listed.since) for listed in overview.people] == [("Alice", WALL), ("Bob", WALL)]
    assert overview.arriving == 1


def test_an_answered_ping_is_in_it() -> None:
    """The time that an answer took is what the list shows."""
    hub = hub_with("Alice")
    tell(hub, inputs.PingAsked(ALICE))
    tell(hub, inputs.PingAnswered(ALICE, WALL_TICKS), now=NOW + 0.25)
    assert hub.overview().people[0].ping.last == 0.25


def test_what_passes_is_counted_for_its_sender() -> None:
    """Texts to people and to the server, commands to one and to all; what reaches nobody is not counted."""
    hub = hub_with("Alice", "Bob")
    tell(hub, inputs.TextSaid(ALICE, BOB, "hello", packets=bytes(1024)))
    tell(hub, inputs.TextSaid(ALICE, 0, "hello"))
    tell(hub, inputs.PacketsSent(ALICE, COMMAND, Layout.DATA, BOB, bytes(2048)))
    tell(hub, inputs.PacketsSent(ALICE, COMMAND, Layout.DATA, 0, bytes(1024)))
    tell(hub, inputs.TextSaid(ALICE, 99, "to nobody"))
    tell(hub, inputs.PacketsSent(ALICE, COMMAND, Layout.DATA, 99, bytes(1024)))
    alice, bob = hub.overview().people
    assert (alice.sent_bytes, alice.sent_texts) == (1024 + 5 + 2048 + 1024, 2)
    assert (bob.sent_bytes, bob.sent_texts) == (0, 0)


def test_what_a_handler_takes_is_counted() -> None:
    """A command that a program on the server's side handles has passed the hub like any other."""
    hub = hub_with("Alice")
    tell(hub, inputs.CommandHandled(COMMAND))
    tell(hub, inputs.PacketsSent(ALICE, COMMAND, Layout.DATA, 0, bytes(3072)))
    assert hub.overview().people[0].sent_bytes == 3072


def test_the_totals_outlast_those_who_leave() -> None:
    """What somebody sent stays in the totals when he has gone."""
    hub = hub_with("Alice", "Bob")
    tell(hub, inputs.TextSaid(ALICE, BOB, "hello", packets=bytes(1024)))
    tell(hub, inputs.LeaveAnnounced(ALICE))
    overview = hub.overview()
    assert [listed.person.name for listed in overview.people] == ["Bob"]
    assert (overview.passed_bytes, overview.passed_texts) == (1024, 1)
