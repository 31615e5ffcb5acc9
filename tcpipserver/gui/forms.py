"""How the server window writes times of the day, and addresses with their ports.

Owns these forms; sizes, moments, pings, names and counts are in commonlib/wording.py. Must never read a clock. Pure:
any thread.
"""

import ipaddress
from datetime import datetime

NOT_KNOWN = "–"


def time_of_day(wall: float) -> str:
    """`10:15:42`, local time."""
    return f"{datetime.fromtimestamp(wall).astimezone():%H:%M:%S}"


def with_port(address: str, port: int) -> str:
    """An address and a port as one types them: `192.0.2.7:9999`, `[2001:db8::7]:9999`."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def in_order_of_use(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """The addresses that others can use, the likeliest first: IPv4 of a private network, other IPv4, IPv6.

    Loopback is left out; addresses that hold on one cable only, where there are others.
    """
    parsed = [ipaddress.ip_address(address.partition("%")[0]) for address in addresses]
    usable = {address for address in parsed if not (address.is_loopback or address.is_unspecified)}
    chosen = {address for address in usable if not address.is_link_local} or usable
    return tuple(
        str(address) for address in sorted(chosen, key=lambda found: (found.version, not found.is_private, int(found)))
    )
