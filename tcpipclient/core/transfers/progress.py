"""How far a batch is, how fast it goes, and how long it will take.

Owns the counts and the measure of speed. Must never read a clock: the time is passed in, in monotonic seconds. Pure: a
Progress belongs to one batch.
"""

from collections import deque

SPAN_SECONDS = 3.0
"""The speed is that of so many last seconds."""
_SHORTEST_SPAN = 0.2


class Progress:
    """Of one batch.

    Attributes:
        done: Bytes that need not be sent any more; never less than it was.
        files_done: Files whose end is known.
        current: The path of a file that is on its way; "" where none is.
    """

    def __init__(self) -> None:
        self.done = 0
        self.files_done = 0
        self.current = ""
        self._samples: deque[tuple[float, int]] = deque()
        self._settled = (0, 0)

    def settle(self) -> None:
        """All that was to be done by now is; what follows counts from 0 again on its connection."""
        self._settled = (self.done, self.files_done)

    def restart(self, now: float) -> None:
        """Bytes flow from now on, for the first time or on another connection: what stood still counts for nothing."""
        self._samples.clear()
        self._samples.append((now, self.done))

    def move(self, done: int, files_done: int, current: str, now: float) -> bool:
        """So much is done on this connection; what was done before counts on. Returns whether it came further."""
        done += self._settled[0]
        files_done += self._settled[1]
        further = done > self.done or files_done > self.files_done
        self.done = max(self.done, done)
        self.files_done = max(self.files_done, files_done)
        self.current = current
        self._samples.append((now, self.done))
        self._drop(now)
        return further

    def stop(self) -> None:
        """Nothing flows."""
        self._samples.clear()
        self.current = ""

    def speed(self, now: float) -> float:
        """Bytes per second over the last seconds."""
        self._drop(now)
        if not self._samples:
            return 0.0
        since, before = self._samples[0]
        seconds = now - since
        return (self.done - before) / seconds if seconds >= _SHORTEST_SPAN else 0.0

    def maybe_seconds_left(self, size: int, now: float) -> float | None:
        """Until all of `size` bytes are done at this speed; None where nothing moves."""
        speed = self.speed(now)
        return max(size - self.done, 0) / speed if speed > 0 else None

    def _drop(self, now: float) -> None:
        """Forget samples that are older than the span, but for the last one of them, from which it is measured."""
        samples = self._samples
        while len(samples) > 1 and samples[1][0] <= now - SPAN_SECONDS:
            samples.popleft()
        if len(samples) == 1 and samples[0][0] <= now - SPAN_SECONDS:
            samples[0] = (now - SPAN_SECONDS, samples[0][1])
