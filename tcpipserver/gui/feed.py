"""The feed: what the hub's threads have for the window, waiting for the Tk thread to fetch it.

Owns the waiting and its bounds. Must never block whoever puts something in, and never forget that something was lost:
lines and texts beyond the bound are counted. `post` and `emit` may be called from any thread, `take` by the Tk thread.
"""

import logging
import threading
from collections import deque

from tcpipserver.eventlog import meaning_of
from tcpipserver.gui.events import Event, LineLogged, Lost, TextSaid

MOST_WAITING = 10_000


class Feed(logging.Handler):
    """A bounded queue, and a log handler that fills it with what is logged."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        super().__init__(logging.NOTSET)
        self._most = most
        self._waiting: deque[Event] = deque()
        self._lost = 0
        self._waiting_lock = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        """Put a line of the log in, or lose it. Never fails: a line that cannot be formed is shown as it is."""
        try:
            text = record.getMessage()
        except (TypeError, ValueError):
            text = str(record.msg)
        self.post(LineLogged(record.created, meaning_of(record), text))

    def post(self, event: Event) -> None:
        """Put something in. What the hub does always finds room; what people cause does while there is some."""
        with self._waiting_lock:
            if isinstance(event, LineLogged | TextSaid) and len(self._waiting) >= self._most:
                self._lost += 1
            else:
                self._waiting.append(event)

    def take(self, most: int) -> list[Event]:
        """At most so many, in the order in which they came; what was lost is told behind what waits."""
        with self._waiting_lock:
            taken = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
            if self._lost and not self._waiting:
                taken.append(Lost(self._lost))
                self._lost = 0
        return taken
