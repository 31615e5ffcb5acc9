"""What both ends of an arrival on the modern wire have in common: TLS, frames inside it, one state, and the bounds.

Owns the order of bytes: TLS first, then frames, handled as long as it is the peer's turn. Must never know who says
what: that are hub_handshake.py and client_handshake.py. Described in docs/protocol.md, "M2. TLS" and "M5. Arrival".
Pure; a handshake belongs to one connection and to one thread.

Bytes come in by `receive_data`, go out by `data_to_send`; what happened is in `events_received`. Whatever a peer does
wrong is a ProtocolError: TlsError, FrameError, MessageError, ProofError (a key is none, or not the client's),
JoinCodeError (the other side does not know the code) or HandshakeError (all else). There may be something to send even
then, which tells the peer why; then the connection is to be closed.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from typing import Generic, TypeVar

from commonlib.exceptions import ProtocolError
from commonlib.values import dataclass
from commonlib.wire.bounds import USUAL, Bounds
from commonlib.wire.frames import HEADER_SIZE, Frame, FrameCutter, FrameError, encode_frame
from commonlib.wire.greeting import maybe_mark
from commonlib.wire.messages import UnknownFrameError, decode_message, encode_message
from commonlib.wire.schema import Message
from commonlib.wire.tls import TlsPiece


class HandshakeError(ProtocolError):
    """The peer says something at the wrong time, too much, or nothing any more."""


@dataclass(frozen=True, slots=True)
class Established:
    """What is left when the arrival is over, for those who go on with the connection.

    Attributes:
        piece: TLS, with nothing in it that was not read. It may have something to send.
        unread: Plaintext behind the last message of the arrival: whole frames and the beginning of another.
    """

    piece: TlsPiece
    unread: bytes


class State(Enum):
    """What comes next. In the states of _LISTENING it is a frame; in the others frames wait."""

    TLS = auto()
    TRUST = auto()
    """The client's decision about the hub."""
    HELLO = auto()
    DECISION = auto()
    """The hub's decision about the client."""
    TRY = auto()
    """The client's to give the join code."""
    TRIED = auto()
    CONFIRMED = auto()
    VERDICT = auto()
    ARRIVED = auto()
    OVER = auto()
    """Nothing: somebody failed or was refused."""


_LISTENING = {State.HELLO, State.TRIED, State.CONFIRMED, State.VERDICT}

Event = TypeVar("Event")


class Handshake(Generic[Event]):
    """What both ends have in common: TLS below, frames above, one state.

    Args:
        piece: Made with the bounds' own for the handshake of TLS.
    """

    def __init__(self, piece: TlsPiece, cutter: FrameCutter, bounds: Bounds = USUAL) -> None:
        self._piece = piece
        self._cutter = cutter
        self._bounds = bounds
        self._frames: deque[Frame] = deque()
        # Bytes in these frames and in the one that the cutter has not finished.
        self._kept = 0
        self._behind: list[bytes] = []
        self._events: list[Event] = []
        self._state = State.TLS
        self._ended_in: State | None = None

    def receive_data(self, data: bytes) -> None:
        """Take bytes of the network, any number. When it is over, they are passed over.

        Raises ProtocolError, as the head of this module says.
        """
        if self._state is State.OVER:
            return
        with self._failing():
            plaintext = self._piece.receive_data(data)
            if self._state is State.ARRIVED:
                self._behind.append(plaintext)
                return
            if self._state is State.TLS and self._piece.is_established:
                self._state = self._state_after_tls()
            self._kept += len(plaintext)
            self._frames.extend(self._cutter.receive_data(plaintext))
            self._read_frames()
            if self._piece.has_ended and self._state not in (State.ARRIVED, State.OVER):
                self._ended_in = self._state
                raise HandshakeError("it ended the connection")

    def receive_eof(self) -> None:
        """The network has come to its end. Raises ProtocolError when the arrival is not over."""
        if self._state in (State.ARRIVED, State.OVER):
            return
        with self._failing():
            self._piece.receive_eof()
            raise HandshakeError("it ended the connection")

    def data_to_send(self) -> bytes:
        """All bytes for the network that there are; they count as sent."""
        return self._piece.data_to_send()

    def events_received(self) -> list[Event]:
        """What has happened since the last call."""
        events, self._events = self._events, []
        return events

    def _state_after_tls(self) -> State:
        raise NotImplementedError

    def _receive_message(self, message: Message) -> None:
        raise NotImplementedError

    def _read_frames(self) -> None:
        """Follow the frames as long as it is the peer's turn."""
        while self._frames and self._state in _LISTENING:
            frame = self._frames.popleft()
            self._kept -= HEADER_SIZE + len(frame.body)
            if len(frame.body) > self._bounds.body:
                raise FrameError(f"a frame of {len(frame.body)} bytes comes too early")
            try:
                message = decode_message(frame)
            except UnknownFrameError:
                continue
            self._receive_message(message)
        if self._kept > self._bounds.waiting and self._state is not State.ARRIVED:
            raise HandshakeError("it sends too much before the arrival is over")

    def _send(self, message: Message) -> None:
        self._piece.encrypt(encode_message(message))

    def _established(self) -> Established:
        frames = b"".join(map(encode_frame, self._frames))
        return Established(self._piece, b"".join((frames, self._cutter.take_unfinished(), *self._behind)))

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """Whatever the peer did wrong, it is over with it."""
        try:
            yield
        except ProtocolError:
            self._state = State.OVER
            raise


def nonce_in(greeting: bytes) -> bytes:
    """The nonce in a greeting that is known to have a mark."""
    mark = maybe_mark(greeting)
    assert mark is not None, "whoever begins a handshake has looked for the mark"
    return mark.nonce


def wrong_time(message: Message) -> HandshakeError:
    """The error for a message that nobody waits for now."""
    return HandshakeError(f"{type(message).__name__} comes at the wrong time")
