"""What every packet of the classic wire has in common: its size, its type, its layout, its two addresses.

Owns the numbers of docs/protocol.md, "Packets", and the places where each layout keeps idTo and idFrom. Must never look
further into a packet than its addresses: the fields are for layouts.py. Pure: any thread.
"""

from collections.abc import Mapping
from enum import Enum, IntEnum
from types import MappingProxyType

from commonlib.exceptions import FieldError
from commonlib.values import dataclass

PACKET_SIZE = 1024
DEFAULT_PORT = 9999
"""Where a server listens and a client connects unless told otherwise."""
SERVER = 0
"""idTo of what is for the server itself (texts) or for everyone (what the server passes through)."""
LARGEST_SHORT_ID = 0xFFFF
"""File packets have room for 16 bits of an id, so no client of this wire has a larger one."""


class PacketType(IntEnum):
    """The first two bytes of a packet. Numbers above these are commands of somebody's own."""

    PING = 1
    PING_RESPONSE = 2
    REQUEST_CREDENTIALS = 3
    MY_CREDENTIALS = 4
    REGISTERED = 5
    HOST_EXITING = 6
    CLIENT_DATA = 7
    CLIENT_DISCONNECTING = 8
    CREDENTIALS_UPDATE = 9
    CLOSE = 10
    MESSAGE = 11
    MESSAGE_RECEIVED = 12
    FILE_START = 13
    FILE_CHUNK = 14
    FILE_END = 15
    DONE_RECEIVING_FILE = 16


FILE_ID_OFFSET = 6
"""Where both file layouts keep the 16-bit FileID."""
FIRST_OWN_COMMAND = 17
LAST_OWN_COMMAND = 0xFFFF


class MessagePart(IntEnum):
    """Data_Type of a Message packet: where in the text it stands."""

    START = 0
    GUTS = 1
    END = 2


@dataclass(frozen=True, slots=True)
class AddressPlace:
    """Where a layout keeps its two addresses: offsets in bytes, and the width of both in bytes (2 or 4)."""

    to_offset: int
    from_offset: int
    width: int


class Layout(Enum):
    """The five ways in which the 1024 bytes are divided."""

    DATA = "DATA"
    CLIENT_DATA = "CLIENTDATA"
    BIG_STRING = "BIGSTRING"
    FILE_START = "FILESTART"
    FILE_CHUNK = "FILECHUNK"

    @property
    def place(self) -> AddressPlace:
        """Where this layout keeps its addresses."""
        return _ADDRESS_PLACES[self]


_ADDRESS_PLACES: Mapping[Layout, AddressPlace] = MappingProxyType(
    {
        Layout.DATA: AddressPlace(to_offset=8, from_offset=12, width=4),
        Layout.CLIENT_DATA: AddressPlace(to_offset=8, from_offset=12, width=4),
        Layout.BIG_STRING: AddressPlace(to_offset=2, from_offset=6, width=4),
        Layout.FILE_START: AddressPlace(to_offset=2, from_offset=4, width=2),
        Layout.FILE_CHUNK: AddressPlace(to_offset=2, from_offset=4, width=2),
    }
)
_KNOWN_LAYOUTS: Mapping[int, Layout] = MappingProxyType(
    {
        PacketType.CLIENT_DATA: Layout.CLIENT_DATA,
        PacketType.FILE_START: Layout.FILE_START,
        PacketType.FILE_CHUNK: Layout.FILE_CHUNK,
        PacketType.FILE_END: Layout.FILE_START,
    }
)


class LayoutTable:
    """Which layout a packet type has: fixed for the protocol's own, DATA for the rest unless registered otherwise.

    Args:
        own: The registered commands and their layouts.

    Raises:
        FieldError: The number of a command belongs to the protocol or does not fit into 16 bits.
    """

    def __init__(self, own: Mapping[int, Layout] = MappingProxyType({})) -> None:
        for number in own:
            check_own_command(number)
        self._layouts: Mapping[int, Layout] = MappingProxyType({**own, **_KNOWN_LAYOUTS})

    def layout_of(self, packet_type: int) -> Layout:
        """Layout of a packet type, 0 to 65535."""
        return self._layouts.get(packet_type, Layout.DATA)

    def with_command(self, number: int, layout: Layout) -> "LayoutTable":
        """A table that also knows the layout of a command of somebody's own.

        Raises:
            FieldError: The number belongs to the protocol or does not fit into 16 bits.
        """
        return LayoutTable({**self.own(), number: layout})

    def own(self) -> Mapping[int, Layout]:
        """The registered commands and their layouts."""
        return {number: layout for number, layout in self._layouts.items() if number not in _KNOWN_LAYOUTS}


def check_own_command(number: int) -> None:
    """Accept a number that is free for commands of somebody's own, 17 to 65535.

    Raises:
        FieldError: The number belongs to the protocol or does not fit into 16 bits.
    """
    if not FIRST_OWN_COMMAND <= number <= LAST_OWN_COMMAND:
        raise FieldError("Packet_Type", f"own commands are numbered {FIRST_OWN_COMMAND} to {LAST_OWN_COMMAND}")


def type_of(packet: bytes) -> int:
    """Packet type, 0 to 65535, of a whole packet or of the first of several."""
    return int.from_bytes(packet[:2], "little")


def recipient_of(packet: bytes, layout: Layout) -> int:
    """idTo of a whole packet or of the first of several."""
    place = layout.place
    return int.from_bytes(packet[place.to_offset : place.to_offset + place.width], "little")


def sender_of(packet: bytes, layout: Layout) -> int:
    """idFrom of a whole packet or of the first of several."""
    place = layout.place
    return int.from_bytes(packet[place.from_offset : place.from_offset + place.width], "little")


def stamp_sender(packets: bytes, layout: Layout, sender: int) -> bytes:
    """Whole packets of one layout with idFrom set to `sender` in each; the same object where it already was.

    A block that is right already, the usual one, costs a few slices (columns of every 1024th byte) and no loop.

    Raises:
        FieldError: The sender's id does not fit the layout's field.
    """
    place = layout.place
    return _set_column(packets, place.from_offset, place.width, sender, "idFrom")


def stamp_recipient(packets: bytes, layout: Layout, recipient: int) -> bytes:
    """Whole packets of one layout with idTo set to `recipient` in each; the same object where it already was.

    Raises:
        FieldError: The recipient's id does not fit the layout's field.
    """
    place = layout.place
    return _set_column(packets, place.to_offset, place.width, recipient, "idTo")


def stamp_file_id(packets: bytes, file_id: int) -> bytes:
    """Whole file packets (either file layout) with FileID, bytes 6 and 7, set in each.

    Raises:
        FieldError: The id does not fit into 16 bits.
    """
    return _set_column(packets, FILE_ID_OFFSET, 2, file_id, "FileID")


def _set_column(packets: bytes, offset: int, width: int, value: int, field: str) -> bytes:
    if not 0 <= value < 1 << (8 * width):
        raise FieldError(field, f"it must be a whole number from 0 to {(1 << (8 * width)) - 1}")
    wanted = value.to_bytes(width, "little")
    if _is_everywhere(packets, offset, wanted):
        return packets
    places = range(offset, len(packets), PACKET_SIZE)
    view = memoryview(packets)
    between = zip((0, *(place + width for place in places)), (*places, len(packets)), strict=True)
    return wanted.join([view[begin:end] for begin, end in between])


def _is_everywhere(packets: bytes, offset: int, wanted: bytes) -> bool:
    """Whether these two or four bytes stand at this even offset of every packet; compared two bytes at a time."""
    items = memoryview(packets).cast("H")
    for place in range(0, len(wanted), 2):
        column = items[(offset + place) // 2 :: PACKET_SIZE // 2]
        if column != memoryview(wanted[place : place + 2] * len(column)).cast("H"):
            return False
    return True
