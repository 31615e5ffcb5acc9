"""The search of one batch for a connection to the other end: asked for, made, failed, tried again.

Owns which of our words the hub may still remember, the token that connections are made with, and when the next attempt
is due (docs/protocol.md, "M10. The way"). Must never decide whether a connection is needed: its batch does. Pure: used
by the book of batches; times are monotonic seconds.
"""

from collections.abc import Callable
from enum import Enum

from commonlib.wire.way_messages import Role, WayOpened
from tcpipclient.core.transfers.orders import DropLink, GiveUpWay, OpenWay, Order, WantWay

REPEAT_SECONDS = 20.0
"""The hub remembers for 30 seconds that we want a way; it is told again before."""
OPENING_SECONDS = 40.0
"""After so long without news of a connection that is being made it is given up: a token is good for 30."""
DELAYS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before the next attempt after one that failed; the last one holds for all that follow."""


class Phase(Enum):
    """Where a search stands."""

    IDLE = "idle"
    WANTED = "wanted"
    """We have said that we want a way."""
    OPENING = "opening"
    """The hub has introduced us; connections are being made."""
    HELD = "held"
    """A link stands and is not used yet."""
    RESTING = "resting"
    """An attempt has failed, and the next one is due later."""


class WaySearch:
    """Of one batch.

    Attributes:
        phase: Where it stands.
        failures: Attempts in a row that came to nothing.
        due: When something is to be done, by `tick`; None for nothing.
        why: The last failure, as a sentence; "" before.
    """

    def __init__(self, transfer: bytes, role: Role, order: Callable[[Order], None]) -> None:
        self.phase = Phase.IDLE
        self.failures = 0
        self.due: float | None = None
        self.why = ""
        self._transfer = transfer
        self._role = role
        self._order = order
        self._token = b""
        self._said_at = 0.0

    def want(self, to: int, now: float) -> None:
        """Say that we want a way, where we have not just said so and none is being made."""
        if self.phase in (Phase.OPENING, Phase.HELD):
            return
        if self.phase is Phase.WANTED and now - self._said_at < REPEAT_SECONDS:
            return
        self._order(WantWay(to, self._transfer, self._role))
        self.phase = Phase.WANTED
        self._said_at = now
        self.due = now + REPEAT_SECONDS

    def open(self, opened: WayOpened, now: float) -> None:
        """The hub introduces us; what it said before is of no use any more."""
        self.stop()
        self.phase = Phase.OPENING
        self.due = now + OPENING_SECONDS
        self._token = opened.token
        self._order(OpenWay(opened))

    def is_of(self, token: bytes) -> bool:
        """Whether news of this token is for this search."""
        return self.phase is Phase.OPENING and token == self._token

    def uses(self, token: bytes) -> bool:
        """Whether a connection of this token is being made, or stands and is not used yet."""
        return self.phase in (Phase.OPENING, Phase.HELD) and token == self._token

    def hold(self) -> None:
        """The link stands."""
        self.phase = Phase.HELD
        self.due = None

    def take(self) -> bytes:
        """Use the link that stands: its token."""
        self.phase = Phase.IDLE
        return self._token

    def fail(self, why: str, now: float) -> None:
        """An attempt came to nothing, or a connection broke: the next one is due after a while."""
        if self.phase is Phase.HELD:
            self.stop()
        self.phase = Phase.RESTING
        self.due = now + DELAYS[min(self.failures, len(DELAYS) - 1)]
        self.failures += 1
        self.why = why

    def succeed(self) -> None:
        """Bytes got through."""
        self.failures = 0

    def lose_hub(self) -> None:
        """What we have said to the hub is forgotten; connections that are being made go on."""
        if self.phase in (Phase.WANTED, Phase.RESTING):
            self.phase = Phase.IDLE
            self.due = None

    def stop(self) -> None:
        """No connection is needed any more."""
        if self.phase is Phase.OPENING:
            self._order(GiveUpWay(self._transfer))
        elif self.phase is Phase.HELD:
            self._order(DropLink(self._token))
        self.phase = Phase.IDLE
        self.due = None
