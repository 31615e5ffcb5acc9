"""The ways that may go through the hub: whoever shows the token of one, in time and once for each end, gets in.

Owns the tokens, each good for half a minute. Must never take a half for a way that the hub has not opened, nor two for
the same end of it. Pure: used by the relays under their lock; `now` is monotonic seconds.
"""

import hmac
from dataclasses import dataclass, field

from commonlib.exceptions import ChatError
from commonlib.wire.relay_join import RelayJoin, relay_proof
from commonlib.wire.way_messages import Role
from tcpipserver.hub.ageing import AgeingBook
from tcpipserver.hub.effects import OpenWay

TOKEN_SECONDS = 30.0
MOST_PER_PERSON = 512
MOST_TRANSFERS = 16_384
MOST_PER_TRANSFER = 8
"""Tokens of one transfer that may still be shown: both ends may want a way again before the last one has ended."""


class WrongTokenError(ChatError):
    """It shows no token that is good here: its sender guesses, or comes too late."""

    def __str__(self) -> str:
        return "it shows no token that is good for this way; a new one may be asked for"


class UsedTokenError(ChatError):
    """It shows a token that its end of the way has used already."""

    def __str__(self) -> str:
        return "its token was used before; a new one may be asked for"


@dataclass(frozen=True, slots=True)
class OpenedWay:
    """A way that the hub has opened.

    Attributes:
        deadline: Until then its halves may come.
        used: The ends of which one has come.
    """

    token: bytes
    way: OpenWay
    deadline: float
    used: set[Role] = field(default_factory=set)


class RelayBook:
    """All ways of one hub whose halves may still come."""

    def __init__(self) -> None:
        self._opened: AgeingBook[bytes, tuple[OpenedWay, ...]] = AgeingBook(
            TOKEN_SECONDS, MOST_PER_PERSON, MOST_TRANSFERS
        )

    def expect(self, token: bytes, way: OpenWay, now: float) -> None:
        """A way has been opened; `token` is 32 random bytes."""
        others = (self._opened.maybe_get(way.transfer, now) or ())[1 - MOST_PER_TRANSFER :]
        opened = (*others, OpenedWay(token, way, now + TOKEN_SECONDS))
        people = {end.person.key for one in opened for end in (one.way.sender, one.way.receiver)}
        self._opened.put(way.transfer, opened, tuple(people), now)

    def take(self, join: RelayJoin, nonce: bytes, now: float) -> OpenedWay:
        """One half comes; returns the way that it belongs to, of which that end is used up.

        Args:
            nonce: From the greeting of this connection.

        Raises:
            WrongTokenError, UsedTokenError: It belongs to none.
        """
        found: OpenedWay | None = None
        for opened in self._opened.maybe_get(join.transfer, now) or ():
            proof = relay_proof(opened.token, nonce, join.transfer, join.role)
            if hmac.compare_digest(proof, join.proof) and now < opened.deadline:
                found = opened
        if found is None:
            raise WrongTokenError
        if join.role in found.used:
            raise UsedTokenError
        found.used.add(join.role)
        return found

    def forget(self, key: bytes) -> None:
        """Nothing may pass from or to the owner of a key any more."""
        self._opened.forget(key)
