"""A hub without threads, sockets and TLS: bytes of its clients in, bytes for them out, time by hand.

Owns the brain, its dialects and encoders, put together as the threads put them together. It must never decide anything.
Thread: the test's own.
"""

from dataclasses import dataclass, field

from commonlib.exceptions import ProtocolError
from commonlib.identity import Fingerprint
from commonlib.wire.messages import Profile
from tcpipserver.dialects.arrival import Arrival
from tcpipserver.dialects.classic import ClassicDialect, ClassicEncoder, LayoutRegistry
from tcpipserver.dialects.dialect import Dialect, Encoder
from tcpipserver.dialects.modern import ModernDialect, read_profile
from tcpipserver.dialects.modern_encoder import ModernEncoder
from tcpipserver.dialects.unfinished import UnfinishedTexts
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.identifiers import ClientIds
from tcpipserver.hub.limits import Limits
from tcpipserver.hub.people import Wire
from tcpipserver.net.relays import Relays
from tests.support.clock import FakeClock
from tests.support.hubs import ADDRESS, NOW, WALL

VERSION = (1, 0, 0)


@dataclass(slots=True)
class Link:
    """One connection.

    Attributes:
        arrival: What waits for the credentials; None once they are there.
        sent: What the hub has sent on it and nobody has taken yet.
        is_dismissed: Whether the hub is to end it.
    """

    dialect: Dialect
    arrival: Arrival | None = field(default_factory=Arrival)
    sent: bytearray = field(default_factory=bytearray)
    is_dismissed: bool = False


class MemoryHub:
    """One hub.

    Attributes:
        now, wall: The time, monotonic and Unix seconds; the test moves it on.
        links: All connections there ever were, by number.
        lines: The event log.
        handled: What was given to handlers on the server's side.
    """

    def __init__(self, ids: ClientIds | None = None) -> None:
        self.hub = Hub(ids)
        self.registry = LayoutRegistry()
        self.now, self.wall = NOW, WALL
        self.links: dict[int, Link] = {}
        self.lines: list[effects.Record] = []
        self.handled: list[effects.HandleText | effects.HandlePackets | effects.HandleCommand] = []
        self._unfinished = UnfinishedTexts()
        self._relays = Relays(Limits(), FakeClock())
        self._encoders: dict[Wire, Encoder] = {
            Wire.CLASSIC: ClassicEncoder(VERSION),
            Wire.MODERN: ModernEncoder(VERSION),
        }

    def connect(self, address: str = ADDRESS) -> int:
        """Somebody connects; returns the number of his connection."""
        connection = len(self.links) + 1
        self.links[connection] = Link(ClassicDialect(connection, self.registry, self._unfinished))
        self.tell(inputs.Arrived(connection, address))
        return connection

    def join(self, connection: int, key: Fingerprint, profile: Profile) -> None:
        """A client who is connected has proved a key: from here on it speaks the modern wire, as it is inside TLS."""
        link = self.links[connection]
        link.arrival, link.dialect = None, ModernDialect(connection, self.registry, Limits())
        link.sent.clear()
        credentials, details = read_profile(profile)
        self.tell(inputs.Joined(connection, credentials, key, details))

    def receive_data(self, connection: int, data: bytes) -> None:
        """A client sends a chunk of any size. Who begins with anything but credentials is lost."""
        link = self.links[connection]
        if link.arrival is not None:
            try:
                introduction = link.arrival.receive_data(data)
            except ProtocolError as error:
                self.receive_eof(connection, error.detail)
                return
            if introduction is None:
                return
            link.arrival, data = None, introduction.unread
            self.tell(inputs.Joined(connection, introduction.credentials))
        try:
            pieces = link.dialect.cut(data)
        except ProtocolError as error:
            self.tell(inputs.StreamBroken(connection, error.detail))
            return
        for piece in pieces:
            for happened in link.dialect.receive(piece):
                self.tell(happened)

    def receive_eof(self, connection: int, reason: str = "it closed the connection") -> None:
        """A connection ends."""
        self.tell(inputs.ConnectionLost(connection, reason))
        self.links[connection].dialect.receive_end()

    def data_to_send(self, connection: int) -> bytes:
        """What the hub has sent on a connection since this was last asked."""
        sent = self.links[connection].sent
        taken = bytes(sent)
        sent.clear()
        return taken

    def tell(self, happened: inputs.Input) -> None:
        """Give the brain an input and carry out its effects."""
        for effect in self.hub.receive(happened, self.now, self.wall):
            match effect:
                case effects.Deliver():
                    self._deliver(effect)
                case effects.TakenIn(connection):
                    self.links[connection].dialect.take_in()
                case effects.Dismiss(connection):
                    self.links[connection].is_dismissed = True
                case effects.Record():
                    self.lines.append(effect)
                case effects.OpenWay() | effects.EndWays():
                    for told in self._relays.carry_out(effect):
                        self._deliver(told)
                case effects.HandleText() | effects.HandlePackets() | effects.HandleCommand():
                    self.handled.append(effect)

    def _deliver(self, effect: effects.Deliver) -> None:
        links = [self.links[connection] for connection in effect.connections]
        for wire in {link.dialect.wire for link in links}:
            data = self._encoders[wire].encode(effect.item)
            for link in links:
                if link.dialect.wire is wire:
                    link.sent += data
