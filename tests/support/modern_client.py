"""A bare client of the modern wire on a real socket, for holding the hub against what it ought to send.

Owns one socket, one piece of TLS and what was read through it. It must never use the client's package: what both got
wrong alike would not show. Every wait ends at a deadline. Thread: the test's own.
"""

import functools
import itertools
import socket
import ssl
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from commonlib.classic.packet import PACKET_SIZE
from commonlib.identity import Fingerprint
from commonlib.storage.contexts import client_context
from commonlib.storage.keyfile import Identity, make_identity
from commonlib.wire.frames import Frame, FrameCutter, FrameType
from commonlib.wire.greeting import Mark, maybe_mark
from commonlib.wire.messages import (
    Command,
    Hello,
    People,
    Person,
    Profile,
    RosterComplete,
    Welcome,
    decode_message,
    encode_message,
)
from commonlib.wire.proof import fingerprint_of_certificate, proof_message
from commonlib.wire.relay_join import RelayJoin, relay_proof
from commonlib.wire.schema import Message
from commonlib.wire.tls import TlsPiece
from commonlib.wire.way_messages import Role, WayOpened, WayWanted

SECONDS = 20.0
"""How long anything is waited for; a test that comes here fails."""
ECHO = 40_001
"""The command that `echo` sends to itself."""
_CHUNK = 64 << 10

Said = TypeVar("Said", bound=Message)


@functools.cache
def _context() -> ssl.SSLContext:
    return client_context()


class ModernClient:
    """One client.

    Attributes:
        identity: Its key.
        greeting: The 1024 bytes of the hub's greeting, once read.
        id: As Welcome gave it; 0 before.
        people: Everybody that was told of until the roster was complete.
        frames: Every frame received so far.
        context: How TLS is to be spoken, where a test has an opinion.
        traffic: Every byte that went over the network behind the greeting, both ways.
    """

    def __init__(self, port: int, identity: Identity | None = None, host: str = "127.0.0.1", source: str = "") -> None:
        self.socket = socket.create_connection((host, port), SECONDS, (source, 0) if source else None)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.identity = identity or make_identity()
        self.greeting = b""
        self.id = 0
        self.people: dict[int, Person] = {}
        self.frames: list[Frame] = []
        self.tls: TlsPiece | None = None
        self.traffic = bytearray()
        self.context: ssl.SSLContext | None = None
        self._cutter = FrameCutter()
        self._looked_at = 0
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # Arriving and leaving

    @property
    def mark(self) -> Mark:
        """What the greeting says of the modern wire; raises AssertionError where it says nothing."""
        mark = maybe_mark(self.greeting)
        assert mark is not None
        return mark

    @property
    def hub(self) -> Fingerprint:
        """The hub's fingerprint, once TLS is established."""
        assert self.tls is not None
        return fingerprint_of_certificate(self.tls.peer_certificate())

    def greet(self) -> Self:
        """Read the greeting."""
        while len(self.greeting) < PACKET_SIZE:
            data = self.socket.recv(PACKET_SIZE - len(self.greeting))
            assert data, "the hub ended the connection before its greeting was whole"
            self.greeting += data
        return self

    def secure(self, glued: Callable[[], bytes] = lambda: b"") -> Self:
        """Read the greeting, and shake hands. Raises AssertionError when the hub ends it before.

        Args:
            glued: What is sent inside TLS together with the last bytes of the handshake, once these are known.
        """
        self.greet()
        self.tls = TlsPiece(self.context or _context(), server_side=False)
        while not self.tls.is_established:
            self._send_made()
            data = self.socket.recv(_CHUNK)
            assert data, "the hub ended the connection during the handshake"
            self.traffic += data
            self._take(self.tls.receive_data(data))
        self.tls.encrypt(glued())
        self._send_made()
        return self

    def proof(self) -> bytes:
        """The signature that this hub wants on this connection."""
        message = proof_message(self.mark.nonce, self.greeting, self.hub, self.identity.fingerprint)
        return self.identity.sign(message)

    def hello(self, name: str = "", **profile: object) -> Hello:
        """The first message."""
        said = Profile(name=name, computer="test", program="1.0", **profile)  # type: ignore[arg-type]
        return Hello(version=1, key=self.identity.spki, proof=self.proof(), profile=said)

    def register(self, name: str) -> Self:
        """Come in as far as the end of the roster."""
        self.secure()
        self.send(self.hello(name))
        return self.be_welcomed()

    def be_welcomed(self) -> Self:
        """Wait for Welcome and for the end of the roster."""
        self.id = self.wait_for(Welcome).own_id
        self.wait_for(RosterComplete)
        return self

    def close(self) -> None:
        """Go without a word."""
        self.socket.close()

    # Sending

    def send(self, *messages: Message, to: int = 0) -> None:
        """Send messages in one go."""
        self.send_bytes(b"".join(encode_message(message, to) for message in messages))

    def send_bytes(self, data: bytes) -> None:
        """Send this inside TLS, whatever it is."""
        assert self.tls is not None
        self.tls.encrypt(data)
        self._send_made()

    def echo(self) -> None:
        """Send oneself a command through the hub and wait for it: whether the hub works for us."""
        payload = str(next(self._numbers)).encode()
        self.send(Command(number=ECHO, payload=payload), to=self.id)
        self.wait_for(Command, lambda command: (command.number, command.payload) == (ECHO, payload))

    # Ways to others

    def want_way(self, to: int, transfer: bytes, role: Role, port: int = 0, addresses: tuple[str, ...] = ()) -> None:
        """Ask the hub for a way to somebody."""
        self.send(WayWanted(transfer=transfer, role=role, port=port, addresses=addresses), to=to)

    def relay_join(self, token: bytes, transfer: bytes, role: Role) -> bytes:
        """What makes this connection, which has been greeted, one half of a way: 1024 bytes."""
        return RelayJoin(transfer, role, relay_proof(token, self.mark.nonce, transfer, role)).encode()

    def join_relay(self, opened: WayOpened, behind: bytes = b"") -> socket.socket:
        """Make this connection, on which nothing was said, one half of a way; returns its socket.

        Args:
            behind: What is sent together with the RelayJoin.
        """
        self.greet()
        self.socket.sendall(self.relay_join(opened.token, opened.transfer, opened.role) + behind)
        return self.socket

    # Receiving

    def wait_for(self, kind: type[Said], condition: Callable[[Said], bool] = lambda _: True) -> Said:
        """The next message of a kind, behind the one that was waited for last, for which the condition holds.

        Raises:
            AssertionError: It does not come in time, or the hub ends the connection before.
        """
        return self.wait_for_frame(kind, condition)[1]

    def wait_for_frame(
        self, kind: type[Said], condition: Callable[[Said], bool] = lambda _: True
    ) -> tuple[Frame, Said]:
        """As `wait_for`, with the frame that it came in."""
        deadline = time.monotonic() + SECONDS
        has_more = True
        while True:
            while self._looked_at < len(self.frames):
                frame = self.frames[self._looked_at]
                self._looked_at += 1
                if frame.type == FrameType.PEOPLE:
                    self._note(decode_message(frame))
                if frame.type == kind.frame_type:
                    said = decode_message(frame)
                    assert isinstance(said, kind)
                    if condition(said):
                        return frame, said
            assert has_more, f"the hub ended the connection before a {kind.__name__} came"
            has_more = self._receive(deadline)  # The last message and the end may come together.

    def wait_for_person(self, client_id: int) -> Person:
        """What the hub tells of somebody, once it has."""
        if client_id not in self.people:
            self.wait_for(People, lambda told: any(person.id == client_id for person in told.people))
        return self.people[client_id]

    def wait_for_end(self) -> None:
        """Read on until the hub has ended the connection, in order or not."""
        deadline = time.monotonic() + SECONDS
        try:
            while self._receive(deadline):
                pass
        except ConnectionError:
            pass

    def count(self, kind: type[Message]) -> int:
        """How many messages of this kind are among those read so far."""
        return sum(frame.type == kind.frame_type for frame in self.frames)

    def _receive(self, deadline: float) -> bool:
        """Read once; whether the connection still is."""
        left = deadline - time.monotonic()
        assert left > 0, "the hub said nothing of the kind in time"
        self.socket.settimeout(left)
        assert self.tls is not None
        data = self.socket.recv(_CHUNK)
        if data:
            self.traffic += data
            self._take(self.tls.receive_data(data))
            self._send_made()
        return bool(data)

    def _take(self, plaintext: bytes) -> None:
        self.frames += self._cutter.receive_data(plaintext)

    def _note(self, said: Message) -> None:
        if isinstance(said, People):
            self.people |= {person.id: person for person in said.people}

    def _send_made(self) -> None:
        assert self.tls is not None
        made = self.tls.data_to_send()
        if made:
            self.traffic += made
            self.socket.sendall(made)
