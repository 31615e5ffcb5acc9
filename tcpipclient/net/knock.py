"""Knocking at a hub's door: from a transport that stands to a session that is let in (docs/protocol.md, M1).

Owns reading the greeting and choosing the wire. Must never fall back to the classic wire by itself: a hub that does not
encrypt is spoken to only where that was allowed, and never at an address whose hub was known by a key. Runs on the
thread that connects; all of it is over before the link's threads begin.
"""

from dataclasses import dataclass

from commonlib.classic.cutter import PacketCutter
from commonlib.classic.packet import PACKET_SIZE
from commonlib.exceptions import ProtocolError
from tcpipclient.config import ClientConfig
from tcpipclient.core.classic_session import ClassicSession
from tcpipclient.core.exceptions import ArrivalClosedError, ConnectTimedOutError, NotAHubError
from tcpipclient.core.order import Opening
from tcpipclient.core.profile import Profile
from tcpipclient.core.session import Session
from tcpipclient.net.clock import Clock
from tcpipclient.net.normalizer import Cutter
from tcpipclient.net.transport import Transport


@dataclass(frozen=True, slots=True)
class Way:
    """A way into a hub: what the link's threads need of its wire.

    Attributes:
        deadline: When the hub must have taken us in, monotonic seconds.
        unread: Bytes that came already and nobody has cut yet; they go first.
    """

    transport: Transport
    session: Session
    cutter: Cutter
    deadline: float
    unread: bytes = b""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who knocks, and what he goes by."""

    config: ClientConfig
    profile: Profile
    clock: Clock


class Line:
    """The connection while one thread alone uses it, with a moment by which all must be done.

    Args:
        deadline: Monotonic seconds, by the visitor's clock.
    """

    def __init__(self, transport: Transport, visitor: Visitor, deadline: float) -> None:
        self.deadline = deadline
        self._transport = transport
        self._clock = visitor.clock
        self._place = (visitor.config.host, visitor.config.port)

    def receive(self) -> bytes:
        """Wait for what comes next.

        Raises:
            ConnectTimedOutError: The moment has come.
            ArrivalClosedError: The connection has ended.
        """
        rest = self.deadline - self._clock.now()
        try:
            data = self._transport.receive(rest) if rest > 0 else None
        except TimeoutError:
            data = None
        except OSError as error:
            raise ArrivalClosedError(*self._place, error.strerror or str(error)) from None
        if data is None:
            raise ConnectTimedOutError(*self._place, "No hub")
        if not data:
            raise ArrivalClosedError(*self._place)
        return data

    def send(self, data: bytes) -> None:
        """Send little enough for the system to take at once. Raises ArrivalClosedError."""
        try:
            self._transport.send(data)
        except OSError as error:
            raise ArrivalClosedError(*self._place, error.strerror or str(error)) from None


def knock(transport: Transport, visitor: Visitor, deadline: float) -> Way:
    """Hear the hub's greeting and go in by the wire that is right.

    Raises:
        ConnectError: One of its kinds says why we do not get in; whoever made the transport closes it.
    """
    line = Line(transport, visitor, deadline)
    opening, came = Opening(), b""
    while len(came) < PACKET_SIZE:
        data = line.receive()
        try:
            opening.receive_data(data)
        except ProtocolError:
            raise NotAHubError(visitor.config.host, visitor.config.port) from None
        came += data
    session = ClassicSession(visitor.profile.clamped(), visitor.clock.now())
    return Way(transport, session, PacketCutter(), deadline, came)
