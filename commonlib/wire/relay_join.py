"""RelayJoin: the 1024 bytes by which a connection to the hub becomes one half of a way between two clients.

Owns the packet's layout and the proof in it (docs/protocol.md, "M10. The way"). Must never decide whether a half is
wanted: that is for the hub. Pure: any thread.
"""

import hmac
import struct

from commonlib.classic.packet import PACKET_SIZE
from commonlib.exceptions import ProtocolError
from commonlib.values import dataclass
from commonlib.wire.way_messages import TRANSFER_SIZE, Role

FIRST_BYTES = b"RJ"
"""What the packet begins with; neither TLS nor credentials do."""
VERSION = 1
PROOF_SIZE = 32

_LAYOUT = struct.Struct(f"<2sHH10x{TRANSFER_SIZE}s{PROOF_SIZE}s")
_CONTEXT = b"tcpipchat relay join 1\0"


class RelayJoinError(ProtocolError):
    """What came is no RelayJoin packet that is known here."""


@dataclass(frozen=True, slots=True)
class RelayJoin:
    """One half asks to be joined to the other.

    Attributes:
        transfer: Which transfer it is for, 16 bytes.
        role: Which end of it stands behind this half.
        proof: From `relay_proof`.
    """

    transfer: bytes
    role: Role
    proof: bytes

    def encode(self) -> bytes:
        """The packet, 1024 bytes."""
        return _LAYOUT.pack(FIRST_BYTES, VERSION, self.role, self.transfer, self.proof).ljust(PACKET_SIZE, b"\0")

    @classmethod
    def decode(cls, packet: bytes) -> "RelayJoin":
        """The packet in 1024 bytes.

        Raises:
            RelayJoinError: They are of another size, kind or version, or name a role that there is not.
        """
        if len(packet) != PACKET_SIZE:
            raise RelayJoinError(f"a relay join has {PACKET_SIZE} bytes, and {len(packet)} came")
        first, version, role, transfer, proof = _LAYOUT.unpack_from(packet)
        if first != FIRST_BYTES or version != VERSION or role not in tuple(Role):
            raise RelayJoinError("a relay join is of a kind that is not known here")
        return cls(transfer, Role(role), proof)


def relay_proof(token: bytes, nonce: bytes, transfer: bytes, role: Role) -> bytes:
    """What shows that somebody has the token, without sending it: 32 bytes, good for this one greeting.

    Args:
        token: From WayOpened.
        nonce: The 32 bytes in the greeting of this connection.
    """
    return hmac.digest(token, _CONTEXT + nonce + transfer + bytes([role]), "sha256")
