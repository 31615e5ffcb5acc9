"""layouts: DATA, CLIENTDATA and BIGSTRING, field by field at their offsets, and any bytes there and back."""

import math
import struct
from dataclasses import replace

import pytest

from commonlib.classic.layouts import BigStringPacket, ClientDataPacket, DataPacket, integers
from commonlib.classic.packet import PACKET_SIZE
from commonlib.exceptions import FieldError

RUBBISH = bytes(range(1, 256)) * 5
SIGNALLING_NAN = bytes.fromhex("010000000000f07f")
SILENT_NAN_WITH_PAYLOAD = bytes.fromhex("efbeadde0000f8ff")

# One field set, and where the bytes that are not zero must then stand.
DATA_FIELDS = [
    (DataPacket(0x0201), 0, "0102"),
    (DataPacket(0, packet_size=0x0201), 2, "0102"),
    (DataPacket(0, data_type=0x0201), 4, "0102"),
    (DataPacket(0, mask_to=0x0201), 6, "0102"),
    (DataPacket(0, id_to=0x04030201), 8, "01020304"),
    (DataPacket(0, id_from=0x04030201), 12, "01020304"),
    (DataPacket(0, app_level=0x0201), 16, "0102"),
    (DataPacket(0, doubles=(-1.5,)), 138, "000000000000f8bf"),
    (DataPacket(0, doubles=(0, 0, 0, 0, -1.5)), 170, "000000000000f8bf"),
    (DataPacket(0, longs=(-2,)), 178, "feffffffffffffff"),
    (DataPacket(0, longs=(0, 0, 0, -2)), 202, "feffffffffffffff"),
    (DataPacket(0, unsigned_longs=(0xFF00FF00FF00FF01,)), 210, "01ff00ff00ff00ff"),
    (DataPacket(0, unsigned_longs=(0, 0, 0, 0xFF00FF00FF00FF01)), 234, "01ff00ff00ff00ff"),
    (DataPacket(0, time_ticks=(-2,)), 242, "feffffffffffffff"),
    (DataPacket(0, time_ticks=(0, 0, 0, -2)), 266, "feffffffffffffff"),
    (DataPacket(0, text_a="é" * 300), 274, "e9" * 300),
    (DataPacket(0, text_b="é" * 300), 574, "e9" * 300),
    (DataPacket(0, text_150="é" * 150), 874, "e9" * 150),
]
CLIENT_DATA_FIELDS = [
    (ClientDataPacket(0x0201), 0, "0102"),
    (ClientDataPacket(0, packet_size=0x0201), 2, "0102"),
    (ClientDataPacket(0, data_type=0x0201), 4, "0102"),
    (ClientDataPacket(0, mask_to=0x0201), 6, "0102"),
    (ClientDataPacket(0, id_to=0x04030201), 8, "01020304"),
    (ClientDataPacket(0, id_from=0x04030201), 12, "01020304"),
    (ClientDataPacket(0, user_name="é" * 50), 16, "e9" * 50),
    (ClientDataPacket(0, address="é" * 30), 66, "e9" * 30),
    (ClientDataPacket(0, alternate_address="é" * 30), 96, "e9" * 30),
    (ClientDataPacket(0, client_version="é" * 30), 126, "e9" * 30),
    (ClientDataPacket(0, station_name="é" * 50), 156, "e9" * 50),
    (ClientDataPacket(0, client_id=0x0201), 206, "0102"),
    (ClientDataPacket(0, colour=0x04030201), 208, "01020304"),
    (ClientDataPacket(0, status=0x0201), 212, "0102"),
    (ClientDataPacket(0, listening_port=0x0201), 214, "0102"),
    (ClientDataPacket(0, status_ticks=-2), 216, "feffffffffffffff"),
    (ClientDataPacket(0, spare=b"\xe9" * 800), 224, "e9" * 800),
]
BIG_STRING_FIELDS = [
    (BigStringPacket(0x0201), 0, "0102"),
    (BigStringPacket(0, id_to=0x04030201), 2, "01020304"),
    (BigStringPacket(0, id_from=0x04030201), 6, "01020304"),
    (BigStringPacket(0, string_length=0x04030201), 10, "01020304"),
    (BigStringPacket(0, extra=0x04030201), 14, "01020304"),
    (BigStringPacket(0, string_length=0, text="é" * 1006), 18, "e9" * 1006),
]
AnyPacket = DataPacket | ClientDataPacket | BigStringPacket
every_kind = pytest.mark.parametrize("kind", [DataPacket, ClientDataPacket, BigStringPacket])


@pytest.mark.parametrize(("packet", "offset", "expected"), [*DATA_FIELDS, *CLIENT_DATA_FIELDS, *BIG_STRING_FIELDS])
def test_a_field_stands_at_its_offset_alone(packet: AnyPacket, offset: int, expected: str) -> None:
    """Setting one field fills its own bytes and no others, and reading them gives the field back."""
    field = bytes.fromhex(expected)
    encoded = packet.encode()
    assert encoded == bytes(offset) + field + bytes(PACKET_SIZE - offset - len(field))
    assert type(packet).decode(encoded).encode() == encoded


@pytest.mark.parametrize("number", range(1, 31))
def test_the_thirty_numbers_stand_in_a_row_with_their_signs(number: int) -> None:
    """Data1 to 5, 11 to 15 and 21 to 25 are unsigned, the others signed, four bytes each from offset 18."""
    is_signed = number in (*range(6, 11), *range(16, 21), *range(26, 31))
    value = -2 if is_signed else 0xFFFF_FFFE
    encoded = DataPacket(0, integers=integers({number: value})).encode()
    offset = 18 + 4 * (number - 1)
    assert encoded == bytes(offset) + b"\xfe\xff\xff\xff" + bytes(PACKET_SIZE - offset - 4)
    assert DataPacket.decode(encoded).data(number) == value
    with pytest.raises(FieldError, match=rf"^Data{number} does not fit"):
        DataPacket(0, integers=integers({number: 0xFFFF_FFFF if is_signed else -1})).encode()


def test_data_decodes_into_the_fields_that_were_encoded() -> None:
    """A DATA packet with every field set reads back equal."""
    packet = DataPacket(
        packet_type=300,
        packet_size=1024,
        data_type=2,
        mask_to=3,
        id_to=4,
        id_from=5,
        app_level=6,
        integers=tuple(range(101, 131)),
        doubles=(0.5, -0.5, 1e300, 0.0, float("inf")),
        longs=(-1, 2, -3, 4),
        unsigned_longs=(1, 2, 3, 1 << 63),
        time_ticks=(-5, 6, -7, 8),
        text_a="first",
        text_b="second",
        text_150="third",
        tails=(b"", b"left over", b""),
    )
    assert DataPacket.decode(packet.encode()) == packet


def test_client_data_decodes_into_the_fields_that_were_encoded() -> None:
    """A CLIENTDATA packet with every field set reads back equal."""
    packet = ClientDataPacket(
        packet_type=7,
        packet_size=1024,
        data_type=2,
        mask_to=3,
        id_to=4,
        id_from=5,
        user_name="name",
        address="address",
        alternate_address="alternate",
        client_version="version",
        station_name="station",
        client_id=6,
        colour=7,
        status=8,
        listening_port=9998,
        status_ticks=10,
        spare=b"\0spare",
        tails=(b"1", b"2", b"", b"4", b"5"),
    )
    assert ClientDataPacket.decode(packet.encode()) == packet


def test_big_string_decodes_into_the_fields_that_were_encoded() -> None:
    """A BIGSTRING packet with every field set reads back equal."""
    packet = BigStringPacket(300, id_to=1, id_from=2, string_length=3, extra=4, text="five", tail=b"six")
    assert BigStringPacket.decode(packet.encode()) == packet


def test_the_length_of_a_big_string_is_that_of_its_text_unless_told() -> None:
    """The sender need not count; who wants to state another length may."""
    assert BigStringPacket.decode(BigStringPacket(300, text="12345").encode()).string_length == 5
    assert BigStringPacket.decode(BigStringPacket(300, text="12345", string_length=9).encode()).string_length == 9


@every_kind
@pytest.mark.parametrize("shift", range(3))
def test_any_bytes_survive_decoding_and_encoding(kind: type[AnyPacket], shift: int) -> None:
    """Fields without NUL, garbage behind NUL, holes of the code page and odd numbers come out as they went in."""
    for packet in (
        RUBBISH[shift : shift + PACKET_SIZE],
        bytes(PACKET_SIZE - 1) + b"x",
        (RUBBISH[:7] + b"\0" * shift) * 200,
    ):
        assert kind.decode(packet[:PACKET_SIZE]).encode() == packet[:PACKET_SIZE]


def test_garbage_behind_nul_is_not_part_of_the_text() -> None:
    """Old memory that an original leaves in a field is kept for passing on and never shown."""
    encoded = DataPacket(11, text_a="Hi", tails=(b"\xcd\xcdold", b"", b"")).encode()
    decoded = DataPacket.decode(encoded)
    assert decoded.text_a == "Hi"
    assert replace(decoded, text_a="Ho").encode() == encoded.replace(b"Hi", b"Ho")


@pytest.mark.parametrize("pattern", [SIGNALLING_NAN, SILENT_NAN_WITH_PAYLOAD])
def test_every_bit_of_a_double_survives(pattern: bytes) -> None:
    """Not-a-number comes in many forms, signalling ones too; each is passed on bit for bit."""
    encoded = bytes(138) + pattern * 5 + bytes(PACKET_SIZE - 138 - 40)
    decoded = DataPacket.decode(encoded)
    assert all(math.isnan(double) for double in decoded.doubles)
    assert decoded.encode() == encoded


def test_what_was_not_given_is_zero() -> None:
    """Rows of numbers may be given short; reading beyond them gives 0."""
    packet = DataPacket(1, integers=(5,), longs=(6,))
    assert (packet.data(1), packet.data(30), packet.long(1), packet.long(4)) == (5, 0, 6, 0)
    assert struct.unpack_from("<2I", packet.encode(), 18) == (5, 0)


@pytest.mark.parametrize(
    ("packet", "field"),
    [
        (DataPacket(65536), "Packet_Type"),
        (DataPacket(1, id_to=1 << 32), "idTo"),
        (DataPacket(1, app_level=-1), "nAppLevel"),
        (DataPacket(1, integers=(0,) * 31), "Data"),
        (DataPacket(1, doubles=(0.0,) * 6), "DataDouble"),
        (DataPacket(1, doubles=(0.0, 10**400)), "DataDouble2"),
        (DataPacket(1, longs=(0,) * 5), "DataLong"),
        (DataPacket(1, longs=(0, 0, 1 << 63)), "DataLong3"),
        (DataPacket(1, unsigned_longs=(0,) * 5), "DataULong"),
        (DataPacket(1, unsigned_longs=(-1,)), "DataULong1"),
        (DataPacket(1, time_ticks=(0,) * 5), "DataTimeTick"),
        (DataPacket(1, time_ticks=(0, 0, 0, 1 << 63)), "DataTimeTick4"),
        (DataPacket(1, text_a="x" * 301), "StringDataA"),
        (DataPacket(1, text_b="x" * 301), "StringDataB"),
        (DataPacket(1, text_150="x" * 151), "StringData150"),
        (ClientDataPacket(7, user_name="x" * 51), "UserName"),
        (ClientDataPacket(7, address="x" * 31), "UsersAddress"),
        (ClientDataPacket(7, alternate_address="x" * 31), "UsersAlternateAddress"),
        (ClientDataPacket(7, client_version="x" * 31), "UsersClientVersion"),
        (ClientDataPacket(7, station_name="x" * 51), "StationName"),
        (ClientDataPacket(7, client_id=65536), "iClientID"),
        (ClientDataPacket(7, colour=-1), "ClientsColorRGB"),
        (ClientDataPacket(7, status=65536), "ClientStatus"),
        (ClientDataPacket(7, listening_port=65536), "ListeningPort"),
        (ClientDataPacket(7, status_ticks=1 << 63), "StatusTimeTicks"),
        (ClientDataPacket(7, spare=b"x" * 801), "spare"),
        (BigStringPacket(300, string_length=-1), "StringLength"),
        (BigStringPacket(300, extra=1 << 32), "Extra"),
        (BigStringPacket(300, text="x" * 1007), "text"),
    ],
)
def test_what_does_not_fit_is_refused_by_the_name_of_its_field(packet: AnyPacket, field: str) -> None:
    """Nothing is cut off or wrapped round: the error names the field as the protocol does."""
    with pytest.raises(FieldError) as caught:
        packet.encode()
    assert caught.value.field == field


@pytest.mark.parametrize("number", [-1, 0, 31])
def test_numbers_that_a_packet_does_not_have_are_refused(number: int) -> None:
    """Data0 and Data31 do not exist, neither for writing nor for reading."""
    with pytest.raises(FieldError, match="Data1 to Data30"):
        integers({number: 1})
    with pytest.raises(FieldError, match="Data1 to Data30"):
        DataPacket(1).data(number)


@pytest.mark.parametrize("number", [0, 5])
def test_longs_that_a_packet_does_not_have_are_refused(number: int) -> None:
    """A packet has DataLong1 to DataLong4."""
    with pytest.raises(FieldError, match="DataLong1 to DataLong4"):
        DataPacket(1).long(number)
