"""What a peer may send before the arrival is over, as one value (docs/protocol.md, "M2. TLS" and "M3. Frames").

Owns these bounds with their defaults; a hub's operator may set others. Must never count: tls.py and handshake.py do.
Pure: any thread.
"""

from commonlib.values import dataclass
from commonlib.wire.frames import LARGEST_EARLY_BODY

LARGEST_HANDSHAKE = 16 << 10
LARGEST_ARRIVAL = 64 << 10


@dataclass(frozen=True, slots=True)
class Bounds:
    """All of them, in bytes.

    Attributes:
        body: Of a frame that belongs to the arrival.
        tls: For the handshake of TLS; ours take less than 2 KiB.
        waiting: Inside TLS, until the other side has decided; those of a frame that is not whole, too.
    """

    body: int = LARGEST_EARLY_BODY
    tls: int = LARGEST_HANDSHAKE
    waiting: int = LARGEST_ARRIVAL


USUAL = Bounds()
