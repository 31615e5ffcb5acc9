"""The first bytes of a connection on the classic wire: they say who is there.

Owns the waiting for whole credentials (docs/protocol.md, "Sequences"). Must never take a byte for anything else before
they are there, and never loses one: what came behind them is handed on. Pure: run by the arrival's own thread.
"""

from dataclasses import dataclass

from commonlib.classic.packet import PACKET_SIZE, PacketType
from commonlib.exceptions import ProtocolError
from tcpipserver.dialects.classic import read_credentials
from tcpipserver.hub.people import Credentials

_FIRST_BYTES = int(PacketType.MY_CREDENTIALS).to_bytes(2, "little")


def may_begin_classic(first: bytes) -> bool:
    """Whether a MyCredentials packet can begin with these bytes."""
    return _FIRST_BYTES.startswith(first[:2])


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
        if not may_begin_classic(self._received):
            raise ProtocolError("it began with something else than its credentials")
        if len(self._received) < PACKET_SIZE:
            return None
        return Introduction(read_credentials(self._received[:PACKET_SIZE]), self._received[PACKET_SIZE:])
