"""The two clocks that the hub's threads read, as one value that can be replaced.

Owns nothing but the reading. Must never be imported by a pure room: there, times are passed in. Any thread.
"""

import time
from typing import Protocol


class Clock(Protocol):
    """What the threads need of a clock."""

    def now(self) -> float:
        """Monotonic seconds: for everything that is measured."""
        ...

    def wall(self) -> float:
        """Unix seconds: for everything that is shown or told."""
        ...


class SystemClock:
    """The clocks of this machine."""

    def now(self) -> float:
        """Monotonic seconds."""
        return time.monotonic()

    def wall(self) -> float:
        """Unix seconds."""
        return time.time()
