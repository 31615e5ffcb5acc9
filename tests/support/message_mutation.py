"""Bodies of frames, spoilt: what MessagePack allows and a schema does not, and what not even MessagePack allows.

Owns the ways of spoiling a body and one good frame of each kind to begin with. It must never depend on anything but the
random source it is given. Thread: the caller's own.
"""

from collections.abc import Callable, Sequence
from functools import cache
from random import Random

import msgspec

from commonlib.classic.packet import PACKET_SIZE
from commonlib.transfer.messages import EntryKind, TopEntry, Totals
from commonlib.wire.frames import Frame, encode_frame
from commonlib.wire.messages import (
    ApprovalAwaited,
    ClassicPackets,
    Closing,
    Command,
    FileBegan,
    Hello,
    JoinCodeAsked,
    JoinCodeConfirmed,
    JoinCodeTried,
    Latencies,
    LatenciesAsked,
    People,
    PeopleLeft,
    Person,
    Ping,
    Pong,
    Profile,
    Receipt,
    Refused,
    RosterComplete,
    Text,
    Welcome,
    encode_message,
)
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

NAME = "Zo\u00eb \u202etxt.exe\x1b[31m"
TRANSFER = bytes(range(16))
MESSAGES: tuple[Message, ...] = (
    Hello(version=1, key=bytes(91), proof=bytes(70), profile=Profile(name=NAME, computer="desk", status=3)),
    Welcome(own_id=70_000, version=(1, 2, 3), hub_name="hub", name=NAME, session=2),
    Refused(reason=6, text="no", seconds=30),
    JoinCodeAsked(exchange=bytes(33)),
    JoinCodeTried(exchange=bytes(33), confirmation=bytes(32)),
    JoinCodeConfirmed(confirmation=bytes(32)),
    ApprovalAwaited(),
    LatenciesAsked(ids=[2, 1]),
    Latencies(latencies=[(2, 812), (1, 0xFFFF_FFFF)]),
    Ping(clock=639_000_000_000_000_000),
    Pong(clock=-1),
    Closing(reason=3, text="go"),
    People(people=[Person(id=1, name=NAME, key=bytes(32), session=2), Person(id=2)]),
    PeopleLeft(ids=[1, 2, 0xFFFF_FFFF]),
    RosterComplete(),
    Profile(name=NAME, program="1.2.3", colour=0xFF, status_ticks=1),
    Text(number=1 << 62, text="\U0001f980" * 100, numbers=(-1, 1)),
    Receipt(number=0),
    Command(number=17, payload=bytes(300)),
    FileBegan(name=NAME, packet=bytes(PACKET_SIZE)),
    ClassicPackets(packets=bytes(2 * PACKET_SIZE)),
    FilesOffered(transfer=TRANSFER, totals=Totals(files=1, size=3), top=[TopEntry(EntryKind.FILE, NAME, 3)], others=1),
    FilesAnswered(transfer=TRANSFER, offer=1, accepted=True),
    FilesCancelled(transfer=TRANSFER, why=NAME),
    WayWanted(transfer=TRANSFER, role=Role.SENDER, port=9998, addresses=("192.0.2.7", NAME)),
    WayOpened(transfer=TRANSFER, role=Role.RECEIVER, peer=1, peer_key=bytes(32), token=bytes(32), addresses=("::1",)),
    WayRefused(transfer=TRANSFER, why=NAME),
)

WRONG_VALUES: tuple[object, ...] = (
    None,
    True,
    -1,
    0,
    (1 << 64) - 1,
    -(1 << 63),
    1.5,
    float("nan"),
    "",
    "x" * 1000,
    b"",
    bytes(1000),
    [],
    {},
    [1] * 11_000,
    {"a": {"b": []}},
    msgspec.msgpack.Ext(-1, bytes(4)),
)


@cache
def good_frames() -> Sequence[bytes]:
    """A whole frame of each kind, and one of a kind that nobody knows."""
    return (*map(encode_message, MESSAGES), encode_frame(Frame(999, 1, 2, b"\x80", 3)))


def spoilt_body(random: Random, body: bytes) -> bytes:
    """A body spoilt in one to three ways."""
    for _ in range(random.randint(1, 3)):
        body = random.choice(_MUTATIONS)(random, body)
    return body


def give_wrong_value(random: Random, body: bytes) -> bytes:
    """One field has a value that it must not have, or a name that nobody knows is there, too."""
    fields = _fields_of(body)
    fields[random.choice([*fields, "unknown"])] = random.choice(WRONG_VALUES)
    return msgspec.msgpack.encode(fields)


def repeat_name(random: Random, body: bytes) -> bytes:
    """One name stands twice, or very often."""
    fields = _fields_of(body)
    name = random.choice([*fields, "unknown"])
    again = msgspec.msgpack.encode(name) + msgspec.msgpack.encode(random.choice([fields.get(name), *WRONG_VALUES]))
    times = random.choice((1, 1, 50))
    pairs = b"".join(msgspec.msgpack.encode(part) for pair in fields.items() for part in pair)
    return b"\xdf" + (len(fields) + times).to_bytes(4) + pairs + again * times


def lose_field(random: Random, body: bytes) -> bytes:
    """One field is not there."""
    fields = _fields_of(body)
    if fields:
        del fields[random.choice(list(fields))]
    return msgspec.msgpack.encode(fields)


def nest_deeply(random: Random, body: bytes) -> bytes:
    """Lists or maps in one another, as the whole body or as a value that nobody asked for."""
    nested = random.choice((b"\x91", b"\x81\xa1a", b"\x91\x81\xc0")) * random.choice((10, 2000, 20_000)) + b"\xc0"
    return random.choice((nested, b"\x81\xa4name" + nested, b"\x81\xa7unknown" + nested, nested[:-1]))


def lie_about_length(random: Random, body: bytes) -> bytes:
    """A string, list or map claims to have up to four thousand million items."""
    lies = (b"\xdb\xff\xff\xff\xff", b"\xc6\xff\xff\xff\xff", b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff", b"\xc1")
    place = random.randint(0, len(body))
    return body[:place] + random.choice(lies) + body[place:]


def break_text(random: Random, body: bytes) -> bytes:
    """A string that is no UTF-8, half a surrogate pair among them."""
    text = random.choice((b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\x80"))
    return b"\x81\xa4" + random.choice((b"name", b"text")) + bytes((0xA0 + len(text),)) + text


def flip_bytes(random: Random, body: bytes) -> bytes:
    """Some bytes become others."""
    spoilt = bytearray(body)
    for _ in range(random.randint(1, 4) if spoilt else 0):
        spoilt[random.randrange(min(len(spoilt), 40))] = random.randrange(256)
    return bytes(spoilt)


def cut_off(random: Random, body: bytes) -> bytes:
    """The end is missing, or something follows it."""
    return random.choice((body[: random.randint(0, len(body))], body + random.randbytes(3)))


_MUTATIONS: tuple[Callable[[Random, bytes], bytes], ...] = (
    give_wrong_value,
    give_wrong_value,
    repeat_name,
    lose_field,
    nest_deeply,
    lie_about_length,
    break_text,
    flip_bytes,
    cut_off,
)


def _fields_of(body: bytes) -> dict[object, object]:
    """The map in a body; an empty one where there is none any more."""
    try:
        fields = msgspec.msgpack.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError, TypeError):
        return {}
    return fields if isinstance(fields, dict) else {}
