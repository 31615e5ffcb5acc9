"""How many bytes may be sent now so that it is no more than so many in a second: a bucket that fills with time.

Owns the count. Must never read a clock or sleep. Pure: one thread at a time.
"""

_FULL_SECONDS = 0.1
"""The bucket holds what may be sent in this time: what is saved up in a pause is not sent at one stroke."""
_SMALLEST_FULL = 4096
_WORTH_WAITING_FOR = 0.02
"""Seconds of the speed that have to be there before the next bytes go: slivers would cost more than they bring."""


class SpeedLimit:
    """A speed that is shared by all who ask here.

    Attributes:
        speed: Bytes per second, above 0; None for no limit. It may change at any time.
    """

    __slots__ = ("_filled_at", "_left", "speed")

    def __init__(self, speed: int | None = None) -> None:
        self.speed = speed
        self._left = 0.0
        self._filled_at: float | None = None

    def allowance(self, now: float) -> int | None:
        """Bytes that may be sent now; None for any number. `now` is monotonic, in seconds."""
        if self.speed is None:
            return None
        if self._filled_at is not None:
            self._left += (now - self._filled_at) * self.speed
        self._filled_at = now
        self._left = min(self._left, max(self.speed * _FULL_SECONDS, _SMALLEST_FULL))
        return max(int(self._left), 0)

    def spend(self, size: int) -> None:
        """So many bytes were sent, or will be."""
        if self.speed is not None:
            self._left -= size

    def wait(self, now: float) -> float:
        """Seconds until it is worth asking again; 0 where bytes may be sent now."""
        allowance = self.allowance(now)
        if allowance is None or self.speed is None:
            return 0.0
        wanted = max(self.speed * _WORTH_WAITING_FOR, 1.0)
        return max(wanted - self._left, 0.0) / self.speed
