"""Where people come from, as far as they are counted and not told apart by it.

Owns by what part of an address that is. Must never judge anybody. Pure: any thread.
"""

import functools
import ipaddress

_SUBSCRIBERS_BITS = 64
"""Of an IPv6 address: the other half everybody chooses for himself, as often as he likes."""
_MOST_REMEMBERED = 1000
"""Addresses whose origin is remembered: to take one apart costs more than all else that is asked at the door."""


@functools.lru_cache(_MOST_REMEMBERED)
def origin_of(address: str) -> str:
    """What is counted as one address: all of IPv4's, the subscriber's part of IPv6's."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((int(parsed), _SUBSCRIBERS_BITS), strict=False))
