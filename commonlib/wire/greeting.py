"""The mark in a hub's greeting: the classic RequestCredentials says in unused fields that TLS is spoken here, too.

Owns the mark and the places where it stands (docs/protocol.md, "M1. The door"). Must never judge what it means for a
connection: that is for the arrival. Pure: any thread.
"""

import struct
from enum import IntFlag

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType, type_of
from commonlib.values import dataclass, replace

NONCE_SIZE = 32
VERSION = 1
"""The newest version of the modern wire that is spoken here."""
FIRST_BYTE_OF_TLS = 0x16
"""What a TLS ClientHello begins with, and no classic credentials do."""

_MARK = 0x3250_4354
"""Data1: "TCP2" in the order of the bytes."""
_NONCE = struct.Struct("<4Q")


class Door(IntFlag):
    """Data3: what newcomers have to expect; a hint until the proof covers it (docs/protocol.md, "M4. The proof")."""

    TAKES_CLASSIC = 1
    ASKS_FOR_CODE = 2
    ASKS_OPERATOR = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """What a hub that speaks the modern wire adds to its greeting.

    Attributes:
        nonce: 32 random bytes that were never used before, for the client's proof.
        door: What the hub expects of newcomers.
        version: The newest version that the hub speaks, from 1.
    """

    nonce: bytes
    door: Door
    version: int = VERSION


def with_mark(greeting: DataPacket, mark: Mark) -> DataPacket:
    """The greeting with the mark in it; an original client sees no difference."""
    return replace(
        greeting,
        integers=(_MARK, mark.version, int(mark.door)),
        unsigned_longs=_NONCE.unpack(mark.nonce),
    )


def maybe_mark(greeting: bytes) -> Mark | None:
    """The mark in the 1024 bytes of a greeting; None where the server is an original, or the packet no greeting."""
    if type_of(greeting) != PacketType.REQUEST_CREDENTIALS:
        return None
    packet = DataPacket.decode(greeting)
    if packet.data(1) != _MARK or packet.data(2) < 1:
        return None
    known = Door.TAKES_CLASSIC | Door.ASKS_FOR_CODE | Door.ASKS_OPERATOR
    return Mark(_NONCE.pack(*packet.unsigned_longs), Door(packet.data(3) & known), packet.data(2))
