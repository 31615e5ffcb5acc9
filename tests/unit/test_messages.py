"""Messages: what is written is read again, and nothing but the documented errors comes out of a hostile body."""

import msgspec
import pytest

from commonlib.exceptions import FieldError
from commonlib.transfer.messages import EntryKind, TopEntry, Totals
from commonlib.wire import messages
from commonlib.wire.frames import Frame, FrameCutter, FrameType
from commonlib.wire.messages import MessageError, UnknownFrameError, decode_message, encode_message
from commonlib.wire.schema import Message
from commonlib.wire.way_messages import (
    FilesAnswered,
    FilesCancelled,
    FilesOffered,
    Role,
    WayOpened,
    WayRefused,
    WayWanted,
)

KEY = bytes(range(32))
EVERY_KIND: list[Message] = [
    messages.Hello(version=1, key=b"k", proof=b"p", profile=messages.Profile(name="Zoë 🎈", colour=0xFFFFFFFF)),
    messages.Welcome(own_id=70_000, version=(1, 2, 3), hub_name="Hub", name="Zoë", session=2),
    messages.Refused(reason=3, text="no", seconds=9),
    messages.JoinCodeAsked(exchange=b"e"),
    messages.JoinCodeTried(exchange=b"e", confirmation=KEY),
    messages.JoinCodeConfirmed(confirmation=KEY),
    messages.ApprovalAwaited(),
    messages.LatenciesAsked(ids=[1, 0xFFFFFFFF]),
    messages.Latencies(latencies=[(1, 0), (0xFFFFFFFF, 0xFFFFFFFF)]),
    messages.Ping(clock=-5),
    messages.Pong(clock=1 << 60),
    messages.Closing(reason=3, text="späm"),
    messages.People(people=[messages.Person(id=1, name="Ann", key=KEY, session=2), messages.Person(id=2)]),
    messages.PeopleLeft(ids=[1, 0xFFFFFFFF]),
    messages.RosterComplete(),
    messages.Profile(name="n", computer="c", status=65_535, status_ticks=-1, listening_port=0),
    messages.Text(number=(1 << 63) - 1, text="line\nnext\0 🎈", numbers=(-(1 << 31), (1 << 31) - 1)),
    messages.Receipt(number=0),
    messages.Command(number=17, payload=b"\0\xff"),
    messages.FileBegan(name="naïve 🎈.txt", packet=bytes(1024)),
    messages.ClassicPackets(packets=bytes(2048)),
    FilesOffered(
        transfer=bytes(16),
        offer=1,
        totals=Totals(files=3, folders=1, size=1 << 50),
        top=[TopEntry(EntryKind.FOLDER, "Fotos 🎈", 5), TopEntry(EntryKind.FILE, "a", 0)],
        others=7,
    ),
    FilesAnswered(transfer=bytes(16), accepted=False, why="no room"),
    FilesCancelled(transfer=bytes(16), why="changed my mind"),
    WayWanted(transfer=bytes(16), role=Role.SENDER, port=9998, addresses=("192.168.0.2", "fe80::1")),
    WayOpened(transfer=bytes(16), role=Role.RECEIVER, peer=3, peer_key=KEY, token=KEY, port=1, addresses=("::1",)),
    WayRefused(transfer=bytes(16), why="gone"),
]


def only_frame(data: bytes) -> Frame:
    """The one frame in these bytes."""
    (frame,) = FrameCutter().receive_data(data)
    return frame


@pytest.mark.parametrize("message", EVERY_KIND, ids=lambda message: type(message).__name__)
def test_what_is_written_is_read_again(message: Message) -> None:
    """Every kind comes back as it was, with its addresses in the header."""
    frame = only_frame(encode_message(message, to=7, sender=9))
    assert (frame.to, frame.sender, frame.type) == (7, 9, message.frame_type)
    assert decode_message(frame) == message


def test_every_number_of_a_frame_has_a_message() -> None:
    """No kind is left without a schema."""
    assert {message.frame_type for message in EVERY_KIND} == set(FrameType)


def body(**fields: object) -> bytes:
    """A map as a body, whether the schema would have it or not."""
    return msgspec.msgpack.encode(fields)


NESTED = b"\x83\xa6number\x01\xa4text\xa1a\xa1x" + b"\x91" * 200_000 + b"\x01"


@pytest.mark.parametrize(
    ("kind", "hostile"),
    [
        (FrameType.TEXT, b""),
        (FrameType.TEXT, b"\xc1"),
        (FrameType.TEXT, b"\x82\xa6number\x01\xa4text\xa2\xff\xfe"),
        (FrameType.TEXT, NESTED),
        (FrameType.TEXT, body(number=-1, text="")),
        (FrameType.TEXT, body(number=1 << 63, text="")),
        (FrameType.TEXT, body(number="1", text="")),
        (FrameType.TEXT, body(number=1, text="", numbers=[1 << 31, 0])),
        (FrameType.TEXT, body(text="")),
        (FrameType.TEXT, body(number=1, text="whole") + b"\0"),
        (FrameType.TEXT, body(number=1, text="whole")[:-1]),
        (FrameType.HELLO, body(version=1, key=b"k", proof=b"p", profile={"name": "n" * 65})),
        (FrameType.HELLO, body(version=1, key=b"k" * 513, proof=b"p")),
        (FrameType.PEOPLE, body(people=[{"id": 0}])),
        (FrameType.PEOPLE, body(people=[{"id": 1, "key": b"short"}])),
        (FrameType.PEOPLE, body(people=[{"id": 1}] * 501)),
        (FrameType.COMMAND, body(number=16)),
        (FrameType.COMMAND, body(number=True)),
        (FrameType.CLASSIC_PACKETS, b""),
        (FrameType.CLASSIC_PACKETS, bytes(1025)),
    ],
)
def test_a_body_that_is_not_what_it_must_be_is_told_by_one_error(kind: FrameType, hostile: bytes) -> None:
    """Whatever the library raises becomes MessageError, and the peer's bytes are not in its text."""
    with pytest.raises(MessageError) as caught:
        decode_message(Frame(kind, 0, 0, hostile))
    assert "whole" not in str(caught.value)


def test_a_name_that_stands_twice_counts_as_its_last() -> None:
    """Documented, so that both ends read the same."""
    twice = b"\x83\xa6number\x01\xa4text\xa1a\xa6number\x02"
    assert decode_message(Frame(FrameType.TEXT, 0, 0, twice)) == messages.Text(number=2, text="a")


def test_what_a_newer_version_adds_is_passed_over() -> None:
    """Fields that are not known do no harm, and an unknown kind is told apart from a spoilt one."""
    newer = body(number=1, text="a", mood={"deep": [1, 2]})
    assert decode_message(Frame(FrameType.TEXT, 0, 0, newer)) == messages.Text(number=1, text="a")
    with pytest.raises(UnknownFrameError):
        decode_message(Frame(999, 0, 0, b"anything"))


def test_what_does_not_fit_into_a_frame_is_refused_before_it_is_sent() -> None:
    """Too many bytes, and half of a surrogate pair, which some systems put into names of files."""
    with pytest.raises(FieldError):
        encode_message(messages.Text(number=1, text="x" * (1 << 20)))
    with pytest.raises(FieldError):
        encode_message(messages.Text(number=1, text="\ud800"))
