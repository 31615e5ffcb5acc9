"""A socket that takes as many bytes as the test allows it to, in place of a non-blocking one.

Owns what was sent on it. It must never block. Thread: the test's own.
"""

import socket


class StubSocket:
    """One socket.

    Attributes:
        room: Bytes that it still takes; without any it says that it would block.
        error: What sending raises instead.
        sent: What it took, one entry for each call.
        shut: What `shutdown` was called with.
    """

    def __init__(self, room: int = 1 << 40) -> None:
        self.room = room
        self.error: OSError | None = None
        self.sent: list[bytes] = []
        self.shut: list[int] = []
        self.is_closed = False

    @property
    def stream(self) -> bytes:
        """All that it took."""
        return b"".join(self.sent)

    def send(self, data: bytes | memoryview) -> int:
        """Take what there is room for; raises BlockingIOError without any, or `error`."""
        if self.error is not None:
            raise self.error
        if not self.room:
            raise BlockingIOError
        taken = bytes(data[: self.room])
        self.room -= len(taken)
        self.sent.append(taken)
        return len(taken)

    def shutdown(self, how: int) -> None:
        """Note it; raises `error`."""
        if self.error is not None:
            raise self.error
        self.shut.append(how)

    def close(self) -> None:
        """Note it."""
        self.is_closed = True

    def fileno(self) -> int:
        """No number that a selector would take."""
        return -1

    def setblocking(self, flag: bool) -> None:
        """It never blocks anyway."""

    @property
    def is_finished(self) -> bool:
        """Whether its sending side was shut."""
        return socket.SHUT_WR in self.shut
