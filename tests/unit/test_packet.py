"""packet: types, layouts and the two addresses, by which everything is routed."""

import pytest

from commonlib.classic.file_layouts import FileChunkPacket, FileStartPacket
from commonlib.classic.layouts import BigStringPacket, ClientDataPacket, DataPacket
from commonlib.classic.packet import (
    DEFAULT_PORT,
    LARGEST_SHORT_ID,
    PACKET_SIZE,
    SERVER,
    Layout,
    LayoutTable,
    MessagePart,
    PacketType,
    check_own_command,
    recipient_of,
    sender_of,
    stamp_file_id,
    stamp_recipient,
    stamp_sender,
    type_of,
)
from commonlib.exceptions import FieldError

LONG_TO, LONG_FROM = 0x04030201, 0x08070605
SHORT_TO, SHORT_FROM = 0x0201, 0x0605

# A packet of each layout that holds no zero byte beside its header, with its two addresses.
ADDRESSED = {
    Layout.DATA: (DataPacket(300, 1, 2, 3, LONG_TO, LONG_FROM, text_a="x" * 300).encode(), LONG_TO, LONG_FROM),
    Layout.CLIENT_DATA: (
        ClientDataPacket(7, 1, 2, 3, LONG_TO, LONG_FROM, spare=b"x" * 800).encode(),
        LONG_TO,
        LONG_FROM,
    ),
    Layout.BIG_STRING: (BigStringPacket(300, LONG_TO, LONG_FROM, text="x" * 1006).encode(), LONG_TO, LONG_FROM),
    Layout.FILE_START: (
        FileStartPacket(13, SHORT_TO, SHORT_FROM, 77, 9, "x" * 98, b"x" * 914).encode(),
        SHORT_TO,
        SHORT_FROM,
    ),
    Layout.FILE_CHUNK: (
        FileChunkPacket(14, SHORT_TO, SHORT_FROM, 77, 9, 1, b"x" * 1010).encode(),
        SHORT_TO,
        SHORT_FROM,
    ),
}
every_layout = pytest.mark.parametrize("layout", list(Layout))


def test_types_have_the_numbers_of_the_protocol() -> None:
    """The sixteen types are numbered 1 to 16 in the order of the protocol."""
    assert {packet_type.name: packet_type.value for packet_type in PacketType} == {
        "PING": 1,
        "PING_RESPONSE": 2,
        "REQUEST_CREDENTIALS": 3,
        "MY_CREDENTIALS": 4,
        "REGISTERED": 5,
        "HOST_EXITING": 6,
        "CLIENT_DATA": 7,
        "CLIENT_DISCONNECTING": 8,
        "CREDENTIALS_UPDATE": 9,
        "CLOSE": 10,
        "MESSAGE": 11,
        "MESSAGE_RECEIVED": 12,
        "FILE_START": 13,
        "FILE_CHUNK": 14,
        "FILE_END": 15,
        "DONE_RECEIVING_FILE": 16,
    }


def test_the_other_numbers_are_those_of_the_protocol() -> None:
    """The port, the id that means the server or everyone, the largest id of a file packet, and the parts of a text."""
    assert (DEFAULT_PORT, SERVER, LARGEST_SHORT_ID) == (9999, 0, 65535)
    assert (MessagePart.START, MessagePart.GUTS, MessagePart.END) == (0, 1, 2)


def test_layouts_are_called_as_in_the_protocol() -> None:
    """A layout that is shown to a user has the name that the protocol gives it."""
    assert [layout.value for layout in Layout] == ["DATA", "CLIENTDATA", "BIGSTRING", "FILESTART", "FILECHUNK"]


def test_type_is_read_from_the_first_packet() -> None:
    """The two bytes of the first packet's type count, no others and none of a second packet."""
    first = DataPacket(0x0102, packet_size=0xFFFF).encode()
    assert type_of(first + DataPacket(9).encode()) == 0x0102


@pytest.mark.parametrize(
    ("packet_type", "layout"),
    [
        (PacketType.CLIENT_DATA, Layout.CLIENT_DATA),
        (PacketType.FILE_START, Layout.FILE_START),
        (PacketType.FILE_CHUNK, Layout.FILE_CHUNK),
        (PacketType.FILE_END, Layout.FILE_START),
    ],
)
def test_four_types_have_a_layout_of_their_own(packet_type: PacketType, layout: Layout) -> None:
    """Details and files are laid out in their own ways; all other types of the protocol are DATA."""
    assert LayoutTable().layout_of(packet_type) is layout


def test_every_other_type_is_data() -> None:
    """Known or not, a type without a layout of its own is DATA."""
    others = [number for number in range(0x10000) if number not in (7, 13, 14, 15)]
    table = LayoutTable()
    assert {table.layout_of(number) for number in others} == {Layout.DATA}


def test_registered_commands_add_up() -> None:
    """Each registration gives a table that knows one command more; the table before stays as it was."""
    empty = LayoutTable()
    one = empty.with_command(300, Layout.BIG_STRING)
    two = one.with_command(65535, Layout.FILE_CHUNK)
    assert dict(empty.own()) == {}
    assert dict(two.own()) == {300: Layout.BIG_STRING, 65535: Layout.FILE_CHUNK}
    assert (empty.layout_of(300), one.layout_of(300), two.layout_of(300)) == (
        Layout.DATA,
        Layout.BIG_STRING,
        Layout.BIG_STRING,
    )
    assert two.layout_of(PacketType.FILE_START) is Layout.FILE_START


@pytest.mark.parametrize("number", [-1, 0, 1, 13, 16, 65536])
def test_numbers_of_the_protocol_cannot_be_registered(number: int) -> None:
    """Neither the sixteen types nor what does not fit into 16 bits can be taken, by any way in."""
    for attempt in (
        lambda: check_own_command(number),
        lambda: LayoutTable().with_command(number, Layout.DATA),
        lambda: LayoutTable({number: Layout.DATA}),
    ):
        with pytest.raises(FieldError, match=r"^Packet_Type does not fit .*own commands are numbered 17 to 65535"):
            attempt()


@pytest.mark.parametrize("number", [17, 65535])
def test_all_other_numbers_are_free(number: int) -> None:
    """17 and 65535 are the first and the last command of somebody's own."""
    check_own_command(number)
    assert LayoutTable({number: Layout.BIG_STRING}).layout_of(number) is Layout.BIG_STRING


@every_layout
def test_addresses_are_read_where_the_layout_keeps_them(layout: Layout) -> None:
    """What the layouts write as idTo and idFrom is what routing reads, in full width."""
    packet, id_to, id_from = ADDRESSED[layout]
    assert recipient_of(packet, layout) == id_to
    assert sender_of(packet, layout) == id_from


@every_layout
@pytest.mark.parametrize("count", [1, 3])
def test_stamping_changes_the_address_in_each_packet_and_nothing_else(layout: Layout, count: int) -> None:
    """Each of several packets gets the new id; no other byte of any of them changes."""
    packet, _, _ = ADDRESSED[layout]
    place = layout.place
    for stamp, offset in ((stamp_sender, place.from_offset), (stamp_recipient, place.to_offset)):
        expected = packet[:offset] + b"\xee\xdd\0\0"[: place.width] + packet[offset + place.width :]
        assert stamp(packet * count, layout, 0xDDEE) == expected * count


@every_layout
def test_the_server_itself_can_be_stamped(layout: Layout) -> None:
    """0, the server's id and everyone's, is an id like the others."""
    packet, _, _ = ADDRESSED[layout]
    assert sender_of(stamp_sender(packet, layout, SERVER), layout) == SERVER
    assert recipient_of(stamp_recipient(packet, layout, SERVER), layout) == SERVER


@every_layout
def test_stamping_finds_the_one_packet_that_differs(layout: Layout) -> None:
    """One forged packet among honest ones is set right, whichever of its bytes is the wrong one."""
    packet, _, id_from = ADDRESSED[layout]
    for byte in range(layout.place.width):
        forged = bytearray(packet)
        forged[layout.place.from_offset + byte] ^= 0x80
        assert stamp_sender(packet + bytes(forged) + packet, layout, id_from) == packet * 3


@every_layout
def test_packets_that_are_right_are_not_copied(layout: Layout) -> None:
    """What already says what it should is passed on as the same object."""
    packet, id_to, id_from = ADDRESSED[layout]
    block = packet * 3
    assert stamp_sender(block, layout, id_from) is block
    assert stamp_recipient(block, layout, id_to) is block


@pytest.mark.parametrize("layout", [Layout.FILE_START, Layout.FILE_CHUNK])
def test_a_file_id_is_stamped_at_bytes_6_and_7(layout: Layout) -> None:
    """Both file layouts keep FileID in the same place."""
    packet, _, _ = ADDRESSED[layout]
    stamped = stamp_file_id(packet * 2, 0xBBAA)
    assert stamped == (packet[:6] + b"\xaa\xbb" + packet[8:]) * 2
    assert stamp_file_id(stamped, 0xBBAA) is stamped


@pytest.mark.parametrize("wrong", [-1, 65536])
def test_an_id_that_does_not_fit_is_named(wrong: int) -> None:
    """An id that a file packet has no room for is refused with the field's name and what it would take."""
    packet, _, _ = ADDRESSED[Layout.FILE_CHUNK]
    for field, attempt in {
        "idTo": lambda: stamp_recipient(packet, Layout.FILE_CHUNK, wrong),
        "idFrom": lambda: stamp_sender(packet, Layout.FILE_CHUNK, wrong),
        "FileID": lambda: stamp_file_id(packet, wrong),
    }.items():
        with pytest.raises(FieldError, match=rf"^{field} does not fit.*from 0 to 65535\.$"):
            attempt()


def test_ids_of_32_bits_fit_where_the_layout_has_room() -> None:
    """DATA has 32 bits for an id: the largest fits, the next does not."""
    packet = bytes(PACKET_SIZE)
    assert sender_of(stamp_sender(packet, Layout.DATA, 0xFFFF_FFFF), Layout.DATA) == 0xFFFF_FFFF
    with pytest.raises(FieldError, match="from 0 to 4294967295"):
        stamp_sender(packet, Layout.DATA, 1 << 32)
