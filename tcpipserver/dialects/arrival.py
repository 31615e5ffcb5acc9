"""The first bytes of a connection: they choose the wire, and say who is there on the classic one.

Owns the choice (docs/protocol.md, "M1. The door") and the waiting for whole credentials ("Sequences"). Must never take
a byte for anything else before they are there, and never loses one: what came behind them is handed on. Pure: run by
the arrival's own thread.
"""

from dataclasses import dataclass

from commonlib.classic.packet import PACKET_SIZE, PacketType
from commonlib.exceptions import ProtocolError
from commonlib.wire.greeting import FIRST_BYTE_OF_TLS
from tcpipserver.dialects.classic import read_credentials
from tcpipserver.hub.people import Credentials, Wire

_FIRST_BYTES = int(PacketType.MY_CREDENTIALS).to_bytes(2, "little")


def chosen_wire(first: bytes) -> Wire:
    """What a client speaks whose first bytes, one or more, are these.

    Raises:
        ProtocolError: Neither a TLS ClientHello nor a MyCredentials packet begins like that.
    """
    if first[0] == FIRST_BYTE_OF_TLS:
        return Wire.MODERN
    if _FIRST_BYTES.startswith(first[:2]):
        return Wire.CLASSIC
    raise ProtocolError("it began with something else than its credentials")


@dataclass(frozen=True, slots=True)
class Introduction:
    """Somebody has said who he is; `unread` are the bytes that came behind that."""

    credentials: Credentials
    unread: bytes


class Arrival:
    """One connection of the classic wire until it has introduced itself."""

    def __init__(self) -> None:
        self._received = b""

    def receive_data(self, data: bytes) -> Introduction | None:
        """Add a chunk of any size; returns the introduction once it is whole.

        Raises:
            ProtocolError: The connection begins with anything else than a MyCredentials packet.
        """
        self._received += data
        if not _FIRST_BYTES.startswith(self._received[:2]):
            raise ProtocolError("it began with something else than its credentials")
        if len(self._received) < PACKET_SIZE:
            return None
        return Introduction(read_credentials(self._received[:PACKET_SIZE]), self._received[PACKET_SIZE:])
