"""Who hears what is said: texts and their receipts, between members and with the operator."""

import pytest

from commonlib.meaning import Meaning
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.effects import Deliver, Effect, HandleText, Record
from tcpipserver.hub.identifiers import ClientIds
from tcpipserver.hub.people import Credentials
from tests.support.hubs import ADDRESS, NOW, come, deliveries, hub_with, lines, mixed_hub, person, tell, text

OPERATOR, ALICE, BOB, CAROL, DAVE = 0, 1, 2, 3, 4
NOBODY = 99


def say(hub: Hub, sender: int, recipient: int) -> list[Effect]:
    return tell(hub, inputs.TextSaid(sender, recipient, "hello"))


def confirm(hub: Hub, reader: int, writer: int = 0) -> list[tuple[tuple[int, ...], effects.Item]]:
    return deliveries(tell(hub, inputs.TextReceived(reader, writer)))


# Texts


def test_a_text_goes_to_the_one_whom_it_is_for() -> None:
    """With its numbers and its packets untouched; he who says it waits while the other cannot keep up."""
    said = inputs.TextSaid(ALICE, BOB, "hello", (123456, -1), b"its packets")
    assert tell(hub_with("Alice", "Bob", "Carol"), said) == [
        Deliver((BOB,), effects.Text(ALICE, BOB, "hello", (123456, -1), b"its packets"), paced=ALICE)
    ]


def test_one_may_write_to_oneself() -> None:
    """And gets one's own receipt."""
    hub = hub_with("Alice")
    assert deliveries(say(hub, ALICE, ALICE)) == [((ALICE,), text(ALICE, ALICE, "hello"))]
    assert confirm(hub, ALICE) == [((ALICE,), effects.Receipt(ALICE, b"", ALICE))]


def test_a_text_to_one_who_is_not_here_goes_to_nobody() -> None:
    """The log says who tried."""
    assert say(hub_with("Alice", "Bob"), ALICE, NOBODY) == [
        Record(Meaning.TROUBLE, "Alice (1) wrote to id 99, who is not here.")
    ]


def test_a_text_to_the_server_is_shown_confirmed_and_given_to_the_handler() -> None:
    """The receipt is the server's own."""
    hub = hub_with("Alice", "Bob")
    assert tell(hub, inputs.TextSaid(ALICE, OPERATOR, "help\nme", (1, 2))) == [
        Deliver((ALICE,), effects.Receipt(OPERATOR, b"", ALICE)),
        Record(Meaning.TALK, "Alice (1) to the server, with 1 and 2: help\\nme"),
        HandleText(ALICE, person(hub, ALICE), "help\nme", (1, 2)),
    ]


def test_the_operators_text_goes_to_everyone() -> None:
    """Each gets his own, and the log shows it."""
    told = tell(hub_with("Alice", "Bob"), inputs.OperatorSaid(None, "lunch", (1, 2)))
    assert told == [
        Deliver((ALICE,), text(OPERATOR, ALICE, "lunch", (1, 2))),
        Deliver((BOB,), text(OPERATOR, BOB, "lunch", (1, 2))),
        Record(Meaning.TALK, "The server to 2 people, with 1 and 2: lunch"),
    ]


def test_the_operators_text_goes_to_the_chosen_once_each() -> None:
    """Ids of people who are not here are passed over, and one who is named twice hears it once."""
    told = tell(hub_with("Alice", "Bob"), inputs.OperatorSaid((BOB, NOBODY, BOB), "you"))
    assert deliveries(told) == [((BOB,), text(OPERATOR, BOB, "you"))]
    assert lines(told) == ["The server to Bob (2), with 0 and 0: you"]


# Receipts


def test_a_receipt_goes_to_the_writer_of_the_oldest_text() -> None:
    """Originals do not say whose text they confirm; nobody else hears of it."""
    hub = hub_with("Alice", "Bob", "Carol")
    say(hub, ALICE, CAROL)
    say(hub, BOB, CAROL)
    say(hub, ALICE, CAROL)
    confirmed = [confirm(hub, CAROL) for _ in range(4)]
    alices, bobs = (effects.Receipt(CAROL, b"", writer) for writer in (ALICE, BOB))
    assert confirmed == [[((ALICE,), alices)], [((BOB,), bobs)], [((ALICE,), alices)], []]


def test_a_receipt_that_names_the_writer_goes_to_him() -> None:
    """As long as a text of his waits."""
    hub = hub_with("Alice", "Bob", "Carol")
    say(hub, ALICE, CAROL)
    say(hub, BOB, CAROL)
    assert confirm(hub, CAROL, BOB) == [((BOB,), effects.Receipt(CAROL, b"", BOB))]
    assert confirm(hub, CAROL, BOB) == []
    assert confirm(hub, CAROL, NOBODY) == []
    assert confirm(hub, CAROL) == [((ALICE,), effects.Receipt(CAROL, b"", ALICE))]


def test_a_receipt_is_passed_on_as_it_came() -> None:
    """Its packet is the receiver's own."""
    hub = hub_with("Alice", "Bob")
    say(hub, ALICE, BOB)
    told = tell(hub, inputs.TextReceived(BOB, 0, b"its packet"))
    assert told == [Deliver((ALICE,), effects.Receipt(BOB, b"its packet", ALICE))]


def test_a_receipt_without_a_text_goes_nowhere() -> None:
    """Nobody is told that something was received which he never sent."""
    hub = hub_with("Alice", "Bob")
    say(hub, ALICE, BOB)
    assert confirm(hub, ALICE) == []
    assert confirm(hub, ALICE, BOB) == []


def test_a_receipt_for_one_who_has_left_goes_nowhere() -> None:
    """And does not confirm somebody else's text."""
    hub = hub_with("Alice", "Bob", "Carol")
    say(hub, ALICE, CAROL)
    say(hub, BOB, CAROL)
    tell(hub, inputs.LeaveAnnounced(ALICE))
    assert confirm(hub, CAROL) == []
    assert confirm(hub, CAROL) == [((BOB,), effects.Receipt(CAROL, b"", BOB))]


@pytest.mark.parametrize("named", [0, ALICE])
def test_a_receipt_does_not_reach_the_next_owner_of_an_id(named: int) -> None:
    """Whoever has the writer's id now did not write that text."""
    hub = hub_with("Alice", "Bob", hub=Hub(ClientIds(largest=2)))
    say(hub, ALICE, BOB)
    tell(hub, inputs.LeaveAnnounced(ALICE))
    tell(hub, inputs.Arrived(CAROL, ADDRESS), now=NOW + 600.0)
    tell(hub, inputs.Joined(CAROL, Credentials("Carol")))
    assert person(hub, ALICE).name == "Carol"
    assert confirm(hub, BOB, named) == []


def test_the_operators_texts_are_confirmed_to_the_log() -> None:
    """In their turn among the others."""
    hub = hub_with("Alice", "Bob")
    say(hub, ALICE, BOB)
    tell(hub, inputs.OperatorSaid((BOB,), "hello"))
    assert confirm(hub, BOB) == [((ALICE,), effects.Receipt(BOB, b"", ALICE))]
    assert tell(hub, inputs.TextReceived(BOB, 0)) == [Record(Meaning.TALK, "Bob (2) has received the server's text.")]
    assert tell(hub, inputs.TextReceived(BOB, 0)) == []


# Between the wires


@pytest.fixture
def mixed() -> Hub:
    """Alice and Bob on the modern wire, Carol and Dave on the classic one."""
    hub = mixed_hub()
    come(hub, DAVE, "Dave")
    tell(hub, inputs.AnnouncementsDue())
    return hub


def test_between_two_of_the_modern_wire_numbers_say_which_text_was_received(mixed: Hub) -> None:
    """In whatever order they are confirmed; the one who confirms waits for a writer who cannot keep up."""
    for number in (7, 9):
        told = tell(mixed, inputs.TextSaid(ALICE, BOB, "hello 🙂", number=number))
        assert deliveries(told) == [((BOB,), text(ALICE, BOB, "hello 🙂", number=number))]
    for number in (9, 7):
        assert tell(mixed, inputs.TextReceived(BOB, ALICE, number=number)) == [
            Deliver((ALICE,), effects.Receipt(BOB, b"", ALICE, number), paced=BOB)
        ]
    assert not mixed.members()[1].unanswered


def test_a_classic_receipt_tells_the_writer_the_number_of_his_text(mixed: Hub) -> None:
    """The reader's wire has no numbers: the oldest counts, of all, or of the one whom he names."""
    for number, writer in ((7, ALICE), (1, BOB), (8, ALICE)):
        tell(mixed, inputs.TextSaid(writer, CAROL, "hello", number=number))
    assert confirm(mixed, CAROL) == [((ALICE,), effects.Receipt(CAROL, b"", ALICE, 7))]
    assert confirm(mixed, CAROL, ALICE) == [((ALICE,), effects.Receipt(CAROL, b"", ALICE, 8))]
    assert confirm(mixed, CAROL) == [((BOB,), effects.Receipt(CAROL, b"", BOB, 1))]


def test_a_modern_receipt_reaches_a_classic_writer(mixed: Hub) -> None:
    """With number 0 it is for the oldest of the one whom it names; 0 there is the operator, and nobody else."""
    tell(mixed, inputs.TextSaid(CAROL, BOB, "one"))
    tell(mixed, inputs.TextSaid(DAVE, BOB, "two"))
    tell(mixed, inputs.OperatorSaid((BOB,), "three"))
    assert confirm(mixed, BOB, DAVE) == [((DAVE,), effects.Receipt(BOB, b"", DAVE))]
    assert confirm(mixed, BOB, OPERATOR) == []
    assert confirm(mixed, BOB, OPERATOR) == []
    assert confirm(mixed, BOB, CAROL) == [((CAROL,), effects.Receipt(BOB, b"", CAROL))]


@pytest.mark.parametrize("writer", [CAROL, OPERATOR, NOBODY])
def test_a_number_confirms_nothing_to_one_who_gives_none(mixed: Hub, writer: int) -> None:
    """Classic clients and the operator are confirmed by their order."""
    tell(mixed, inputs.TextSaid(CAROL, BOB, "hello"))
    assert tell(mixed, inputs.TextReceived(BOB, writer, number=5)) == []


def test_a_text_to_the_server_is_confirmed_with_its_number(mixed: Hub) -> None:
    """So that the window of its writer can show it."""
    told = tell(mixed, inputs.TextSaid(ALICE, OPERATOR, "help", number=7))
    assert told[0] == Deliver((ALICE,), effects.Receipt(OPERATOR, b"", ALICE, 7))


def test_who_has_a_wide_id_cannot_write_to_the_classic_wire() -> None:
    """Nobody there could answer; the log says why nothing came of it. The other way it goes through."""
    hub = Hub(ClientIds(largest=1))
    come(hub, CAROL, "Carol")
    come(hub, DAVE, "Dave", 4)
    assert tell(hub, inputs.TextSaid(DAVE, 1, "hello", number=1)) == [
        Record(Meaning.TROUBLE, "Dave (65536) wrote to Carol (1), whose wire has no room for its id.")
    ]
    tell(hub, inputs.TextSaid(CAROL, 65_536, "hello"))
    assert confirm(hub, DAVE, 1) == []
