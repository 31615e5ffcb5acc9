"""The hub under attack from both wires at once, behind its door: no thread, no socket, no TLS.

Owns what the hub promises to bystanders of both wires whatever others send who have proved a key. It must never look
into the hub beyond what it tells. Thread: the caller's own.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache
from random import Random

from commonlib.classic.file_layouts import FileChunkPacket, FileStartPacket
from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PACKET_SIZE, Layout, PacketType, recipient_of, type_of
from commonlib.wire import messages
from commonlib.wire.frames import FrameCutter, FrameType
from commonlib.wire.messages import decode_message, encode_message
from commonlib.wire.schema import Message
from commonlib.wire.way_messages import Role, WayWanted
from tcpipserver.hub import inputs
from tcpipserver.hub.identifiers import ClientIds
from tests.fuzz.hub_targets import recorded_by_clients
from tests.support.fuzzing import divided_at_random
from tests.support.hubs import key
from tests.support.memory_hub import MemoryHub
from tests.support.message_mutation import MESSAGES, NAME, TRANSFER, good_frames
from tests.support.recordings import divided

HANDLED_COMMAND = 301
CLASSIC_BYSTANDER, MODERN_BYSTANDER = 1, 2
_MOST_IDS = 6
_LONGEST_LINE = 1300
_UNSAFE_CATEGORIES = ("Cc", "Cf", "Zl", "Zp")
_FROM_MEMBERS = {FrameType.TEXT, FrameType.RECEIPT, FrameType.COMMAND, FrameType.CLASSIC_PACKETS, FrameType.FILE_BEGAN}
_ABOUT_FILES = {
    FrameType.FILES_OFFERED,
    FrameType.FILES_ANSWERED,
    FrameType.FILES_CANCELLED,
    FrameType.WAY_WANTED,
    FrameType.WAY_OPENED,
    FrameType.WAY_REFUSED,
}
_FROM_HUB = {
    FrameType.WELCOME,
    FrameType.PEOPLE,
    FrameType.PEOPLE_LEFT,
    FrameType.ROSTER_COMPLETE,
    FrameType.PING,
    FrameType.PONG,
}


@cache
def sent_by_clients() -> Sequence[bytes]:
    """Frames that a client may send, to bystanders, to all, to nobody; and one of each kind, whoever may send it."""
    start = FileStartPacket(PacketType.FILE_START, file_id=718, name="a.txt").encode()
    chunk = FileChunkPacket(PacketType.FILE_CHUNK, file_id=718, chunk_size=1010).encode()
    end = FileStartPacket(PacketType.FILE_END, file_id=718, name="dates").encode()
    said: tuple[Message, ...] = (
        messages.Text(number=7, text=NAME),
        messages.Text(number=0, text="x" * 700),
        messages.Receipt(number=0),
        messages.Receipt(number=7),
        messages.Command(number=300, payload=b"\0\xff"),
        messages.Command(number=HANDLED_COMMAND),
        messages.Profile(name=NAME, computer="vm", colour=7),
        messages.FileBegan(name=NAME, packet=start),
        messages.ClassicPackets(packets=chunk * 3),
        messages.ClassicPackets(packets=end),
        messages.ClassicPackets(packets=DataPacket(300).encode()),
        messages.Ping(clock=1),
        messages.LatenciesAsked(ids=[1, 2, 99]),
        *(said for said in MESSAGES if said.frame_type in _ABOUT_FILES),
        WayWanted(transfer=TRANSFER, role=Role.RECEIVER, port=1),
    )
    return (
        *(encode_message(message, to) for message in said for to in (0, 1, 2, 3, 65_536)),
        *good_frames(),
    )


class MixedHubTarget:
    """Members of both wires send anything; a bystander on each hears whole and true messages, and is served."""

    name = "mixed-hub"

    def packets(self) -> Sequence[bytes]:
        """All that clients of the modern wire say."""
        return sent_by_clients()

    def attack(self, stream: bytes, random: Random) -> None:
        """Deal the stream out to attackers of both wires, who come and go, while time passes."""
        hub = MemoryHub(ClientIds(_MOST_IDS))
        hub.tell(inputs.CommandHandled(HANDLED_COMMAND))
        hub.receive_data(hub.connect(), recorded_by_clients()[0])
        hub.join(hub.connect(), key(MODERN_BYSTANDER), messages.Profile(name="Bob"))
        bob = _ModernReader()
        attackers: list[int] = []
        for chunk in divided_at_random(stream, random):
            if not attackers or not random.randrange(8):
                attackers.append(self._come(hub, random))
            attacker = random.choice(attackers)
            hub.receive_data(attacker, chunk)
            if hub.links[attacker].is_dismissed or not random.randrange(20):
                hub.receive_eof(attacker)
                attackers.remove(attacker)
            self._let_time_pass(hub, random)
            bob.hear(hub.data_to_send(MODERN_BYSTANDER))
            self._check_heard_in_packets(hub)
        self._check_served(hub, bob)
        self._check_lines(hub)

    def _come(self, hub: MemoryHub, random: Random) -> int:
        attacker = hub.connect()
        if random.randrange(4):
            hub.join(attacker, key(random.randrange(2, 5)), messages.Profile(name=random.choice(("", NAME))))
        else:
            hub.receive_data(attacker, recorded_by_clients()[0])
        return attacker

    def _let_time_pass(self, hub: MemoryHub, random: Random) -> None:
        seconds = random.choice((0.0, 0.0, 0.001, 0.06, 14.0, 44.0))
        hub.now += seconds
        hub.wall += seconds
        due = hub.hub.next_due()
        if due is not None and hub.now >= due:
            hub.tell(inputs.AnnouncementsDue())
        if not random.randrange(3):
            hub.tell(inputs.Ticked(frozenset({CLASSIC_BYSTANDER, MODERN_BYSTANDER})))
        assert not hub.links[CLASSIC_BYSTANDER].is_dismissed
        assert not hub.links[MODERN_BYSTANDER].is_dismissed

    def _check_heard_in_packets(self, hub: MemoryHub) -> None:
        """What reaches the classic bystander is whole, and for him or for all."""
        heard = hub.data_to_send(CLASSIC_BYSTANDER)
        assert len(heard) % PACKET_SIZE == 0
        for packet in divided(heard):
            packet_type = type_of(packet)
            assert packet_type not in (0, PacketType.MY_CREDENTIALS, PacketType.CLOSE)
            if packet_type in (PacketType.MESSAGE, PacketType.FILE_START, PacketType.FILE_CHUNK, PacketType.FILE_END):
                layout = hub.registry.table.layout_of(packet_type)
                assert recipient_of(packet, layout) in (0, CLASSIC_BYSTANDER)
            assert packet_type != HANDLED_COMMAND or recipient_of(packet, Layout.DATA) == CLASSIC_BYSTANDER

    def _check_served(self, hub: MemoryHub, bob: "_ModernReader") -> None:
        """Whoever stays gets what is his: his own text comes back to him, and he knows who is here."""
        hub.tell(inputs.AnnouncementsDue())
        said = messages.Text(number=1 << 40, text="still here?")
        hub.receive_data(MODERN_BYSTANDER, encode_message(said, MODERN_BYSTANDER))
        bob.hear(hub.data_to_send(MODERN_BYSTANDER))
        assert bob.last == said
        assert bob.people == {person.id: person.name for person in hub.hub.people() if person.id != MODERN_BYSTANDER}

    def _check_lines(self, hub: MemoryHub) -> None:
        for line in hub.lines:
            assert len(line.text) <= _LONGEST_LINE
            assert not [one for one in line.text if unicodedata.category(one) in _UNSAFE_CATEGORIES]


class _ModernReader:
    """The bystander on the modern wire: what he knows from what he was told.

    Attributes:
        people: Names by ids, of the others.
        last: What he heard last.
    """

    def __init__(self) -> None:
        self._cutter = FrameCutter()
        self.people: dict[int, str] = {}
        self.last: Message | None = None

    def hear(self, data: bytes) -> None:
        """Everything is whole, is his to hear, and comes from somebody of whom he was told."""
        for frame in self._cutter.receive_data(data):
            assert frame.to in (0, MODERN_BYSTANDER)
            assert frame.type in (_FROM_MEMBERS | _FROM_HUB | _ABOUT_FILES)
            if frame.type in _FROM_MEMBERS | _ABOUT_FILES:
                assert frame.sender in (0, MODERN_BYSTANDER, *self.people)
            self.last = decode_message(frame)
            match self.last:
                case messages.People(people=people):
                    self.people |= {person.id: person.name for person in people}
                case messages.PeopleLeft(ids=ids):
                    for client_id in ids:
                        del self.people[client_id]
        assert self._cutter.unfinished == 0
