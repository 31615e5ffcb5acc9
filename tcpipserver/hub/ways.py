"""Which ways between two members are wanted, until both ends of one want it (docs/protocol.md, "M10. The way").

Owns the wishes: the newest of each end, for half a minute, and not more than a member may have. Must never bring
somebody together with one who does not want him. Pure: run by the dispatcher thread alone; `now` is monotonic seconds.
"""

from typing import NamedTuple

from commonlib.wire.way_messages import Role, WayWanted
from tcpipserver.hub.ageing import AgeingBook

WISH_SECONDS = 30.0
MOST_PER_MEMBER = 256
MOST_WISHES = 16_384
"""Each takes up to three kilobytes."""


class _Place(NamedTuple):
    """Where a wish stands: whose it is, whom he names, for which transfer, and as which end of it."""

    owner: int
    peer: int
    transfer: bytes
    role: Role


class WayBook:
    """All wishes of one hub; people are named by their ids."""

    def __init__(self, most_per_member: int = MOST_PER_MEMBER, most: int = MOST_WISHES) -> None:
        self._wishes: AgeingBook[_Place, WayWanted] = AgeingBook(WISH_SECONDS, most_per_member, most)

    def __len__(self) -> int:
        """How many wishes there are, some that have ended among them."""
        return len(self._wishes)

    def want(self, owner: int, peer: int, wanted: WayWanted, now: float) -> WayWanted | None:
        """Somebody wants a way; returns what the other end said where that one wants it, too: both are forgotten."""
        other = self._wishes.maybe_take(_Place(peer, owner, wanted.transfer, wanted.role.other), now)
        if other is None:  # Else there is none of his own: it would have been found by the other end.
            self._wishes.put(_Place(owner, peer, wanted.transfer, wanted.role), wanted, (owner,), now)
        return other

    def forget(self, owner: int) -> None:
        """Somebody has left."""
        self._wishes.forget(owner)
