"""How many connections this process may hold, and what happens at the limit.

Owns the soft descriptor limit and the descriptor kept in reserve. Must never spin: without a spare descriptor a waiting
connection can be neither accepted nor sent away. `raise_limit` is called by the service, the reserve by the listener's
thread.
"""

import os
import sys

from tcpipserver.hub.identifiers import LARGEST_ID

SOCKETS_PER_GROUP = 500 if os.name == "nt" else None
"""On Windows one selector holds 512 sockets at most; elsewhere there is no limit."""
_OWN_DESCRIPTORS = 64
"""What the hub needs besides connections: standard streams, log, selectors, wakers, the database to come."""
_WINDOWS_CAPACITY = 16_000
_MOST_DESCRIPTORS = LARGEST_ID + _OWN_DESCRIPTORS
_USUAL_LIMITS = (65_536, 10_240)


def raise_limit() -> int:
    """Raise the soft descriptor limit as far as the system lets us; returns how many connections there is room for."""
    if sys.platform == "win32":
        return _WINDOWS_CAPACITY
    else:
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        endless = resource.RLIM_INFINITY
        for wanted in (_MOST_DESCRIPTORS if hard == endless else hard, *_USUAL_LIMITS):
            if soft == endless or wanted <= soft:
                break
            if hard != endless and wanted > hard:
                continue
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
                break
            except (OSError, ValueError):
                continue  # Some systems tell a limit that they do not grant.
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return min(max(soft - _OWN_DESCRIPTORS, 1), LARGEST_ID) if soft != endless else LARGEST_ID


class Reserve:
    """One descriptor that can be let go, so that a connection can be accepted and closed."""

    def __init__(self) -> None:
        self._descriptor: int | None = None
        self.renew()

    def release(self) -> None:
        """Let it go for a moment."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def renew(self) -> None:
        """Take it back; where even that is impossible, the next renewal tries again."""
        if self._descriptor is None:
            try:
                self._descriptor = os.open(os.devnull, os.O_RDONLY)
            except OSError:
                self._descriptor = None
