"""The IPv4 and IPv6 addresses of this machine.

Owns three ways of finding them that need nothing but sockets: what the system would send from, what the host's name
stands for, and, on Linux, what the kernel lists. A package for it would be a compiled one, for a list of a few lines.
Must never send a packet. Run by the control thread: looking up a name may take a while.
"""

import contextlib
import ipaddress
import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

_ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses for documentation: nobody has them, but there is a way to them where there is one to anybody."""
_ANY_PORT = 9
_IPV6_LIST = Path("/proc/net/if_inet6")
_GIVE_ADDRESS = 0x8915
"""SIOCGIFADDR: ask an interface for its IPv4 address."""
_ADDRESS_BYTES = slice(20, 24)


def machine_addresses() -> tuple[str, ...]:
    """All that can be found, loopback among them, each once, in no particular order."""
    found = {*_sent_from(), *_named(), *_listed_by_linux()}
    return tuple(sorted(found))


def _sent_from() -> Iterator[str]:
    for family, elsewhere in _ELSEWHERE:
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as unsent:
            unsent.connect((elsewhere, _ANY_PORT))
            yield _plain(unsent.getsockname()[0])


def _named() -> Iterator[str]:
    with contextlib.suppress(OSError, UnicodeError):
        for _, _, _, _, address in socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM):
            yield _plain(str(address[0]))


def _listed_by_linux() -> Iterator[str]:
    if sys.platform != "linux":
        return
    import fcntl

    with contextlib.suppress(OSError):
        for line in _IPV6_LIST.read_text(encoding="ascii").splitlines():
            yield str(ipaddress.IPv6Address(bytes.fromhex(line.split()[0])))
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            with contextlib.suppress(OSError):
                answer = fcntl.ioctl(asking, _GIVE_ADDRESS, struct.pack("256s", name.encode()[:15]))
                yield socket.inet_ntoa(answer[_ADDRESS_BYTES])


def _plain(address: str) -> str:
    return address.partition("%")[0]
