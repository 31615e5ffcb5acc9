"""The normalizer thread: takes raw chunks from the queue, decrypts, cuts full packets, and hands them over in batches.

Owns the step from bytes to packets, and the values that travel on both sides of it. Must never act upon a packet. The
raw queue is filled by arrivals and readers; all else runs on the normalizer's thread.
"""

import queue
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from commonlib.exceptions import ProtocolError
from commonlib.wire.frames import FrameError
from commonlib.wire.tls import TlsError
from tcpipserver.net.connection import Connection
from tcpipserver.net.worker import Worker

_CHUNKS_PER_BATCH = 64
MOST_UNFINISHED = 64 << 20
"""Bytes of frames that were begun and not ended, of all connections together; above, whoever holds most is ended."""


class Chunk(NamedTuple):
    """Bytes as they came from a connection; no bytes are its end, and `reason` says why."""

    connection: Connection
    data: bytes
    reason: str = ""


class Cut(NamedTuple):
    """The full packets of one chunk, and how many bytes of credit to give back for them.

    Attributes:
        pieces: Runs of packets, or frames: what the connection's dialect takes.
        size: 0 where nothing was read for it.
        fault: Why nothing more can be read of this connection; None where all is well.
    """

    connection: Connection
    pieces: Sequence[Any]
    size: int
    fault: ProtocolError | None = None


class Ended(NamedTuple):
    """All packets of this connection have been handed over, and no more will come; is_expected as in ConnectionLost."""

    connection: Connection
    reason: str
    is_expected: bool = False


class Normalizer:
    """Cuts until it is stopped."""

    def __init__(
        self,
        raw: "queue.SimpleQueue[Chunk | None]",
        hand_over: Callable[[list[Cut | Ended]], None],
        failed: Callable[[str], None],
    ) -> None:
        self._raw = raw
        self._hand_over = hand_over
        self._unfinished: dict[Connection, int] = {}
        self._unfinished_size = 0
        self._worker = Worker("normalizer", self._run, failed)

    def start(self) -> None:
        """Start the thread."""
        self._worker.start()

    def stop(self, timeout: float) -> bool:
        """End the thread once the queue is empty; whether it ended in time."""
        self._raw.put(None)
        return self._worker.join(timeout)

    def _run(self) -> None:
        while (chunk := self._raw.get()) is not None:
            batch = [self._cut(chunk)]
            is_last = self._take_more(batch)
            if self._unfinished_size > MOST_UNFINISHED:
                batch.append(self._cut_off())
            self._hand_over(batch)
            if is_last:
                return

    def _take_more(self, batch: list[Cut | Ended]) -> bool:
        """Add what is there already; whether the end of the queue is."""
        try:
            while len(batch) < _CHUNKS_PER_BATCH:
                chunk = self._raw.get_nowait()
                if chunk is None:
                    return True
                batch.append(self._cut(chunk))
        except queue.Empty:
            pass
        return False

    def _cut(self, chunk: Chunk) -> Cut | Ended:
        connection, data, reason = chunk
        if not data or connection.is_dismissed:
            self._note_unfinished(connection, 0)
            return Cut(connection, (), len(data)) if data else Ended(connection, reason)
        try:
            plaintext = connection.decrypt(data)
        except TlsError as error:
            return Cut(connection, (), len(data), error)
        made = cut(connection, plaintext, len(data))
        self._note_unfinished(connection, connection.dialect.unfinished)
        return made

    def _note_unfinished(self, connection: Connection, size: int) -> None:
        before = self._unfinished.pop(connection, 0)
        if size:
            self._unfinished[connection] = size
        self._unfinished_size += size - before

    def _cut_off(self) -> Cut:
        """The end of whoever holds most: one who hoards must not cost the others their memory."""
        most = max(self._unfinished, key=self._unfinished.__getitem__)
        self._note_unfinished(most, 0)
        return Cut(most, (), 0, FrameError("it began more than it ended, and there is no room for all that is begun"))


def cut(connection: Connection, data: bytes, size: int) -> Cut:
    """What is whole in these bytes, in the clear, of which `size` were read.

    On the normalizer's thread, and before the connection is registered on the arrival's.
    """
    try:
        return Cut(connection, connection.dialect.cut(data), size)
    except ProtocolError as error:
        return Cut(connection, (), size, error)
