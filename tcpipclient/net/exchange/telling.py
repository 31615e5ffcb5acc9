"""The queue of what users' handlers are to be told of batches.

Owns the order, and that progress which nobody has looked at yet is replaced by newer. Must never call a handler under
its lock. Threads: put by the exchange's, told by the one on which handlers run.
"""

import threading
from collections.abc import Callable

from tcpipclient.core.batch_events import BatchEvent, BatchProgressed
from tcpipclient.core.events import PacketIgnored


class Telling:
    """Events that wait to be told."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[int, BatchEvent | PacketIgnored] = {}
        self._progress: dict[int, int] = {}
        self._next = 0

    def put(self, event: BatchEvent | PacketIgnored) -> None:
        """One more."""
        with self._lock:
            self._next += 1
            if isinstance(event, BatchProgressed):
                self._waiting.pop(self._progress.get(event.transfer, 0), None)
                self._progress[event.transfer] = self._next
            self._waiting[self._next] = event

    def tell(self, handle: Callable[[BatchEvent | PacketIgnored], None]) -> None:
        """Have all that waits handled, in order."""
        while (event := self._maybe_take()) is not None:
            handle(event)

    def _maybe_take(self) -> BatchEvent | PacketIgnored | None:
        with self._lock:
            number = next(iter(self._waiting), None)
            if number is None:
                return None
            event = self._waiting.pop(number)
            if isinstance(event, BatchProgressed):
                self._progress.pop(event.transfer, None)
            return event
