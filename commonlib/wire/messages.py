"""Messages: what the bodies of frames say, declared field by field (docs/protocol.md, "The modern wire").

Owns the schema of every message, and the one step from bytes to values and back. Must never let an error of the
library's out, nor believe more than the schema does: what a field means is for whoever receives it. Pure: any thread.

A body is a MessagePack map from names to values. Names that are not known are passed over, missing ones have their
defaults, and of a name that stands twice the last one counts. The kind of a message is the number in its frame.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from commonlib.exceptions import FieldError, ProtocolError
from commonlib.wire.frames import HUB, LARGEST_BODY, Frame, FrameType, encode_frame
from commonlib.wire.schema import Id, Key, Message, Name, Number, Reason, Signed32, Ticks, Unsigned16, Unsigned32
from commonlib.wire.way_messages import FilesAnswered, FilesCancelled, FilesOffered, WayOpened, WayRefused, WayWanted

LONGEST_FILE_NAME = 255
LARGEST_TEXT = LARGEST_BODY - 1024
"""Bytes of a text in UTF-8: it fits into one frame with all that belongs to it."""
LARGEST_PAYLOAD = LARGEST_BODY - 1024
MOST_PEOPLE = 500
"""People in one frame of the roster."""
MOST_IDS = 10_000
MOST_LATENCIES = 500
"""People whose latencies are asked for, or told, in one frame."""
LONGEST_LATENCY = 0xFFFF_FFFF
"""Microseconds."""


class MessageError(ProtocolError):
    """A body does not say what its kind must say; the frame is passed over, the connection goes on."""


class UnknownFrameError(MessageError):
    """A kind that is not known here: from a newer version, and no reason to end anything."""


# M5. The arrival


class Profile(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What a client says about itself, in Hello and whenever it changes; all of it is decoration.

    Attributes:
        colour: 0x00BBGGRR.
        status: A number of the clients' own; since status_ticks, in ticks, 0 for no word about it.
        listening_port: Where it would take direct connections.
    """

    frame_type = FrameType.PROFILE
    name: Name = ""
    computer: Name = ""
    program: Name = ""
    alternate_address: Name = ""
    colour: Unsigned32 = 0
    status: Unsigned16 = 0
    status_ticks: Ticks = 0
    listening_port: Unsigned16 = 9998


class Hello(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The client's first message: which key is his, the proof, and what he says about himself.

    Attributes:
        version: The newest version that the client speaks.
        key: His public key as a SubjectPublicKeyInfo in DER.
        proof: His signature (docs/protocol.md, "M4. The proof").
    """

    frame_type = FrameType.HELLO
    version: Annotated[int, Meta(ge=1, le=0xFFFF)]
    key: Annotated[bytes, Meta(min_length=1, max_length=512)]
    proof: Annotated[bytes, Meta(min_length=1, max_length=256)]
    profile: Profile = Profile()


class Welcome(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The client is taken in; the roster follows.

    Attributes:
        own_id: What the hub calls him from now on.
        version: The hub's program: major, minor, build.
        hub_name: Empty where the operator gave none.
        name: Under which others see him: the hub may have remembered or shortened it.
        session: How many-th connection of his key this is, from 1.
    """

    frame_type = FrameType.WELCOME
    own_id: Id
    version: tuple[Unsigned32, Unsigned32, Unsigned32]
    hub_name: Name = ""
    name: Name = ""
    session: Annotated[int, Meta(ge=1, le=0xFFFF)] = 1


class Refused(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The client is not taken in, and the connection ends.

    Attributes:
        reason: A RefusalReason, or a number from a newer version.
        text: The reason as a sentence, or what the operator wrote; "" for nothing.
        seconds: After so long another try has a chance; 0 where time changes nothing.
    """

    frame_type = FrameType.REFUSED
    reason: Unsigned16
    text: Reason = ""
    seconds: Unsigned32 = 0


class JoinCodeAsked(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The hub asks a new key for the join code, and begins the exchange."""

    frame_type = FrameType.JOIN_CODE_ASKED
    exchange: Annotated[bytes, Meta(min_length=1, max_length=128)]


class JoinCodeTried(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The client's part of the exchange; `confirmation` shows that it knows the code, and tells nothing else."""

    frame_type = FrameType.JOIN_CODE_TRIED
    exchange: Annotated[bytes, Meta(min_length=1, max_length=128)]
    confirmation: Key


class JoinCodeConfirmed(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The hub shows that it knows the code, too."""

    frame_type = FrameType.JOIN_CODE_CONFIRMED
    confirmation: Key


class ApprovalAwaited(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The operator has been asked about this key; Welcome or Refused follows when he has decided."""

    frame_type = FrameType.APPROVAL_AWAITED


# M6. Who is here


class Person(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One client as the hub tells of it. Not a frame of its own: see People.

    Attributes:
        address: IP address as the hub sees it.
        key: Fingerprint of his key; None where he is on the classic wire: in the clear, and nobody proved anything.
        session: How many-th connection of his key this is, from 1.
    """

    id: Id
    name: Name = ""
    computer: Name = ""
    program: Name = ""
    address: Name = ""
    alternate_address: Name = ""
    colour: Unsigned32 = 0
    status: Unsigned16 = 0
    status_ticks: Ticks = 0
    listening_port: Unsigned16 = 9998
    key: Key | None = None
    session: Annotated[int, Meta(ge=1, le=0xFFFF)] = 1


class People(Message, frozen=True, kw_only=True, omit_defaults=True):
    """These people are here, or something about them is different now."""

    frame_type = FrameType.PEOPLE
    people: Annotated[list[Person], Meta(max_length=MOST_PEOPLE)]


class PeopleLeft(Message, frozen=True, kw_only=True, omit_defaults=True):
    """These ids are gone."""

    frame_type = FrameType.PEOPLE_LEFT
    ids: Annotated[list[Id], Meta(max_length=MOST_IDS)]


class RosterComplete(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Everybody who was here when the client was taken in has been told of."""

    frame_type = FrameType.ROSTER_COMPLETE


class LatenciesAsked(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The client wants to know how long these take to answer the hub, once."""

    frame_type = FrameType.LATENCIES_ASKED
    ids: Annotated[list[Id], Meta(max_length=MOST_LATENCIES)]


class Latencies(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to LatenciesAsked: id and microseconds of each who has been measured."""

    frame_type = FrameType.LATENCIES
    latencies: Annotated[list[tuple[Id, Unsigned32]], Meta(max_length=MOST_LATENCIES)]


class Ping(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Are you there? `clock` is the sender's UTC clock in ticks."""

    frame_type = FrameType.PING
    clock: Ticks


class Pong(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Yes; with the clock of the ping that it answers."""

    frame_type = FrameType.PONG
    clock: Ticks


class Closing(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The sender ends the connection.

    Attributes:
        reason: A ClosingReason, or a number from a newer version.
        text: What the operator wrote, or a sentence; "" for nothing.
    """

    frame_type = FrameType.CLOSING
    reason: Unsigned16
    text: Reason = ""


# M7. Talk and commands


class Text(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A whole text.

    Attributes:
        number: Chosen by its sender, for the receipt; 0 where he cannot be told which text is meant.
        numbers: The two numbers beside the text.
    """

    frame_type = FrameType.TEXT
    number: Number
    text: str
    numbers: tuple[Signed32, Signed32] = (0, 0)


class Receipt(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The sender of this frame has the text with this number."""

    frame_type = FrameType.RECEIPT
    number: Number


class Command(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A command of somebody's own, 17 to 65535, with any payload."""

    frame_type = FrameType.COMMAND
    number: Annotated[int, Meta(ge=17, le=0xFFFF)]
    payload: Annotated[bytes, Meta(max_length=LARGEST_PAYLOAD)] = b""


class FileBegan(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A FileStart packet of the classic wire, with the file's name in full."""

    frame_type = FrameType.FILE_BEGAN
    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_FILE_NAME)]
    packet: Annotated[bytes, Meta(min_length=1024, max_length=1024)]


class ClassicPackets(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Packets of the classic wire, all of one type for one recipient; the only body that is no map.

    Attributes:
        packets: A multiple of 1024 bytes, at least one packet.
    """

    frame_type = FrameType.CLASSIC_PACKETS
    packets: bytes


_ENCODER = msgspec.msgpack.Encoder()
_IN_MAPS = (
    Hello,
    Welcome,
    Refused,
    JoinCodeAsked,
    JoinCodeTried,
    JoinCodeConfirmed,
    ApprovalAwaited,
    People,
    PeopleLeft,
    RosterComplete,
    Profile,
    LatenciesAsked,
    Latencies,
    Ping,
    Pong,
    Closing,
    Text,
    Receipt,
    Command,
    FileBegan,
    FilesOffered,
    FilesAnswered,
    FilesCancelled,
    WayWanted,
    WayOpened,
    WayRefused,
)
_KINDS: dict[int, type[Message]] = {kind.frame_type: kind for kind in _IN_MAPS}
# Each is made with the first message of its kind: making all takes as long as proving a key, and a command gets few.
_DECODERS: dict[int, msgspec.msgpack.Decoder[Message]] = {}
_PACKET_SIZE = 1024


def encode_message(message: Message, to: int = HUB, sender: int = HUB) -> bytes:
    """A message as a whole frame.

    Raises:
        FieldError: It does not fit into a frame.
    """
    body = message.packets if isinstance(message, ClassicPackets) else _encode(message)
    if len(body) > LARGEST_BODY:
        raise FieldError(type(message).__name__, f"it takes {len(body)} bytes, and {LARGEST_BODY} is the most")
    return encode_frame(Frame(message.frame_type, to, sender, body))


def decode_message(frame: Frame) -> Message:
    """What a frame says.

    Raises:
        UnknownFrameError: Its kind is not known here.
        MessageError: Its body is not what its kind must be.
    """
    if frame.type == FrameType.CLASSIC_PACKETS:
        if not frame.body or len(frame.body) % _PACKET_SIZE:
            raise MessageError(f"classic packets came in {len(frame.body)} bytes, which is no multiple of their size")
        return ClassicPackets(packets=frame.body)
    decoder = _DECODERS.get(frame.type) or _maybe_decoder(frame.type)
    if decoder is None:
        raise UnknownFrameError(f"frames of type {frame.type} are not known here")
    try:
        return decoder.decode(frame.body)
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError):
        # The library's words may hold what the peer chose, so they are not passed on.
        raise MessageError(f"the body of a frame of type {frame.type} is not what it must be") from None


def _maybe_decoder(frame_type: int) -> msgspec.msgpack.Decoder[Message] | None:
    kind = _KINDS.get(frame_type)
    return None if kind is None else _DECODERS.setdefault(frame_type, msgspec.msgpack.Decoder(kind))


def _encode(message: Message) -> bytes:
    try:
        return _ENCODER.encode(message)
    except (msgspec.MsgspecError, ValueError, OverflowError) as error:
        # Half of a surrogate pair, for instance: some systems give such names to files.
        raise FieldError(type(message).__name__, str(error)) from None
