"""The addresses at which this computer can be reached, for those who may connect to it.

Owns finding them with sockets alone, and which of them are worth telling. Must never send a packet or ask a name
server: it has to answer at once. Threads: any.
"""

import contextlib
import ipaddress
import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from commonlib.wire.way_messages import MOST_ADDRESSES
from tcpipclient.net.peer.dialling import IPAddress, maybe_address

# Addresses that nobody has, for documentation; there is a route to them where there is one to anybody.
_ELSEWHERE = ("192.0.2.1", "2001:db8::1")
_ANY_PORT = 9
_IPV6_TABLE = Path("/proc/net/if_inet6")
# SIOCGIFADDR, "the IPv4 address of this interface"; the number holds the size of the question.
_ADDRESS_OF_INTERFACE = {"linux": 0x8915, "darwin": 0xC0206921}
_INTERFACE_QUESTION = struct.Struct("16s16x")
_ANSWERED_ADDRESS = slice(20, 24)


def own_addresses(hub: str) -> tuple[str, ...]:
    """Up to 16 addresses of this computer, the one that the hub is reached from first.

    Loopback is among them only where the hub is there, too. Link-local IPv6 addresses are not: without the other
    computer's name for its interface they lead nowhere.

    Args:
        hub: Its address.
    """
    hub_address = maybe_address(hub)
    is_hub_here = hub_address is not None and hub_address.is_loopback
    found: dict[IPAddress, None] = {}
    for text in (*_sent_from(hub), *_listed(), *_sent_from(*_ELSEWHERE)):
        address = maybe_address(text.partition("%")[0])
        if address is not None and _is_worth_telling(address, is_hub_here=is_hub_here):
            found[address] = None
    return tuple(map(str, found))[:MOST_ADDRESSES]


def _is_worth_telling(address: IPAddress, *, is_hub_here: bool) -> bool:
    if address.is_loopback:
        return is_hub_here
    if isinstance(address, ipaddress.IPv6Address) and address.is_link_local:
        return False
    return not (address.is_unspecified or address.is_multicast or address.is_reserved)


def _sent_from(*destinations: str) -> Iterator[str]:
    """What the system would write as the sender into packets to these addresses; none is sent."""
    for destination in destinations:
        family = socket.AF_INET6 if ":" in destination else socket.AF_INET
        with contextlib.suppress(OSError, UnicodeError), socket.socket(family, socket.SOCK_DGRAM) as unsent:
            name = destination.encode("ascii")  # For a text much is loaded that encodes it.
            found = socket.getaddrinfo(name, _ANY_PORT, family, socket.SOCK_DGRAM, 0, socket.AI_NUMERICHOST)
            unsent.connect(found[0][4])
            yield str(unsent.getsockname()[0])


def _listed() -> Iterator[str]:
    """Of all interfaces, by what each kind of system has for it."""
    if sys.platform == "win32":
        # There, the own name is answered from the list of interfaces, without asking anybody.
        with contextlib.suppress(OSError, UnicodeError):
            for *_, address in socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM):
                yield str(address[0])
        return
    yield from _listed_by_interface()
    with contextlib.suppress(OSError, ValueError):
        for line in _IPV6_TABLE.read_text(encoding="ascii").splitlines():
            yield str(ipaddress.IPv6Address(bytes.fromhex(line[:32])))


def _listed_by_interface() -> Iterator[str]:
    """The first IPv4 address of each."""
    question = _ADDRESS_OF_INTERFACE.get(sys.platform)
    if sys.platform == "win32" or question is None:
        return
    import fcntl

    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            with contextlib.suppress(OSError):  # It has none.
                answer = fcntl.ioctl(asking, question, _INTERFACE_QUESTION.pack(name.encode()[:15]))
                yield socket.inet_ntoa(answer[_ANSWERED_ADDRESS])
