"""A hub on the modern wire that does nothing by itself: the test says what it says, and looks at what comes.

Owns one connection's other end: the greeting, TLS, the arrival, and frames after it. It must never answer unasked, nor
use a part of the server. Thread: the test's own; whoever waits does so for at most SECONDS.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from commonlib.exceptions import ProtocolError
from commonlib.wire import messages
from commonlib.wire.frames import HUB, Frame, FrameCutter
from commonlib.wire.hub_handshake import HubEvent, HubHandshake, Proved
from commonlib.wire.messages import decode_message, encode_message
from commonlib.wire.schema import Message
from commonlib.wire.tls import TlsPiece
from tcpipclient import Client
from tests.support.handshakes import greeting_with
from tests.support.memory_network import READ_SIZE, SECONDS, MemoryNetwork, MemoryTransport
from tests.support.tls_pairs import identity_of, server_context_of

T = TypeVar("T", bound=Message)
VERSION = (1, 2, 3)


class ModernHub:
    """One connection, seen from the hub.

    Args:
        whose: Key it has (tests/support/tls_pairs.py).
        greeting: What it believes to have sent.

    Attributes:
        proved: What the client has proved, once it has.
    """

    def __init__(self, transport: MemoryTransport, whose: str = "hub", greeting: bytes | None = None) -> None:
        self.transport = transport
        self.greeting = greeting or greeting_with()
        self.proved: Proved | None = None
        self.handshake = HubHandshake(server_context_of(whose), self.greeting, identity_of(whose).fingerprint)
        self._piece: TlsPiece | None = None
        self._cutter = FrameCutter()
        self._frames: deque[Frame] = deque()

    def greet(self, greeting: bytes | None = None) -> None:
        """Send the greeting, or another one in its place."""
        self.transport.send(greeting or self.greeting)

    def wait_for(self, kind: type[HubEvent]) -> HubEvent:
        """Go on with the arrival until this has happened. Raises EOFError, ProtocolError."""
        while True:
            for event in self.handshake.events_received():
                if isinstance(event, Proved):
                    self.proved = event
                if isinstance(event, kind):
                    return event
            data = self.transport.coming.read(READ_SIZE, SECONDS)
            if not data:
                raise EOFError
            try:
                self.handshake.receive_data(data)
            finally:
                self.flush()

    def flush(self) -> None:
        """Send what the arrival has to say."""
        self.transport.send(self.handshake.data_to_send())

    def let_in(self, *people: messages.Person, own_id: int = 1, **welcome: object) -> None:
        """Take the client in, who has proved his key, and tell him who is there."""
        established = self.handshake.accept()
        self._piece = established.piece
        self._frames.extend(self._cutter.receive_data(established.unread))
        fields = {"own_id": own_id, "version": VERSION, **welcome}
        self.send(messages.Welcome(**fields), messages.People(people=list(people)), messages.RosterComplete())  # type: ignore[arg-type]

    def send(self, *said: Message, sender: int = HUB) -> None:
        """Send frames, all at once."""
        assert self._piece is not None
        self._piece.encrypt(b"".join(encode_message(message, to=1, sender=sender) for message in said))
        self.transport.send(self._piece.data_to_send())

    def take(self) -> tuple[int, Message]:
        """Wait for the next frame that the client sends: to whom, and what. Raises EOFError when it has ended."""
        assert self._piece is not None
        while not self._frames:
            data = self.transport.coming.read(READ_SIZE, SECONDS)
            if not data:
                raise EOFError
            self._frames.extend(self._cutter.receive_data(self._piece.receive_data(data)))
        frame = self._frames.popleft()
        return frame.to, decode_message(frame)

    def take_until(self, kind: type[T]) -> tuple[int, T]:
        """Wait for the next frame of a kind; what comes before it is passed over."""
        while True:
            to, message = self.take()
            if isinstance(message, kind):
                return to, message

    def end(self) -> None:
        """Close the connection in an orderly way."""
        self.transport.abort()


def accept(network: MemoryNetwork, *people: messages.Person, whose: str = "hub", **welcome: object) -> ModernHub:
    """Play a hub that lets the next one in who comes; `welcome` has fields of Welcome."""
    hub = ModernHub(network.accept(), whose)
    hub.greet()
    hub.wait_for(Proved)
    hub.let_in(*people, **welcome)  # type: ignore[arg-type]
    return hub


def connect(
    client: Client, network: MemoryNetwork, *people: messages.Person, whose: str = "hub", **welcome: object
) -> ModernHub:
    """Connect a client to a hub that lets it in; the client was made with the network's `connect`."""
    with ThreadPoolExecutor(1) as pool:
        playing = pool.submit(lambda: accept(network, *people, whose=whose, **welcome))
        client.connect()
        return playing.result()


def attempt(
    play: Callable[[ModernHub], object], client: Client, network: MemoryNetwork, whose: str = "hub"
) -> Exception | None:
    """What connecting raises while a hub does this, None where the client got in; the hub may lose it meanwhile."""

    def run() -> None:
        hub = ModernHub(network.accept(), whose)
        try:
            play(hub)
        except (EOFError, OSError, ProtocolError):
            pass  # The client has gone, or the hub has seen through it: what the client says is looked at.

    with ThreadPoolExecutor(1) as pool:
        playing = pool.submit(run)
        try:
            client.connect()
        except Exception as error:  # noqa: BLE001 - looked at by the test
            return error
        finally:
            client.close()
            playing.result()
    return None
