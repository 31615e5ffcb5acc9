"""Arrivals on the modern wire in memory: both ends, and peers that keep to TLS but not to the order inside it.

Owns the values that such tests use and the passing of bytes between two ends. It must never open a socket.
Thread: the test's own.
"""

import ssl
from dataclasses import dataclass, field

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType
from commonlib.identity import Fingerprint
from commonlib.storage.keyfile import Identity
from commonlib.wire.bounds import USUAL, Bounds
from commonlib.wire.client_handshake import ClientEvent, ClientHandshake, HubShown
from commonlib.wire.frames import LARGEST_BODY, Frame, FrameCutter, encode_frame
from commonlib.wire.greeting import Door, Mark, with_mark
from commonlib.wire.hub_handshake import CodeTried, HubEvent, HubHandshake, Proved
from commonlib.wire.messages import Hello, JoinCodeAsked, Profile, decode_message, encode_message
from commonlib.wire.proof import proof_message
from commonlib.wire.schema import Message
from commonlib.wire.tls import TlsPiece
from tests.support.join_codes import CODE, entropy_of
from tests.support.tls_pairs import Divide, any_client_context, exchange, identity_of, server_context_of, whole

NONCE = bytes(range(32))
PROFILE = Profile(name="Zo\u00eb \U0001f980", computer="desk")


def greeting_with(nonce: bytes = NONCE, door: Door = Door.TAKES_CLASSIC) -> bytes:
    """A hub's greeting with the mark."""
    return with_mark(DataPacket(PacketType.REQUEST_CREDENTIALS), Mark(nonce, door)).encode()


GREETING = greeting_with()


def new_hub(greeting: bytes = GREETING, hub: str = "hub", bounds: Bounds = USUAL) -> HubHandshake:
    """A hub that has sent this greeting."""
    return HubHandshake(server_context_of(hub), greeting, identity_of(hub).fingerprint, bounds)


def new_client(greeting: bytes = GREETING, client: str = "client") -> ClientHandshake:
    """A client that has received this greeting."""
    return ClientHandshake(any_client_context(), greeting, identity_of(client), PROFILE)


@dataclass(slots=True)
class Meeting:
    """Both ends of an arrival, what each was told, and how the network divides what they send.

    The client trusts whatever hub it is shown, and knows `code` where it is asked.
    """

    hub: HubHandshake = field(default_factory=new_hub)
    client: ClientHandshake = field(default_factory=new_client)
    divide: Divide = whole
    code: str = CODE
    hub_events: list[HubEvent] = field(default_factory=list)
    client_events: list[ClientEvent] = field(default_factory=list)

    def run(self) -> None:
        """Carry bytes and let the client answer, until nothing more is said."""
        while True:
            exchange(self.client, self.hub, self.divide)
            heard = self.hub.events_received()
            self.hub_events += heard
            for tried in heard:
                if isinstance(tried, CodeTried):
                    self.hub.check_code()
                    exchange(self.client, self.hub, self.divide)
            told = self.client.events_received()
            self.client_events += told
            for event in told:
                if isinstance(event, HubShown):
                    self.client.trust()
                elif isinstance(event, JoinCodeAsked):
                    self.client.try_code(self.code, entropy_of("client"))
            if not told:
                return

    def proved(self) -> Proved:
        """Run until the hub knows who the client is."""
        self.run()
        (event,) = self.hub_events
        assert isinstance(event, Proved)
        return event


class Peer:
    """An end that speaks TLS and frames, in whatever order a test wants."""

    def __init__(self, context: ssl.SSLContext, server_side: bool) -> None:
        self.piece = TlsPiece(context, server_side)
        self._cutter = FrameCutter(LARGEST_BODY)
        self.heard: list[Message] = []

    def receive_data(self, data: bytes) -> None:
        """Take bytes of the network; what they say is in `heard`."""
        for frame in self._cutter.receive_data(self.piece.receive_data(data)):
            self.heard.append(decode_message(frame))

    def data_to_send(self) -> bytes:
        """Bytes for the network."""
        return self.piece.data_to_send()

    def say(self, *messages: Message | Frame | bytes) -> None:
        """Messages, frames or plain bytes, in one go."""
        self.piece.encrypt(b"".join(map(_bytes_of, messages)))


def client_peer() -> Peer:
    """In the place of a client."""
    return Peer(any_client_context(), False)


def hub_peer(hub: str = "hub") -> Peer:
    """In the place of a hub."""
    return Peer(server_context_of(hub), True)


def hello_of(client: Identity, hub: Fingerprint, nonce: bytes = NONCE, greeting: bytes = GREETING) -> Hello:
    """What an honest client says to such a hub."""
    signed = proof_message(nonce, greeting, hub, client.fingerprint)
    return Hello(version=1, key=client.spki, proof=client.sign(signed), profile=PROFILE)


def _bytes_of(said: Message | Frame | bytes) -> bytes:
    if isinstance(said, Message):
        return encode_message(said)
    if isinstance(said, Frame):
        return encode_frame(said)
    return said
