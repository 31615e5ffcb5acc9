"""The normalizer thread: takes raw chunks from the queue, decrypts, cuts full packets, and hands them over in batches.

Owns the step from bytes to packets, and the values that travel on both sides of it. Must never act upon a packet. The
raw queue is filled by arrivals and readers; all else runs on the normalizer's thread.
"""

import queue
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from commonlib.exceptions import ProtocolError
from commonlib.wire.tls import TlsError
from tcpipserver.net.connection import Connection
from tcpipserver.net.worker import Worker

_CHUNKS_PER_BATCH = 64


class Chunk(NamedTuple):
    """Bytes as they came from a connection; no bytes are its end, and `reason` says why."""

    connection: Connection
    data: bytes
    reason: str = ""


class Cut(NamedTuple):
    """The full packets of one chunk, and how many bytes of credit to give back for them.

    Attributes:
        pieces: Runs of packets, or frames: what the connection's dialect takes.
        fault: Why nothing more can be read of this connection; None where all is well.
    """

    connection: Connection
    pieces: Sequence[Any]
    size: int
    fault: ProtocolError | None = None


class Ended(NamedTuple):
    """All packets of this connection have been handed over, and no more will come."""

    connection: Connection
    reason: str


class Normalizer:
    """Cuts until it is stopped."""

    def __init__(
        self,
        raw: "queue.Queue[Chunk | None]",
        hand_over: Callable[[list[Cut | Ended]], None],
        failed: Callable[[str], None],
    ) -> None:
        self._raw = raw
        self._hand_over = hand_over
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

    @staticmethod
    def _cut(chunk: Chunk) -> Cut | Ended:
        connection, data, reason = chunk
        if not data:
            return Ended(connection, reason)
        try:
            plaintext = connection.decrypt(data)
        except TlsError as error:
            return Cut(connection, (), len(data), error)
        return cut(connection, plaintext, len(data))


def cut(connection: Connection, data: bytes, size: int) -> Cut:
    """What is whole in these bytes, in the clear, of which `size` were read.

    On the normalizer's thread, and before the connection is registered on the arrival's.
    """
    try:
        return Cut(connection, connection.dialect.cut(data), size)
    except ProtocolError as error:
        return Cut(connection, (), size, error)
