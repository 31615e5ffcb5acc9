"""Connecting to the other end: which of the places that it names may be tried, and the attempts themselves.

Owns the judgement of addresses that a peer has chosen, and TCP up to a connection that stands. Must never ask a name
server: a peer could make us resolve what it likes. Steps of tasks, on the thread of their loop.
"""

import errno
import ipaddress
import os
import selectors
import socket
from collections.abc import Iterable

from commonlib.values import dataclass
from tcpipclient.net.peer.loop import Steps
from tcpipclient.net.peer.proving import until_ready

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
SocketAddress = tuple[str, int] | tuple[str, int, int, int]

_IN_PROGRESS = frozenset({0, errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", errno.EWOULDBLOCK)})
_THIS_NETWORK = ipaddress.ip_network("0.0.0.0/8")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something listens, as the system takes it."""

    family: socket.AddressFamily
    address: SocketAddress


def maybe_address(text: str) -> IPAddress | None:
    """The address that a text is, an IPv4 address in IPv6 clothes as what it is; None where it is a name or nothing."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def place_of(address: str, port: int) -> Place:
    """A place whose address is known to be one, with its zone where it has one. Raises OSError."""
    # As bytes it is looked up as it is; a text would be encoded first, for which much is loaded.
    found = socket.getaddrinfo(
        address.encode("ascii", "replace"), port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
    )
    family, _, _, _, socket_address = found[0]
    return Place(family, (str(socket_address[0]), *socket_address[1:]))


def places_to_try(addresses: Iterable[str], port: int, hub: str) -> list[Place]:
    """What of a peer's addresses may be connected to, in its order, each once.

    Loopback is among it only where the hub is there, too, so that all three may be on one computer. Else a peer could
    have us knock at services of our own computer that trust whoever comes from it. For the same reason nothing is sent
    to a place that is no single computer's, and nothing that has to be looked up.

    Args:
        hub: The address that the hub has for us; a link-local one lends its zone to those of peers, since a zone is a
            name of an interface of ours that no peer can know.
    """
    hub_address = maybe_address(hub)
    places: dict[Place, None] = {}
    for text in addresses:
        address = maybe_address(text.partition("%")[0])
        if port == 0 or address is None or not _may_be_tried(address, hub_address):
            continue
        zone = ""
        if isinstance(address, ipaddress.IPv6Address) and address.is_link_local:
            zone = _zone_of(hub_address)
            if not zone:
                continue
        try:
            places[place_of(f"{address}{zone}", port)] = None
        except OSError:
            continue  # An address of a kind that this system does not have.
    return list(places)


def connect(place: Place, deadline: float) -> Steps[socket.socket]:
    """A connection that stands, non-blocking.

    Raises:
        OSError: There is none, TimeoutError for none until the deadline; nothing is left open.
    """
    connecting = socket.socket(place.family, socket.SOCK_STREAM)
    try:
        connecting.setblocking(False)
        _check(connecting.connect_ex(place.address), _IN_PROGRESS)
        yield from until_ready(connecting, selectors.EVENT_WRITE, deadline)
        _check(connecting.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), frozenset({0}))
        connecting.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        connecting.close()
        raise
    return connecting


def _may_be_tried(address: IPAddress, hub: IPAddress | None) -> bool:
    if address.is_loopback:
        return hub is not None and hub.is_loopback
    if isinstance(address, ipaddress.IPv4Address) and address in _THIS_NETWORK:
        return False  # Some systems take the whole of it for themselves.
    return not (address.is_unspecified or address.is_multicast or address.is_reserved)


def _zone_of(hub: IPAddress | None) -> str:
    zone = hub.scope_id if isinstance(hub, ipaddress.IPv6Address) else None
    return f"%{zone}" if zone else ""


def _check(status: int, good: frozenset[int]) -> None:
    if status not in good:
        raise OSError(status, os.strerror(status))
