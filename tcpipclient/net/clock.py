"""The clock that the client's threads go by, in a form that a test can stand in for.

Owns reading the time, and waiting for an event until a moment. Must never be used by a core: cores are told the time.
Threads: any.
"""

import threading
import time
from typing import Protocol

from commonlib.awake import AwakeTime


class Clock(Protocol):
    """Both kinds of time, and the only way in which a thread of ours waits for one."""

    def now(self) -> float:
        """Monotonic seconds."""
        ...

    def wall(self) -> float:
        """Unix seconds."""
        ...

    def wait(self, event: threading.Event, deadline: float) -> None:
        """Return when the event is set or `deadline`, in monotonic seconds, has come."""
        ...


class SystemClock:
    """The computer's clock."""

    def now(self) -> float:
        """Monotonic seconds."""
        return time.monotonic()

    def wall(self) -> float:
        """Unix seconds."""
        return time.time()

    def wait(self, event: threading.Event, deadline: float) -> None:
        """Return when the event is set or `deadline`, in monotonic seconds, has come."""
        event.wait(max(0.0, deadline - time.monotonic()))


class AwakeClock:
    """Another clock, without the hours in which this computer slept: the hub was not silent while we were."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._awake = AwakeTime()
        self._lock = threading.Lock()

    def now(self) -> float:
        """Monotonic seconds, without those that were slept through. Some thread has to ask every second."""
        with self._lock:
            return self._awake.seconds(self._clock.now())

    def wall(self) -> float:
        """Unix seconds."""
        return self._clock.wall()

    def wait(self, event: threading.Event, deadline: float) -> None:
        """Return when the event is set or `deadline`, in seconds of `now`, has come."""
        self._clock.wait(event, deadline + self._awake.slept)
