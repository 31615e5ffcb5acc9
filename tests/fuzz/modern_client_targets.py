"""The client under attack by a hub on the modern wire: its session, and its way in through the door.

Owns what a client promises to its user whatever a hub says inside TLS or instead of it. It must never look into the
machines beyond what they tell, send and show. TLS draws its own random numbers, so that a finding at the door may take
a few iterations more to be seen again. Thread: the caller's own.
"""

from collections.abc import Sequence
from functools import cache
from random import Random

from commonlib.classic.packet import Layout
from commonlib.exceptions import ProtocolError
from commonlib.wire import messages
from commonlib.wire.frames import LARGEST_BODY, Frame, FrameCutter, FrameError, FrameType, encode_frame
from commonlib.wire.messages import encode_message
from commonlib.wire.schema import Message
from tcpipclient.config import ClientConfig
from tcpipclient.core.exceptions import ConnectError
from tcpipclient.core.modern_session import ModernSession
from tcpipclient.core.order import State
from tcpipclient.core.profile import Profile
from tcpipclient.core.session import Session
from tcpipclient.core.trusting import Trust
from tcpipclient.net.clock import SystemClock
from tcpipclient.net.knock import knock
from tcpipclient.net.line import Visitor
from tcpipclient.trust import TrustStore
from tests.fuzz.client_targets import BIG_COMMAND, Story
from tests.support import hub_packets
from tests.support.clock import NOW, WALL
from tests.support.fuzzing import divided_at_random
from tests.support.handshakes import GREETING, hub_peer
from tests.support.join_codes import CODE
from tests.support.message_mutation import NAME, good_frames, spoilt_body
from tests.support.modern_sessions import arrived_session
from tests.support.recordings import divided
from tests.support.tls_pairs import identity_of

_A_CLIENTS_OWN = {
    FrameType.PING,
    FrameType.PONG,
    FrameType.CLOSING,
    FrameType.TEXT,
    FrameType.RECEIPT,
    FrameType.CLASSIC_PACKETS,
}
_PEOPLE = [messages.Person(id=number, name=f"{NAME}{number}", key=bytes([number]) * 32) for number in (2, 3)]


@cache
def said_by_a_hub() -> Sequence[bytes]:
    """Frames of a connection in their order: who is there, talk, a file of each kind, commands, and who leaves."""
    start, *rest = divided(hub_packets.file(2, "a.bin", b"x" * 5000))
    packets = [messages.ClassicPackets(packets=packet) for packet in rest]
    talk: list[Message] = [
        messages.Text(number=5, text=NAME),
        messages.Receipt(number=1),
        messages.FileBegan(name=NAME, packet=start),
        *packets,
        messages.ClassicPackets(packets=hub_packets.file(2, "b.bin", b"y" * 500, file_id=8)),
        messages.ClassicPackets(packets=hub_packets.done(2, "c.bin")),
        messages.Command(number=99, payload=b"p"),
    ]
    about: list[Message] = [
        messages.People(people=_PEOPLE),
        messages.RosterComplete(),
        messages.Ping(clock=7),
        messages.Pong(clock=7),
        messages.Latencies(latencies=[(2, 812), (77, 5)]),
    ]
    end: list[Message] = [messages.PeopleLeft(ids=[2, 3]), messages.Closing(reason=3, text=NAME)]
    from_hub = [encode_message(message, to=1) for message in about]
    from_bob = [encode_message(message, to=1, sender=2) for message in talk]
    return (*from_hub, *from_bob, *(encode_message(message, to=1) for message in end), *good_frames())


def spoilt(frame: bytes, random: Random) -> bytes:
    """A frame whose body is spoilt, under a header that is right."""
    (cut,) = FrameCutter().receive_data(frame)
    return encode_frame(cut._replace(body=spoilt_body(random, cut.body)[:LARGEST_BODY]))


class ModernSessionTarget:
    """A hub says anything inside TLS; the user is told a true story, and what leaves is a client's to send."""

    name = "modern-session"

    def packets(self) -> Sequence[bytes]:
        """All that a hub says."""
        return said_by_a_hub()

    def attack(self, stream: bytes, random: Random) -> None:
        """Give the stream, and frames with spoilt bodies, to a client while time passes and its user speaks."""
        session = arrived_session()
        session.add_command(BIG_COMMAND, Layout.BIG_STRING)
        story = Story(session, check_frames, longest_text=messages.LARGEST_TEXT)
        cutter = FrameCutter()
        now = NOW
        arrival = b"".join(said_by_a_hub()[:2]) if random.randrange(4) else b""
        chunks = [arrival, *(spoilt(frame, random) for frame in random.choices(said_by_a_hub(), k=random.randrange(6)))]
        for chunk in chunks + divided_at_random(stream, random):
            try:
                frames = cutter.receive_data(chunk)
            except FrameError:
                story.receive(session.receive_unreadable())
                break
            story.receive(session.receive_block(frames, now, WALL))
            story.speak(random)
            now += random.choice((0.0, 0.5, 14.0)) if random.randrange(40) else 46.0
            story.receive(session.receive_tick(now))
        if not random.randrange(4):
            session.leave()
        story.end()
        assert session.receive_block([Frame(FrameType.TEXT, 1, 2, b"")], NOW, WALL) == []


def check_frames(_: Session, sent: bytes) -> None:
    """What leaves are whole frames that a client may send, each of them valid."""
    cutter = FrameCutter()
    for frame in cutter.receive_data(sent):
        assert frame.type in _A_CLIENTS_OWN
        messages.decode_message(frame)
    assert cutter.unfinished == 0


class HostileHub:
    """A transport with a hub at its other end that says what it was given, beneath TLS and then inside it.

    Attributes:
        peer: The hub's end of TLS; `heard` is what the client said inside it.
    """

    def __init__(self, chunks: list[bytes], inside: list[bytes]) -> None:
        self.peer = hub_peer()
        self._chunks = chunks
        self._inside = inside

    def receive(self, timeout: float | None = None) -> bytes:
        """As Transport; the end when nothing is left to say."""
        if self._chunks:
            return self._chunks.pop(0)
        said = self.peer.data_to_send()
        if not said and self._inside and self.peer.piece.is_established:
            self.peer.say(self._inside.pop(0))
            said = self.peer.data_to_send()
        return said

    def send(self, data: bytes) -> None:
        """As Transport."""
        try:
            self.peer.receive_data(data)
        except ProtocolError:
            self._inside.clear()

    def finish_sending(self) -> None:
        """As Transport."""

    def peer_address(self) -> None:
        """As Transport."""

    def abort(self) -> None:
        """As Transport."""

    def close(self) -> None:
        """As Transport."""


class DoorTarget:
    """A hub greets and answers in any way; we get in or one documented error says why not, and tell no stranger who."""

    name = "door"

    def packets(self) -> Sequence[bytes]:
        """What a hub says until we are in."""
        welcome = encode_message(messages.Welcome(own_id=1, version=(1, 2, 3), name=NAME), to=1)
        return (welcome, *said_by_a_hub()[:3], *good_frames())

    def attack(self, stream: bytes, random: Random) -> None:
        """Knock, most often at a hub whose greeting is right and which speaks TLS."""
        greeting = bytearray(GREETING)
        if not random.randrange(4):
            greeting[random.randrange(len(greeting))] ^= 1 << random.randrange(8)
        below = [bytes(greeting)] if random.randrange(8) else [bytes(greeting), stream[: random.randrange(3000)]]
        inside = [chunk for chunk in self.packets()[: random.randrange(5)] if random.randrange(8)]
        inside += divided_at_random(stream, random)[:20]
        hub = HostileHub([chunk for chunk in below if chunk], inside)
        rule = random.choice((Trust.KNOWN, Trust.FIRST_USE, Trust.FIRST_USE, Trust.FIRST_USE))
        config = ClientConfig(
            "hub", trust=rule, allow_unencrypted=random.random() < 0.5, join_code=random.choice(("", CODE))
        )
        clock = SystemClock()
        with TrustStore(None) as trust:
            visitor = Visitor(config, Profile("Ann"), clock, trust, lambda: identity_of("client"), lambda _: None)
            try:
                way = knock(hub, visitor, clock.now() + 60.0)
            except ConnectError:
                way = None
        if rule is Trust.KNOWN:
            assert hub.peer.heard == [], "a hub that is not trusted is told nothing"
            assert way is None or way.secure is None
        if way is not None and way.secure is not None:
            assert isinstance(way.session, ModernSession)
            assert way.session.state is State.INTRODUCED
            try:
                frames = way.cutter.receive_data(way.unread)
            except FrameError:
                frames = []
            way.session.receive_block(frames, NOW, WALL)
