"""Who hears what: texts, receipts, files and everybody's own commands."""

import pytest

from commonlib.classic.file_layouts import FileChunkPacket, FileStartPacket
from commonlib.classic.layouts import BigStringPacket, DataPacket
from commonlib.classic.packet import Layout, PacketType
from commonlib.meaning import Meaning
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.effects import Deliver, Effect, HandlePackets, HandleText, Record
from tcpipserver.hub.identifiers import ClientIds
from tcpipserver.hub.people import Credentials
from tests.support.hubs import ADDRESS, NOW, deliveries, hub_with, lines, person, tell, text

OPERATOR, ALICE, BOB, CAROL = 0, 1, 2, 3
NOBODY = 99
OWN = 100
"""A command of somebody's own."""


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
    assert confirm(hub, ALICE) == [((ALICE,), effects.Receipt(ALICE, b""))]


def test_a_text_to_one_who_is_not_here_goes_to_nobody() -> None:
    """The log says who tried."""
    assert say(hub_with("Alice", "Bob"), ALICE, NOBODY) == [
        Record(Meaning.TROUBLE, "Alice (1) wrote to id 99, who is not here.")
    ]


def test_a_text_to_the_server_is_shown_confirmed_and_given_to_the_handler() -> None:
    """The receipt is the server's own."""
    hub = hub_with("Alice", "Bob")
    assert tell(hub, inputs.TextSaid(ALICE, OPERATOR, "help\nme", (1, 2))) == [
        Deliver((ALICE,), effects.Receipt(OPERATOR, b"")),
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
    receipt = effects.Receipt(CAROL, b"")
    assert confirmed == [[((ALICE,), receipt)], [((BOB,), receipt)], [((ALICE,), receipt)], []]


def test_a_receipt_that_names_the_writer_goes_to_him() -> None:
    """As long as a text of his waits."""
    hub = hub_with("Alice", "Bob", "Carol")
    say(hub, ALICE, CAROL)
    say(hub, BOB, CAROL)
    assert confirm(hub, CAROL, BOB) == [((BOB,), effects.Receipt(CAROL, b""))]
    assert confirm(hub, CAROL, BOB) == []
    assert confirm(hub, CAROL, NOBODY) == []
    assert confirm(hub, CAROL) == [((ALICE,), effects.Receipt(CAROL, b""))]


def test_a_receipt_is_passed_on_as_it_came() -> None:
    """Its packet is the receiver's own."""
    hub = hub_with("Alice", "Bob")
    say(hub, ALICE, BOB)
    told = tell(hub, inputs.TextReceived(BOB, 0, b"its packet"))
    assert told == [Deliver((ALICE,), effects.Receipt(BOB, b"its packet"))]


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
    assert confirm(hub, CAROL) == [((BOB,), effects.Receipt(CAROL, b""))]


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
    assert confirm(hub, BOB) == [((ALICE,), effects.Receipt(BOB, b""))]
    assert tell(hub, inputs.TextReceived(BOB, 0)) == [Record(Meaning.TALK, "Bob (2) has received the server's text.")]
    assert tell(hub, inputs.TextReceived(BOB, 0)) == []


# Whatever else passes


def sent(sender: int, to: int, packet_type: int = OWN, layout: Layout = Layout.DATA) -> inputs.PacketsSent:
    return inputs.PacketsSent(sender, packet_type, layout, to, b"its packets")


def test_packets_go_to_the_one_whom_they_are_for() -> None:
    """He who sends them waits while the other cannot keep up."""
    assert tell(hub_with("Alice", "Bob", "Carol"), sent(ALICE, BOB, layout=Layout.BIG_STRING)) == [
        Deliver((BOB,), effects.Packets(ALICE, Layout.BIG_STRING, b"its packets"), paced=ALICE)
    ]


def test_packets_for_id_0_go_to_everyone() -> None:
    """The sender, too, as with the original. He waits while most cannot keep up."""
    assert tell(hub_with("Alice", "Bob"), sent(ALICE, 0)) == [
        Deliver((ALICE, BOB), effects.Packets(ALICE, Layout.DATA, b"its packets"), paced=ALICE)
    ]


def test_packets_for_one_who_is_not_here_go_to_nobody() -> None:
    """The log says who tried what."""
    assert tell(hub_with("Alice"), sent(ALICE, NOBODY)) == [
        Record(Meaning.TROUBLE, "Alice (1) sent packets of type 100 to id 99, who is not here.")
    ]


def test_a_handled_command_for_id_0_reaches_the_handler_alone() -> None:
    """For somebody else's id it passes, and other commands for id 0 still go to everyone."""
    hub = hub_with("Alice", "Bob")
    assert tell(hub, inputs.CommandHandled(OWN)) == []
    assert tell(hub, sent(ALICE, 0)) == [HandlePackets(ALICE, person(hub, ALICE), OWN, Layout.DATA, b"its packets")]
    assert [connections for connections, _ in deliveries(tell(hub, sent(ALICE, BOB)))] == [(BOB,)]
    assert [connections for connections, _ in deliveries(tell(hub, sent(ALICE, 0, OWN + 1)))] == [(ALICE, BOB)]


@pytest.mark.parametrize(
    ("packet", "layout"),
    [
        (DataPacket(OWN, id_to=7, text_a="hello"), Layout.DATA),
        (BigStringPacket(OWN, id_to=7, text="hello"), Layout.BIG_STRING),
    ],
)
def test_a_programs_packets_carry_the_id_of_each_recipient(
    packet: DataPacket | BigStringPacket, layout: Layout
) -> None:
    """Whatever idTo the program wrote; ids of people who are not here are passed over."""
    told = tell(hub_with("Alice", "Bob"), inputs.OperatorSentPackets((BOB, NOBODY, ALICE), layout, packet.encode()))
    decoded = {}
    for connections, item in deliveries(told):
        assert isinstance(item, effects.Packets)
        assert (item.sender, item.layout) == (OPERATOR, layout)
        decoded[connections] = type(packet).decode(item.packets).id_to
    assert decoded == {(BOB,): BOB, (ALICE,): ALICE}


def test_a_programs_packets_for_everyone_are_one_delivery() -> None:
    """With idTo 0, encoded once for all; with nobody here there is none."""
    packet = DataPacket(OWN, id_to=7)
    for_all = inputs.OperatorSentPackets(None, Layout.DATA, packet.encode())
    assert tell(hub_with("Alice", "Bob"), for_all) == [
        Deliver((ALICE, BOB), effects.Packets(OPERATOR, Layout.DATA, DataPacket(OWN).encode()))
    ]
    assert tell(Hub(), for_all) == []


# Files


def start(sender: int, to: int, file_id: int) -> inputs.PacketsSent:
    packet = FileStartPacket(PacketType.FILE_START, id_to=to, file_id=file_id, name="a.txt")
    return inputs.PacketsSent(sender, PacketType.FILE_START, Layout.FILE_START, to, packet.encode(), file_id)


def chunks(sender: int, to: int, file_id: int) -> inputs.PacketsSent:
    packets = b"".join(
        FileChunkPacket(PacketType.FILE_CHUNK, id_to=to, file_id=file_id, chunk_size=1010, chunk_count=count).encode()
        for count in range(3)
    )
    return inputs.PacketsSent(sender, PacketType.FILE_CHUNK, Layout.FILE_CHUNK, to, packets, file_id)


def end(sender: int, to: int, file_id: int) -> inputs.PacketsSent:
    packet = FileStartPacket(PacketType.FILE_END, id_to=to, file_id=file_id, name="dates")
    return inputs.PacketsSent(sender, PacketType.FILE_END, Layout.FILE_START, to, packet.encode(), file_id)


def passed_file_ids(told: list[Effect]) -> list[int]:
    """The FileIDs of the packets that are delivered."""
    (delivery,) = told
    assert isinstance(delivery, Deliver)
    assert isinstance(delivery.item, effects.Packets)
    packets = delivery.item.packets
    return [FileChunkPacket.decode(packets[i : i + 1024]).file_id for i in range(0, len(packets), 1024)]


def test_a_file_passes_as_it_came() -> None:
    """Its packets are the very same, and its sender is held back with its receiver."""
    hub = hub_with("Alice", "Bob")
    for happened, layout in (
        (start(ALICE, BOB, 718), Layout.FILE_START),
        (chunks(ALICE, BOB, 718), Layout.FILE_CHUNK),
        (end(ALICE, BOB, 718), Layout.FILE_START),
    ):
        item = effects.Packets(ALICE, layout, happened.packets)
        assert tell(hub, happened) == [Deliver((BOB,), item, paced=ALICE)]


def test_two_files_of_one_number_reach_their_receiver_as_two() -> None:
    """The second passes under another number from its beginning to its end, every packet of it."""
    hub = hub_with("Alice", "Bob", "Carol")
    assert passed_file_ids(tell(hub, start(ALICE, CAROL, 718))) == [718]
    assert passed_file_ids(tell(hub, start(BOB, CAROL, 718))) == [719]
    assert passed_file_ids(tell(hub, chunks(ALICE, CAROL, 718))) == [718] * 3
    assert passed_file_ids(tell(hub, chunks(BOB, CAROL, 718))) == [719] * 3
    assert passed_file_ids(tell(hub, end(BOB, CAROL, 718))) == [719]
    assert passed_file_ids(tell(hub, end(ALICE, CAROL, 718))) == [718]


def test_a_files_number_is_free_after_its_end_and_after_its_senders() -> None:
    """The next file under it keeps it."""
    hub = hub_with("Alice", "Bob", "Carol")
    tell(hub, start(ALICE, CAROL, 718))
    tell(hub, end(ALICE, CAROL, 718))
    assert passed_file_ids(tell(hub, start(BOB, CAROL, 718))) == [718]
    tell(hub, inputs.ConnectionLost(BOB, "it broke"))
    assert passed_file_ids(tell(hub, start(ALICE, CAROL, 718))) == [718]


def test_nobody_can_write_into_another_ones_file() -> None:
    """Parts of a file that never began do not pass under the number of one that did; the log says who tried."""
    hub = hub_with("Alice", "Bob", "Carol")
    tell(hub, start(ALICE, CAROL, 718))
    for attempt in (chunks(BOB, CAROL, 718), end(BOB, CAROL, 718)):
        assert tell(hub, attempt) == [
            Record(Meaning.TROUBLE, "Bob (2) sent a part of file 718, a number that is another file's.")
        ]
    assert passed_file_ids(tell(hub, chunks(ALICE, CAROL, 718))) == [718] * 3


def test_a_file_may_go_to_everyone() -> None:
    """FileIDs are looked after there, too."""
    hub = hub_with("Alice", "Bob", "Carol")
    tell(hub, start(ALICE, CAROL, 718))
    told = tell(hub, start(BOB, 0, 718))
    assert passed_file_ids(told) == [719]
    assert [connections for connections, _ in deliveries(told)] == [(ALICE, BOB, CAROL)]


def test_a_file_to_one_who_has_left_keeps_no_number_after_its_end() -> None:
    """Its packets go nowhere, and its number is free again."""
    hub = hub_with("Alice", "Bob", "Carol")
    tell(hub, start(ALICE, BOB, 718))
    tell(hub, inputs.LeaveAnnounced(BOB))
    assert lines(tell(hub, chunks(ALICE, BOB, 718))) == ["Alice (1) sent packets of type 14 to id 2, who is not here."]
    tell(hub, end(ALICE, BOB, 718))
    assert passed_file_ids(tell(hub, start(CAROL, ALICE, 718))) == [718]
