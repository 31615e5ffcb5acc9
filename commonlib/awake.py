"""Time without the hours in which this computer slept: while it did, nobody else was silent.

Owns the telling of a sleep from an ordinary wait. Must never read a clock: `now` is passed in. Pure; an object belongs
to one thread, or to whoever holds its lock.
"""

SLEEP_SECONDS = 15.0
"""Who looks at the clock every second and finds so many gone was not running meanwhile."""


class AwakeTime:
    """Monotonic seconds on computers whose monotonic clock goes on while they sleep. To be asked every second."""

    def __init__(self) -> None:
        self._last: float | None = None
        self._slept = 0.0

    @property
    def slept(self) -> float:
        """Seconds that are not counted."""
        return self._slept

    def seconds(self, now: float) -> float:
        """Monotonic seconds, without those that were slept through."""
        if self._last is not None and now - self._last > SLEEP_SECONDS:
            self._slept += now - self._last
        self._last = now
        return now - self._slept
