"""A clock that stands still until the test moves it on.

Owns the time that client threads go by in a test. It must never look at the real one. Threads: moved by the test's,
read and waited for by any.
"""

import threading

NOW = 1000.0
"""Monotonic seconds at which it begins."""
WALL = 1_795_404_767.25
"""The same moment in Unix seconds; in ticks it is a whole number."""


class FakeClock:
    """Stands in for a client's `SystemClock`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._passed = 0.0
        self._waited_for: set[threading.Event] = set()

    def now(self) -> float:
        """Monotonic seconds."""
        return NOW + self._passed

    def wall(self) -> float:
        """Unix seconds."""
        return WALL + self._passed

    def wait(self, event: threading.Event, deadline: float) -> None:
        """Return when the event is set, or the test has moved the clock to `deadline` or beyond."""
        with self._lock:
            self._waited_for.add(event)
            if self.now() >= deadline:
                return
        event.wait()

    def advance(self, seconds: float) -> None:
        """Let time pass. Whoever waits wakes up and looks at the clock; waking too early is allowed."""
        with self._lock:
            self._passed += seconds
            for event in self._waited_for:
                event.set()
