"""Many clients of the modern wire in one process and one thread: they arrive, prove their keys, read, and leave.

Owns their sockets, their pieces of TLS and the selector over them. Must never keep what it reads: bytes of plaintext
are counted. The main thread.
"""

import selectors
import socket
import ssl
import time
from collections.abc import Callable
from enum import Enum, auto

from commonlib.classic.packet import PACKET_SIZE
from commonlib.identity import Fingerprint
from commonlib.storage.contexts import client_context
from commonlib.storage.keyfile import Identity, make_identity
from commonlib.wire.frames import Frame, FrameCutter, FrameType
from commonlib.wire.greeting import maybe_mark
from commonlib.wire.messages import Hello, Pong, Profile, Welcome, decode_message, encode_message
from commonlib.wire.proof import fingerprint_of_certificate, proof_message
from commonlib.wire.schema import Message
from commonlib.wire.tls import TlsPiece
from tests.bench.children import HOST
from tests.bench.ends import PATIENCE_SECONDS, ProtocolBrokenError

_READ_BYTES = 256 << 10
_SIGN_OF_LIFE = encode_message(Pong(clock=0))
"""An answer to a heartbeat that nobody has asked for: taken as a sign of life, and not answered."""


class Kind(Enum):
    """What the other side is."""

    BARE_TLS = auto()
    """It shakes hands, and that is all."""
    HUB = auto()
    HUB_IN_THE_CLEAR = auto()
    """A hub whose modern wire is not encrypted, which only benchmarks have."""


class Member:
    """One client.

    Attributes:
        id: What the hub calls him; 0 before he is taken in.
        is_in: Whether he has shaken hands and, at a hub, got the whole roster.
    """

    __slots__ = ("_context", "_cutter", "_greeting", "_identity", "_kind", "_piece", "id", "is_in", "socket")

    def __init__(self, kind: Kind, identity: Identity, context: ssl.SSLContext) -> None:
        self._kind = kind
        self._identity = identity
        self._context = context
        self._piece: TlsPiece | None = None
        self._cutter = FrameCutter()
        self._greeting = b""
        self.id = 0
        self.is_in = False
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def connect(self, port: int) -> None:
        """Begin to connect; the caller waits until that is done before anything is sent."""
        self.socket.connect_ex((HOST, port))

    def receive(self, data: bytes) -> bytes:
        """Take what came; returns what of it is plaintext behind the arrival."""
        if self._kind is not Kind.BARE_TLS and len(self._greeting) < PACKET_SIZE:
            missing = PACKET_SIZE - len(self._greeting)
            self._greeting += data[:missing]
            data = data[missing:]
            if len(self._greeting) < PACKET_SIZE:
                return b""
            if self._kind is Kind.HUB_IN_THE_CLEAR:
                self._introduce(Fingerprint(bytes(32)))
            else:
                self.shake_hands()
        if self._piece is None:
            return self._read(data)
        was_established = self._piece.is_established
        plaintext = self._piece.receive_data(data)
        if self._piece.is_established and not was_established:
            if self._kind is Kind.BARE_TLS:
                self.is_in = True
            else:
                self._introduce(fingerprint_of_certificate(self._piece.peer_certificate()))
        self._flush(self._piece)
        return self._read(plaintext)

    def shake_hands(self) -> None:
        """Begin TLS."""
        self._piece = TlsPiece(self._context, server_side=False)
        self._flush(self._piece)

    def say(self, data: bytes) -> None:
        """Send frames: little enough for the socket to take them."""
        if self._piece is None:
            self.socket.sendall(data)
        else:
            self._piece.encrypt(data)
            self._flush(self._piece)

    def _introduce(self, hub: Fingerprint) -> None:
        mark = maybe_mark(self._greeting)
        if mark is None:
            raise ProtocolBrokenError("The hub's greeting has no mark.")
        own = self._identity
        proof = own.sign(proof_message(mark.nonce, self._greeting, hub, own.fingerprint))
        self.say(encode_message(Hello(version=1, key=own.spki, proof=proof, profile=Profile(name="bench"))))

    def _read(self, plaintext: bytes) -> bytes:
        if self.is_in or not plaintext:
            return plaintext
        for frame in self._cutter.receive_data(plaintext):
            self._take(frame)
        return b""

    def _take(self, frame: Frame) -> None:
        if frame.type == FrameType.ROSTER_COMPLETE:
            self.is_in = True
        elif frame.type == FrameType.WELCOME:
            welcome: Message = decode_message(frame)
            assert isinstance(welcome, Welcome)
            self.id = welcome.own_id
        elif frame.type in (FrameType.REFUSED, FrameType.CLOSING, FrameType.JOIN_CODE_ASKED):
            raise ProtocolBrokenError(f"The hub refused a client: {decode_message(frame)}")

    def _flush(self, piece: TlsPiece) -> None:
        data = piece.data_to_send()
        if data:
            self.socket.sendall(data)


class Members:
    """The clients of one server, which has no others.

    Args:
        port: Where it listens on this machine.
        identities: As many keys as there will be clients; made before anything is measured.
    """

    def __init__(self, port: int, kind: Kind, identities: list[Identity]) -> None:
        self._port = port
        self._kind = kind
        self._identities = identities
        self._context = client_context()
        self._selector = selectors.DefaultSelector()
        self.members: list[Member] = []

    def __enter__(self) -> "Members":
        return self

    def __exit__(self, *_: object) -> None:
        for member in self.members:
            member.socket.close()
        self._selector.close()

    def grow(self, count: int, at_once: int) -> float:
        """Let clients arrive until there are so many, never more than `at_once` arriving; returns the seconds.

        Raises:
            ProtocolBrokenError: The server refused one, closed a connection or fell silent.
            OSError: A connection broke.
        """
        started = time.perf_counter()
        arriving: set[Member] = set()
        while len(self.members) < count or arriving:
            while len(self.members) < count and len(arriving) < at_once:
                arriving.add(self._begin())
            self.read_once(lambda member, _: arriving.discard(member) if member.is_in else None)
        return time.perf_counter() - started

    def stay_alive(self) -> None:
        """Give a sign of life of everybody, so that the hub asks nobody for one while something is measured."""
        for member in self.members:
            member.say(_SIGN_OF_LIFE)

    def read_until_quiet(self, seconds: float) -> None:
        """Read whatever comes, until nothing has come for so long."""
        while self._selector.select(seconds):
            self.read_once(lambda *_: None)

    def read_once(self, came: Callable[[Member, bytes], object]) -> None:
        """Wait for what comes next and read it; `came` is told of each client and the plaintext that he got.

        Raises:
            ProtocolBrokenError: As grow.
            OSError: A connection broke.
        """
        ready = self._selector.select(PATIENCE_SECONDS)
        if not ready:
            raise ProtocolBrokenError(f"Nothing came for {PATIENCE_SECONDS:.0f} seconds.")
        for key, events in ready:
            member: Member = key.data
            if events & selectors.EVENT_WRITE:
                self._selector.modify(member.socket, selectors.EVENT_READ, member)
                if self._kind is Kind.BARE_TLS:
                    member.shake_hands()
                continue
            data = member.socket.recv(_READ_BYTES)
            if not data:
                raise ProtocolBrokenError("The server closed a connection.")
            came(member, member.receive(data))

    def _begin(self) -> Member:
        member = Member(self._kind, self._identities[len(self.members)], self._context)
        member.connect(self._port)
        self.members.append(member)
        self._selector.register(member.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, member)
        return member


def make_identities(count: int) -> list[Identity]:
    """So many keys."""
    return [make_identity() for _ in range(count)]
