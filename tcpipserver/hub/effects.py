"""What the hub wants done: the effects of its brain, and the items that it tells people, the same for every dialect.

Owns the effect and item values. Must never hold behaviour. Pure: made by the brain, carried out by the dispatcher
thread; items become bytes in the dialects.
"""

from dataclasses import dataclass

from commonlib.classic.packet import Layout
from commonlib.identity import Fingerprint
from commonlib.meaning import Meaning
from commonlib.wire.greeting import Mark
from commonlib.wire.reasons import ClosingReason, RefusalReason
from commonlib.wire.way_messages import FilesAnswered, FilesCancelled, FilesOffered, WayOpened, WayRefused, WayWanted
from tcpipserver.hub.people import KnownKey, Person


@dataclass(frozen=True, slots=True)
class Greeting:
    """The first thing on every connection, in a classic packet whatever the newcomer speaks.

    Attributes:
        client_id: The newcomer's id; 0 where none is left that the classic wire has room for.
        address: His address as the hub sees it.
        ticks: The hub's clock.
        mark: What tells him that the modern wire is spoken here, too; None where it is not.
    """

    client_id: int
    address: str
    ticks: int
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Welcome:
    """The newcomer is taken in, under this id and name; `session` as in Person."""

    client_id: int
    name: str
    session: int


@dataclass(frozen=True, slots=True)
class RosterComplete:
    """All have been told of who were here when the newcomer was taken in."""


@dataclass(frozen=True, slots=True)
class ApprovalAwaited:
    """The operator has been asked about the newcomer."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The newcomer is not taken in.

    Attributes:
        text: The reason as a sentence, or what the operator wrote; "" is nothing.
        seconds: After so long another try has a chance; 0 where time changes nothing.
    """

    reason: RefusalReason
    text: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class PeopleDetails:
    """These people are here, or have changed."""

    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """All others who are here, in the order in which they registered: for one who has come, on the modern wire."""

    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class PersonRegistered:
    """This id is now registered."""

    client_id: int


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """This id has left."""

    client_id: int


@dataclass(frozen=True, slots=True)
class PeopleLeft:
    """These ids have left, told at once."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HubExiting:
    """The hub is going away."""


@dataclass(frozen=True, slots=True)
class Closing:
    """The connection is ended by the hub; `text` is what the operator wrote, or a sentence, or ""."""

    reason: ClosingReason
    text: str = ""


@dataclass(frozen=True, slots=True)
class Ping:
    """Are you there? With the hub's clock."""

    ticks: int


@dataclass(frozen=True, slots=True)
class Pong:
    """The answer to a ping, with the clock that came in it."""

    ticks: int


@dataclass(frozen=True, slots=True)
class Latencies:
    """How long these ids took to answer the hub last, in seconds, as far as it was measured."""

    latencies: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A whole text. `packets` and `number` are as in TextSaid."""

    sender: int
    recipient: int
    text: str
    numbers: tuple[int, int]
    packets: bytes
    number: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """The one with this id has received your text.

    Attributes:
        packets: His own classic packet, or nothing.
        number: That of the text, as its sender chose it.
    """

    sender: int
    packets: bytes
    recipient: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Packets:
    """Classic packets of one type, passed on from this sender.

    Attributes:
        recipient: 0 is everyone.
        file_name: As in PacketsSent.
    """

    sender: int
    layout: Layout
    packets: bytes
    recipient: int = 0
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A command with a payload, passed on from this sender; `recipient` 0 is everyone."""

    sender: int
    recipient: int
    number: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Files:
    """Something about files that pass between two members: from one of them, or from the hub."""

    sender: int
    recipient: int
    said: FilesOffered | FilesAnswered | FilesCancelled | WayWanted | WayOpened | WayRefused


Item = (
    Greeting
    | Welcome
    | RosterComplete
    | ApprovalAwaited
    | Refused
    | PeopleDetails
    | Roster
    | PersonRegistered
    | PersonLeft
    | PeopleLeft
    | HubExiting
    | Closing
    | Ping
    | Pong
    | Latencies
    | Text
    | Receipt
    | Packets
    | Command
    | Files
)
"""A dialect's encoder makes nothing of what its wire cannot say."""

ATTENDANCE = (Welcome, RosterComplete, PeopleDetails, Roster, PersonRegistered, PersonLeft, PeopleLeft)
"""The items that tell who is here."""


@dataclass(frozen=True, slots=True)
class Deliver:
    """Tell these connections an item.

    Attributes:
        paced: Connection of the one who sent it, to be held back while most of the recipients cannot keep up; None for
            what the hub itself tells, which never holds anybody back.
    """

    connections: tuple[int, ...]
    item: Item
    paced: int | None = None


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The newcomer behind a connection is a member now: his dialect may take what it takes of members."""

    connection: int


@dataclass(frozen=True, slots=True)
class Dismiss:
    """End a connection once what is due to it has gone out."""

    connection: int


@dataclass(frozen=True, slots=True)
class Record:
    """Write a line into the event log."""

    meaning: Meaning
    text: str


@dataclass(frozen=True, slots=True)
class HandleText:
    """Give a text for the operator to the handler on the server's side."""

    connection: int
    sender: Person
    text: str
    numbers: tuple[int, int]


@dataclass(frozen=True, slots=True)
class HandlePackets:
    """Give packets of one type to the handler on the server's side."""

    connection: int
    sender: Person
    packet_type: int
    layout: Layout
    packets: bytes


@dataclass(frozen=True, slots=True)
class HandleCommand:
    """Give a command with a payload to the handler on the server's side."""

    connection: int
    sender: Person
    number: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class WayEnd:
    """One end of a way between two members.

    Attributes:
        port: Where its owner listens; 0 where he does not.
        addresses: Of his machine, the one that the hub sees first.
    """

    connection: int
    person: Person
    port: int = 0
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenWay:
    """Both ends of a transfer want a way: make a token, let the relay expect it, and tell both.

    Attributes:
        transfer: Its name, 16 bytes.
        sender, receiver: Of the files.
    """

    transfer: bytes
    sender: WayEnd
    receiver: WayEnd


@dataclass(frozen=True, slots=True)
class EndWays:
    """Nothing more passes the hub from or to the owner of this key."""

    key: Fingerprint


@dataclass(frozen=True, slots=True)
class Remember:
    """Keep this about a key for the next start, in place of what was kept about it."""

    known: KnownKey


@dataclass(frozen=True, slots=True)
class Forget:
    """Keep nothing about a key."""

    key: Fingerprint


Effect = (
    Deliver
    | TakenIn
    | Dismiss
    | Record
    | HandleText
    | HandlePackets
    | HandleCommand
    | OpenWay
    | EndWays
    | Remember
    | Forget
)
