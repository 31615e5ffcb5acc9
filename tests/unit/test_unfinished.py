"""The texts that were begun and not ended on the whole hub: what is kept, and who loses his."""

import pytest

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import MessagePart, PacketType
from commonlib.exceptions import ProtocolError
from tcpipserver.dialects.classic import ClassicDialect, LayoutRegistry
from tcpipserver.dialects.unfinished import UnfinishedTexts
from tcpipserver.hub.inputs import Input, Misbehaved

ANN, BOB = 1, 2


def part(kind: MessagePart, to: int = 0) -> bytes:
    """One packet of a text."""
    return DataPacket(PacketType.MESSAGE, data_type=kind, id_to=to, text_a="word").encode()


def begin(unfinished: UnfinishedTexts, connection: int, packets: int, to: int = 0) -> None:
    """Somebody begins a text and does not end it."""
    for kind in (MessagePart.START, *[MessagePart.GUTS] * (packets - 1)):
        assert unfinished.receive_packet(connection, to, part(kind)) is None


def test_a_text_that_is_ended_leaves_nothing_behind() -> None:
    """Nor does one that is refused."""
    unfinished = UnfinishedTexts()
    begin(unfinished, ANN, 3)
    assert unfinished.packet_count == 3
    joined = unfinished.receive_packet(ANN, 0, part(MessagePart.END))
    assert joined is not None
    assert joined.text == "wordwordword"
    with pytest.raises(ProtocolError):
        unfinished.receive_packet(BOB, 0, part(MessagePart.GUTS))
    assert (unfinished.packet_count, unfinished._joiners) == (0, {})


def test_whoever_holds_most_loses_his_longest_text() -> None:
    """Not the one who has come last; what is left can still be ended."""
    unfinished = UnfinishedTexts(most_packets=10)
    begin(unfinished, ANN, 3, to=5)
    begin(unfinished, ANN, 4, to=6)
    begin(unfinished, BOB, 3)
    assert unfinished.maybe_make_room() is None
    begin(unfinished, BOB, 1, to=7)
    assert unfinished.maybe_make_room() == ANN
    assert (unfinished.packet_count, unfinished.maybe_make_room()) == (7, None)
    assert unfinished.receive_packet(ANN, 5, part(MessagePart.END)) is not None
    with pytest.raises(ProtocolError):
        unfinished.receive_packet(ANN, 6, part(MessagePart.END))


def test_what_one_who_has_gone_began_is_forgotten() -> None:
    """His room is free at once."""
    unfinished = UnfinishedTexts()
    begin(unfinished, ANN, 3)
    begin(unfinished, BOB, 2)
    unfinished.forget(ANN)
    unfinished.forget(ANN)
    assert unfinished.packet_count == 2


def test_the_dialects_of_a_hub_share_the_room_and_name_who_takes_most() -> None:
    """Whoever it is that the next packet came from."""
    unfinished = UnfinishedTexts(most_packets=5)
    ann, bob = (ClassicDialect(number, LayoutRegistry(), unfinished) for number in (ANN, BOB))

    def told(dialect: ClassicDialect, count: int) -> list[Input]:
        packets = part(MessagePart.START) + part(MessagePart.GUTS) * (count - 1)
        return [happened for run in dialect.cut(packets) for happened in dialect.receive(run)]

    assert told(ann, 4) == []
    assert told(bob, 2) == [
        Misbehaved(ANN, "of all texts that were begun and not ended its own take most room, and one was forgotten")
    ]
    bob.receive_end()
    assert unfinished.packet_count == 0
