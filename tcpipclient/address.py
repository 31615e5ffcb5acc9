"""Where a hub is, as people write it.

Owns the reading of `HOST[:PORT]`. Must never look a name up. Pure: any thread.
"""

from commonlib.classic.packet import DEFAULT_PORT
from tcpipclient.core.exceptions import SettingError

LARGEST_PORT = 0xFFFF


def parse_address(text: str) -> tuple[str, int]:
    """Host and port of `HOST`, `HOST:PORT`, `[IPV6]:PORT` or a bare IPv6 address; the port is 9999 unless given.

    Raises:
        SettingError: The text is none of these.
    """
    text = text.strip()
    if text.startswith("["):
        host, closing, rest = text[1:].partition("]")
        if not closing or (rest and not rest.startswith(":")):
            raise SettingError("host", "an address in brackets is written [ADDRESS] or [ADDRESS]:PORT")
        port_text = rest[1:]
        given = bool(rest)
    elif text.count(":") == 1:
        host, _, port_text = text.partition(":")
        given = True
    else:
        host, port_text, given = text, "", False
    if not host:
        raise SettingError("host", "it is empty; write HOST or HOST:PORT")
    if not given:
        return host, DEFAULT_PORT
    if not (port_text.isascii() and port_text.isdigit() and 1 <= int(port_text[:6]) <= LARGEST_PORT):
        raise SettingError("port", f"what stands behind the colon is no port; they are numbered 1 to {LARGEST_PORT}")
    return host, int(port_text)
