"""Messages about files that two clients pass between them: the offer, its answer, and the way for the bytes.

Owns their schema (docs/protocol.md, "M10. The way"). Must never carry a file's bytes: those go by a connection of their
own. Pure: any thread. Turned into bytes and back by messages.py.

FilesOffered, FilesAnswered and FilesCancelled pass from client to client, and the hub only writes in who sent them.
WayWanted does too, and the hub remembers it: when both ends want a way for one transfer, it tells both by WayOpened.
"""

from enum import IntEnum
from typing import Annotated

from msgspec import Meta

from commonlib.transfer.messages import MOST_OFFERS, MOST_SHOWN_NAMES, TopEntry, Totals
from commonlib.transfer.messages import Number as Count
from commonlib.wire.frames import FrameType
from commonlib.wire.schema import Id, Key, Message, Reason, Unsigned16

TRANSFER_SIZE = 16
"""Bytes of the name of a transfer: random, chosen by the sender of the files."""
TOKEN_SIZE = 32
MOST_ADDRESSES = 16
LONGEST_ADDRESS = 64

TransferId = Annotated[bytes, Meta(min_length=TRANSFER_SIZE, max_length=TRANSFER_SIZE)]
OfferNumber = Annotated[int, Meta(ge=0, lt=MOST_OFFERS)]
Address = Annotated[str, Meta(min_length=1, max_length=LONGEST_ADDRESS)]
Addresses = Annotated[tuple[Address, ...], Meta(max_length=MOST_ADDRESSES)]


class Role(IntEnum):
    """Which end of a transfer somebody is, whoever makes the connection."""

    SENDER = 1
    RECEIVER = 2

    @property
    def other(self) -> "Role":
        """The end that this one talks to."""
        return Role.RECEIVER if self is Role.SENDER else Role.SENDER


class FilesOffered(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The sender would like to send this; nothing of it has been sent.

    Attributes:
        transfer: Which transfer it belongs to; a further offer of a running transfer adds to it.
        offer: Its number in the transfer: 0, 1, 2 ...
        top: The first entries at the top, in the order of the manifest; a folder's size is that of its files.
        others: How many more stand there.
    """

    frame_type = FrameType.FILES_OFFERED
    transfer: TransferId
    offer: OfferNumber = 0
    totals: Totals
    top: Annotated[list[TopEntry], Meta(min_length=1, max_length=MOST_SHOWN_NAMES)]
    others: Count = 0


class FilesAnswered(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The receiver takes an offer, or does not; `why` is for the sender's user, "" for nothing."""

    frame_type = FrameType.FILES_ANSWERED
    transfer: TransferId
    offer: OfferNumber = 0
    accepted: bool
    why: Reason = ""


class FilesCancelled(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Either end gives up a whole transfer, or does not know it (any more)."""

    frame_type = FrameType.FILES_CANCELLED
    transfer: TransferId
    why: Reason = ""


class WayWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One end of a transfer is ready for a connection to the other, for as long as the hub says.

    Attributes:
        role: Which end the one who wants it is.
        port: Where he listens for it; 0 where he does not.
        addresses: Of his machine, besides the one that the hub sees.
    """

    frame_type = FrameType.WAY_WANTED
    transfer: TransferId
    role: Role
    port: Unsigned16 = 0
    addresses: Addresses = ()


class WayOpened(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Both ends want a way: the hub introduces them to each other.

    Attributes:
        role: Which end the one is who is told.
        peer: Id of the other end.
        peer_key: Fingerprint of his key.
        token: What both, and nobody else, can show for this way; once, and for 30 seconds.
        port: Where the other end listens; 0 where he does not.
        addresses: Where to try, the one that the hub sees first.
    """

    frame_type = FrameType.WAY_OPENED
    transfer: TransferId
    role: Role
    peer: Id
    peer_key: Key
    token: Annotated[bytes, Meta(min_length=TOKEN_SIZE, max_length=TOKEN_SIZE)]
    port: Unsigned16 = 0
    addresses: Addresses = ()


class WayRefused(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The hub opens no way for this transfer: the other end has gone, or has no key. `why` is a sentence."""

    frame_type = FrameType.WAY_REFUSED
    transfer: TransferId
    why: Reason = ""
