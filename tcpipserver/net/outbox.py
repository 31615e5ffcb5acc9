"""What is due to one socket and has not gone out yet.

Owns the order of the bytes on one connection: whoever takes bytes to send them does so in one step under the lock, so
that nobody can send later bytes first. Where the connection is encrypted, making records and sending them is that one
step, and reading goes through the same lock: records that change places end a connection. Must never block: what the
socket does not take stays here, bounded by whoever fills it. `send` is called by the dispatcher's thread, `decrypt` by
the normalizer's, `flush` by the flusher's, and by the dispatcher's where it has to know what went out.
"""

import socket
import threading
from collections import deque
from typing import NamedTuple

from commonlib.wire.tls import TlsError, TlsPiece

_FLUSH_BYTES = 256 << 10


class Waiting:
    """The bytes that wait in all outboxes together."""

    def __init__(self) -> None:
        self._size = 0
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes."""
        return self._size

    def add(self, size: int) -> None:
        """Bytes began to wait (or, negative, no longer do)."""
        with self._lock:
            self._size += size


class Decrypted(NamedTuple):
    """What came, in the clear; reading may have made something to say, for which a flusher is needed now."""

    plaintext: bytes
    needs_flusher: bool


class Outbox:
    """The sending side of one non-blocking socket.

    Attributes:
        waiting: Bytes that wait for the socket.
        flushed: Bytes that had to wait and have gone out, since the beginning: whether the other side reads.
        is_broken: Whether the socket has refused to send; all that is due to it is then thrown away.
        is_finished: Whether nothing more will be added; once empty, the socket's sending side is shut.
    """

    __slots__ = ("_lock", "_pieces", "_socket", "_tls", "_total", "flushed", "is_broken", "is_finished", "waiting")

    def __init__(self, connected: socket.socket, total: Waiting) -> None:
        self._socket = connected
        self._total = total
        self._lock = threading.Lock()
        self._pieces: deque[bytes | memoryview] | None = None
        self._tls: TlsPiece | None = None
        self.waiting = 0
        self.flushed = 0
        self.is_broken = False
        self.is_finished = False

    @property
    def is_secure(self) -> bool:
        """Whether what goes out is encrypted."""
        return self._tls is not None

    def secure(self, tls: TlsPiece) -> None:
        """From now on everything goes through this, which is established. Called before the first `send`."""
        self._tls = tls

    def send(self, data: bytes, *, in_slices: bool = False) -> bool:
        """Send what the socket takes now and keep the rest; whether a flusher is needed that was not needed before.

        `in_slices` is as in TlsPiece.encrypt.
        """
        with self._lock:
            if self.is_broken or self.is_finished:
                return False
            if self._tls is None:
                return self._send_locked(data)
            try:
                self._tls.encrypt(data, in_slices=in_slices)
            except TlsError:
                self._break_locked()  # What came of the other side has broken it; whoever reads says so.
                return False
            return self._send_locked(self._tls.data_to_send())

    def decrypt(self, data: bytes) -> Decrypted:
        """What came, in the clear; what TLS itself has to answer goes out behind all that was sent before.

        Raises:
            TlsError: The other side broke TLS, and the connection is of no more use.
        """
        with self._lock:
            assert self._tls is not None
            try:
                return Decrypted(self._tls.receive_data(data), self._send_made_locked(self._tls))
            except TlsError:
                self._send_made_locked(self._tls)  # An alert: best effort.
                raise

    def flush(self) -> bool:
        """Send what the socket takes now; whether nothing is left."""
        with self._lock:
            while self._pieces:
                data = self._joined_locked(self._pieces)
                sent = self._maybe_sent_locked(data)
                if sent is None:
                    return True
                self._count_locked(-sent)
                self.flushed += sent
                if sent < len(data):
                    self._pieces.appendleft(memoryview(data)[sent:])
                    return False
            self._pieces = None
            if self.is_finished:
                self._shut_locked()
            return True

    def finish(self) -> None:
        """Nothing more will be added: shut the sending side as soon as all has gone out."""
        with self._lock:
            if self._tls is not None and not self.is_finished:
                self._say_end_locked(self._tls)
            self.is_finished = True
            if not self._pieces:
                self._shut_locked()

    def discard(self) -> None:
        """Throw away what waits: the connection has ended."""
        with self._lock:
            self._break_locked()

    def _send_locked(self, data: bytes) -> bool:
        """As `send`, for bytes as they go over the network."""
        if self._pieces:
            self._keep_locked(data)
            return False
        sent = self._maybe_sent_locked(data)
        if sent is None or sent == len(data):
            return False
        self._keep_locked(memoryview(data)[sent:])
        return True

    def _send_made_locked(self, tls: TlsPiece) -> bool:
        """As `send`, for what TLS has to say by itself."""
        made = tls.data_to_send()
        return bool(made) and not self.is_broken and not self.is_finished and self._send_locked(made)

    def _say_end_locked(self, tls: TlsPiece) -> None:
        """Tell the other side that the end which it will see is ours, and nobody else's."""
        try:
            tls.send_eof()
        except TlsError:
            return  # It is broken, and the other side knows.
        self._send_made_locked(tls)

    def _keep_locked(self, data: bytes | memoryview) -> None:
        if self._pieces is None:
            self._pieces = deque()
        self._pieces.append(data)
        self._count_locked(len(data))

    @staticmethod
    def _joined_locked(pieces: deque[bytes | memoryview]) -> bytes | memoryview:
        """Take the first piece, or as many small ones as make one good write."""
        first = pieces.popleft()
        if len(first) >= _FLUSH_BYTES or not pieces:
            return first
        taken, size = [first], len(first)
        while pieces and size + len(pieces[0]) <= _FLUSH_BYTES:
            taken.append(pieces.popleft())
            size += len(taken[-1])
        return b"".join(taken)

    def _maybe_sent_locked(self, data: bytes | memoryview) -> int | None:
        """How many bytes the socket took; None when it never will take any again."""
        try:
            return self._socket.send(data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError:
            self._break_locked()
            return None

    def _break_locked(self) -> None:
        self.is_broken = True
        self._pieces = None
        self._count_locked(-self.waiting)

    def _count_locked(self, size: int) -> None:
        self.waiting += size
        self._total.add(size)

    def _shut_locked(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.is_broken = True
