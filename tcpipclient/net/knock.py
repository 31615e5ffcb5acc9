"""Knocking at a hub's door: from a transport that stands to a session that is let in (docs/protocol.md, M1).

Owns reading the greeting and choosing the wire. Must never fall back to the classic wire by itself: a hub that does not
encrypt is spoken to only where that was allowed, and never at an address whose hub was known by a key. Runs on the
thread that connects; all of it is over before the link's threads begin.
"""

from commonlib.classic.packet import PACKET_SIZE
from commonlib.exceptions import ProtocolError
from commonlib.wire.greeting import maybe_mark
from tcpipclient.core.exceptions import HubChangedError, NotAHubError, UnencryptedHubError
from tcpipclient.core.order import Opening
from tcpipclient.core.trusting import may_be_unencrypted, wanted_hub
from tcpipclient.net.line import Line, Visitor, Way
from tcpipclient.net.transport import Transport


def knock(transport: Transport, visitor: Visitor, deadline: float) -> Way:
    """Hear the hub's greeting and go in by the wire that is right.

    Raises:
        ConnectError: One of its kinds says why we do not get in; whoever made the transport closes it.
        StorageError: Our key or the hubs that we trust cannot be read.
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
    if maybe_mark(came[:PACKET_SIZE]) is not None:
        # Each wire is loaded where it is needed: this one costs more than all the rest of a client.
        from tcpipclient.net.encrypted_arrival import EncryptedArrival

        return EncryptedArrival(line, visitor, came).arrive()
    _check_unencrypted(visitor)
    from commonlib.classic.cutter import PacketCutter
    from tcpipclient.core.classic_session import ClassicSession

    session = ClassicSession(visitor.profile.clamped(), visitor.clock.now())
    return Way(transport, session, PacketCutter(), deadline, came)


def _check_unencrypted(visitor: Visitor) -> None:
    """Go on only where the hub may be unencrypted. Raises HubChangedError, UnencryptedHubError."""
    config, trust = visitor.config, visitor.trust
    pinned = trust.maybe_pin(config.host, config.port)
    wanted = wanted_hub(pinned, config.trust)
    if wanted is not None:
        raise HubChangedError(config.host, config.port, wanted, None)
    is_allowed = config.allow_unencrypted or trust.may_be_unencrypted(config.host, config.port)
    if not may_be_unencrypted(pinned, config.trust, is_allowed=is_allowed):
        raise UnencryptedHubError(config.host, config.port)
    trust.allow_unencrypted(config.host, config.port)
