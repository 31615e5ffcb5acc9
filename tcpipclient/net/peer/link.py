"""An established connection from client to client, and what is told of the search for one.

Owns the values. Must never read or write: what passes is for the pumps. Threads: a link is owned by one at a time, the
one that made it and then, from LinkStands on, the pump's; news is told by the thread of the ways.
"""

import ssl

from commonlib.identity import Fingerprint
from commonlib.values import dataclass
from commonlib.wire.way_messages import Role
from tcpipclient.core.batch_events import WayKind


@dataclass(frozen=True, slots=True)
class PeerLink:
    """A connection to the other end, which stands and is proved at both: TLS and the preface are done.

    The stream of files (docs/protocol.md, "M9. Files") begins with `first` and goes on with what the socket gives. More
    of it may wait decrypted inside of the socket (`socket.pending()`), which no selector tells: read before waiting.

    Attributes:
        socket: Non-blocking when it is handed over; it belongs to whoever has the link.
        way: By which way its bytes go.
        role: Which end of the transfer we are.
        peer: Fingerprint of the other end's key, which it has proved.
        first: Bytes of the stream that were read to learn that it has begun; always b"" at the sender of the files.
    """

    socket: ssl.SSLSocket
    way: WayKind
    role: Role
    peer: Fingerprint
    first: bytes = b""

    def close(self) -> None:
        """Give the connection back to the system, without a word to the other end. Never raises."""
        self.socket.close()


@dataclass(frozen=True, slots=True)
class LinkStands:
    """There is a link for a way; whoever is told owns it, and nothing more is told of this token."""

    transfer: bytes
    token: bytes
    link: PeerLink


@dataclass(frozen=True, slots=True)
class WayFailed:
    """There will be no link for a way; nothing more is told of this token. `why` is a sentence for the user."""

    transfer: bytes
    token: bytes
    why: str


WayNews = LinkStands | WayFailed
"""What Ways tells: exactly one for each way that was opened and not given up."""
