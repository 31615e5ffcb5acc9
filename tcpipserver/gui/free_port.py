"""Looking for a port that a hub could listen on instead of one that is taken or reserved.

Owns the looking. Must never keep a port: between the answer and its use somebody may take it, and then the hub says so
again. Run by the control thread.
"""

import socket
import sys

_LARGEST_PORT = 65_535
_MOST_TRIED = 2_000


def maybe_free_port(host: str, after: int) -> int | None:
    """The next port above `after` on which somebody could listen; None where none of the next 2,000 is one."""
    for port in range(after + 1, min(after + _MOST_TRIED, _LARGEST_PORT) + 1):
        if _is_free(host, port):
            return port
    return None


def _is_free(host: str, port: int) -> bool:
    has_both = not host and socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if has_both or ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            if has_both:
                tried.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            if sys.platform == "win32":
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, port))
            tried.listen(1)
    except OSError:
        return False
    return True
