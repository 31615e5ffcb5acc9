"""What other threads have for the window, waiting for the Tk thread to fetch it.

Owns the waiting, and slowing down whoever puts in faster than the window takes: the hub is then slowed by TCP, instead
of this program's memory growing. Must never lose an event, nor hold anybody up for long when the window does not take
at all (some systems stop a window while its menu is open). `put` may be called by any thread but Tk's, the others by
any.
"""

import threading
from collections import deque

from tcpipclient.gui.model import ModelEvent

MOST_WAITING = 1_000
"""Events from which on whoever puts another one in waits for the window."""
PATIENCE_SECONDS = 0.25


class EventQueue:
    """A queue whose writers wait for its reader, but not for one who sleeps.

    Args:
        most: Events that may wait.
        patience: Seconds that a writer waits for room, once until the window takes something again.
    """

    def __init__(self, most: int = MOST_WAITING, patience: float = PATIENCE_SECONDS) -> None:
        self._most = most
        self._patience = patience
        self._waiting: deque[ModelEvent] = deque()
        self._changed = threading.Condition()
        self._is_paced = True

    def put(self, event: ModelEvent) -> None:
        """Put something in, as soon as there is room or none was made for too long."""
        with self._changed:
            if self._is_paced and len(self._waiting) >= self._most:
                self._is_paced = self._changed.wait_for(lambda: len(self._waiting) < self._most, self._patience)
            self._append(event)

    def put_now(self, event: ModelEvent) -> None:
        """Put something in without waiting for room."""
        with self._changed:
            self._append(event)

    def take(self, most: int, timeout: float = 0.0) -> list[ModelEvent]:
        """At most so many, in the order in which they came; waits at most so many seconds for the first."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._waiting), timeout)
            taken = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
            if taken:
                self._is_paced = True
                self._changed.notify_all()
        return taken

    def _append(self, event: ModelEvent) -> None:
        self._waiting.append(event)
        self._changed.notify_all()
