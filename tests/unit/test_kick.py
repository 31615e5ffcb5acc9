"""Being sent away by the operator: what the one who goes is told, what the others are told, what the log says."""

from commonlib.meaning import Meaning
from tcpipserver.hub import inputs
from tcpipserver.hub.effects import PersonLeft
from tests.support.hubs import deliveries, dismissed, hub_with, lines, tell, text

ALICE, BOB, CAROL = 1, 2, 3


def test_who_is_sent_away_hears_why_and_the_others_that_he_left() -> None:
    """The wire has no field for a reason, so it is a text from the server; after it the connection ends."""
    hub = hub_with("Alice", "Bob", "Carol")
    told = tell(hub, inputs.OperatorKicked((BOB,), "too loud"))
    assert deliveries(told) == [
        ((BOB,), text(0, BOB, "You were sent away: too loud")),
        ((ALICE, CAROL), PersonLeft(BOB)),
    ]
    assert dismissed(told) == [BOB]
    assert lines(told, Meaning.CONNECTION) == ["Bob (2) is gone: the operator sent it away (too loud)."]
    assert [person.name for person in hub.people()] == ["Alice", "Carol"]


def test_without_a_reason_nothing_is_said_to_him() -> None:
    """Blanks are no reason either."""
    for reason in ("", "  "):
        told = tell(hub_with("Alice"), inputs.OperatorKicked((ALICE,), reason))
        assert deliveries(told) == []
        assert dismissed(told) == [ALICE]
        assert lines(told) == ["Alice (1) is gone: the operator sent it away."]


def test_several_are_sent_away_at_once_and_strangers_passed_over() -> None:
    """An id that nobody has, or that is named twice, does no harm; who goes first is told of nobody."""
    hub = hub_with("Alice", "Bob", "Carol")
    told = tell(hub, inputs.OperatorKicked((ALICE, 99, BOB, ALICE)))
    assert deliveries(told) == [((BOB, CAROL), PersonLeft(ALICE)), ((CAROL,), PersonLeft(BOB))]
    assert dismissed(told) == [ALICE, BOB]


def test_a_reason_cannot_forge_a_line_of_the_log() -> None:
    """It is made printable, whoever typed or pasted it."""
    told = tell(hub_with("Alice"), inputs.OperatorKicked((ALICE,), "one\ntwo"))
    assert lines(told) == ["Alice (1) is gone: the operator sent it away (one\\ntwo)."]
