"""How many bytes a connection may have read that nobody has worked off yet, and all connections together.

Owns the counts that keep a flood's memory bounded and let it slow only its maker (docs/architecture.md,
"Backpressure"). Must never block. A Credit is filled by the reader's thread and worked off by the dispatcher's: each of
its two counters has one writer. The Budget is shared by all and has a lock.
"""

import threading

from commonlib.classic.packet import PACKET_SIZE

CREDIT_BYTES = 1 << 20
"""Unprocessed bytes after which a connection is not read from."""
RESUME_BYTES = CREDIT_BYTES // 2
"""Unprocessed bytes at which it is read from again."""
BUDGET_BYTES = 64 << 20
"""Unprocessed bytes of all connections together; above, only those with nothing unprocessed are read from."""
CHUNK_BYTES = 256
"""What one read counts for besides its bytes: who sends one byte at a time fills memory with the rest of a chunk."""
READ_BYTES = 1 << 20
"""The most that is read at a time from a connection that streams: every thread on the way wakes up once for it."""
FRUGAL_READ_BYTES = 16 << 10
"""The most that is read at a time from a connection that sends little, and from all while the budget is used up."""


class Budget:
    """The unprocessed bytes of all connections."""

    def __init__(self, limit: int = BUDGET_BYTES) -> None:
        self._limit = limit
        self._used = 0
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        """Bytes."""
        return self._used

    @property
    def is_used_up(self) -> bool:
        """Whether everybody has to be frugal."""
        return self._used >= self._limit

    def add(self, size: int) -> None:
        """Bytes were read (or, negative, worked off)."""
        with self._lock:
            self._used += size


class Credit:
    """The unprocessed bytes of one connection."""

    __slots__ = ("_budget", "_last_read", "_processed", "_read", "_unfinished")

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._read = 0
        self._last_read = 0
        self._unfinished = 0
        self._processed = 0

    @property
    def unprocessed(self) -> int:
        """Bytes, with what keeping them costs."""
        return self._read - self._processed

    @property
    def is_used_up(self) -> bool:
        """Whether the connection is not to be read from."""
        unprocessed = self._read - self._processed
        return unprocessed >= CREDIT_BYTES or (unprocessed > 0 and self._budget.is_used_up)

    @property
    def is_restored(self) -> bool:
        """Whether a connection that was not read from may be read from again."""
        unprocessed = self._read - self._processed
        return unprocessed <= 0 or (unprocessed <= RESUME_BYTES and not self._budget.is_used_up)

    @property
    def next_read(self) -> int:
        """How many bytes to read at most: few from those who talk, many from those who stream.

        Fewer by what has come of an unfinished packet, so that a full read ends where a packet ends: whatever is left
        over has to be copied together with the next read, and so on for as long as reads are full.
        """
        is_streaming = self._last_read > FRUGAL_READ_BYTES // 2 and not self._budget.is_used_up
        return (READ_BYTES if is_streaming else FRUGAL_READ_BYTES) - self._unfinished

    def add_read(self, size: int) -> None:
        """The reader has read this many bytes at once."""
        self._read += size + CHUNK_BYTES
        self._last_read = size
        self._unfinished = (self._unfinished + size) % PACKET_SIZE
        self._budget.add(size + CHUNK_BYTES)

    def add_processed(self, size: int) -> None:
        """The dispatcher has worked off, or thrown away, this many bytes that were read at once."""
        self._processed += size + CHUNK_BYTES
        self._budget.add(-size - CHUNK_BYTES)
