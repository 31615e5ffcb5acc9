"""cutter: whole packets out of any chunking of a stream, and runs out of a block."""

import pytest

from commonlib.classic.cutter import PacketCutter, Run, cut_runs
from commonlib.classic.file_layouts import FileChunkPacket, FileStartPacket
from commonlib.classic.layouts import BigStringPacket, ClientDataPacket, DataPacket
from commonlib.classic.packet import PACKET_SIZE, Layout, LayoutTable, PacketType, recipient_of, sender_of, type_of

PACKETS = [bytes([number]) * PACKET_SIZE for number in range(1, 6)]
STREAM = b"".join(PACKETS)
LAYOUTS = LayoutTable({300: Layout.BIG_STRING})


@pytest.mark.parametrize("size", [1, 7, 1023, 1024, 1025, 2048, 3000, 5 * PACKET_SIZE])
def test_packets_come_out_whole_however_the_stream_is_divided(size: int) -> None:
    """Blocks hold whole packets only, and together every byte in its order."""
    cutter = PacketCutter()
    blocks = [cutter.receive_data(STREAM[offset : offset + size]) for offset in range(0, len(STREAM), size)]
    assert all(len(block) % PACKET_SIZE == 0 for block in blocks)
    assert b"".join(blocks) == STREAM
    assert cutter.unfinished == 0


def test_a_packet_is_given_out_with_its_last_byte() -> None:
    """1023 bytes are kept, the next one completes the packet, and what follows it is kept again."""
    cutter = PacketCutter()
    assert cutter.receive_data(STREAM[:1023]) == b""
    assert cutter.unfinished == 1023
    assert cutter.receive_data(STREAM[1023:1026]) == PACKETS[0]
    assert cutter.unfinished == 2


def test_a_chunk_on_the_borders_is_not_copied() -> None:
    """The usual read of a busy connection passes as the same object."""
    cutter = PacketCutter()
    assert cutter.receive_data(STREAM) is STREAM


def test_no_bytes_are_no_packets() -> None:
    """An empty chunk changes nothing, and an empty block has no runs."""
    cutter = PacketCutter()
    cutter.receive_data(b"x")
    assert cutter.receive_data(b"") == b""
    assert cutter.unfinished == 1
    assert cut_runs(b"", LAYOUTS) == []


def test_packets_that_belong_together_are_one_run_without_a_copy() -> None:
    """A block of chunks of one file is one run, which holds the very block."""
    block = b"".join(FileChunkPacket(14, 2, 1, 9, 10, count, bytes([count]) * 10).encode() for count in range(4))
    (run,) = cut_runs(block, LAYOUTS)
    assert run == Run(PacketType.FILE_CHUNK, Layout.FILE_CHUNK, 2, block, file_id=9, id_from=1)
    assert run.packets is block
    assert run.count == 4
    assert list(run.each()) == [block[offset : offset + PACKET_SIZE] for offset in range(0, len(block), PACKET_SIZE)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (DataPacket(11, id_to=1), DataPacket(12, id_to=1)),
        (DataPacket(0x0111), DataPacket(0x0211)),
        (DataPacket(11, id_to=1), DataPacket(11, id_to=1 + (1 << 24))),
        (DataPacket(11, id_from=1), DataPacket(11, id_from=1 + (1 << 24))),
        (ClientDataPacket(7, id_to=1), ClientDataPacket(7, id_to=2)),
        (ClientDataPacket(7, id_from=1), ClientDataPacket(7, id_from=2)),
        (BigStringPacket(300, id_to=1), BigStringPacket(300, id_to=1 + (1 << 24))),
        (BigStringPacket(300, id_from=1), BigStringPacket(300, id_from=1 + (1 << 24))),
        (FileStartPacket(13, id_to=1), FileStartPacket(13, id_to=257)),
        (FileStartPacket(13, id_from=1), FileStartPacket(13, id_from=257)),
        (FileStartPacket(13, file_id=1), FileStartPacket(13, file_id=257)),
        (FileChunkPacket(14, file_id=1), FileChunkPacket(14, file_id=2)),
        (FileChunkPacket(14, file_id=1), FileStartPacket(15, file_id=1)),
        (BigStringPacket(300, id_to=1), DataPacket(301, id_to=1)),
    ],
)
def test_a_run_ends_where_type_address_or_file_changes(one: DataPacket, other: DataPacket) -> None:
    """Two senders' files of one number, or two recipients' texts, are never handled as one."""
    first, second = one.encode(), other.encode()
    runs = cut_runs(first + first + second + first, LAYOUTS)
    assert [run.packets for run in runs] == [first + first, second, first]
    assert [run.packets for run in cut_runs(second + first, LAYOUTS)] == [second, first]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (DataPacket(11, 16, 0, 1, 5, 6, text_a="one"), DataPacket(11, 0, 2, 3, 5, 6, text_a="other")),
        (ClientDataPacket(7, 0, 2, 3, user_name="one"), ClientDataPacket(7, 1, 3, 4, user_name="other")),
        (BigStringPacket(300, 5, 6, 7, 8, "one"), BigStringPacket(300, 5, 6, 9, 10, "other")),
        (FileStartPacket(13, 5, 6, 7, 8, "one"), FileStartPacket(13, 5, 6, 7, 9, "other")),
        (FileChunkPacket(14, 5, 6, 7, 1, 1, b"x"), FileChunkPacket(14, 5, 6, 7, 2, 2, b"yy")),
    ],
)
def test_other_fields_do_not_divide_a_run(one: DataPacket, other: DataPacket) -> None:
    """Packets with the same type and addresses stay together, in a block of their own and beside others."""
    both = one.encode() + other.encode()
    between = DataPacket(99).encode()
    assert [run.packets for run in cut_runs(both, LAYOUTS)] == [both]
    assert [run.packets for run in cut_runs(both + between + both, LAYOUTS)] == [both, between, both]


@pytest.mark.parametrize(
    ("packet", "layout", "file_id"),
    [
        (DataPacket(11, id_to=0x04030201, id_from=0x08070605).encode(), Layout.DATA, 0),
        (ClientDataPacket(7, id_to=0x04030201, id_from=0x08070605).encode(), Layout.CLIENT_DATA, 0),
        (BigStringPacket(300, id_to=0x04030201, id_from=0x08070605).encode(), Layout.BIG_STRING, 0),
        (FileStartPacket(15, 0x0201, 0x0605, 0x0A09).encode(), Layout.FILE_START, 0x0A09),
        (FileChunkPacket(14, 0x0201, 0x0605, 0x0A09).encode(), Layout.FILE_CHUNK, 0x0A09),
    ],
)
def test_a_run_tells_what_its_packets_say(packet: bytes, layout: Layout, file_id: int) -> None:
    """Type, layout, addresses and FileID are those of the packets, in a block of one run and in one of several."""
    expected = Run(type_of(packet), layout, recipient_of(packet, layout), packet, file_id, sender_of(packet, layout))
    assert cut_runs(packet, LAYOUTS) == [expected]
    assert cut_runs(packet + DataPacket(99).encode() + packet, LAYOUTS)[::2] == [expected, expected]


def test_an_unregistered_command_is_cut_as_data() -> None:
    """The same packets fall into other runs when their layout is not known."""
    block = BigStringPacket(300, id_to=1).encode() + BigStringPacket(300, id_to=2).encode()
    assert len(cut_runs(block, LAYOUTS)) == 2
    assert len(cut_runs(block, LayoutTable())) == 1
