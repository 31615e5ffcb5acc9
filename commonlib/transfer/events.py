"""What the two machines of a transfer tell their shells.

Owns the events. Must never hold a rule. Pure: any thread. Views in them are valid until the shell reuses the memory
that it gave to `receive_data`.
"""

from msgspec import Struct

from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import Entry, Offer, Outcome, Place


class Source(Struct, frozen=True):
    """An entry that the sender's shell lists, and whatever the shell needs to find it again when it is asked for."""

    entry: Entry
    origin: object


class OfferMade(Struct, frozen=True):
    """To the receiver: answer with accept or decline. What it shows is hostile: see `manifest.shown_paths`."""

    offer: Offer


class OfferAccepted(Struct, frozen=True):
    """To the sender: the manifest is due."""

    offer: int


class OfferDeclined(Struct, frozen=True):
    """To the sender; `why` is the receiver's text, untouched."""

    offer: int
    why: str


class OfferCancelled(Struct, frozen=True):
    """To either: the other end has given up the offer; `why` is its text, untouched."""

    offer: int
    why: str


class OfferEnded(Struct, frozen=True):
    """To both: every entry of the offer is settled. Ask the machine for its state and tally."""

    offer: int


class EntriesListed(Struct, frozen=True):
    """To the receiver: look what is there of these, and want or settle each of them."""

    entries: list[Listed]


class FileBegan(Struct, frozen=True, gc=False):
    """To the receiver: bytes of the entry follow from `offset` on; what its part has behind that is not good."""

    entry: int
    offset: int


class FileDataArrived(Struct, frozen=True, gc=False):
    """To the receiver: the next bytes of the entry that began last."""

    entry: int
    data: memoryview


class FileVerified(Struct, frozen=True, gc=False):
    """To the receiver: the entry is whole and its hash the sender's. Give it its name, then settle it."""

    entry: int


class FilesArrived(Struct, frozen=True, gc=False):
    """To the receiver: files that came whole, each in one piece, verified: began, data and verified in one.

    One event for all that came behind one another, as a small file has little time. Save each, and settle those that
    got their own names together.

    Attributes:
        files: Entries and their bytes.
    """

    files: list[tuple[int, memoryview]]


class FileDamaged(Struct, frozen=True, gc=False):
    """To the receiver: the hash differs. The entry was asked for again, from its beginning."""

    entry: int


class FileFailed(Struct, frozen=True):
    """To the receiver: the entry will not come, and is settled; `why` may be the sender's words, untouched."""

    entry: int
    place: Place
    why: str


class EntriesSettled(Struct, frozen=True):
    """To the sender: what has become of these entries. After VERIFIED another outcome follows."""

    offer: int
    outcome: Outcome
    place: Place
    why: str
    sources: list[Source]


class Progressed(Struct, frozen=True, gc=False):
    """To the sender: so many bytes of files have come on this connection."""

    received: int


class PeerPaused(Struct, frozen=True, gc=False):
    """To either: the other end wants no data to flow."""


class PeerResumed(Struct, frozen=True, gc=False):
    """To either: the other end does not mind any more."""


class PeerSilent(Struct, frozen=True, gc=False):
    """To either: nothing came for too long. Give up the connection and find another way."""


class ConnectionLost(Struct, frozen=True, gc=False):
    """To either: the connection ended before everything was said. Find another way, and offer the same again."""


class PeerFinished(Struct, frozen=True, gc=False):
    """To either: everything offered is settled and both ends have said so; the connection may be closed."""


SendingEvent = (
    OfferAccepted
    | OfferDeclined
    | OfferCancelled
    | OfferEnded
    | EntriesSettled
    | Progressed
    | PeerPaused
    | PeerResumed
    | PeerSilent
    | ConnectionLost
    | PeerFinished
)
ReceivingEvent = (
    OfferMade
    | OfferCancelled
    | OfferEnded
    | EntriesListed
    | FileBegan
    | FileDataArrived
    | FileVerified
    | FilesArrived
    | FileDamaged
    | FileFailed
    | PeerPaused
    | PeerResumed
    | PeerSilent
    | ConnectionLost
    | PeerFinished
)
