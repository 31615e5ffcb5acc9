"""One half of a way through the hub: another connection to it, and the RelayJoin that makes it a half.

Owns what is said to the hub, which ends where it passes on what it cannot read. Must never take the hub for the other
end: TLS and the preface go through it. Steps of tasks, on the thread of their loop. Described in docs/protocol.md,
"M10. The way".
"""

import selectors
import socket

from commonlib.classic.packet import PACKET_SIZE
from commonlib.exceptions import ProtocolError
from commonlib.wire.greeting import maybe_mark
from commonlib.wire.relay_join import RelayJoin, relay_proof
from commonlib.wire.way_messages import WayOpened
from tcpipclient.net.peer.dialling import connect, place_of
from tcpipclient.net.peer.loop import Steps
from tcpipclient.net.peer.proving import until_ready


class RelayError(ProtocolError):
    """The hub passes nothing on for us."""


def join_relay(hub: tuple[str, int], opened: WayOpened, deadline: float) -> Steps[socket.socket]:
    """A connection to the hub that is the half of a way, non-blocking; what comes next is from the other half.

    Args:
        hub: Address, not a name, and port.

    Raises:
        OSError, ProtocolError: There is none; nothing is left open.
    """
    connected = yield from connect(place_of(*hub), deadline)
    try:
        greeting = yield from _read_greeting(connected, deadline)
        mark = maybe_mark(greeting)
        if mark is None:
            raise RelayError("the hub is one that passes nothing on")
        proof = relay_proof(opened.token, mark.nonce, opened.transfer, opened.role)
        yield from _send(connected, RelayJoin(opened.transfer, opened.role, proof).encode(), deadline)
    except BaseException:
        connected.close()
        raise
    return connected


def _read_greeting(connected: socket.socket, deadline: float) -> Steps[bytes]:
    greeting = b""
    while len(greeting) < PACKET_SIZE:
        yield from until_ready(connected, selectors.EVENT_READ, deadline)
        try:
            data = connected.recv(PACKET_SIZE - len(greeting))
        except BlockingIOError:
            continue
        if not data:
            raise RelayError("the hub closes the connection without a greeting")
        greeting += data
    return greeting


def _send(connected: socket.socket, data: bytes, deadline: float) -> Steps[None]:
    while data:
        yield from until_ready(connected, selectors.EVENT_WRITE, deadline)
        try:
            data = data[connected.send(data) :]
        except BlockingIOError:
            continue
