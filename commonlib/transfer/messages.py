"""Messages of a transfer: all that is said besides the bytes of files, declared field by field.

Owns the schema and the one step from bytes to values and back (docs/protocol.md, "M9. Files"). Must never let an error
of the library's out, nor believe more than the schema does: whether an entry exists or a number fits is for the
machines. Pure: any thread.
"""

from enum import IntEnum
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta, Struct

from commonlib.exceptions import FieldError
from commonlib.transfer.stream import DIGEST_SIZE, HEADER, LARGEST_MESSAGE, LONGEST_WHY, TransferError, TransferType

LONGEST_NAME = 255
"""Characters of one name in the manifest."""
LONGEST_TARGET = 1024
"""Characters of the target of a link."""
MOST_DEPTH = 100
"""Folders above an entry."""
MOST_SHOWN_NAMES = 64
"""Names that an offer shows before anybody has agreed to anything."""
MOST_LISTED = 1024
"""Entries in one frame of the manifest."""
MOST_ITEMS = 1024
"""Items in one frame of Wanted or Settled."""
MOST_MARKS = 8
"""Points of a part that are asked about."""
WINDOW = 8192
"""Entries that may be listed and not done with: what either end remembers of a transfer."""
MOST_OFFERS = 200
"""Offers on one connection: what they show is remembered until it ends."""
MOST_TRIES = 3
"""How often one file is asked for on one connection."""

LARGEST_NUMBER = (1 << 63) - 1
Number = Annotated[int, Meta(ge=0, le=LARGEST_NUMBER)]
Count = Annotated[int, Meta(ge=1, le=LARGEST_NUMBER)]
Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
Why = Annotated[str, Meta(max_length=LONGEST_WHY)]
Digest = Annotated[bytes, Meta(min_length=DIGEST_SIZE, max_length=DIGEST_SIZE)]


class EntryKind(IntEnum):
    """What an entry of a manifest is."""

    FILE = 0
    FOLDER = 1
    LINK = 2


class Outcome(IntEnum):
    """What has become of an entry at the receiver."""

    VERIFIED = 1
    """All bytes came and their hash is the sender's; the file does not have its name yet. All others are final."""
    SAVED = 2
    UNCHANGED = 3
    """It was there already."""
    SKIPPED = 4
    """The receiver's choice."""
    FAILED = 5
    KEPT = 6
    """The same transfer has saved it on a connection before this one, and it is there; it counts as saved."""

    @property
    def shown(self) -> "Outcome":
        """As it is told to people: on which of its connections a transfer has saved something is no matter."""
        return Outcome.SAVED if self is Outcome.KEPT else self


class Place(IntEnum):
    """Where an entry failed."""

    NOWHERE = 0
    SENDER = 1
    RECEIVER = 2
    WAY = 3
    """It arrived with another hash than it left with, again and again."""


class Message(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all messages.

    Attributes:
        type: The number of its kind.
    """

    type: ClassVar[TransferType]


class Totals(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How much an offer is: the manifest never holds more. `size` is in bytes."""

    files: Number = 0
    folders: Number = 0
    links: Number = 0
    size: Number = 0

    @property
    def entries(self) -> int:
        """Files, folders and links together."""
        return self.files + self.folders + self.links


class TopEntry(Struct, frozen=True, array_like=True):
    """An entry that stands at the top of the manifest, as the prompt shows it; a folder's size is that of its files."""

    kind: EntryKind
    name: Name
    size: Number = 0


class Offer(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The sender would like to send this.

    Attributes:
        offer: Its number: 0, 1, 2 ... on this connection.
        top: The first entries at the top, in the order of the manifest.
        others: How many more stand there.
    """

    type = TransferType.OFFER
    offer: Number
    totals: Totals
    top: Annotated[list[TopEntry], Meta(min_length=1, max_length=MOST_SHOWN_NAMES)]
    others: Number = 0


class Accept(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The receiver wants the manifest of this offer."""

    type = TransferType.ACCEPT
    offer: Number


class Decline(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The receiver does not want this offer."""

    type = TransferType.DECLINE
    offer: Number
    why: Why = ""


class Entry(Struct, frozen=True, array_like=True, gc=False):
    """One line of the manifest; a list on the wire. The lines are a tree, a folder before what is in it.

    Attributes:
        depth: How many folders it is in; they are the last ones listed with a smaller depth.
        name: One component.
        size: Bytes of a file, 0 of anything else.
        modified_ns: When it was last modified, in nanoseconds since 1970 UTC; 0 for no word about it.
        mode: Permissions as POSIX has them, the lowest nine bits; 0 for no word about it.
        target: Of a link, with `/` between components.
    """

    depth: Annotated[int, Meta(ge=0, le=MOST_DEPTH)]
    kind: EntryKind
    name: Name
    size: Number = 0
    modified_ns: Number = 0
    mode: Annotated[int, Meta(ge=0, le=0o777)] = 0
    target: Annotated[str, Meta(max_length=LONGEST_TARGET)] = ""


class Manifest(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The next entries of an accepted offer.

    Attributes:
        first: The number of the first of them; entries are counted from 0 through all offers of the connection.
        last: Whether the offer has no more.
    """

    type = TransferType.MANIFEST
    offer: Number
    first: Number
    entries: Annotated[list[Entry], Meta(max_length=MOST_LISTED)]
    last: bool = False


class More(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The receiver is done with so many entries: as many more may be listed."""

    type = TransferType.MORE
    entries: Count


class Mark(Struct, frozen=True, array_like=True, gc=False):
    """The receiver has the first `offset` bytes of a file, and this is their BLAKE3."""

    offset: Count
    digest: Digest


class Want(Struct, frozen=True, array_like=True):
    """The receiver asks for files: `count` of them from entry `first` on, or one of which it has a part."""

    first: Number
    count: Count = 1
    marks: Annotated[list[Mark], Meta(max_length=MOST_MARKS)] = []


class Wanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The receiver asks for files, in this order, behind those that it asked for before."""

    type = TransferType.WANTED
    items: Annotated[list[Want], Meta(min_length=1, max_length=MOST_ITEMS)]


class SettledRun(Struct, frozen=True, array_like=True, gc=False):
    """The same has become of `count` entries from `first` on."""

    first: Number
    count: Count
    outcome: Outcome
    place: Place = Place.NOWHERE
    why: Why = ""


class Settled(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What has become of entries."""

    type = TransferType.SETTLED
    items: Annotated[list[SettledRun], Meta(min_length=1, max_length=MOST_ITEMS)]


class Pause(Message, frozen=True, kw_only=True, omit_defaults=True):
    """No data until its sender says Resume."""

    type = TransferType.PAUSE


class Resume(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The end of a Pause."""

    type = TransferType.RESUME


class Cancel(Message, frozen=True, kw_only=True, omit_defaults=True):
    """An offer is given up, with all of it that is not settled."""

    type = TransferType.CANCEL
    offer: Number
    why: Why = ""


class Progress(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Bytes of files that have come on this connection."""

    type = TransferType.PROGRESS
    received: Number


class Ping(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A sign of life from an end that had nothing else to say."""

    type = TransferType.PING


class End(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The sender has nothing more to offer and every entry is settled; the receiver's End answers it."""

    type = TransferType.END


_ENCODER = msgspec.msgpack.Encoder()
_KINDS: dict[int, type[Message]] = {
    kind.type: kind
    for kind in (Offer, Accept, Decline, Manifest, More, Wanted, Settled, Pause, Resume, Cancel, Progress, Ping, End)
}
# Each is made with the first message of its kind: a sender gets a few of them, and a receiver the others.
_DECODERS: dict[int, msgspec.msgpack.Decoder[Message]] = {}


def encode_message(message: Message) -> bytes:
    """A message as a whole frame.

    Raises:
        FieldError: A text in it cannot be sent, or it is too long for a frame.
    """
    try:
        body = _ENCODER.encode(message)
    except (msgspec.MsgspecError, ValueError, OverflowError) as error:
        raise FieldError(message.__class__.__name__, str(error)) from None
    if len(body) > LARGEST_MESSAGE:
        raise FieldError(message.__class__.__name__, f"it takes {len(body)} bytes, and {LARGEST_MESSAGE} is the most")
    return HEADER.pack(len(body), message.type, 0, 0) + body


def maybe_message(frame_type: int, body: bytes) -> Message | None:
    """What a frame says; None where its kind is not known here.

    Raises:
        TransferError: The body is not what its kind must be.
    """
    decoder = _DECODERS.get(frame_type) or _maybe_decoder(frame_type)
    if decoder is None:
        return None
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError):
        # The library's words may hold what the peer chose, so they are not passed on.
        raise TransferError(f"the body of a message of type {frame_type} is not what it must be") from None


def _maybe_decoder(frame_type: int) -> msgspec.msgpack.Decoder[Message] | None:
    kind = _KINDS.get(frame_type)
    return None if kind is None else _DECODERS.setdefault(frame_type, msgspec.msgpack.Decoder(kind))
