"""What frames of a client mean to the hub."""

import pytest

from commonlib.classic.file_layouts import FileChunkPacket, FileStartPacket
from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import Layout, PacketType, recipient_of
from commonlib.transfer.messages import EntryKind, TopEntry, Totals
from commonlib.wire import messages
from commonlib.wire.frames import LARGEST_BODY, LARGEST_EARLY_BODY, Frame, FrameError, FrameType, encode_frame
from commonlib.wire.messages import encode_message
from commonlib.wire.schema import Message
from commonlib.wire.way_messages import (
    TRANSFER_SIZE,
    FilesAnswered,
    FilesCancelled,
    FilesOffered,
    Role,
    WayOpened,
    WayRefused,
    WayWanted,
)
from tcpipserver.dialects.classic import LayoutRegistry
from tcpipserver.dialects.modern import ModernDialect, read_profile
from tcpipserver.hub import inputs
from tcpipserver.hub.limits import Limits
from tcpipserver.hub.people import Credentials, Details

ALICE, BOB, WIDE = 1, 2, 70_000
OWN = 100


def dialect() -> ModernDialect:
    return ModernDialect(ALICE, LayoutRegistry(), Limits())


def received(message: Message, to: int = 0) -> list[inputs.Input]:
    """What the hub hears of a message; its sender pretends to be somebody else."""
    alice = dialect()
    alice.take_in()
    return [
        happened for frame in alice.cut(encode_message(message, to, sender=99)) for happened in alice.receive(frame)
    ]


def start(to: int = 0, name: str = "a.txt") -> bytes:
    return FileStartPacket(PacketType.FILE_START, id_to=to, file_id=718, name=name).encode()


def chunk(to: int = 0, file_id: int = 718) -> bytes:
    return FileChunkPacket(PacketType.FILE_CHUNK, id_to=to, file_id=file_id, chunk_size=1010).encode()


PROFILE = messages.Profile(
    name="Ålice 爱丽丝",
    computer="vm",
    program="1.2",
    alternate_address="192.0.2.9",
    colour=0xFF,
    status=3,
    status_ticks=-4,
    listening_port=10_001,
)
PROFILE_READ = (
    Credentials("Ålice 爱丽丝", "vm", "1.2"),
    Details("192.0.2.9", colour=0xFF, status=3, listening_port=10_001, status_ticks=-4),
)


TRANSFER = bytes(TRANSFER_SIZE)
OFFERED = FilesOffered(transfer=TRANSFER, totals=Totals(files=1), top=[TopEntry(EntryKind.FILE, "a")])
ANSWERED = FilesAnswered(transfer=TRANSFER, accepted=True)
CANCELLED = FilesCancelled(transfer=TRANSFER, why="no room")
WANTED = WayWanted(transfer=TRANSFER, role=Role.SENDER, port=10_001, addresses=("192.0.2.1",))

UNDERSTOOD: list[tuple[Message, int, inputs.Input]] = [
    (
        messages.Text(number=7, text="hello 🙂", numbers=(1, -2)),
        BOB,
        inputs.TextSaid(ALICE, BOB, "hello 🙂", (1, -2), number=7),
    ),
    (messages.Text(number=0, text=""), 0, inputs.TextSaid(ALICE, 0, "")),
    (messages.Receipt(number=7), WIDE, inputs.TextReceived(ALICE, WIDE, number=7)),
    (messages.Command(number=OWN, payload=b"\x00\xff"), BOB, inputs.CommandSent(ALICE, BOB, OWN, b"\x00\xff")),
    (messages.Ping(clock=-5), 0, inputs.PingAsked(ALICE, -5)),
    (messages.Pong(clock=5), 0, inputs.PingAnswered(ALICE, 5)),
    (messages.LatenciesAsked(ids=[BOB, WIDE]), 0, inputs.LatenciesAsked(ALICE, (BOB, WIDE))),
    (PROFILE, 0, inputs.ProfileChanged(ALICE, *PROFILE_READ)),
    (messages.Closing(reason=1), 0, inputs.LeaveAnnounced(ALICE)),
    (OFFERED, BOB, inputs.FilesSaid(ALICE, BOB, OFFERED)),
    (ANSWERED, WIDE, inputs.FilesSaid(ALICE, WIDE, ANSWERED)),
    (CANCELLED, 0, inputs.FilesSaid(ALICE, 0, CANCELLED)),
    (WANTED, BOB, inputs.FilesSaid(ALICE, BOB, WANTED)),
]

REFUSED: list[Message] = [
    messages.Hello(version=1, key=b"k", proof=b"p"),
    messages.Welcome(own_id=1, version=(1, 0, 0)),
    messages.Refused(reason=1),
    messages.JoinCodeAsked(exchange=b"x"),
    messages.JoinCodeTried(exchange=b"x", confirmation=bytes(32)),
    messages.JoinCodeConfirmed(confirmation=bytes(32)),
    messages.ApprovalAwaited(),
    messages.People(people=[messages.Person(id=2, name="Mallory")]),
    messages.PeopleLeft(ids=[2]),
    messages.Latencies(latencies=[(2, 1)]),
    messages.RosterComplete(),
    WayOpened(transfer=TRANSFER, role=Role.SENDER, peer=1, peer_key=bytes(32), token=bytes(32)),
    WayRefused(transfer=TRANSFER),
]


@pytest.mark.parametrize(("message", "to", "happened"), UNDERSTOOD)
def test_messages_become_inputs(message: Message, to: int, happened: inputs.Input) -> None:
    """Each its own; who sent it is known by the connection, whatever the frame says."""
    assert received(message, to) == [happened]


def test_a_profile_is_read_in_a_hello_too() -> None:
    """Both halves of what others are told of somebody."""
    assert read_profile(PROFILE) == PROFILE_READ
    assert read_profile(messages.Profile()) == (Credentials(""), Details())


@pytest.mark.parametrize("message", REFUSED, ids=lambda message: type(message).__name__)
def test_what_only_a_hub_may_send_or_has_had_its_time_is_misbehaviour(message: Message) -> None:
    """Nobody can tell others who is here, nor arrive twice."""
    detail = f"it sent a frame of type {message.frame_type:d}, which is not for it to send"
    assert received(message) == [inputs.Misbehaved(ALICE, detail)]


def test_every_message_has_been_tried() -> None:
    """The two lists and the tests of packets leave none out."""
    tried = {message.frame_type for message, _, _ in UNDERSTOOD} | {message.frame_type for message in REFUSED}
    assert tried | {FrameType.CLASSIC_PACKETS, FrameType.FILE_BEGAN} == set(FrameType)


def test_a_frame_of_a_later_version_is_a_sign_of_life() -> None:
    """It asks nothing of this hub, and is no reason to end anything."""
    assert dialect().receive(Frame(60_000, 0, 0, b"whatever")) == [inputs.SignOfLife(ALICE)]


@pytest.mark.parametrize("body", [b"", b"\xc1", b"\x80", b"\x81\xa4text\xc4\x01\xff", b"\x91" * 5000])
def test_a_body_that_says_nothing_is_passed_over(body: bytes) -> None:
    """The connection goes on; the log tells of it."""
    assert dialect().receive(Frame(FrameType.TEXT, BOB, 0, body)) == [
        inputs.Misbehaved(ALICE, "the body of a frame of type 32 is not what it must be")
    ]


# Classic packets inside


def test_a_file_begins_with_its_name_in_full() -> None:
    """Beside the packet, which has room for 260 characters of one code page."""
    assert received(messages.FileBegan(name="файл.txt", packet=start(BOB)), BOB) == [
        inputs.PacketsSent(ALICE, PacketType.FILE_START, Layout.FILE_START, BOB, start(BOB), 718, file_name="файл.txt")
    ]


def test_nothing_but_a_files_beginning_is_one() -> None:
    """A name beside something else would be shown for what it is not."""
    assert received(messages.FileBegan(name="a", packet=chunk()), BOB) == [
        inputs.Misbehaved(ALICE, "it began a file with a packet of type 14")
    ]


def test_packets_are_for_whom_the_frame_is_for() -> None:
    """Whatever they say themselves, and they say it then, for one on the classic wire."""
    (happened,) = received(messages.ClassicPackets(packets=chunk(to=9) + chunk(to=8)), BOB)
    assert happened == inputs.PacketsSent(ALICE, PacketType.FILE_CHUNK, Layout.FILE_CHUNK, BOB, chunk(BOB) * 2, 718)


def test_an_id_without_room_in_a_packet_is_in_the_frame_alone() -> None:
    """Nobody on the classic wire has such an id."""
    (happened,) = received(messages.ClassicPackets(packets=chunk(to=9)), WIDE)
    assert happened == inputs.PacketsSent(ALICE, PacketType.FILE_CHUNK, Layout.FILE_CHUNK, WIDE, chunk(9), 718)
    (happened,) = received(messages.ClassicPackets(packets=DataPacket(OWN).encode()), WIDE)
    assert isinstance(happened, inputs.PacketsSent)
    assert recipient_of(happened.packets, Layout.DATA) == WIDE


def test_parts_of_two_files_in_one_frame_are_two_inputs() -> None:
    """The hub keeps files apart by their numbers."""
    told = received(messages.ClassicPackets(packets=chunk(BOB, 1) + chunk(BOB, 2)), BOB)
    assert [happened.file_id for happened in told if isinstance(happened, inputs.PacketsSent)] == [1, 2]


def test_packets_of_several_types_in_one_frame_are_misbehaviour() -> None:
    """One layout is not the other's."""
    told = received(messages.ClassicPackets(packets=chunk() + DataPacket(OWN).encode()), BOB)
    assert told == [inputs.Misbehaved(ALICE, "it sent packets of several types in one frame")]


@pytest.mark.parametrize("packet_type", range(13))
def test_what_the_modern_wire_says_itself_does_not_come_in_packets(packet_type: int) -> None:
    """Neither texts nor credentials nor what only a server may send."""
    told = received(messages.ClassicPackets(packets=bytes([packet_type]) + bytes(1023)), BOB)
    detail = f"it sent packets of type {packet_type} in a frame, which is only for files"
    assert told == [inputs.Misbehaved(ALICE, detail)]


@pytest.mark.parametrize("packet_type", [13, 14, 15, 16, 17, 65535])
def test_files_and_own_commands_come_in_packets(packet_type: int) -> None:
    """In the layout that is registered for them."""
    packets = packet_type.to_bytes(2, "little") + bytes(1022)
    (happened,) = received(messages.ClassicPackets(packets=packets), 0)
    assert isinstance(happened, inputs.PacketsSent)
    assert happened.packet_type == packet_type
    assert happened.layout is LayoutRegistry().table.layout_of(packet_type)


# Cutting


def test_frames_may_come_in_pieces() -> None:
    """Whatever is cut where."""
    alice, text = dialect(), encode_message(messages.Text(number=1, text="hello"), BOB)
    cut = [frame for offset in range(len(text)) for frame in alice.cut(text[offset : offset + 1])]
    assert [alice.receive(frame) for frame in cut] == [[inputs.TextSaid(ALICE, BOB, "hello", number=1)]]


@pytest.mark.parametrize(
    ("is_taken_in", "size", "is_cut"),
    [
        (False, LARGEST_EARLY_BODY, True),
        (False, LARGEST_EARLY_BODY + 1, False),
        (True, LARGEST_BODY, True),
    ],
)
def test_long_frames_are_for_those_who_are_taken_in(is_taken_in: bool, size: int, is_cut: bool) -> None:
    """Nobody's memory is spent on one who is still arriving."""
    alice = dialect()
    if is_taken_in:
        alice.take_in()
    frame = encode_frame(Frame(60_000, 0, 0, bytes(size)))
    if is_cut:
        assert len(alice.cut(frame)) == 1
    else:
        with pytest.raises(FrameError):
            alice.cut(frame[:16])
