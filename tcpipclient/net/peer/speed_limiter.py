"""The limit on speed that all sending pumps of a client share.

Owns the lock around the count. Must never wait. Threads: any.
"""

import threading

from tcpipclient.core.transfers.speed_limit import SpeedLimit


class SpeedLimiter:
    """Grants bytes. Args: `speed`: bytes per second, above 0; None for no limit."""

    def __init__(self, speed: int | None = None) -> None:
        self._lock = threading.Lock()
        self._limit = SpeedLimit(speed)

    @property
    def speed(self) -> int | None:
        """Bytes per second; None for no limit."""
        return self._limit.speed

    @speed.setter
    def speed(self, speed: int | None) -> None:
        with self._lock:
            self._limit.speed = speed

    def take(self, most: int, now: float) -> int:
        """How many of `most` bytes may be sent now; they count as sent. `now` is monotonic, in seconds."""
        with self._lock:
            allowance = self._limit.allowance(now)
            if allowance is None:
                return most
            granted = min(most, allowance)
            self._limit.spend(granted)
            return granted

    def give_back(self, size: int) -> None:
        """So many of the bytes that were taken could not be sent."""
        with self._lock:
            self._limit.spend(-size)

    def wait(self, now: float) -> float:
        """Seconds until it is worth asking again; 0 where bytes may be sent now."""
        with self._lock:
            return self._limit.wait(now)
