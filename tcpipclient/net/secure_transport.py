"""The way to a hub, encrypted: a transport around a transport, with a piece of TLS between.

Owns the order of what TLS sends: bytes leave the piece under one lock, and only the writer passes them on. Must never
decide whom to trust: by the time that it is made that is settled. Threads: as Transport; the lock is never held while
the network is waited for.
"""

import threading
from collections.abc import Callable

from commonlib.wire.tls import TlsError, TlsPiece
from tcpipclient.net.transport import Transport


class SecureTransport:
    """A connection that stands, over one whose handshake is over.

    Attributes:
        wake_writer: Called by the reader when TLS itself has something to send, such as the answer to a new key; the
            writer is then to call `send`, with nothing if it has nothing.
    """

    def __init__(self, inner: Transport, piece: TlsPiece) -> None:
        self.wake_writer: Callable[[], object] = lambda: None
        self._inner = inner
        self._piece = piece
        self._lock = threading.Lock()
        self._due = b""

    def receive(self, timeout: float | None = None) -> bytes:
        """As Transport; what was changed on its way is an OSError."""
        plaintext = b""
        while not plaintext and not self._piece.has_ended:
            data = self._inner.receive(timeout)
            try:
                with self._lock:
                    if not data:
                        self._piece.receive_eof()
                        break
                    plaintext = self._piece.receive_data(data)
                    self._due += self._piece.data_to_send()
            except TlsError as error:
                raise ConnectionAbortedError(0, f"the encryption has failed: {error.detail}") from None
            if self._due:
                self.wake_writer()
        return plaintext

    def send(self, data: bytes) -> None:
        """As Transport; sends what TLS has to say before it."""
        try:
            with self._lock:
                if data:
                    self._piece.encrypt(data)
                out = self._due + self._piece.data_to_send()
                self._due = b""
        except TlsError as error:
            raise ConnectionAbortedError(0, f"the encryption has failed: {error.detail}") from None
        if out:
            self._inner.send(out)

    def finish_sending(self) -> None:
        """As Transport."""
        try:
            with self._lock:
                self._piece.send_eof()
                out = self._due + self._piece.data_to_send()
                self._due = b""
            self._inner.send(out)
        except (TlsError, OSError):
            pass  # The other side has ended it already, which is what was wanted.
        self._inner.finish_sending()

    def peer_address(self) -> tuple[str, int] | None:
        """As Transport."""
        return self._inner.peer_address()

    def abort(self) -> None:
        """As Transport."""
        self._inner.abort()

    def close(self) -> None:
        """As Transport."""
        self._inner.close()
