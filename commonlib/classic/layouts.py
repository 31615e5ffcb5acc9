"""The packet layouts DATA, CLIENTDATA and BIGSTRING as values (docs/protocol.md, "Packets").

Owns every field's place, width and sign (those of the two file layouts: file_layouts.py). Must never judge what a
field says: any 1024 bytes decode, and encoding what was decoded gives the same 1024 bytes, the rubbish behind a text's
NUL included (it is carried in `tails`). Pure: any thread.
"""

from collections.abc import Mapping

from commonlib.classic.codepage import read_field, write_field
from commonlib.classic.fields import FieldTable, check_number, check_width, numbered_value, padded_numbers
from commonlib.values import dataclass

INTEGER_COUNT = 30
DOUBLE_COUNT = 5
LONG_COUNT = 4
TEXT_WIDTH = 300
TEXT_150_WIDTH = 150
USER_NAME_WIDTH = 50
ADDRESS_WIDTH = 30
VERSION_WIDTH = 30
STATION_NAME_WIDTH = 50
SPARE_WIDTH = 800
BIG_TEXT_WIDTH = 1006

_HEADER = {"Packet_Type": "H", "Packet_Size": "H", "Data_Type": "H", "maskTo": "H", "idTo": "I", "idFrom": "I"}
_DATA = FieldTable(
    {
        **_HEADER,
        "nAppLevel": "H",
        # The sign changes with every five.
        **{f"Data{number}": "Ii"[(number - 1) // 5 % 2] for number in range(1, INTEGER_COUNT + 1)},
        **{f"DataDouble{number}": "d" for number in range(1, DOUBLE_COUNT + 1)},
        **{f"DataLong{number}": "q" for number in range(1, LONG_COUNT + 1)},
        **{f"DataULong{number}": "Q" for number in range(1, LONG_COUNT + 1)},
        **{f"DataTimeTick{number}": "q" for number in range(1, LONG_COUNT + 1)},
        "StringDataA": "300s",
        "StringDataB": "300s",
        "StringData150": "150s",
    }
)
_CLIENT_DATA = FieldTable(
    {
        **_HEADER,
        "UserName": "50s",
        "UsersAddress": "30s",
        "UsersAlternateAddress": "30s",
        "UsersClientVersion": "30s",
        "StationName": "50s",
        "iClientID": "H",
        "ClientsColorRGB": "I",
        "ClientStatus": "H",
        "ListeningPort": "H",
        "StatusTimeTicks": "q",
        "spare": "800s",
    }
)
_BIG_STRING = FieldTable(
    {"Packet_Type": "H", "idTo": "I", "idFrom": "I", "StringLength": "I", "Extra": "I", "text": "1006s"}
)


def integers(numbered: Mapping[int, int]) -> tuple[int, ...]:
    """The 30 numbers of a DATA packet from those that are set, by the protocol's numbering: {16: 5} sets Data16.

    Raises:
        FieldError: A number that is not 1 to 30.
    """
    values = [0] * INTEGER_COUNT
    for number, value in numbered.items():
        check_number("Data", number, INTEGER_COUNT)
        values[number - 1] = value
    return tuple(values)


@dataclass(frozen=True, slots=True)
class DataPacket:
    """PACKET_DATA. Data1 is `integers[0]` or `data(1)`: 1–5, 11–15, 21–25 unsigned, the others signed 32 bits.

    Attributes:
        packet_size: Written by originals as 0, 16 or 1024, read by nobody.
        integers: Up to 30 numbers; missing ones are 0. Likewise doubles (5), longs (4 signed 64 bits),
            unsigned_longs (4) and time_ticks (4 signed 64 bits).
        tails: What stood behind the NUL of text_a, text_b and text_150; () for nothing.
    """

    packet_type: int
    packet_size: int = 0
    data_type: int = 0
    mask_to: int = 0
    id_to: int = 0
    id_from: int = 0
    app_level: int = 0
    integers: tuple[int, ...] = ()
    doubles: tuple[float, ...] = ()
    longs: tuple[int, ...] = ()
    unsigned_longs: tuple[int, ...] = ()
    time_ticks: tuple[int, ...] = ()
    text_a: str = ""
    text_b: str = ""
    text_150: str = ""
    tails: tuple[bytes, ...] = ()

    def data(self, number: int) -> int:
        """DataN by its number in the protocol.

        Raises:
            FieldError: A number that is not 1 to 30.
        """
        return numbered_value("Data", self.integers, number, INTEGER_COUNT)

    def long(self, number: int) -> int:
        """DataLongN by its number in the protocol.

        Raises:
            FieldError: A number that is not 1 to 4.
        """
        return numbered_value("DataLong", self.longs, number, LONG_COUNT)

    @classmethod
    def decode(cls, packet: bytes) -> "DataPacket":
        """The packet in 1024 bytes, whatever they hold."""
        values = _DATA.unpack(packet)
        (text_a, tail_a), (text_b, tail_b), (text_150, tail_150) = map(read_field, values[54:57])
        tails = (tail_a, tail_b, tail_150)
        return cls(
            packet_type=values[0],
            packet_size=values[1],
            data_type=values[2],
            mask_to=values[3],
            id_to=values[4],
            id_from=values[5],
            app_level=values[6],
            integers=values[7:37],
            doubles=values[37:42],
            longs=values[42:46],
            unsigned_longs=values[46:50],
            time_ticks=values[50:54],
            text_a=text_a,
            text_b=text_b,
            text_150=text_150,
            tails=tails if any(tails) else (),
        )

    def encode(self) -> bytes:
        """The 1024 bytes.

        Raises:
            FieldError: A text is too long, a number too large, or there are too many of them.
        """
        tail_a, tail_b, tail_150 = self.tails or (b"", b"", b"")
        return _DATA.pack(
            self.packet_type,
            self.packet_size,
            self.data_type,
            self.mask_to,
            self.id_to,
            self.id_from,
            self.app_level,
            *padded_numbers("Data", self.integers, INTEGER_COUNT),
            *padded_numbers("DataDouble", self.doubles, DOUBLE_COUNT),
            *padded_numbers("DataLong", self.longs, LONG_COUNT),
            *padded_numbers("DataULong", self.unsigned_longs, LONG_COUNT),
            *padded_numbers("DataTimeTick", self.time_ticks, LONG_COUNT),
            write_field("StringDataA", TEXT_WIDTH, self.text_a, tail_a),
            write_field("StringDataB", TEXT_WIDTH, self.text_b, tail_b),
            write_field("StringData150", TEXT_150_WIDTH, self.text_150, tail_150),
        )


@dataclass(frozen=True, slots=True)
class ClientDataPacket:
    """PACKET_CLIENTDATA: one client's details.

    Attributes:
        colour: 0x00BBGGRR, as Windows writes colours.
        status_ticks: Since when the status holds, in ticks.
        spare: The 800 unused bytes, without the zeros at their end.
        tails: What stood behind the NUL of the five texts, in their order; () for nothing.
    """

    packet_type: int
    packet_size: int = 0
    data_type: int = 0
    mask_to: int = 0
    id_to: int = 0
    id_from: int = 0
    user_name: str = ""
    address: str = ""
    alternate_address: str = ""
    client_version: str = ""
    station_name: str = ""
    client_id: int = 0
    colour: int = 0
    status: int = 0
    listening_port: int = 0
    status_ticks: int = 0
    spare: bytes = b""
    tails: tuple[bytes, ...] = ()

    @classmethod
    def decode(cls, packet: bytes) -> "ClientDataPacket":
        """The packet in 1024 bytes, whatever they hold."""
        values = _CLIENT_DATA.unpack(packet)
        fields = [read_field(field) for field in values[6:11]]
        tails = tuple(tail for _, tail in fields)
        user_name, address, alternate_address, client_version, station_name = (text for text, _ in fields)
        return cls(
            packet_type=values[0],
            packet_size=values[1],
            data_type=values[2],
            mask_to=values[3],
            id_to=values[4],
            id_from=values[5],
            user_name=user_name,
            address=address,
            alternate_address=alternate_address,
            client_version=client_version,
            station_name=station_name,
            client_id=values[11],
            colour=values[12],
            status=values[13],
            listening_port=values[14],
            status_ticks=values[15],
            spare=values[16].rstrip(b"\0"),
            tails=tails if any(tails) else (),
        )

    def encode(self) -> bytes:
        """The 1024 bytes.

        Raises:
            FieldError: A text or the spare bytes are too long, or a number too large.
        """
        check_width("spare", SPARE_WIDTH, self.spare)
        tails = self.tails or (b"",) * 5
        return _CLIENT_DATA.pack(
            self.packet_type,
            self.packet_size,
            self.data_type,
            self.mask_to,
            self.id_to,
            self.id_from,
            write_field("UserName", USER_NAME_WIDTH, self.user_name, tails[0]),
            write_field("UsersAddress", ADDRESS_WIDTH, self.address, tails[1]),
            write_field("UsersAlternateAddress", ADDRESS_WIDTH, self.alternate_address, tails[2]),
            write_field("UsersClientVersion", VERSION_WIDTH, self.client_version, tails[3]),
            write_field("StationName", STATION_NAME_WIDTH, self.station_name, tails[4]),
            self.client_id,
            self.colour,
            self.status,
            self.listening_port,
            self.status_ticks,
            self.spare,
        )


@dataclass(frozen=True, slots=True)
class BigStringPacket:
    """PACKET_BIGSTRING: for the commands that users add; up to 1006 characters in one packet.

    Attributes:
        string_length: As the sender states it; `text` is what counts. None means: the length of the text.
        extra: A number of the user's own, unsigned 32 bits.
        tail: What stood behind the text's NUL.
    """

    packet_type: int
    id_to: int = 0
    id_from: int = 0
    string_length: int | None = None
    extra: int = 0
    text: str = ""
    tail: bytes = b""

    @classmethod
    def decode(cls, packet: bytes) -> "BigStringPacket":
        """The packet in 1024 bytes, whatever they hold."""
        packet_type, id_to, id_from, string_length, extra, field = _BIG_STRING.unpack(packet)
        text, tail = read_field(field)
        return cls(packet_type, id_to, id_from, string_length, extra, text, tail)

    def encode(self) -> bytes:
        """The 1024 bytes.

        Raises:
            FieldError: The text is too long or a number too large.
        """
        length = len(self.text) if self.string_length is None else self.string_length
        text = write_field("text", BIG_TEXT_WIDTH, self.text, self.tail)
        return _BIG_STRING.pack(self.packet_type, self.id_to, self.id_from, length, self.extra, text)
