"""What the book of batches wants done: orders to the shell, which carries them out in their order.

Owns the orders. Must never hold a rule. Pure: any thread.
"""

from enum import Enum
from pathlib import PurePath

from commonlib.values import dataclass
from commonlib.wire.way_messages import FilesAnswered, FilesCancelled, FilesOffered, Role, WayOpened
from tcpipclient.core.batch_events import BatchEvent, BatchOffered
from tcpipclient.core.events import PacketIgnored
from tcpipclient.core.transfers.pump_news import AgreedOffer


@dataclass(frozen=True, slots=True)
class Scan:
    """Look through what is to be sent, and say so by `scanned` or `scan_failed`."""

    number: int
    offer: int
    paths: tuple[PurePath, ...]
    links: bool


@dataclass(frozen=True, slots=True)
class Say:
    """Send a message to somebody by the hub."""

    to: int
    message: FilesOffered | FilesAnswered | FilesCancelled


@dataclass(frozen=True, slots=True)
class WantWay:
    """Tell somebody, and the hub, that we are ready for a connection to him, and where we listen."""

    to: int
    transfer: bytes
    role: Role


@dataclass(frozen=True, slots=True)
class Listen:
    """The user has accepted something: others may connect to us from now on. Comes again and again."""


@dataclass(frozen=True, slots=True)
class OpenWay:
    """Make a connection, and say so by `link_stands` or `way_failed`."""

    opened: WayOpened


@dataclass(frozen=True, slots=True)
class GiveUpWay:
    """Stop making connections for a transfer; nothing is told of it."""

    transfer: bytes


@dataclass(frozen=True, slots=True)
class DropLink:
    """Close a connection that stands and is not used."""

    token: bytes


@dataclass(frozen=True, slots=True)
class StartPump:
    """Move the bytes of a batch over the link of this token; what happens is told with the same pump's number.

    Attributes:
        pump: Counts the pumps of the batch from 1.
        offers: At the sender: which of its offers, in this order.
        agreed: At the receiver: to what its user has agreed, in this order.
        paused: Whether no data is to flow yet.
    """

    number: int
    pump: int
    token: bytes
    role: Role
    offers: tuple[int, ...] = ()
    agreed: tuple[AgreedOffer, ...] = ()
    paused: bool = False


class Verb(Enum):
    """What a pump is told."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    LEAVE = "leave"
    FINISH = "finish"


@dataclass(frozen=True, slots=True)
class TellPump:
    """Tell the pump of a batch something; `why` is for the other end's user."""

    number: int
    pump: int
    verb: Verb
    why: str = ""


@dataclass(frozen=True, slots=True)
class AddToPump:
    """Have the pump of a batch offer this, too, or agree to it."""

    number: int
    pump: int
    offer: int
    agreed: AgreedOffer | None = None


@dataclass(frozen=True, slots=True)
class Consider:
    """Look what is there of an offer, tell of it, and answer it where a rule does.

    Attributes:
        offered: What is known without looking.
        size, entries: Bytes of the whole batch with it, and its files, folders and links: by them a rule has to judge.
    """

    offered: BatchOffered
    size: int
    entries: int


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell the user's handlers."""

    event: BatchEvent | PacketIgnored


@dataclass(frozen=True, slots=True)
class Forget:
    """Nothing will be asked of this batch any more."""

    number: int


Order = (
    Scan
    | Say
    | WantWay
    | Listen
    | OpenWay
    | GiveUpWay
    | DropLink
    | StartPump
    | TellPump
    | AddToPump
    | Consider
    | Tell
    | Forget
)
"""Whatever a shell may be told to do."""
