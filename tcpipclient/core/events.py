"""What happened: the events that a client tells its user, whatever wire it speaks.

Owns the event values. Must never hold behaviour. Pure: made by the core and by the dispatcher thread, on which handlers
get them.

Names, texts and file names are what peers chose, untouched: whoever shows them passes them through
`commonlib.printable.printable`. `reason` is always a whole sentence fit to be shown. Moments are Unix seconds.
"""

from enum import StrEnum
from pathlib import PurePath
from typing import TYPE_CHECKING, Union

from commonlib.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    # Events are loaded before the window is drawn, the wire after that.
    from commonlib.classic.layouts import BigStringPacket, DataPacket
    from tcpipclient.core.batch_events import BatchEvent


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the hub, as the roster has him (docs/protocol.md, CLIENTDATA).

    Attributes:
        id: From 1; names one connection to the hub, not a person for ever.
        computer: Name of the computer.
        address: IP address as the hub sees it; alternate_address is one that he gave himself.
        version: Of his program; empty where he told none (originals pass none on).
        colour: 0x00BBGGRR.
        status: A number of his program's, 0 to 65535.
        status_since: Since when the status holds, Unix seconds; None where he did not say.
        listening_port: Where he accepts direct connections; 9998 unless set.
        key: Fingerprint of his key, 32 bytes: who he is, proved to the hub. None where he is on the classic wire: in
            the clear, and nobody proved anything.
        session: How many-th connection of his key this is, from 1.
    """

    id: int
    name: str
    computer: str = ""
    address: str = ""
    alternate_address: str = ""
    version: str = ""
    colour: int = 0
    status: int = 0
    status_since: float | None = None
    listening_port: int = 9998
    key: bytes | None = None
    session: int = 1

    @property
    def is_encrypted(self) -> bool:
        """Whether what passes between him and the hub is encrypted. Between us and the hub: see Registered."""
        return self.key is not None


@dataclass(frozen=True, slots=True)
class Registered:
    """The hub has taken us in; at this moment `people` is everybody else who is there.

    Attributes:
        version: The hub's: major, minor, build.
        hub_key: Fingerprint of the hub's key, 32 bytes; None where the connection is not encrypted.
        hub_name: Empty where the operator gave none, and on the classic wire.
        name: Under which others see us: the hub may have remembered or shortened it. Empty where it did not say.
        session: How many-th connection of our key this is, from 1.
    """

    own_id: int
    version: tuple[int, int, int]
    people: tuple[Person, ...]
    hub_key: bytes | None = None
    hub_name: str = ""
    name: str = ""
    session: int = 1

    @property
    def is_encrypted(self) -> bool:
        """Whether what passes between us and the hub is encrypted."""
        return self.hub_key is not None


@dataclass(frozen=True, slots=True)
class PersonJoined:
    """Somebody came after us."""

    person: Person


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """Something about somebody is different now."""

    person: Person
    before: Person


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """Somebody is gone."""

    person: Person


@dataclass(frozen=True, slots=True)
class TextArrived:
    """A whole text for us.

    Attributes:
        sender: His id; 0 is the hub's operator.
        sender_name: Empty where the id is in no roster.
        numbers: The two numbers that were sent with it, signed 32 bits.
    """

    sender: int
    sender_name: str
    text: str
    numbers: tuple[int, int]


@dataclass(frozen=True, slots=True)
class TextDelivered:
    """A recipient's program has one of our texts whole; 0 is the hub.

    On the classic wire receipts carry no number: each is taken for the oldest text of ours that this recipient has not
    confirmed. On an original hub an original recipient's receipt goes to everybody, so one for somebody else's text may
    be counted.

    Attributes:
        text: Number of the text, as `SentText.number`.
    """

    text: int
    recipient: int


@dataclass(frozen=True, slots=True)
class TextNotDelivered:
    """No receipt will come for one of our texts; it may have arrived all the same."""

    text: int
    recipient: int
    reason: str


@dataclass(frozen=True, slots=True)
class CommandArrived:
    """A packet of somebody's own number, 17 to 65535, in the layout that `on_command` gave it (else DATA).

    Attributes:
        sender: Id of the sender; our own where the hub passes to everyone what we sent to id 0.
    """

    number: int
    sender: int
    packet: "DataPacket | BigStringPacket"


@dataclass(frozen=True, slots=True)
class PayloadArrived:
    """A command of somebody's own number, 17 to 65535, with any payload: from the modern wire."""

    number: int
    sender: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class LatencyMeasured:
    """The hub answered, so many seconds after it was asked: while nothing else came, or by `Client.ask_latencies`."""

    seconds: float


@dataclass(frozen=True, slots=True)
class LatenciesTold:
    """How long others took to answer the hub last, as it measured it, after `Client.ask_latencies`.

    Attributes:
        seconds_of: By id; who was not measured yet is not in it.
    """

    seconds_of: "Mapping[int, float]"


@dataclass(frozen=True, slots=True)
class HubTrusted:
    """A hub that was not known at its address is trusted from now on, before anything is told to it.

    Comes before Registered, and on the thread that connects.

    Attributes:
        key: Fingerprint of its key, 32 bytes.
    """

    host: str
    port: int
    key: bytes


@dataclass(frozen=True, slots=True)
class ApprovalAwaited:
    """The hub's operator has been asked whether we may come in; connecting goes on when he has answered.

    Comes before Registered, and on the thread that connects.
    """


@dataclass(frozen=True, slots=True)
class ClockDiffered:
    """The hub's clock is ahead of ours by so many seconds (negative: behind), more than 15 minutes. Told once."""

    seconds: float


@dataclass(frozen=True, slots=True)
class PacketIgnored:
    """Something came that the protocol does not allow here; it changed nothing. `detail` is for a log."""

    detail: str


@dataclass(frozen=True, slots=True)
class HubExited:
    """The hub says that it is going away; ConnectionLost follows."""


class Loss(StrEnum):
    """Why a connection has ended without our asking."""

    CLOSED = "closed"
    """The hub closed it, or the network lost it."""
    HUB_EXITED = "hub exited"
    KICKED = "kicked"
    """The operator sent us away; we may come back."""
    BANNED = "banned"
    """The operator keeps us out from now on."""
    SILENT = "silent"
    """Nothing came for too long: from the hub, or as the hub says from us."""
    NOT_UNDERSTOOD = "not understood"
    """What one side sent cannot be read by the other."""
    NOT_A_HUB = "not a hub"
    """What answered does not speak this protocol."""
    NOT_READING = "not reading"
    """The hub does not take what we send."""
    DEFECT = "defect"
    """A defect of ours; the log has it."""


@dataclass(frozen=True, slots=True)
class ConnectionLost:
    """The connection has ended without our asking; the last event of a connection."""

    loss: Loss
    reason: str


class Direction(StrEnum):
    """Which way a file goes."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


@dataclass(frozen=True, slots=True)
class FileOffered:
    """Somebody sends us a file. Its bytes are already coming: this wire cannot make a sender wait.

    Attributes:
        transfer: Number of the transfer, for `accept_file`, `decline_file` and the events below; counts on over
            incoming and outgoing ones.
        name: What the file will be called if no other has the name: safe, and the one to show in a question.
        sent_name: What the sender calls it.
        size: Bytes announced.
        sender_key: Fingerprint of the sender's key, 32 bytes; None where he is on the classic wire.
    """

    transfer: int
    sender: int
    sender_name: str
    name: str
    sent_name: str
    size: int
    sender_key: bytes | None = None


@dataclass(frozen=True, slots=True)
class FileProgressed:
    """So many bytes of a file have come or gone by now; told from time to time, not for every packet."""

    transfer: int
    direction: Direction
    peer: int
    name: str
    done: int
    size: int


@dataclass(frozen=True, slots=True)
class FileSaved:
    """A file is whole, was accepted, and has its name; its sender is told now.

    Attributes:
        path: Where it is; `pathlib.Path(path)` opens it.
    """

    transfer: int
    sender: int
    sender_name: str
    name: str
    size: int
    path: PurePath


@dataclass(frozen=True, slots=True)
class FileNotSaved:
    """A file was not kept, and nothing of it is left.

    Attributes:
        declined: True where we did not want it, by the user's answer or by a setting.
    """

    transfer: int
    sender: int
    sender_name: str
    name: str
    reason: str
    declined: bool = False


@dataclass(frozen=True, slots=True)
class FileSent:
    """The recipient says that he has saved a file of ours."""

    transfer: int
    recipient: int
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class FileNotSent:
    """A file of ours was not sent, or nobody said that it was saved.

    Attributes:
        timed_out: True where everything went out and the recipient did not answer for a minute: he may still be asked
            whether he wants it. A late answer is a FileSent all the same.
        cancelled: True where we did not want it any more.
    """

    transfer: int
    recipient: int
    name: str
    reason: str
    timed_out: bool = False
    cancelled: bool = False


Event = Union[
    Registered,
    PersonJoined,
    PersonChanged,
    PersonLeft,
    TextArrived,
    TextDelivered,
    TextNotDelivered,
    CommandArrived,
    PayloadArrived,
    LatencyMeasured,
    LatenciesTold,
    HubTrusted,
    ApprovalAwaited,
    ClockDiffered,
    PacketIgnored,
    HubExited,
    ConnectionLost,
    FileOffered,
    FileProgressed,
    FileSaved,
    FileNotSaved,
    FileSent,
    FileNotSent,
    "BatchEvent",
]
"""Whatever a handler may be told."""
