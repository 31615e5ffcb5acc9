"""TLS and the preface, at either end: from a connection that stands to one of which both ends know whose it is.

Owns the order: the key that TLS shows is compared before anything is said. Must never decide whether a way is wanted.
Steps of tasks, on the thread of their loop. Described in docs/protocol.md, "M10. The way".
"""

import selectors
import socket
import ssl
from collections.abc import Callable
from typing import TypeVar

from commonlib.exceptions import ProtocolError
from commonlib.identity import Fingerprint, Signer
from commonlib.wire.preface import Preface, PrefaceError, PrefaceReader, make_preface
from commonlib.wire.proof import fingerprint_of_certificate
from commonlib.wire.way_messages import WayOpened
from tcpipclient.net.peer.loop import Steps, Wait

ATTEMPT_ERRORS = (OSError, ProtocolError)
"""What a task that makes a connection raises where none can be made."""

_FIRST_SIZE = 16 * 1024

T = TypeVar("T")


class StrangerError(ProtocolError):
    """Somebody else than the hub has told of answers at that place."""


class UnchosenError(ProtocolError):
    """The other end goes by another connection."""


def until_ready(waited_for: socket.socket, events: int, deadline: float) -> Steps[None]:
    """Pause until a socket is ready. Raises TimeoutError when the deadline has come."""
    if not (yield Wait(deadline, waited_for, events)):
        raise TimeoutError


def repeated(inside: ssl.SSLSocket, act: Callable[[], T], deadline: float) -> Steps[T]:
    """What an act with a non-blocking TLS socket returns, when TLS has what it needs for it. Raises OSError."""
    while True:
        try:
            return act()
        except ssl.SSLWantReadError:
            yield from until_ready(inside, selectors.EVENT_READ, deadline)
        except ssl.SSLWantWriteError:
            yield from until_ready(inside, selectors.EVENT_WRITE, deadline)


def shake_hands(
    connected: socket.socket, context: ssl.SSLContext, deadline: float, *, server_side: bool
) -> Steps[ssl.SSLSocket]:
    """The TLS socket in the place of a connected, non-blocking one, which must not be used any more.

    Raises:
        OSError: The other end does not speak TLS as we do, or is gone; nothing is left open.
    """
    try:
        # Where the other end is gone already, the standard library may drop a half-made TLS socket that is open.
        connected.getpeername()
        inside = context.wrap_socket(connected, server_side=server_side, do_handshake_on_connect=False)
    except BaseException:
        connected.close()
        raise
    try:
        yield from repeated(inside, inside.do_handshake, deadline)
    except BaseException:
        inside.close()
        raise
    return inside


def check_shown_key(inside: ssl.SSLSocket, expected: Fingerprint) -> None:
    """See that the server is who it should be; before that nothing may be said. Raises StrangerError, ProofError."""
    certificate = inside.getpeercert(binary_form=True)
    if certificate is None or fingerprint_of_certificate(certificate) != expected:
        raise StrangerError("somebody else than the hub has told of answers there")


def say_preface(inside: ssl.SSLSocket, opened: WayOpened, signer: Signer, deadline: float) -> Steps[None]:
    """Prove at a connection that we have made who we are, and for which way. Raises OSError."""
    peer = Fingerprint(opened.peer_key)
    rest = make_preface(opened.transfer, opened.role, opened.token, peer, signer).encode()
    while rest:
        rest = rest[(yield from repeated(inside, _sending(inside, rest), deadline)) :]


def read_preface(inside: ssl.SSLSocket, deadline: float) -> Steps[Preface]:
    """The preface of the other end, and not a byte more. Raises OSError, PrefaceError."""
    reader = PrefaceReader()
    while True:
        data = yield from repeated(inside, lambda: inside.recv(reader.wanted), deadline)
        if not data:
            raise PrefaceError("the connection has ended before its preface")
        preface = reader.receive_data(data)
        if preface is not None:
            return preface


def check_preface(preface: Preface, opened: WayOpened, own: Fingerprint) -> None:
    """Accept a preface for one way.

    Args:
        own: Fingerprint of our key, which TLS has shown.

    Raises:
        PrefaceError: It is for another way, or from somebody else.
        ProofError: It is not signed by the owner of its key.
    """
    if preface.transfer != opened.transfer or preface.role is not opened.role.other:
        raise PrefaceError("it is for another transfer, or for the other end of it")
    preface.check(opened.token, own, Fingerprint(opened.peer_key))


def read_first(inside: ssl.SSLSocket, deadline: float) -> Steps[bytes]:
    """The first bytes of the stream, when they come; there is no looking into TLS without reading.

    Raises:
        OSError: The connection is broken.
        UnchosenError: The other end has closed it.
    """
    first = yield from repeated(inside, lambda: inside.recv(_FIRST_SIZE), deadline)
    if not first:
        raise UnchosenError("the other end has closed the connection, for another one or for none")
    return first


def _sending(inside: ssl.SSLSocket, data: bytes) -> Callable[[], int]:
    return lambda: inside.send(data)
