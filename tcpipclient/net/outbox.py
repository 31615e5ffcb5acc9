"""What waits to be sent: two lanes, so that a text never waits behind a file.

Owns the waiting bytes and their bounds. Must never touch a socket. Threads: commands and the dispatcher put into the
first lane, the file sender into the second, the writer takes out.
"""

import threading
from collections import deque

HIGH_MARK = 8 * 1024 * 1024
"""Bytes waiting from which on commands wait too. Twice as much says that the hub does not read: the answers that we owe
to its packets cannot wait."""
LOW_MARK = 512 * 1024
"""A file's next block is only put in while fewer bytes than this wait."""
MOST_JOINED = 1024 * 1024
"""Bytes after which no more is joined into one send."""


class Outbox:
    """The bytes for one connection. What is put in at once is whole packets and stays together."""

    def __init__(self, high_mark: int = HIGH_MARK, low_mark: int = LOW_MARK) -> None:
        self._high_mark = high_mark
        self._low_mark = low_mark
        self._changed = threading.Condition()
        self._first: deque[bytes] = deque()
        self._files: deque[bytes] = deque()
        self._waiting = 0
        self._being_written = 0
        self._file_blocks_put = 0
        self._file_blocks_taken = 0
        self._file_blocks_written = 0
        self._finished = False
        self._is_woken = False

    @property
    def is_overfull(self) -> bool:
        """Whether the hub has stopped reading what we send."""
        return self._waiting > 2 * self._high_mark

    def put(self, data: bytes) -> None:
        """Add packets that wait for no file; never blocks. Passed over when the outbox is finished."""
        with self._changed:
            if data and not self._finished:
                self._first.append(data)
                self._waiting += len(data)
                self._changed.notify_all()

    def wake(self) -> None:
        """Have the writer send whatever its transport itself has to say."""
        with self._changed:
            self._is_woken = True
            self._changed.notify_all()

    def wait_for_room(self, timeout: float) -> bool:
        """Wait until a command may put something in; False where there is no room after `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._waiting < self._high_mark or self._finished, timeout)

    def put_file_block(self, data: bytes) -> bool:
        """Add packets of a file, waiting until little else waits; False when the outbox is finished."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting < self._low_mark or self._finished)
            if self._finished:
                return False
            if data:
                self._files.append(data)
                self._file_blocks_put += 1
                self._waiting += len(data)
                self._changed.notify_all()
            return True

    def wait_until_files_written(self) -> bool:
        """Wait until every file block that was put in is with the system; False where it will not be."""
        with self._changed:
            wanted = self._file_blocks_put
            self._changed.wait_for(lambda: self._file_blocks_written >= wanted or self._finished)
            return self._file_blocks_written >= wanted

    def maybe_take(self) -> bytes | None:
        """Wait for something to send, and take as much as goes into one send; None at the end, nothing after `wake`.

        Called again, it says that what was taken before is with the system. For one thread, the writer.
        """
        with self._changed:
            self._waiting -= self._being_written
            self._being_written = 0
            self._file_blocks_written = self._file_blocks_taken
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._first or self._files or self._finished or self._is_woken)
            taken = []
            for lane in (self._first, self._files):
                while lane and self._being_written < MOST_JOINED:
                    self._being_written += len(lane[0])
                    self._file_blocks_taken += lane is self._files
                    taken.append(lane.popleft())
            was_woken, self._is_woken = self._is_woken, False
            return b"".join(taken) if taken or was_woken else None

    def finish(self, last: bytes = b"") -> None:
        """Take in nothing more; what waits still goes out, `last` behind it."""
        with self._changed:
            if not self._finished:
                self._finished = True
                if last:
                    self._files.append(last)
                    self._waiting += len(last)
            self._changed.notify_all()

    def abandon(self) -> None:
        """Take in nothing more, and forget what waits: the connection has ended."""
        with self._changed:
            self._finished = True
            self._first.clear()
            self._files.clear()
            self._waiting = self._being_written
            self._changed.notify_all()
