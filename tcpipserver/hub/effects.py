"""What the hub wants done: the effects of its brain, and the items that it tells people, the same for every dialect.

Owns the effect and item values. Must never hold behaviour. Pure: made by the brain, carried out by the dispatcher
thread; items become bytes in the dialects.
"""

from dataclasses import dataclass

from commonlib.classic.packet import Layout
from commonlib.meaning import Meaning
from tcpipserver.hub.people import Person


@dataclass(frozen=True, slots=True)
class Greeting:
    """The first thing on every connection: the newcomer's id, his address as the hub sees it, the hub's clock."""

    client_id: int
    address: str
    ticks: int


@dataclass(frozen=True, slots=True)
class PeopleDetails:
    """These people are here, or have changed."""

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
class HubExiting:
    """The hub is going away."""


@dataclass(frozen=True, slots=True)
class Ping:
    """Are you there? With the hub's clock."""

    ticks: int


@dataclass(frozen=True, slots=True)
class Text:
    """A whole text. `packets` is as in TextSaid."""

    sender: int
    recipient: int
    text: str
    numbers: tuple[int, int]
    packets: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """The one with this id has received your text. `packets` holds his own classic packet, or nothing."""

    sender: int
    packets: bytes


@dataclass(frozen=True, slots=True)
class Packets:
    """Classic packets of one layout, passed on from this sender."""

    sender: int
    layout: Layout
    packets: bytes


Item = Greeting | PeopleDetails | PersonRegistered | PersonLeft | HubExiting | Ping | Text | Receipt | Packets


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


Effect = Deliver | Dismiss | Record | HandleText | HandlePackets
