"""Handler threads: each runs one arrival at a time, and the next one when it is done.

Owns these threads and who of them has nothing to do. Must never let a newcomer wait for another: without an idle thread
there is a new one, and a thread that has given way to others ends with its arrival. In a rush most of what a thread
costs is to begin and to end. `run` and `stop` are called on the listener's thread or once that has ended.
"""

import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from commonlib.storage.giving_way import has_given_way

IDLE_SECONDS = 1.0
"""A thread that has had nothing to do for so long ends."""

Arrival = tuple[Any, Any]
"""A socket and an address, as socketserver hands them on."""


class ArrivalThreads:
    """As many threads as there are arrivals, and for a moment those of the last ones.

    Args:
        handle: Runs one arrival; never raises.
    """

    def __init__(self, handle: Callable[[Any, Any], None]) -> None:
        self._handle = handle
        # Who has come last is first to go on, so that the others may end.
        self._idle: list[_ArrivalThread] = []
        self._lock = threading.Lock()
        self._is_stopping = False

    def run(self, connected: Any, address: Any) -> None:
        """Have an arrival run by an idle thread, or by a new one.

        Raises:
            RuntimeError: The system has no thread for it.
        """
        with self._lock:
            thread = self._idle.pop() if self._idle else None
        if thread is None:
            thread = _ArrivalThread(self._handle, self._maybe_rest, self._leave)
            thread.start()
        thread.arrivals.put((connected, address))

    def stop(self, timeout: float) -> bool:
        """End the threads that have nothing to do, and let the others end with their arrivals; whether they did it."""
        with self._lock:
            self._is_stopping = True
            idle, self._idle = self._idle, []
        for thread in idle:
            thread.arrivals.put(None)
        deadline = time.monotonic() + timeout
        return all(tuple(thread.has_ended(deadline) for thread in idle))

    # The threads' own

    def _maybe_rest(self, thread: "_ArrivalThread") -> bool:
        """A thread is done; whether it is to wait for another arrival."""
        with self._lock:
            if not self._is_stopping:
                self._idle.append(thread)
            return not self._is_stopping

    def _leave(self, thread: "_ArrivalThread") -> bool:
        """A thread has waited long enough; whether it may end, as nothing has been given to it in the meantime."""
        with self._lock:
            is_idle = thread in self._idle
            if is_idle:
                self._idle.remove(thread)
            return is_idle


class _ArrivalThread:
    """One thread.

    Attributes:
        arrivals: What it is to run; None is its end.
    """

    def __init__(
        self,
        handle: Callable[[Any, Any], None],
        maybe_rest: Callable[["_ArrivalThread"], bool],
        leave: Callable[["_ArrivalThread"], bool],
    ) -> None:
        self._handle = handle
        self._maybe_rest = maybe_rest
        self._leave = leave
        self.arrivals: queue.SimpleQueue[Arrival | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="arrival", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def has_ended(self, deadline: float) -> bool:
        """Wait for the thread's end until this moment of the monotonic clock; whether it has come."""
        self._thread.join(max(0.0, deadline - time.monotonic()))
        return not self._thread.is_alive()

    def _run(self) -> None:
        while self._run_one() and not has_given_way() and self._maybe_rest(self):
            pass

    def _run_one(self) -> bool:
        """Run the next arrival, and keep nothing of it; whether there was one."""
        try:
            arrival = self.arrivals.get(timeout=IDLE_SECONDS)
        except queue.Empty:
            if self._leave(self):
                return False
            arrival = self.arrivals.get()
        if arrival is None:
            return False
        self._handle(*arrival)
        return True
