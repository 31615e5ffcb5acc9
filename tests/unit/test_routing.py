"""Who hears what of files and of everybody's own commands."""

from dataclasses import replace

import pytest

from commonlib.classic.file_layouts import FileChunkPacket, FileStartPacket
from commonlib.classic.layouts import BigStringPacket, DataPacket
from commonlib.classic.packet import Layout, PacketType
from commonlib.meaning import Meaning
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.effects import Deliver, Effect, HandleCommand, HandlePackets, Record
from tcpipserver.hub.identifiers import ClientIds
from tests.support.hubs import come, deliveries, hub_with, lines, mixed_hub, person, tell

OPERATOR, ALICE, BOB, CAROL = 0, 1, 2, 3
NOBODY = 99
OWN = 100
"""A command of somebody's own."""


# Whatever else passes


def sent(sender: int, to: int, packet_type: int = OWN, layout: Layout = Layout.DATA) -> inputs.PacketsSent:
    return inputs.PacketsSent(sender, packet_type, layout, to, b"its packets")


def test_packets_go_to_the_one_whom_they_are_for() -> None:
    """He who sends them waits while the other cannot keep up."""
    assert tell(hub_with("Alice", "Bob", "Carol"), sent(ALICE, BOB, layout=Layout.BIG_STRING)) == [
        Deliver((BOB,), effects.Packets(ALICE, Layout.BIG_STRING, b"its packets", BOB), paced=ALICE)
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
        item = effects.Packets(ALICE, layout, happened.packets, BOB)
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


# Between the wires


def test_a_file_begins_under_its_full_name() -> None:
    """Beside the packet, which may pass under another number."""
    hub = mixed_hub()
    tell(hub, start(CAROL, BOB, 718))
    happened = replace(start(ALICE, BOB, 718), file_name="файл.txt")
    (delivery,) = tell(hub, happened)
    assert isinstance(delivery, Deliver)
    assert isinstance(delivery.item, effects.Packets)
    assert (delivery.item.file_name, delivery.item.recipient) == ("файл.txt", BOB)
    assert passed_file_ids([delivery]) == [719]


def test_packets_pass_between_the_wires() -> None:
    """In both directions, and to everyone at once."""
    hub = mixed_hub()
    for sender, recipient in ((ALICE, CAROL), (CAROL, ALICE)):
        assert [connections for connections, _ in deliveries(tell(hub, sent(sender, recipient)))] == [(recipient,)]
    assert [connections for connections, _ in deliveries(tell(hub, sent(ALICE, 0)))] == [(ALICE, BOB, CAROL)]


def test_what_comes_from_a_wide_id_goes_to_the_modern_wire_alone() -> None:
    """The classic one could not say whose it is; the log tells who tried."""
    hub = Hub(ClientIds(largest=2))
    come(hub, 11, "Alice", 1)
    come(hub, 12, "Carol")
    come(hub, 13, "Dave", 4)
    tell(hub, inputs.AnnouncementsDue())
    assert [connections for connections, _ in deliveries(tell(hub, sent(13, 0)))] == [(11, 13)]
    assert [connections for connections, _ in deliveries(tell(hub, sent(13, 1)))] == [(11,)]
    assert lines(tell(hub, sent(13, 2))) == [
        "Dave (65536) sent packets of type 100 to Carol (2), whose wire has no room for its id."
    ]


# Commands with a payload


def test_a_command_goes_to_the_one_whom_it_is_for() -> None:
    """With whatever payload; its sender waits while the other cannot keep up."""
    assert tell(mixed_hub(), inputs.CommandSent(ALICE, BOB, OWN, b"\x00\xff")) == [
        Deliver((BOB,), effects.Command(ALICE, BOB, OWN, b"\x00\xff"), paced=ALICE)
    ]


def test_a_command_for_id_0_goes_to_everyone_on_the_modern_wire() -> None:
    """Its sender included, as with packets."""
    assert tell(mixed_hub(), inputs.CommandSent(ALICE, 0, OWN, b"x")) == [
        Deliver((ALICE, BOB), effects.Command(ALICE, 0, OWN, b"x"), paced=ALICE)
    ]


def test_a_handled_command_with_a_payload_reaches_the_handler_alone() -> None:
    """The same registration takes it in packets and in frames; for somebody's id it passes."""
    hub = mixed_hub()
    tell(hub, inputs.CommandHandled(OWN))
    assert tell(hub, inputs.CommandSent(ALICE, 0, OWN, b"x")) == [HandleCommand(ALICE, person(hub, ALICE), OWN, b"x")]
    assert [connections for connections, _ in deliveries(tell(hub, inputs.CommandSent(ALICE, BOB, OWN, b"x")))] == [
        (BOB,)
    ]


@pytest.mark.parametrize(
    ("to", "line"),
    [
        (NOBODY, "Alice (1) sent command 100 to id 99, who is not here."),
        (CAROL, "Alice (1) sent command 100 to Carol (3), whose wire has no room for it."),
    ],
)
def test_a_command_for_one_who_cannot_have_it_goes_to_nobody(to: int, line: str) -> None:
    """The log says who tried."""
    assert tell(mixed_hub(), inputs.CommandSent(ALICE, to, OWN, b"x")) == [Record(Meaning.TROUBLE, line)]


def test_a_programs_command_goes_to_the_chosen_of_the_modern_wire() -> None:
    """Or to all of them at once; others are passed over."""
    hub = mixed_hub()
    assert tell(hub, inputs.OperatorSentCommand(None, OWN, b"x")) == [
        Deliver((ALICE, BOB), effects.Command(OPERATOR, 0, OWN, b"x"))
    ]
    assert tell(hub, inputs.OperatorSentCommand((BOB, CAROL, NOBODY, BOB), OWN, b"x")) == [
        Deliver((BOB,), effects.Command(OPERATOR, BOB, OWN, b"x"))
    ]
    assert tell(hub_with("Carol"), inputs.OperatorSentCommand(None, OWN, b"x")) == []
