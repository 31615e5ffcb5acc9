"""TLS without a socket: bytes of the network in, plaintext out, and the other way round.

Owns one end of one TLS 1.3 connection and the bounds of what a peer may make it do and keep. Must never touch a socket,
choose whom to trust (handshake.py does) or keep what the caller can have. Described in docs/protocol.md, "M2. TLS".
Pure; not for two threads at once: a piece is used under its connection's lock. Whoever takes bytes out by data_to_send
must send them before anybody else may take more: two records in the wrong order end the connection.
"""

import ssl

from commonlib.exceptions import ProtocolError
from commonlib.wire.bounds import LARGEST_HANDSHAKE

TlsContext = ssl.SSLContext
"""The settings of TLS of one side, from storage.contexts: many pieces share them."""

# OpenSSL's buffers in memory never shrink, and nothing that Python offers empties or replaces them. Slices keep them
# small for good: 18 KiB for a connection that was once sent a long roster, and 58 without them.
_SLICE_RECEIVED = 4096
_SLICE_SENT = 2048
_LARGEST_RECORD = 16384

# What a peer may send that carries nothing: records without content, padding, alerts, tickets, key updates. Below a
# quarter of payload it is an attack on our time; a peer that sends the shortest frames one by one has two fifths.
_IDLE_BYTES = 64 * 1024
_IDLE_BYTES_PER_BYTE = 4
# What reading may make us answer, which is kept as long as the peer reads nothing: 27 bytes for each key update.
_ANSWER_BYTES = 4 * 1024
_PLAINTEXT_PER_ANSWER_BYTE = 256


class TlsError(ProtocolError):
    """The peer broke TLS or its bounds here; the connection is of no more use."""


class TlsPiece:
    """One end of a TLS connection.

    A client has something to send at once, a server when it has been sent something. After a TlsError all that is left
    to do is to send what `data_to_send` still has (an alert that tells the peer) and to close.

    Args:
        largest_handshake: Bytes of the peer that are taken in before the handshake is over.
    """

    __slots__ = (
        "_answered",
        "_failure",
        "_has_ended",
        "_incoming",
        "_is_established",
        "_largest_handshake",
        "_outgoing",
        "_plaintext",
        "_received",
        "_tls",
        "_to_send",
    )

    def __init__(self, context: TlsContext, server_side: bool, largest_handshake: int = LARGEST_HANDSHAKE) -> None:
        self._largest_handshake = largest_handshake
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side)
        self._to_send: list[bytes] = []
        self._is_established = False
        self._has_ended = False
        self._failure = ""
        # Since the handshake began, then since it was over: bytes of the network, of plaintext in them, of answers.
        self._received = self._plaintext = self._answered = 0
        if not server_side:
            self._shake_hands()

    @property
    def is_established(self) -> bool:
        """Whether the handshake is over, so that plaintext can go both ways."""
        return self._is_established

    @property
    def has_ended(self) -> bool:
        """Whether the peer has said, or the network, that nothing more will come."""
        return self._has_ended

    def receive_data(self, data: bytes) -> bytes:
        """Take bytes of the network, any number; returns the plaintext that is whole now, b"" during the handshake.

        There may be something to send afterwards. What comes behind the peer's own end is passed over. Plaintext that
        came in the same bytes as a fault is lost with the connection.

        Raises TlsError.
        """
        self._check_usable()
        plaintext: list[bytes] = []
        view = memoryview(data)
        while view and not self._has_ended:
            size = _SLICE_RECEIVED
            if not self._is_established:
                size = min(size, self._largest_handshake - self._received)
                if size <= 0:
                    raise self._fail("the handshake is too long")
            self._receive_slice(view[:size], plaintext)
            view = view[size:]
        return plaintext[0] if len(plaintext) == 1 else b"".join(plaintext)

    def receive_eof(self) -> None:
        """The network has come to its end. Raises TlsError when that is in the middle of the handshake."""
        self._check_usable()
        self._has_ended = True
        if not self._is_established:
            raise self._fail("the connection ended during the handshake")

    def encrypt(self, data: bytes, *, in_slices: bool = False) -> None:
        """Make records of plaintext, in the order of the calls: one, or as many of 16 KiB as it takes.

        Args:
            in_slices: Make records of 2 KiB instead, for what goes to thousands who may never be sent anything else:
                a large record leaves its sender a buffer of 21 KiB for as long as the connection lasts.

        Raises:
            TlsError: The connection is of no use, or the handshake is not over.
        """
        self._check_usable()
        if not self._is_established:
            raise self._fail("nothing can be sent before the handshake is over")
        size = _SLICE_SENT if in_slices else _LARGEST_RECORD
        view = memoryview(data)
        while view:
            try:
                written = self._tls.write(view[:size])
            except ssl.SSLError as error:
                raise self._fail(_words_of(error)) from error
            self._take_outgoing()
            view = view[written:]

    def send_eof(self) -> None:
        """Say that nothing more will come from this side; only reading is left. Raises TlsError."""
        self._check_usable()
        try:
            self._tls.unwrap()
        except ssl.SSLError:
            pass  # The word is said; what is missing is the peer's own end.
        self._take_outgoing()

    def data_to_send(self) -> bytes:
        """All bytes for the network that there are; they count as sent."""
        data = self._to_send[0] if len(self._to_send) == 1 else b"".join(self._to_send)
        self._to_send.clear()
        return data

    def peer_certificate(self) -> bytes:
        """The certificate that the peer has shown, DER. Raises TlsError when it has not shown any."""
        certificate = self._tls.getpeercert(binary_form=True) if self._is_established else None
        if certificate is None:
            raise self._fail("the other side has shown no certificate")
        return certificate

    def _receive_slice(self, data: memoryview, plaintext: list[bytes]) -> None:
        self._incoming.write(data)
        self._received += len(data)
        if not self._is_established:
            if not self._shake_hands():
                return
            # What is left in the buffer belongs to the time after.
            self._received = self._incoming.pending
        # Something is left without more bytes of the network where a record was longer than what was read of it.
        while not self._has_ended and (self._incoming.pending or self._tls.pending()):
            if not self._read_record(plaintext):
                break
        self._answered += self._take_outgoing()
        if self._answered > _ANSWER_BYTES + self._plaintext // _PLAINTEXT_PER_ANSWER_BYTE:
            raise self._fail("it asks for too many answers of TLS itself")
        if self._received > _IDLE_BYTES + _IDLE_BYTES_PER_BYTE * self._plaintext:
            raise self._fail("its records carry too little")

    def _read_record(self, plaintext: list[bytes]) -> bool:
        """Whether there was anything whole to read: plaintext, or the peer's end."""
        try:
            data = self._tls.read(_LARGEST_RECORD)
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLError as error:
            raise self._fail(_words_of(error)) from error
        if data:
            plaintext.append(data)
            self._plaintext += len(data)
        else:
            self._has_ended = True
        return True

    def _shake_hands(self) -> bool:
        """Whether the handshake is over now."""
        try:
            self._tls.do_handshake()
            self._is_established = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            raise self._fail(_words_of(error)) from error
        self._take_outgoing()
        return self._is_established

    def _take_outgoing(self) -> int:
        """Move what TLS has written to what is to be sent; returns its length. The buffer below keeps its largest."""
        data = self._outgoing.read()
        if data:
            self._to_send.append(data)
        return len(data)

    def _check_usable(self) -> None:
        if self._failure:
            raise TlsError(self._failure)

    def _fail(self, detail: str) -> TlsError:
        """Nothing works from here on. Returns the error to be raised."""
        self._failure = detail
        self._take_outgoing()
        return TlsError(detail)


def _words_of(error: ssl.SSLError) -> str:
    """What OpenSSL calls the fault, a constant of its own that holds nothing of the peer's."""
    return f"TLS finds {(error.reason or 'an unknown fault').lower().replace('_', ' ')}"
